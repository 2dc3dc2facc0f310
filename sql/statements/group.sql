-- group_add -> id: one row.
insert into b3lb.cluster_group (name) values ($1) returning id;

-- group_remove -> id: one row, or none: there is no such group. A foreign key refuses it while a tenant uses it.
delete from b3lb.cluster_group where name = $1 returning id;

-- group_attach (repeatable) -> done: one row, or none: there is no such group or cluster.
insert into b3lb.cluster_group_member (group_id, cluster_id)
select g.id, c.id from b3lb.cluster_group g, b3lb.cluster c where g.name = $1 and c.name = $2
on conflict (group_id, cluster_id) do update set cluster_id = excluded.cluster_id
returning true as done;

-- group_detach -> done: one row, or none: there is no such cluster in that group.
delete from b3lb.cluster_group_member m using b3lb.cluster_group g, b3lb.cluster c
where m.group_id = g.id and m.cluster_id = c.id and g.name = $1 and c.name = $2
returning true as done;

-- group_list (repeatable): a row a group, for people.
select g.name, (select string_agg(c.name, ', ' order by c.name) from b3lb.cluster_group_member m
		join b3lb.cluster c on c.id = m.cluster_id where m.group_id = g.id) as clusters,
	(select count(*) from b3lb.tenant t where t.group_id = g.id) as tenants
from b3lb.cluster_group g
order by g.name;
