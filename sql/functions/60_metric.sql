-- Counters, and the statistics that are read from the mapping itself.

create or replace function b3lb.count_event(p_secret int, p_name text, p_value double precision) returns void language plpgsql as $$
begin
	insert into b3lb.metric_event (tenant, sub_id, name, value)
	select t.slug, s.sub_id, p_name, p_value
	from b3lb.secret s join b3lb.tenant t on t.id = s.tenant_id
	where s.id = p_secret;
end
$$;

-- Moves all events into their counters, and what is billed into this month. One statement: whoever runs it, and dies when, each event is
-- counted once.
create or replace function b3lb.rollup(p_zone text default 'UTC') returns bigint language plpgsql as $$
declare
	v_events bigint;
begin
	-- Two at once would wait for each other's rows in any order.
	perform pg_advisory_xact_lock(4742350);
	with moved as (
		delete from b3lb.metric_event returning tenant, sub_id, name, value),
	summed as (
		insert into b3lb.metric as m (tenant, sub_id, name, value)
		select tenant, sub_id, name, sum(value) from moved group by tenant, sub_id, name
		on conflict (tenant, sub_id, name) do update set value = m.value + excluded.value),
	billed as (
		insert into b3lb.usage_month as u (month, tenant, sub_id, joined, refused)
		select b3lb.month_of(now(), p_zone), tenant, sub_id, coalesce(sum(value) filter (where name = 'joined'), 0),
			coalesce(sum(value) filter (where name = 'refused'), 0)
		from moved where name in ('joined', 'refused') and tenant <> '' group by tenant, sub_id
		on conflict (month, tenant, sub_id) do update set joined = u.joined + excluded.joined, refused = u.refused + excluded.refused)
	select count(*) into v_events from moved;
	insert into b3lb.stats (secret_id, meetings, attendees, listeners, voices, videos)
	select s.id, count(m.id), coalesce(sum(m.attendees), 0), coalesce(sum(m.listeners), 0), coalesce(sum(m.voices), 0),
		coalesce(sum(m.videos), 0)
	from b3lb.secret s
	left join (b3lb.meeting m join b3lb.node n on n.id = m.node_id and n.online) on m.secret_id = s.id and m.confirmed
	group by s.id
	on conflict (secret_id) do update
	set meetings = excluded.meetings, attendees = excluded.attendees, listeners = excluded.listeners, voices = excluded.voices,
		videos = excluded.videos, at = excluded.at;
	perform b3lb.learn_new_rooms();
	return v_events;
end
$$;

-- A node's load as it is shown: -1 when nothing is placed there.
create or replace function b3lb.shown_load(n b3lb.node, c b3lb.cluster) returns double precision
language sql immutable parallel safe as $$
	select case when n.online and n.state = 'enabled' then b3lb.node_load(n, c) else -1 end
$$;

-- The statistics as JSON: of everything (p_tenant null), of a tenant (p_sub null), of one secret.
create or replace function b3lb.stats_json(p_tenant int, p_sub int) returns text language plpgsql stable as $$
begin
	return (
		with m as materialized (
			select x.node_id, x.attendees, x.listeners, x.voices, x.videos
			from b3lb.meeting x join b3lb.node n on n.id = x.node_id and n.online
			where x.confirmed and (p_tenant is null or x.tenant_id = p_tenant)
				and (p_sub is null or x.secret_id = (select s.id from b3lb.secret s where s.tenant_id = p_tenant and s.sub_id = p_sub)))
		select json_build_object(
			'meetings', (select count(*) from m),
			'attendees', (select coalesce(sum(attendees), 0) from m),
			'listeners', (select coalesce(sum(listeners), 0) from m),
			'videos', (select coalesce(sum(videos), 0) from m),
			'voices', (select coalesce(sum(voices), 0) from m),
			'nodes', (select coalesce(json_agg(json_build_object('slug', n.slug,
					'meetings', case when p_tenant is null then n.meetings else k.meetings end,
					'attendees', case when p_tenant is null then n.attendees else k.attendees end,
					'load', round(b3lb.shown_load(n, c)::numeric, 1)) order by n.slug), '[]')
				from b3lb.node n
				join b3lb.cluster c on c.id = n.cluster_id
				cross join lateral (select count(*) as meetings, coalesce(sum(m.attendees), 0) as attendees from m where m.node_id = n.id) k
				where p_tenant is null or exists (
					select 1 from b3lb.tenant t join b3lb.cluster_group_member g on g.group_id = t.group_id
					where t.id = p_tenant and g.cluster_id = n.cluster_id)))::text);
end
$$;

-- Every sample as (name, labels, value), a histogram's buckets with their bounds for sorting, in no order: of everything (p_tenant null), of a tenant (p_sub null), of one secret.
-- Counters are the sums so far and the events that wait, read at one moment: they never go back.
create or replace function b3lb.metric_samples(p_tenant int, p_sub int)
returns table (name text, labels text, value double precision, bound double precision)
language plpgsql stable as $$
#variable_conflict use_column
begin
	return query
	with scope as materialized (
		select t.id, t.slug, case when p_sub is not null then s.id end as secret_id,
			'tenant="' || upper(t.slug) || '"' || case when p_sub is not null then ',sub_id="' || p_sub || '"' else '' end as labels,
			case when p_sub is not null then s.attendee_limit else t.attendee_limit end as attendee_limit,
			case when p_sub is not null then s.meeting_limit else t.meeting_limit end as meeting_limit
		from b3lb.tenant t
		left join b3lb.secret s on s.tenant_id = t.id and s.sub_id = p_sub
		where (p_tenant is null or t.id = p_tenant) and (p_sub is null or s.id is not null)),
	current as materialized (
		select o.labels, count(m.id) as meetings, coalesce(sum(m.attendees), 0) as attendees,
			coalesce(sum(m.listeners), 0) as listeners, coalesce(sum(m.voices), 0) as voices, coalesce(sum(m.videos), 0) as videos
		from scope o
		left join (b3lb.meeting m join b3lb.node n on n.id = m.node_id and n.online)
			on m.tenant_id = o.id and m.confirmed and (o.secret_id is null or m.secret_id = o.secret_id)
		group by o.labels),
	counted as materialized (
		select e.tenant, e.name, sum(e.value) as value
		from (select tenant, sub_id, name, value from b3lb.metric
			union all select tenant, sub_id, name, value from b3lb.metric_event) e
		where (p_tenant is null or e.tenant = (select slug from b3lb.tenant where id = p_tenant))
			and (p_sub is null or e.sub_id = p_sub)
		group by e.tenant, e.name),
	-- Every counter of every tenant, at 0 until something happened; also those of tenants that are gone.
	counters as (
		select coalesce(o.labels, 'tenant="' || upper(c.tenant) || '"') as labels, coalesce(n.name, c.name) as name, coalesce(c.value, 0) as value
		from (scope o cross join (values ('joined'), ('created'), ('duration'), ('attendee_limit'), ('meeting_limit'), ('retried'), ('refused'),
			('tag_fallback')) n (name))
		full join counted c on c.tenant = o.slug and c.name = n.name)
	select v.name, current.labels, v.value, 0::double precision
	from current cross join lateral (values ('b3lb_attendees', attendees), ('b3lb_meetings', meetings), ('b3lb_listeners', listeners),
		('b3lb_voices', voices), ('b3lb_videos', videos)) v (name, value)
	union all
	select v.name, scope.labels, v.value, 0
	from scope cross join lateral (values ('b3lb_attendee_limit', attendee_limit), ('b3lb_meeting_limit', meeting_limit)) v (name, value)
	union all
	select case c.name when 'joined' then 'b3lb_attendees_joined_total' when 'created' then 'b3lb_meetings_created_total'
		when 'duration' then 'b3lb_meetings_duration_seconds_total' when 'attendee_limit' then 'b3lb_attendee_limit_hits_total'
		when 'meeting_limit' then 'b3lb_meeting_limit_hits_total' when 'refused' then 'b3lb_requests_refused_total'
		when 'tag_fallback' then 'b3lb_tag_fallbacks_total'
		else 'b3lb_placements_retried_total' end, c.labels, c.value, 0
	from counters c where c.name is not null
	union all
	select 'b3lb_callbacks_waiting', o.labels, (select count(*) from b3lb.callback b join b3lb.secret s on s.id = b.secret_id
		where b.state = 'waiting' and s.tenant_id = o.id and (o.secret_id is null or s.id = o.secret_id)), 0
	from scope o
	union all
	select v.name, o.labels, v.value, 0
	from scope o
	cross join lateral (select count(*) filter (where h.failing_since is not null) as failing,
			coalesce(sum((select count(*) from b3lb.hook_event e where e.hook_id = h.id)), 0) as waiting
		from b3lb.hook h join b3lb.secret s on s.id = h.secret_id
		where s.tenant_id = o.id and (o.secret_id is null or s.id = o.secret_id)) w
	cross join lateral (values ('b3lb_hook_events_waiting', w.waiting), ('b3lb_hooks_failing', w.failing)) v (name, value)
	union all
	select v.name, 'node="' || n.slug || '"', v.value, 0
	from b3lb.node n join b3lb.cluster c on c.id = n.cluster_id
	cross join lateral (values ('b3lb_node_load', b3lb.shown_load(n, c)), ('b3lb_node_up', n.online::int),
		('b3lb_node_maintenance', (n.state = 'maintenance')::int), ('b3lb_node_meetings', n.meetings), ('b3lb_node_attendees', n.attendees),
		('b3lb_node_poll_age_seconds', extract(epoch from clock_timestamp() - n.good_at))) v (name, value)
	where p_tenant is null and v.value is not null
	union all
	select 'b3lb_job_age_seconds', 'job="' || j.name || '"', extract(epoch from clock_timestamp() - j.good_at), 0
	from b3lb.job j where p_tenant is null and j.good_at is not null
	union all
	select 'b3lb_attention', 'kind="' || k.kind || '"', count(a.kind), 0
	from unnest(array['node', 'job', 'limit', 'certificate', 'finding', 'callback', 'recording']) k (kind)
	left join b3lb.attention_all(null) a on a.kind = k.kind
	where p_tenant is null
	group by k.kind
	union all
	select 'b3lb_request_duration_seconds_bucket',
		'call="' || r.call || '",le="' || case r.le when 'infinity' then '+Inf' else r.le::text end || '"', r.requests, r.le
	from b3lb.request_metric r where p_tenant is null
	union all
	select v.name, 'call="' || r.call || '"', v.value, 0
	from b3lb.request_metric r
	cross join lateral (values ('b3lb_request_duration_seconds_sum', r.seconds), ('b3lb_request_duration_seconds_count', r.requests),
		('b3lb_requests_total', r.requests)) v (name, value)
	where p_tenant is null and r.le = 'infinity';
end
$$;
