-- columns node: id slug domain url load_url secret sha online
-- piece node_columns
-- Of a node n of cluster c, for node_read.
n.id, n.slug, n.domain, n.url, n.load_url, n.secret, c.sha, n.online

-- node_add -> id: one row, or none: there is no such cluster. With defaults: node_set follows in the same transaction.
insert into b3lb.node (slug, cluster_id, secret) select lower($1), c.id, $3 from b3lb.cluster c where c.name = $2 returning id;

-- node_set (repeatable) -> id: one row, or none: there is no such node or cluster. What is null stays, '' takes an address away.
update b3lb.node n
set cluster_id = coalesce(c.id, n.cluster_id), secret = coalesce($3, n.secret), domain = nullif(coalesce($4, n.domain), ''),
	url = nullif(coalesce($5, n.url), ''), load_url = nullif(coalesce($6, n.load_url), ''),
	weight = coalesce($7::float8, n.weight)
from (select 1) one left join b3lb.cluster c on c.name = $2
where n.slug = lower($1) and ($2::text is null or c.id is not null)
returning n.id;

-- node_set_state (repeatable) -> id: one row, or none: there is no such node.
update b3lb.node set state = $2 where slug = lower($1) returning id;

-- node_remove -> done: one row, or none: there is no such node. A foreign key refuses it while meetings are mapped to it,
-- unless $2: they are over then.
select true as done where b3lb.remove_node(lower($1), $2::boolean);

-- node_list (repeatable): a row a node, for people; no secret.
select n.slug as node, c.name as cluster, n.state, n.online, n.unsteady, round(b3lb.node_load(n, c)::numeric, 1) as load,
	n.meetings + n.held_meetings as meetings, n.attendees, n.cpu, n.weight,
	extract(epoch from now() - n.good_at)::int as good_poll_age, n.failures, n.hook_state as webhooks, n.error, coalesce(n.url, n.domain) as address
from b3lb.node n join b3lb.cluster c on c.id = n.cluster_id
order by n.slug;
