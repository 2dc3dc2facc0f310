# What many requests ask at the same time goes to the database together: each gets its own answer, whatever the others are.
load ../harness/harness.bash
load ../harness/session.bash
bats_require_minimum_version 1.5.0
setup_file() { h_start 2 "database_timeout = 4s"; }
teardown_file() { h_stop; }
setup() { h_reset; }

waits() { [ "$(sql "select count(*) from pg_stat_activity where wait_event_type = 'Lock'")" -gt 0 ]; }
# For a moment the process asks a database that stood still by one thread only.
comes_in() { bbb join "meetingID=abc&fullName=Me&role=VIEWER" && [ "$status" = 302 ]; }
# An answer's status and where it leads: ask_aside FILE CALL QUERY
ask_aside() {
	curl -sS -o "$1.body" -w '%{http_code} %{redirect_url}' -H "Host: acme.$H_DOMAIN" "http://127.0.0.1:$H_PORT$(signed "$2" "$3")" >"$1" &
}

@test "joins that come together: each its own meeting, each counted once, those without one refused" {
	local names=(plain 'a"b' 'c\d' '{x}' NULL 'ä€' "it's" '%%' "\\\\N") i n=0
	for i in "${names[@]}"; do
		bbb create "meetingID=$(enc "$i")&name=Name"
		answers 200 SUCCESS
	done
	# Known to the process, as tenants mostly are.
	ask_aside "$BATS_TEST_TMPDIR/first" join "meetingID=plain&fullName=Me&role=VIEWER"
	wait $!
	job rollup
	session_open
	session "begin; lock table b3lb.metric_event"
	for i in "${names[@]}" none; do
		ask_aside "$BATS_TEST_TMPDIR/$n" join "meetingID=$(enc "$i")&fullName=N$n&role=VIEWER"
		n=$((n + 1))
	done
	h_wait waits
	# The others have come by then: they begin within this second.
	sleep 1
	session rollback
	session_close
	wait
	for ((i = 0; i < ${#names[@]}; i++)); do
		[[ "$(<"$BATS_TEST_TMPDIR/$i")" == "302 "*"fullName=N$i"* ]]
		[[ "$(<"$BATS_TEST_TMPDIR/$i")" == *"meetingID=$(sql "select node_meeting_id from b3lb.meeting where meeting_id = \$x\$${names[i]}\$x\$")&"* ]]
	done
	is "$(cut -c1-4 "$BATS_TEST_TMPDIR/${#names[@]}")" "404 "
	is "$(sql "select sum(value)::int from b3lb.metric_event where name = 'joined'")" "${#names[@]}"
	# The first one came alone, and those that waited for it went in one transaction.
	[ "$(sql "select count(distinct xmin::text) from b3lb.metric_event where name = 'joined'")" -lt "${#names[@]}" ]
}

@test "a table that stands still is waited for no longer by many than by two, nobody is counted, and what comes behind it is answered" {
	bbb create "meetingID=abc&name=Name"
	ask_aside "$BATS_TEST_TMPDIR/first" join "meetingID=abc&fullName=Me&role=VIEWER"
	wait $!
	job rollup
	session_open
	session "begin; lock table b3lb.metric_event"
	for ((i = 0; i < 12; i++)); do ask_aside "$BATS_TEST_TMPDIR/$i" join "meetingID=abc&fullName=Me&role=VIEWER"; done
	for ((i = 0; i < 12; i++)); do h_wait test -s "$BATS_TEST_TMPDIR/$i"; done
	# While the table still is locked; what the server was asked is given up a moment later.
	sleep 1
	for ((i = 0; i < 12; i++)); do is "$(cut -c1-4 "$BATS_TEST_TMPDIR/$i")" "503 "; done
	session rollback
	session_close
	h_wait comes_in
	is "$(sql "select sum(value)::int from b3lb.metric_event where name = 'joined'")" 1
}

@test "questions for meetings that come together: each is told of its own" {
	bbb create "meetingID=abc&name=Name"
	sim "$(sql "select slug from b3lb.node n join b3lb.meeting m on m.node_id = n.id")/users" "meetingID=$(sql "select node_meeting_id from b3lb.meeting")" participants=1 >/dev/null
	bbb isMeetingRunning "meetingID=abc"
	is "$(x //running)" true
	session_open
	session "begin; lock table b3lb.tenant_version"
	for ((i = 0; i < 10; i++)); do ask_aside "$BATS_TEST_TMPDIR/$i" isMeetingRunning "meetingID=$([ $((i % 3)) = 0 ] && echo abc || echo "none$i")"; done
	h_wait waits
	sleep 0.5
	session rollback
	session_close
	wait
	for ((i = 0; i < 10; i++)); do
		is "$(cut -c1-3 "$BATS_TEST_TMPDIR/$i")" 200
		grep -q "<running>$([ $((i % 3)) = 0 ] && echo true || echo false)</running>" "$BATS_TEST_TMPDIR/$i.body"
	done
}

# Of the statement NAME: its rows for these parameters.
executed() {
	{ "$B3LB_BUILD/tests/api/statements" --explain "$1" | sed '/^explain/,$d' && echo "execute $1($2);"; } |
		psql -X -q -A -t -v ON_ERROR_STOP=1 -h 127.0.0.1 -p "$H_PG_PORT" -U postgres -d b3lb | paste -sd' '
}

@test "each place of a statement has its own answer" {
	bbb create "meetingID=abc&name=Name"
	v=$(sql "select version from b3lb.tenant_version")
	read -r t s <<<"$(sql "select tenant_id || ' ' || secret_id from b3lb.meeting")"
	is "$(executed meeting_any "'{$v,$v,$((v + 1)),$v}', '{$t,$t,$t,0}', '{none,abc,abc,abc}'")" "1|f 2|t 4|f"
	before=$(sql "select count(*) from b3lb.metric_event")
	is "$(executed meeting_join "'{$v,$v,$((v + 1)),$v}', '{0,$s,$s,$s}', '{abc,abc,abc,abc}', '{x,acme,acme,acme}', '{0,0,0,0}'" | sed 's/|b3lb-[^ ]*//g')" \
		"2|$(sql "select node_id from b3lb.meeting") 4|$(sql "select node_id from b3lb.meeting")"
	is "$(($(sql "select count(*) from b3lb.metric_event") - before))" 2
	sql "update b3lb.node set online = false"
	is "$(executed meeting_join "'{$v}', '{$s}', '{abc}', '{acme}', '{0}'")" ""
	sql "update b3lb.node set online = true"
	n=$(sql "select min(id) from b3lb.node")
	is "$(executed hook_take "'{$n,$n,$n}', '{$v,$((v + 1)),$v}', array['[{\"data\":{\"id\":\"a\"}}]', '[{\"data\":{\"id\":\"a\"}}]', 'x'], '{}', '{}', 'x'")" "1|0 2|-2 3|-1"
}
