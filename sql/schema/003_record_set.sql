-- The record set that a recorded meeting's files arrive for, and what a meeting is called back about.

create table b3lb.record_set (
	id bigint generated always as identity primary key,
	nonce text not null unique default replace(gen_random_uuid()::text, '-', ''), -- what the node's upload names
	tenant_id int not null references b3lb.tenant,
	secret_id int not null references b3lb.secret,
	meeting_id text not null,      -- the client's
	name text not null,
	record_id text,                -- the meeting's internal id: the recordID that clients know
	status text not null default 'WAITING'
		check (status in ('WAITING', 'UPLOADED', 'RENDERING', 'RENDERED', 'FAILED', 'DELETING')),
	created_at timestamptz not null default now(),
	ended_at timestamptz,
	marks boolean                  -- recordingmarks of the end callback; null: not known
);
create index on b3lb.record_set (record_id);

alter table b3lb.meeting
	add record_set_id bigint references b3lb.record_set on delete set null,
	-- the client's own values of parameters that go to the node changed or not at all: {"name": "value"}
	add own_params jsonb not null default '{}';
create index on b3lb.meeting (record_set_id) where record_set_id is not null;
