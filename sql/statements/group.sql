-- group_remove -> id: one row, or none: there is no such group. A foreign key refuses it while a tenant uses it.
delete from b3lb.cluster_group where name = $1 returning id;

-- group_list (repeatable): a row a group, for people.
select g.name, (select string_agg(c.name, ', ' order by c.name) from b3lb.cluster_group_member m
		join b3lb.cluster c on c.id = m.cluster_id where m.group_id = g.id) as clusters,
	(select count(*) from b3lb.tenant t where t.group_id = g.id) as tenants
from b3lb.cluster_group g
order by g.name;
