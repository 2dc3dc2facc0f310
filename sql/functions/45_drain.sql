-- A node's state, whoever changes it.

-- Before an update that names state or drain_to.
create or replace function b3lb.node_state_changed() returns trigger language plpgsql as $$
begin
	if new.state <> old.state then
		new.state_at := now();
		new.state_meetings := new.meetings + new.held_meetings;
	end if;
	if new.state <> 'draining' then
		new.drain_to := null;
	end if;
	return new;
end
$$;

-- After a good poll: a draining node without a meeting becomes what it is drained to. While somebody changes the configuration it
-- waits for the next poll, so that who holds the lock of changes finds what he has read.
create or replace function b3lb.end_drain(p_node int) returns void language plpgsql as $$
declare
	v_slug text;
	v_state text;
begin
	if not pg_try_advisory_xact_lock(4742352) then
		return;
	end if;
	update b3lb.node n set state = n.drain_to
	where n.id = p_node and n.state = 'draining' and n.drain_to is not null and not n.unsteady and n.meetings + n.held_meetings = 0
		and not exists (select 1 from b3lb.meeting m where m.node_id = n.id or m.was_node_id = n.id)
	returning n.slug, n.state into v_slug, v_state;
	if v_slug is not null then
		insert into b3lb.audit (actor, via, object, name, changes)
		values ('poll', 'job', 'node', v_slug, format('node %s: state "draining" -> "%s": it is empty', v_slug, v_state));
	end if;
end
$$;
