-- What earlier sessions of a meeting reached: the next one is placed by it.

alter table b3lb.meeting add peak int not null default 0; -- the most attendees that a poll has seen

create table b3lb.attendance (
	secret_id int not null references b3lb.secret on delete cascade,
	meeting_id text not null,      -- the client's
	attendees double precision not null, -- of the sessions so far, each counting half as much as the one after it
	updated_at timestamptz not null default now(),
	primary key (secret_id, meeting_id)
);
create index on b3lb.attendance (updated_at);

drop function if exists b3lb.place_meeting(int, text, text, int, text, int[], int, boolean, jsonb);
