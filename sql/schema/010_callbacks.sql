-- Callbacks to clients, and what is still known of a meeting that ended.

drop function if exists b3lb.place_meeting(int, text, text, int, text, int[], int);

alter table b3lb.meeting
	-- while a create places a meeting of an offline node anew
	add was_nonce text,
	add was_record_set_id bigint references b3lb.record_set on delete set null;
create index on b3lb.meeting (was_record_set_id) where was_record_set_id is not null;

create table b3lb.ended_meeting (
	nonce text primary key,
	secret_id int not null references b3lb.secret on delete cascade,
	node_id int not null references b3lb.node on delete cascade,
	meeting_id text not null,      -- the client's
	node_meeting_id text not null,
	record_set_id bigint references b3lb.record_set on delete set null,
	own_params jsonb not null,
	ended_at timestamptz not null default now(),
	tell_at timestamptz            -- the client hears of the end then at the latest; null: nothing to tell (any more)
);
create index on b3lb.ended_meeting (secret_id);
create index on b3lb.ended_meeting (node_id);
create index on b3lb.ended_meeting (ended_at);
create index on b3lb.ended_meeting (tell_at) where tell_at is not null;
create index on b3lb.ended_meeting (record_set_id) where record_set_id is not null;

-- The outbox. How each kind is sent and signed stands with the job.
create table b3lb.callback (
	id bigint generated always as identity primary key,
	secret_id int not null references b3lb.secret on delete cascade,
	kind text not null check (kind in ('end', 'ended', 'analytics', 'ready')),
	url text not null,
	body text not null default '',
	state text not null default 'waiting' check (state in ('waiting', 'delivered', 'failed')),
	created_at timestamptz not null default now(),
	next_at timestamptz not null default now(),
	attempts int not null default 0,
	claimed_until timestamptz,
	finished_at timestamptz,
	error text
);
create index on b3lb.callback (secret_id);
create index on b3lb.callback (next_at) where state = 'waiting';
create index on b3lb.callback (finished_at) where state <> 'waiting';
