-- What many requests could break at once. Lock order everywhere: placement, meeting rows, node rows.

-- The secret that a request names: a tenant by slug, or by an additional host name of its own. With both, they must not disagree.
create or replace function b3lb.find_secret(p_slug text, p_host text, p_sub int) returns int
language sql stable parallel safe as $$
	select s.id
	from b3lb.tenant t
	join b3lb.secret s on s.tenant_id = t.id and s.sub_id = p_sub
	left join b3lb.tenant_alias a on a.host = p_host
	where case when p_slug is null then t.id = a.tenant_id
		else t.slug = p_slug and (a.tenant_id is null or a.tenant_id = t.id) end
$$;

-- (cpu_max / order) * sum of (cpu / 10000)^n; order 0: no cpu term.
create or replace function b3lb.cpu_load(p_cpu int, p_max double precision, p_order int) returns double precision
language sql immutable parallel safe as $$
	select coalesce(p_max / nullif(p_order, 0) * sum((p_cpu / 10000.0::double precision) ^ n), 0)
	from generate_series(1, p_order) n
$$;

-- What a young meeting weighs above the attendees that are there: expected ones fade over half an hour.
create or replace function b3lb.held_attendees(p_expected int, p_attendees int, p_created timestamptz, p_now timestamptz)
returns double precision language sql immutable parallel safe as $$
	select greatest(0, p_expected * (1 - extract(epoch from p_now - p_created)::double precision / 1800) - p_attendees)
$$;

-- The list of a secret and that of its tenant (sub id 0) no longer show everything.
create or replace function b3lb.mark_changed(p_secret int) returns void language sql as $$
	insert into b3lb.meeting_change (secret_id)
	select o.id
	from b3lb.secret s
	join b3lb.secret o on o.tenant_id = s.tenant_id and (o.id = s.id or o.sub_id = 0)
	where s.id = p_secret
$$;

-- The least loaded eligible node of the tenant's group, equal ones by chance; null when there is none.
create or replace function b3lb.choose_node(p_group int, p_tried int[]) returns int language sql volatile as $$
	select n.id
	from b3lb.cluster_group_member g
	join b3lb.cluster c on c.id = g.cluster_id
	join b3lb.node n on n.cluster_id = c.id
	where g.group_id = p_group and n.online and n.state = 'enabled' and n.id <> all (p_tried)
	order by (c.load_a * (n.attendees + n.held_attendees) + c.load_m * (n.meetings + n.held_meetings) + n.cpu_load)
		/ n.weight, random()
	limit 1
$$;

create or replace function b3lb.hold_node(p_node int, p_meetings int, p_attendees double precision) returns void
language sql as $$
	update b3lb.node
	set held_meetings = greatest(0, held_meetings + p_meetings),
		held_attendees = greatest(0, held_attendees + p_attendees)
	where id = p_node
$$;

create or replace function b3lb.new_node_meeting_id() returns text language sql volatile as $$
	select 'b3lb-' || replace(gen_random_uuid()::text, '-', '')
$$;

-- Takes a meeting's weight off its node. The row itself is the caller's to change.
create or replace function b3lb.release_node(m b3lb.meeting) returns void language sql as $$
	select b3lb.hold_node(m.node_id, case when m.seen then 0 else -1 end, case when m.seen
		then -b3lb.held_attendees(m.expected, m.attendees, m.created_at, now()) else -m.expected end)
$$;

-- Finds or makes the one row of (secret, meetingID) and says which node to ask.
--   placed        the caller asks the node as one of the row's creators
--   existing      the meeting is known: the node's answer is the client's
--   maxMeetings   a limit of tenant or secret
--   noNodes       no eligible node is left
-- p_failed: the node_meeting_id whose node did not answer this caller, null the first time. p_tried: nodes not to choose.
-- Not flushed at once: confirm_meeting's commit flushes it, and until then the client has no answer.
create or replace function b3lb.place_meeting(p_secret int, p_meeting_id text, p_name text, p_expected int,
	p_failed text, p_tried int[], p_parent_node int,
	out result text, out meeting bigint, out node int, out node_meeting_id text)
language plpgsql as $$
declare
	m b3lb.meeting;
	s b3lb.secret;
	t b3lb.tenant;
	v_up boolean;
begin
	perform set_config('synchronous_commit', 'off', true);
	if p_failed is null then
		select x.id, x.node_id, x.node_meeting_id into meeting, node, node_meeting_id
		from b3lb.meeting x join b3lb.node n on n.id = x.node_id
		where x.secret_id = p_secret and x.meeting_id = p_meeting_id and x.confirmed and n.online;
		if found then
			result := 'existing';
			return;
		end if;
	end if;
	-- One placement at a time: loads are compared and limits counted as they are, not as they were.
	perform pg_advisory_xact_lock(4742349);
	select * into m from b3lb.meeting x
	where x.secret_id = p_secret and x.meeting_id = p_meeting_id for update;
	select * into s from b3lb.secret where id = p_secret;
	select * into t from b3lb.tenant where id = s.tenant_id;
	if m.id is null then
		if t.meeting_limit > 0 and t.meeting_limit <=
				(select count(*) from b3lb.meeting x where x.tenant_id = t.id)
			or s.meeting_limit > 0 and s.meeting_limit <=
				(select count(*) from b3lb.meeting x where x.secret_id = s.id) then
			result := 'maxMeetings';
			return;
		end if;
	else
		select n.online into v_up from b3lb.node n where n.id = m.node_id;
		if v_up and p_failed is distinct from m.node_meeting_id then
			if not m.confirmed and p_failed is null then
				update b3lb.meeting x set creators = x.creators + 1 where x.id = m.id;
			end if;
			result := case when m.confirmed then 'existing' else 'placed' end;
			meeting := m.id;
			node := m.node_id;
			node_meeting_id := m.node_meeting_id;
			return;
		elsif v_up and m.confirmed then
			-- People may be in it: only a node that is offline loses its meetings.
			result := 'noNodes';
			return;
		end if;
	end if;
	node := coalesce(p_parent_node, b3lb.choose_node(t.group_id, p_tried));
	if node is null then
		if m.id is not null and not m.confirmed and p_failed is not null then
			perform b3lb.drop_placement(m.id, m.node_meeting_id);
		end if;
		result := 'noNodes';
		return;
	end if;
	node_meeting_id := b3lb.new_node_meeting_id();
	if m.id is null then
		insert into b3lb.meeting (tenant_id, secret_id, meeting_id, node_id, node_meeting_id, name, expected)
		values (t.id, s.id, p_meeting_id, node, place_meeting.node_meeting_id, p_name, p_expected)
		returning id into meeting;
	else
		meeting := m.id;
		perform b3lb.release_node(m);
		update b3lb.meeting x
		set node_id = node, node_meeting_id = place_meeting.node_meeting_id, confirmed = false, seen = false,
			attendees = 0, expected = p_expected, created_at = now(), name = p_name,
			creators = case when m.confirmed then 1 when p_failed is null then x.creators + 1 else x.creators end,
			was_node_id = case when m.confirmed then m.node_id else x.was_node_id end,
			was_node_meeting_id = case when m.confirmed then m.node_meeting_id else x.was_node_meeting_id end
		where x.id = m.id;
	end if;
	perform b3lb.hold_node(node, 1, p_expected);
	result := 'placed';
end
$$;

-- A create that had no success gives its row up. The last of its creators takes it away, unless one confirmed it;
-- a meeting that was being placed anew goes back to where it was.
create or replace function b3lb.drop_placement(p_meeting bigint, p_node_meeting_id text) returns void
language plpgsql as $$
declare
	m b3lb.meeting;
begin
	select * into m from b3lb.meeting where id = p_meeting for update;
	if m.id is null or m.confirmed then
		return;
	end if;
	if m.creators > 1 then
		update b3lb.meeting set creators = creators - 1 where id = m.id;
		return;
	end if;
	if m.was_node_id is not null then
		update b3lb.meeting
		set node_id = was_node_id, node_meeting_id = was_node_meeting_id, confirmed = true, seen = true,
			was_node_id = null, was_node_meeting_id = null, creators = 0
		where id = m.id;
	else
		delete from b3lb.meeting where id = m.id;
	end if;
	perform b3lb.release_node(m);
end
$$;

-- The node said SUCCESS. True when the row still is where that node was asked; false when it moved meanwhile or is gone,
-- and the caller asks again. A repeated create of a running meeting writes nothing.
create or replace function b3lb.confirm_meeting(p_meeting bigint, p_node_meeting_id text, p_internal_id text,
	p_create_time bigint, p_fragment text) returns boolean
language plpgsql as $$
declare
	m b3lb.meeting;
begin
	select * into m from b3lb.meeting where id = p_meeting and node_meeting_id = p_node_meeting_id;
	if m.id is null then
		return false;
	end if;
	if m.confirmed and m.internal_id is not distinct from p_internal_id then
		return true;
	end if;
	update b3lb.meeting
	set confirmed = true, confirmed_at = clock_timestamp(), internal_id = p_internal_id, create_time = p_create_time,
		fragment = p_fragment, was_node_id = null, was_node_meeting_id = null,
		running = false, attendees = 0, listeners = 0, voices = 0, videos = 0, moderators = 0
	where id = p_meeting and node_meeting_id = p_node_meeting_id
		and not (confirmed and internal_id is not distinct from p_internal_id)
	returning * into m;
	if m.id is null then
		-- Another creator of the same meeting was faster, or it moved.
		return exists (select 1 from b3lb.meeting
			where id = p_meeting and node_meeting_id = p_node_meeting_id);
	end if;
	perform b3lb.mark_changed(m.secret_id);
	return true;
end
$$;

-- Takes a meeting off the mapping; false when it is not there (any more) under that id on a node.
create or replace function b3lb.end_meeting(p_meeting bigint, p_node_meeting_id text) returns boolean
language plpgsql as $$
declare
	m b3lb.meeting;
begin
	delete from b3lb.meeting where id = p_meeting and node_meeting_id = p_node_meeting_id returning * into m;
	if m.id is null then
		return false;
	end if;
	perform b3lb.release_node(m);
	perform b3lb.mark_changed(m.secret_id);
	return true;
end
$$;

-- The list of one secret as getMeetings answers it, written down with the snapshot it was read in.
create or replace function b3lb.build_meeting_list(p_secret int) returns text language sql volatile as $$
	insert into b3lb.meeting_list as l (secret_id, xml, meetings, snapshot)
	select p_secret, case when count(m.id) = 0 then
			'<response><returncode>SUCCESS</returncode><meetings/><messageKey>noMeetings</messageKey>'
			'<message>no meetings were found on this server</message></response>'
		else '<response><returncode>SUCCESS</returncode><meetings>'
			|| string_agg(m.fragment, '' order by m.id) || '</meetings></response>' end,
		count(m.id), pg_current_snapshot()
	from b3lb.secret s
	left join b3lb.meeting m on m.tenant_id = s.tenant_id and (m.secret_id = s.id or s.sub_id = 0)
		and m.confirmed and m.fragment is not null
	where s.id = p_secret
	group by s.id
	on conflict (secret_id) do update
	set xml = excluded.xml, meetings = excluded.meetings, snapshot = excluded.snapshot, built_at = now()
	returning l.xml
$$;

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
-- when they are older than ten seconds; creates that nobody finished are taken away after five minutes.
-- Returns 'late', changing nothing, when a later poll was quicker; 'online' when this one brought the node back; else 'good'.
create or replace function b3lb.poll_good(p_node int, p_started timestamptz, p_online_after int,
	p_meetings int, p_attendees int, p_cpu int, p_ids text[], p_internal text[], p_att int[], p_lis int[], p_voi int[],
	p_vid int[], p_mod int[], p_run boolean[], p_fragments text[]) returns text
language plpgsql as $$
declare
	n b3lb.node;
	v_secret int;
	v_online boolean;
begin
	if exists (select 1 from b3lb.node where id = p_node and good_started_at > p_started) then
		return 'late';
	end if;
	update b3lb.meeting m
	set seen = true, internal_id = u.internal_id, attendees = u.att, listeners = u.lis, voices = u.voi, videos = u.vid,
		moderators = u.mod, running = u.run, fragment = u.fragment
	from unnest(p_ids, p_internal, p_att, p_lis, p_voi, p_vid, p_mod, p_run, p_fragments)
		as u (id, internal_id, att, lis, voi, vid, mod, run, fragment)
	where m.node_meeting_id = u.id and m.node_id = p_node and m.confirmed
		and (m.confirmed_at <= p_started or m.internal_id = u.internal_id)
		and (not m.seen or m.fragment is distinct from u.fragment);
	for v_secret in
		with gone as (
			delete from b3lb.meeting m
			where m.node_id = p_node and m.node_meeting_id <> all (p_ids) and case when m.confirmed
				then m.confirmed_at < p_started - interval '10 seconds'
				else m.created_at < p_started - interval '5 minutes' and m.was_node_id is null end
			returning m.secret_id)
		select distinct secret_id from gone
	loop
		perform b3lb.mark_changed(v_secret);
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

-- A node did not answer, or not what a node answers. True when that took it offline.
create or replace function b3lb.poll_bad(p_node int, p_offline_after int, p_error text) returns boolean
language plpgsql as $$
declare
	was boolean;
	is_now boolean;
begin
	select online into was from b3lb.node where id = p_node for update;
	update b3lb.node
	set failures = failures + 1, successes = 0, online = online and failures + 1 < p_offline_after,
		polled_at = clock_timestamp(), claimed_until = null, error = p_error
	where id = p_node
	returning online into is_now;
	return coalesce(was and not is_now, false);
end
$$;
