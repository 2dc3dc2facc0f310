-- Where browsers join a node; what a tenant's create may hold, and what its answers say of the node.
alter table b3lb.node
	add if not exists join_url text; -- null: node_join_base of the configuration, or the API's
alter table b3lb.tenant
	add if not exists modules text not null default '*', -- of create's body that go on, separated by commas
	add if not exists show_node boolean not null default false;
