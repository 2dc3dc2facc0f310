-- Who did what: changes of the configuration and what was done by hand. Kept for audit_days.
create table if not exists b3lb.audit (
	id bigint generated always as identity primary key,
	at timestamptz not null default now(),
	actor text not null,           -- anna, token:terraform, cli:root(anna), poll
	via text not null check (via in ('console', 'api', 'cli', 'job')),
	remote_addr text,
	request_id text,
	object text not null,          -- node, tenant, secret, meeting, session, ...
	name text not null,
	tenant text,                   -- whose it is, in upper case, for who sees only that one
	done boolean not null default true, -- false: refused
	changes text not null default ''    -- lines of difference, separated by line breaks; never a secret
);
create index if not exists audit_at_idx on b3lb.audit (at);
create index if not exists audit_tenant_at_idx on b3lb.audit (tenant, at) where tenant is not null;
