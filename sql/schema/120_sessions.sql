-- A session has a record set and a nonce of its own; what a list of meetings shows is bounded by tenant; rooms that a node makes
-- can be asked for; nodes whose answers can be read in part only.

alter table b3lb.meeting
	drop column if exists ends_due,
	-- what the node is given with a create while the meeting runs: the next session's, when it turns out to be one
	add column next_nonce text not null default replace(gen_random_uuid()::text, '-', ''),
	add column next_record_nonce text not null default replace(gen_random_uuid()::text, '-', ''),
	-- while a create places a meeting of an offline node anew
	add column was_own_params jsonb,
	add column was_name text,
	-- bytes of its client's parameters that the node's getMeetings shows
	add column shown int not null default 0,
	-- rooms that the node made for it: {"id": "internal id"}, each by both of its ids
	add column rooms jsonb;
create unique index meeting_next_nonce on b3lb.meeting (next_nonce);
create index meeting_was_nonce on b3lb.meeting (was_nonce) where was_nonce is not null;
create index meeting_rooms on b3lb.meeting using gin (rooms) with (fastupdate = off) where rooms is not null;

alter table b3lb.node
	add column unsteady boolean not null default false; -- its last answer could be read in part only: error says why

drop function if exists b3lb.place_create(int, text, text, int, int, text, int[], int, boolean, jsonb);
drop function if exists b3lb.confirm_meeting(bigint, text, text, bigint, text);
drop function if exists b3lb.poll_good(int, timestamptz, int, int, int, int, text[], text[], int[], int[], int[], int[], int[],
	boolean[], text[]);
drop function if exists b3lb.remove_node(text);
