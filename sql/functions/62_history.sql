-- Curves: samples of what is going on, and hours that are over. Times are multiples of their step since 1970, whatever the session's zone is.

create or replace function b3lb.step_of(p_at timestamptz, p_seconds int) returns timestamptz language sql immutable parallel safe as $$
	select to_timestamp(floor(extract(epoch from p_at) / p_seconds)::bigint * p_seconds)
$$;

-- What is going on, from the statistics that rollup() has just written; false when these five minutes have their sample.
create or replace function b3lb.take_sample(p_at timestamptz) returns boolean language plpgsql as $$
begin
	insert into b3lb.total_sample (at, meetings, attendees, listeners, voices, videos, load, cpu, nodes, online)
	select p_at, s.meetings, s.attendees, s.listeners, s.voices, s.videos, n.load, n.cpu, n.nodes, n.online
	from (select coalesce(sum(x.meetings), 0) as meetings, coalesce(sum(x.attendees), 0) as attendees,
			coalesce(sum(x.listeners), 0) as listeners, coalesce(sum(x.voices), 0) as voices, coalesce(sum(x.videos), 0) as videos
		from b3lb.stats x) s,
		(select avg(y.load) filter (where y.load >= 0) as load, avg(y.cpu) filter (where y.load >= 0) as cpu,
			count(*) filter (where y.online) as nodes, avg(y.online::int) as online
		from (select b3lb.shown_load(n, c) as load, n.cpu, n.online
			from b3lb.node n join b3lb.cluster c on c.id = n.cluster_id) y) n
	on conflict do nothing;
	if not found then
		return false;
	end if;
	insert into b3lb.node_sample (node_id, at, meetings, attendees, cpu, load, online)
	select n.id, p_at, n.meetings, n.attendees, n.cpu, b3lb.shown_load(n, c), n.online
	from b3lb.node n join b3lb.cluster c on c.id = n.cluster_id
	on conflict do nothing;
	insert into b3lb.secret_sample (secret_id, at, meetings, attendees, listeners, voices, videos)
	select s.secret_id, p_at, s.meetings, s.attendees, s.listeners, s.voices, s.videos
	from b3lb.stats s where s.meetings > 0
	on conflict do nothing;
	return true;
end
$$;

-- An hour that is over, from its samples of five minutes each.
create or replace function b3lb.sum_up_hour(p_hour timestamptz) returns void language plpgsql as $$
declare
	v_end timestamptz := p_hour + interval '1 hour';
begin
	insert into b3lb.load_hour (scope, at, meetings, attendees, voices, videos, load, cpu, online, attendee_minutes)
	select '', p_hour, max(x.meetings), max(x.attendees), max(x.voices), max(x.videos), max(x.load), max(x.cpu), avg(x.online),
		sum(x.attendees) * 5
	from b3lb.total_sample x where x.at >= p_hour and x.at < v_end
	having count(*) > 0
	on conflict do nothing;
	insert into b3lb.load_hour (scope, at, meetings, attendees, voices, videos, attendee_minutes)
	select m.scope, p_hour, max(m.meetings), max(m.attendees), max(m.voices), max(m.videos), sum(m.attendees) * 5
	from (select t.slug || case when grouping(s.sub_id) = 0 then '-' || s.sub_id else '' end as scope, x.at, sum(x.meetings) as meetings,
			sum(x.attendees) as attendees, sum(x.voices) as voices, sum(x.videos) as videos
		from b3lb.secret_sample x join b3lb.secret s on s.id = x.secret_id join b3lb.tenant t on t.id = s.tenant_id
		where x.at >= p_hour and x.at < v_end
		group by grouping sets ((x.at, t.slug), (x.at, t.slug, s.sub_id))) m
	group by m.scope
	on conflict do nothing;
	insert into b3lb.load_hour (scope, at, meetings, attendees, voices, videos, load, cpu, online, attendee_minutes)
	select 'node:' || n.slug, p_hour, max(x.meetings), max(x.attendees), 0, 0, max(x.load), max(x.cpu), avg(x.online::int),
		sum(x.attendees) * 5
	from b3lb.node n join b3lb.node_sample x on x.node_id = n.id
	where x.at >= p_hour and x.at < v_end
	group by n.slug
	on conflict do nothing;
end
$$;

-- Takes away what is older than p_days, at most some ten thousand rows of each table: more are rare, and go the next time.
create or replace function b3lb.prune_history(p_days int) returns void language plpgsql as $$
declare
	v_sample timestamptz := now() - least(p_days, 8) * interval '1 day';
begin
	delete from b3lb.total_sample where at < v_sample;
	delete from b3lb.node_sample where ctid = any (array(
		select o.ctid from b3lb.node n
		cross join lateral (select x.ctid from b3lb.node_sample x where x.node_id = n.id and x.at < v_sample order by x.at limit 100) o
		limit 10000));
	delete from b3lb.secret_sample where ctid = any (array(
		select x.ctid from b3lb.secret_sample x where x.at < v_sample order by x.at limit 10000));
	delete from b3lb.load_hour where ctid = any (array(
		select x.ctid from b3lb.load_hour x where x.at < now() - p_days * interval '1 day' order by x.at limit 10000));
end
$$;

-- Once a minute, behind rollup(). p_days: for how long hours are kept; 0: nothing is, and nothing stays. Whoever takes the sample of
-- these five minutes, sees to the rest: hours that are over since, also those of times when nobody did.
create or replace function b3lb.keep_history(p_days int) returns boolean language plpgsql as $$
declare
	v_hour timestamptz;
begin
	perform pg_advisory_xact_lock(4742350);
	if p_days > 0 and not b3lb.take_sample(b3lb.step_of(now(), 300)) then
		return false;
	end if;
	for v_hour in
		select h.at from (select distinct b3lb.step_of(x.at, 3600) as at from b3lb.total_sample x) h
		where p_days > 0 and h.at + interval '1 hour' <= now()
			and not exists (select 1 from b3lb.load_hour x where x.scope = '' and x.at = h.at)
	loop
		perform b3lb.sum_up_hour(v_hour);
	end loop;
	perform b3lb.prune_history(p_days);
	return p_days > 0;
end
$$;
