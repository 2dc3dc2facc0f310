-- What b3lb-manage shows beside the configuration.

-- columns manage_live: name live

-- manage_live_clusters (repeatable) -> @manage_live: a row a cluster; $1 is not looked at. Its nodes by health, and their mean load.
select c.name, json_build_object(
	'nodes', (select coalesce(json_object_agg(x.health, x.count), '{}')
		from (select b3lb.node_health(n) as health, count(*) from b3lb.node n where n.cluster_id = c.id group by 1) x),
	'load', (select round(avg(nullif(b3lb.shown_load(n, c), -1))::numeric, 1)::float8 from b3lb.node n where n.cluster_id = c.id)) as live
from b3lb.cluster c where $1::text is null;

-- manage_live_secrets (repeatable) -> @manage_live: a row a secret of tenant $1, by the last rollup.
select s.sub_id::text as name,
	json_build_object('meetings', coalesce(x.meetings, 0), 'attendees', coalesce(x.attendees, 0)) as live
from b3lb.secret s join b3lb.tenant t on t.id = s.tenant_id left join b3lb.stats x on x.secret_id = s.id
where t.slug = lower($1);

-- manage_node (repeatable) -> @node: one row, or none: there is no node $1.
select {node_columns} from b3lb.node n join b3lb.cluster c on c.id = n.cluster_id where n.slug = lower($1);

-- manage_secret (repeatable) -> secret secret2 stats_token: one row, or none: tenant $1 has no secret of sub id $2.
select s.secret, s.secret2, s.stats_token from b3lb.secret s, b3lb.tenant t where {secret_named};

-- manage_assets (repeatable) -> items: one row, or none: there is no tenant $1. Its branding, a JSON object each.
select coalesce((select json_agg(json_build_object('kind', a.kind, 'type', a.type, 'name', a.name, 'size', length(a.data),
		'url', '/b3lb/t/' || t.slug || '/' || a.kind) order by a.kind)
	from b3lb.asset a where a.tenant_id = t.id), '[]') as items
from b3lb.tenant t where t.slug = lower($1);

-- manage_cluster_sha (repeatable) -> sha: one row, or none: there is no cluster $1.
select sha from b3lb.cluster where name = $1;
