-- What a poll of the nodes found.

-- Nodes to poll: none that another poller has in its hands, none polled since p_since. Any number of hosts may ask at once. What lies in
-- the future was written by a clock that has been set back since.
create or replace function b3lb.claim_nodes(p_since timestamptz, p_max int, p_lease interval) returns setof b3lb.node
language sql volatile as $$
	update b3lb.node n
	set claimed_until = clock_timestamp() + p_lease
	where n.id in (
		select id from b3lb.node
		where (polled_at is null or polled_at < p_since or polled_at > clock_timestamp())
			and (claimed_until is null or claimed_until < clock_timestamp()
				or claimed_until > clock_timestamp() + greatest(p_lease, interval '1 hour'))
		order by polled_at nulls first, id
		limit p_max
		for update skip locked)
	returning n.*
$$;

-- How many nodes there are that nobody has polled since then, nor has in hand.
create or replace function b3lb.unpolled_nodes(p_since timestamptz) returns bigint language sql stable as $$
	select count(*) from b3lb.node
	where not coalesce(polled_at between p_since and clock_timestamp(), false)
		and not coalesce(claimed_until > clock_timestamp(), false)
$$;

-- A poll of that node which began later was quicker.
create or replace function b3lb.poll_is_late(n b3lb.node, p_started timestamptz) returns boolean language sql volatile as $$
	select coalesce(n.good_started_at > p_started and n.good_started_at <= clock_timestamp(), false)
$$;

-- A node answered. Arrays hold one entry for each meeting that bears an id of ours; a count that is null is not known, and the last one
-- stays; p_rooms: rooms that the node made for it, as meeting.rooms. Meetings that are missing have ended when they are older than ten
-- seconds. p_unsteady: why the answer could be read in part only; then nothing is missing that was not read.
-- Returns 'late', changing nothing, when a later poll was quicker; 'online' when this one brought the node back; else 'good'.
create or replace function b3lb.poll_good(p_node int, p_started timestamptz, p_online_after int,
	p_meetings int, p_attendees int, p_cpu int, p_ids text[], p_internal text[], p_att int[], p_lis int[], p_voi int[],
	p_vid int[], p_mod int[], p_run boolean[], p_fragments text[], p_rooms text[] default null, p_unsteady text default null)
returns text language plpgsql as $$
declare
	n b3lb.node;
	v_m b3lb.meeting;
	v_new record;
	v_online boolean;
begin
	if (select b3lb.poll_is_late(x, p_started) from b3lb.node x where x.id = p_node) then
		return 'late';
	end if;
	-- Another session than the one that we know of: whoever asked for it did not live to say so.
	for v_new in
		select x.id, u.internal_id, u.fragment
		from unnest(p_ids, p_internal, p_fragments) as u (id, internal_id, fragment)
		join b3lb.meeting x on x.node_meeting_id = u.id and x.node_id = p_node
		where x.confirmed and x.confirmed_at <= p_started and x.internal_id <> u.internal_id
	loop
		select * into v_m from b3lb.meeting x where x.id = v_new.id and x.node_id = p_node and x.confirmed_at <= p_started for update;
		if v_m.id is not null and v_m.internal_id <> v_new.internal_id and not b3lb.internal_id_taken(v_m, v_new.internal_id) then
			perform b3lb.next_session(v_m, v_new.internal_id, null, v_m.name, v_m.own_params,
				v_new.fragment like '%<recording>true</recording>%');
			update b3lb.meeting set confirmed_at = p_started where id = v_m.id;
		end if;
	end loop;
	update b3lb.meeting m
	set seen = true, attendee_seconds = b3lb.attendee_seconds(m, clock_timestamp()), counted_at = clock_timestamp(),
		attendees = coalesce(u.att, m.attendees), peak = greatest(m.peak, u.att), listeners = coalesce(u.lis, m.listeners),
		voices = coalesce(u.voi, m.voices), videos = coalesce(u.vid, m.videos), moderators = coalesce(u.mod, m.moderators),
		running = u.run, fragment = u.fragment, rooms = u.rooms::jsonb
	from unnest(p_ids, p_internal, p_att, p_lis, p_voi, p_vid, p_mod, p_run, p_fragments, p_rooms)
		as u (id, internal_id, att, lis, voi, vid, mod, run, fragment, rooms)
	where m.node_meeting_id = u.id and m.node_id = p_node and m.confirmed
		and (m.confirmed_at <= p_started or m.confirmed_at > clock_timestamp() or m.internal_id = u.internal_id)
		and (not m.seen or m.fragment is distinct from u.fragment);
	for v_m in
		delete from b3lb.meeting x
		where x.node_id = p_node and p_unsteady is null and x.node_meeting_id <> all (p_ids) and x.confirmed
			and (x.confirmed_at < p_started - interval '10 seconds' or x.confirmed_at > clock_timestamp())
		returning x.*
	loop
		perform b3lb.meeting_ended(v_m, null);
	end loop;
	-- The lock first and the sums in a statement of their own: a placement that has committed is seen, one that has not adds itself.
	select * into n from b3lb.node where id = p_node for update;
	update b3lb.node x
	set attendees = case when p_unsteady is null then p_attendees else greatest(x.attendees, p_attendees) end,
		meetings = case when p_unsteady is null then p_meetings else greatest(x.meetings, p_meetings) end,
		cpu = coalesce(p_cpu, x.cpu), cpu_load = b3lb.cpu_load(coalesce(p_cpu, x.cpu), c.cpu_max, c.cpu_iterations),
		held_meetings = h.meetings, held_attendees = h.attendees,
		failures = 0, successes = x.successes + 1, online = x.online or x.successes + 1 >= p_online_after,
		polled_at = clock_timestamp(), good_at = clock_timestamp(), good_started_at = p_started, claimed_until = null,
		error = p_unsteady, unsteady = p_unsteady is not null
	from b3lb.cluster c, (
		select count(*) filter (where not m.seen) as meetings,
			coalesce(sum(case when m.seen then b3lb.held_attendees(m.expected, m.attendees, m.created_at, now())
				else m.expected end), 0) as attendees
		from b3lb.meeting m where m.node_id = p_node) h
	where x.id = p_node and c.id = x.cluster_id
	returning x.online into v_online;
	if n.drain_to is not null then
		perform b3lb.end_drain(p_node);
	end if;
	if v_online and not n.online then
		perform b3lb.mark_node_changed(p_node);
		return 'online';
	end if;
	return 'good';
end
$$;

-- A node did not answer, or not what a node answers. True when that took it offline. A poller that stood still meanwhile has
-- nothing to say about a node that a later one found good.
create or replace function b3lb.poll_bad(p_node int, p_started timestamptz, p_offline_after int, p_error text) returns boolean
language plpgsql as $$
declare
	n b3lb.node;
	is_now boolean;
begin
	select * into n from b3lb.node where id = p_node for update;
	if n.id is null or b3lb.poll_is_late(n, p_started) then
		return false;
	end if;
	update b3lb.node
	set failures = failures + 1, successes = 0, online = online and failures + 1 < p_offline_after,
		polled_at = clock_timestamp(), claimed_until = null, error = p_error, unsteady = false
	where id = p_node
	returning online into is_now;
	if n.online and not is_now then
		perform b3lb.mark_node_changed(p_node);
		return true;
	end if;
	return false;
end
$$;
