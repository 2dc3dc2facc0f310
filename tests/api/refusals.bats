# What the API refused is kept with its reason, and nobody can fill the table.
load ../harness/harness.bash
setup_file() { h_start 2 "admin_token = the-admin-token"; }
teardown_file() { h_stop; }
setup() { h_reset && flush && sql "truncate b3lb.refusal, b3lb.metric_event, b3lb.metric"; }
# What processes have noted is written down at their end.
flush() { h_programs_stop && h_programs_start; }
kept() { sql "select concat_ws(' ', tenant, sub_id, call, coalesce(meeting_id, '-'), coalesce(node, '-'), key, repeated) from b3lb.refusal where key <> 'retried' order by id"; }
request_id() { header Request-Id; }

@test "each reason with its call, tenant, meeting, message, sender and request id" {
	bbb join "meetingID=none&fullName=Me&role=VIEWER"
	id=$(request_id)
	bbb create "meetingID=abc&name=Test" wrong-secret
	acme5 create "meetingID=a&name=Test"
	beta end "meetingID=nowhere&password=x"
	bbb noSuchCall ""
	sql "update b3lb.tenant set meeting_limit = 1 where slug = 'acme'"
	bbb create "meetingID=first&name=Test"
	bbb create "meetingID=second&name=Test"
	answers 403 FAILED maxMeetingsReached
	flush
	is "$(kept)" "acme 0 join none - notFound 0
acme 0 create abc - checksumError 0
acme 5 create a - invalidParameters 0
beta 0 end nowhere - notFound 0
acme 0 unknown - - unsupportedRequest 0
acme 0 create second - maxMeetingsReached 0"
	is "$(sql "select request_id || ' ' || remote_addr || ' ' || message from b3lb.refusal order by id limit 1")" "$id 127.0.0.1 A meeting with that ID does not exist"
	is "$(sql "select count(*) from b3lb.refusal where at between now() - interval '1 minute' and now()")" 6
	is "$(sql "select count(*) from b3lb.refusal r where r::text ~* '[0-9a-f]{40}|checksum='")" 0
}

@test "what goes well is not kept, nor that a meeting does not run when that was asked" {
	bbb getMeetingInfo "meetingID=none"
	answers 200 FAILED notFound
	bbb isMeetingRunning "meetingID=none"
	bbb create "meetingID=abc&name=Test"
	bbb join "meetingID=abc&fullName=Me&role=VIEWER"
	bbb getMeetings ""
	flush
	is "$(kept)" ""
	is "$(sql "select count(*) from b3lb.metric_event where name = 'refused'")" 0
}

@test "the same again within a minute is counted, in one process and from another, and a row of its own after that" {
	for i in 1 2 3; do bbb join "meetingID=none&fullName=Me&role=VIEWER"; done
	flush
	bbb join "meetingID=none&fullName=Me&role=VIEWER"
	bbb join "meetingID=other&fullName=Me&role=VIEWER"
	flush
	is "$(kept)" "acme 0 join none - notFound 3
acme 0 join other - notFound 0"
	sql "update b3lb.refusal set at = at - interval '2 minutes'"
	bbb join "meetingID=none&fullName=Me&role=VIEWER"
	flush
	is "$(kept | head -2 | tail -1) $(kept | wc -l)" "acme 0 join other - notFound 0 3"
}

@test "a wrong checksum is one row a call and minute, whatever stands beside it; twenty rows a minute and tenant, the rest is counted" {
	for i in $(seq 10); do bbb create "meetingID=guess$i&name=Test" wrong-secret; done
	for i in $(seq 30); do bbb join "meetingID=none$i&fullName=Me&role=VIEWER"; done
	beta join "meetingID=none&fullName=Me&role=VIEWER"
	flush
	is "$(sql "select string_agg(tenant || ' ' || key || ' ' || n || ' ' || again, ', ' order by tenant, key) from (select tenant, key, count(*) as n, sum(repeated) as again from b3lb.refusal group by 1, 2) x")" \
		"acme checksumError 1 9, acme notFound 19 0, beta notFound 1 0"
	job rollup 2>/dev/null
	is "$(curl -fsS -H "Host: $H_DOMAIN" "http://127.0.0.1:$H_PORT/b3lb/metrics?token=the-admin-token" | sed -n 's/^b3lb_requests_refused_total{tenant="ACME"} //p')" 40
}

@test "who has no secret takes five rows a minute, and thirty of what a process notes: the tenant's own are seen" {
	for call in create join isMeetingRunning getMeetingInfo getMeetings getSessions end sendChatMessage getRecordings publishRecordings deleteRecordings \
		updateRecordings getRecordingTextTracks hooks/create hooks/list hooks/destroy noSuchCall insertDocument; do
		printf 'url = "http://127.0.0.1:%s/bigbluebutton/api/%s?checksum=%040d"\n' "$H_PORT" "$call" 0
	done >"$BATS_TEST_TMPDIR/curlrc"
	for host in acme beta acme-5 beta-5; do
		for method in GET PUT; do curl -sS -X $method -H "Host: $host.$H_DOMAIN" -K "$BATS_TEST_TMPDIR/curlrc" >/dev/null; done
	done
	ask "acme.$H_DOMAIN" "/bigbluebutton/api/create" -H "Content-Type: multipart/form-data; boundary=b" --data-binary "nothing"
	answers 400 FAILED invalidParameters
	bbb join "meetingID=none&fullName=Me&role=VIEWER"
	flush
	is "$(sql "select count(*) filter (where stranger) || ' ' || count(*) filter (where key = 'notFound') || ' ' || count(*) from b3lb.refusal where tenant = 'acme'")" "5 1 6"
	# As a program says it that is not upgraded yet.
	sql "select b3lb.add_refusals('{0}', '{1}', '{r}', '{acme}', '{0}', '{join}', '{null}', '{null}', '{limits}', '{x}', '{::1}')"
	is "$(sql "select key || ' ' || stranger from b3lb.refusal where request_id = 'r'")" "limits false"
}

@test "more than a hundred between two flushes: a hundred are kept by the process" {
	sed 's/^/url = "/; s/$/"/' <(for i in $(seq 150); do echo "http://127.0.0.1:$H_PORT$(signed join "meetingID=none$i&fullName=Me&role=VIEWER")"; done) >"$BATS_TEST_TMPDIR/curlrc"
	curl -sS -o /dev/null -H "Host: acme.$H_DOMAIN" -K "$BATS_TEST_TMPDIR/curlrc" >/dev/null
	flush
	[ "$(sql "select sum(value) from b3lb.metric_event where name = 'refused'")" -ge 100 ]
	[ "$(sql "select count(*) from b3lb.refusal")" -le 40 ]
}

@test "who names no tenant of ours is counted, not listed" {
	for t in nobody acme-77 other; do ask "$t.$H_DOMAIN" "$(signed create "meetingID=abc&name=Test")"; done
	ask "$H_DOMAIN" "/bigbluebutton/api/create?meetingID=x"
	flush
	is "$(kept)" ""
	[ "$(sql "select sum(value) from b3lb.metric_event where name = 'refused' and tenant = ''")" -ge 3 ]
}

@test "texts of strangers: no UTF-8, control characters, quotes, what is long" {
	long=$(printf 'm%.0s' $(seq 400))
	ask "acme.$H_DOMAIN" "/bigbluebutton/api/create?meetingID=%ff%01%22%5c%7b,x&name=a&checksum=0000000000000000000000000000000000000000"
	ask "acme.$H_DOMAIN" "/bigbluebutton/api/join?meetingID=$long&fullName=a&checksum=0000000000000000000000000000000000000000"
	flush
	is "$(sql "select call || ' ' || key || ' ' || length(meeting_id) || ' ' || (meeting_id ~ '[[:cntrl:]]') from b3lb.refusal order by id")" "create checksumError 6 false
join checksumError 256 false"
}

@test "a node that fails: why another one was asked, and that none was left; what a node itself refuses" {
	sim n1/behave mode=status500 calls=create
	sim n2/behave mode=status500 calls=create
	bbb create "meetingID=abc&name=Test"
	is "$(x /response/messageKey)" noNodesAvailable
	flush
	is "$(sql "select string_agg(key || ' ' || message, ', ' order by key, node) from b3lb.refusal where key = 'retried'")" "retried HTTP status 500, retried HTTP status 500"
	is "$(sql "select count(distinct node) from b3lb.refusal where key = 'retried'")" 2
	is "$(kept | cut -d' ' -f1-4,6)" "acme 0 create abc noNodesAvailable"
	is "$(sql "select sum(value) from b3lb.metric_event where name = 'refused'")" 1
	sim n1/behave mode=failed calls=create
	sim n2/behave mode=failed calls=create
	bbb create "meetingID=def&name=Test"
	is "$(x /response/returncode)" FAILED
	key=$(x /response/messageKey)
	flush
	is "$(kept | tail -1 | cut -d' ' -f1-4,6)" "acme 0 create def $key"
}

@test "a database that is away: what could not be written down then is when it is back" {
	bbb join "meetingID=none&fullName=Me&role=VIEWER"
	bbb join "meetingID=other&fullName=Me&role=VIEWER"
	h_pg_down fast
	tried() { grep -q refusals_late "$H/api.log"; }
	h_wait tried
	bbb join "meetingID=other&fullName=Me&role=VIEWER"
	is "$status" 503
	h_pg_up
	written() { is "$(kept | tail -1)" "acme 0 join other - notFound 0"; }
	h_wait written
	is "$(sql "select sum(value) from b3lb.metric_event where name = 'refused' and tenant = ''")" 1
}

@test "an idle process writes down what it noted within seconds" {
	bbb join "meetingID=none&fullName=Me&role=VIEWER"
	bbb join "meetingID=other&fullName=Me&role=VIEWER"
	written() { [ "$(sql "select count(*) from b3lb.refusal")" = 2 ]; }
	h_wait written
}

@test "two weeks are kept, and 200,000 rows" {
	sql "insert into b3lb.refusal (at, request_id, tenant, sub_id, call, key, message, remote_addr)
			select now() - interval '15 days' + i * interval '2 days', 'x', 'acme', 0, 'join', 'notFound', '', '::1' from generate_series(0, 1) i"
	job rollup 2>/dev/null
	is "$(sql "select count(*) from b3lb.refusal")" 1
	sql "insert into b3lb.refusal (at, request_id, tenant, sub_id, call, key, message, remote_addr)
			select now(), 'y', 'acme', 0, 'join', 'notFound', '', '::1' from generate_series(1, 200001)"
	job rollup 2>/dev/null
	is "$(sql "select count(*) || ' ' || min(request_id) from b3lb.refusal")" "200000 y"
}
