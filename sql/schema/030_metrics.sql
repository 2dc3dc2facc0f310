-- Counting: requests append events, a job sums them up. Names of tenants are kept as text: what was counted stays counted when a
-- tenant or a secret is gone.

create table b3lb.metric_event (
	tenant text not null,
	sub_id int not null,
	name text not null,
	value double precision not null default 1
);

create table b3lb.metric (
	tenant text not null,
	sub_id int not null,
	name text not null,
	value double precision not null,
	primary key (tenant, sub_id, name)
);

-- Calls of the API by duration; le in seconds, infinity for all. Processes add what they have counted every few seconds.
create table b3lb.request_metric (
	call text not null,
	le double precision not null,
	requests bigint not null,
	seconds double precision not null, -- of those with le infinity; else 0
	primary key (call, le)
);

-- Statistics as they were at the end of each rollup, a row a secret.
create table b3lb.stats (
	secret_id int primary key references b3lb.secret on delete cascade,
	meetings int not null,
	attendees int not null,
	listeners int not null,
	voices int not null,
	videos int not null,
	at timestamptz not null default now()
);
