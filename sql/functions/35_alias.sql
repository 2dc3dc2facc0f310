-- Additional host names of tenants beside the names that all tenants have below the base domain.

-- What is wrong with the aliases that are there; null: nothing. An alias must be neither the base domain, nor the host of the console
-- (p_admin), nor another tenant's own name, with a sub id or without: the others would be shut out.
create or replace function b3lb.alias_complaint(p_base text, p_admin text) returns text language sql stable as $$
	with alias as (select a.host, t.slug from b3lb.tenant_alias a join b3lb.tenant t on t.id = a.tenant_id)
	select complaint from (
		select a.host, a.host || ' is the base domain, which all tenants use' as complaint
		from alias a where a.host = lower(p_base)
		union all
		select a.host, a.host || ' is the host of the console: it cannot be an alias of tenant ' || upper(a.slug)
		from alias a where a.host = lower(p_admin) and a.host <> lower(p_base)
		union all
		select a.host, a.host || ' is an alias of tenant ' || upper(a.slug) || ', and a host name of tenant ' || upper(o.slug)
		from alias a join b3lb.tenant o on o.slug <> a.slug
			and o.slug = substring(left(a.host, -length(p_base) - 1) from '^([a-z][a-z0-9]{1,31})(?:-[0-9]{1,3})?$')
		where right(a.host, length(p_base) + 1) = '.' || lower(p_base)) c
	order by host limit 1;
$$;
