-- What follows the end of a meeting, whoever saw it first: the API, the node's own callback, or a poll.

-- Percent-encoding of everything but RFC 3986 unreserved.
create or replace function b3lb.url_encode(p_text text) returns text language sql immutable parallel safe as $$
	select coalesce(string_agg(case when chr(b) ~ '^[A-Za-z0-9._~-]$' and b < 128 then chr(b)
		else '%' || upper(lpad(to_hex(b), 2, '0')) end, '' order by i), '')
	from (select i, get_byte(convert_to(p_text, 'UTF8'), i) as b
		from generate_series(0, octet_length(convert_to(p_text, 'UTF8')) - 1) i) bytes
$$;

-- Puts a URL of the client into the outbox; what is no http URL is never called.
create or replace function b3lb.queue_callback(p_secret int, p_kind text, p_url text, p_body text) returns void
language plpgsql as $$
begin
	insert into b3lb.callback (secret_id, kind, url, body)
	select p_secret, p_kind, p_url, p_body
	where p_url ~* '^https?://[^\s\u0001-\u001f\u007f]+$' and length(p_url) <= 8000;
end
$$;

-- The client hears of the end, once: whoever takes tell_at away puts its URLs into the outbox.
create or replace function b3lb.tell_client(p_nonce text, p_marks boolean) returns void language plpgsql as $$
declare
	e b3lb.ended_meeting;
	v_url text;
begin
	update b3lb.ended_meeting set tell_at = null where nonce = p_nonce and tell_at is not null returning * into e;
	if e.nonce is null then
		return;
	end if;
	v_url := split_part(e.own_params ->> 'meta_endcallbackurl', '#', 1);
	perform b3lb.queue_callback(e.secret_id, 'end', v_url || case when position('?' in v_url) > 0 then '&' else '?' end
		|| 'recordingmarks=' || p_marks::text || '&meetingID=' || b3lb.url_encode(e.meeting_id), '');
	perform b3lb.queue_callback(e.secret_id, 'ended', e.own_params ->> 'meetingEndedURL', '');
end
$$;

-- Attendees times seconds of its session until then. A clock that was set back takes nothing away.
create or replace function b3lb.attendee_seconds(m b3lb.meeting, p_until timestamptz) returns double precision
language sql immutable parallel safe as $$
	select m.attendee_seconds + coalesce(m.attendees * greatest(0, extract(epoch from p_until - m.counted_at)::double precision), 0)
$$;

-- Until when a session that is over now was there for its people: on a node that is offline until a minute after its last word.
create or replace function b3lb.used_until(p_node int, p_started timestamptz) returns timestamptz language plpgsql stable as $$
begin
	return (select greatest(p_started, case when n.online then clock_timestamp()
		else least(clock_timestamp(), n.good_at + interval '1 minute') end) from b3lb.node n where n.id = p_node);
end
$$;

-- Writes down what a session has used that is over, once: whoever takes the session off its meeting's row calls it in that transaction.
create or replace function b3lb.count_session(m b3lb.meeting, p_node int, p_name text, p_peak int, p_seconds double precision,
	p_until timestamptz, p_recorded boolean) returns void language plpgsql as $$
begin
	insert into b3lb.usage_session (tenant, sub_id, meeting_id, internal_id, name, node, started_at, ended_at, peak,
		attendee_seconds, recorded)
	select t.slug, s.sub_id, m.meeting_id, m.internal_id, p_name, n.slug, m.confirmed_at, p_until, p_peak, round(p_seconds), p_recorded
	from b3lb.secret s join b3lb.tenant t on t.id = s.tenant_id cross join b3lb.node n
	where s.id = m.secret_id and n.id = p_node;
end
$$;

-- Call it in the transaction that deleted the row. p_marks null: the node has not said whether recording was started; its own
-- callback is waited for, a minute at most.
create or replace function b3lb.meeting_ended(m b3lb.meeting, p_marks boolean) returns void language plpgsql as $$
declare
	v_until timestamptz := b3lb.used_until(m.node_id, m.confirmed_at);
begin
	perform b3lb.mark_changed(m.secret_id);
	if not m.confirmed then
		return;
	end if;
	perform b3lb.count_session(m, m.node_id, m.name, m.peak, b3lb.attendee_seconds(m, v_until), v_until,
		m.record_set_id is not null);
	if m.record_set_id is not null then
		update b3lb.record_set set ended_at = now(), marks = coalesce(p_marks or marks, p_marks, marks) where id = m.record_set_id;
	end if;
	perform b3lb.count_event(m.secret_id, 'duration', greatest(0, extract(epoch from now() - m.confirmed_at)));
	perform b3lb.learn_attendance(m);
	insert into b3lb.ended_meeting (nonce, secret_id, node_id, meeting_id, node_meeting_id, internal_id, record_set_id, own_params,
		tell_at)
	values (m.nonce, m.secret_id, m.node_id, m.meeting_id, m.node_meeting_id, m.internal_id, m.record_set_id, m.own_params,
		case when m.own_params ?| array['meta_endcallbackurl', 'meetingEndedURL'] then now() + interval '1 minute' end)
	on conflict (nonce) do nothing;
	if p_marks is not null then
		perform b3lb.tell_client(m.nonce, p_marks);
	end if;
end
$$;

-- A meeting leaves the mapping with its node: nobody will hear of it again. One that was being placed anew goes back first.
create or replace function b3lb.forget_meeting(m b3lb.meeting) returns void language plpgsql as $$
begin
	if not m.confirmed then
		perform b3lb.take_back(m);
		perform b3lb.release_node(m);
		return;
	end if;
	delete from b3lb.meeting where id = m.id;
	perform b3lb.release_node(m);
	perform b3lb.meeting_ended(m, null);
end
$$;

-- What no poll of a node sees: creates that nobody finished are taken back after five minutes, wherever they were placed; meetings
-- of a node that has been offline for p_lost are over; record sets that no session came to use go. Returns how many meetings were
-- lost.
create or replace function b3lb.tidy_meetings(p_lost interval) returns bigint language plpgsql as $$
declare
	m b3lb.meeting;
	v_lost bigint := 0;
begin
	for m in
		select x.* from b3lb.meeting x
		where not x.confirmed and x.created_at < clock_timestamp() - interval '5 minutes' for update skip locked
	loop
		perform b3lb.forget_meeting(m);
	end loop;
	for m in
		select x.* from b3lb.meeting x join b3lb.node n on n.id = x.node_id
		where x.confirmed and not n.online and coalesce(n.good_at, n.created_at) < clock_timestamp() - p_lost
			and x.confirmed_at < clock_timestamp() - p_lost
		for update of x skip locked
	loop
		perform b3lb.forget_meeting(m);
		v_lost := v_lost + 1;
	end loop;
	delete from b3lb.record_set r
	where r.status = 'WAITING' and r.record_id is null and r.created_at < now() - interval '1 hour'
		and not exists (select 1 from b3lb.meeting x where x.record_set_id = r.id or x.was_record_set_id = r.id);
	return v_lost;
end
$$;

-- The session that a meeting had on a node that is offline, while it is placed anew: its people and peak were kept when that began.
create or replace function b3lb.count_old_session(m b3lb.meeting) returns void language plpgsql as $$
begin
	if m.was_node_id is not null then
		perform b3lb.count_session(m, m.was_node_id, coalesce(m.was_name, m.name), coalesce(m.was_peak, 0), m.attendee_seconds,
			b3lb.used_until(m.was_node_id, m.confirmed_at), m.was_record_set_id is not null);
	end if;
end
$$;

-- False when there is no such node. What it has not said about meetings that ended it will not say any more: their clients are
-- told now, since the rows go with the node. p_force: its meetings are over.
create or replace function b3lb.remove_node(p_slug text, p_force boolean default false) returns boolean language plpgsql as $$
declare
	m b3lb.meeting;
begin
	if p_force then
		for m in
			select x.* from b3lb.meeting x join b3lb.node n on n.id = x.node_id where n.slug = p_slug for update of x
		loop
			perform b3lb.forget_meeting(m);
		end loop;
		-- Where they are being placed anew they stay, and have no way back.
		perform b3lb.count_old_session(x) from b3lb.meeting x join b3lb.node n on n.id = x.was_node_id where n.slug = p_slug;
		update b3lb.meeting x
		set was_node_id = null, was_node_meeting_id = null, was_nonce = null, was_record_set_id = null, was_own_params = null,
			was_name = null, was_peak = null
		from b3lb.node n where n.slug = p_slug and x.was_node_id = n.id;
		-- One that went back to this node by forget_meeting.
		for m in
			select x.* from b3lb.meeting x join b3lb.node n on n.id = x.node_id where n.slug = p_slug for update of x
		loop
			perform b3lb.forget_meeting(m);
		end loop;
	end if;
	perform b3lb.tell_client(e.nonce, coalesce(r.marks, false))
	from b3lb.node n
	join b3lb.ended_meeting e on e.node_id = n.id and e.tell_at is not null
	left join b3lb.record_set r on r.id = e.record_set_id
	where n.slug = p_slug;
	delete from b3lb.node where slug = p_slug;
	return found;
end
$$;

-- The session on a node that is offline, of a meeting that is placed anew, is over for us; that node's own words about it are still
-- understood.
create or replace function b3lb.old_session_ended(m b3lb.meeting) returns void language plpgsql as $$
begin
	-- Asked beforehand: with a null PostgreSQL plans a statement anew each time, which is most of what a create would cost here.
	if m.was_nonce is not null then
		insert into b3lb.ended_meeting (nonce, secret_id, node_id, meeting_id, node_meeting_id, internal_id, record_set_id,
			own_params)
		values (m.was_nonce, m.secret_id, m.was_node_id, m.meeting_id, m.was_node_meeting_id, m.internal_id, m.was_record_set_id,
			coalesce(m.was_own_params, m.own_params))
		on conflict (nonce) do nothing;
	end if;
	if m.was_record_set_id is not null then
		update b3lb.record_set set ended_at = now() where id = m.was_record_set_id;
	end if;
	perform b3lb.count_old_session(m);
end
$$;

-- The node's callback: 'ended' when it was the first to say so, 'known' when that is old news, 'unknown' for a nonce of nobody.
-- Each session has a nonce of its own: a node tries for nine minutes (doc/bbb-api, 3.8), and the meeting may run again meanwhile.
-- p_marks null: it has not said whether recording was started, another callback of it will.
create or replace function b3lb.callback_end(p_nonce text, p_node_meeting_id text, p_marks boolean) returns text
language plpgsql as $$
declare
	m b3lb.meeting;
	v_set bigint;
begin
	-- A create that is confirming meanwhile is waited for, and then seen. next_nonce: the node has begun a session, and whoever asked
	-- for it did not live to write that down.
	select * into m from b3lb.meeting x
	where (x.nonce = p_nonce or x.next_nonce = p_nonce) and (p_node_meeting_id is null or x.node_meeting_id = p_node_meeting_id)
	for update;
	if m.id is not null then
		perform b3lb.release_node(m);
		if m.confirmed then
			delete from b3lb.meeting where id = m.id;
			-- By the name that the node has for it: more may come under that.
			m.nonce := p_nonce;
			perform b3lb.meeting_ended(m, p_marks);
		else
			perform b3lb.take_back(m);
		end if;
		return 'ended';
	end if;
	-- It is being placed anew since its node was offline, which was right: that session is over, there is no way back to it.
	select * into m from b3lb.meeting x
	where x.was_nonce = p_nonce and (p_node_meeting_id is null or x.was_node_meeting_id = p_node_meeting_id) for update;
	if m.id is not null then
		perform b3lb.old_session_ended(m);
		if p_marks is not null then
			update b3lb.record_set set marks = p_marks where id = m.was_record_set_id;
		end if;
		update b3lb.meeting
		set was_node_id = null, was_node_meeting_id = null, was_nonce = null, was_record_set_id = null, was_own_params = null,
			was_name = null, was_peak = null
		where id = m.id;
		return 'ended';
	end if;
	select e.record_set_id into v_set from b3lb.ended_meeting e
	where e.nonce = p_nonce and (p_node_meeting_id is null or e.node_meeting_id = p_node_meeting_id);
	if not found then
		return 'unknown';
	end if;
	if p_marks is not null then
		update b3lb.record_set set marks = p_marks where id = v_set and (p_marks or marks is null) and marks is distinct from p_marks;
		perform b3lb.tell_client(p_nonce, p_marks);
	end if;
	return 'known';
end
$$;

-- The node's analytics of a meeting, relayed to the client's own URL; true when there is one.
create or replace function b3lb.callback_analytics(p_nonce text, p_body text) returns boolean language sql volatile as $$
	select count(b3lb.queue_callback(x.secret_id, 'analytics', x.url, p_body)) > 0
	from (select secret_id, own_params ->> 'meta_analytics-callback-url' as url from b3lb.meeting where nonce = p_nonce
		union all
		select secret_id, own_params ->> 'meta_analytics-callback-url' from b3lb.ended_meeting where nonce = p_nonce
		limit 1) x
	where x.url is not null
$$;

-- Keeps a node's analytics of a meeting, the newest of each, where its tenant wants that; null: it does not. false: more than a MiB, or
-- of more rooms than a meeting has.
create or replace function b3lb.keep_analytics(p_nonce text, p_body text) returns boolean language plpgsql as $$
declare
	v_kept boolean;
begin
	select octet_length(p_body) <= 1048576 into v_kept
	from (select secret_id from b3lb.meeting where nonce = p_nonce
		union all select secret_id from b3lb.ended_meeting where nonce = p_nonce limit 1) x
	join b3lb.secret s on s.id = x.secret_id join b3lb.tenant t on t.id = s.tenant_id and t.analytics_days > 0;
	if v_kept is not true then
		return v_kept;
	end if;
	insert into b3lb.analytics as a (tenant_id, secret_id, nonce, meeting_id, node_meeting_id, internal_id, body)
	select s.tenant_id, s.id, p_nonce, y.meeting_id, case when y.meeting_id = x.meeting_id then x.node_meeting_id end, y.internal_id, y.body
	from (select secret_id, meeting_id, node_meeting_id, internal_id from b3lb.meeting where nonce = p_nonce
		union all select secret_id, meeting_id, node_meeting_id, internal_id from b3lb.ended_meeting where nonce = p_nonce limit 1) x
	join b3lb.secret s on s.id = x.secret_id
	cross join lateral (select p_body::json as body, left(coalesce(p_body::json ->> 'meeting_id', x.meeting_id), 256) as meeting_id,
		left(coalesce(nullif(p_body::json ->> 'internal_meeting_id', ''), x.internal_id, p_nonce), 128) as internal_id) y
	where (select count(*) from b3lb.analytics o where o.nonce = p_nonce and o.internal_id <> y.internal_id) < 64
	on conflict (tenant_id, internal_id) do update set body = excluded.body, received_at = excluded.received_at
	where a.nonce = excluded.nonce;
	return found;
end
$$;

-- It waits, and nobody has it in his hands. What lies further ahead than anything is put off was written by a clock that has been
-- set back since.
create or replace function b3lb.callback_due(c b3lb.callback, p_lease interval) returns boolean language sql stable as $$
	select (c.next_at <= clock_timestamp() or c.next_at > clock_timestamp() + interval '61 minutes')
		and (c.claimed_until is null or c.claimed_until < clock_timestamp() or c.claimed_until > clock_timestamp() + greatest(p_lease, interval '1 hour'))
$$;

-- Rows to send now, at most p_max; nobody else gets them before p_lease is over. First those clients are told whose node never
-- called back. Tenants take turns: one whose hundreds all hang, until time is out, holds nobody else's up.
create or replace function b3lb.claim_callbacks(p_max int, p_lease interval) returns setof b3lb.callback
language plpgsql as $$
begin
	perform b3lb.tell_client(e.nonce, coalesce(r.marks, false))
	from (select nonce, record_set_id from b3lb.ended_meeting where tell_at < now() order by tell_at limit 1000
		for update skip locked) e
	left join b3lb.record_set r on r.id = e.record_set_id;
	return query
	update b3lb.callback c
	set claimed_until = clock_timestamp() + p_lease, attempts = c.attempts + 1
	where c.id in (
		select x.id from b3lb.callback x
		join (select w.id, row_number() over (partition by s.tenant_id order by w.next_at) as turn
			from b3lb.callback w join b3lb.secret s on s.id = w.secret_id
			where w.state = 'waiting' and b3lb.callback_due(w, p_lease)) due on due.id = x.id
		where x.state = 'waiting' and b3lb.callback_due(x, p_lease)
		order by due.turn, x.next_at
		limit p_max
		for update of x skip locked)
	returning c.*;
end
$$;

-- Nobody tries it any more: a day after it was made, or after somebody asked for more tries.
create or replace function b3lb.callback_is_over(c b3lb.callback) returns boolean language sql stable as $$
	select greatest(c.created_at + interval '24 hours', c.retry_until) < now()
$$;

-- What became of an attempt. Backoff: 5 s doubling to an hour.
create or replace function b3lb.finish_callback(p_id bigint, p_delivered boolean, p_error text) returns text
language sql volatile as $$
	update b3lb.callback c
	set state = case when p_delivered then 'delivered' when b3lb.callback_is_over(c) then 'failed' else 'waiting' end,
		finished_at = case when p_delivered or b3lb.callback_is_over(c) then now() end,
		next_at = now() + least(interval '1 hour', interval '5 seconds' * 2 ^ least(attempts - 1, 20)),
		claimed_until = null, error = p_error
	where id = p_id and state = 'waiting'
	returning state
$$;

-- Keeps the tables small: delivered a day, failed and ended meetings a month or two days.
create or replace function b3lb.prune_callbacks() returns void language sql as $$
	delete from b3lb.callback
	where state <> 'waiting' and finished_at < now() - case state when 'failed' then interval '30 days' else interval '1 day' end;
	delete from b3lb.ended_meeting where ended_at < now() - interval '2 days' and tell_at is null
$$;
