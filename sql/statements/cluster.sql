-- cluster_add -> id: one row. With defaults: cluster_set follows in the same transaction.
insert into b3lb.cluster (name) values ($1) returning id;

-- cluster_set (repeatable) -> id: one row, or none: there is no such cluster. What is null stays.
update b3lb.cluster
set load_a = coalesce($2::float8, load_a), load_m = coalesce($3::float8, load_m), cpu_iterations = coalesce($4::int, cpu_iterations),
	cpu_max = coalesce($5::float8, cpu_max), sha = coalesce($6, sha)
where name = $1
returning id;

-- cluster_remove -> id: one row, or none: there is no such cluster. A foreign key refuses it while something is in it.
delete from b3lb.cluster where name = $1 returning id;

-- cluster_list (repeatable): a row a cluster, for people.
select c.name, c.load_a, c.load_m, c.cpu_iterations, c.cpu_max, c.sha,
	(select count(*) from b3lb.node n where n.cluster_id = c.id) as nodes
from b3lb.cluster c
order by c.name;
