# Curves: a sample every five minutes, a row for each hour that is over, and what is old goes.
load ../harness/harness.bash
setup_file() { h_start 2; }
teardown_file() { h_stop; }
setup() {
	h_reset
	sql "truncate b3lb.total_sample, b3lb.node_sample, b3lb.secret_sample, b3lb.load_hour"
	cp "$H/b3lb.conf" "$H/days.conf"
}
with_days() { echo "history_days = $1" >>"$H/days.conf" && "$B3LB_PREFIX/libexec/b3lb/b3lb-rollup" --config "$H/days.conf" 2>/dev/null; }
rows() { sql "select (select count(*) from b3lb.total_sample) || ' ' || (select count(*) from b3lb.node_sample) || ' ' || (select count(*) from b3lb.secret_sample) || ' ' || (select count(*) from b3lb.load_hour)"; }
# What was sampled lies so far back.
shift_back() { sql "update b3lb.total_sample set at = at - interval '$1'; update b3lb.node_sample set at = at - interval '$1'; update b3lb.secret_sample set at = at - interval '$1'"; }

@test "one sample for five minutes, of everything, each node, and each secret with a meeting, whoever runs how often" {
	bbb create "meetingID=abc&name=Test"
	acme5 create "meetingID=def&name=Test"
	sql "update b3lb.meeting set attendees = 7, listeners = 3, voices = 2, videos = 1; update b3lb.node set cpu = 4000 where slug = 'n1'; update b3lb.node set state = 'maintenance' where slug = 'n2'"
	for i in 1 2 3; do job rollup 2>/dev/null & done 3>&-
	wait
	# A moment may have begun meanwhile.
	sql "delete from b3lb.total_sample where at < (select max(at) from b3lb.total_sample); delete from b3lb.node_sample where at < (select max(at) from b3lb.node_sample); delete from b3lb.secret_sample where at < (select max(at) from b3lb.secret_sample)"
	is "$(rows)" "1 2 2 0"
	is "$(sql "select extract(epoch from at)::int % 300 || ' ' || (now() - at < interval '6 minutes') from b3lb.total_sample")" "0 true"
	is "$(sql "select concat_ws(' ', meetings, attendees, listeners, voices, videos, cpu, nodes, online) from b3lb.total_sample")" "2 14 6 4 2 4000 2 1"
	is "$(sql "select string_agg(n.slug || ' ' || (s.load = -1) || ' ' || s.online, ', ' order by n.slug) from b3lb.node_sample s join b3lb.node n on n.id = s.node_id")" "n1 false true, n2 true true"
	is "$(sql "select string_agg(q.sub_id || ' ' || s.attendees, ', ' order by q.sub_id) from b3lb.secret_sample s join b3lb.secret q on q.id = s.secret_id")" "0 7, 5 7"
}

@test "a moment at which nothing goes on is a figure, one at which nobody looked is none" {
	sql "update b3lb.node set online = false"
	job rollup 2>/dev/null
	is "$(sql "select meetings || ' ' || coalesce(load::text, 'unknown') || ' ' || online from b3lb.total_sample")" "0 unknown 0"
	is "$(sql "select count(*) from b3lb.secret_sample")" 0
}

# Two moments of an hour that is over, three hours ago.
hour_of_yore() {
	sql "insert into b3lb.total_sample select at, 5, 20, 1, 2, 3, 10, 1000, 2, 1 from (select b3lb.step_of(now(), 3600) - interval '3 hours' as at) x;
		insert into b3lb.total_sample select at + interval '5 minutes', 4, 40, 1, 2, 3, 30, 3000, 1, 0.5 from b3lb.total_sample;
		insert into b3lb.secret_sample select s.id, t.at, 1, case when s.sub_id = 0 then 15 else extract(minute from t.at) end, 0, 1, 2
		from b3lb.secret s join b3lb.tenant n on n.id = s.tenant_id, b3lb.total_sample t where n.slug = 'acme';
		insert into b3lb.node_sample select n.id, t.at, 2, 9, 1200, 33, t.nodes = 2 from b3lb.node n, b3lb.total_sample t where n.slug = 'n1'"
}

@test "an hour: the most at one moment of all, of tenants and of secrets, where maxima do not add up; minutes; what nodes were" {
	hour_of_yore
	sql "update b3lb.secret_sample s set attendees = case when extract(minute from s.at) = 0 then 5 else 1 end where secret_id = (select s.id from b3lb.secret s join b3lb.tenant t on t.id = s.tenant_id where t.slug = 'acme' and s.sub_id = 5);
		update b3lb.secret_sample s set attendees = case when extract(minute from s.at) = 0 then 10 else 12 end where secret_id = (select s.id from b3lb.secret s join b3lb.tenant t on t.id = s.tenant_id where t.slug = 'acme' and s.sub_id = 0)"
	job rollup 2>/dev/null
	hours="select string_agg(concat_ws(' ', '[' || scope || ']', meetings, attendees, voices, videos, load, cpu, online, attendee_minutes), ', ' order by scope collate \"C\") from b3lb.load_hour"
	want="[] 5 40 2 3 30 3000 0.75 300, [acme] 2 15 2 4 140, [acme-0] 1 12 1 2 110, [acme-5] 1 5 1 2 30, [node:n1] 2 9 0 0 33 1200 0.5 90"
	is "$(sql "$hours")" "$want"
	is "$(sql "select string_agg(distinct extract(epoch from at)::int % 3600 || '', ' ') from b3lb.load_hour")" 0
	# Once more changes nothing, killed or not.
	sql "delete from b3lb.total_sample where at = b3lb.step_of(now(), 300)"
	job rollup 2>/dev/null
	is "$(sql "$hours")" "$want"
}

@test "hours that nobody summed up while the job stood still are summed up later; the one that runs waits for its end" {
	hour_of_yore
	sql "insert into b3lb.total_sample select at + interval '1 hour', meetings, attendees, 0, 0, 0, null, null, 1, 1 from b3lb.total_sample;
		insert into b3lb.total_sample select b3lb.step_of(now(), 3600) - interval '1 second', 1, 1, 0, 0, 0, null, null, 1, 1"
	with_days 400
	is "$(sql "select count(*) from b3lb.load_hour where scope = ''")" 3
	is "$(sql "select count(*) from b3lb.load_hour where at = b3lb.step_of(now(), 3600)")" 0
}

@test "a session's time zone moves no hour: half an hour from Greenwich, and summer time" {
	sql "alter database b3lb set timezone = 'Asia/Kolkata'"
	hour_of_yore
	job rollup 2>/dev/null
	sql "alter database b3lb reset timezone"
	is "$(sql "select count(*) || ' ' || min(extract(epoch from at)::int % 3600) from b3lb.load_hour where scope = ''")" "1 0"
	is "$(sql "select b3lb.step_of('2026-10-25 00:30Z', 3600) < b3lb.step_of('2026-10-25 01:30Z', 3600)")" t
}

@test "a clock that was ahead is no reason to take no samples now" {
	sql "insert into b3lb.total_sample select b3lb.step_of(now(), 300) + interval '1 year', 5, 20, 1, 2, 3, 10, 1000, 2, 1"
	job rollup 2>/dev/null
	is "$(sql "select count(*) from b3lb.total_sample where at <= now()")" 1
}

@test "samples go after eight days, hours after history_days; 0 keeps nothing and takes none" {
	job rollup 2>/dev/null
	shift_back "8 days 5 minutes"
	sql "insert into b3lb.load_hour (scope, at, meetings, attendees, voices, videos, attendee_minutes) select 'x', now() - i * interval '1 day', 1, 1, 1, 1, 1 from generate_series(0, 500, 100) i"
	with_days 250
	is "$(sql "select string_agg(round(extract(epoch from now() - at) / 86400)::text, ' ' order by at desc) from b3lb.load_hour where scope = 'x'")" "0 100 200"
	is "$(sql "select count(*) from b3lb.total_sample where at < now() - interval '8 days'") $(sql "select count(*) from b3lb.node_sample where at < now() - interval '8 days'")" "0 0"
	is "$(sql "select count(*) from b3lb.node_sample")" 2
	with_days 0
	is "$(rows)" "0 0 0 0"
	with_days 0
	is "$(rows)" "0 0 0 0"
}

@test "what is old is found without reading what is kept" {
	sql "insert into b3lb.node (slug, cluster_id, secret) select 'x' || i, (select min(id) from b3lb.cluster), 's' from generate_series(1, 100) i;
		insert into b3lb.node_sample select n.id, now() - i * interval '5 minutes', 1, 1, 1, 1, true from b3lb.node n, generate_series(1, 1000) i;
		insert into b3lb.secret_sample select s.id, now() - i * interval '5 minutes', 1, 1, 1, 1, 1 from b3lb.secret s, generate_series(1, 20000) i;
		insert into b3lb.load_hour (scope, at, meetings, attendees, voices, videos, attendee_minutes) select 'node:x' || n, now() - i * interval '1 hour', 1, 1, 1, 1, 1 from generate_series(2000, 1, -1) i, generate_series(1, 100) n;
		analyze b3lb.node_sample, b3lb.secret_sample, b3lb.load_hour"
	sql "load 'auto_explain'; set auto_explain.log_min_duration = 0; set auto_explain.log_nested_statements = on; set client_min_messages = log; select b3lb.prune_history(400)" 2>"$BATS_TEST_TMPDIR/plan" >/dev/null
	grep -q "Bitmap Heap Scan on load_hour\|Index Scan" "$BATS_TEST_TMPDIR/plan"
	run grep -E "Seq Scan on (node_sample|secret_sample|load_hour)" "$BATS_TEST_TMPDIR/plan"
	is "$status" 1
	sql "delete from b3lb.node where slug like 'x%'"
}
