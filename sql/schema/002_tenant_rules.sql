-- A tenant's rules on parameters, and its branding.

create table b3lb.parameter (
	tenant_id int not null references b3lb.tenant on delete cascade,
	name text not null check (length(name) between 1 and 200),
	mode text not null check (mode in ('block', 'set', 'override', 'max', 'append')),
	value text,
	primary key (tenant_id, name)
);

create table b3lb.asset (
	tenant_id int not null references b3lb.tenant on delete cascade,
	kind text not null check (kind in ('slide', 'logo', 'css')),
	type text not null,
	name text not null,
	data bytea not null,
	etag text not null,
	updated_at timestamptz not null default now(),
	primary key (tenant_id, kind)
);
-- Images are compressed already.
alter table b3lb.asset alter column data set storage external;
