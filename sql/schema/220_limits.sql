-- What a tenant's limits do, rules for all tenants, what is kept of meetings' learning analytics, and where nodes send what was learnt.

alter table b3lb.tenant
	-- What the limit of attendees refuses: who joins, or new meetings; warn: no limit refuses anything, it is only told.
	add if not exists limit_mode text not null default 'join' check (limit_mode in ('join', 'create', 'warn')),
	add if not exists analytics_days int not null default 0 check (analytics_days between 0 and 3650), -- 0: none are kept
	-- A learning record store (xAPI): a token, or user and password. null: none.
	add if not exists lrs_endpoint text check (lrs_endpoint ~ '^https?://.*/$'),
	add if not exists lrs_token text,
	add if not exists lrs_user text,
	add if not exists lrs_password text,
	add if not exists lrs_force boolean not null default false; -- a client's own does not count

-- Below those of each tenant, where one of the same name wins.
create table if not exists b3lb.parameter_all (
	name text primary key check (length(name) between 1 and 200),
	mode text not null check (mode in ('block', 'set', 'override', 'max', 'append')),
	value text
);
create or replace trigger changed after insert or update or delete or truncate on b3lb.parameter_all
	for each statement execute function b3lb.tenant_changed();

-- Personal data, for as many days as the tenant says now (b3lb.prune_analytics).
create table if not exists b3lb.analytics (
	id bigint generated always as identity primary key,
	tenant_id int not null references b3lb.tenant on delete cascade,
	secret_id int not null references b3lb.secret on delete cascade,
	nonce text not null,           -- of the session
	meeting_id text not null,      -- the client's; of a room that the node made its own
	node_meeting_id text,          -- null: of such a room
	internal_id text not null,
	received_at timestamptz not null default now(),
	body json not null,            -- as the client may see it
	unique (tenant_id, internal_id)
);
create index if not exists analytics_nonce on b3lb.analytics (nonce);
create index if not exists analytics_secret_id on b3lb.analytics (secret_id);
create index if not exists analytics_internal_id on b3lb.analytics (internal_id);
create index if not exists analytics_node_meeting_id on b3lb.analytics (node_meeting_id);
create index if not exists analytics_meeting_id on b3lb.analytics (meeting_id);
