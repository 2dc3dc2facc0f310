-- Presentations that the player shows: which files stand where in a recording's archive.

-- The player is a profile: its row of b3lb.record is the timeline, its files are served out of the archive.
alter table b3lb.profile drop constraint profile_kind_check;
alter table b3lb.profile add constraint profile_kind_check check (kind in ('copy', 'presentation', 'player'));
insert into b3lb.profile (name, description, kind, type, preset)
values ('player', 'The presentation, played in the browser', 'player', 'presentation', true)
on conflict (name) do nothing;

alter table b3lb.record
	add kind text not null default 'video' check (kind in ('video', 'player')), -- player: the bytes are its timeline
	add files_size bigint not null default 0, -- bytes of its files in the archive
	add previews jsonb not null default '[]'; -- [[file, text of the slide], ...]: pictures that platforms show

-- A file of a presentation inside of the set's archive, by its name below the presentation's directory. They hold for this
-- archive alone: they go with it.
create table b3lb.record_file (
	record_set_id bigint not null references b3lb.record_set on delete cascade,
	name text not null check (name <> '' and length(name) <= 256),
	at bigint not null check (at >= 0), -- of its first byte in the archive
	size bigint not null check (size >= 0),
	primary key (record_set_id, name)
);
