-- Protected recordings: who asks for the list gets an address that opens once, and a session that lasts for a viewing.

alter table b3lb.tenant
	-- on: its platforms may protect recordings; always: new ones are from the beginning
	add protected text not null default 'off' check (protected in ('off', 'on', 'always'));
alter table b3lb.record_set
	add protected boolean not null default false,
	add ticket_key text not null default replace(gen_random_uuid()::text, '-', ''); -- tickets of the set are signed with it

-- A ticket that was used, by the SHA-256 of its text. It is kept until it would have run out anyway.
create table b3lb.record_ticket (
	hash text primary key,
	used_at timestamptz not null default now(),
	expires_at timestamptz not null
);
create index on b3lb.record_ticket (expires_at);

-- What a ticket has opened, by the SHA-256 of the word that stands in the path of all that is watched.
create table b3lb.record_session (
	hash text primary key,
	record_id bigint not null references b3lb.record on delete cascade,
	expires_at timestamptz not null
);
create index on b3lb.record_session (expires_at);
create index on b3lb.record_session (record_id);

drop function if exists b3lb.list_recordings(int, int, text[], text[], text[], jsonb, text[], text[], int, bigint);
