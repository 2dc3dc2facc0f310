# At 10,000 meetings, 1,000,000 events and 100,000 recordings every statement of a request finds its rows by an index.
load ../harness/harness.bash
load ../harness/recorded.bash

setup_file() {
	h_start 3
	sql "insert into b3lb.tenant (slug, group_id) select 't' || i, (select min(id) from b3lb.cluster_group) from generate_series(1, 1000) i;
		insert into b3lb.secret (tenant_id, sub_id, secret) select id, 0, 's' || id from b3lb.tenant where slug ~ '^t[0-9]';
		insert into b3lb.meeting (tenant_id, secret_id, meeting_id, node_id, node_meeting_id, name, confirmed, confirmed_at, seen, internal_id, fragment)
		select s.tenant_id, s.id, 'm' || i, n.id, 'b3lb-x' || i, 'Name', true, now(), true, 'x' || i, '<meeting/>'
		from generate_series(1, 10000) i join b3lb.secret s on s.secret = 's' || (10 + i % 990) join b3lb.node n on n.slug = 'n1';
		insert into b3lb.ended_meeting (nonce, secret_id, node_id, meeting_id, node_meeting_id, own_params)
		select 'e' || i, m.secret_id, m.node_id, 'e' || i, 'b3lb-e' || i, '{}'
		from generate_series(1, 100000) i join b3lb.meeting m on m.meeting_id = 'm' || (1 + i % 10000);
		insert into b3lb.attendance (secret_id, meeting_id, attendees) select secret_id, meeting_id, 5 from b3lb.ended_meeting;
		insert into b3lb.attendance_due (secret_id, meeting_id, due_at, attendees)
		select secret_id, meeting_id, date_trunc('minute', now()) + (row_number() over () % 10000) * interval '1 minute', 1000 from b3lb.attendance;
		insert into b3lb.attendance_hour (secret_id, meeting_id, weekday, hour, attendees, began_at)
		select secret_id, meeting_id, 1, 8, 5, now() from b3lb.attendance;
		insert into b3lb.placement (secret_id, meeting_id, expected, source, why) select secret_id, meeting_id, 5, 'room', '{}' from b3lb.attendance;
		insert into b3lb.metric_event (tenant, sub_id, name) select 't' || i % 1000, 0, 'joined' from generate_series(1, 1000000) i;
		set session_replication_role = replica;
		insert into b3lb.record_set (tenant_id, secret_id, meeting_id, name, status, record_id, uploaded_at, rendered_at, meeting_sha1, start_time, end_time)
		select s.tenant_id, s.id, 'm' || i, 'Name', 'RENDERED', md5(i::text) || '-1600000000000', now(), now(), md5(i::text), i, i + 1
		from generate_series(1, 100000) i join b3lb.secret s on s.secret = 's' || (10 + i % 990);
		insert into b3lb.record (record_set_id, profile, type, duration_ms, size, mime, extension, storage_key, processing_ms)
		select id, 'video', 'video', 150000, 1000, 'video/mp4', 'mp4', 'k' || id, 1 from b3lb.record_set;
		reset session_replication_role;
		insert into b3lb.text_track (record_set_id, kind, lang, size, storage_key)
		select id, 'subtitles', 'en', 5, 't' || id from b3lb.record_set;
		insert into b3lb.refusal (at, request_id, tenant, sub_id, call, meeting_id, key, message, remote_addr)
		select now() - i * interval '10 s', 'r' || i, 't' || i % 1000, 0, 'join', 'm' || i, 'notFound', '', '::1' from generate_series(1, 100000) i;
		insert into b3lb.meeting_change (secret_id) select id from b3lb.secret, generate_series(1, 20)"
	job meetings 2>/dev/null
	bbb create "meetingID=room&name=Room&moderatorPW=mp"
	recorded acme 0 rec-mine room Lesson >/dev/null
	sql "vacuum analyze"
	printf '%s\n' "session_preload_libraries = 'auto_explain'" "auto_explain.log_min_duration = 0" \
		"auto_explain.log_nested_statements = on" >>"$H/pg/postgresql.conf"
	sql "select pg_reload_conf()" >/dev/null
	h_programs_stop
	h_programs_start
}
teardown_file() { h_stop; }
setup() { begin; }
begin() { mark=$(wc -c <"$H/pg/log"); }

# What a plan read row by row since the test began, of the tables that grow. A number twice: what is prepared gets its own
# plan for the first five times.
scans() {
	sleep 0.2
	tail -c "+$((mark + 1))" "$H/pg/log" >"$BATS_TEST_TMPDIR/log"
	grep -q "Query Text" "$BATS_TEST_TMPDIR/log" || { echo "no plan was logged" >&2; return 1; }
	grep -A40 "Query Text" "$BATS_TEST_TMPDIR/log" |
		grep -E "Seq Scan on (tenant|secret|meeting|meeting_change|meeting_list|metric_event|ended_meeting|attendance|attendance_hour|attendance_due|placement|record_set|record|callback|text_track|refusal) " |
		sort | uniq -c
}
# Seven times, an answer of 200 or 302 each, and no table read from end to end.
by_index() {
	local i
	for ((i = 0; i < 7; i++)); do
		"$@"
		case $status in 200 | 302) ;; *) is "$status" 200 ;; esac
	done
	is "$(scans)" ""
}

@test "create of a new meeting" {
	n=0
	one() { n=$((n + 1)) && bbb create "meetingID=new-$BATS_TEST_NUMBER-$n&name=Room&moderatorPW=mp"; }
	by_index one
	# Of those that are due only those that are larger.
	grep -q "Scan.* attendance_due_by_minute" "$BATS_TEST_TMPDIR/log"
	grep -q "Index Cond: .*due_at.*attendees" "$BATS_TEST_TMPDIR/log"
}
@test "create of a known meeting, by its internal id too" {
	by_index bbb create "meetingID=room&name=Room"
	by_index bbb create "meetingID=$(sql "select internal_id from b3lb.meeting where meeting_id = 'room'")&name=Room"
}
@test "join, by the meeting's internal id too" {
	by_index bbb join "meetingID=room&fullName=A&password=mp"
	by_index bbb join "meetingID=$(sql "select internal_id from b3lb.meeting where meeting_id = 'room'")&fullName=A&password=mp"
}
@test "isMeetingRunning of a known and an unknown meeting" {
	by_index bbb isMeetingRunning "meetingID=room"
	by_index bbb isMeetingRunning "meetingID=nowhere"
}
@test "getMeetingInfo" { by_index bbb getMeetingInfo "meetingID=room"; }
@test "getMeetings, from the list and after a change" {
	by_index bbb getMeetings ""
	one() { bbb create "meetingID=list-$RANDOM-$RANDOM&name=Room" && bbb getMeetings ""; }
	by_index one
}
@test "end" {
	one() { bbb create "meetingID=end&name=Room&moderatorPW=mp" && bbb end "meetingID=end&password=mp"; }
	by_index one
}
@test "a tenant that nobody asked for in this process, by its host name and by a path" {
	n=0
	one() {
		n=$((n + 1))
		id=$(sql "select id from b3lb.tenant where slug = 't$n'")
		ask "t$n.$H_DOMAIN" "$(signed isMeetingRunning "meetingID=x" "s$id")"
	}
	by_index one
}
@test "getRecordings: all, by recordID, by meetingID, by state, a page" {
	by_index bbb getRecordings ""
	by_index bbb getRecordings "recordID=rec-mine"
	by_index bbb getRecordings "meetingID=room"
	by_index bbb getRecordings "state=published&limit=10&offset=0"
}
@test "publishRecordings and updateRecordings" {
	by_index bbb publishRecordings "recordID=rec-mine&publish=true"
	by_index bbb updateRecordings "recordID=rec-mine&meta_x=y"
}
@test "a download" {
	printf 'hello' >"$H/file"
	nonce=$(video rec-mine "$H/file")
	begin
	by_index ask "$H_DOMAIN" "/b3lb/r/$nonce"
}
@test "a node's callback at the end of a meeting" {
	n=0
	one() {
		n=$((n + 1))
		bbb create "meetingID=cb-$n&name=Room"
		ask "$H_DOMAIN" "/b3lb/b/callback/end?nonce=$(sql "select nonce from b3lb.meeting where meeting_id = 'cb-$n'")&meetingID=$(sql "select node_meeting_id from b3lb.meeting where meeting_id = 'cb-$n'")&recordingmarks=false"
	}
	by_index one
}

@test "a call that is refused, and written down" {
	bbb end "meetingID=none"
	bbb end "meetingID=other"
	h_programs_stop
	h_programs_start
	is "$(scans)" ""
	is "$(sql "select count(*) from b3lb.refusal where meeting_id in ('none', 'other')")" 2
}

# The plan that a statement of sql/statements keeps for any parameters.
plan_of() {
	{ echo "set plan_cache_mode = force_generic_plan;" && "$B3LB_BUILD/tests/api/statements" --explain "$1"; } |
		psql -X -A -t -q -v ON_ERROR_STOP=1 -h 127.0.0.1 -p "$H_PG_PORT" -U postgres -d b3lb
}
grows="Seq Scan on b3lb\.(tenant|secret|meeting|meeting_change|meeting_list|ended_meeting|record_set|record) "

@test "each statement that a request runs keeps a plan without a table that is read from end to end" {
	local name
	for name in meeting_find meeting_any meeting_join meeting_find_known meeting_find_to_join meeting_nodes meeting_list_read meeting_list_read_known \
		placement_place asset_read asset_read_of metric_reader; do
		plan_of "$name" >"$BATS_TEST_TMPDIR/plan"
		grep -q "cost=" "$BATS_TEST_TMPDIR/plan"
		if grep -E "$grows" "$BATS_TEST_TMPDIR/plan"; then
			echo "$name:"
			cat "$BATS_TEST_TMPDIR/plan"
			return 1
		fi
	done
}
# How often a statement was planned for its parameters, of twenty times: planned NAME PARAMETERS
planned() {
	{
		"$B3LB_BUILD/tests/api/statements" --explain "$1" | sed '/^explain/,$d'
		for ((i = 0; i < 20; i++)); do echo "execute $1($2) \\g /dev/null"; done
		echo "select custom_plans from pg_prepared_statements where name = '$1';"
	} | psql -X -A -t -q -v ON_ERROR_STOP=1 -h 127.0.0.1 -p "$H_PG_PORT" -U postgres -d b3lb
}

@test "a statement for many requests is not planned anew for each one that comes alone" {
	is "$(planned meeting_any "'{1}', '{1}', '{none}'")" 5
	is "$(planned meeting_join "'{1}', '{1}', '{none}', '{x}', '{0}'")" 5
}

@test "the load formula is in the plan, not a call of it" {
	plan_of node_list >"$BATS_TEST_TMPDIR/plan"
	grep -qF "c.load_a *" "$BATS_TEST_TMPDIR/plan"
	is "$(grep -c node_load "$BATS_TEST_TMPDIR/plan")" 0
}
