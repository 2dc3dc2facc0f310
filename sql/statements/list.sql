-- The rows of lists (lib/core/list.h). $1: ids of the tenants whose rows may be seen, null: of all. What filters, sorts and counts is put
-- around these by the names of their columns; those that begin with by_ are for that alone.

-- list_nodes (repeatable) -> slug cluster domain url load_url weight state live__health live__online live__load live__meetings live__attendees live__cpu live__poll_age live__failures live__error by_health by_text: a row a node; none for
-- who sees some tenants only.
select n.slug, c.name as cluster, n.domain, n.url, n.load_url, n.weight, n.state, h.health as live__health, n.online as live__online,
	round(b3lb.shown_load(n, c)::numeric, 1)::float8 as live__load, n.meetings + n.held_meetings as live__meetings,
	n.attendees as live__attendees, round(n.cpu / 100.0, 1)::float8 as live__cpu,
	extract(epoch from now() - n.good_at)::int as live__poll_age, n.failures as live__failures, n.error as live__error,
	array_position(array['offline', 'unsteady', 'draining', 'maintenance', 'healthy'], h.health) as by_health,
	concat_ws(E'\n', n.slug, n.domain, n.url, n.error) as by_text
from b3lb.node n
join b3lb.cluster c on c.id = n.cluster_id
cross join lateral (select case when n.state = 'maintenance' then 'maintenance' when not n.online then 'offline'
	when n.state = 'draining' then 'draining' when n.unsteady or n.failures > 0 then 'unsteady' else 'healthy' end as health) h
where $1::int[] is null;

-- list_meetings (repeatable) -> id meeting_id internal_id name tenant sub_id node state attendees listeners voices videos moderators started_at age recording by_name by_text: a row a meeting. The id is ours, which can stand in a path.
select m.node_meeting_id as id, m.meeting_id, m.internal_id, m.name, upper(t.slug) as tenant, s.sub_id,
	case when $1::int[] is null then n.slug else 'node' end as node,
	case when not m.confirmed then 'unconfirmed' when m.running then 'running' else 'empty' end as state,
	m.attendees, m.listeners, m.voices, m.videos, m.moderators, coalesce(m.confirmed_at, m.created_at) as started_at,
	extract(epoch from now() - coalesce(m.confirmed_at, m.created_at))::int as age, m.record_set_id is not null as recording,
	lower(m.name) as by_name, concat_ws(E'\n', m.name, m.meeting_id, m.internal_id, m.node_meeting_id) as by_text
from b3lb.meeting m
join b3lb.secret s on s.id = m.secret_id
join b3lb.tenant t on t.id = m.tenant_id
join b3lb.node n on n.id = m.node_id
where $1::int[] is null or m.tenant_id = any ($1::int[]);

-- list_recordings (repeatable) -> id meeting_id name tenant sub_id node started_at ended_at length size status error tries protected formats by_start by_name by_length by_size by_text by_id: a row a recording that is there or is
-- to arrive: its meeting has ended, and was recorded as far as is known. The node is known for two days.
select r.record_id as id, r.meeting_id, r.name, upper(t.slug) as tenant, s.sub_id,
	(select case when $1::int[] is null then n.slug else 'node' end from b3lb.ended_meeting e join b3lb.node n on n.id = e.node_id
		where e.record_set_id = r.id limit 1) as node,
	to_timestamp(r.start_time / 1000.0) as started_at, coalesce(to_timestamp(r.end_time / 1000.0), r.ended_at) as ended_at,
	greatest(0, r.end_time - r.start_time) / 1000 as length,
	coalesce(r.archive_size, 0) + (select coalesce(sum(v.size), 0) from b3lb.record v where v.record_set_id = r.id)::bigint as size,
	case r.status when 'RENDERED' then r.state
		when 'WAITING' then case when r.marks and r.ended_at < now() - interval '2 hours' then 'late' else 'waiting' end
		else lower(r.status) end as status,
	r.render_error as error, r.render_tries as tries, r.protected,
	(select coalesce(jsonb_agg(v.type order by v.id), '[]') from b3lb.record v where v.record_set_id = r.id and v.listed) as formats,
	r.start_time as by_start, lower(r.name) as by_name, coalesce(r.end_time - r.start_time, 0) as by_length,
	coalesce(r.archive_size, 0) + (select coalesce(sum(v.size), 0) from b3lb.record v where v.record_set_id = r.id) as by_size,
	concat_ws(E'\n', r.name, r.meeting_id, r.record_id) as by_text, r.id as by_id
from b3lb.record_set r
join b3lb.secret s on s.id = r.secret_id
join b3lb.tenant t on t.id = r.tenant_id
where ($1::int[] is null or r.tenant_id = any ($1::int[]))
	and (r.status <> 'WAITING' or r.ended_at is not null and r.marks is not false);

-- list_callbacks (repeatable) -> id kind tenant sub_id host path state created_at attempts next_at finished_at error by_text: a row a callback. Of its URL no more than host and path: what stands behind may be secret.
select c.id, c.kind, upper(t.slug) as tenant, s.sub_id, u.host, u.path, c.state, c.created_at, c.attempts,
	case when c.state = 'waiting' then c.next_at end as next_at, c.finished_at, c.error,
	concat_ws(E'\n', u.host, u.path, c.error) as by_text
from b3lb.callback c
join b3lb.secret s on s.id = c.secret_id
join b3lb.tenant t on t.id = s.tenant_id
cross join lateral (select lower(substring(c.url from '^[^:]*://(?:[^/?#]*@)?([^/?#]*)')) as host,
	coalesce(substring(c.url from '^[^:]*://[^/?#]*([^?#]*)'), '') as path) u
where $1::int[] is null or s.tenant_id = any ($1::int[]);
