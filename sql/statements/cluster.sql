-- cluster_remove -> id: one row, or none: there is no such cluster. A foreign key refuses it while something is in it.
delete from b3lb.cluster where name = $1 returning id;

-- cluster_list (repeatable): a row a cluster, for people.
select c.name, c.load_a, c.load_m, c.cpu_iterations, c.cpu_max, c.sha,
	(select count(*) from b3lb.node n where n.cluster_id = c.id) as nodes
from b3lb.cluster c
order by c.name;
