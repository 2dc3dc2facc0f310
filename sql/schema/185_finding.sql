-- What the checks found, so that it can be seen without running them.

create table b3lb.finding (
	subject text not null,
	host text not null,            -- that looked
	level text not null check (level in ('ok', 'warning', 'error')),
	message text not null,
	since timestamptz not null default now(), -- it has this level
	at timestamptz not null default now(),    -- it was looked at
	primary key (subject, host)
);

alter table b3lb.node
	add bbb_version text,
	add certificate_until timestamptz, -- null: not known, or it has none
	add looked_at timestamptz;     -- when the checks asked it
