-- Webhooks: who is told what, what waits for delivery, and what nodes have sent already.

create table if not exists b3lb.hook (
	id int generated always as identity primary key,
	secret_id int not null references b3lb.secret on delete cascade,
	callback_url text not null check (length(callback_url) between 1 and 2048),
	meeting_id text not null default '', -- the client's; '': of every meeting
	events text[],                 -- null: every event
	permanent boolean not null default false, -- the administrator's: no client destroys it, and no failure
	created_at timestamptz not null default now(),
	failing_since timestamptz,     -- null: its last event was taken
	error text,                    -- why not
	last_timestamp bigint not null default 0 -- ms, of the last event that was sent: the next one's is greater
);
-- One of a kind; by a digest, since an index takes no text of that length. No URL holds a blank.
create unique index if not exists hook_once on b3lb.hook (secret_id, md5(callback_url || ' ' || meeting_id));

-- The outbox: at most a day old, at most some thousands of a hook (b3lb.hook_prune).
create table if not exists b3lb.hook_event (
	id bigint generated always as identity primary key,
	hook_id int not null references b3lb.hook on delete cascade,
	lane text collate "C" not null, -- the meeting's internal id: a lane's events go out one by one, in the order of ts
	ts bigint not null,            -- ms
	name text not null,
	own boolean not null default false, -- made here: the node's of that name takes its place while it waits
	body text not null,            -- the event without the list around it
	link text,                     -- of a recording, below our URL
	stamp bigint,                  -- the timestamp that it goes out with each time; null: it was not sent yet
	tries int not null default 0,
	created_at timestamptz not null default clock_timestamp(),
	next_at timestamptz not null,
	claimed_until timestamptz
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.2);
create index if not exists hook_event_lane on b3lb.hook_event (hook_id, lane, ts, id);

-- What was told once and must not be again, by its SHA-256.
create table if not exists b3lb.hook_seen (
	digest bytea primary key,
	until timestamptz not null
);
create index if not exists hook_seen_until on b3lb.hook_seen (until);

-- A room that a node has made for a meeting whose tenant has hooks; kept two days.
create table if not exists b3lb.hook_room (
	node_id int not null references b3lb.node on delete cascade,
	internal_id text not null,
	external_id text not null,
	secret_id int not null references b3lb.secret on delete cascade,
	own_params jsonb not null,     -- of the meeting
	created_at timestamptz not null default now(),
	primary key (node_id, internal_id)
);
create index if not exists hook_room_secret_id on b3lb.hook_room (secret_id);
create index if not exists hook_room_created_at on b3lb.hook_room (created_at);

alter table b3lb.node
	add if not exists hook_nonce text not null default replace(gen_random_uuid()::text, '-', ''), -- its webhooks call us by it
	add if not exists hook_state text not null default 'unknown' check (hook_state in ('unknown', 'on', 'absent', 'refused')),
	add if not exists hook_at timestamptz,       -- when it was asked last, whatever it said
	add if not exists hook_weak boolean not null default false; -- its events bear a signature that covers nothing of them
create unique index if not exists node_hook_nonce on b3lb.node (hook_nonce);

-- How events for it are signed.
alter table b3lb.tenant
	add if not exists hook_auth text not null default 'checksum' check (hook_auth in ('checksum', 'bearer')),
	add if not exists hook_sha text not null default 'sha1' check (hook_sha in ('sha1', 'sha256', 'sha384', 'sha512'));

alter table b3lb.ended_meeting
	add if not exists internal_id text;
create index if not exists ended_meeting_internal_id on b3lb.ended_meeting (internal_id);
create index if not exists ended_meeting_node_meeting_id on b3lb.ended_meeting (node_meeting_id);
