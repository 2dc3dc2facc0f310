-- Accounting: people times time of each session, summed up for each month. Numbers only; no person is kept.

-- Written when the poll writes the meeting anyway: one that stays as it is costs nothing.
alter table b3lb.meeting
	add attendee_seconds double precision not null default 0, -- of its session until counted_at
	add counted_at timestamptz,    -- since when there are as many as attendees says; null: nothing was seen yet
	add was_peak int;              -- while a create places a meeting of an offline node anew

update b3lb.meeting set counted_at = now() where confirmed and seen;

-- A session that is over. Names as text: what was used stays used when a tenant, a secret or a node is gone.
create table b3lb.usage_session (
	id bigint generated always as identity primary key,
	tenant text not null,
	sub_id int not null,
	meeting_id text not null,      -- the client's
	internal_id text,
	name text not null,            -- '' when names are not kept
	node text not null,
	started_at timestamptz not null,
	ended_at timestamptz not null,
	peak int not null,
	attendee_seconds bigint not null,
	recorded boolean not null,     -- it could be; whether somebody began to is a matter of the recording
	counted boolean not null default false -- it is in usage_month
);
create index on b3lb.usage_session (tenant, started_at);
create index on b3lb.usage_session (started_at);
create index usage_session_new on b3lb.usage_session (id) where not counted;

-- Kept for ever. sub_id -1: the tenant as a whole, for its peaks only: they do not add up. What else there is stands with the secrets.
create table b3lb.usage_month (
	month date not null,           -- its first day, in the zone of time_zone
	tenant text not null,
	sub_id int not null,
	meetings bigint not null default 0,
	meeting_seconds bigint not null default 0,
	attendee_seconds bigint not null default 0,
	peak_meetings int not null default 0,
	peak_attendees int not null default 0,
	joined bigint not null default 0,
	refused bigint not null default 0,
	recordings bigint not null default 0,      -- that became ready in this month
	recording_bytes bigint not null default 0, -- of those
	stored_byte_days numeric not null default 0,
	primary key (month, tenant, sub_id)
);
create index on b3lb.usage_month (tenant, month);

-- Until when recordings are counted; one row.
create table b3lb.usage_stored (
	day date not null,             -- the last one of stored_byte_days
	ready_until timestamptz not null -- recordings that became ready until then are counted
);
