-- What a poll of the nodes found.

-- Nodes to poll: none that another poller has in its hands, none polled since p_since. Any number of hosts may ask at once.
create or replace function b3lb.claim_nodes(p_since timestamptz, p_max int, p_lease interval) returns setof b3lb.node
language sql volatile as $$
	update b3lb.node n
	set claimed_until = clock_timestamp() + p_lease
	where n.id in (
		select id from b3lb.node
		where (polled_at is null or polled_at < p_since)
			and (claimed_until is null or claimed_until < clock_timestamp())
		order by polled_at nulls first, id
		limit p_max
		for update skip locked)
	returning n.*
$$;

-- A node answered. Arrays hold one entry for each meeting that bears an id of ours. Meetings that are missing have ended
-- when they are older than ten seconds; creates that nobody finished are taken back after five minutes.
-- Returns 'late', changing nothing, when a later poll was quicker; 'online' when this one brought the node back; else 'good'.
create or replace function b3lb.poll_good(p_node int, p_started timestamptz, p_online_after int,
	p_meetings int, p_attendees int, p_cpu int, p_ids text[], p_internal text[], p_att int[], p_lis int[], p_voi int[],
	p_vid int[], p_mod int[], p_run boolean[], p_fragments text[]) returns text
language plpgsql as $$
declare
	n b3lb.node;
	v_gone b3lb.meeting;
	v_online boolean;
begin
	if exists (select 1 from b3lb.node where id = p_node and good_started_at > p_started) then
		return 'late';
	end if;
	update b3lb.meeting m
	set seen = true, internal_id = u.internal_id, attendees = u.att, peak = greatest(m.peak, u.att), listeners = u.lis, voices = u.voi, videos = u.vid,
		moderators = u.mod, running = u.run, fragment = u.fragment
	from unnest(p_ids, p_internal, p_att, p_lis, p_voi, p_vid, p_mod, p_run, p_fragments)
		as u (id, internal_id, att, lis, voi, vid, mod, run, fragment)
	where m.node_meeting_id = u.id and m.node_id = p_node and m.confirmed
		and (m.confirmed_at <= p_started or m.internal_id = u.internal_id)
		and (not m.seen or m.fragment is distinct from u.fragment);
	for v_gone in
		delete from b3lb.meeting x
		where x.node_id = p_node and x.node_meeting_id <> all (p_ids) and x.confirmed
			and x.confirmed_at < p_started - interval '10 seconds'
		returning x.*
	loop
		perform b3lb.meeting_ended(v_gone, null);
	end loop;
	for v_gone in
		select * from b3lb.meeting x
		where x.node_id = p_node and not x.confirmed and x.created_at < p_started - interval '5 minutes'
		for update
	loop
		perform b3lb.take_back(v_gone);
	end loop;
	-- The lock first and the sums in a statement of their own: a placement that has committed is seen, one that has not adds itself.
	select * into n from b3lb.node where id = p_node for update;
	update b3lb.node x
	set attendees = p_attendees, meetings = p_meetings, cpu = coalesce(p_cpu, x.cpu),
		cpu_load = b3lb.cpu_load(coalesce(p_cpu, x.cpu), c.cpu_max, c.cpu_iterations),
		held_meetings = h.meetings, held_attendees = h.attendees,
		failures = 0, successes = x.successes + 1, online = x.online or x.successes + 1 >= p_online_after,
		polled_at = clock_timestamp(), good_at = clock_timestamp(), good_started_at = p_started, claimed_until = null,
		error = null
	from b3lb.cluster c, (
		select count(*) filter (where not m.seen) as meetings,
			coalesce(sum(case when m.seen then b3lb.held_attendees(m.expected, m.attendees, m.created_at, now())
				else m.expected end), 0) as attendees
		from b3lb.meeting m where m.node_id = p_node) h
	where x.id = p_node and c.id = x.cluster_id
	returning x.online into v_online;
	return case when v_online and not n.online then 'online' else 'good' end;
end
$$;

-- A node did not answer, or not what a node answers. True when that took it offline. A poller that stood still meanwhile has
-- nothing to say about a node that a later one found good.
create or replace function b3lb.poll_bad(p_node int, p_started timestamptz, p_offline_after int, p_error text) returns boolean
language plpgsql as $$
declare
	was boolean;
	is_now boolean;
begin
	select online into was from b3lb.node where id = p_node and (good_started_at is null or good_started_at <= p_started) for update;
	if not found then
		return false;
	end if;
	update b3lb.node
	set failures = failures + 1, successes = 0, online = online and failures + 1 < p_offline_after,
		polled_at = clock_timestamp(), claimed_until = null, error = p_error
	where id = p_node
	returning online into is_now;
	return coalesce(was and not is_now, false);
end
$$;
