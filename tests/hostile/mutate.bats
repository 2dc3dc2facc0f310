# Every call with odd parameters, rightly signed: no answer is broken, none is an internal error. B3LB_SEED and B3LB_COUNT
# say which and how many.
load ../harness/harness.bash
load ../harness/recorded.bash
setup_file() {
	h_start 2
	h_front_stop
	mkdir -p -m 777 "$H/recordings"
	h_conf "record_path = $H/recordings"
	h_front_start
	echo x >"$H/video"
	recorded acme 0 abc-1 abc "A lesson"
	video abc-1 "$H/video" >/dev/null
}
teardown_file() { h_stop; }

@test "every answer is one of the contract" {
	local pid
	pid=$(cat "$H/api.pid")
	bbb create "meetingID=abc&name=Name&record=true"
	run "$B3LB_SOURCE/tests/hostile/mutate" "$H_PORT" "acme.$H_DOMAIN" "$ACME_SECRET" "${B3LB_SEED:-1}" "${B3LB_COUNT:-1500}"
	[ "$status" = 0 ] || { echo "$output"; return 1; }
	# It came past the checks: nodes were asked, and said all that they say.
	for key in notFound invalidParameters duplicateWarning sentEndMeetingRequest noRecordings; do [[ "$output" == *" $key"* ]]; done
	is "$(cat "$H/api.pid")" "$pid"
	kill -0 "$pid"
	! grep -q event=failure "$H/api.log" || false
}

@test "the jobs take what is left of it" {
	for j in poll meetings rollup callbacks cleanup; do
		[ ! -x "$B3LB_PREFIX/libexec/b3lb/b3lb-$j" ] || run -0 job "$j"
	done
	is "$(sql 'select count(*) from b3lb.node where online and failures = 0')" 2
	beta create "meetingID=abc&name=Name"
	answers 200 SUCCESS
	bbb getMeetings ""
	answers 200 SUCCESS
	xmllint --noout - <<<"$output"
	bbb getRecordings "state=any"
	answers 200 SUCCESS
	xmllint --noout - <<<"$output"
}
