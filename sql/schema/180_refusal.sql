-- What the API refused or could not do, so that somebody can say why. Callbacks that are tried again.

create table b3lb.refusal (
	id bigint generated always as identity primary key,
	at timestamptz not null,
	request_id text not null,
	tenant text not null,
	sub_id int not null,
	call text not null,
	meeting_id text,               -- the client's
	node text,
	key text not null,             -- checksumError, maxMeetingsReached, ...; retried: a node failed, and another one was asked
	message text not null,
	remote_addr text not null,
	repeated int not null default 0 -- the same again within a minute
);
create index on b3lb.refusal (at);
create index on b3lb.refusal (tenant, at);
create index on b3lb.refusal (request_id);

alter table b3lb.callback
	add retry_until timestamptz;   -- somebody asked for more tries: not given up before
