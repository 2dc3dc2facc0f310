-- What takes a state in is in sql/functions/90_state.sql; $1 is the document without the assets, which are long.

-- state_read (repeatable) -> doc: $1: with the assets' bytes.
select b3lb.state_read($1::boolean) as doc;

-- state_clusters: clusters, groups and profiles.
select b3lb.state_take_clusters($1::jsonb);

-- state_complaint -> complaint: null: nothing.
select b3lb.state_complaint($1::jsonb) as complaint;

-- state_nodes: nodes, and the clusters of groups.
select b3lb.state_take_nodes($1::jsonb);

-- state_tenants: tenants with their host names and rules.
select b3lb.state_take_tenants($1::jsonb);

-- state_new_secrets -> tenant sub_id: those for which there is no text.
select tenant, sub_id from b3lb.state_new_secrets($1::jsonb);

-- state_secrets: secrets and their profiles.
select b3lb.state_take_secrets($1::jsonb);

-- state_asset: $5 is base64. An asset that is the same stays as it is, with its time.
insert into b3lb.asset (tenant_id, kind, type, name, data, etag)
select id, $2, $3, $4, decode($5, 'base64'), left(encode(sha256(decode($5, 'base64')), 'hex'), 32)
from b3lb.tenant where slug = lower($1)
on conflict (tenant_id, kind) do update
set type = excluded.type, name = excluded.name, data = excluded.data, etag = excluded.etag, updated_at = now()
where asset.etag <> excluded.etag or asset.name <> excluded.name or asset.type <> excluded.type;
