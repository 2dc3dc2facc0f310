-- Dial-in: a room's PIN, and where a call goes.

-- Whether a PIN, or one that would be a breakout room of the other, is another room's.
create or replace function b3lb.pin_clashes(p_pin text, p_secret int, p_meeting_id text) returns boolean language plpgsql stable as $$
begin
	return exists (select 1 from b3lb.dial_pin d
		where d.pin = any (array[p_pin, left(p_pin, -1)] || array(select p_pin || i from generate_series(0, 9) i))
			and (d.secret_id, d.meeting_id) is distinct from (p_secret, p_meeting_id));
end
$$;

-- The PIN of the meeting's room: what it had, else one of p_length digits, which the system's generator makes; null when there is
-- hardly one left. p_wanted: what the client asks for, null: nothing; it gets it when nobody else has it, and not while the room is in
-- use, since the node knows the other.
create or replace function b3lb.take_pin(p_meeting bigint, p_length int, p_wanted text) returns text language plpgsql as $$
declare
	m b3lb.meeting;
	v_has text;
	v_pin text := p_wanted;
	v_least bigint := 10 ^ (p_length - 1);
begin
	select * into m from b3lb.meeting where id = p_meeting;
	if m.confirmed or m.creators > 1 then
		p_wanted := null;
	end if;
	select pin into v_has from b3lb.dial_pin where secret_id = m.secret_id and meeting_id = m.meeting_id;
	if v_has is null or p_wanted <> v_has then
		-- One at a time: it is held already where a meeting is placed.
		perform pg_advisory_xact_lock(4742349);
		select pin into v_has from b3lb.dial_pin where secret_id = m.secret_id and meeting_id = m.meeting_id;
		if v_has is not null then
			v_pin := coalesce(p_wanted, v_has);
		end if;
		for i in 0..99 loop
			if i > 0 or v_pin is null then
				exit when v_has is not null;
				-- The first twelve digits of such a UUID are random; what is left over of 2^48 favours no PIN that anybody could tell.
				v_pin := v_least + ('x' || left(replace(gen_random_uuid()::text, '-', ''), 12))::bit(48)::bigint % (9 * v_least);
			end if;
			if v_pin <> '99999' and not b3lb.pin_clashes(v_pin, m.secret_id, m.meeting_id) then
				insert into b3lb.dial_pin (secret_id, meeting_id, pin) values (m.secret_id, m.meeting_id, v_pin)
				on conflict (secret_id, meeting_id) do update set pin = excluded.pin;
				v_has := v_pin;
				exit;
			end if;
		end loop;
	end if;
	update b3lb.dial_pin set used_at = now()
	where secret_id = m.secret_id and meeting_id = m.meeting_id and used_at < now() - interval '1 day';
	return v_has;
end
$$;

-- A call for number p_number, digits alone, with PIN p_pin, null: none yet. p_shared: the number is everybody's, else that of the tenants who
-- have it, and it leads to their meetings alone. p_caller: who calls, who may dial p_tries wrong PINs a minute.
--   none    no such number, or too many wrong PINs
--   ask     the number is one of ours
--   wrong   the PIN leads nowhere
--   found   to the node; the call ends after that many seconds
create or replace function b3lb.dial_in(p_number text, p_shared boolean, p_pin text, p_caller text, p_tries int,
	out result text, out node int, out seconds int)
language plpgsql as $$
#variable_conflict use_column
declare
	v_tenants int[] := array(select t.id from b3lb.tenant t
		where p_shared or p_number = any (string_to_array(translate(t.dial_numbers, '+ -', ''), ',')));
	v_minute timestamptz := date_trunc('minute', now());
begin
	result := 'none';
	if v_tenants = '{}' or exists (select 1 from b3lb.dial_failure f
			where f.caller = p_caller and f.minute = v_minute and f.failed >= p_tries) then
		return;
	end if;
	result := 'ask';
	if p_pin is null then
		return;
	end if;
	-- A digit behind the PIN is the room of that number, where the node has made so many of them.
	select m.node_id, least(28800, greatest(60, coalesce(
			nullif(substring(m.fragment from '<duration>([0-9]{1,6})</duration>')::int, 0) * 60
			+ coalesce(m.create_time / 1000.0, extract(epoch from m.confirmed_at)) - extract(epoch from now()), 28800)))::int
	into node, seconds
	from b3lb.dial_pin d
	join b3lb.meeting m on m.secret_id = d.secret_id and m.meeting_id = d.meeting_id and m.confirmed
	join b3lb.node n on n.id = m.node_id and n.online
	where d.pin in (p_pin, left(p_pin, -1)) and m.tenant_id = any (v_tenants)
		and strpos(m.fragment, '<voiceBridge>' || d.pin || '</voiceBridge>') > 0
		and (d.pin = p_pin or right(p_pin, 1) between '1' and (
			select least(9, count(distinct r.value))::text from jsonb_each_text(m.rooms) r))
	limit 1;
	result := case when node is null then 'wrong' else 'found' end;
	if node is null then
		delete from b3lb.dial_failure f using (select caller from b3lb.dial_failure where minute < v_minute for update skip locked) o
		where f.caller = o.caller;
		insert into b3lb.dial_failure as f (caller, minute, failed) values (p_caller, v_minute, 1)
		on conflict (caller) do update set failed = f.failed * (f.minute = excluded.minute)::int + 1, minute = excluded.minute;
	end if;
end
$$;
