-- Two school days, 1,000 rooms, 20 equal nodes; the first teaches what rooms reach, the second is measured.
-- Rooms: sizes are lognormal with median 18 and sigma 0.7, cut to 2..60; three in a hundred are lectures of 100 to 400.
-- Lessons: at each full hour from 8 to 16 a room has one with probability 0.35, made 5 minutes before to 2 after, lasting 45 to
-- 95 minutes, reached by 0.8 to 1.2 of its size, who come evenly over 8 minutes. Nodes are polled once a minute. Fixed seed.
-- The figure: the busiest node's attendees over the mean of all nodes, at the minute of the day's highest busiest node, and the
-- worst such ratio of any minute with at least 1,000 attendees.

set client_min_messages = warning;
create schema replay;
-- In front of pg_catalog, so that the functions under test see the day's clock.
create function replay.now() returns timestamptz language sql volatile as $$ select current_setting('replay.clock')::timestamptz $$;
create function replay.clock_timestamp() returns timestamptz language sql volatile as $$ select replay.now() $$;
set replay.clock = '2026-01-12 00:00:00+00';

create table replay.room (id int primary key, size int);
create table replay.lesson (id int generated always as identity primary key, room int, starts timestamptz, ends timestamptz, size int);
select setseed(0.42) \gset
insert into replay.room
select i, case when random() < 0.03 then 100 + (random() * 300)::int
	else least(60, greatest(2, exp(ln(18) + 0.7 * sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random()))))::int end
from generate_series(1, 1000) i;
insert into replay.lesson (room, starts, ends, size)
select l.id, l.starts, l.starts + (45 + random() * 50) * interval '1 minute', greatest(1, round(l.size * (0.8 + random() * 0.4)))
from (select r.id, r.size, timestamptz '2026-01-12 00:00:00+00' + d * interval '1 day' + h * interval '1 hour'
		+ (random() * 7 - 5) * interval '1 minute' as starts
	from replay.room r, generate_series(0, 1) d, generate_series(8, 16) h
	where random() < 0.35 order by d, h, r.id) l;

insert into b3lb.cluster (name, cpu_iterations) values ('c', 0);
insert into b3lb.cluster_group (name) values ('g');
insert into b3lb.cluster_group_member values (1, 1);
insert into b3lb.node (slug, cluster_id, secret, online) select 'n' || i, 1, 's', true from generate_series(1, 20) i;
insert into b3lb.tenant (slug, group_id) values ('school', 1);
insert into b3lb.secret (tenant_id, secret) values (1, 's');
create table replay.sample (variant text, at timestamptz, busiest int, mean double precision);

create procedure replay.poll(p_variant text) language plpgsql as $$
declare
	n record;
	a record;
begin
	for n in select id from b3lb.node loop
		select coalesce(array_agg(m.node_meeting_id), '{}') as ids, coalesce(array_agg(m.internal_id), '{}') as internals,
			coalesce(array_agg(v.att), '{}') as att, coalesce(array_agg(0), '{}') as zeros,
			coalesce(array_agg(true), '{}') as run, coalesce(array_agg(v.att::text), '{}') as fragments,
			coalesce(sum(v.att), 0)::int as attendees, count(*)::int as meetings
		into a
		from b3lb.meeting m
		join replay.lesson l on l.id = m.internal_id::int and l.ends > replay.now()
		cross join lateral (select (l.size * least(1, extract(epoch from replay.now() - l.starts) / 480))::int as att) v
		where m.node_id = n.id;
		perform b3lb.poll_good(n.id, replay.now(), 1, a.meetings, a.attendees, 0, a.ids, a.internals, a.att, a.zeros, a.zeros, a.zeros,
			a.zeros, a.run, a.fragments);
	end loop;
	insert into replay.sample select p_variant, replay.now(), max(attendees), avg(attendees) from b3lb.node;
end
$$;

create procedure replay.day(p_variant text) language plpgsql as $$
declare
	l record;
	p record;
	v_minute timestamptz;
begin
	truncate b3lb.meeting, b3lb.meeting_change, b3lb.ended_meeting, b3lb.attendance;
	update b3lb.node set attendees = 0, meetings = 0, held_meetings = 0, held_attendees = 0, good_started_at = null;
	for v_minute in
		select m from generate_series(timestamptz '2026-01-12 07:50:00+00', timestamptz '2026-01-13 18:30:00+00', interval '1 minute') m
		where extract(hour from m at time zone 'UTC') between 7 and 18
	loop
		for l in select * from replay.lesson where starts >= v_minute - interval '1 minute' and starts < v_minute order by starts loop
			perform set_config('replay.clock', l.starts::text, false);
			select * into p from b3lb.place_create(1, 'room' || l.room, 'Room', 15, null, null, '{}', null, false, '{}');
			update b3lb.meeting set created_at = l.starts where id = p.meeting;
			perform b3lb.confirm_meeting(p.meeting, p.node_meeting_id, l.id::text, 0, '');
		end loop;
		perform set_config('replay.clock', v_minute::text, false);
		call replay.poll(p_variant);
		commit;
	end loop;
end
$$;

set search_path = replay, pg_catalog;
select pg_catalog.setseed(0.42) \gset
call replay.day('b3lb-fcgi: attendees expected by room');
update b3lb.cluster set load_a = 0, load_m = 1;
call replay.day('least meetings');
update b3lb.cluster set load_a = 1, load_m = 30;
-- The load as the last poll saw it, plus one for each meeting placed since.
create or replace function b3lb.choose_node(p_group int, p_tried int[]) returns int language sql volatile as $$
	select n.id from b3lb.node n where n.online order by n.attendees + 30 * n.meetings + n.held_meetings, random() limit 1
$$;
call replay.day('polled load, one per placement');

\pset footer off
select variant as "placement", (array_agg(busiest order by busiest desc))[1] as "busiest node's peak",
	round((array_agg(busiest / mean order by busiest desc))[1]::numeric, 2) as "over the mean then",
	round(max(busiest / mean) filter (where mean >= 50)::numeric, 2) as "worst ratio of a minute"
from replay.sample where at >= '2026-01-13' and mean > 0 group by variant order by 2;
