-- Accounting: months, of the sessions that are over, of the recordings that are kept.

-- Whether the server has a zone of that name. It takes abbreviations, too, and what it can take apart as an offset; to look through all names
-- takes a fifth of a second, so only those are looked for that might be such a thing.
create or replace function b3lb.zone_is_known(p_zone text) returns boolean language plpgsql stable as $$
begin
	perform now() at time zone p_zone;
	return p_zone = 'UTC' or p_zone !~ '[0-9]' and not exists (select 1 from pg_timezone_abbrevs a where a.abbrev = upper(p_zone))
		or exists (select 1 from pg_timezone_names z where z.name = p_zone);
exception when invalid_parameter_value then
	return false;
end
$$;

create or replace function b3lb.month_of(p_at timestamptz, p_zone text) returns date language sql stable parallel safe as $$
	select date_trunc('month', p_at at time zone p_zone)::date
$$;

-- Moves sessions that are over into their months, each once, whoever runs it and dies when; then the peaks of this month, from the
-- statistics that rollup() has just written. A session belongs to the month in which it began. p_days: for how long sessions are kept;
-- 0: not at all. p_names: with their names. Returns how many sessions were counted.
create or replace function b3lb.count_usage(p_zone text, p_days int, p_names boolean) returns bigint language plpgsql as $$
declare
	v_sessions bigint;
begin
	perform pg_advisory_xact_lock(4742350);
	with moved as (
		update b3lb.usage_session set counted = true, name = case when p_names then name else '' end
		where not counted returning *),
	summed as (
		insert into b3lb.usage_month as u (month, tenant, sub_id, meetings, meeting_seconds, attendee_seconds)
		select b3lb.month_of(started_at, p_zone), tenant, sub_id, count(*),
			round(sum(extract(epoch from ended_at - started_at)))::bigint, sum(attendee_seconds)
		from moved group by 1, 2, 3
		on conflict (month, tenant, sub_id) do update set meetings = u.meetings + excluded.meetings,
			meeting_seconds = u.meeting_seconds + excluded.meeting_seconds,
			attendee_seconds = u.attendee_seconds + excluded.attendee_seconds)
	select count(*) into v_sessions from moved;
	insert into b3lb.usage_month as u (month, tenant, sub_id, peak_meetings, peak_attendees)
	select b3lb.month_of(now(), p_zone), t.slug, case when grouping(s.sub_id) = 1 then -1 else s.sub_id end,
		sum(x.meetings), sum(x.attendees)
	from b3lb.stats x join b3lb.secret s on s.id = x.secret_id join b3lb.tenant t on t.id = s.tenant_id
	group by grouping sets ((t.slug), (t.slug, s.sub_id)) having sum(x.meetings) > 0
	on conflict (month, tenant, sub_id) do update set peak_meetings = greatest(u.peak_meetings, excluded.peak_meetings),
		peak_attendees = greatest(u.peak_attendees, excluded.peak_attendees)
	where u.peak_meetings < excluded.peak_meetings or u.peak_attendees < excluded.peak_attendees;
	delete from b3lb.usage_session where ctid = any (array(
		select x.ctid from b3lb.usage_session x where x.started_at < now() - p_days * interval '1 day' and x.counted
		order by x.started_at limit 10000));
	return v_sessions;
end
$$;

-- Bytes that a recording takes in the store.
create or replace function b3lb.stored_bytes(r b3lb.record_set) returns numeric language sql stable as $$
	select coalesce(r.archive_size, 0)
		+ coalesce((select sum(x.size) from b3lb.record x where x.record_set_id = r.id), 0)
		+ coalesce((select sum(x.size) from b3lb.text_track x where x.record_set_id = r.id), 0)
$$;

-- Once a day: what is stored, and recordings that became ready since the last time, each once. Days on which nobody ran it count as
-- today is; a month of them at most: more were not missed, a clock was wrong. False: this day is counted.
create or replace function b3lb.count_stored(p_zone text) returns boolean language plpgsql as $$
declare
	v_day date := (now() at time zone p_zone)::date;
	-- Transactions of a moment ago may not be seen yet.
	v_until timestamptz := now() - interval '10 minutes';
	v b3lb.usage_stored;
begin
	perform pg_advisory_xact_lock(4742350);
	select * into v from b3lb.usage_stored;
	if v.day between v_day and v_day + 1 then
		return false;
	end if;
	-- Of a clock that was set back since.
	if v.day > v_day then
		update b3lb.usage_stored set day = v_day, ready_until = least(ready_until, v_until);
		return false;
	end if;
	insert into b3lb.usage_month as u (month, tenant, sub_id, recordings, recording_bytes, stored_byte_days)
	select y.month, t.slug, s.sub_id, sum(y.recordings), sum(y.added), sum(y.stored)
	from (select b3lb.month_of(r.rendered_at, p_zone) as month, r.secret_id, 1 as recordings, b3lb.stored_bytes(r) as added, 0 as stored
		from b3lb.record_set r
		where r.rendered_at > v.ready_until and r.rendered_at <= v_until and r.status <> 'DELETING'
		union all
		select b3lb.month_of(now(), p_zone), r.secret_id, 0, 0, b3lb.stored_bytes(r) * least(coalesce(v_day - v.day, 1), 31)
		from b3lb.record_set r where r.archive_key is not null or r.rendered_at is not null) y
	join b3lb.secret s on s.id = y.secret_id join b3lb.tenant t on t.id = s.tenant_id
	group by y.month, t.slug, s.sub_id
	on conflict (month, tenant, sub_id) do update set recordings = u.recordings + excluded.recordings,
		recording_bytes = u.recording_bytes + excluded.recording_bytes, stored_byte_days = u.stored_byte_days + excluded.stored_byte_days;
	delete from b3lb.usage_stored;
	insert into b3lb.usage_stored (day, ready_until) values (v_day, v_until);
	return true;
end
$$;
