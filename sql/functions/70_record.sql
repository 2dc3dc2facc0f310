-- Recordings on their way in: archives that arrive, videos that are made of them, and what is taken away in the end.

-- An archive with this record id has arrived for the set that the nonce names. p_meta: the metadata's pairs. Results:
--   taken     the set has it; old_key is the archive that it had before, to be deleted now
--   unknown   there is no such set
--   deleting  the recording is being deleted, or its tenant is gone
--   foreign   there is a recording of this id that was not made under this nonce
-- What the metadata does not say, or says as 0, replaces nothing.
create or replace function b3lb.take_archive(p_nonce text, p_record_id text, p_key text, p_size bigint, p_sha1 text,
	p_name text, p_meta jsonb, p_published boolean, p_start bigint, p_end bigint, p_participants int, p_raw_size bigint,
	out result text, out old_key text)
language plpgsql as $$
declare
	s b3lb.record_set;
	t b3lb.record_set;
begin
	select * into s from b3lb.record_set where nonce = p_nonce for update;
	if s.id is null then
		result := 'unknown';
		return;
	end if;
	if s.tenant_id is null then
		result := 'deleting';
		return;
	end if;
	t := s;
	if s.record_id is distinct from p_record_id then
		select * into t from b3lb.record_set x
		where x.tenant_id = s.tenant_id and x.record_id = p_record_id for update;
		if t.id is null and s.status = 'WAITING' then
			t := s;
		elsif t.id is null then
			-- A second session of the same meeting on the node: a recording of its own.
			insert into b3lb.record_set (tenant_id, secret_id, meeting_id, name, record_id, own_params, made_under)
			values (s.tenant_id, s.secret_id, s.meeting_id, s.name, p_record_id, s.own_params, p_nonce)
			returning * into t;
		elsif t.made_under is distinct from p_nonce then
			-- A node knows the nonces of its own meetings only: they open no other one's recording.
			result := 'foreign';
			return;
		end if;
	end if;
	if t.status = 'DELETING' then
		result := 'deleting';
		return;
	end if;
	-- Asked again, since the answer was lost.
	if t.archive_key = p_key then
		result := 'taken';
		return;
	end if;
	old_key := t.archive_key;
	-- They lie in the old one.
	delete from b3lb.record_file where record_set_id = t.id;
	-- What clients have changed since the first archive stays.
	update b3lb.record_set x
	set status = 'UPLOADED', record_id = p_record_id, archive_key = p_key, archive_size = p_size, uploaded_at = now(),
		marks = true, ended_at = coalesce(x.ended_at, now()), meeting_sha1 = p_sha1,
		render_tries = 0, render_error = null, render_until = null,
		name = case when x.uploaded_at is null and p_name <> '' then p_name else x.name end,
		meta = case when x.uploaded_at is null then b3lb.record_meta(x, p_meta) else x.meta end,
		published = case when x.uploaded_at is null then p_published else x.published end,
		protected = case when x.uploaded_at is null then b3lb.is_protected(x.tenant_id, p_meta) else x.protected end,
		-- A record id ends with when its meeting was made, where the metadata does not say when it began.
		start_time = case when p_start > 0 then p_start when x.uploaded_at is not null then x.start_time
			else coalesce(substring(p_record_id from '-([0-9]{13})$')::bigint, x.start_time) end,
		end_time = case when p_end > 0 then p_end else x.end_time end,
		participants = case when p_participants > 0 then p_participants else x.participants end,
		raw_size = case when p_raw_size > 0 then p_raw_size else x.raw_size end
	where x.id = t.id;
	result := 'taken';
end
$$;

-- Whether a new recording is protected: the tenant's rule, or what the client said at create.
create or replace function b3lb.is_protected(p_tenant int, p_meta jsonb) returns boolean language sql stable as $$
	select t.protected = 'always' or t.protected = 'on' and lower(coalesce(p_meta ->> 'b3lb-protect', '')) = 'true'
	from b3lb.tenant t where t.id = p_tenant
$$;

-- The pairs as the client knows them: our URLs taken out, its own put back.
create or replace function b3lb.record_meta(r b3lb.record_set, p_meta jsonb) returns jsonb language sql immutable as $$
	select (p_meta - array['endcallbackurl', 'analytics-callback-url', 'server-tag'])
		|| coalesce((select jsonb_object_agg(substr(o.key, 6), o.value)
			from jsonb_each(r.own_params) o where o.key like 'meta\_%'), '{}')
		|| jsonb_build_object('meetingId', r.meeting_id)
$$;

-- The client hears of a recording once it is published for the first time, whoever publishes it (doc/bbb-api, 3.8).
create or replace function b3lb.tell_ready() returns trigger language plpgsql as $$
begin
	perform b3lb.queue_callback(new.secret_id, 'ready', coalesce(new.own_params ->> 'meta_bbb-recording-ready-url',
			new.own_params ->> 'meta_bn-recording-ready-url', new.own_params ->> 'meta_canvas-recording-ready-url'),
		json_build_object('meeting_id', new.meeting_id, 'record_id', new.record_id)::text);
	new.ready_at := now();
	return new;
end
$$;
drop trigger if exists record_set_ready on b3lb.record_set;
create trigger record_set_ready before update on b3lb.record_set for each row
	when (new.ready_at is null and new.rendered_at is not null and new.published and new.status <> 'DELETING')
	execute function b3lb.tell_ready();

-- The set that has waited longest becomes the caller's for p_lease; no row when there is none. A renderer that died leaves
-- its set when its lease is over; that counts as a try. One that was given back waits behind the others: a disk that is too
-- small for it alone must not hold them up.
create or replace function b3lb.claim_render(p_lease interval, p_tries int) returns setof b3lb.record_set
language plpgsql as $$
begin
	update b3lb.record_set set status = 'FAILED', render_error = 'the renderer died', render_until = null
	where id in (select id from b3lb.record_set
		where status = 'RENDERING' and render_until < clock_timestamp() and render_tries >= p_tries
		for update skip locked);
	return query
	update b3lb.record_set r
	set status = 'RENDERING', render_until = clock_timestamp() + p_lease, render_tries = r.render_tries + 1
	where r.id = (select x.id from b3lb.record_set x
		where x.status in ('UPLOADED', 'RENDERING') and (x.render_until is null or x.render_until < clock_timestamp()
			-- Of a clock that has been set back since.
			or x.render_until > clock_timestamp() + greatest(p_lease, interval '1 day'))
		order by coalesce(x.render_until, x.uploaded_at)
		limit 1
		for update skip locked)
	returning r.*;
end
$$;

-- True while the set is still the caller's: the archive is the one that it works on.
create or replace function b3lb.keep_render(p_set bigint, p_key text, p_lease interval) returns boolean language sql as $$
	update b3lb.record_set set render_until = clock_timestamp() + p_lease
	where id = p_set and archive_key = p_key and status = 'RENDERING'
	returning true
$$;

-- The player of a set: its timeline under p_timeline, its files in the archive. From then on the recording is listed; videos
-- follow. p_profile null: it has none any more. Returns the storage keys that nothing refers to any more; null when the set is
-- not the caller's any more, and nothing was changed.
create or replace function b3lb.finish_player(p_set bigint, p_key text, p_profile text, p_timeline text, p_size bigint,
	p_duration bigint, p_took bigint, p_previews jsonb, p_names text[], p_ats bigint[], p_sizes bigint[]) returns text[]
language plpgsql as $$
declare
	v_old text[];
	v_made boolean;
begin
	perform 1 from b3lb.record_set where id = p_set and archive_key = p_key and status = 'RENDERING' for update;
	if not found then
		return null;
	end if;
	select coalesce(array_agg(storage_key), '{}') into v_old from b3lb.record where record_set_id = p_set and kind = 'player';
	delete from b3lb.record r where r.record_set_id = p_set and r.kind = 'player'
		and not exists (select 1 from b3lb.profile p where p.name = p_profile and p.kind = 'player' and p.name = r.profile);
	delete from b3lb.record_file where record_set_id = p_set;
	-- The nonce stays: links that people have keep working.
	insert into b3lb.record as r (record_set_id, profile, type, listed, download, duration_ms, size, mime, extension,
		storage_key, processing_ms, kind, files_size, previews)
	select p_set, p.name, p.type, p.listed, p.download, p_duration, p_size, 'application/json', 'json', p_timeline, p_took,
		'player', (select coalesce(sum(s), 0) from unnest(p_sizes) s), p_previews
	from b3lb.profile p where p.name = p_profile and p.kind = 'player'
	on conflict (record_set_id, profile) do update
	set type = excluded.type, listed = excluded.listed, download = excluded.download, duration_ms = excluded.duration_ms,
		size = excluded.size, mime = excluded.mime, extension = excluded.extension, storage_key = excluded.storage_key,
		processing_ms = excluded.processing_ms, kind = excluded.kind, files_size = excluded.files_size,
		previews = excluded.previews, created_at = now();
	v_made := found;
	if v_made then
		insert into b3lb.record_file (record_set_id, name, at, size)
		select p_set, f.name, f.at, f.size from unnest(p_names, p_ats, p_sizes) as f (name, at, size);
		update b3lb.record_set set rendered_at = coalesce(rendered_at, now()) where id = p_set;
	end if;
	return (select coalesce(array_agg(k), '{}') from unnest(v_old || p_timeline) k
		where k is not null and not exists (select 1 from b3lb.record where storage_key = k));
end
$$;

-- The videos of a set, all at once: p_profiles, p_... hold one entry for each. Videos of other profiles leave the set, a player
-- (finish_player) stays. Returns
-- the storage keys that nothing refers to any more; null when the set is not the caller's any more, and nothing was changed.
create or replace function b3lb.finish_render(p_set bigint, p_key text, p_profiles text[], p_keys text[], p_sizes bigint[],
	p_durations bigint[], p_mimes text[], p_extensions text[], p_took bigint[]) returns text[]
language plpgsql as $$
declare
	v_old text[];
	v_any boolean;
begin
	perform 1 from b3lb.record_set where id = p_set and archive_key = p_key and status = 'RENDERING' for update;
	if not found then
		return null;
	end if;
	select coalesce(array_agg(storage_key), '{}') into v_old from b3lb.record where record_set_id = p_set;
	delete from b3lb.record where record_set_id = p_set and profile <> all (p_profiles) and kind = 'video';
	-- The nonce stays: links that people have keep working.
	insert into b3lb.record as r (record_set_id, profile, type, listed, download, duration_ms, size, mime, extension,
		storage_key, processing_ms)
	select p_set, p.name, p.type, p.listed, p.download, u.duration, u.size, u.mime, u.extension, u.key, u.took
	from unnest(p_profiles, p_keys, p_sizes, p_durations, p_mimes, p_extensions, p_took)
		as u (profile, key, size, duration, mime, extension, took)
	join b3lb.profile p on p.name = u.profile
	on conflict (record_set_id, profile) do update
	set type = excluded.type, listed = excluded.listed, download = excluded.download, duration_ms = excluded.duration_ms,
		size = excluded.size, mime = excluded.mime, extension = excluded.extension, storage_key = excluded.storage_key,
		processing_ms = excluded.processing_ms, created_at = now();
	select exists (select 1 from b3lb.record where record_set_id = p_set) into v_any;
	-- Where every profile was removed meanwhile, it is rendered by those that there are now.
	update b3lb.record_set
	set status = case when v_any then 'RENDERED' else 'UPLOADED' end, render_error = null, render_until = null,
		rendered_at = case when v_any then coalesce(rendered_at, now()) else rendered_at end
	where id = p_set;
	-- A profile that was removed meanwhile has made a file for nobody, and its older video stays.
	return (select coalesce(array_agg(k), '{}') from unnest(v_old || p_keys) k
		where not exists (select 1 from b3lb.record where storage_key = k));
end
$$;

-- A try that failed; after p_tries of them somebody must look. 'FAILED', 'UPLOADED' when it is tried again, null when the set
-- is not the caller's any more.
create or replace function b3lb.fail_render(p_set bigint, p_key text, p_error text, p_tries int) returns text language sql as $$
	update b3lb.record_set
	set status = case when render_tries >= p_tries then 'FAILED' else 'UPLOADED' end, render_error = p_error,
		render_until = case when render_tries < p_tries then clock_timestamp() + render_tries * interval '1 minute' end
	where id = p_set and archive_key = p_key and status = 'RENDERING'
	returning status
$$;

-- Sets that are to be deleted: older than the smaller of both hold times (0 counts as for ever), nothing was recorded, or nothing
-- has arrived for thirty days; never one whose meeting still runs. A node may call back late or twice: ten minutes are left for
-- that.
create or replace function b3lb.expired_sets() returns table (set_id bigint, reason text) language sql stable as $$
	select r.id, case when now() - r.created_at > h.hold then 'hold time' when not r.marks then 'nothing was recorded'
		else 'nothing has arrived' end
	from b3lb.record_set r
	join b3lb.tenant t on t.id = r.tenant_id
	join b3lb.secret s on s.id = r.secret_id
	cross join lateral (select least(nullif(t.hold_days, 0), nullif(s.hold_days, 0)) * interval '1 day' as hold) h
	where r.status <> 'DELETING'
		and (now() - r.created_at > h.hold
			or r.status = 'WAITING' and not r.marks and r.ended_at < now() - interval '10 minutes'
			or r.status = 'WAITING' and coalesce(r.ended_at, r.created_at) < now() - interval '30 days')
		and not exists (select 1 from b3lb.meeting m where m.record_set_id = r.id)
		and not exists (select 1 from b3lb.meeting m where m.was_record_set_id = r.id)
$$;

-- The row of a set that is being deleted and all that hangs on it; the files are gone before.
create or replace function b3lb.forget_set(p_set bigint) returns void language plpgsql as $$
begin
	perform 1 from b3lb.record_set where id = p_set and status = 'DELETING' for update;
	if found then
		delete from b3lb.record where record_set_id = p_set;
		delete from b3lb.text_track where record_set_id = p_set;
		delete from b3lb.record_set where id = p_set;
	end if;
end
$$;

-- Of these storage keys those that nothing refers to.
create or replace function b3lb.unreferenced_keys(p_keys text[]) returns setof text language sql stable as $$
	select k from unnest(p_keys) k
	where not exists (select 1 from b3lb.record_set where archive_key = k)
		and not exists (select 1 from b3lb.record where storage_key = k)
		and not exists (select 1 from b3lb.text_track where storage_key = k)
$$;
