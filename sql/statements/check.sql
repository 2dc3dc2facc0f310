-- check_server (repeatable) -> version version_number connections connections_max clock: one row; the clock in seconds since 1970.
select current_setting('server_version') as version, current_setting('server_version_num')::int as version_number,
	(select count(*) from pg_stat_activity where backend_type = 'client backend') as connections,
	current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int as connections_max,
	extract(epoch from clock_timestamp()) as clock;

-- check_nodes (repeatable) -> @node state error poll_age arrived_age late: a row a node.
-- A node's recordings are known by their meetings, for two days after the end.
select {node_columns}, n.state, n.error, extract(epoch from now() - n.good_at)::int as poll_age,
	(select extract(epoch from now() - max(r.uploaded_at))::int from b3lb.ended_meeting e
		join b3lb.record_set r on r.id = e.record_set_id where e.node_id = n.id) as arrived_age,
	(select count(*) from b3lb.ended_meeting e join b3lb.record_set r on r.id = e.record_set_id
		where e.node_id = n.id and r.status = 'WAITING' and r.marks and e.ended_at < now() - interval '2 hours') as late
from b3lb.node n join b3lb.cluster c on c.id = n.cluster_id
order by n.slug;

-- check_clusters (repeatable) -> name load_m people: clusters where a meeting weighs something besides its attendees: as much as so many.
select c.name, c.load_m, round((c.load_m / c.load_a)::numeric, 1) as people from b3lb.cluster c
where c.load_m > 0 and c.load_a > 0 order by c.name;

-- check_jobs (repeatable) -> name state host message started_ago good_ago late severe: a row a job.
select name, state, host, message, started_ago, good_ago, late, severity = 'error' as severe from b3lb.job_states();

-- check_tags (repeatable) -> tenant message: a row for each tag that a tenant may ask for in vain, and each tenant that must ask for one.
select upper(t.slug) as tenant, 'may ask for tag ' || x || ', which no node of its group has' as message
from b3lb.tenant t cross join unnest(t.tags) x
where x not in ('*', 'none') and not exists (
	select from b3lb.cluster_group_member g join b3lb.node n on n.cluster_id = g.cluster_id
	where g.group_id = t.group_id and b3lb.has_tag(n, array[x]))
union all
select upper(t.slug), 'each node of its group is reserved: a meeting that asks for no tag is placed nowhere; b3lb-admin node set --reserved off, '
	'or a rule for meta_server-tag'
from b3lb.tenant t
where exists (select from b3lb.cluster_group_member g join b3lb.node n on n.cluster_id = g.cluster_id where g.group_id = t.group_id)
	and not exists (
		select from b3lb.cluster_group_member g join b3lb.node n on n.cluster_id = g.cluster_id
		where g.group_id = t.group_id and b3lb.has_tag(n, array['none']))
	and not exists (
		select from json_array_elements({rules_of_tenant}) r
		where lower(r ->> 0) = 'meta_server-tag' and r ->> 1 in ('set', 'override'))
order by 1, 2;

-- check_lrs (repeatable) -> tenants: those whose LRS nothing opens, separated by commas; null: there is none.
select string_agg(upper(t.slug), ', ' order by t.slug) as tenants from b3lb.tenant t where t.lrs_endpoint is not null and {lrs_of_tenant} is null;

-- check_client (repeatable) -> slug sub_id secret stats_token nonce: the first secret, and a video that is served; none: there is no secret.
select t.slug, s.sub_id, s.secret, t.stats_token,
	(select v.nonce from b3lb.record v join b3lb.record_set r on r.id = v.record_set_id
		where v.kind = 'video' and v.listed and r.state = 'published' and not r.protected order by v.id desc limit 1) as nonce
from b3lb.secret s join b3lb.tenant t on t.id = s.tenant_id
order by t.id, s.sub_id limit 1;
