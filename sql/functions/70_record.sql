-- Recordings on their way in: archives that arrive, videos that are made of them, and what is taken away in the end.

-- An archive with this record id has arrived for the set that the nonce names. p_meta: the metadata's pairs. Results:
--   taken     the set has it; old_key is the archive that it had before, to be deleted now
--   unknown   there is no such set
--   deleting  the recording is being deleted
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
	t := s;
	if s.record_id is distinct from p_record_id then
		select * into t from b3lb.record_set x
		where x.tenant_id = s.tenant_id and x.record_id = p_record_id for update;
		if t.id is null and s.status = 'WAITING' then
			t := s;
		elsif t.id is null then
			-- A second session of the same meeting on the node: a recording of its own.
			insert into b3lb.record_set (tenant_id, secret_id, meeting_id, name, record_id, own_params)
			values (s.tenant_id, s.secret_id, s.meeting_id, s.name, p_record_id, s.own_params)
			returning * into t;
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
	-- What clients have changed since the first archive stays.
	update b3lb.record_set x
	set status = 'UPLOADED', record_id = p_record_id, archive_key = p_key, archive_size = p_size, uploaded_at = now(),
		marks = true, ended_at = coalesce(x.ended_at, now()), meeting_sha1 = p_sha1,
		render_tries = 0, render_error = null, render_until = null,
		name = case when x.uploaded_at is null and p_name <> '' then p_name else x.name end,
		meta = case when x.uploaded_at is null then b3lb.record_meta(x, p_meta) else x.meta end,
		published = case when x.uploaded_at is null then p_published else x.published end,
		start_time = case when p_start > 0 then p_start else x.start_time end,
		end_time = case when p_end > 0 then p_end else x.end_time end,
		participants = p_participants, raw_size = p_raw_size
	where x.id = t.id;
	result := 'taken';
end
$$;

-- The pairs as the client knows them: our URLs taken out, its own put back.
create or replace function b3lb.record_meta(r b3lb.record_set, p_meta jsonb) returns jsonb language sql immutable as $$
	select (p_meta - array['endcallbackurl', 'analytics-callback-url'])
		|| coalesce((select jsonb_object_agg(substr(o.key, 6), o.value)
			from jsonb_each(r.own_params) o where o.key like 'meta\_%'), '{}')
		|| jsonb_build_object('meetingId', r.meeting_id)
$$;
