-- The whole configuration as one JSON document, and taking one in (b3lb-admin state). The program checks the document's form.

create or replace function b3lb.state_list(object jsonb, field text) returns setof jsonb language sql immutable as $$
	select jsonb_array_elements(coalesce(object -> field, '[]'));
$$;

create or replace function b3lb.state_names(object jsonb, field text) returns setof text language sql immutable as $$
	select jsonb_array_elements_text(coalesce(object -> field, '[]'));
$$;

-- An object's tags; those that it has where it says nothing of them.
create or replace function b3lb.state_tags(object jsonb, p_had text[]) returns text[] language sql immutable as $$
	select case when object ? 'tags' then array(select distinct lower(x) from b3lb.state_names(object, 'tags') x order by 1) else p_had end;
$$;

-- An object as the document has it.
create or replace function b3lb.state_of(c b3lb.cluster) returns json language sql stable as $$
	select json_build_object('name', c.name, 'load_a', c.load_a, 'load_m', c.load_m, 'cpu_iterations', c.cpu_iterations,
		'cpu_max', c.cpu_max, 'sha', c.sha);
$$;
create or replace function b3lb.state_of(g b3lb.cluster_group) returns json language sql stable as $$
	select json_build_object('name', g.name, 'clusters', (select coalesce(json_agg(c.name order by c.name), '[]')
		from b3lb.cluster_group_member m join b3lb.cluster c on c.id = m.cluster_id where m.group_id = g.id));
$$;
create or replace function b3lb.state_of(n b3lb.node) returns json language sql stable as $$
	select json_build_object('slug', n.slug, 'cluster', c.name, 'secret', n.secret, 'domain', n.domain, 'url', n.url,
		'load_url', n.load_url, 'join_url', n.join_url, 'weight', n.weight, 'state', n.state, 'drain_to', n.drain_to,
		'tags', n.tags, 'reserved', n.reserved, 'max_users', n.max_users, 'max_meetings', n.max_meetings, 'sip_host', n.sip_host)
	from b3lb.cluster c where c.id = n.cluster_id;
$$;
create or replace function b3lb.state_of(p b3lb.profile) returns json language sql stable as $$
	select json_build_object('name', p.name, 'description', p.description, 'kind', p.kind,
		'source', p.source, 'type', p.type, 'listed', p.listed, 'download', p.download, 'preset', p.preset,
		'width', p.width, 'height', p.height, 'fps', p.fps, 'crf', p.crf, 'speed', p.speed, 'container', p.container,
		'webcams', p.webcams, 'cursor', p.cursor, 'annotations', p.annotations, 'captions', p.captions);
$$;
create or replace function b3lb.state_of(h b3lb.hook) returns json language sql stable as $$
	select json_build_object('url', h.callback_url, 'meeting', h.meeting_id, 'events', coalesce(h.events, '{}'));
$$;
create or replace function b3lb.state_of(s b3lb.secret) returns json language sql stable as $$
	select json_build_object('sub_id', s.sub_id, 'secret', s.secret, 'secret2', s.secret2,
		'description', s.description, 'attendee_limit', s.attendee_limit, 'meeting_limit', s.meeting_limit,
		'recording', s.recording, 'hold_days', s.hold_days, 'stats_token', s.stats_token,
		'profiles', (select coalesce(json_agg(p.name order by p.name), '[]') from b3lb.secret_profile sp
			join b3lb.profile p on p.id = sp.profile_id where sp.secret_id = s.id),
		'hooks', (select coalesce(json_agg(b3lb.state_of(h) order by h.callback_url, h.meeting_id), '[]') from b3lb.hook h
			where h.secret_id = s.id and h.permanent));
$$;
create or replace function b3lb.state_of(p b3lb.parameter) returns json language sql stable as $$
	select json_build_object('name', p.name, 'mode', p.mode, 'value', p.value);
$$;
create or replace function b3lb.state_of(p b3lb.parameter_all) returns json language sql stable as $$
	select json_build_object('name', p.name, 'mode', p.mode, 'value', p.value);
$$;
-- bytes: as base64, else what tells one from another.
create or replace function b3lb.state_of(a b3lb.asset, bytes boolean) returns json language sql stable as $$
	select json_build_object('kind', a.kind, 'type', a.type, 'name', a.name,
		'data', case when bytes then translate(encode(a.data, 'base64'), E'\n', '') else a.etag end);
$$;
-- bytes: of its assets; null: without secrets, parameters and assets.
create or replace function b3lb.state_of(t b3lb.tenant, bytes boolean) returns json language sql stable as $$
	select json_build_object('slug', upper(t.slug), 'group', g.name,
		'description', t.description, 'attendee_limit', t.attendee_limit, 'meeting_limit', t.meeting_limit,
		'recording', t.recording, 'hold_days', t.hold_days, 'error_status', t.error_status, 'protected', t.protected,
		'hook_auth', t.hook_auth, 'hook_sha', t.hook_sha, 'tags', t.tags, 'modules', t.modules, 'show_node', t.show_node,
		'limit_mode', t.limit_mode, 'analytics_days', t.analytics_days, 'lrs_endpoint', t.lrs_endpoint, 'lrs_token', t.lrs_token,
		'lrs_user', t.lrs_user, 'lrs_password', t.lrs_password, 'lrs_force', t.lrs_force, 'dial_numbers', t.dial_numbers, 'own_pins', t.own_pins,
		'stats_token', t.stats_token,
		'aliases', (select coalesce(json_agg(a.host order by a.host), '[]') from b3lb.tenant_alias a where a.tenant_id = t.id),
		'secrets', (select coalesce(json_agg(b3lb.state_of(s) order by s.sub_id), '[]') from b3lb.secret s
			where bytes is not null and s.tenant_id = t.id),
		'parameters', (select coalesce(json_agg(b3lb.state_of(p) order by p.name), '[]') from b3lb.parameter p
			where bytes is not null and p.tenant_id = t.id),
		'assets', (select coalesce(json_agg(b3lb.state_of(a, bytes) order by a.kind), '[]') from b3lb.asset a
			where bytes is not null and a.tenant_id = t.id))
	from b3lb.cluster_group g where g.id = t.group_id;
$$;

-- Secrets are always in it: the program takes them out.
create or replace function b3lb.state_read(bytes boolean) returns json language sql stable as $$
	select json_build_object('b3lb_state', 1,
		'clusters', (select coalesce(json_agg(b3lb.state_of(c) order by c.name), '[]') from b3lb.cluster c),
		'groups', (select coalesce(json_agg(b3lb.state_of(g) order by g.name), '[]') from b3lb.cluster_group g),
		'nodes', (select coalesce(json_agg(b3lb.state_of(n) order by n.slug), '[]') from b3lb.node n),
		'profiles', (select coalesce(json_agg(b3lb.state_of(p) order by p.name), '[]') from b3lb.profile p),
		-- Of those that db init makes.
		'removed_profiles', (select coalesce(json_agg(v.name), '[]') from (values ('video')) v (name)
			where not exists (select 1 from b3lb.profile p where p.name = v.name)),
		'parameters', (select coalesce(json_agg(b3lb.state_of(p) order by p.name), '[]') from b3lb.parameter_all p),
		'tenants', (select coalesce(json_agg(b3lb.state_of(t, bytes) order by t.slug), '[]') from b3lb.tenant t));
$$;

-- Objects of a kind: of secrets, parameters and assets (without their bytes) those of that tenant, of parameters those for all with *; all of them for p_name null. seen: what is shown beside it.
create or replace function b3lb.state_objects(p_kind text, p_tenant text, p_name text)
returns table (key text, doc json, seen json) language sql stable as $$
	select c.name, b3lb.state_of(c), null from b3lb.cluster c where p_kind = 'cluster' and c.name = coalesce(p_name, c.name)
	union all select g.name, b3lb.state_of(g), json_build_object('tenants', (
			select coalesce(json_agg(upper(t.slug) order by t.slug), '[]') from b3lb.tenant t where t.group_id = g.id))
		from b3lb.cluster_group g where p_kind = 'group' and g.name = coalesce(p_name, g.name)
	union all select n.slug, b3lb.state_of(n), null from b3lb.node n where p_kind = 'node' and n.slug = coalesce(lower(p_name), n.slug)
	union all select p.name, b3lb.state_of(p), json_build_object('secrets', (
			select count(*) from b3lb.secret_profile x where x.profile_id = p.id))
		from b3lb.profile p where p_kind = 'profile' and p.name = coalesce(p_name, p.name)
	union all select t.slug, b3lb.state_of(t, null), null
		from b3lb.tenant t where p_kind = 'tenant' and t.slug = coalesce(lower(p_name), t.slug)
	union all select lpad(s.sub_id::text, 3, '0'), b3lb.state_of(s), json_build_object('rolling', s.secret2 is not null)
		from b3lb.secret s join b3lb.tenant t on t.id = s.tenant_id
		where p_kind = 'secret' and t.slug = lower(p_tenant) and s.sub_id::text = coalesce(p_name, s.sub_id::text)
	union all select p.name, b3lb.state_of(p), null from b3lb.parameter p join b3lb.tenant t on t.id = p.tenant_id
		where p_kind = 'parameter' and t.slug = lower(p_tenant) and p.name = coalesce(p_name, p.name)
	union all select p.name, b3lb.state_of(p), null from b3lb.parameter_all p
		where p_kind = 'parameter' and p_tenant = '*' and p.name = coalesce(p_name, p.name)
	union all select a.kind, b3lb.state_of(a, false), null from b3lb.asset a join b3lb.tenant t on t.id = a.tenant_id
		where p_kind = 'asset' and t.slug = lower(p_tenant) and a.kind = coalesce(p_name, a.kind)
	order by 1;
$$;

-- What uses an object, a line each, so that it cannot be removed.
create or replace function b3lb.state_users(p_kind text, p_tenant text, p_name text) returns setof text language sql stable as $$
	select 'node ' || n.slug from b3lb.node n join b3lb.cluster c on c.id = n.cluster_id where p_kind = 'cluster' and c.name = p_name
	union all select 'group ' || g.name from b3lb.cluster_group g join b3lb.cluster_group_member m on m.group_id = g.id
		join b3lb.cluster c on c.id = m.cluster_id where p_kind = 'cluster' and c.name = p_name
	union all select 'tenant ' || upper(t.slug) from b3lb.tenant t join b3lb.cluster_group g on g.id = t.group_id
		where p_kind = 'group' and g.name = p_name
	union all select count(*) || ' ' || w.what from (
			select 'meetings' as what, n.slug as node, t.slug as tenant, s.sub_id from b3lb.meeting m join b3lb.node n on n.id = m.node_id
				join b3lb.secret s on s.id = m.secret_id join b3lb.tenant t on t.id = s.tenant_id
			union all select 'recordings', null, t.slug, s.sub_id from b3lb.record_set r join b3lb.secret s on s.id = r.secret_id
				join b3lb.tenant t on t.id = s.tenant_id) w
		where case p_kind when 'node' then w.node = p_name when 'tenant' then w.tenant = lower(p_name)
			when 'secret' then w.tenant = lower(p_tenant) and w.sub_id::text = p_name else false end
		group by w.what
	limit 50;
$$;

-- Lists of the document's objects are whole: what they do not name goes.
create or replace function b3lb.state_trim(doc jsonb) returns void language sql as $$
	delete from b3lb.cluster_group_member m using b3lb.state_list(doc, 'groups') j, b3lb.cluster_group g, b3lb.cluster c
	where j ? 'clusters' and g.name = j ->> 'name' and m.group_id = g.id and c.id = m.cluster_id
		and c.name not in (select b3lb.state_names(j, 'clusters'));
	delete from b3lb.tenant_alias a using b3lb.state_list(doc, 'tenants') j, b3lb.tenant t
	where j ? 'aliases' and t.slug = lower(j ->> 'slug') and a.tenant_id = t.id
		and a.host not in (select lower(h) from b3lb.state_names(j, 'aliases') h);
	delete from b3lb.secret_profile x
	using b3lb.state_list(doc, 'tenants') j, b3lb.state_list(j, 'secrets') s, b3lb.tenant t, b3lb.secret o, b3lb.profile p
	where s ? 'profiles' and t.slug = lower(j ->> 'slug') and o.tenant_id = t.id and o.sub_id = (s ->> 'sub_id')::int
		and x.secret_id = o.id and p.id = x.profile_id and p.name not in (select b3lb.state_names(s, 'profiles'));
$$;

-- In all that follow: what is new is there with its defaults first; a field that is not there keeps what is, one that is null
-- takes it away.
create or replace function b3lb.state_take_clusters(doc jsonb) returns void language sql as $$
	delete from b3lb.profile p using b3lb.state_names(doc, 'removed_profiles') n where p.name = n;
	insert into b3lb.profile (name, type)
	select j ->> 'name', case j ->> 'kind' when 'player' then 'presentation' else 'video' end
	from b3lb.state_list(doc, 'profiles') j on conflict (name) do nothing;
	update b3lb.profile o set description = coalesce(j ->> 'description', o.description), kind = coalesce(j ->> 'kind', o.kind),
		source = coalesce(j ->> 'source', o.source), type = coalesce(j ->> 'type', o.type),
		listed = coalesce((j ->> 'listed')::boolean, o.listed), download = coalesce((j ->> 'download')::boolean, o.download),
		preset = coalesce((j ->> 'preset')::boolean, o.preset), width = coalesce((j ->> 'width')::int, o.width),
		height = coalesce((j ->> 'height')::int, o.height), fps = coalesce((j ->> 'fps')::int, o.fps),
		crf = coalesce((j ->> 'crf')::int, o.crf), speed = coalesce(j ->> 'speed', o.speed),
		container = coalesce(j ->> 'container', o.container), webcams = coalesce(j ->> 'webcams', o.webcams),
		cursor = coalesce((j ->> 'cursor')::boolean, o.cursor),
		annotations = coalesce((j ->> 'annotations')::boolean, o.annotations),
		captions = coalesce((j ->> 'captions')::boolean, o.captions)
	from b3lb.state_list(doc, 'profiles') j where o.name = j ->> 'name';
	-- Who may see them holds for the videos too that are there already.
	update b3lb.record r set listed = p.listed, download = p.download
	from b3lb.state_list(doc, 'profiles') j join b3lb.profile p on p.name = j ->> 'name'
	where r.profile = p.name and (r.listed, r.download) <> (p.listed, p.download);

	insert into b3lb.cluster (name) select j ->> 'name' from b3lb.state_list(doc, 'clusters') j on conflict (name) do nothing;
	update b3lb.cluster o set load_a = coalesce((j ->> 'load_a')::float8, o.load_a),
		load_m = coalesce((j ->> 'load_m')::float8, o.load_m),
		cpu_iterations = coalesce((j ->> 'cpu_iterations')::int, o.cpu_iterations),
		cpu_max = coalesce((j ->> 'cpu_max')::float8, o.cpu_max), sha = coalesce(j ->> 'sha', o.sha)
	from b3lb.state_list(doc, 'clusters') j where o.name = j ->> 'name';

	insert into b3lb.cluster_group (name) select j ->> 'name' from b3lb.state_list(doc, 'groups') j on conflict (name) do nothing;
$$;

-- What the functions below would silently pass over, once the clusters are taken; null: nothing.
create or replace function b3lb.state_complaint(doc jsonb) returns text language sql stable as $$
	select 'group ' || (j ->> 'name') || ': there is no cluster ' || c
		from b3lb.state_list(doc, 'groups') j, b3lb.state_names(j, 'clusters') c
		where not exists (select 1 from b3lb.cluster where name = c)
	union all select 'node ' || (j ->> 'slug') || ': there is no cluster ' || (j ->> 'cluster')
		from b3lb.state_list(doc, 'nodes') j where not exists (select 1 from b3lb.cluster where name = j ->> 'cluster')
	union all select 'node ' || (j ->> 'slug') || ': it is new, and there is no secret for it'
		from b3lb.state_list(doc, 'nodes') j
		where j ->> 'secret' is null and not exists (select 1 from b3lb.node where slug = lower(j ->> 'slug'))
	union all select 'node ' || (j ->> 'slug') || ': weight must be greater than 0'
		from b3lb.state_list(doc, 'nodes') j where (j ->> 'weight')::float8 <= 0
	union all select 'node ' || (j ->> 'slug') || ': drain_to is for a node that is draining'
		from b3lb.state_list(doc, 'nodes') j where j ->> 'drain_to' is not null and 'draining' is distinct from
			coalesce(j ->> 'state', (select n.state from b3lb.node n where n.slug = lower(j ->> 'slug')))
	union all select 'tenant ' || (j ->> 'slug') || ': there is no group ' || (j ->> 'group')
		from b3lb.state_list(doc, 'tenants') j where not exists (select 1 from b3lb.cluster_group where name = j ->> 'group')
			and j ? 'group'
	union all select 'tenant ' || (j ->> 'slug') || ': ' || h || ' is an alias of ' || upper(o.slug)
		from b3lb.state_list(doc, 'tenants') j cross join b3lb.state_names(j, 'aliases') h
		join b3lb.tenant_alias a on a.host = lower(h) join b3lb.tenant o on o.id = a.tenant_id
		where o.slug <> lower(j ->> 'slug')
	union all (select 'host name ' || lower(h) || ': only one tenant can have it'
		from b3lb.state_list(doc, 'tenants') j, b3lb.state_names(j, 'aliases') h
		group by lower(h) having count(distinct lower(j ->> 'slug')) > 1)
	union all select 'secret ' || (j ->> 'slug') || '-' || (s ->> 'sub_id') || ': there is no profile ' || p
		from b3lb.state_list(doc, 'tenants') j, b3lb.state_list(j, 'secrets') s, b3lb.state_names(s, 'profiles') p
		where not exists (select 1 from b3lb.profile where name = p)
	limit 1;
$$;

create or replace function b3lb.state_take_nodes(doc jsonb) returns void language sql as $$
	insert into b3lb.cluster_group_member (group_id, cluster_id)
	select g.id, c.id from b3lb.state_list(doc, 'groups') j cross join b3lb.state_names(j, 'clusters') n
		join b3lb.cluster_group g on g.name = j ->> 'name' join b3lb.cluster c on c.name = n on conflict do nothing;

	insert into b3lb.node (slug, cluster_id, secret)
	select lower(j ->> 'slug'), c.id, j ->> 'secret' from b3lb.state_list(doc, 'nodes') j join b3lb.cluster c on c.name = j ->> 'cluster'
	where not exists (select 1 from b3lb.node where slug = lower(j ->> 'slug'));
	update b3lb.node o set cluster_id = c.id, secret = coalesce(j ->> 'secret', o.secret),
		domain = case when j ? 'domain' then j ->> 'domain' else o.domain end,
		url = case when j ? 'url' then j ->> 'url' else o.url end,
		load_url = case when j ? 'load_url' then j ->> 'load_url' else o.load_url end,
		join_url = case when j ? 'join_url' then j ->> 'join_url' else o.join_url end,
		weight = coalesce((j ->> 'weight')::float8, o.weight), state = coalesce(j ->> 'state', o.state),
		drain_to = case when j ? 'drain_to' then j ->> 'drain_to' else o.drain_to end,
		tags = b3lb.state_tags(j, o.tags), reserved = coalesce((j ->> 'reserved')::boolean, o.reserved),
		max_users = coalesce((j ->> 'max_users')::int, o.max_users), max_meetings = coalesce((j ->> 'max_meetings')::int, o.max_meetings),
		sip_host = case when j ? 'sip_host' then j ->> 'sip_host' else o.sip_host end
	from b3lb.state_list(doc, 'nodes') j join b3lb.cluster c on c.name = j ->> 'cluster' where o.slug = lower(j ->> 'slug');
$$;

create or replace function b3lb.state_take_tenants(doc jsonb) returns void language sql as $$
	insert into b3lb.tenant (slug, group_id)
	select lower(j ->> 'slug'), g.id from b3lb.state_list(doc, 'tenants') j join b3lb.cluster_group g on g.name = j ->> 'group'
	where not exists (select 1 from b3lb.tenant where slug = lower(j ->> 'slug'));
	update b3lb.tenant o set group_id = g.id, description = coalesce(j ->> 'description', o.description),
		error_status = case when j ? 'error_status' then j ->> 'error_status' else o.error_status end,
		attendee_limit = coalesce((j ->> 'attendee_limit')::int, o.attendee_limit),
		meeting_limit = coalesce((j ->> 'meeting_limit')::int, o.meeting_limit),
		recording = coalesce((j ->> 'recording')::boolean, o.recording), protected = coalesce(j ->> 'protected', o.protected),
		hook_auth = coalesce(j ->> 'hook_auth', o.hook_auth), hook_sha = coalesce(j ->> 'hook_sha', o.hook_sha),
		tags = b3lb.state_tags(j, o.tags),
		modules = coalesce(j ->> 'modules', o.modules), show_node = coalesce((j ->> 'show_node')::boolean, o.show_node),
		limit_mode = coalesce(j ->> 'limit_mode', o.limit_mode),
		analytics_days = coalesce((j ->> 'analytics_days')::int, o.analytics_days),
		lrs_endpoint = case when j ? 'lrs_endpoint' then rtrim(j ->> 'lrs_endpoint', '/') || '/' else o.lrs_endpoint end,
		lrs_token = case when j ? 'lrs_token' then j ->> 'lrs_token' else o.lrs_token end,
		lrs_user = case when j ? 'lrs_user' then j ->> 'lrs_user' else o.lrs_user end,
		lrs_password = case when j ? 'lrs_password' then j ->> 'lrs_password' else o.lrs_password end,
		lrs_force = coalesce((j ->> 'lrs_force')::boolean, o.lrs_force),
		dial_numbers = case when j ? 'dial_numbers' then j ->> 'dial_numbers' else o.dial_numbers end,
		own_pins = coalesce((j ->> 'own_pins')::boolean, o.own_pins),
		hold_days = coalesce((j ->> 'hold_days')::int, o.hold_days), stats_token = coalesce(j ->> 'stats_token', o.stats_token)
	from b3lb.state_list(doc, 'tenants') j join b3lb.cluster_group g on g.name = j ->> 'group'
	where o.slug = lower(j ->> 'slug');
	-- What opened a store that is not used any more.
	update b3lb.tenant o set lrs_token = null, lrs_user = null, lrs_password = null
	from b3lb.state_list(doc, 'tenants') j where o.slug = lower(j ->> 'slug') and o.lrs_endpoint is null
		and num_nonnulls(o.lrs_token, o.lrs_user, o.lrs_password) > 0;

	insert into b3lb.tenant_alias (host, tenant_id)
	select lower(h), t.id from b3lb.state_list(doc, 'tenants') j cross join b3lb.state_names(j, 'aliases') h
		join b3lb.tenant t on t.slug = lower(j ->> 'slug') on conflict do nothing;
	insert into b3lb.parameter (tenant_id, name, mode, value)
	select t.id, p ->> 'name', p ->> 'mode', p ->> 'value' from b3lb.state_list(doc, 'tenants') j
		cross join b3lb.state_list(j, 'parameters') p join b3lb.tenant t on t.slug = lower(j ->> 'slug')
	on conflict (tenant_id, name) do update set mode = excluded.mode, value = excluded.value;
	insert into b3lb.parameter_all (name, mode, value)
	select p ->> 'name', p ->> 'mode', p ->> 'value' from b3lb.state_list(doc, 'parameters') p
	on conflict (name) do update set mode = excluded.mode, value = excluded.value;
$$;

-- Those that are new and not given: the program makes them.
create or replace function b3lb.state_new_secrets(doc jsonb) returns table (tenant text, sub_id text) language sql stable as $$
	select j ->> 'slug', s ->> 'sub_id' from b3lb.state_list(doc, 'tenants') j, b3lb.state_list(j, 'secrets') s
	where s ->> 'secret' is null and not exists (select 1 from b3lb.secret o join b3lb.tenant t on t.id = o.tenant_id
		where t.slug = lower(j ->> 'slug') and o.sub_id = (s ->> 'sub_id')::int);
$$;

create or replace function b3lb.state_take_secrets(doc jsonb) returns void language sql as $$
	insert into b3lb.secret (tenant_id, sub_id, secret)
	select t.id, (s ->> 'sub_id')::int, s ->> 'secret'
	from b3lb.state_list(doc, 'tenants') j cross join b3lb.state_list(j, 'secrets') s
		join b3lb.tenant t on t.slug = lower(j ->> 'slug')
	where not exists (select 1 from b3lb.secret where tenant_id = t.id and sub_id = (s ->> 'sub_id')::int);
	update b3lb.secret o set secret = coalesce(s ->> 'secret', o.secret), description = coalesce(s ->> 'description', o.description),
		secret2 = case when s ? 'secret2' then s ->> 'secret2' else o.secret2 end,
		attendee_limit = coalesce((s ->> 'attendee_limit')::int, o.attendee_limit),
		meeting_limit = coalesce((s ->> 'meeting_limit')::int, o.meeting_limit),
		recording = coalesce((s ->> 'recording')::boolean, o.recording),
		hold_days = coalesce((s ->> 'hold_days')::int, o.hold_days), stats_token = coalesce(s ->> 'stats_token', o.stats_token)
	from b3lb.state_list(doc, 'tenants') j cross join b3lb.state_list(j, 'secrets') s
		join b3lb.tenant t on t.slug = lower(j ->> 'slug')
	where o.tenant_id = t.id and o.sub_id = (s ->> 'sub_id')::int;

	insert into b3lb.secret_profile (secret_id, profile_id)
	select o.id, p.id from b3lb.state_list(doc, 'tenants') j cross join b3lb.state_list(j, 'secrets') s
		cross join b3lb.state_names(s, 'profiles') n join b3lb.tenant t on t.slug = lower(j ->> 'slug')
		join b3lb.secret o on o.tenant_id = t.id and o.sub_id = (s ->> 'sub_id')::int
		join b3lb.profile p on p.name = n on conflict do nothing;

	-- A client's own of that URL and meeting becomes permanent.
	insert into b3lb.hook as x (secret_id, callback_url, meeting_id, events, permanent)
	select o.id, h ->> 'url', coalesce(h ->> 'meeting', ''),
		nullif(array(select lower(e) from b3lb.state_names(h, 'events') e), '{}'), true
	from b3lb.state_list(doc, 'tenants') j cross join b3lb.state_list(j, 'secrets') s
		cross join b3lb.state_list(s, 'hooks') h join b3lb.tenant t on t.slug = lower(j ->> 'slug')
		join b3lb.secret o on o.tenant_id = t.id and o.sub_id = (s ->> 'sub_id')::int
	on conflict (secret_id, md5(callback_url || ' ' || meeting_id)) do update set permanent = true,
		events = excluded.events;
$$;
