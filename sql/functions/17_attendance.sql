-- What rooms grow to, and when they begin: learnt when a session ends, asked when the next one is placed.

-- The weekday and hour that a session counts for. Lessons are made some minutes before the hour that they are meant for.
create or replace function b3lb.attendance_slot(p_at timestamptz, out weekday int, out hour int) language plpgsql stable as $$
begin
	weekday := extract(isodow from p_at + interval '20 minutes');
	hour := extract(hour from p_at + interval '20 minutes');
end
$$;

-- Call it in the transaction that deleted the row. A session that nobody came to says nothing about the next one.
-- The room is awaited a week later; while it is known for less than a week, the day after, too.
create or replace function b3lb.learn_attendance(m b3lb.meeting) returns void language plpgsql as $$
declare
	v_first timestamptz;
	v_attendees double precision;
	v_due timestamptz;
begin
	if m.peak <= 0 then
		return;
	end if;
	insert into b3lb.attendance as a (secret_id, meeting_id, attendees, first_at, is_new)
	values (m.secret_id, m.meeting_id, m.peak, m.confirmed_at, true)
	on conflict (secret_id, meeting_id) do update
	set attendees = (a.attendees + excluded.attendees) / 2, updated_at = excluded.updated_at
	returning a.first_at into v_first;
	insert into b3lb.attendance_hour as h (secret_id, meeting_id, weekday, hour, attendees, began_at)
	select m.secret_id, m.meeting_id, w.weekday, w.hour, m.peak, m.confirmed_at from b3lb.attendance_slot(m.confirmed_at) w
	on conflict (secret_id, meeting_id, weekday, hour) do update
	set attendees = (h.attendees + excluded.attendees) / 2, began_at = excluded.began_at
	returning h.attendees into v_attendees;
	v_due := date_trunc('minute', m.confirmed_at) + interval '7 days';
	loop
		-- A session that was begun anew within half an hour is awaited once.
		delete from b3lb.attendance_due d
		where d.secret_id = m.secret_id and d.meeting_id = m.meeting_id
			and d.due_at between v_due - interval '30 minutes' and v_due + interval '30 minutes';
		insert into b3lb.attendance_due (secret_id, meeting_id, due_at, attendees)
		values (m.secret_id, m.meeting_id, v_due, v_attendees);
		exit when not coalesce(v_first > v_due - interval '13 days', false);
		v_due := v_due - interval '6 days';
		v_first := null;
	end loop;
end
$$;

-- What new rooms of each tenant have reached goes into its mean, which forgets the old ones.
create or replace function b3lb.learn_new_rooms() returns void language sql volatile as $$
	with picked as (
		select a.secret_id, a.meeting_id from b3lb.attendance a where a.is_new for update skip locked),
	taken as (
		update b3lb.attendance a set is_new = false from picked p
		where a.secret_id = p.secret_id and a.meeting_id = p.meeting_id
		returning a.secret_id, a.attendees)
	insert into b3lb.attendance_tenant as x (tenant_id, rooms, log_mean)
	select s.tenant_id, count(*), avg(ln(greatest(1, t.attendees))) from taken t join b3lb.secret s on s.id = t.secret_id group by 1
	on conflict (tenant_id) do update
	set rooms = least(100, x.rooms + excluded.rooms),
		log_mean = (x.log_mean * x.rooms + excluded.log_mean * excluded.rooms) / (x.rooms + excluded.rooms)
$$;

-- Rooms that nobody has used for half a year, and with them what hangs on them; what was awaited an hour ago; reasons of last week.
create or replace function b3lb.forget_attendance() returns void language sql volatile as $$
	delete from b3lb.attendance where updated_at < now() - interval '180 days';
	delete from b3lb.attendance_hour where began_at < now() - interval '180 days';
	delete from b3lb.attendance_due where due_at < now() - interval '1 hour';
	delete from b3lb.placement where placed_at < now() - interval '7 days'
$$;

-- How many people a meeting will get, and from where that is known: 'hint' of the client, 'weekday' and hour of the room, 'room',
-- the 'tenant' by its new rooms, once there are five; else p_default. A hint is a wish: the limits of attendees of tenant and secret
-- bound it, and 1,000.
create or replace function b3lb.expect_attendees(p_secret int, p_meeting_id text, p_hint int, p_default int,
	out attendees int, out source text) language plpgsql stable as $$
declare
	w record;
begin
	source := 'hint';
	if p_hint is not null then
		attendees := (select least(p_hint, 1000, nullif(s.attendee_limit, 0), nullif(t.attendee_limit, 0))
			from b3lb.secret s join b3lb.tenant t on t.id = s.tenant_id where s.id = p_secret);
	end if;
	if attendees is null then
		w := b3lb.attendance_slot(now());
		select round(coalesce(x.slot, x.room)), case when x.slot is null then 'room' else 'weekday' end
		into attendees, source
		from (select a.attendees as room, (select h.attendees from b3lb.attendance_hour h where h.secret_id = a.secret_id
				and h.meeting_id = a.meeting_id and h.weekday = w.weekday and h.hour = w.hour) as slot
			from b3lb.attendance a where a.secret_id = p_secret and a.meeting_id = p_meeting_id) x;
	end if;
	if attendees is null then
		source := 'tenant';
		attendees := (select round(exp(x.log_mean)) from b3lb.secret s join b3lb.attendance_tenant x on x.tenant_id = s.tenant_id
			where s.id = p_secret and x.rooms >= 5);
	end if;
	if attendees is null then
		source := 'default';
		attendees := p_default;
	end if;
end
$$;

-- What a hint holds on that node: half of what is free below its max_users at most, though what nobody knows better (p_default), so
-- that no hints fill a node which counts people.
create or replace function b3lb.hint_held(p_node int, p_hint int, p_default int) returns int language plpgsql stable as $$
begin
	return (select case when n.max_users > 0
			then least(p_hint, greatest(p_default, floor((n.max_users - n.attendees - n.held_attendees) / 2)::int)) else p_hint end
		from b3lb.node n where n.id = p_node);
end
$$;

-- How far history holds today, from 0 to 1: on a holiday, or when all is two hours later, those that come were not awaited. Of the last
-- twenty meetings of two hours three in five suffice; before there are any, four of five are taken for awaited.
create or replace function b3lb.history_holds() returns double precision language plpgsql stable
set plan_cache_mode = force_generic_plan as $$
begin
	return (select least(1, (count(*) filter (where x.awaited) + 3.2) / (count(*) + 4) / 0.6)
		from (select p.awaited from b3lb.placement p
			where p.placed_at > now() - interval '2 hours' and p.awaited is not null order by p.placed_at desc limit 20) x);
end
$$;

-- What other rooms of the group's tenants are expected to get that are due, from a quarter of an hour ahead to five minutes late,
-- have not begun, and are larger: the largest 64, in falling order, each as far as history holds; none where a quarter of it does not.
create or replace function b3lb.rooms_due(p_group int, p_secret int, p_meeting_id text, p_expected int) returns double precision[]
language plpgsql stable set plan_cache_mode = force_generic_plan as $$
declare
	v_now timestamptz := date_trunc('minute', now());
	v_due double precision[];
	v_holds double precision;
begin
	if not exists (select from b3lb.attendance_due x where x.due_at between v_now - interval '5 minutes' and v_now + interval '15 minutes'
			and x.attendees > p_expected) then
		return '{}';
	end if;
	v_due := array(
		select d.attendees
		from (select x.* from b3lb.attendance_due x
			where x.due_at between v_now - interval '5 minutes' and v_now + interval '15 minutes' and x.attendees > p_expected
				and (x.secret_id, x.meeting_id) <> (p_secret, p_meeting_id)
			order by x.attendees desc offset 0) d
		where exists (select 1 from b3lb.secret s join b3lb.tenant t on t.id = s.tenant_id where s.id = d.secret_id and t.group_id = p_group)
			and not exists (select 1 from b3lb.meeting y where y.secret_id = d.secret_id and y.meeting_id = d.meeting_id)
		order by d.attendees desc
		limit 64);
	if cardinality(v_due) = 0 then
		return v_due;
	end if;
	v_holds := b3lb.history_holds();
	if v_holds = 1 then
		return v_due;
	end if;
	return array(select d * v_holds from unnest(v_due) with ordinality u (d, i) where v_holds > 0.25 order by i);
end
$$;

-- It has begun: nobody waits for it any more. Whether somebody did.
create or replace function b3lb.room_began(p_secret int, p_meeting_id text) returns boolean language plpgsql as $$
begin
	delete from b3lb.attendance_due d
	where d.secret_id = p_secret and d.meeting_id = p_meeting_id
		and d.due_at between now() - interval '6 minutes' and now() + interval '30 minutes';
	return found;
end
$$;
