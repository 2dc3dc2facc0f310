-- Curves: what was going on, every five minutes for eight days, and every hour for as long as history_days says. Times are full five
-- minutes and full hours of UTC.

-- Of everything. A row stands for the moment, also when nothing was going on: what has none in the other tables is 0 then. Figures that
-- are not known are null.
create table b3lb.total_sample (
	at timestamptz primary key,
	meetings int not null, attendees int not null, listeners int not null, voices int not null, videos int not null,
	load real, cpu real,           -- means of the nodes that get meetings; null: none does
	nodes int not null,            -- that are online
	online real                    -- their share of all; null: there are none
);
create table b3lb.node_sample (
	node_id int not null references b3lb.node on delete cascade,
	at timestamptz not null,
	meetings int not null, attendees int not null, cpu int not null,
	load real not null,            -- -1: it got no meetings
	online boolean not null,
	primary key (node_id, at)
);
-- Of secrets that had a meeting then.
create table b3lb.secret_sample (
	secret_id int not null references b3lb.secret on delete cascade,
	at timestamptz not null,
	meetings int not null, attendees int not null, listeners int not null, voices int not null, videos int not null,
	primary key (secret_id, at)
);
create index on b3lb.secret_sample (at);

-- Hours that are over. scope: '' all, 'acme' a tenant, 'acme-5' its secret, 'node:bbb01' a node. A maximum of sums cannot be had from
-- maxima: each scope has its own row, if anything was going on; '' and nodes have one in any case.
create table b3lb.load_hour (
	scope text not null,
	at timestamptz not null,
	meetings int not null, attendees int not null, voices int not null, videos int not null, -- the most
	load real, cpu real,           -- the most, of nodes; '': of the means; null: not known
	online real,                   -- share of the time; of '': of the nodes, too
	attendee_minutes bigint not null,
	primary key (scope, at)
);
create index on b3lb.load_hour (at);
