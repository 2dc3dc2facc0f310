-- columns node: id slug domain url load_url join_url secret sha online
-- piece node_columns
-- Of a node n of cluster c, for node_read.
n.id, n.slug, n.domain, n.url, n.load_url, n.join_url, n.secret, c.sha, n.online

-- node_known (repeatable) -> version @node: node $1 as it is under that number of b3lb.tenant_version; one row, or none: it is gone.
select (select v.version from b3lb.tenant_version v) as version, {node_columns}
from b3lb.node n join b3lb.cluster c on c.id = n.cluster_id
where n.id = $1::int;

-- node_remove -> done: one row, or none: there is no such node. A foreign key refuses it while meetings are mapped to it,
-- unless $2: they are over then.
select true as done where b3lb.remove_node(lower($1), $2::boolean);

-- node_list (repeatable): a row a node, for people; no secret. The load is -1 where nothing is placed.
select n.slug as node, c.name as cluster, n.state, n.drain_to, n.online, n.unsteady, round(b3lb.shown_load(n, c)::numeric, 1) as load,
	n.meetings + n.held_meetings as meetings, n.attendees, n.cpu, n.weight,
	array_to_string(n.tags, ',') as tags, n.reserved and n.tags <> '{}' as reserved, n.max_meetings, n.max_users,
	extract(epoch from now() - n.good_at)::int as good_poll_age, n.failures, n.hook_state as webhooks, n.error, coalesce(n.url, n.domain) as address, n.join_url
from b3lb.node n join b3lb.cluster c on c.id = n.cluster_id
order by n.slug;

-- node_meetings (repeatable) -> @node meeting meeting_id node_meeting_id tenant sub_id: node $1's confirmed meetings, or one row without; none:
-- there is no such node.
select {node_columns}, m.id as meeting, m.meeting_id, m.node_meeting_id, upper(t.slug) as tenant, s.sub_id
from b3lb.node n
join b3lb.cluster c on c.id = n.cluster_id
left join (b3lb.meeting m join b3lb.secret s on s.id = m.secret_id join b3lb.tenant t on t.id = s.tenant_id) on m.node_id = n.id and m.confirmed
where n.slug = lower($1)
order by m.id;
