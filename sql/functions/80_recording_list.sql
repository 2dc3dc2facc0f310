-- What clients do with recordings. p_secret null: the whole tenant (sub id 0).

-- A page of them, the newest first. Conditions that are not asked for are not in the statement, so that it is planned for the
-- index of what is asked: the page and the total of all come out of an index alone.
--   p_record_ids   beginnings of record ids, or of the SHA-1 of a meetingID, which clients make record ids of; null: any
--   p_meeting_ids  the client's or internal ids; null: any
--   p_meta         metadata that must be there; p_names and p_patterns: the same as LIKE patterns
--   p_limit        null: all of them, and total is null
-- published is so once something of it can be shown: a recording that is still processed is none, as a BBB server says it.
-- protected: null where the tenant has no such recordings; ticket_key: of one that is.
-- There is one row at least, for the total: without a record_id when the page is empty.
create or replace function b3lb.list_recordings(p_tenant int, p_secret int, p_record_ids text[], p_meeting_ids text[],
	p_states text[], p_meta jsonb, p_names text[], p_patterns text[], p_limit int, p_offset bigint)
returns table (total bigint, record_id text, meeting_id text, name text, state text, published boolean, start_time bigint,
	end_time bigint, raw_size bigint, participants int, meta jsonb, formats json, protected boolean, ticket_key text)
language plpgsql stable as $$
declare
	v_where text := case when p_secret is null then 'x.tenant_id = $1' else 'x.secret_id = $2' end || ' and x.state = any ($5)';
begin
	if p_record_ids is not null then
		-- As literals: of a parameter the planner does not know that it begins with letters, and takes no index.
		v_where := v_where || (select ' and (false' || coalesce(string_agg(format(
				' or x.record_id like %1$L or x.meeting_sha1 like %1$L', regexp_replace(id, '([%_\\])', '\\\1', 'g') || '%'), ''), '')
			from unnest(p_record_ids) id) || ') and x.tenant_id = $1';
	end if;
	if p_meeting_ids is not null then
		v_where := v_where || ' and x.tenant_id = $1 and (x.meeting_id = any ($4) or x.record_id = any ($4))';
	end if;
	if p_meta <> '{}' then
		v_where := v_where || ' and x.meta @> $6';
	end if;
	if cardinality(p_names) > 0 then
		-- What a recording does not have matches nothing, be the pattern "anything".
		v_where := v_where || $w$ and not exists (select 1 from unnest($7, $8) f (name, pattern)
			where (x.meta ->> f.name like f.pattern) is not true)$w$;
	end if;
	return query execute 'select c.total, r.record_id, r.meeting_id, r.name, r.state,
			r.state = ''published'', r.start_time,
			coalesce(r.end_time, r.start_time), r.raw_size, r.participants, r.meta,
			(select json_agg(json_build_array(v.type, v.nonce, v.duration_ms,
					case when v.kind = ''player'' then v.files_size else v.size end, v.processing_ms, v.kind, v.previews)
					order by v.kind, v.id)
				from b3lb.record v where v.record_set_id = r.id and v.listed),
			case when (select t.protected from b3lb.tenant t where t.id = $1) <> ''off'' then r.protected end,
			case when r.protected then r.ticket_key end
		from (select case when $9 is not null then
			(select count(*) from b3lb.record_set x where ' || v_where || ') end as total) c
		left join (b3lb.record_set r join (select x.id from b3lb.record_set x where ' || v_where || '
				order by x.start_time desc, x.id desc limit $9 offset $10) page on page.id = r.id) on true
		order by r.start_time desc, r.id desc'
	using p_tenant, p_secret, p_record_ids, p_meeting_ids, p_states, p_meta, p_names, p_patterns, p_limit, p_offset;
end
$$;

-- The sets that these ids name, for what a call is to do with them: what is not there, or another owner's, is passed over.
create or replace function b3lb.lock_recordings(p_tenant int, p_secret int, p_ids text[]) returns setof bigint
language sql volatile as $$
	select r.id from b3lb.record_set r
	where r.tenant_id = p_tenant and (p_secret is null or r.secret_id = p_secret) and r.record_id = any (p_ids)
		and r.state in ('published', 'unpublished', 'processing')
	order by r.id
	for update
$$;

-- Each of these is true when there was one at least.
create or replace function b3lb.publish_recordings(p_tenant int, p_secret int, p_ids text[], p_publish boolean) returns boolean
language plpgsql as $$
begin
	update b3lb.record_set r set published = p_publish
	where r.id in (select b3lb.lock_recordings(p_tenant, p_secret, p_ids));
	return found;
end
$$;

-- The files go later: the cleanup deletes them, then the rows.
create or replace function b3lb.delete_recordings(p_tenant int, p_secret int, p_ids text[]) returns boolean
language plpgsql as $$
begin
	update b3lb.record_set r set status = 'DELETING', deleted_at = now()
	where r.id in (select b3lb.lock_recordings(p_tenant, p_secret, p_ids));
	return found;
end
$$;

-- p_meta: values to set; p_remove: names to take away. "name" is the recording's own name too. Results:
--   done
--   unknown  none of them is there
--   full     the metadata of one would be longer than p_max bytes and longer than it is, nothing was changed
create or replace function b3lb.update_recordings(p_tenant int, p_secret int, p_ids text[], p_meta jsonb, p_remove text[], p_max int)
returns text language plpgsql as $$
begin
	if exists (select 1 from b3lb.record_set r
			cross join lateral (select octet_length(((r.meta || p_meta) - p_remove)::text) as bytes) n
			where r.id in (select b3lb.lock_recordings(p_tenant, p_secret, p_ids))
				and n.bytes > p_max and n.bytes > octet_length(r.meta::text)) then
		return 'full';
	end if;
	update b3lb.record_set r set meta = (r.meta || p_meta) - p_remove, name = coalesce(p_meta ->> 'name', r.name)
	where r.id in (select b3lb.lock_recordings(p_tenant, p_secret, p_ids));
	return case when found then 'done' else 'unknown' end;
end
$$;

-- A text track whose bytes are in the store under p_key. p_secret null: the whole tenant. Results:
--   done     old_key is the one that it replaced, null: none
--   unknown  there is no such recording
--   full     the recording has p_max tracks, and none of this kind and language
create or replace function b3lb.put_track(p_tenant int, p_secret int, p_record_id text, p_kind text, p_lang text, p_label text,
	p_size bigint, p_key text, p_max int, out result text, out old_key text)
language plpgsql as $$
declare
	v_set bigint;
begin
	-- One after the other: they are counted.
	select r.id into v_set from b3lb.record_set r
	where r.tenant_id = p_tenant and (p_secret is null or r.secret_id = p_secret) and r.record_id = p_record_id
		and r.state in ('published', 'unpublished')
	for update;
	if not found then
		result := 'unknown';
		return;
	end if;
	select t.storage_key into old_key from b3lb.text_track t where t.record_set_id = v_set and t.kind = p_kind and t.lang = p_lang;
	if not found and (select count(*) from b3lb.text_track t where t.record_set_id = v_set) >= p_max then
		result := 'full';
		return;
	end if;
	insert into b3lb.text_track (record_set_id, kind, lang, label, size, storage_key)
	values (v_set, p_kind, p_lang, p_label, p_size, p_key)
	on conflict (record_set_id, kind, lang) do update
	set label = excluded.label, size = excluded.size, storage_key = excluded.storage_key, nonce = excluded.nonce, created_at = now();
	result := 'done';
end
$$;
