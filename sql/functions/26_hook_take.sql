-- What the webhooks of nodes say: whose meeting it is about, who wants to hear of it, and in which words.

-- The meeting, or the room, that an event of a node is about, unless one is there now under the node's id of it: its secret, what its
-- client calls it, the client's own parameters. By the internal id, and for two days after its end by both; a room that the node made
-- bears its own id. No row: another balancer's, or nobody's whom we know.
create or replace function b3lb.hook_meeting(p_node int, p_external text, p_internal text)
returns table (secret_id int, meeting_id text, own_params jsonb) language plpgsql stable as $$
begin
	return query select m.secret_id, m.meeting_id, m.own_params from b3lb.meeting m
		where m.internal_id = p_internal and m.node_id + 0 = p_node;
	if found then return; end if;
	return query select r.secret_id, r.external_id, r.own_params from b3lb.hook_room r
		where r.node_id = p_node and r.internal_id = p_internal;
	if found then return; end if;
	return query select e.secret_id, e.meeting_id, e.own_params from b3lb.ended_meeting e
		where e.node_meeting_id = p_external and e.node_id + 0 = p_node order by e.ended_at desc limit 1;
	if found then return; end if;
	return query select e.secret_id, e.meeting_id, e.own_params from b3lb.ended_meeting e
		where e.internal_id = p_internal and e.node_id + 0 = p_node order by e.ended_at desc limit 1;
end
$$;

-- Metadata as the client knows it: ours taken out, its own put back. p_tag: the key that carries a record set's nonce.
create or replace function b3lb.hook_metadata(p_meta jsonb, p_own jsonb, p_tag text) returns jsonb language sql immutable as $$
	select coalesce((select jsonb_object_agg(m.key, m.value) from jsonb_each(p_meta) m
			where replace(lower(m.key), '_', '-') <> all (array['endcallbackurl', 'analytics-callback-url', 'bbb-recording-ready-url',
				'bn-recording-ready-url', 'canvas-recording-ready-url', 'secret-lrs-payload', 'server-tag',
				replace(lower(p_tag), '_', '-')])), '{}')
		|| coalesce((select jsonb_object_agg(substr(o.key, 6), o.value) from jsonb_each(p_own) o where o.key like 'meta\_%'), '{}')
$$;

-- An event's data in the client's words. p_strip: what is not said of users.
create or replace function b3lb.hook_translate(d jsonb, p_meeting_id text, p_own jsonb, p_strip text[], p_tag text) returns jsonb
language plpgsql immutable as $$
declare
	v_place text[];
begin
	if jsonb_typeof(d #> '{attributes,meeting}') = 'object' then
		d := jsonb_set(d, '{attributes,meeting,external-meeting-id}', to_jsonb(p_meeting_id));
	end if;
	foreach v_place slice 1 in array array[array['attributes', 'meeting', 'metadata'], array['attributes', 'recording', 'metadata']] loop
		if jsonb_typeof(d #> v_place) = 'object' then
			d := jsonb_set(d, v_place, b3lb.hook_metadata(d #> v_place, p_own, p_tag)
				|| case when (d #> v_place) ? 'meetingId' then jsonb_build_object('meetingId', p_meeting_id) else '{}' end);
		end if;
	end loop;
	if jsonb_typeof(d #> '{attributes,user}') = 'object' then
		d := jsonb_set(d, '{attributes,user}', (d #> '{attributes,user}') - array_append(p_strip, 'session-token'));
	end if;
	return d;
end
$$;

-- A room that the node has made for a meeting whose tenant has hooks: its events are told under its own ids. True when it is one.
create or replace function b3lb.hook_room_created(p_node int, p_external text, p_internal text, p_parent text) returns boolean
language plpgsql as $$
begin
	insert into b3lb.hook_room (node_id, internal_id, external_id, secret_id, own_params)
	select p_node, p_internal, p_external, m.secret_id, m.own_params
	from b3lb.meeting m
	where m.node_id + 0 = p_node and m.internal_id = p_parent and b3lb.hooks_for(m.secret_id, p_external, null) is not null
	on conflict do nothing;
	return found;
end
$$;

-- meeting-created or meeting-ended of a node, of a meeting that ours told of first: it takes our place while that waits.
create or replace function b3lb.hook_replace(p_hooks int[], p_lane text, p_name text, p_ts bigint, p_body text)
returns boolean language plpgsql as $$
begin
	update b3lb.hook_event e
	set body = p_body, ts = p_ts, own = false, next_at = least(e.next_at, clock_timestamp() + interval '1 second')
	where e.hook_id = any (p_hooks) and e.lane = p_lane and e.own and e.name = p_name
		and e.stamp is null;
	return found;
end
$$;

-- What of events we tell ourselves, when it can be watched here: a node's links would lead to nothing. That it failed is its to say.
create or replace function b3lb.hook_is_ours(d jsonb) returns boolean language sql immutable as $$
	select d ->> 'id' ~ '^rap-(publish|post-publish)-|^rap-(published|unpublished|deleted)$'
		and not coalesce(d ->> 'id' = 'rap-publish-ended' and d #> '{attributes,success}' = 'false', false)
$$;

-- One event; true when somebody is told. p_text: what its like would come with again.
create or replace function b3lb.hook_take_one(p_node int, p_text text, d jsonb, p_strip text[], p_tag text) returns boolean
language plpgsql as $$
declare
	v_name text := left(d ->> 'id', 100);
	-- Longer ones are nobody's, and no index takes any length.
	v_external text := left(d #>> '{attributes,meeting,external-meeting-id}', 1024);
	v_internal text := left(d #>> '{attributes,meeting,internal-meeting-id}', 256);
	-- A client may get no time in an order that only its node believes in.
	v_ts bigint := case when jsonb_typeof(d #> '{event,ts}') = 'number'
		then least(greatest((d #>> '{event,ts}')::numeric, 0), 1e15)::bigint * case when d ->> 'id' like 'rap-%' then 1000 else 1 end
		else b3lb.now_ms() end;
	m record;
	v_hooks int[];
	v_body text;
begin
	if b3lb.hook_is_ours(d) or coalesce(v_internal, v_external) is null then
		return false;
	end if;
	if v_name = 'meeting-created' and d #> '{attributes,meeting,is-breakout}' = 'true' and v_internal is not null and v_external is not null then
		perform b3lb.hook_room_created(p_node, v_external, v_internal, d #>> '{attributes,meeting,parent-id}');
	end if;
	select x.secret_id, x.meeting_id, x.own_params into m
	from b3lb.meeting x where x.node_meeting_id = v_external and x.node_id = p_node;
	if not found then
		select * into m from b3lb.hook_meeting(p_node, v_external, v_internal);
		if not found then
			return false;
		end if;
	end if;
	v_hooks := b3lb.hooks_for(m.secret_id, m.meeting_id, v_name);
	if v_hooks is null or not b3lb.hook_first(p_node || ' ' || p_text, interval '10 minutes') then
		return false;
	end if;
	v_body := jsonb_build_object('data', b3lb.hook_translate(d, m.meeting_id, m.own_params, p_strip, p_tag))::text;
	v_internal := coalesce(v_internal, v_external);
	if v_name in ('meeting-created', 'meeting-ended') and not b3lb.hook_first(v_name || ' ' || v_internal, interval '2 days') then
		return b3lb.hook_replace(v_hooks, v_internal, v_name, v_ts, v_body);
	end if;
	perform b3lb.hook_put(v_hooks, v_internal, v_name, v_ts, v_body, false, interval '1 second');
	return true;
end
$$;

-- What a node's webhook has sent: a list of events. How many are told to somebody; null when that is none.
-- p_deny: names that nobody is told.
create or replace function b3lb.hook_take(p_node int, p_text text, p_deny text[], p_strip text[], p_tag text) returns int
language plpgsql as $$
declare
	v_list jsonb;
	v_told int := 0;
	v_digest text;
	d jsonb;
begin
	begin
		v_list := p_text::jsonb;
	exception when others then
		return null;
	end;
	if jsonb_typeof(v_list) <> 'array' or jsonb_array_length(v_list) not between 1 and 100 then
		return null;
	end if;
	-- One by one is how nodes send them: there is nothing to sort.
	if jsonb_array_length(v_list) = 1 then
		d := v_list #> '{0,data}';
		return case when jsonb_typeof(d -> 'id') is distinct from 'string' then null
			when d ->> 'id' = any (p_deny) then 0
			else b3lb.hook_take_one(p_node, p_text, d, p_strip, p_tag)::int end;
	end if;
	if exists (select 1 from jsonb_array_elements(v_list) e where jsonb_typeof(e #> '{data,id}') is distinct from 'string') then
		return null;
	end if;
	v_digest := encode(sha256(convert_to(p_text, 'UTF8')), 'hex');
	for d in
		select e.value -> 'data' from jsonb_array_elements(v_list) with ordinality e
		order by e.value #>> '{data,attributes,meeting,internal-meeting-id}', e.ordinality
	loop
		if d ->> 'id' <> all (p_deny) and b3lb.hook_take_one(p_node, d::text || v_digest, d, p_strip, p_tag) then
			v_told := v_told + 1;
		end if;
	end loop;
	return v_told;
end
$$;

-- What came at the same time, each at its place in the arrays: of each as hook_take says, -1 where that is null, -2 where the version under
-- which the node was read is another now. Locks of all of them are held to the end: nobody waits for one long, nor for each other; the
-- caller tries each by itself then. Not flushed at once: webhooks keep nothing on a disk either.
create or replace function b3lb.hook_take_all(p_nodes int[], p_versions bigint[], p_texts text[], p_deny text[], p_strip text[],
	p_tag text) returns int[] language plpgsql as $$
declare
	v_version bigint := (select version from b3lb.tenant_version);
	v_told int[] := '{}';
begin
	perform set_config('synchronous_commit', 'off', true), set_config('lock_timeout', '200ms', true);
	for i in 1 .. cardinality(p_nodes) loop
		v_told[i] := case when p_versions[i] = v_version
			then coalesce(b3lb.hook_take(p_nodes[i], p_texts[i], p_deny, p_strip, p_tag), -1) else -2 end;
	end loop;
	return v_told;
end
$$;
