-- Where browsers join a node; what a tenant's create may hold, and what its answers say of the node; recordings of a tenant that
-- is gone.
alter table b3lb.node
	add if not exists join_url text; -- null: node_join_base of the configuration, or the API's
alter table b3lb.tenant
	add if not exists modules text not null default '*', -- of create's body that go on, separated by commas
	add if not exists show_node boolean not null default false;

-- What is being deleted may be nobody's any more: the tenant need not wait for the cleanup.
alter table b3lb.record_set
	alter tenant_id drop not null,
	alter secret_id drop not null,
	drop constraint if exists record_set_owned,
	add constraint record_set_owned check (tenant_id is not null and secret_id is not null or status = 'DELETING') not valid;

-- Requests know this of a node too (205).
create or replace trigger changed after insert or delete or truncate or update of slug, cluster_id, secret, domain, url, load_url, join_url
	on b3lb.node for each statement execute function b3lb.tenant_changed();
