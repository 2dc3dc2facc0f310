-- Webhooks: which events there are for whom, and their way out. Events are inserted, and but for hook_replace only the job that delivers
-- them changes them.

-- The hooks that hear of a meeting: one for each URL of a secret, since two would tell it the same; null: none. p_name null: of any
-- event.
create or replace function b3lb.hooks_for(p_secret int, p_meeting_id text, p_name text) returns int[] language plpgsql stable as $$
begin
	return (select array_agg(x.id)
		from (select min(h.id) as id
			from b3lb.secret s
			join b3lb.secret o on o.tenant_id = s.tenant_id and (o.id = s.id or o.sub_id = 0)
			join b3lb.hook h on h.secret_id = o.id and h.meeting_id in ('', p_meeting_id)
			where s.id = p_secret
			group by h.secret_id, h.callback_url
			having p_name is null or bool_or(h.events is null or p_name = any (h.events))) x);
end
$$;

-- True for the first who says so within p_keep.
create or replace function b3lb.hook_first(p_text text, p_keep interval) returns boolean language plpgsql as $$
begin
	insert into b3lb.hook_seen (digest, until) values (sha256(convert_to(p_text, 'UTF8')), now() + p_keep)
	on conflict (digest) do nothing;
	return found;
end
$$;

create or replace function b3lb.now_ms() returns bigint language sql volatile as $$
	select (extract(epoch from clock_timestamp()) * 1000)::bigint
$$;

-- An event as webhooks have it. p_ts in the unit of its kind: ms, of recordings s.
create or replace function b3lb.hook_body(p_name text, p_attributes jsonb, p_ts bigint) returns text language sql immutable as $$
	select jsonb_build_object('data', jsonb_build_object('type', 'event', 'id', p_name, 'attributes', p_attributes,
		'event', jsonb_build_object('ts', p_ts)))::text
$$;

-- Puts an event into the outbox of each of these hooks; held back for p_wait, since nodes send what happened together in any order.
-- One of a hook that has gone meanwhile is sent to nobody.
create or replace function b3lb.hook_put(p_hooks int[], p_lane text, p_name text, p_ts bigint, p_body text, p_own boolean,
	p_wait interval, p_link text default null) returns void language plpgsql as $$
begin
	insert into b3lb.hook_event (hook_id, lane, ts, name, own, body, link, next_at)
	select h, p_lane, p_ts, p_name, p_own, p_body, p_link, clock_timestamp() + p_wait
	from unnest(p_hooks) h;
end
$$;

create or replace function b3lb.hook_gone() returns trigger language plpgsql as $$
begin
	delete from b3lb.hook_event e using gone g where e.hook_id = g.id;
	return null;
end
$$;
drop trigger if exists hook_gone on b3lb.hook;
create trigger hook_gone after delete on b3lb.hook referencing old table as gone
	for each statement execute function b3lb.hook_gone();

create or replace function b3lb.xml_unescape(p_text text) returns text language sql immutable as $$
	select replace(replace(replace(replace(replace(p_text, '&lt;', '<'), '&gt;', '>'), '&quot;', '"'), '&#39;', ''''), '&amp;', '&')
$$;

-- What a meeting's <meeting> says in an element; null: it does not.
create or replace function b3lb.xml_text(p_xml text, p_name text) returns text language sql immutable as $$
	select b3lb.xml_unescape(substring(p_xml from '<' || p_name || '>([^<]*)</' || p_name || '>'))
$$;

create or replace function b3lb.hook_ids(p_internal_id text, p_meeting_id text) returns jsonb language sql immutable as $$
	select jsonb_build_object('internal-meeting-id', p_internal_id, 'external-meeting-id', p_meeting_id)
$$;

-- meeting-created and meeting-ended as we know of them. Where the node's webhooks tell us too theirs, which say more, are waited for.
create or replace function b3lb.hook_own(p_secret int, p_meeting_id text, p_node int, p_internal_id text, p_name text,
	p_more jsonb) returns void language plpgsql as $$
declare
	v_hooks int[] := b3lb.hooks_for(p_secret, p_meeting_id, p_name);
	v_ts bigint := b3lb.now_ms();
	v_on boolean;
begin
	if p_internal_id is null or v_hooks is null or not b3lb.hook_first(p_name || ' ' || p_internal_id, interval '2 days') then
		return;
	end if;
	select n.hook_state = 'on' and n.hook_at > now() - interval '15 minutes' into v_on from b3lb.node n where n.id = p_node;
	perform b3lb.hook_put(v_hooks, p_internal_id, p_name, v_ts,
		b3lb.hook_body(p_name, jsonb_build_object('meeting', b3lb.hook_ids(p_internal_id, p_meeting_id) || p_more), v_ts), true,
		case when v_on then interval '15 seconds' else interval '1 second' end);
end
$$;

-- What a meeting's row says as meeting-created has it.
create or replace function b3lb.hook_created(m b3lb.meeting) returns jsonb language plpgsql stable as $$
declare
	x text := coalesce(m.fragment, '');
begin
	return jsonb_build_object('name', m.name, 'is-breakout', coalesce(b3lb.xml_text(x, 'isBreakout') = 'true', false),
		'parent-id', coalesce(b3lb.xml_text(x, 'parentMeetingID'), 'bbb-none'),
		'duration', coalesce(substring(x from '<duration>([0-9]{1,9})</')::int, 0), 'create-time', m.create_time,
		'create-date', to_char(to_timestamp(m.create_time / 1000.0) at time zone 'UTC', 'Dy Mon DD HH24:MI:SS "UTC" YYYY'),
		'moderator-pass', coalesce(b3lb.xml_text(x, 'moderatorPW'), ''), 'viewer-pass', coalesce(b3lb.xml_text(x, 'attendeePW'), ''),
		'record', coalesce(b3lb.xml_text(x, 'recording') = 'true', false), 'voice-conf', coalesce(b3lb.xml_text(x, 'voiceBridge'), ''),
		'dial-number', coalesce(b3lb.xml_text(x, 'dialNumber'), ''),
		'max-users', coalesce(substring(x from '<maxUsers>([0-9]{1,9})</')::int, 0),
		'metadata', (select coalesce(jsonb_object_agg(e[1], b3lb.xml_unescape(e[2])), '{}')
			from regexp_matches(substring(x from '<metadata>(.*?)</metadata>'), '<([a-z][a-z0-9-]*)>([^<]*)</', 'g') e));
end
$$;

create or replace function b3lb.hook_meeting_created() returns trigger language plpgsql as $$
begin
	if b3lb.hooks_for(new.secret_id, new.meeting_id, 'meeting-created') is not null then
		perform b3lb.hook_own(new.secret_id, new.meeting_id, new.node_id, new.internal_id, 'meeting-created', b3lb.hook_created(new));
	end if;
	return null;
end
$$;
drop trigger if exists meeting_hook on b3lb.meeting;
create trigger meeting_hook after update of internal_id on b3lb.meeting for each row
	when (new.confirmed and (not old.confirmed or new.internal_id is distinct from old.internal_id))
	execute function b3lb.hook_meeting_created();

create or replace function b3lb.hook_meeting_ended() returns trigger language plpgsql as $$
begin
	perform b3lb.hook_own(new.secret_id, new.meeting_id, new.node_id, new.internal_id, 'meeting-ended', '{}');
	return null;
end
$$;
drop trigger if exists ended_meeting_hook on b3lb.ended_meeting;
create trigger ended_meeting_hook after insert on b3lb.ended_meeting for each row execute function b3lb.hook_meeting_ended();

-- An event about a recording. Webhooks give these seconds.
create or replace function b3lb.hook_recording(r b3lb.record_set, p_name text, p_more jsonb, p_link text default null) returns void
language plpgsql as $$
declare
	v_ts bigint := b3lb.now_ms();
begin
	perform b3lb.hook_put(b3lb.hooks_for(r.secret_id, r.meeting_id, p_name), r.record_id, p_name, v_ts,
		b3lb.hook_body(p_name, jsonb_build_object('meeting', b3lb.hook_ids(r.record_id, r.meeting_id), 'record-id', r.record_id)
			|| p_more, v_ts / 1000), true, interval '1 second', p_link);
end
$$;

-- A format is there for the first time. Its address is put in when it is sent: the job knows our own. A protected one has none that
-- stays: its link is empty.
create or replace function b3lb.hook_format() returns trigger language plpgsql as $$
declare
	r b3lb.record_set;
	v_size bigint := case when new.kind = 'player' then new.files_size else new.size end;
begin
	select * into r from b3lb.record_set where id = new.record_set_id;
	if r.record_id is null or b3lb.hooks_for(r.secret_id, r.meeting_id, null) is null then
		return null;
	end if;
	perform b3lb.hook_recording(r, 'rap-publish-started', jsonb_build_object('workflow', new.type));
	perform b3lb.hook_recording(r, 'rap-publish-ended', jsonb_build_object('success', true, 'step-time', new.processing_ms,
			'workflow', new.type, 'recording', jsonb_build_object('name', r.name, 'is-breakout', 'false', 'start-time', r.start_time,
			'end-time', coalesce(r.end_time, r.start_time), 'size', v_size, 'raw-size', r.raw_size, 'metadata', r.meta,
			'playback', jsonb_build_object('format', new.type, 'link', '', 'processing_time', new.processing_ms,
				'duration', new.duration_ms, 'extensions', '{}'::jsonb, 'size', v_size), 'download', '{}'::jsonb)),
		case when r.protected then null when new.kind = 'player' then '/b3lb/p/' || new.nonce || '/' else '/b3lb/r/' || new.nonce end);
	return null;
end
$$;
drop trigger if exists record_hook on b3lb.record;
create trigger record_hook after insert on b3lb.record for each row when (new.listed) execute function b3lb.hook_format();

create or replace function b3lb.hook_record_set() returns trigger language plpgsql as $$
begin
	perform b3lb.hook_recording(new, case when new.status = 'DELETING' then 'rap-deleted'
		when new.published then 'rap-published' else 'rap-unpublished' end, '{}');
	return null;
end
$$;
drop trigger if exists record_set_hook on b3lb.record_set;
create trigger record_set_hook after update of published, status on b3lb.record_set for each row
	when (new.record_id is not null and old.status <> 'DELETING' and (new.status = 'DELETING' and new.uploaded_at is not null
		or new.status <> 'DELETING' and new.rendered_at is not null and new.published <> old.published))
	execute function b3lb.hook_record_set();

-- A client's hook, or the administrator's. Results:
--   made       id is a new one's
--   duplicate  id is that of the same URL and meeting, which hears of p_events from now on, and at once if it failed
--   full       the secret has p_max
create or replace function b3lb.hook_make(p_secret int, p_url text, p_meeting_id text, p_events text[], p_permanent boolean,
	p_max int, out result text, out id int) language plpgsql as $$
#variable_conflict use_column
begin
	-- One after the other: they are counted.
	perform from b3lb.secret s where s.id = p_secret for no key update;
	update b3lb.hook h set events = p_events, failing_since = null, error = null, permanent = h.permanent or p_permanent
	where h.secret_id = p_secret and h.callback_url = p_url and h.meeting_id = p_meeting_id
	returning h.id into hook_make.id;
	if found then
		update b3lb.hook_event e set next_at = least(e.next_at, clock_timestamp()), tries = 0
		where e.hook_id = hook_make.id and e.tries > 0;
		result := 'duplicate';
	elsif (select count(*) from b3lb.hook h where h.secret_id = p_secret) >= p_max then
		result := 'full';
	else
		insert into b3lb.hook as h (secret_id, callback_url, meeting_id, events, permanent)
		values (p_secret, p_url, p_meeting_id, p_events, p_permanent)
		returning h.id into hook_make.id;
		result := 'made';
	end if;
end
$$;

-- How long an event waits that was not taken so often before: as webhooks of BigBlueButton do, then each minute.
create or replace function b3lb.hook_backoff(p_tries int) returns interval language sql immutable parallel safe as $$
	select coalesce((array[100, 500, 1000, 2000, 4000, 8000, 10000, 30000])[p_tries + 1], 60000) * interval '1 millisecond'
$$;

-- Whether somebody sends what was claimed until then. A claim from a clock that was wrong holds nothing up.
create or replace function b3lb.hook_claimed(p_until timestamptz, p_now timestamptz, p_lease interval) returns boolean
language sql stable parallel safe as $$
	select coalesce(p_until > p_now and p_until < p_now + greatest(p_lease, interval '1 hour'), false)
$$;

-- The events that are the caller's to send until p_lease is over: of at most p_lanes lanes that nobody else has, the first p_each
-- that are due, in their order. At most eight lanes of a hook are under way; hooks take turns.
create or replace function b3lb.hook_claim(p_lanes int, p_each int, p_lease interval) returns setof b3lb.hook_event
language plpgsql as $$
declare
	v_now timestamptz := clock_timestamp();
	v_ids bigint[];
begin
	perform set_config('synchronous_commit', 'off', true);
	-- Two at once would take one lane twice.
	perform pg_advisory_xact_lock(4742390);
	with recursive lane (hook_id, lane, next_at, claimed_until) as (
		(select e.hook_id, e.lane, e.next_at, e.claimed_until from b3lb.hook_event e order by e.hook_id, e.lane, e.ts, e.id limit 1)
		union all
		select n.hook_id, n.lane, n.next_at, n.claimed_until
		from lane l cross join lateral (
			select e.hook_id, e.lane, e.next_at, e.claimed_until from b3lb.hook_event e where (e.hook_id, e.lane) > (l.hook_id, l.lane)
			order by e.hook_id, e.lane, e.ts, e.id limit 1) n),
	-- The beginning of each lane whose first event is due. Who sends one has claimed it there, but for what came in front since.
	front as (
		select l.hook_id, l.lane, f.ids, f.busy or b3lb.hook_claimed(l.claimed_until, v_now, p_lease) as busy, l.next_at
		from lane l cross join lateral (
			select array_agg(e.id order by e.ts, e.id) filter (where e.due and e.place <= p_each) as ids,
				coalesce(bool_or(b3lb.hook_claimed(e.claimed_until, v_now, p_lease)), false) as busy
			from (select x.id, x.ts, x.claimed_until, row_number() over (order by x.ts, x.id) as place,
					bool_and(x.next_at <= v_now) over (order by x.ts, x.id) as due
				from (select w.id, w.ts, w.claimed_until, w.next_at from b3lb.hook_event w
					where l.next_at <= v_now and w.hook_id = l.hook_id and w.lane = l.lane
					order by w.ts, w.id limit 2 * p_each) x) e) f),
	ready as (
		select f.ids, f.next_at, row_number() over (partition by f.hook_id order by f.next_at)
			+ (select count(*) from front b where b.hook_id = f.hook_id and b.busy) as turn
		from front f where not f.busy and f.ids is not null),
	chosen as (select r.ids from ready r where r.turn <= 8 order by r.turn, r.next_at limit p_lanes)
	select array_agg(i) into v_ids from chosen c cross join lateral unnest(c.ids) i;
	return query
	with stamped as (
		select e.id, e.hook_id, greatest(h.last_timestamp, b3lb.now_ms())
			+ row_number() over (partition by e.hook_id order by e.lane, e.ts, e.id) as stamp
		from b3lb.hook_event e join b3lb.hook h on h.id = e.hook_id where e.id = any (v_ids) and e.stamp is null),
	last as (
		update b3lb.hook h set last_timestamp = s.stamp
		from (select hook_id, max(stamp) as stamp from stamped group by hook_id) s where h.id = s.hook_id)
	update b3lb.hook_event e set claimed_until = clock_timestamp() + p_lease, stamp = coalesce(e.stamp, s.stamp)
	from unnest(v_ids) as mine (id) left join stamped s on s.id = mine.id
	where e.id = mine.id
	returning e.*;
end
$$;

-- What became of claimed events: taken, not taken and why, not tried.
create or replace function b3lb.hook_finish(p_done bigint[], p_failed bigint[], p_errors text[], p_left bigint[]) returns void
language plpgsql as $$
begin
	perform set_config('synchronous_commit', 'off', true);
	with gone as (delete from b3lb.hook_event e where e.id = any (p_done) returning e.hook_id)
	update b3lb.hook h set failing_since = null, error = null
	where h.failing_since is not null and h.id in (select hook_id from gone);
	with failed as (
		update b3lb.hook_event e
		set tries = e.tries + 1, next_at = clock_timestamp() + b3lb.hook_backoff(e.tries), claimed_until = null
		from unnest(p_failed, p_errors) as f (id, error) where e.id = f.id
		returning e.hook_id, f.error)
	update b3lb.hook h set failing_since = coalesce(h.failing_since, now()), error = f.error
	from (select distinct on (hook_id) hook_id, error from failed) f where h.id = f.hook_id;
	update b3lb.hook_event e set claimed_until = null where e.id = any (p_left);
end
$$;

-- Keeps the tables small: hooks that have failed for a day go, unless they are permanent, and events that are a day old; of a hook
-- with more than p_max events the oldest. A row for each hook that has lost something.
create or replace function b3lb.hook_prune(p_max int) returns table (hook int, url text, lost bigint, removed boolean)
language plpgsql as $$
begin
	delete from b3lb.hook_seen where until < now();
	delete from b3lb.hook_room where created_at < now() - interval '2 days';
	delete from b3lb.hook_left where left_at < now() - interval '1 day';
	delete from b3lb.hook_event e where not exists (select from b3lb.hook h where h.id = e.hook_id);
	return query
	delete from b3lb.hook h where not h.permanent and h.failing_since < now() - interval '24 hours'
	returning h.id, h.callback_url, 0::bigint, true;
	return query
	with old as (
		select e.id from b3lb.hook_event e where e.created_at < now() - interval '24 hours'
		union
		select x.id
		from (select e.hook_id, count(*) - p_max as n from b3lb.hook_event e group by e.hook_id having count(*) > p_max) o
		cross join lateral (select e.id from b3lb.hook_event e where e.hook_id = o.hook_id order by e.id limit o.n) x),
	gone as (delete from b3lb.hook_event e where e.id in (select id from old) returning e.hook_id)
	select h.id, h.callback_url, count(*), false from gone g join b3lb.hook h on h.id = g.hook_id group by h.id, h.callback_url;
end
$$;

-- A node goes that has, or may have, a webhook of ours.
create or replace function b3lb.hook_node_left() returns trigger language plpgsql as $$
begin
	insert into b3lb.hook_left (id, node) values (old.id, to_jsonb(old));
	return null;
end
$$;
drop trigger if exists node_hook on b3lb.node;
create trigger node_hook after delete on b3lb.node for each row
	when (old.hook_at is not null and old.hook_state in ('on', 'unknown')) execute function b3lb.hook_node_left();
