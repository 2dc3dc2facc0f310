-- The rows of lists (lib/core/list.h). $1: ids of the tenants whose rows may be seen, null: of all. What filters, sorts and counts is put
-- around these by the names of their columns; those that begin with by_ are for that alone.

-- Numbers of a node's curve, oldest first: its load at each quarter of an hour of the last six hours; null: not known, or nothing is
-- placed there.
-- piece list_trend
(select jsonb_agg((select round(nullif(x.load, -1)::numeric, 1) from b3lb.node_sample x where x.node_id = n.id and x.at = g.at) order by g.at)
	from generate_series(b3lb.step_of(now(), 900) - interval '345 minutes', b3lb.step_of(now(), 900), interval '15 minutes') g (at))

-- list_nodes (repeatable) -> slug cluster domain url load_url join_url weight state drain_to tags reserved max_users max_meetings live__health live__online live__load live__meetings live__attendees live__cpu live__poll_age live__failures live__error live__state_at live__state_meetings live__bbb_version live__certificate_until live__trend by_health by_text: a row a node; none for
-- who sees some tenants only.
select n.slug, c.name as cluster, n.domain, n.url, n.load_url, n.join_url, n.weight, n.state, n.drain_to, to_jsonb(n.tags) as tags, n.reserved,
	n.max_users, n.max_meetings, h.health as live__health,
	n.online as live__online, round(b3lb.shown_load(n, c)::numeric, 1)::float8 as live__load,
	n.meetings + n.held_meetings as live__meetings, n.attendees as live__attendees, round(n.cpu / 100.0, 1)::float8 as live__cpu,
	extract(epoch from now() - n.good_at)::int as live__poll_age, n.failures as live__failures, n.error as live__error,
	n.state_at as live__state_at, n.state_meetings as live__state_meetings, n.bbb_version as live__bbb_version,
	n.certificate_until as live__certificate_until, {list_trend} as live__trend,
	array_position(array['offline', 'unsteady', 'draining', 'maintenance', 'healthy'], h.health) as by_health,
	concat_ws(E'\n', n.slug, n.domain, n.url, n.join_url, n.error, array_to_string(n.tags, E'\n')) as by_text
from b3lb.node n
join b3lb.cluster c on c.id = n.cluster_id
cross join lateral (select b3lb.node_health(n) as health) h
where $1::int[] is null;

-- list_meetings (repeatable) -> id meeting_id internal_id name tenant sub_id node state attendees listeners voices videos moderators started_at age recording one_own_params one_record_id one_why by_name by_ids: a row a meeting. The id is ours, which can stand in a path.
select m.node_meeting_id as id, m.meeting_id, m.internal_id, m.name, upper(t.slug) as tenant, s.sub_id,
	case when $1::int[] is null then n.slug else 'node' end as node,
	case when not m.confirmed then 'unconfirmed' when m.running then 'running' else 'empty' end as state,
	m.attendees, m.listeners, m.voices, m.videos, m.moderators, coalesce(m.confirmed_at, m.created_at) as started_at,
	extract(epoch from now() - coalesce(m.confirmed_at, m.created_at))::int as age, m.record_set_id is not null as recording,
	m.own_params as one_own_params, (select r.record_id from b3lb.record_set r where r.id = m.record_set_id) as one_record_id,
	(select p.why || jsonb_build_object('expected', p.expected, 'known_by', p.source)
		from b3lb.placement p where p.secret_id = m.secret_id and p.meeting_id = m.meeting_id and $1::int[] is null) as one_why,
	lower(m.name) as by_name, concat_ws(E'\n', m.meeting_id, m.internal_id, m.node_meeting_id) as by_ids
from b3lb.meeting m
left join b3lb.secret s on s.id = m.secret_id
left join b3lb.tenant t on t.id = m.tenant_id
left join b3lb.node n on n.id = m.node_id
where $1::int[] is null or m.tenant_id = any ($1::int[]);

-- list_recordings (repeatable) -> id meeting_id name tenant sub_id node started_at ended_at length size status error tries protected formats one_participants one_tracks one_metadata one_analytics by_start by_name by_length by_size by_ids by_id: a row a recording that is there or is
-- to arrive: its meeting has ended, and was recorded as far as is known. The node is known for two days. Tracks are too
-- small to be sorted by.
select r.record_id as id, r.meeting_id, r.name, upper(t.slug) as tenant, s.sub_id,
	(select case when $1::int[] is null then n.slug else 'node' end from b3lb.ended_meeting e join b3lb.node n on n.id = e.node_id
		where e.record_set_id = r.id limit 1) as node,
	to_timestamp(r.start_time / 1000.0) as started_at, coalesce(to_timestamp(r.end_time / 1000.0), r.ended_at) as ended_at,
	greatest(0, r.end_time - r.start_time) / 1000 as length,
	b3lb.stored_bytes(r)::bigint as size,
	case r.status when 'RENDERED' then r.state
		when 'WAITING' then case when r.marks and r.ended_at < now() - interval '2 hours' then 'late' else 'waiting' end
		else lower(r.status) end as status,
	r.render_error as error, r.render_tries as tries, r.protected,
	(select coalesce(jsonb_agg(v.type order by v.id), '[]') from b3lb.record v where v.record_set_id = r.id and v.listed) as formats,
	r.participants as one_participants,
	(select coalesce(jsonb_agg(jsonb_build_object('kind', x.kind, 'lang', x.lang, 'label', x.label) order by x.id), '[]')
		from b3lb.text_track x where x.record_set_id = r.id) as one_tracks,
	r.meta as one_metadata, exists (select 1 from b3lb.analytics a where a.tenant_id = r.tenant_id and a.internal_id = r.record_id) as one_analytics,
	r.start_time as by_start, lower(r.name) as by_name, coalesce(r.end_time - r.start_time, 0) as by_length,
	coalesce(r.archive_size, 0) + coalesce(z.size, 0) as by_size,
	r.meeting_id || E'\n' || coalesce(r.record_id, '') as by_ids, r.id as by_id
from b3lb.record_set r
left join b3lb.secret s on s.id = r.secret_id
left join b3lb.tenant t on t.id = r.tenant_id
left join (select record_set_id, sum(size::float8) as size from b3lb.record group by record_set_id) z on z.record_set_id = r.id
where ($1::int[] is null and r.tenant_id is not null or r.tenant_id = any ($1::int[]))
	and (r.status <> 'WAITING' or r.ended_at is not null and r.marks is not false);

-- list_callbacks (repeatable) -> id kind tenant sub_id host path state created_at attempts next_at finished_at error by_text: a row a callback. Of its URL no more than host and path: what stands behind may be secret.
select c.id, c.kind, upper(t.slug) as tenant, s.sub_id, c.host, u.path,
	c.state, c.created_at, c.attempts, case when c.state = 'waiting' then c.next_at end as next_at, c.finished_at, c.error,
	concat_ws(E'\n', c.host, u.path, c.error) as by_text
from b3lb.callback c
cross join lateral (select coalesce(substring(c.url from '^[^:]*://[^/?#]*([^?#]*)'), '') as path) u
left join b3lb.secret s on s.id = c.secret_id
left join b3lb.tenant t on t.id = s.tenant_id
where $1::int[] is null or s.tenant_id = any ($1::int[]);

-- list_hooks (repeatable) -> id sub_id callback_url meeting_id events permanent created_at failing_since error waiting by_text: a row a webhook; meeting_id '': of every meeting, events null: all. What stands behind its URL's path may be secret.
select h.id, s.sub_id, u.url as callback_url, h.meeting_id, to_jsonb(h.events) as events, h.permanent, h.created_at, h.failing_since, h.error,
	(select count(*) from b3lb.hook_event e where e.hook_id = h.id) as waiting, concat_ws(E'\n', u.url, h.meeting_id, h.error) as by_text
from b3lb.hook h
join b3lb.secret s on s.id = h.secret_id
cross join lateral (select regexp_replace(h.callback_url, '[?#].*$', '?...') as url) u
where $1::int[] is null or s.tenant_id = any ($1::int[]);

-- list_requests (repeatable) -> id at request_id tenant sub_id call meeting_id node key message remote_addr repeated advice by_ids by_weight: a row a call that was refused.
select f.id, f.at, f.request_id, upper(f.tenant) as tenant, f.sub_id, f.call, f.meeting_id,
	case when $1::int[] is null or f.node is null then f.node else 'node' end as node, f.key,
	case when $1::int[] is null or f.key <> 'retried' then f.message else 'a node failed' end as message, f.remote_addr, f.repeated,
	b3lb.refusal_advice(f.key) as advice, f.request_id || E'\n' || coalesce(f.meeting_id, '') as by_ids, f.repeated + 1 as by_weight
from b3lb.refusal f
where $1::int[] is null or f.tenant in (select t.slug from b3lb.tenant t where t.id = any ($1::int[]));

-- list_sessions (repeatable) -> tenant sub_id meeting_id name node started_at ended_at peak participant_minutes recorded by_id: a row a session that is over.
select upper(u.tenant) as tenant, u.sub_id, u.meeting_id, u.name, case when $1::int[] is null then u.node else 'node' end as node,
	u.started_at, u.ended_at, u.peak, round(u.attendee_seconds / 60.0)::bigint as participant_minutes, u.recorded, u.id as by_id
from b3lb.usage_session u
where $1::int[] is null or u.tenant in (select t.slug from b3lb.tenant t where t.id = any ($1::int[]));

-- list_audit (repeatable) -> id at actor via remote_addr request_id object name tenant done changes by_name by_changes: a row a change, or what was done by hand.
select a.id, a.at, a.actor, a.via, a.remote_addr, a.request_id, a.object, a.name, a.tenant, a.done,
	to_jsonb(array_remove(string_to_array(a.changes, E'\n'), '')) as changes, lower(a.name) as by_name, a.changes as by_changes
from b3lb.audit a
where $1::int[] is null or a.tenant in (select upper(t.slug) from b3lb.tenant t where t.id = any ($1::int[]));

-- list_tenants (repeatable) -> slug group description attendee_limit meeting_limit recording hold_days error_status protected tags aliases live__secrets live__meetings live__attendees live__refused_day live__recordings by_text: a row a tenant, its meetings by the last rollup.
select upper(t.slug) as slug, g.name as group, t.description, t.attendee_limit, t.meeting_limit, t.recording, t.hold_days, t.error_status,
	t.protected, to_jsonb(t.tags) as tags, (select coalesce(jsonb_agg(x.host order by x.host), '[]') from b3lb.tenant_alias x where x.tenant_id = t.id) as aliases,
	coalesce(s.secrets, 0) as live__secrets, coalesce(s.meetings, 0) as live__meetings, coalesce(s.attendees, 0) as live__attendees,
	coalesce(f.refused, 0) as live__refused_day,
	(select count(*) from b3lb.record_set r where r.tenant_id = t.id and r.state in ('published', 'unpublished')) as live__recordings,
	concat_ws(E'\n', t.slug, t.description, g.name) as by_text
from b3lb.tenant t
join b3lb.cluster_group g on g.id = t.group_id
left join (select s.tenant_id, count(*) as secrets, sum(x.meetings)::bigint as meetings, sum(x.attendees)::bigint as attendees
	from b3lb.secret s left join b3lb.stats x on x.secret_id = s.id group by s.tenant_id) s on s.tenant_id = t.id
left join (select tenant, sum(repeated + 1) as refused from b3lb.refusal
	where at > now() - interval '1 day' and key not in ('retried', 'limitPassed') group by tenant) f on f.tenant = t.slug
where $1::int[] is null or t.id = any ($1::int[]);
