-- Protected recordings: which ones are, and what opens them.

-- Those that are named become protected, or not any more. Results:
--   done  for one at least
--   none  there is none of them
--   off   the tenant has no protected recordings: nothing was changed
create or replace function b3lb.protect_recordings(p_tenant int, p_secret int, p_ids text[], p_protect boolean) returns text
language plpgsql as $$
begin
	if p_protect and exists (select 1 from b3lb.tenant where id = p_tenant and protected = 'off') then
		return 'off';
	end if;
	update b3lb.record_set r set protected = p_protect
	where r.id in (select b3lb.lock_recordings(p_tenant, p_secret, p_ids));
	return case when found then 'done' else 'none' end;
end
$$;

-- A ticket, whose signature is right, for what is behind the nonce. Hashes: of the ticket and of the session that it opens.
-- Double clicks, and scanners of links before them, use a ticket twice: for a minute it opens again. Results:
--   opened   the session is there
--   used     it was used before
--   unknown  there is no such protected recording
create or replace function b3lb.open_ticket(p_nonce text, p_ticket text, p_expires bigint, p_session text) returns text
language plpgsql as $$
declare
	v_record b3lb.record;
	v_used timestamptz;
begin
	select v.* into v_record from b3lb.record v join b3lb.record_set r on r.id = v.record_set_id
	where v.nonce = p_nonce and v.listed and r.state = 'published' and r.protected;
	if v_record.id is null then
		return 'unknown';
	end if;
	delete from b3lb.record_ticket where expires_at < now();
	delete from b3lb.record_session where expires_at < now();
	insert into b3lb.record_ticket as t (hash, expires_at) values (p_ticket, to_timestamp(p_expires) + interval '1 minute')
	on conflict (hash) do update set used_at = t.used_at
	returning t.used_at into v_used;
	if v_used < now() - interval '1 minute' then
		return 'used';
	end if;
	insert into b3lb.record_session (hash, record_id, expires_at)
	values (p_session, v_record.id, now() + greatest(interval '6 hours', v_record.duration_ms * 3 * interval '1 millisecond'));
	return 'opened';
end
$$;
