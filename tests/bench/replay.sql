-- One day of tests/bench/replay through the real functions, once for each rule; prints rule, lesson, node of each lesson.
-- Variables: nodes, strong (so many of them have twice the weight), poll (seconds), lessons (the file that "days lessons" wrote), parts
-- (false: only the rule and (b)).
-- History is written by the function that the end of a session calls, the measured day by creates and polls. Before the rule of today
-- stand those that it is made of: by replacing a function, and by forgetting what they did not know.

set client_min_messages = warning;
drop schema if exists replay cascade;
create schema replay;
-- In front of pg_catalog, so that the functions under test see the day's clock.
create function replay.now() returns timestamptz language sql volatile as $$ select current_setting('replay.clock')::timestamptz $$;
create function replay.clock_timestamp() returns timestamptz language sql volatile as $$ select replay.now() $$;

create table replay.lesson (id int primary key, ago int, crowd int, room int, made float8, people_from float8, people_full float8, ends float8,
	size int);
\set copy '\\copy replay.lesson from ' :lessons
:copy
create index on replay.lesson (made) where ago = 0;
analyze replay.lesson;
create table replay.placed (variant text, lesson int, node int);
create function replay.at(p_ago int, p_second float8) returns timestamptz language sql immutable as $$
	select timestamptz '2026-01-26 00:00:00+00' - p_ago * interval '1 day' + p_second * interval '1 second'
$$;
-- Who is in a lesson at that second of the day.
create function replay.people(l replay.lesson, p_second float8) returns int language sql immutable as $$
	select floor(l.size * greatest(0, least(1, (p_second - l.people_from) / (l.people_full - l.people_from))))::int
$$;

truncate b3lb.cluster, b3lb.cluster_group, b3lb.tenant, b3lb.node, b3lb.meeting, b3lb.meeting_change, b3lb.ended_meeting, b3lb.metric_event
	restart identity cascade;
insert into b3lb.cluster (name, cpu_iterations) values ('c', 0);
insert into b3lb.cluster_group (name) values ('g');
insert into b3lb.cluster_group_member values (1, 1);
insert into b3lb.node (slug, cluster_id, secret, online, weight)
select 'n' || i, 1, 's', true, case when i <= :strong then 2 else 1 end from generate_series(1, :nodes) i;
insert into b3lb.tenant (slug, group_id) select 'tenant' || i, 1 from generate_series(1, 5) i;
insert into b3lb.secret (tenant_id, secret) select i, 's' from generate_series(1, 5) i;

-- The days before, in order.
create procedure replay.learn() language plpgsql as $$
declare
	l replay.lesson;
	v_ago int;
begin
	for v_ago in select distinct ago from replay.lesson where ago > 0 order by 1 desc loop
		for l in select * from replay.lesson where ago = v_ago order by ends loop
			perform set_config('replay.clock', replay.at(v_ago, l.ends)::text, false);
			perform b3lb.learn_attendance(jsonb_populate_record(null::b3lb.meeting, jsonb_build_object('secret_id', l.crowd + 1,
				'meeting_id', 'room' || l.room, 'peak', l.size, 'confirmed_at', replay.at(v_ago, l.made))));
		end loop;
		perform b3lb.learn_new_rooms();
	end loop;
end
$$;

create procedure replay.poll(p_second float8) language plpgsql as $$
declare
	a record;
begin
	for a in
		select n.id as node, coalesce(array_agg(v.node_meeting_id) filter (where v.internal_id is not null), '{}') as ids,
			coalesce(array_agg(v.internal_id) filter (where v.internal_id is not null), '{}') as internals,
			coalesce(array_agg(v.people) filter (where v.internal_id is not null), '{}') as att,
			coalesce(array_agg(0) filter (where v.internal_id is not null), '{}') as zeros,
			coalesce(array_agg(true) filter (where v.internal_id is not null), '{}') as run,
			coalesce(array_agg(v.people::text) filter (where v.internal_id is not null), '{}') as fragments,
			coalesce(sum(v.people), 0)::int as attendees, count(v.internal_id)::int as meetings
		from b3lb.node n
		left join (select m.node_id, m.node_meeting_id, m.internal_id, replay.people(l, p_second) as people
			from b3lb.meeting m join replay.lesson l on l.id = m.internal_id::int and l.ends > p_second) v on v.node_id = n.id
		group by n.id
	loop
		perform b3lb.poll_good(a.node, replay.now(), 1, a.meetings, a.attendees, 0, a.ids, a.internals, a.att, a.zeros, a.zeros, a.zeros,
			a.zeros, a.run, a.fragments);
	end loop;
end
$$;

create procedure replay.day(p_variant text, p_poll int) language plpgsql as $$
declare
	l replay.lesson;
	p record;
	v_second int;
begin
	truncate b3lb.meeting, b3lb.meeting_change, b3lb.ended_meeting, b3lb.metric_event, b3lb.placement, b3lb.usage_session;
	update b3lb.node set attendees = 0, meetings = 0, held_meetings = 0, held_attendees = 0, good_started_at = null;
	for v_second in
		select s from generate_series(6 * 3600, 20 * 3600, p_poll) s
		where exists (select from replay.lesson x where x.ago = 0 and x.made < s and x.ends > s - 2 * p_poll)
	loop
		for l in select * from replay.lesson where ago = 0 and made >= v_second - p_poll and made < v_second order by made loop
			perform set_config('replay.clock', replay.at(0, l.made)::text, false);
			select * into p from b3lb.place_create(l.crowd + 1, 'room' || l.room, 'Room', 15, null, null, '{}', null, false, '{}');
			-- A default is the server's clock. A room that is still on from the hour before stays where it is.
			if p.result = 'placed' then
				update b3lb.meeting set created_at = replay.now() where id = p.meeting;
			end if;
			perform b3lb.confirm_meeting(p.meeting, p.node_meeting_id, l.id::text, 0, '');
			insert into replay.placed values (p_variant, l.id, p.node);
		end loop;
		perform set_config('replay.clock', replay.at(0, v_second)::text, false);
		call replay.poll(v_second);
		commit;
	end loop;
end
$$;

set search_path = replay, pg_catalog;
set timezone = 'UTC';
select setseed(0.42) \gset
call replay.learn();
create table replay.hour as select * from b3lb.attendance_hour;
create table replay.due as select * from b3lb.attendance_due;
create table replay.tenant as select * from b3lb.attendance_tenant;
create table replay.room as select * from b3lb.attendance;
create procedure replay.remember(p_hours boolean, p_due boolean) language plpgsql as $$
begin
	truncate b3lb.attendance, b3lb.attendance_hour, b3lb.attendance_due, b3lb.attendance_tenant;
	insert into b3lb.attendance select * from replay.room;
	insert into b3lb.attendance_hour select * from replay.hour where p_hours;
	insert into b3lb.attendance_tenant select * from replay.tenant where p_hours;
	insert into b3lb.attendance_due select * from replay.due where p_due;
	analyze b3lb.attendance;
	analyze b3lb.attendance_hour;
	analyze b3lb.attendance_due;
end
$$;

call replay.remember(true, true);
call replay.day('(c) room kept for those that are due: ours', :poll);
call replay.remember(true, false);
call replay.day('(b) expected holds for ten minutes', :poll);

\if :parts
begin;
select pg_get_functiondef('b3lb.held_attendees'::regproc) as held \gset
create or replace function b3lb.held_attendees(p_expected int, p_attendees int, p_created timestamptz, p_now timestamptz)
returns double precision language sql immutable parallel safe as $$
	select greatest(0, p_expected * (1 - extract(epoch from p_now - p_created)::double precision / 1800) - p_attendees)
$$;
commit;
call replay.remember(false, false);
call replay.day('(a) expected fades at once, no meeting weight', :poll);
update b3lb.cluster set load_m = 30;
call replay.remember(false, false);
call replay.day('ours before (m 30, fades at once)', :poll);
:held;
\endif

copy (select variant, lesson, node from replay.placed) to stdout;
