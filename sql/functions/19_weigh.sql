-- What nodes carry when a meeting is placed, and which of them then carries least.

-- Rooms that are due keep a place: the largest on the emptiest node, the next on the one that is the emptiest then, and so on.
-- p_loads: of nodes, ascending; p_person, p_meeting: what one more of these adds to it; p_due: people of the rooms, descending.
-- kept: the people that each node keeps a place for; loads: what it carries with them.
create or replace function b3lb.keep_places(p_loads double precision[], p_person double precision[], p_meeting double precision[],
	p_due double precision[], out loads double precision[], out kept double precision[]) language plpgsql immutable parallel safe as $$
declare
	v_least int;
begin
	loads := p_loads;
	kept := array_fill(0::double precision, array[cardinality(p_loads)]);
	for i in 1..cardinality(p_due) loop
		v_least := 1;
		-- Before the i-th room at most i - 1 nodes have got one: behind the i-th there is none that is emptier.
		for j in 2..least(i, cardinality(loads)) loop
			if loads[j] < loads[v_least] then
				v_least := j;
			end if;
		end loop;
		loads[v_least] := loads[v_least] + p_due[i] * p_person[v_least] + p_meeting[v_least];
		kept[v_least] := kept[v_least] + p_due[i];
	end loop;
end
$$;

-- Those nodes of the group that may take a meeting (18_tag.sql), those first that have a tag asked for, then the one that carries least,
-- equal ones by chance.
-- p_tried: those that have failed for it; p_shown: those that show as much as they may; p_due: people of rooms that are due,
-- descending (b3lb.rooms_due), of which those count that are a tenth of what a node carries; p_tags, p_never, p_required: what it asks
-- for (b3lb.read_wish).
-- node: the first, null when there is none. why: "nodes", the first ten with their people, people that they are expected to get besides,
-- people that a place is kept for, and their load with all of these; "cut", up to twenty that take no part, and why. "more",
-- "more_cut": whether there were others.
create or replace function b3lb.weigh_nodes(p_group int, p_tried int[], p_shown int[], p_due double precision[],
	p_tags text[], p_never text[], p_required boolean, out node int, out why jsonb) language plpgsql volatile
-- A plan for these arrays would be no better, and is made in each call.
set plan_cache_mode = force_generic_plan as $$
declare
	v_clusters int[] := array(select g.cluster_id from b3lb.cluster_group_member g where g.group_id = p_group);
	v_out int[] := p_tried || p_shown;
	v_will_do text[] := case when p_required then p_tags else p_tags || array['none'] end;
	v_first text[] := case when p_tags <> '{none}' then p_tags end;
	v_count int := 0; -- of those that it may go to
	v_due double precision[] := p_due;
	v_mean double precision;
	v_seconds boolean[]; -- it has none of the tags asked for
	v_ids int[];
	v_slugs text[];
	v_people int[];
	v_held double precision[];
	v_loads double precision[];
	v_kept double precision[];
	v_person double precision[];
	v_meeting double precision[];
	v_nodes jsonb;
	v_cut jsonb[] := '{}';
begin
	if cardinality(v_due) > 0 then
		select avg(n.attendees + n.held_attendees) into v_mean
		from b3lb.node n
		where n.cluster_id = any (v_clusters) and n.id <> all (v_out) and b3lb.may_take(n, v_will_do, p_never) and not b3lb.node_full(n);
		v_due := array(select x from unnest(p_due) with ordinality u (x, i) where x >= v_mean / 10 order by i);
	end if;
	select array_agg(t.id), array_agg(t.slug), array_agg(t.attendees), array_agg(t.held_attendees), array_agg(t.load), array_agg(t.person),
		array_agg(t.meeting), array_agg(t.second)
	into v_ids, v_slugs, v_people, v_held, v_loads, v_person, v_meeting, v_seconds
	from (select n.id, n.slug, n.attendees, n.held_attendees, b3lb.node_load(n, c) as load, c.load_a / n.weight as person,
			c.load_m / n.weight as meeting, v_first is not null and not b3lb.has_tag(n, v_first) as second
		from b3lb.node n join b3lb.cluster c on c.id = n.cluster_id
		where n.cluster_id = any (v_clusters) and n.id <> all (v_out) and b3lb.may_take(n, v_will_do, p_never) and not b3lb.node_full(n)
		order by second, load, random() limit greatest(11, cardinality(v_due) + 1)) t;
	if v_ids is not null then
		-- Where some have a tag that it asks for, nothing is weighed against the others.
		v_count := case when v_seconds[1] then cardinality(v_ids) else coalesce(array_position(v_seconds, true) - 1, cardinality(v_ids)) end;
		if cardinality(v_due) > 0 then
			select k.loads, k.kept into v_loads, v_kept
			from b3lb.keep_places(v_loads[1:v_count], v_person[1:v_count], v_meeting[1:v_count], v_due) k;
		end if;
	end if;
	select (array_agg(y.id order by y.load, y.i))[1],
		coalesce(jsonb_agg(jsonb_build_object('node', y.slug, 'people', y.people, 'expected', round(y.held),
			'kept', round(coalesce(y.kept, 0)), 'load', round(y.load::numeric, 1)) order by y.load, y.i), '[]')
	into node, v_nodes
	from (select *
		from unnest(v_ids, v_slugs, v_people, v_held, v_loads, v_kept) with ordinality u (id, slug, people, held, load, kept, i)
		where u.i <= v_count
		order by u.load, u.i limit 10) y;
	-- Where nothing can be the matter with any node, nothing is looked for.
	if cardinality(v_out) > 0 or v_first is not null or exists (select from b3lb.node n where n.cluster_id = any (v_clusters)
			and (not n.online or n.state <> 'enabled' or n.tags <> '{}' or n.max_users > 0 or n.max_meetings > 0)) then
		v_cut := array(
			select jsonb_build_object('node', n.slug, 'why', case when n.id = any (p_tried) then 'failed'
				when n.id = any (p_shown) then 'shown' when n.state <> 'enabled' then n.state when not n.online then 'offline'
				when b3lb.node_full(n) then 'full' else 'tag' end)
			from (select * from b3lb.node n where n.id = any (v_out)
				union all
				-- Any other that may have a reason, by an index of its own (node_out).
				select * from b3lb.node n
				where n.cluster_id = any (v_clusters) and n.id <> all (v_out)
					and (not n.online or n.state <> 'enabled' or n.tags <> '{}' or n.max_users > 0 or n.max_meetings > 0)
					and (not b3lb.may_take(n, v_will_do, p_never) or b3lb.node_full(n))
				union all
				select * from b3lb.node n
				where v_first is not null and n.cluster_id = any (v_clusters) and n.id <> all (v_out)
					and not (not n.online or n.state <> 'enabled' or n.tags <> '{}' or n.max_users > 0 or n.max_meetings > 0)
					and not b3lb.may_take(n, v_will_do, p_never)
				limit 21) n);
	end if;
	why := jsonb_build_object('nodes', v_nodes, 'more', v_count > 10, 'cut', v_cut[1:20], 'more_cut', cardinality(v_cut) > 20);
end
$$;
