-- What rooms usually grow to and when they usually begin; where a meeting was placed, and why there.

alter table b3lb.cluster alter load_m set default 0;

alter table b3lb.attendance
	add if not exists first_at timestamptz, -- when its first session began; null: before we wrote that down
	add if not exists is_new boolean not null default false; -- not in its tenant's mean yet
create index if not exists attendance_is_new on b3lb.attendance (secret_id, meeting_id) where is_new;

-- The same of a weekday and hour (b3lb.attendance_slot), in the database's time zone.
create table if not exists b3lb.attendance_hour (
	secret_id int not null,
	meeting_id text not null,
	weekday int not null check (weekday between 1 and 7), -- 1: Monday
	hour int not null check (hour between 0 and 23),
	attendees double precision not null,
	began_at timestamptz not null, -- the last session
	primary key (secret_id, meeting_id, weekday, hour),
	foreign key (secret_id, meeting_id) references b3lb.attendance on delete cascade
);
create index if not exists attendance_hour_began_at on b3lb.attendance_hour (began_at);

-- Rooms that are awaited: one that began goes, one that did not go with the hour.
create table if not exists b3lb.attendance_due (
	secret_id int not null,
	meeting_id text not null,
	due_at timestamptz not null,   -- to the minute
	attendees double precision not null,
	primary key (secret_id, meeting_id, due_at),
	foreign key (secret_id, meeting_id) references b3lb.attendance on delete cascade
);
-- By the minute, and of a minute only those that are larger.
create index if not exists attendance_due_by_minute on b3lb.attendance_due (due_at, attendees);

-- What a tenant's rooms reach the first time.
create table if not exists b3lb.attendance_tenant (
	tenant_id int primary key references b3lb.tenant on delete cascade,
	rooms int not null check (rooms > 0), -- that the mean is of
	log_mean double precision not null
);

-- Nodes that not every meeting goes to.
create index if not exists node_out on b3lb.node (cluster_id)
	where not online or state <> 'enabled' or tags <> '{}' or max_users > 0 or max_meetings > 0;

-- A meeting's last placement, for a week.
create table if not exists b3lb.placement (
	secret_id int not null references b3lb.secret on delete cascade,
	meeting_id text not null,      -- the client's
	placed_at timestamptz not null default now(),
	expected int not null,         -- people
	source text not null,          -- from where that was known: b3lb.expect_attendees
	awaited boolean,               -- the room was due; null: it goes where its parent is
	why jsonb not null,            -- the nodes that it was chosen among: b3lb.weigh_nodes; {}: a room goes where its parent is
	primary key (secret_id, meeting_id)
);
-- The last ones, for b3lb.history_holds.
create index if not exists placement_awaited on b3lb.placement (placed_at) where awaited is not null;
