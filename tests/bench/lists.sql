-- A full house, for how long lists take: 200 nodes, 300 tenants, 600 secrets, 5,000 meetings, 50,000 recordings, 20,000 callbacks,
-- 100,000 refusals, 100,000 sessions, eight days of samples. For an empty database. Fixed seed.

set client_min_messages = warning;
select setseed(0.42) \gset
insert into b3lb.cluster (name) select 'c' || i from generate_series(1, 4) i;
insert into b3lb.cluster_group (name) values ('all');
insert into b3lb.cluster_group_member (group_id, cluster_id) select 1, id from b3lb.cluster;
insert into b3lb.node (slug, cluster_id, secret, domain, state, online, failures, attendees, meetings, cpu, cpu_load, good_at, polled_at, error,
	bbb_version)
select 'bbb' || lpad(i::text, 3, '0'), 1 + i % 4, 's', 'bbb' || i || '.example.org',
	case when i % 50 = 0 then 'draining' when i % 51 = 0 then 'maintenance' else 'enabled' end, i % 70 <> 0, (i % 70 = 0)::int * 60, 150, 25,
	(random() * 8000)::int, 300, now() - interval '5 seconds', now(), case when i % 70 = 0 then 'could not connect: timed out' end,
	'3.0.' || i % 12
from generate_series(1, 200) i;
insert into b3lb.tenant (slug, description, group_id, meeting_limit, attendee_limit)
select 'ten' || lpad(i::text, 3, '0'), 'School number ' || i, 1, 40, 1000 from generate_series(1, 300) i;
insert into b3lb.secret (tenant_id, sub_id, secret) select t.id, s, 'x' from b3lb.tenant t, generate_series(0, 1) s;
insert into b3lb.meeting (tenant_id, secret_id, meeting_id, node_id, node_meeting_id, name, confirmed, confirmed_at, internal_id, seen,
	attendees, listeners, voices, videos, moderators, running, fragment)
select s.tenant_id, s.id, md5('m' || i), 1 + i % 200, 'b3lb-' || md5('n' || i), 'Lesson ' || i || ' of class ' || i % 77, i % 900 <> 0,
	now() - random() * interval '2 hours', md5('i' || i) || '-1700000000000', true, (random() * 30)::int, (random() * 10)::int,
	(random() * 10)::int, (random() * 10)::int, 1, i % 500 <> 0, '<meeting/>'
from generate_series(1, 5000) i join b3lb.secret s on s.id = 1 + (i * 7) % 600;
insert into b3lb.record_set (tenant_id, secret_id, meeting_id, name, record_id, status, start_time, end_time, ended_at, marks, archive_key,
	archive_size, uploaded_at, rendered_at, published, meta, render_error)
select s.tenant_id, s.id, md5('r' || i), 'Recorded lesson ' || i, md5('ri' || i) || '-' || 1700000000000 + i,
	case when i % 5000 = 0 then 'FAILED' when i % 4000 = 0 then 'WAITING' when i % 6000 = 0 then 'RENDERING' else 'RENDERED' end,
	v.start, v.start + 2700000, to_timestamp(v.start / 1000) + interval '45 minutes', true, 'a' || i, 100000000, now(),
	case when i % 4000 > 0 and i % 5000 > 0 then now() end, i % 90 <> 0, jsonb_build_object('bbb-origin', 'Moodle', 'course', i % 1000),
	case when i % 5000 = 0 then 'ffmpeg ended with 1' end
from generate_series(1, 50000) i join b3lb.secret s on s.id = 1 + (i * 7) % 600
cross join lateral (select ((extract(epoch from now()) - i * 600) * 1000)::bigint as start) v;
insert into b3lb.record (record_set_id, profile, type, size, mime, extension, storage_key)
select r.id, p, p, 20000000 + (r.id % 1000) * 1000, 'video/mp4', 'mp4', 'v' || r.id || p
from b3lb.record_set r, unnest(array['video', 'presentation']) p where r.status = 'RENDERED';
insert into b3lb.callback (secret_id, kind, url, state, created_at, attempts, finished_at, error)
select 1 + i % 600, (array['end', 'ended', 'analytics', 'ready'])[1 + i % 4], 'https://lms' || i % 150 || '.example.org/mod/bbb/hook?token=' || i,
	case when i % 40 = 0 then 'failed' when i % 41 = 0 then 'waiting' else 'delivered' end, now() - i * interval '4 seconds', 1 + i % 3,
	case when i % 41 > 0 then now() - i * interval '4 seconds' end, case when i % 40 = 0 then 'HTTP status 500' end
from generate_series(1, 20000) i;
insert into b3lb.refusal (at, request_id, tenant, sub_id, call, meeting_id, node, key, message, remote_addr, repeated)
select now() - i * interval '12 seconds', left(md5('q' || i), 16), 'ten' || lpad((1 + i % 300)::text, 3, '0'), 0,
	(array['create', 'join', 'getMeetingInfo'])[1 + i % 3], md5('m' || i), case when i % 9 = 0 then 'bbb' || lpad((1 + i % 200)::text, 3, '0') end,
	(array['checksumError', 'maxMeetingsReached', 'notFound', 'retried', 'noNodesAvailable'])[1 + i % 5], 'what is wrong', '192.0.2.' || i % 250,
	i % 4
from generate_series(1, 100000) i;
insert into b3lb.usage_session (tenant, sub_id, meeting_id, internal_id, name, node, started_at, ended_at, peak, attendee_seconds, recorded)
select 'ten' || lpad((1 + i % 300)::text, 3, '0'), i % 2, md5('m' || i), md5('i' || i), 'Lesson ' || i, 'bbb' || lpad((1 + i % 200)::text, 3, '0'),
	now() - i * interval '20 seconds' - interval '45 minutes', now() - i * interval '20 seconds', 20, 40000, i % 3 = 0
from generate_series(1, 100000) i;
insert into b3lb.usage_month (month, tenant, sub_id, meetings, meeting_seconds, attendee_seconds, peak_meetings, peak_attendees, joined)
select date_trunc('month', now())::date - m * interval '1 month', t.slug, s, 200, 500000, 9000000, 12, 300, 4000
from b3lb.tenant t, generate_series(-1, 1) s, generate_series(0, 12) m;
insert into b3lb.total_sample (at, meetings, attendees, listeners, voices, videos, load, cpu, nodes, online)
select a, 4000, 60000, 100, 20000, 9000, 500, 4000, 198, 0.99
from generate_series(date_bin('5 minutes', now(), 'epoch') - interval '8 days', now(), interval '5 minutes') a;
insert into b3lb.node_sample (node_id, at, meetings, attendees, cpu, load, online)
select n.id, a, 20, 300, 4000, 500 + random() * 100, true
from b3lb.node n, generate_series(date_bin('5 minutes', now(), 'epoch') - interval '8 days', now(), interval '5 minutes') a;
insert into b3lb.secret_sample (secret_id, at, meetings, attendees, listeners, voices, videos)
select s.id, a, 5, 100, 3, 50, 20
from b3lb.secret s, generate_series(date_bin('5 minutes', now(), 'epoch') - interval '8 days', now(), interval '5 minutes') a
where (s.id + extract(hour from a)::int) % 3 = 0;
insert into b3lb.stats (secret_id, meetings, attendees, listeners, voices, videos)
select s.id, count(m.id), coalesce(sum(m.attendees), 0), 0, 0, 0 from b3lb.secret s left join b3lb.meeting m on m.secret_id = s.id group by s.id;
analyze;
