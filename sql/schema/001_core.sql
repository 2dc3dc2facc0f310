-- Clusters, nodes, tenants, secrets and the mapping of meetings to nodes.

create table b3lb.cluster (
	id int generated always as identity primary key,
	name text not null unique check (name ~ '^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$'),
	load_a double precision not null default 1 check (load_a >= 0 and load_a < 'infinity'),
	load_m double precision not null default 30 check (load_m >= 0 and load_m < 'infinity'),
	cpu_iterations int not null default 6 check (cpu_iterations between 0 and 32),
	cpu_max double precision not null default 5000 check (cpu_max >= 0 and cpu_max < 'infinity'),
	sha text not null default 'sha256' check (sha in ('sha1', 'sha256', 'sha384', 'sha512'))
);

create table b3lb.cluster_group (
	id int generated always as identity primary key,
	name text not null unique check (name ~ '^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$')
);

create table b3lb.cluster_group_member (
	group_id int not null references b3lb.cluster_group on delete cascade,
	cluster_id int not null references b3lb.cluster,
	primary key (group_id, cluster_id)
);
create index on b3lb.cluster_group_member (cluster_id);

-- The columns behind "what the poll found" change every few seconds: fillfactor keeps those updates inside their page.
create table b3lb.node (
	id int generated always as identity primary key,
	slug text not null unique check (slug ~ '^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$'),
	cluster_id int not null references b3lb.cluster,
	secret text not null check (secret <> ''),
	domain text,
	url text,
	load_url text,
	weight double precision not null default 1 check (weight > 0 and weight < 'infinity'),
	state text not null default 'enabled' check (state in ('enabled', 'draining', 'maintenance')),
	created_at timestamptz not null default now(),
	-- what the poll found
	online boolean not null default false,
	failures int not null default 0,
	successes int not null default 0,
	attendees int not null default 0,
	meetings int not null default 0,
	cpu int not null default 0,
	cpu_load double precision not null default 0,
	polled_at timestamptz,
	good_at timestamptz,
	good_started_at timestamptz,
	error text,
	-- meetings that the last good poll did not count yet, and the attendees that young meetings are expected to get
	held_meetings int not null default 0,
	held_attendees double precision not null default 0,
	-- a poller has this node in its hands until then
	claimed_until timestamptz
) with (fillfactor = 50);
create index on b3lb.node (cluster_id);

create table b3lb.tenant (
	id int generated always as identity primary key,
	slug text not null unique check (slug ~ '^[a-z][a-z0-9]{1,31}$'),
	description text not null default '',
	group_id int not null references b3lb.cluster_group,
	attendee_limit int not null default 0 check (attendee_limit >= 0),
	meeting_limit int not null default 0 check (meeting_limit >= 0),
	recording boolean not null default true,
	hold_days int not null default 0 check (hold_days >= 0),
	error_status text check (error_status in ('http', 'bbb')),
	stats_token text not null default replace(gen_random_uuid()::text, '-', ''),
	created_at timestamptz not null default now()
);

create table b3lb.tenant_alias (
	host text primary key check (host ~ '^[a-z0-9.-]{1,253}$'),
	tenant_id int not null references b3lb.tenant on delete cascade
);
create index on b3lb.tenant_alias (tenant_id);

create table b3lb.secret (
	id int generated always as identity primary key,
	tenant_id int not null references b3lb.tenant on delete cascade,
	sub_id int not null default 0 check (sub_id between 0 and 999),
	secret text not null check (secret <> ''),
	secret2 text check (secret2 <> ''),
	description text not null default '',
	attendee_limit int not null default 0 check (attendee_limit >= 0),
	meeting_limit int not null default 0 check (meeting_limit >= 0),
	recording boolean not null default true,
	hold_days int not null default 0 check (hold_days >= 0),
	stats_token text not null default replace(gen_random_uuid()::text, '-', ''),
	created_at timestamptz not null default now(),
	unique (tenant_id, sub_id)
);

create table b3lb.meeting (
	id bigint generated always as identity primary key,
	tenant_id int not null references b3lb.tenant,
	secret_id int not null references b3lb.secret,
	meeting_id text not null,      -- the client's
	node_id int not null references b3lb.node,
	node_meeting_id text not null unique, -- ours, on the node
	nonce text not null unique default replace(gen_random_uuid()::text, '-', ''),
	name text not null,
	created_at timestamptz not null default now(),
	-- creates under way; the last one that fails drops a row that none confirmed
	creators int not null default 1,
	confirmed boolean not null default false,
	confirmed_at timestamptz,
	internal_id text,
	create_time bigint,
	expected int not null default 0,
	-- where it was, while a create places a meeting of an offline node anew
	was_node_id int references b3lb.node,
	was_node_meeting_id text,
	-- what the poll found
	seen boolean not null default false,
	attendees int not null default 0,
	listeners int not null default 0,
	voices int not null default 0,
	videos int not null default 0,
	moderators int not null default 0,
	running boolean not null default false,
	fragment text,                 -- its <meeting> for getMeetings
	unique (secret_id, meeting_id)
) with (fillfactor = 80);
create index on b3lb.meeting (tenant_id, meeting_id);
create index on b3lb.meeting (node_id);
create index on b3lb.meeting (was_node_id) where was_node_id is not null;
create index on b3lb.meeting (internal_id) where internal_id is not null;

-- What a getMeetings list does not show yet. Only inserted, so that creates of one secret do not wait for each other.
create table b3lb.meeting_change (
	secret_id int not null references b3lb.secret on delete cascade,
	xid xid8 not null default pg_current_xact_id(),
	changed_at timestamptz not null default now()
);
create index on b3lb.meeting_change (secret_id, changed_at);

-- The answer to getMeetings, and the snapshot that it was read in.
create table b3lb.meeting_list (
	secret_id int primary key references b3lb.secret on delete cascade,
	xml text not null,
	meetings int not null,
	snapshot pg_snapshot not null,
	built_at timestamptz not null default now()
);
-- Sent as it is: compressing costs more than it saves.
alter table b3lb.meeting_list alter column xml set storage external;

create table b3lb.job (
	name text primary key,
	host text not null,
	started_at timestamptz not null default now(),
	finished_at timestamptz,
	good_at timestamptz,
	message text,
	-- a job that one host at a time may run
	lease text,
	lease_until timestamptz
);
