-- tenant_add -> id: one row, or none: there is no such group.
insert into b3lb.tenant (slug, group_id, description, attendee_limit, meeting_limit, hold_days, recording, error_status, stats_token)
select lower($1), g.id, coalesce($3, ''), coalesce($4::int, 0), coalesce($5::int, 0), coalesce($6::int, 0), coalesce($7 = 'on', true),
	nullif($8, 'default'), coalesce($9, replace(gen_random_uuid()::text, '-', ''))
from b3lb.cluster_group g where g.name = $2
returning id;

-- tenant_set (repeatable) -> id: one row, or none: there is no such tenant or group. What is null stays.
update b3lb.tenant t
set group_id = coalesce(g.id, t.group_id), description = coalesce($3, t.description),
	attendee_limit = coalesce($4::int, t.attendee_limit), meeting_limit = coalesce($5::int, t.meeting_limit),
	hold_days = coalesce($6::int, t.hold_days), recording = coalesce($7 = 'on', t.recording),
	error_status = nullif(coalesce($8, t.error_status), 'default'), stats_token = coalesce($9, t.stats_token)
from (select 1) one left join b3lb.cluster_group g on g.name = $2
where t.slug = lower($1) and ($2::text is null or g.id is not null)
returning t.id;

-- tenant_remove -> id: one row, or none: there is no such tenant. A foreign key refuses it while something is in use.
delete from b3lb.tenant where slug = lower($1) returning id;

-- piece tenant_list_columns
upper(t.slug) as tenant, g.name as group, t.description, t.meeting_limit, t.attendee_limit, t.recording, t.hold_days, t.error_status,
(select count(*) from b3lb.secret s where s.tenant_id = t.id) as secrets,
(select count(*) from b3lb.meeting m where m.tenant_id = t.id) as meetings,
(select coalesce(sum(m.attendees), 0) from b3lb.meeting m where m.tenant_id = t.id) as attendees,
(select string_agg(a.host, ', ' order by a.host) from b3lb.tenant_alias a where a.tenant_id = t.id) as aliases

-- tenant_list (repeatable): a row a tenant, for people.
select {tenant_list_columns} from b3lb.tenant t join b3lb.cluster_group g on g.id = t.group_id order by t.slug;

-- tenant_show (repeatable): one row with everything, or none: there is no such tenant.
select {tenant_list_columns}, t.stats_token from b3lb.tenant t join b3lb.cluster_group g on g.id = t.group_id where t.slug = lower($1);

-- tenant_alias_add: one row, or none: there is no such tenant. A unique key refuses a host that is another's.
insert into b3lb.tenant_alias (host, tenant_id) select lower($2), id from b3lb.tenant where slug = lower($1) returning 1;

-- tenant_alias_remove: one row, or none: the tenant has no such alias.
delete from b3lb.tenant_alias a using b3lb.tenant t where t.id = a.tenant_id and t.slug = lower($1) and a.host = lower($2) returning 1;

-- tenant_own_hosts (repeatable) -> host slug: an alias below the base domain $2 whose label would be the new tenant's $1, or one of its sub ids'.
select a.host, upper(t.slug) as slug from b3lb.tenant_alias a join b3lb.tenant t on t.id = a.tenant_id
where right(a.host, length($2) + 1) = '.' || lower($2) and left(a.host, -length($2) - 1) ~ ('^' || lower($1) || '(-[0-9]{1,3})?$')
order by 1 limit 1;
