# How the FastCGI programs start, stop and survive.
load ../harness/harness.bash
setup_file() { h_start 3; }
teardown_file() { h_stop; }
setup() {
	h_reset
	kill -0 "$(cat "$H/api.pid" 2>/dev/null)" 2>/dev/null || { h_programs_stop; h_programs_start; }
}
api=libexec/b3lb/b3lb-api

@test "SIGTERM under load: every request in flight is answered, exit 0" {
	h_programs_stop
	for n in n1 n2 n3; do sim "$n/behave" mode=slow ms=1200 calls=create; done
	rm -f "$H/run/api.sock"
	"$B3LB_PREFIX/$api" --config "$H/b3lb.conf" --listen "$H/run/api.sock" 2>"$H/term.log" 3>&- 4>&- & pid=$!
	h_wait test -S "$H/run/api.sock"
	chmod 666 "$H/run/api.sock"
	for i in 1 2 3 4 5 6 7 8; do
		curl -sS -m 20 -H "Host: acme.$H_DOMAIN" "http://127.0.0.1:$H_PORT$(signed create "meetingID=m$i&name=Name")" >"$BATS_TEST_TMPDIR/$i" &
	done
	h_wait bash -c "[ \$(psql -X -A -t -q -h 127.0.0.1 -p $H_PG_PORT -U postgres -d b3lb -c 'select count(*) from b3lb.meeting') = 8 ]"
	kill -TERM $pid
	wait $pid
	is "$?" 0
	h_wait bash -c "[ \$(grep -l SUCCESS $BATS_TEST_TMPDIR/? | wc -l) = 8 ]"
	is "$(sql 'select count(*) from b3lb.meeting where confirmed')" 8
}

@test "kill -9 of the program: the next request after its restart is right" {
	bbb create "meetingID=abc&name=Test"
	h_kill api KILL
	h_programs_start
	h_wait bash -c "curl -fsS -H 'Host: acme.$H_DOMAIN' http://127.0.0.1:$H_PORT/bigbluebutton/api"
	bbb getMeetings ""
	is "$(x /response/meetings/meeting/meetingID)" abc
}

@test "kill -9 in the middle of a create: a repeated create makes one meeting" {
	for n in n1 n2 n3; do sim "$n/behave" mode=slow ms=1500 calls=create; done
	curl -sS -m 20 -H "Host: acme.$H_DOMAIN" "http://127.0.0.1:$H_PORT$(signed create "meetingID=abc&name=Name")" >/dev/null 2>&1 &
	h_wait bash -c "[ \$(psql -X -A -t -q -h 127.0.0.1 -p $H_PG_PORT -U postgres -d b3lb -c 'select count(*) from b3lb.meeting') = 1 ]"
	h_kill api KILL
	wait || true
	for n in n1 n2 n3; do sim "$n/behave" mode=normal; done
	h_programs_start
	h_wait bash -c "curl -fsS -H 'Host: acme.$H_DOMAIN' http://127.0.0.1:$H_PORT/bigbluebutton/api"
	bbb create "meetingID=abc&name=Name"
	answers 200 SUCCESS
	is "$(sql 'select count(*) from b3lb.meeting where confirmed')" 1
	bbb getMeetingInfo "meetingID=abc"
	answers 200 SUCCESS
}

@test "the database stopped: 503 with Retry-After; back: the next request is right" {
	h_pg_down fast
	bbb getMeetings ""
	answers 503 FAILED internalError
	[ -n "$(header retry-after)" ]
	[[ "$output" != *127.0.0.1* ]]
	h_pg_up
	sleep 0.5
	bbb getMeetings ""
	answers 200 SUCCESS
}

@test "plain CGI: one request from the environment" {
	q="meetingID=abc"
	run -0 env -i B3LB_CONFIG="$H/b3lb.conf" REQUEST_METHOD=GET HTTP_HOST="acme.$H_DOMAIN" REMOTE_ADDR=127.0.0.1 \
		REQUEST_URI="/bigbluebutton/api/isMeetingRunning?$q&checksum=$(checksum isMeetingRunning "$q" "$ACME_SECRET")" \
		"$B3LB_PREFIX/$api"
	[[ "$output" == *"<running>false</running>"* ]]
	[[ "$output" == *"Status: 200"* ]]
}

@test "an inherited socket on fd 0, as spawn-fcgi and lighttpd give it" {
	spawn-fcgi -n -s "$H/run/fd0.sock" -M 0666 -- "$B3LB_PREFIX/$api" --config "$H/b3lb.conf" >"$H/fd0.log" 2>&1 3>&- 4>&- & pid=$!
	h_wait test -S "$H/run/fd0.sock"
	run -0 env -i REQUEST_METHOD=GET HTTP_HOST="acme.$H_DOMAIN" REQUEST_URI=/bigbluebutton/api cgi-fcgi -bind -connect "$H/run/fd0.sock"
	[[ "$output" == *"<version>2.0</version>"* ]]
	kill -TERM $pid
	wait $pid
}

@test "without a socket and without a request: a clear message, exit 2" {
	run env -i B3LB_CONFIG="$H/b3lb.conf" "$B3LB_PREFIX/$api" </dev/null
	is "$status" 2
	[[ "$output" == *--listen* ]]
}

@test "the directory of a socket is made when it is missing; a second program does not take the socket of a running one" {
	"$B3LB_PREFIX/$api" --config "$H/b3lb.conf" --listen "$H/run/new/er/api.sock" 2>"$H/new.log" 3>&- 4>&- & pid=$!
	h_wait test -S "$H/run/new/er/api.sock"
	kill -TERM $pid
	wait $pid
	run "$B3LB_PREFIX/$api" --config "$H/b3lb.conf" --listen "$H/b3lb.conf/api.sock"
	is "$status" 2
	[[ "$output" == *"could not listen on"* ]]
	run "$B3LB_PREFIX/$api" --config "$H/b3lb.conf" --listen "$H/run/api.sock"
	is "$status" 2
	[[ "$output" == *"another process"* ]]
	bbb getMeetings ""
	answers 200 SUCCESS
}

@test "configuration errors name file, line, key and rule" {
	printf 'api_base_domain = x.test\n\nthreads = many\n' >"$H/bad.conf"
	run "$B3LB_PREFIX/$api" --config "$H/bad.conf"
	is "$status" 2
	[[ "$output" == *"bad.conf line 3: threads must be a whole number from 1 to 1000"* ]]
	printf 'nonsense = 1\n' >"$H/bad.conf"
	run "$B3LB_PREFIX/$api" --config "$H/bad.conf"
	[[ "$output" == *"line 1: unknown key 'nonsense'"* ]]
	printf '#\n' >"$H/bad.conf"
	run "$B3LB_PREFIX/$api" --config "$H/bad.conf"
	[[ "$output" == *"required key api_base_domain"* ]]
}

@test "secrets, passwords and checksums are in no log" {
	bbb create "meetingID=abc&name=Test&moderatorPW=hush-moderator&attendeePW=hush-attendee"
	bbb join "meetingID=abc&fullName=Me&password=hush-moderator"
	sim n1/behave mode=rubbish
	sim n2/behave mode=rubbish
	sim n3/behave mode=rubbish
	bbb getMeetingInfo "meetingID=abc"
	bbb create "meetingID=def&name=Test&moderatorPW=hush-moderator"
	bbb getMeetings "" wrong-secret
	job poll --verbose 2>>"$H/api.log"
	# The web server's own log is the web server's.
	for hush in "$ACME_SECRET" node-secret hush- checksum=; do
		run grep -l -e "$hush" "$H/api.log"
		is "$output" ""
	done
}

@test "each request is one line in the log with its id" {
	bbb getMeetings ""
	is "$(grep -c "request.*$(header request-id)" "$H/api.log")" 1
}
