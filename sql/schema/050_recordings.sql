-- Recordings: what arrived for a record set, the videos made of it, how they are made, and text tracks.

-- A set becomes a recording when its archive has arrived, and is listed once a video was made of it. Its videos are the
-- formats of one <recording>; publishing is a matter of the whole set.
alter table b3lb.record_set
	-- the client's own values of parameters that went to the node changed or not at all, as meeting.own_params
	add own_params jsonb not null default '{}',
	add meeting_sha1 text,         -- of meeting_id, in hex: clients make record ids of it; set with the archive
	add meta jsonb not null default '{}', -- {"name": "value"}: the client's metadata, as getRecordings shows it
	add published boolean not null default true,
	add start_time bigint not null default (extract(epoch from now()) * 1000)::bigint, -- ms, as end_time
	add end_time bigint,
	add participants int not null default 0,
	add raw_size bigint not null default 0, -- bytes on the node
	add archive_key text unique,   -- of the tar in the store
	add archive_size bigint,
	add uploaded_at timestamptz,
	add rendered_at timestamptz,   -- the first video was there: from then on it is listed, also while it is rendered anew
	add render_tries int not null default 0,
	add render_error text,
	add render_until timestamptz,  -- a renderer has it in its hands until then
	add deleted_at timestamptz,    -- when it was marked DELETING
	add state text generated always as (case
		when status = 'DELETING' then 'deleted'
		when rendered_at is not null then case when published then 'published' else 'unpublished' end
		when status <> 'WAITING' then 'processing' end) stored; -- as getRecordings names it; null: nothing arrived

drop index b3lb.record_set_record_id_idx;
-- Pattern operators: record ids are asked for by their first characters, whatever the database's collation.
create unique index record_set_record_id on b3lb.record_set (tenant_id, record_id text_pattern_ops);
create index record_set_meeting_sha1 on b3lb.record_set (tenant_id, meeting_sha1 text_pattern_ops);
create index record_set_meeting_id on b3lb.record_set (tenant_id, meeting_id);
create index record_set_of_tenant on b3lb.record_set (tenant_id, start_time desc, id desc) include (state);
create index record_set_of_secret on b3lb.record_set (secret_id, start_time desc, id desc) include (state);
create index record_set_meta on b3lb.record_set using gin (meta jsonb_path_ops);
create index record_set_queue on b3lb.record_set (uploaded_at) where status in ('UPLOADED', 'RENDERING');
create index record_set_deleting on b3lb.record_set (id) where status = 'DELETING';

-- How a video is made of an archive.
create table b3lb.profile (
	id int generated always as identity primary key,
	name text not null unique check (name ~ '^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$'),
	description text not null default '',
	kind text not null default 'copy' check (kind in ('copy')), -- copy: the archive holds the video already
	source text not null default 'any' check (source in ('any', 'video', 'podcast', 'deskshare', 'webcams')),
	type text not null default 'video' check (type ~ '^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$'), -- <type> of the format
	listed boolean not null default true,    -- shown by getRecordings and served to who has its URL
	download boolean not null default false, -- served as an attachment
	preset boolean not null default false    -- for secrets that have no profile of their own
);
insert into b3lb.profile (name, description, preset) values ('video', 'The video that the node has made', true);

create table b3lb.secret_profile (
	secret_id int not null references b3lb.secret on delete cascade,
	profile_id int not null references b3lb.profile on delete cascade,
	primary key (secret_id, profile_id)
);
create index on b3lb.secret_profile (profile_id);

-- A video. Rows of a set are taken away only after their files: no cascade.
create table b3lb.record (
	id bigint generated always as identity primary key,
	record_set_id bigint not null references b3lb.record_set,
	nonce text not null unique default replace(gen_random_uuid()::text, '-', ''), -- /b3lb/r/{nonce}
	profile text not null,         -- its name when the video was made
	type text not null,
	listed boolean not null default true,
	download boolean not null default false,
	duration_ms bigint not null default 0,
	size bigint not null,
	mime text not null,
	extension text not null check (extension ~ '^[a-z0-9]{1,8}$'), -- of the file's name for people
	storage_key text not null unique, -- names these bytes and no others, ever
	processing_ms bigint not null default 0,
	created_at timestamptz not null default now(),
	unique (record_set_id, profile)
);

-- Subtitles and captions of a set, stored and served like its videos.
create table b3lb.text_track (
	id bigint generated always as identity primary key,
	record_set_id bigint not null references b3lb.record_set,
	nonce text not null unique default replace(gen_random_uuid()::text, '-', ''),
	kind text not null check (kind in ('subtitles', 'captions')),
	lang text not null check (length(lang) between 2 and 64),
	label text not null default '' check (length(label) <= 256),
	source text not null default 'upload' check (source in ('live', 'automatic', 'upload')),
	size bigint not null,
	storage_key text not null unique,
	created_at timestamptz not null default now(),
	unique (record_set_id, kind, lang)
);
