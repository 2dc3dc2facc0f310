-- Made up for ./demo: eight days of a school week, as if three nodes had been busy; sessions bear the name "made up for the demo".
with moment as (
	select at, greatest(0, sin(pi() * (extract(hour from at) + extract(minute from at) / 60.0 - 7) / 10.0))
		* case when extract(hour from at) between 7 and 16 then 1 else 0 end
		* case when extract(isodow from at) < 6 then 1 else 0.2 end
		* (0.9 + 0.1 * sin(extract(epoch from at) / 1700)) as busy
	from generate_series(b3lb.step_of(now() - interval '8 days', 300), b3lb.step_of(now(), 300) - interval '5 minutes', interval '5 minutes') x (at)),
total as (
	insert into b3lb.total_sample (at, meetings, attendees, listeners, voices, videos, load, cpu, nodes, online)
	select at, (busy * 12)::int, (busy * 180)::int, (busy * 90)::int, (busy * 90)::int, (busy * 40)::int, busy * 900, busy * 45,
		(select count(*) from b3lb.node), 1 from moment
	on conflict do nothing),
nodes as (
	insert into b3lb.node_sample (node_id, at, meetings, attendees, cpu, load, online)
	select n.id, at, (busy * 4)::int, (busy * 60)::int, (busy * 4500)::int, busy * 900, true from moment, b3lb.node n
	on conflict do nothing)
insert into b3lb.secret_sample (secret_id, at, meetings, attendees, listeners, voices, videos)
select s.id, at, (busy * 12)::int, (busy * 180)::int, (busy * 90)::int, (busy * 90)::int, (busy * 40)::int
from moment, b3lb.secret s join b3lb.tenant t on t.id = s.tenant_id
where t.slug = 'acme' and s.sub_id = 0 and busy > 0.05
on conflict do nothing;
select b3lb.sum_up_hour(at) from generate_series(date_trunc('hour', now() - interval '8 days'), date_trunc('hour', now()) - interval '1 hour', interval '1 hour') x (at);
insert into b3lb.usage_session (tenant, sub_id, meeting_id, internal_id, name, node, started_at, ended_at, peak, attendee_seconds, recorded)
select 'acme', 0, 'demo-' || n, null, 'made up for the demo', 'n' || 1 + n % 3, at, at + interval '45 minutes', 12 + n % 9, 45 * 60 * (10 + n % 9), n % 5 = 0
from generate_series(1, 120) n, lateral (select date_trunc('hour', now()) - make_interval(hours => n * 5)) x (at)
where extract(hour from at) between 7 and 17;
