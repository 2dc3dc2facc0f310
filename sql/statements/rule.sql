-- piece rules_of_tenant
-- The rules of t as one text for rule_read: its own, and those for all tenants whose names it has no rule of.
(select json_agg(json_build_array(r.name, r.mode, coalesce(r.value, ''))) from (
	select p.name, p.mode, p.value from b3lb.parameter p where p.tenant_id = t.id
	union all
	select a.name, a.mode, a.value from b3lb.parameter_all a
	where not exists (select 1 from b3lb.parameter p where p.tenant_id = t.id
		and (p.name = a.name or left(a.name, 5) = 'meta_' and lower(p.name) = lower(a.name)))) r)

-- rule_remove (repeatable) -> done: one row, or none: there is no such rule. $1 *: of all tenants.
with own as (delete from b3lb.parameter p using b3lb.tenant t where t.id = p.tenant_id and t.slug = lower($1) and p.name = $2 returning true),
	common as (delete from b3lb.parameter_all where $1 = '*' and name = $2 returning true)
select true as done from own union all select true from common;

-- rule_list (repeatable): a row a rule, for people; $1 null: all, *: those for all tenants.
select r.tenant, r.name, r.mode, r.value
from (select upper(t.slug) as tenant, p.name, p.mode, p.value from b3lb.parameter p join b3lb.tenant t on t.id = p.tenant_id
	union all select '*', a.name, a.mode, a.value from b3lb.parameter_all a) r
where $1::text is null or r.tenant = upper($1)
order by 1, 2;
