-- Where a new meeting goes, decided in one transaction, and what became of it.

-- The least loaded eligible node of the tenant's group, equal ones by chance; null when there is none.
create or replace function b3lb.choose_node(p_group int, p_tried int[]) returns int language plpgsql volatile as $$
begin
	return (
		select n.id
		from b3lb.cluster_group_member g
		join b3lb.cluster c on c.id = g.cluster_id
		join b3lb.node n on n.cluster_id = c.id
		where g.group_id = p_group and n.online and n.state = 'enabled' and n.id <> all (p_tried)
		order by b3lb.node_load(n, c), random()
		limit 1);
end
$$;

-- Finds or makes the one row of (secret, meetingID) and says which node to ask.
--   placed        the caller asks the node as one of the row's creators
--   existing      the meeting is known: the node's answer is the client's
--   maxMeetings   a limit of tenant or secret
--   noNodes       no eligible node is left
-- Attendees are expected by p_hint, else by what earlier sessions of the meeting reached, else p_expected.
-- p_record: a record set is made with the row. p_own: the client's values of parameters that go to the node changed.
-- p_meeting_id: the client's, or the meeting's internal id; client_id is what the client calls it.
-- p_failed: the node_meeting_id whose node did not answer this caller, null the first time. p_tried: nodes not to choose.
-- Not flushed at once: confirm_meeting's commit flushes it, and until then the client has no answer.
create or replace function b3lb.place_create(p_secret int, p_meeting_id text, p_name text, p_expected int,
	p_hint int, p_failed text, p_tried int[], p_parent_node int, p_record boolean, p_own jsonb,
	out result text, out meeting bigint, out node int, out node_meeting_id text, out nonce text, out record_nonce text,
	out client_id text)
language plpgsql as $$
#variable_conflict use_column
declare
	m b3lb.meeting;
	s b3lb.secret;
	t b3lb.tenant;
	v_up boolean;
	v_set bigint;
	v_expected int;
	v_confirmed boolean;
begin
	perform set_config('synchronous_commit', 'off', true);
	client_id := p_meeting_id;
	if p_failed is null then
		select x.meeting_id, x.id, x.node_id, x.node_meeting_id, x.nonce, r.nonce, x.confirmed and n.online
		into client_id, meeting, node, node_meeting_id, nonce, record_nonce, v_confirmed
		from (select * from b3lb.meeting y where y.secret_id = p_secret and y.meeting_id = p_meeting_id
			union all
			select * from b3lb.meeting y
			where y.secret_id = p_secret and y.internal_id = p_meeting_id and y.meeting_id <> p_meeting_id and y.confirmed) x
		join b3lb.node n on n.id = x.node_id
		left join b3lb.record_set r on r.id = x.record_set_id
		order by x.meeting_id = p_meeting_id desc
		limit 1;
		if v_confirmed then
			result := 'existing';
			return;
		end if;
		client_id := coalesce(client_id, p_meeting_id);
	end if;
	v_expected := coalesce(p_hint, (select round(a.attendees) from b3lb.attendance a
		where a.secret_id = p_secret and a.meeting_id = client_id), p_expected);
	if p_failed is not null then
		perform b3lb.count_event(p_secret, 'retried', 1);
	end if;
	-- One placement at a time: loads are compared and limits counted as they are, not as they were.
	perform pg_advisory_xact_lock(4742349);
	select * into m from b3lb.meeting x
	where x.secret_id = p_secret and x.meeting_id = client_id for update;
	select * into s from b3lb.secret where id = p_secret;
	select * into t from b3lb.tenant where id = s.tenant_id;
	if m.id is null then
		if t.meeting_limit > 0 and t.meeting_limit <=
				(select count(*) from b3lb.meeting x where x.tenant_id = t.id)
			or s.meeting_limit > 0 and s.meeting_limit <=
				(select count(*) from b3lb.meeting x where x.secret_id = s.id) then
			perform b3lb.count_event(p_secret, 'meeting_limit', 1);
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
			nonce := m.nonce;
			record_nonce := (select r.nonce from b3lb.record_set r where r.id = m.record_set_id);
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
	nonce := replace(gen_random_uuid()::text, '-', '');
	if p_record then
		insert into b3lb.record_set as r (tenant_id, secret_id, meeting_id, name, own_params)
		values (t.id, s.id, client_id, p_name, p_own)
		returning r.id, r.nonce into v_set, record_nonce;
	end if;
	if m.id is null then
		insert into b3lb.meeting as x (tenant_id, secret_id, meeting_id, node_id, node_meeting_id, nonce, name, expected,
			record_set_id, own_params)
		values (t.id, s.id, client_id, place_create.node, place_create.node_meeting_id, place_create.nonce, p_name,
			v_expected, v_set, p_own)
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
			nonce = place_create.nonce, record_set_id = v_set, own_params = p_own,
			attendees = 0, peak = 0, expected = v_expected, created_at = now(), name = p_name,
			creators = case when m.confirmed then 1 when p_failed is null then x.creators + 1 else x.creators end,
			was_node_id = case when m.confirmed then m.node_id else x.was_node_id end,
			was_node_meeting_id = case when m.confirmed then m.node_meeting_id else x.was_node_meeting_id end,
			was_nonce = case when m.confirmed then m.nonce else x.was_nonce end,
			was_record_set_id = case when m.confirmed then m.record_set_id else x.was_record_set_id end
		where x.id = m.id;
	end if;
	perform b3lb.hold_node(node, 1, v_expected);
	result := 'placed';
end
$$;

-- A row that no node confirmed goes, with its record set; a meeting that was being placed anew goes back to where it was. The
-- node's weight is the caller's to change.
create or replace function b3lb.take_back(m b3lb.meeting) returns void language plpgsql as $$
begin
	if m.was_node_id is not null then
		update b3lb.meeting
		set node_id = was_node_id, node_meeting_id = was_node_meeting_id, nonce = was_nonce,
			record_set_id = was_record_set_id, confirmed = true, seen = true,
			was_node_id = null, was_node_meeting_id = null, was_nonce = null, was_record_set_id = null, creators = 0
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
	-- Its row before its record set: who ends it meanwhile takes them in this order too. Another creator may have been faster.
	select * into m from b3lb.meeting where id = p_meeting and node_meeting_id = p_node_meeting_id for update;
	if m.id is null or m.confirmed and m.internal_id is not distinct from p_internal_id then
		return m.id is not null;
	end if;
	if m.confirmed_at is not null then
		perform b3lb.count_event(m.secret_id, 'duration', greatest(0, extract(epoch from now() - m.confirmed_at)));
	end if;
	-- The session on a node that is offline is over for us; that node's own words about it are still understood.
	insert into b3lb.ended_meeting (nonce, secret_id, node_id, meeting_id, node_meeting_id, record_set_id, own_params)
	select m.was_nonce, m.secret_id, m.was_node_id, m.meeting_id, m.was_node_meeting_id, m.was_record_set_id, m.own_params
	where m.was_nonce is not null
	on conflict (nonce) do nothing;
	update b3lb.record_set set ended_at = now() where id = m.was_record_set_id;
	update b3lb.record_set set record_id = p_internal_id where id = m.record_set_id;
	update b3lb.meeting
	set confirmed = true, confirmed_at = clock_timestamp(), internal_id = p_internal_id, create_time = p_create_time,
		fragment = p_fragment, was_node_id = null, was_node_meeting_id = null, was_nonce = null, was_record_set_id = null,
		running = false, attendees = 0, listeners = 0, voices = 0, videos = 0, moderators = 0,
		ends_due = case when m.confirmed then m.ends_due + 1 else 0 end
	where id = p_meeting;
	perform b3lb.mark_changed(m.secret_id);
	perform b3lb.count_event(m.secret_id, 'created', 1);
	return true;
end
$$;
