-- columns meeting: id secret_id meeting_id node_meeting_id own_params
-- piece meeting_columns
m.id, m.secret_id, m.meeting_id, m.node_meeting_id, m.own_params

-- The meeting m that w (a tenant, a secret of it, that secret's sub id) calls $5, and its node n of cluster c. The arms of the
-- union each use an index; the secret's own meeting wins, the client's id before an internal one, and at last a room that a node
-- made for one of them: its ids are the node's. Another's by its name only while the secret has had none of that name lately:
-- who ends a meeting twice ends nobody else's. "+ 0", here and elsewhere: by the other column's index alone. A plan is kept that was
-- made when there were few rows, and might look through all of a tenant's ever after.
-- piece meeting_join
left join lateral (
	select u.* from (
		select x.id, x.secret_id, x.meeting_id, x.node_meeting_id, x.own_params, x.node_id, x.confirmed, false as room
		from b3lb.meeting x where x.tenant_id = w.tenant and x.meeting_id = $5
		union all
		select x.id, x.secret_id, x.meeting_id, x.node_meeting_id, x.own_params, x.node_id, x.confirmed, false
		from b3lb.meeting x where x.tenant_id + 0 = w.tenant and x.internal_id = $5 and x.meeting_id <> $5
		union all
		select x.id, x.secret_id, x.rooms ->> $5, x.rooms ->> $5, x.own_params, x.node_id, x.confirmed, true
		from b3lb.meeting x where x.tenant_id + 0 = w.tenant and x.rooms ? $5) u
	where u.confirmed and (u.secret_id = w.secret or w.sub = 0 and (u.room or u.meeting_id <> $5
		or not exists (select 1 from b3lb.ended_meeting e where e.secret_id = w.secret and e.meeting_id = $5)))
	order by u.room, u.secret_id = w.secret desc, u.meeting_id = $5 desc, u.id limit 1) m on true
left join b3lb.node n on n.id = m.node_id
left join b3lb.cluster c on c.id = n.cluster_id

-- meeting_find (repeatable) -> @tenant @meeting @node full warned: one row, or none: there is no such tenant; ids are null without a meeting.
select {tenant_columns}, {meeting_columns}, {node_columns}, case when (t.attendee_limit > 0 or s.attendee_limit > 0) and t.limit_mode <> 'create'
	then b3lb.attendees_full(t.id, t.attendee_limit, s.id, s.attendee_limit) else false end as full, t.limit_mode = 'warn' as warned
from {tenant_from}
cross join lateral (select t.id as tenant, s.id as secret, s.sub_id as sub) w
{meeting_join}
where {tenant_where};

-- piece meeting_known
select {meeting_columns}, {node_columns}
from b3lb.tenant_version v
cross join (select $2::int as tenant, $3::int as secret, $4::int as sub) w
{meeting_join}
where v.version = $1::bigint

-- meeting_find_known (repeatable) -> @meeting @node: of a tenant read before; no row when its version $1 is another now.
{meeting_known};

-- Of several requests at once, each at its place in arrays: half of all requests wait for the second. One array is opaque, so that a
-- single request's plan looks no cheaper than that of any number, and is not made anew each time.

-- meeting_any (repeatable) -> place found: whether meeting_find_known, of the version $1, the tenant $2 and the meeting $3, may find one;
-- no row of a place when the version is another now. For who asks of meetings that mostly are none: without a join it costs a third.
select r.place, exists (select 1 from b3lb.meeting x where x.tenant_id = r.tenant and x.meeting_id = r.meeting)
	or exists (select 1 from b3lb.meeting x where x.tenant_id + 0 = r.tenant and x.internal_id = r.meeting)
	or exists (select 1 from b3lb.meeting x where x.tenant_id = r.tenant and x.rooms is not null)
		and exists (select 1 from b3lb.meeting x where x.tenant_id = r.tenant and x.rooms ? r.meeting) as found
from unnest((select $1::bigint[]), $2::int[], $3::text[]) with ordinality r (version, tenant, meeting, place)
where r.version = (select version from b3lb.tenant_version);

-- meeting_join -> place node_id node_meeting_id: counts a joining of the secret $2 (the tenant of slug $4, sub id $5) to its own
-- meeting $3, and says where to: a row of a place when that runs on a node that is up, and the version $1 is what it was.
-- Materialized: what is counted is what is shown.
with f as materialized (
	select r.place, r.tenant, r.sub, m.node_id, m.node_meeting_id
	from unnest((select $1::bigint[]), $2::int[], $3::text[], $4::text[], $5::int[]) with ordinality r (version, secret, meeting, tenant, sub, place)
	join b3lb.meeting m on m.secret_id = r.secret and m.meeting_id = r.meeting and m.confirmed
	where r.version = (select version from b3lb.tenant_version)
		and exists (select 1 from b3lb.node n where n.id = m.node_id and n.online)
		and (select set_config('synchronous_commit', 'off', true)) is not null),
counted as (
	insert into b3lb.metric_event (tenant, sub_id, name, node_id, node_meeting_id)
	select f.tenant, f.sub, 'joined', f.node_id, f.node_meeting_id from f)
select f.place, f.node_id, f.node_meeting_id from f;

-- meeting_find_to_join -> @meeting @node counted: as meeting_find_known, and counts the joining to a node that is up; $6 the slug.
-- Materialized: it must not run twice, and what it counts is what it shows.
with f as materialized ({meeting_known}),
counted as (insert into b3lb.metric_event (tenant, sub_id, name)
	select $6, $4::int, 'joined' from f
	where f.node_meeting_id is not null and f.online and set_config('synchronous_commit', 'off', true) is not null
	returning 1)
select f.*, exists (select 1 from counted) as counted from f;

-- meeting_end (repeatable) -> ended: whether it was there.
select b3lb.end_meeting($1::bigint, $2) as ended;

-- meeting_nodes (repeatable) -> @node internal_ids: nodes that are up, with the meetings that secret $1 lists as ",id,id,".
select {node_columns}, ',' || string_agg(m.internal_id, ',') || ',' as internal_ids
from b3lb.secret s
join b3lb.meeting m on m.tenant_id = s.tenant_id and (m.secret_id = s.id or s.sub_id = 0) and m.confirmed
join b3lb.node n on n.id = m.node_id and n.online
join b3lb.cluster c on c.id = n.cluster_id
where s.id = $1::int
group by n.id, c.id order by n.id;

-- meeting_find_ours (repeatable) -> @meeting @node tenant: the confirmed meeting with our id $1, if it is one of the tenants $2 (ids; null: all); one row or none.
select {meeting_columns}, {node_columns}, t.slug as tenant
from b3lb.meeting m join b3lb.tenant t on t.id = m.tenant_id join b3lb.node n on n.id = m.node_id join b3lb.cluster c on c.id = n.cluster_id
where m.node_meeting_id = $1 and m.confirmed and ($2::int[] is null or m.tenant_id = any ($2::int[]));
