-- Where a new meeting goes, decided in one transaction, and what became of it.

-- Whether the group has a node that may take it at all; p_full: also one that has reached its limits.
create or replace function b3lb.any_node(p_group int, p_tried int[], p_tags text[], p_never text[], p_required boolean, p_full boolean)
returns boolean language plpgsql stable as $$
begin
	return exists (select from b3lb.cluster_group_member g join b3lb.node n on n.cluster_id = g.cluster_id
		where g.group_id = p_group and n.id <> all (p_tried)
			and b3lb.may_take(n, case when p_required then p_tags else p_tags || array['none'] end, p_never)
			and (p_full or not b3lb.node_full(n)));
end
$$;

-- The node that a meeting goes to, and what b3lb.weigh_nodes has seen; null when there is none. p_tags, p_never,
-- p_required: what it asks for (b3lb.read_wish).
create or replace function b3lb.choose_node(p_group int, p_tried int[], p_shown int[] default '{}', p_due double precision[] default '{}',
	p_tags text[] default '{none}', p_never text[] default null, p_required boolean default false, out node int, out why jsonb) language plpgsql volatile as $$
declare
	w record;
begin
	loop
		w := b3lb.weigh_nodes(p_group, p_tried, p_shown, p_due, p_tags, p_never, p_required);
		node := w.node;
		why := w.why;
		-- One that is being removed is waited for, and then it is gone.
		perform from b3lb.node n where n.id = choose_node.node for key share;
		exit when found or node is null;
		p_tried := p_tried || node;
	end loop;
end
$$;

-- A meeting that rooms are made for, by either of its ids; nulls: there is none. A function, since who asks without one would have
-- the whole statement planned for it each time.
create or replace function b3lb.find_parent(p_secret int, p_id text, out node_id int, out internal_id text) language plpgsql stable as $$
begin
	if p_id is not null then
		select x.node_id, x.internal_id into find_parent.node_id, find_parent.internal_id
		from (select * from b3lb.meeting y where y.secret_id = p_secret and y.meeting_id = p_id
			union all
			select * from b3lb.meeting y
			where y.secret_id + 0 = p_secret and y.internal_id = p_id and y.meeting_id <> p_id) x
		where x.confirmed
		order by x.meeting_id = p_id desc limit 1;
	end if;
end
$$;

-- Whether a node's list would show more of the tenant's meetings than p_max with p_more bytes besides; p_but: not counted.
create or replace function b3lb.shows_too_much(p_tenant int, p_node int, p_but bigint, p_more int, p_max int) returns boolean
language plpgsql stable as $$
begin
	return p_max > 0 and p_more + coalesce((select sum(x.shown) from b3lb.meeting x
		where x.tenant_id = p_tenant and x.node_id = p_node and x.id is distinct from p_but), 0) > p_max;
end
$$;

-- Finds or makes the one row of (secret, meetingID) and says which node to ask.
--   placed        the caller asks the node as one of the row's creators
--   existing      the meeting is known: the node's answer is the client's
--   passed        as placed, beyond a limit that refuses nothing (limit_mode warn)
--   maxMeetings   a limit of tenant or secret
--   maxAttendees  that of attendees, where it refuses meetings (limit_mode create)
--   maxShown      only nodes are left whose lists show as much of the tenant's meetings as they may
--   noTag         no eligible node is left that has the tag which it must have
--   noNodes       no eligible node is left
-- p_asked: what meta_server-tag says; asked: that, else what it said when the meeting was made. at_limit: nodes are left, and all have
-- reached their limits.
-- Attendees are expected by b3lb.expect_attendees; p_expected is its default.
-- existing comes with the nonces of the next session, which the node takes when it has ended the one that we know of, and ignores
-- else; they are the same until confirm_meeting has seen that, so that nothing hangs on who lives to say so.
-- p_record: a record set is made with the row. p_own: the client's values of parameters that go to the node changed.
-- p_meeting_id: the client's, or the meeting's internal id; client_id is what the client calls it.
-- p_shown: bytes that the node's list will show; p_shown_max: for all of the tenant's meetings on one node, 0 for no bound.
-- p_failed: the node_meeting_id whose node did not answer this caller, null the first time. p_tried: nodes not to choose.
-- Not flushed at once: confirm_meeting's commit flushes it, and until then the client has no answer.
create or replace function b3lb.place_create(p_secret int, p_meeting_id text, p_name text, p_expected int,
	p_hint int, p_failed text, p_tried int[], p_parent_node int, p_record boolean, p_own jsonb, p_shown int default 0,
	p_shown_max int default 0, p_asked text default null,
	out result text, out meeting bigint, out node int, out node_meeting_id text, out nonce text, out record_nonce text,
	out client_id text, out asked text, out at_limit boolean)
language plpgsql as $$
#variable_conflict use_column
declare
	m b3lb.meeting;
	t record; -- what tenant and secret say
	v_up boolean;
	v_set bigint;
	e record; -- who is expected
	v_awaited boolean;
	c record; -- the node that was chosen
	v_why jsonb := '{}';
	w record; -- what it asks for
	v_shown int[]; -- nodes that show as much as they may
	v_tried int[]; -- these, and those that have failed
	v_confirmed boolean;
	v_passed boolean := false;
begin
	perform set_config('synchronous_commit', 'off', true);
	client_id := p_meeting_id;
	asked := p_asked;
	at_limit := false;
	if p_failed is null then
		select x.meeting_id, x.id, x.node_id, x.node_meeting_id, x.next_nonce, case when p_record then x.next_record_nonce end,
			x.confirmed and n.online
		into client_id, meeting, node, node_meeting_id, nonce, record_nonce, v_confirmed
		from (select * from b3lb.meeting y where y.secret_id = p_secret and y.meeting_id = p_meeting_id
			union all
			select * from b3lb.meeting y
			where y.secret_id + 0 = p_secret and y.internal_id = p_meeting_id and y.meeting_id <> p_meeting_id and y.confirmed) x
		join b3lb.node n on n.id = x.node_id
		order by x.meeting_id = p_meeting_id desc
		limit 1;
		if v_confirmed then
			result := 'existing';
			return;
		end if;
		client_id := coalesce(client_id, p_meeting_id);
	end if;
	e := b3lb.expect_attendees(p_secret, client_id, p_hint, p_expected);
	if p_failed is not null then
		perform b3lb.count_event(p_secret, 'retried', 1);
	end if;
	-- One placement at a time: loads are compared and limits counted as they are, not as they were.
	perform pg_advisory_xact_lock(4742349);
	select * into m from b3lb.meeting x
	where x.secret_id = p_secret and x.meeting_id = client_id for update;
	select y.id, y.group_id, y.tags, y.limit_mode, y.meeting_limit, y.attendee_limit, x.meeting_limit as own_meetings,
		x.attendee_limit as own_attendees
	into t from b3lb.secret x join b3lb.tenant y on y.id = x.tenant_id where x.id = p_secret;
	if m.id is not null then
		select n.online into v_up from b3lb.node n where n.id = m.node_id;
	end if;
	-- One that is placed anew since its node is offline counts in no limit, itself included, and is another one from here on.
	if m.id is null or m.confirmed and not v_up then
		if b3lb.meetings_full(t.id, t.meeting_limit, p_secret, t.own_meetings) then
			perform b3lb.count_event(p_secret, 'meeting_limit', 1);
			v_passed := t.limit_mode = 'warn';
			if not v_passed then
				result := 'maxMeetings';
				return;
			end if;
		end if;
		if t.limit_mode = 'create' and b3lb.attendees_full(t.id, t.attendee_limit, p_secret, t.own_attendees) then
			perform b3lb.count_event(p_secret, 'attendee_limit', 1);
			result := 'maxAttendees';
			return;
		end if;
	elsif v_up and p_failed is distinct from m.node_meeting_id then
		if not m.confirmed and p_failed is null then
			update b3lb.meeting x set creators = x.creators + 1 where x.id = m.id;
		end if;
		result := case when m.confirmed then 'existing' else 'placed' end;
		meeting := m.id;
		node := m.node_id;
		node_meeting_id := m.node_meeting_id;
		nonce := case when m.confirmed then m.next_nonce else m.nonce end;
		record_nonce := case when m.confirmed then case when p_record then m.next_record_nonce end
			else (select r.nonce from b3lb.record_set r where r.id = m.record_set_id) end;
		return;
	elsif v_up and m.confirmed then
		-- People may be in it: only a node that is offline loses its meetings.
		result := 'noNodes';
		return;
	end if;
	if asked is null and m.own_params ? 'meta_server-tag' then
		asked := m.own_params ->> 'meta_server-tag';
		p_own := p_own || jsonb_build_object('meta_server-tag', asked);
	end if;
	w := b3lb.read_wish(asked, t.tags);
	-- A room of a meeting can be on that one's node only.
	if p_parent_node is null then
		-- Before nodes are locked: who ends its last session has them after this.
		v_awaited := b3lb.room_began(p_secret, client_id);
		loop
			c := b3lb.choose_node(t.group_id, p_tried, coalesce(v_shown, '{}'),
				b3lb.rooms_due(t.group_id, p_secret, client_id, e.attendees), w.tags, w.never, w.required);
			node := c.node;
			v_why := c.why;
			exit when node is null or not b3lb.shows_too_much(t.id, node, m.id, p_shown, p_shown_max);
			-- Seldom: all such nodes at once, so that there is no third round.
			v_shown := array(select n.id from b3lb.node n where b3lb.shows_too_much(t.id, n.id, m.id, p_shown, p_shown_max));
		end loop;
		v_tried := p_tried || coalesce(v_shown, '{}');
		at_limit := node is null and b3lb.any_node(t.group_id, v_tried, w.tags, w.never, w.required, true);
		-- Not in one condition: its statement would be planned for each create.
		if w.asked then
			if not (select b3lb.has_tag(n, w.tags) from b3lb.node n where n.id = place_create.node) then
				perform b3lb.count_event(p_secret, 'tag_fallback', 1);
			end if;
		end if;
	else
		if b3lb.shows_too_much(t.id, p_parent_node, m.id, p_shown, p_shown_max) then
			v_shown := array[p_parent_node];
		end if;
		node := (select n.id from b3lb.node n where n.id = p_parent_node and n.online and n.state <> 'maintenance'
			and n.id <> all (p_tried || coalesce(v_shown, '{}')));
	end if;
	if node is null then
		if m.id is not null and not m.confirmed and p_failed is not null then
			perform b3lb.drop_placement(m.id, m.node_meeting_id);
		end if;
		result := case when p_failed is null and v_shown is not null
			and (p_parent_node = any (v_shown) or p_parent_node is null
				and b3lb.any_node(t.group_id, p_tried, w.tags, w.never, w.required, false)) then 'maxShown'
			when w.required and p_parent_node is null then 'noTag' else 'noNodes' end;
		return;
	end if;
	if e.source = 'hint' then
		e.attendees := b3lb.hint_held(node, e.attendees, p_expected);
	end if;
	node_meeting_id := b3lb.new_node_meeting_id();
	nonce := replace(gen_random_uuid()::text, '-', '');
	if p_record then
		insert into b3lb.record_set as r (tenant_id, secret_id, meeting_id, name, own_params)
		values (t.id, p_secret, client_id, p_name, p_own)
		returning r.id, r.nonce into v_set, record_nonce;
	end if;
	if m.id is null then
		insert into b3lb.meeting as x (tenant_id, secret_id, meeting_id, node_id, node_meeting_id, nonce, name, expected,
			record_set_id, own_params, shown)
		values (t.id, p_secret, client_id, place_create.node, place_create.node_meeting_id, place_create.nonce, p_name,
			e.attendees, v_set, p_own, p_shown)
		returning x.id into meeting;
	else
		meeting := m.id;
		perform b3lb.release_node(m);
		-- The row's own set, when no node ever answered for it.
		if not m.confirmed then
			delete from b3lb.record_set where id = m.record_set_id;
		end if;
		update b3lb.meeting x
		set node_id = place_create.node, node_meeting_id = place_create.node_meeting_id, confirmed = false, seen = false,
			nonce = place_create.nonce, record_set_id = v_set, own_params = p_own, shown = p_shown,
			next_nonce = replace(gen_random_uuid()::text, '-', ''), next_record_nonce = replace(gen_random_uuid()::text, '-', ''),
			attendees = 0, peak = 0, counted_at = null, expected = e.attendees,
			attendee_seconds = case when m.confirmed then b3lb.attendee_seconds(m, b3lb.used_until(m.node_id, m.confirmed_at))
				else x.attendee_seconds end,
			was_peak = case when m.confirmed then m.peak else x.was_peak end, created_at = now(), name = p_name,
			creators = case when m.confirmed then 1 when p_failed is null then x.creators + 1 else x.creators end,
			was_node_id = case when m.confirmed then m.node_id else x.was_node_id end,
			was_node_meeting_id = case when m.confirmed then m.node_meeting_id else x.was_node_meeting_id end,
			was_nonce = case when m.confirmed then m.nonce else x.was_nonce end,
			was_record_set_id = case when m.confirmed then m.record_set_id else x.was_record_set_id end,
			was_own_params = case when m.confirmed then m.own_params else x.was_own_params end,
			was_name = case when m.confirmed then m.name else x.was_name end
		where x.id = m.id;
	end if;
	insert into b3lb.placement as x (secret_id, meeting_id, placed_at, expected, source, awaited, why)
	values (p_secret, client_id, now(), e.attendees, e.source, v_awaited, v_why)
	on conflict (secret_id, meeting_id) do update
	set placed_at = excluded.placed_at, expected = excluded.expected, source = excluded.source, awaited = excluded.awaited,
		why = excluded.why;
	perform b3lb.hold_node(node, 1, e.attendees);
	result := case when v_passed then 'passed' else 'placed' end;
end
$$;

-- A row that no node confirmed goes, with its record set; a meeting that was being placed anew goes back to where it was. The
-- node's weight is the caller's to change.
create or replace function b3lb.take_back(m b3lb.meeting) returns void language plpgsql as $$
begin
	if m.was_node_id is not null then
		update b3lb.meeting
		set node_id = was_node_id, node_meeting_id = was_node_meeting_id, nonce = was_nonce,
			record_set_id = was_record_set_id, own_params = coalesce(was_own_params, own_params), name = coalesce(was_name, name),
			-- Not seen: the next poll of that node writes the counts again, whatever its list says.
			confirmed = true, seen = false, peak = coalesce(was_peak, 0), was_peak = null,
			was_node_id = null, was_node_meeting_id = null, was_nonce = null, was_record_set_id = null, was_own_params = null,
			was_name = null, creators = 0
		where id = m.id;
	else
		delete from b3lb.meeting where id = m.id;
	end if;
	-- One whose archive has arrived all the same is a recording.
	delete from b3lb.record_set where id = m.record_set_id and status = 'WAITING';
end
$$;

-- A create that had no success gives its row up. The last of its creators takes it back, unless one confirmed it.
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
	perform b3lb.take_back(m);
	perform b3lb.release_node(m);
end
$$;

-- Another meeting of the tenant has that internal id: no node gives one twice, but one may say what it likes.
create or replace function b3lb.internal_id_taken(m b3lb.meeting, p_internal_id text) returns boolean language plpgsql stable as $$
begin
	return exists (select 1 from b3lb.meeting x
		where x.internal_id = p_internal_id and x.tenant_id + 0 = m.tenant_id and x.id <> m.id and x.confirmed);
end
$$;

-- The node has ended the session that we know of and runs another one under the row's id. What the earlier one was stays so: its
-- recording, its callbacks, its counts.
create or replace function b3lb.next_session(m b3lb.meeting, p_internal_id text, p_create_time bigint, p_name text, p_own jsonb,
	p_record boolean) returns void language plpgsql as $$
declare
	v_set bigint;
begin
	perform b3lb.meeting_ended(m, null);
	if p_record then
		insert into b3lb.record_set (nonce, tenant_id, secret_id, meeting_id, name, own_params, record_id)
		select m.next_record_nonce, m.tenant_id, m.secret_id, m.meeting_id, p_name, p_own, p_internal_id
		where not exists (select 1 from b3lb.record_set r where r.tenant_id = m.tenant_id and r.record_id = p_internal_id)
		returning id into v_set;
	end if;
	update b3lb.meeting
	set nonce = m.next_nonce, next_nonce = replace(gen_random_uuid()::text, '-', ''),
		next_record_nonce = replace(gen_random_uuid()::text, '-', ''), record_set_id = v_set, own_params = p_own, name = p_name,
		internal_id = p_internal_id, create_time = p_create_time, confirmed_at = clock_timestamp(), rooms = null,
		running = false, attendees = 0, peak = 0, listeners = 0, voices = 0, videos = 0, moderators = 0,
		attendee_seconds = 0, counted_at = null
	where id = m.id;
end
$$;

-- The node said SUCCESS. True when the row still is where that node was asked; false when it moved meanwhile or is gone,
-- and the caller asks again. A repeated create of a running meeting writes nothing.
-- p_name, p_own, p_record: the create's, for the session that it began; null: as the row has them.
create or replace function b3lb.confirm_meeting(p_meeting bigint, p_node_meeting_id text, p_internal_id text,
	p_create_time bigint, p_fragment text, p_name text default null, p_own jsonb default null, p_record boolean default null)
returns boolean
language plpgsql as $$
declare
	m b3lb.meeting;
	v_same boolean;
begin
	select x.confirmed and x.internal_id is not distinct from p_internal_id into v_same
	from b3lb.meeting x where x.id = p_meeting and x.node_meeting_id = p_node_meeting_id;
	if v_same is null or v_same then
		return v_same is not null;
	end if;
	-- Its row before its record set: who ends it meanwhile takes them in this order too. Another creator may have been faster.
	select * into m from b3lb.meeting where id = p_meeting and node_meeting_id = p_node_meeting_id for update;
	if m.id is null or m.confirmed and m.internal_id is not distinct from p_internal_id then
		return m.id is not null;
	end if;
	-- By its internal id the client would find the other one.
	if b3lb.internal_id_taken(m, p_internal_id) then
		return false;
	end if;
	if m.confirmed then
		perform b3lb.next_session(m, p_internal_id, p_create_time, coalesce(p_name, m.name), coalesce(p_own, m.own_params),
			coalesce(p_record, m.record_set_id is not null));
		update b3lb.meeting set fragment = p_fragment where id = p_meeting;
	else
		if m.confirmed_at is not null then
			perform b3lb.count_event(m.secret_id, 'duration', greatest(0, extract(epoch from now() - m.confirmed_at)));
		end if;
		perform b3lb.old_session_ended(m);
		if m.record_set_id is not null then
			update b3lb.record_set set record_id = p_internal_id where id = m.record_set_id;
		end if;
		update b3lb.meeting
		set confirmed = true, confirmed_at = clock_timestamp(), internal_id = p_internal_id, create_time = p_create_time,
			fragment = p_fragment, was_node_id = null, was_node_meeting_id = null, was_nonce = null, was_record_set_id = null,
			was_own_params = null, was_name = null, was_peak = null, attendee_seconds = 0, counted_at = null,
			running = false, attendees = 0, listeners = 0, voices = 0, videos = 0, moderators = 0, rooms = null
		where id = p_meeting;
		perform b3lb.mark_changed(m.secret_id);
	end if;
	perform b3lb.count_event(m.secret_id, 'created', 1);
	return true;
end
$$;
