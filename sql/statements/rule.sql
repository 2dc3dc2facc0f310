-- piece rules_of_tenant
-- The rules of t as one text for rule_read.
(select json_agg(json_build_array(p.name, p.mode, coalesce(p.value, ''))) from b3lb.parameter p where p.tenant_id = t.id)

-- rule_remove (repeatable) -> done: one row, or none: there is no such rule.
delete from b3lb.parameter p using b3lb.tenant t where t.id = p.tenant_id and t.slug = lower($1) and p.name = $2
returning true as done;

-- rule_list (repeatable): a row a rule, for people; $1 null: of all tenants.
select upper(t.slug) as tenant, p.name, p.mode, p.value
from b3lb.parameter p join b3lb.tenant t on t.id = p.tenant_id
where $1::text is null or t.slug = lower($1)
order by 1, 2;
