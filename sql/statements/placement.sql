-- placement_place -> result meeting node_meeting_id parent_internal_id nonce record_nonce client_id asked at_limit tag @node: no row when version $11 is another now.
-- Not repeatable: it counts the creator. $7: a parent meeting, by either id; $10: a hint of attendees, 0: none; $11 0: any version.
-- $12: bytes that the node's list will show of it, $13: at most of the tenant's on one node.
select p.result, p.meeting, p.node_meeting_id, par.internal_id as parent_internal_id, p.nonce, p.record_nonce, p.client_id,
	p.asked, p.at_limit, b3lb.given_tag(n, $1::int, p.asked) as tag, {node_columns}
from b3lb.tenant_version v
left join lateral (
	select x.node_id, x.internal_id from b3lb.meeting x
	where x.secret_id = $1::int and (x.internal_id = $7 or x.meeting_id = $7) and x.confirmed
	order by x.meeting_id = $7 desc limit 1) par on true
cross join lateral b3lb.place_create($1::int, $2, $3, $4::int, nullif($10::int, 0), $5, $6::int[], par.node_id,
	$8::boolean, $9::jsonb, $12::int, $13::int, $9::jsonb ->> 'meta_server-tag') p
left join b3lb.node n on n.id = p.node
left join b3lb.cluster c on c.id = n.cluster_id
where $11::bigint in (0, v.version);

-- placement_confirm (repeatable) -> kept: false when it moved or is gone.
select b3lb.confirm_meeting($1::bigint, $2, $3, $4::bigint, $5, $6, $7::jsonb, $8::boolean) as kept;

-- placement_drop: one row.
select b3lb.drop_placement($1::bigint, $2);
