-- What every other file builds on: who may come in, what a node weighs. Functions that a request calls are in plpgsql, which
-- keeps their plans; those in sql are planned anew in each call, unless they are one expression.
-- Lock order everywhere: placement, meeting rows, node rows; a meeting before its record set. What was told (hook_seen) comes in any
-- order: who only brings events waits 200 ms for it (hook_take_all).

-- Nobody else may join: a limit of the tenant or of the secret is reached. 0 is no limit. Whom nobody can reach, since the node is
-- offline, counts nowhere.
create or replace function b3lb.attendees_full(p_tenant int, p_tenant_limit int, p_secret int, p_secret_limit int) returns boolean
language plpgsql stable as $$
begin
	if p_tenant_limit > 0 then
		if p_tenant_limit <= (select coalesce(sum(x.attendees), 0) from b3lb.meeting x join b3lb.node n on n.id = x.node_id
				where x.tenant_id = p_tenant and n.online) then
			return true;
		end if;
	end if;
	if p_secret_limit > 0 then
		return p_secret_limit <= (select coalesce(sum(x.attendees), 0) from b3lb.meeting x join b3lb.node n on n.id = x.node_id
			where x.secret_id = p_secret and n.online);
	end if;
	return false;
end
$$;

-- Whether the tenant or the secret has as many meetings as it may; a limit of 0 is none, and nothing is counted for it.
create or replace function b3lb.meetings_full(p_tenant int, p_tenant_limit int, p_secret int, p_secret_limit int) returns boolean
language plpgsql stable as $$
begin
	if p_tenant_limit > 0 then
		if p_tenant_limit <= (select count(*) from b3lb.meeting x join b3lb.node n on n.id = x.node_id
				where x.tenant_id = p_tenant and n.online) then
			return true;
		end if;
	end if;
	if p_secret_limit > 0 then
		return p_secret_limit <= (select count(*) from b3lb.meeting x join b3lb.node n on n.id = x.node_id
			where x.secret_id = p_secret and n.online);
	end if;
	return false;
end
$$;

-- (cpu_max / order) * sum of (cpu / 10000)^n; order 0: no cpu term.
create or replace function b3lb.cpu_load(p_cpu int, p_max double precision, p_order int) returns double precision
language sql immutable parallel safe as $$
	select coalesce(p_max / nullif(p_order, 0) * sum((p_cpu / 10000.0::double precision) ^ n), 0)
	from generate_series(1, p_order) n
$$;

-- A node's load: what placement compares. One expression, which the planner puts into the statement.
create or replace function b3lb.node_load(n b3lb.node, c b3lb.cluster) returns double precision
language sql immutable parallel safe as $$
	select (c.load_a * (n.attendees + n.held_attendees) + c.load_m * (n.meetings + n.held_meetings) + n.cpu_load) / n.weight
$$;

-- What a young meeting weighs above the attendees that are there: what is expected holds for ten minutes, in which a room fills, and
-- is nothing after half an hour.
create or replace function b3lb.held_attendees(p_expected int, p_attendees int, p_created timestamptz, p_now timestamptz)
returns double precision language sql immutable parallel safe as $$
	select greatest(0, p_expected * least(1, 1.5 - extract(epoch from p_now - p_created)::double precision / 1200) - p_attendees)
$$;

-- A number that no other change has had, nor one that a database knew which this one has taken over from: programs keep what they
-- read under it.
create or replace function b3lb.tenant_changed() returns trigger language plpgsql as $$
begin
	update b3lb.tenant_version
	set version = greatest(version + 1, (extract(epoch from clock_timestamp()) * 1000000)::bigint);
	return null;
end
$$;

-- The list of a secret and that of its tenant (sub id 0) no longer show everything.
create or replace function b3lb.mark_changed(p_secret int) returns void language plpgsql as $$
begin
	insert into b3lb.meeting_change (secret_id)
	select o.id
	from b3lb.secret s
	join b3lb.secret o on o.tenant_id = s.tenant_id and (o.id = s.id or o.sub_id = 0)
	where s.id = p_secret;
end
$$;

-- The lists that show meetings of a node, when it came or went.
create or replace function b3lb.mark_node_changed(p_node int) returns void language plpgsql as $$
begin
	perform b3lb.mark_changed(x.secret_id)
	from (select distinct secret_id from b3lb.meeting where node_id = p_node and confirmed) x;
end
$$;

create or replace function b3lb.hold_node(p_node int, p_meetings int, p_attendees double precision) returns void
language plpgsql as $$
begin
	update b3lb.node
	set held_meetings = greatest(0, held_meetings + p_meetings),
		held_attendees = greatest(0, held_attendees + p_attendees)
	where id = p_node;
end
$$;

create or replace function b3lb.new_node_meeting_id() returns text language sql volatile as $$
	select 'b3lb-' || replace(gen_random_uuid()::text, '-', '')
$$;

-- Takes a meeting's weight off its node. The row itself is the caller's to change.
create or replace function b3lb.release_node(m b3lb.meeting) returns void language plpgsql as $$
begin
	perform b3lb.hold_node(m.node_id, case when m.seen then 0 else -1 end, case when m.seen
		then -b3lb.held_attendees(m.expected, m.attendees, m.created_at, now()) else -m.expected end);
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
	perform b3lb.meeting_ended(m, null);
	return true;
end
$$;
