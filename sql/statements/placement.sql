-- placement_place -> result meeting node_meeting_id parent_internal_id nonce record_nonce client_id asked at_limit tag pin @node: no row when version $11 is another now.
-- Not repeatable: it counts the creator. $7: a parent meeting, by either id; $10: a hint of attendees, 0: none; $11 0: any version.
-- $12: bytes that the node's list will show of it, $13: at most of the tenant's on one node. $14: digits of its PIN for people on the
-- phone, 0: none; $15: the PIN that the client wants.
-- The version is looked at before anything is placed: hence the CTE, which no plan moves behind the function.
with par as materialized (
	select x.node_id, x.internal_id from b3lb.tenant_version v cross join lateral b3lb.find_parent($1::int, $7) x
	where $11::bigint in (0, v.version) limit 1)
select p.result, p.meeting, p.node_meeting_id, par.internal_id as parent_internal_id, p.nonce, p.record_nonce, p.client_id,
	p.asked, p.at_limit, b3lb.given_tag(n, $1::int, p.asked) as tag, case when $14::int > 0 and p.meeting is not null then b3lb.take_pin(p.meeting, $14::int, $15) end as pin,
	{node_columns}
from par
cross join lateral b3lb.place_create($1::int, $2, $3, $4::int, nullif($10::int, 0), $5, $6::int[], par.node_id,
	$8::boolean, $9::jsonb, $12::int, $13::int, $9::jsonb ->> 'meta_server-tag') p
left join b3lb.node n on n.id = p.node
left join b3lb.cluster c on c.id = n.cluster_id;

-- placement_confirm (repeatable) -> kept: false when it moved or is gone.
select b3lb.confirm_meeting($1::bigint, $2, $3, $4::bigint, $5, $6, $7::jsonb, $8::boolean) as kept;

-- placement_drop: one row.
select b3lb.drop_placement($1::bigint, $2);

-- piece placement_found
b3lb.placement p join b3lb.secret s on s.id = p.secret_id join b3lb.tenant t on t.id = s.tenant_id
where (p.secret_id, p.meeting_id) in (
		select m.secret_id, m.meeting_id from b3lb.meeting m where m.node_meeting_id = $1 or m.internal_id = $1
		union all select x.secret_id, x.meeting_id from b3lb.placement x where x.meeting_id = $1)
	and ($2::text is null or t.slug = lower($2))
order by p.placed_at desc limit 1

-- placement_why (repeatable) -> tenant sub_id meeting_id placed_at age node expected known_by more more_cut: the last placement of a meeting by any of its ids, of the
-- tenant $2, null: of any; none: it has no placement of this week.
select upper(t.slug) as tenant, s.sub_id, p.meeting_id, p.placed_at, extract(epoch from now() - p.placed_at)::int as age,
	p.why #>> '{nodes,0,node}' as node, p.expected, p.source as known_by, coalesce((p.why -> 'more')::boolean, false) as more,
	coalesce((p.why -> 'more_cut')::boolean, false) as more_cut
from {placement_found};

-- placement_why_nodes (repeatable) -> node people expected kept load cut: the nodes that placement_why's was chosen among, the least loaded first; then those that took no part.
select x.node, x.people, x.expected, x.kept, x.load, x.why as cut
from (select p.why from {placement_found}) w
cross join lateral (
	select 1 as part, a.ord, a.node, a.people, a.expected, a.kept, a.load, null as why
	from rows from (jsonb_to_recordset(w.why -> 'nodes') as (node text, people int, expected int, kept int, load double precision))
		with ordinality a (node, people, expected, kept, load, ord)
	union all
	select 2, c.ord, c.node, null, null, null, null, c.why
	from rows from (jsonb_to_recordset(w.why -> 'cut') as (node text, why text)) with ordinality c (node, why, ord)) x
order by x.part, x.ord;
