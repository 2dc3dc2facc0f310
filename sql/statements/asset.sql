-- piece assets_of_tenant
-- The kinds of the assets of t as one text for asset_listed.
(select string_agg(b.kind, ',') from b3lb.asset b where b.tenant_id = t.id)

-- columns asset: type name etag updated_at data
-- piece asset_columns
b.type, b.name, b.etag, floor(extract(epoch from b.updated_at))::bigint as updated_at, encode(b.data, 'hex') as data

-- asset_read (repeatable) -> @asset: one row, or none: tenant $1 has none of kind $2.
select {asset_columns} from b3lb.asset b where b.tenant_id = $1::int and b.kind = $2;

-- asset_version (repeatable) -> version: while it is the same every asset of every tenant and host name is.
select v.version from b3lb.tenant_version v;

-- asset_read_of (repeatable) -> @asset version: one row, or none: also where slug $1 and host $3 name different tenants. The version is
-- that of what was read.
select {asset_columns}, (select v.version from b3lb.tenant_version v) as version
from b3lb.tenant t
left join b3lb.tenant_alias a on a.host = $3
join b3lb.asset b on b.tenant_id = t.id and b.kind = $2
where t.slug = $1 and (a.tenant_id is null or a.tenant_id = t.id);

-- asset_remove (repeatable) -> done: one row, or none: there is no such asset.
delete from b3lb.asset a using b3lb.tenant t where t.id = a.tenant_id and t.slug = lower($1) and a.kind = $2
returning true as done;

-- asset_list (repeatable): a row an asset, for people; $1 null: of all tenants.
select upper(t.slug) as tenant, a.kind, a.type, a.name, length(a.data) as bytes, a.updated_at
from b3lb.asset a join b3lb.tenant t on t.id = a.tenant_id
where $1::text is null or t.slug = lower($1)
order by 1, 2;
