-- What the console shows beside its lists. $1 everywhere: ids of the tenants whose figures may be seen; null: all, and what is global.

-- report_history (repeatable) -> doc: JSON. $1 total, tenant, secret or node, $2 its name in lower case, $3 its sub id, $4 from, $5 to, $6 step in seconds: 300 or 3600. Null: no figure.
select jsonb_build_object('step', $6::int, 'at', coalesce(jsonb_agg(extract(epoch from g.at)::bigint order by g.at), '[]'),
	'series', jsonb_build_object('attendees', coalesce(jsonb_agg(y.attendees order by g.at), '[]'),
		'meetings', coalesce(jsonb_agg(y.meetings order by g.at), '[]'), 'voices', coalesce(jsonb_agg(y.voices order by g.at), '[]'),
		'videos', coalesce(jsonb_agg(y.videos order by g.at), '[]'),
		'load', coalesce(jsonb_agg(round(nullif(y.load, -1)::numeric, 1) order by g.at), '[]'),
		'cpu', coalesce(jsonb_agg(round(y.cpu::numeric / 100, 1) order by g.at), '[]'),
		'online', coalesce(jsonb_agg(round(y.online::numeric, 3) order by g.at), '[]'))) as doc
from generate_series(b3lb.step_of($4::timestamptz, $6::int), $5::timestamptz, $6::int * interval '1 second') g (at)
left join (
	select x.at, x.meetings, x.attendees, x.voices, x.videos, x.load, x.cpu, x.online
	from b3lb.total_sample x where $6::int = 300 and $1::text = 'total' and x.at >= $4::timestamptz - interval '5 minutes'
	union all
	select x.at, x.meetings, x.attendees, null, null, x.load, x.cpu, x.online::int
	from b3lb.node_sample x join b3lb.node n on n.id = x.node_id and n.slug = $2
	where $6::int = 300 and $1::text = 'node' and x.at >= $4::timestamptz - interval '5 minutes'
	union all
	select t.at, coalesce(sum(x.meetings), 0), coalesce(sum(x.attendees), 0), coalesce(sum(x.voices), 0), coalesce(sum(x.videos), 0),
		null, null, null
	from b3lb.total_sample t
	left join b3lb.secret_sample x on x.at = t.at and x.secret_id in (select s.id from b3lb.secret s join b3lb.tenant w on w.id = s.tenant_id
		where w.slug = $2 and ($1::text = 'tenant' or s.sub_id = $3::int))
	where $6::int = 300 and $1::text in ('tenant', 'secret') and t.at >= $4::timestamptz - interval '5 minutes'
	group by t.at
	union all
	select t.at, coalesce(x.meetings, 0), coalesce(x.attendees, 0), coalesce(x.voices, 0), coalesce(x.videos, 0), x.load, x.cpu, x.online
	from b3lb.load_hour t
	left join b3lb.load_hour x on x.at = t.at and x.scope = case $1::text when 'total' then '' when 'tenant' then $2
		when 'secret' then $2 || '-' || $3::int else 'node:' || $2 end
	where $6::int = 3600 and t.scope = '' and t.at >= $4::timestamptz - interval '1 hour' and ($1::text <> 'node' or x.at is not null)) y
	on y.at = g.at;

-- Months u of tenants, slugs as they were. Peaks do not add up: those of a tenant have a row of their own.
-- columns usage_figures: meetings meeting_minutes participant_minutes peak_participants peak_meetings joins refused recordings recording_bytes stored_gb_days
-- piece usage_sums
coalesce(sum(u.meetings) filter (where u.sub_id >= 0), 0)::bigint as meetings,
round(coalesce(sum(u.meeting_seconds) filter (where u.sub_id >= 0), 0) / 60.0)::bigint as meeting_minutes,
round(coalesce(sum(u.attendee_seconds) filter (where u.sub_id >= 0), 0) / 60.0)::bigint as participant_minutes,
max(u.peak_attendees) as peak_participants, max(u.peak_meetings) as peak_meetings,
coalesce(sum(u.joined) filter (where u.sub_id >= 0), 0)::bigint as joins,
coalesce(sum(u.refused) filter (where u.sub_id >= 0), 0)::bigint as refused,
coalesce(sum(u.recordings) filter (where u.sub_id >= 0), 0)::bigint as recordings,
coalesce(sum(u.recording_bytes) filter (where u.sub_id >= 0), 0)::bigint as recording_bytes,
round(coalesce(sum(u.stored_byte_days) filter (where u.sub_id >= 0), 0) / 1000000000.0, 3) as stored_gb_days

-- piece usage_seen
($1::int[] is null or u.tenant in (select t.slug from b3lb.tenant t where t.id = any ($1::int[])))

-- report_usage (repeatable) -> month tenant sub_id description @usage_figures: a row a tenant with something in the month $2 (its first day), or $3: a row a secret.
select to_char(u.month, 'YYYY-MM') as month, upper(u.tenant) as tenant, case when $3::boolean then u.sub_id end as sub_id,
	coalesce(max(case when $3::boolean then s.description else t.description end), '') as description, {usage_sums}
from b3lb.usage_month u
left join b3lb.tenant t on t.slug = u.tenant
left join b3lb.secret s on s.tenant_id = t.id and s.sub_id = u.sub_id
where u.month = $2::date and (not $3::boolean or u.sub_id >= 0) and {usage_seen}
group by u.month, u.tenant, case when $3::boolean then u.sub_id end
order by 2, 3;

-- report_usage_total (repeatable) -> @usage_figures: one row. The most at once of all tenants together is not kept: of one tenant it is.
select {usage_sums} from b3lb.usage_month u where u.month = $2::date and {usage_seen};

-- report_usage_before (repeatable) -> before: a JSON object of the participant minutes of each tenant in the month before $2.
select coalesce(jsonb_object_agg(x.tenant, x.minutes), '{}') as before
from (select upper(u.tenant) as tenant, round(sum(u.attendee_seconds) / 60.0)::bigint as minutes
	from b3lb.usage_month u
	where u.month = ($2::date - interval '1 month')::date and u.sub_id >= 0 and {usage_seen} group by 1) x;

-- report_months (repeatable) -> month @usage_figures: a row for each of the thirteen months up to $2, of the tenant $3 (null: of all).
select to_char(g.month, 'YYYY-MM') as month, {usage_sums}
from generate_series($2::date - interval '12 months', $2::date, interval '1 month') g (month)
left join b3lb.usage_month u on u.month = g.month::date and ($3::text is null or u.tenant = lower($3)) and {usage_seen}
group by g.month order by g.month;

-- report_month (repeatable) -> month current begins ends: the month $1 (as 2026-11; null: this one) in the zone $2: its first day, whether it is not over, and its bounds as RFC 3339.
select m.month, m.month >= b3lb.month_of(now(), $2) as current,
	to_char((m.month::timestamp at time zone $2) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as begins,
	to_char(((m.month + interval '1 month')::timestamp at time zone $2) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as ends
from (select coalesce(to_date($1, 'YYYY-MM'), b3lb.month_of(now(), $2)) as month) m;

-- report_search (repeatable) -> kind name detail link: what $2 may mean, twelve rows at most; $3 is it as a pattern, $4 as one for the beginning.
-- A request by its whole id.
select f.kind, f.name, f.detail, f.link from (
	(select 1 as place, 'node' as kind, n.slug as name, c.name || ', ' || b3lb.node_health(n) as detail, '#/nodes/' || n.slug as link
	from b3lb.node n join b3lb.cluster c on c.id = n.cluster_id
	where $1::int[] is null and (n.slug like lower($3) or n.domain ilike $3) order by n.slug limit 4)
	union all
	(select 2, 'tenant', upper(t.slug), t.description, '#/tenants/' || upper(t.slug)
	from b3lb.tenant t where ($1::int[] is null or t.id = any ($1::int[])) and (t.slug like lower($3) or t.description ilike $3)
	order by t.slug limit 4)
	union all
	(select 3, 'meeting', m.name, upper(t.slug) || ', ' || m.attendees || ' people', '#/meetings/' || m.node_meeting_id
	from b3lb.meeting m join b3lb.tenant t on t.id = m.tenant_id
	where ($1::int[] is null or t.id = any ($1::int[]))
		and (m.name ilike $3 or m.meeting_id = $2 or m.internal_id = $2 or m.node_meeting_id = $2)
	order by m.attendees desc, m.id limit 4)
	union all
	(select 4, 'recording', r.name, upper(t.slug) || ', ' || to_char(to_timestamp(r.start_time / 1000.0) at time zone 'UTC', 'YYYY-MM-DD'),
		'#/recordings/' || r.record_id || '@' || upper(t.slug)
	from b3lb.record_set r join b3lb.tenant t on t.id = r.tenant_id
	where ($1::int[] is null or t.id = any ($1::int[])) and r.status <> 'WAITING'
		and r.id in (select y.id from b3lb.record_set y where y.record_id like $4 union all
			(select y.id from b3lb.record_set y where y.name ilike $3 order by y.start_time desc, y.id desc limit 200))
	order by r.start_time desc, r.id desc limit 4)
	union all
	(select 5, 'request', f.request_id, upper(f.tenant) || ', ' || f.call || ': ' || f.key, '#/requests?q=' || f.request_id
	from b3lb.refusal f
	where f.request_id = lower($2)
		and ($1::int[] is null or f.tenant in (select t.slug from b3lb.tenant t where t.id = any ($1::int[])))
	order by f.id desc limit 2)) f
order by f.place limit 12;

-- piece report_jobs
select name, host, started_ago as age, good_ago as good_age, state, late, message from b3lb.job_states()

-- report_jobs (repeatable) -> name host age good_age state late message: a row a job.
{report_jobs} order by name;

-- report_overview (repeatable) -> doc: one JSON document. What was joined is counted since the last rollup: for a minute at most.
with m as materialized (
	select x.tenant_id, x.node_id, x.attendees, x.confirmed_at from b3lb.meeting x
	where x.confirmed and ($1::int[] is null or x.tenant_id = any ($1::int[]))),
mine as materialized (select t.id, t.slug, t.description, t.meeting_limit, t.attendee_limit from b3lb.tenant t where $1::int[] is null or t.id = any ($1::int[])),
nodes as materialized (
	select n.slug, c.name as cluster, b3lb.node_health(n) as health, round(b3lb.shown_load(n, c)::numeric, 1) as load,
		n.meetings + n.held_meetings as meetings, n.attendees, n.state, n.state_meetings, n.drain_to
	from b3lb.node n join b3lb.cluster c on c.id = n.cluster_id where $1::int[] is null),
refused as materialized (
	select f.key, f.repeated from b3lb.refusal f
	where f.at > now() - interval '1 hour' and ($1::int[] is null or f.tenant in (select slug from mine))),
sets as materialized (
	select r.status, r.ended_at, r.marks, r.created_at from b3lb.record_set r
	where r.status in ('WAITING', 'UPLOADED', 'RENDERING', 'FAILED') and ($1::int[] is null or r.tenant_id = any ($1::int[]))),
calls as materialized (
	select c.state, s.tenant_id from b3lb.callback c join b3lb.secret s on s.id = c.secret_id
	where c.state <> 'delivered' and ($1::int[] is null or s.tenant_id = any ($1::int[])))
select (jsonb_build_object('at', to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
	'meetings', (select count(*) from m), 'attendees', (select coalesce(sum(attendees), 0) from m),
	'creates_minute', (select count(*) from m where confirmed_at > now() - interval '1 minute'),
	'joins_minute', (select coalesce(sum(e.value), 0) from b3lb.metric_event e
		where e.name = 'joined' and ($1::int[] is null or e.tenant in (select slug from mine))),
	'refused_hour', (select coalesce(sum(repeated + 1), 0) from refused where key not in ('retried', 'limitPassed')),
	'retried_hour', (select coalesce(sum(repeated + 1), 0) from refused where key = 'retried'),
	'recordings', (select jsonb_build_object('waiting', count(*) filter (where status = 'UPLOADED'
				or status = 'WAITING' and ended_at is not null and marks is not false and not late),
			'rendering', count(*) filter (where status = 'RENDERING'), 'failed', count(*) filter (where status = 'FAILED'),
			'late', count(*) filter (where status = 'WAITING' and late))
		from (select status, ended_at, marks, coalesce(marks and ended_at < now() - interval '2 hours', false) as late from sets) s),
	'callbacks', (select jsonb_build_object('waiting', count(*) filter (where state = 'waiting'),
			'failed', count(*) filter (where state = 'failed'),
			'tenants_failed', count(distinct tenant_id) filter (where state = 'failed')) from calls),
	'attention', (select coalesce(jsonb_agg(to_jsonb(a)), '[]') from b3lb.attention($1::int[]) a),
	'tenants', (select coalesce(jsonb_agg(to_jsonb(b)), '[]') from (
		select upper(t.slug) as slug, t.description, count(*) as meetings, t.meeting_limit, sum(m.attendees) as attendees, t.attendee_limit
		from m join mine t on t.id = m.tenant_id
		group by t.id, t.slug, t.description, t.meeting_limit, t.attendee_limit order by 5 desc, 3 desc, 1 limit 6) b),
	'events', (select coalesce(jsonb_agg(jsonb_build_object('at', to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
			'actor', e.actor, 'text', case when e.changes = '' then e.object || ' ' || e.name else split_part(e.changes, E'\n', 1) end)
			order by e.id desc), '[]')
		from (select a.* from b3lb.audit a
			where $1::int[] is null or a.tenant in (select upper(slug) from mine)
			order by a.id desc limit 8) e))
	|| case when $1::int[] is not null then '{}' else jsonb_build_object(
		'nodes', (select jsonb_build_object('total', count(*), 'healthy', count(*) filter (where health = 'healthy'),
				'unsteady', count(*) filter (where health = 'unsteady'), 'offline', count(*) filter (where health = 'offline'),
				'draining', count(*) filter (where health = 'draining'),
				'maintenance', count(*) filter (where health = 'maintenance')) from nodes),
		'map', (select coalesce(jsonb_agg(jsonb_build_object('cluster', k.cluster, 'nodes', k.nodes) order by k.cluster), '[]')
			from (select cluster, jsonb_agg(jsonb_build_array(slug, health, load, meetings, attendees) order by slug) as nodes
				from nodes group by cluster) k),
		'jobs', (select coalesce(jsonb_agg(to_jsonb(j) order by j.name), '[]') from ({report_jobs}) j),
		'draining', (select coalesce(jsonb_agg(jsonb_build_object('slug', slug, 'meetings', meetings, 'from', state_meetings,
				'attendees', attendees, 'drain_to', drain_to) order by slug), '[]') from nodes where state = 'draining')) end)::text as doc;

-- report_health (repeatable) -> doc: one JSON document.
select jsonb_build_object(
	'versions', jsonb_build_object('schema', (select max(number) from b3lb.migration),
		'bbb', (select coalesce(jsonb_object_agg(x.version, x.nodes), '{}')
			from (select bbb_version as version, count(*) as nodes from b3lb.node where bbb_version is not null group by 1) x)),
	'certificates', (select coalesce(jsonb_agg(jsonb_build_object('name', n.slug,
			'days', floor(extract(epoch from n.certificate_until - now()) / 86400)::int) order by n.certificate_until), '[]')
		from b3lb.node n where n.certificate_until is not null),
	'database', jsonb_build_object('connections', (select count(*) from pg_stat_activity where backend_type = 'client backend'),
		'max_connections', current_setting('max_connections')::int, 'size', pg_database_size(current_database())),
	'waiting', (select count(*) from b3lb.record_set where status in ('UPLOADED', 'RENDERING')))::text as doc;

-- report_findings (repeatable) -> subject host level message since age: a row a finding, the worst first.
select f.subject, f.host, f.level, f.message, f.since, extract(epoch from now() - f.at)::int as age
from b3lb.finding f
order by array_position(array['error', 'warning', 'ok'], f.level), f.subject, f.host;

-- report_looked_at (repeatable) -> looked_at: one row.
select max(at) as looked_at from b3lb.finding;
