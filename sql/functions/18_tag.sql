-- Which nodes may take a meeting: what it asks of their tags, and what they may hold.

-- Whether a node has one of these tags. Each one has node-SLUG and *, and none unless it is kept for those who ask for its own.
create or replace function b3lb.has_tag(n b3lb.node, p_tags text[]) returns boolean language sql immutable parallel safe as $$
	select (cardinality(n.tags) = 0 or not n.reserved) and 'none' = any (p_tags) or n.tags && p_tags or '*' = any (p_tags)
		or 'node-' || n.slug = any (p_tags)
$$;

-- Whether a meeting may go there that needs one of p_tags and none of p_never (null: it may have any), as far as the node's limits let it.
create or replace function b3lb.may_take(n b3lb.node, p_tags text[], p_never text[]) returns boolean
language sql immutable parallel safe as $$
	select n.online and n.state = 'enabled' and b3lb.has_tag(n, p_tags) and (p_never is null or not b3lb.has_tag(n, p_never))
$$;

-- It takes no new meeting: what the poll found, what it did not count yet, and whom young meetings are expected to get.
create or replace function b3lb.node_full(n b3lb.node) returns boolean language sql immutable parallel safe as $$
	select n.max_meetings > 0 and n.meetings + n.held_meetings >= n.max_meetings
		or n.max_users > 0 and n.attendees + n.held_attendees >= n.max_users
$$;

-- What meta_server-tag says: tags of which a node must have one, and those that it must not have (null: there are none). A tag that the tenant may not ask for
-- is one that no node has. Sixteen count. asked: not only what it must not have; else the tags are {none}.
create or replace function b3lb.read_wish(p_value text, p_allowed text[],
	out tags text[], out never text[], out asked boolean, out required boolean) language plpgsql immutable as $$
begin
	if p_value is null then
		tags := '{none}';
		asked := false;
		required := false;
		return;
	end if;
	with token as (
		select regexp_replace(x, '^-', '') as tag, x like '-%' as is_never, i
		from regexp_split_to_table(lower(regexp_replace(p_value, '^\s+|\s*!?\s*$', '', 'g')), '\s*;\s*') with ordinality as s (x, i)
		where x <> ''
		order by i limit 16),
	known as (
		select case when t.tag = '*' and '*' <> all (p_allowed) then p_allowed || array['none'] else array[t.tag] end as tags, t.is_never, t.i
		from token t
		where t.tag = any (p_allowed) or t.tag in ('none', '*') or '*' = any (p_allowed) and t.tag not like 'node-%')
	select coalesce((select array_agg(x order by k.i) from known k, unnest(k.tags) x where not k.is_never), '{}'),
		(select array_agg(x) from known k, unnest(k.tags) x where k.is_never and x not in ('none', '*')),
		exists (select from token t where not t.is_never)
	into tags, never, asked;
	required := asked and p_value ~ '!\s*$';
	if not asked then
		tags := '{none}';
	end if;
end
$$;

-- What a node is told in place of it: the first tag that it has of those asked for, else none. Null: nothing was said.
create or replace function b3lb.given_tag(n b3lb.node, p_secret int, p_value text) returns text language plpgsql stable as $$
begin
	if p_value is null then
		return null;
	end if;
	return coalesce((
		select x from b3lb.secret s join b3lb.tenant t on t.id = s.tenant_id
		cross join lateral b3lb.read_wish(p_value, t.tags) w
		cross join lateral unnest(w.tags) with ordinality u (x, i)
		where s.id = p_secret and x not in ('none', '*') and b3lb.has_tag(n, array[x])
		order by i limit 1), 'none');
end
$$;
