# What clients are called back about, on its whole way: node, backend program, outbox, job.
load ../harness/harness.bash
setup_file() { h_start 2; }
teardown_file() { h_stop; }
setup() {
	h_reset
	S=s$BATS_TEST_NUMBER
}

slug() { sql "select n.slug from b3lb.meeting m join b3lb.node n on n.id = m.node_id where m.meeting_id = '$1'"; }
id_of() { sql "select node_meeting_id from b3lb.meeting where meeting_id = '$1'"; }
# The node ends the meeting by itself, as when its moderator does.
node_ends() { sim "$(slug "$1")/end" "meetingID=$(id_of "$1")" "${@:2}"; }
gone() { h_wait bash -c "[ \$(psql -X -A -t -q -h 127.0.0.1 -p $H_PG_PORT -U postgres -d b3lb -c 'select count(*) from b3lb.meeting') = 0 ]"; }
backend() { curl -sS -o /dev/null -w '%{http_code}' -H "Host: $H_DOMAIN" "$@"; }

@test "a node's end callback takes the meeting away at once and tells the client with its own meetingID" {
	bbb create "meetingID=my+room+%C3%A4&name=Test&meta_endCallbackUrl=$(enc "$(sink_url "$S")?x=1")"
	answers 200 SUCCESS
	node_ends 'my room ä' recordingmarks=true
	gone
	run -0 job callbacks
	is "$(sink "$S" | jq length)" 1
	is "$(sink "$S" | jq -r '.[0].query')" "x=1&recordingmarks=true&meetingID=my%20room%20%C3%A4"
	run -0 job callbacks
	is "$(sink "$S" | jq length)" 1
}

@test "the node gets our URL, the client sees its own everywhere" {
	bbb create "meetingID=abc&name=Test&meta_endCallbackUrl=$(enc http://lms.example/end)&meta_bbb-recording-ready-url=$(enc http://lms.example/ready)&meta_x=1&record=true"
	[[ "$(on_node abc '.params.meta_endCallbackUrl')" == "http://$H_DOMAIN:$H_PORT/b3lb/b/callback/end?nonce="* ]]
	is "$(on_node abc '.params["meta_bbb-recording-ready-url"]')" null
	job poll
	for call in getMeetings getMeetingInfo; do
		bbb $call "meetingID=abc"
		is "$(x //metadata/endcallbackurl)" http://lms.example/end
		is "$(x //metadata/bbb-recording-ready-url)" http://lms.example/ready
		is "$(x //metadata/x)" 1
		[[ "$output" != *b3lb* && "$output" != *nonce* ]]
	done
}

@test "a client without callbacks sees none of ours" {
	bbb create "meetingID=abc&name=Test&record=true"
	for call in getMeetings getMeetingInfo; do
		bbb $call "meetingID=abc"
		[[ "$output" != *b3lb* && "$output" != *endcallbackurl* ]]
	done
}

@test "end by the API: the node's callback brings the marks, the client is told once" {
	bbb create "meetingID=abc&name=Test&record=true&autoStartRecording=true&meta_endCallbackUrl=$(enc "$(sink_url "$S")")"
	bbb end "meetingID=abc"
	h_wait bash -c "[ \$(psql -X -A -t -q -h 127.0.0.1 -p $H_PG_PORT -U postgres -d b3lb -c \"select count(*) from b3lb.callback\") = 1 ]"
	job callbacks
	is "$(sink "$S" | jq -r '.[].query')" "recordingmarks=true&meetingID=abc"
	is "$(sql "select marks and ended_at is not null from b3lb.record_set")" t
}

@test "a node that never calls back: the client is told after a minute, once" {
	bbb create "meetingID=abc&name=Test&meta_endCallbackUrl=$(enc "$(sink_url "$S")")"
	sim "$(slug abc)/vanish" "meetingID=$(id_of abc)"
	sql "update b3lb.meeting set created_at = created_at - interval '1 minute', confirmed_at = confirmed_at - interval '1 minute'"
	job poll
	is "$(sql 'select count(*) from b3lb.meeting')" 0
	job callbacks
	is "$(sink "$S" | jq length)" 0
	sql "update b3lb.ended_meeting set tell_at = tell_at - interval '1 minute'"
	job callbacks
	job callbacks
	is "$(sink "$S" | jq -r '.[].query')" "recordingmarks=false&meetingID=abc"
}

@test "a node that is removed before it calls back: the client is told all the same" {
	admin node add gone --cluster main --secret node-secret --url "http://127.0.0.1:$(h_free_port)"
	bbb create "meetingID=abc&name=Test&meta_endCallbackUrl=$(enc "$(sink_url "$S")")"
	sql "update b3lb.meeting set node_id = (select id from b3lb.node where slug = 'gone')"
	admin meeting end ACME abc --force
	admin node remove gone
	job callbacks
	is "$(sink "$S" | jq length)" 1
	is "$(sql "select count(*) from b3lb.ended_meeting")" 0
}

@test "meetingEndedURL is called too, plainly" {
	bbb create "meetingID=abc&name=Test&meetingEndedURL=$(enc "$(sink_url "$S")?y=2")"
	[[ "$(on_node abc '.params.meetingEndedURL')" == *"/b3lb/b/callback/end?nonce="* ]]
	node_ends abc
	# The plain call that the node makes us may be the first, and tells the client nothing.
	h_wait bash -c "[ \$(psql -X -A -t -q -h 127.0.0.1 -p $H_PG_PORT -U postgres -d b3lb -c 'select count(*) from b3lb.callback') = 1 ]"
	job callbacks
	is "$(sink "$S" | jq -r '.[].query')" "y=2"
}

@test "a node's plain call does not say that nothing was recorded: the client hears it from the other one" {
	bbb create "meetingID=abc&name=Test&record=true&meta_endCallbackUrl=$(enc "$(sink_url "$S")")&meetingEndedURL=$(enc "$(sink_url "$S-plain")")"
	end="$(on_node abc '.params.meta_endCallbackUrl')&recordingmarks=true&meetingID=$(id_of abc)"
	plain=$(on_node abc '.params.meetingEndedURL')
	is "$(backend "$plain")" 200
	is "$(sql "select (select count(*) from b3lb.meeting) || ' ' || (select count(*) from b3lb.callback) || ' ' || (marks is null) from b3lb.record_set")" "0 0 true"
	for url in "$plain" "$end" "$plain"; do is "$(backend "$url")" 200; done
	job callbacks
	is "$(sink "$S" | jq -r '.[].query')" "recordingmarks=true&meetingID=abc"
	is "$(sink "$S-plain" | jq length)" 1
	is "$(sql 'select marks from b3lb.record_set')" t
	# Nor does it where the node calls the session by a nonce that nobody has written down.
	bbb create "meetingID=ghi&name=Test&record=true&meta_endCallbackUrl=$(enc "$(sink_url "$S-next")")"
	next=$(sql "select next_nonce from b3lb.meeting where meeting_id = 'ghi'")
	for more in "" "&recordingmarks=true"; do is "$(backend "${plain%%nonce=*}nonce=$next$more")" 200; done
	job callbacks
	is "$(sink "$S-next" | jq -r '.[].query')" "recordingmarks=true&meetingID=ghi"
	# Nor does it of a session that was placed anew.
	bbb create "meetingID=def&name=Test&record=true&meetingEndedURL=$(enc "$(sink_url "$S-plain")")"
	plain=$(on_node def '.params.meetingEndedURL')
	sql "update b3lb.record_set set marks = true; update b3lb.node set online = false where slug = '$(slug def)'"
	bbb create "meetingID=def&name=Test&record=true"
	is "$(backend "$plain")" 200
	is "$(sql "select bool_and(marks) from b3lb.record_set where ended_at is not null")" t
}

@test "a sink that fails three times, then takes it: exactly one success" {
	sink "$S" status=503 count=3
	bbb create "meetingID=abc&name=Test&meta_endCallbackUrl=$(enc "$(sink_url "$S")")"
	node_ends abc
	gone
	for i in 1 2 3 4 5 6; do
		job callbacks
		sql "update b3lb.callback set next_at = now()"
	done
	is "$(sink "$S" | jq length)" 4
	is "$(sql "select state || ' ' || attempts from b3lb.callback")" "delivered 4"
}

@test "the wait doubles from five seconds to an hour, and after a day it is given up and shown" {
	sink "$S" status=500 count=100
	bbb create "meetingID=abc&name=Test&meta_endCallbackUrl=$(enc "$(sink_url "$S")")"
	node_ends abc
	gone
	for want in 5 10 20 40; do
		job callbacks
		is "$(sql "select round(extract(epoch from next_at - now()) / 5) * 5 from b3lb.callback")" "$want"
		sql "update b3lb.callback set next_at = now()"
	done
	sql "update b3lb.callback set attempts = 30"
	job callbacks
	is "$(sql "select round(extract(epoch from next_at - now()) / 60) from b3lb.callback")" 60
	sql "update b3lb.callback set next_at = now(), created_at = now() - interval '25 hours'"
	job callbacks
	is "$(sql "select state from b3lb.callback")" failed
	run -0 admin status --json
	is "$(jq .totals.callbacks_failed <<<"$output")" 1
}

@test "two jobs at once send each callback once" {
	for i in 1 2 3 4 5 6 7 8 9 10; do
		sql "insert into b3lb.callback (secret_id, kind, url) select min(id), 'ended', '$(sink_url "$S")?n=$i' from b3lb.secret"
	done
	job callbacks & job callbacks & job callbacks & wait
	is "$(sink "$S" | jq length)" 10
	is "$(sql "select count(*) from b3lb.callback where state = 'delivered'")" 10
}

@test "a tenant with hundreds of callbacks that wait is not in the way of another's" {
	sql "insert into b3lb.callback (secret_id, kind, url, next_at)
		select (select min(s.id) from b3lb.secret s join b3lb.tenant t on t.id = s.tenant_id where t.slug = 'acme'), 'ended', 'http://192.0.2.1/', now() - interval '1 minute'
		from generate_series(1, 300);
		insert into b3lb.callback (secret_id, kind, url)
		select min(s.id), 'ended', 'http://lms.example/' from b3lb.secret s join b3lb.tenant t on t.id = s.tenant_id where t.slug = 'beta'"
	is "$(sql "select count(*) || ' ' || count(*) filter (where url = 'http://lms.example/') from b3lb.claim_callbacks(64, interval '1 minute')")" "64 1"
	is "$(sql "select count(*) from b3lb.claim_callbacks(1000, interval '1 minute')")" 237
	sql "delete from b3lb.callback"
}

@test "a client that has taken a callback is not told again, though the database stands still or is gone meanwhile" {
	sink "$S" ms=1000
	for i in 1 2 3 4; do
		sql "insert into b3lb.callback (secret_id, kind, url) select min(id), 'ended', '$(sink_url "$S")?n=$i' from b3lb.secret"
	done
	sql "insert into b3lb.callback (secret_id, kind, url) select min(id), 'ended', '$(sink_url "quick$S")' from b3lb.secret"
	job callbacks &
	quick_came() { [ "$(sink "quick$S" | jq length)" = 1 ]; }
	sql "begin; select from b3lb.callback for update; lock table b3lb.callback in share mode nowait; rollback" >/dev/null 2>&1 || true
	h_wait quick_came
	sql "begin; lock table b3lb.callback; select pg_sleep(6); commit" >/dev/null
	wait
	is "$(sql "select count(*) from b3lb.callback where state = 'delivered'")" 5
	is "$(sink "$S" | jq length)" 4
	sql "update b3lb.callback set state = 'waiting', attempts = 0, next_at = now(), claimed_until = null where url like '%n=1'"
	job callbacks &
	came_again() { [ "$(sink "$S" | jq length)" = 5 ]; }
	h_wait came_again
	h_pg_down immediate
	sleep 2
	h_pg_up
	wait
	is "$(sql "select count(*) from b3lb.callback where state = 'delivered'")" 5
	is "$(sink "$S" | jq length)" 5
}

both_claimed() { is "$(sql "select count(*) from b3lb.callback where claimed_until is not null")" 2; }
@test "a callback that goes while it is under way costs the job nothing: others are told" {
	for i in 1 2; do
		bbb create "meetingID=m$i&name=Test&meta_endCallbackUrl=$(enc "$(sink_url "$S")?i=$i")"
		node_ends "m$i"
	done
	gone
	sink "$S" ms=1500
	job callbacks &
	h_wait both_claimed
	sql "delete from b3lb.callback where url like '%i=1%'"
	wait $!
	is "$(sink "$S" | jq length)" 2
	is "$(sql "select string_agg(state, ' ') from b3lb.callback")" delivered
	sink "$S" ms=0
}

@test "while a secret is rolled a platform that refuses the new one is told with the old one" {
	sink "$S" status=401 count=1
	sql "update b3lb.secret set secret2 = secret, secret = 'rolled' where id = (select min(id) from b3lb.secret)"
	sql "insert into b3lb.callback (secret_id, kind, url, body) select min(id), 'ready', '$(sink_url "$S")', '{}' from b3lb.secret"
	job callbacks
	is "$(sql "select state || ' ' || attempts from b3lb.callback")" "delivered 1"
	is "$(sink "$S" | jq -r '.[].status' | xargs)" "401 200"
	is "$(sink "$S" | jq -r '.[].body' | sort -u | wc -l)" 2
	# Refused with both: later; what is not signed has no other; nor has a platform that is just away.
	for answer in 403 500; do
		sink "$S-$answer" status=$answer count=5
		for kind in ready ended; do
			sql "insert into b3lb.callback (secret_id, kind, url, body) select min(id), '$kind', '$(sink_url "$S-$answer")', '{}' from b3lb.secret"
		done
	done
	job callbacks
	is "$(sink "$S-403" | jq length) $(sink "$S-500" | jq length)" "3 2"
	sql "update b3lb.secret set secret = secret2, secret2 = null where secret2 is not null"
}

@test "a URL with letters beyond ASCII goes out encoded" {
	bbb create "meetingID=abc&name=Test&meta_endCallbackUrl=$(enc "$(sink_url "$S")?q=ü&r=%C3%BC#ö")"
	node_ends abc
	gone
	h_spawn raw_sink perl -MIO::Socket::INET -e '
		my $l = IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1", ReuseAddr => 1); open my $f, ">", $ARGV[0]; print $f $l->sockport; close $f;
		my $c = $l->accept; my $line = <$c>; print $c "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"; open $f, ">", $ARGV[1]; print $f $line; close $f' "$H/raw.port" "$H/raw.line"
	h_wait test -s "$H/raw.port"
	sql "update b3lb.callback set url = replace(url, ':$H_SIM_PORT/', ':$(cat "$H/raw.port")/')"
	job callbacks
	h_wait test -s "$H/raw.line"
	is "$(tr -d '\r' <"$H/raw.line")" "GET /_sink/$S?q=%C3%BC&r=%C3%BC&recordingmarks=false&meetingID=abc HTTP/1.1"
}

# A session of abc that records and has callbacks of its own; the node then loses it without a word: session NUMBER [record]
session() {
	bbb create "meetingID=abc&name=Session+$1&record=${2:-true}&meta_endCallbackUrl=$(enc "$(sink_url "$S-$1")")"
	answers 200 SUCCESS ""
	INTERNAL[$1]=$(x //internalMeetingID)
	END[$1]=$(on_node abc '.params.meta_endCallbackUrl')
	SET[$1]=$(on_node abc '.params["meta_b3lb-recordset"]')
	ID=$(id_of abc)
	sim "$(slug abc)/vanish" "meetingID=$ID" >/dev/null
}
archive_of() { sql "select (b3lb.take_archive('${SET[$1]}', '${INTERNAL[$1]}', 'key-$1', 1, 'sha', '', '{}', true, 0, 0, 0, 0)).result"; }
ended() { is "$(backend "${END[$1]}&recordingmarks=$2&meetingID=$ID")" 200; }

@test "three sessions on one row, archives late, one deleted meanwhile: each keeps its recording and its callbacks" {
	session 1
	session 2
	is "$(archive_of 1)" taken
	sql "update b3lb.record_set set rendered_at = now(), status = 'RENDERED' where record_id = '${INTERNAL[1]}'"
	session 3
	bbb getRecordings "recordID=${INTERNAL[1]}"
	is "$(x //recording/name) $(x //recording/state)" "Session 1 published"
	bbb getRecordings "recordID=${INTERNAL[3]}"
	answers 200 SUCCESS noRecordings
	bbb deleteRecordings "recordID=${INTERNAL[1]}"
	answers 200 SUCCESS
	is "$(archive_of 3) $(archive_of 2) $(archive_of 1)" "taken taken deleting"
	is "$(sql "select string_agg(record_id || ' ' || name || ' ' || archive_key, ', ' order by id) from b3lb.record_set")" \
		"${INTERNAL[1]} Session 1 key-1, ${INTERNAL[2]} Session 2 key-2, ${INTERNAL[3]} Session 3 key-3"
	ended 2 true
	ended 1 false
	ended 3 true
	ended 1 false
	is "$(sql 'select count(*) from b3lb.meeting')" 0
	job callbacks
	for i in 1 2 3; do
		is "$(sink "$S-$i" | jq -r '.[].query')" "recordingmarks=$([ $i = 1 ] && echo false || echo true)&meetingID=abc"
	done
}

@test "recording off, then on, with other callbacks: the session that runs has its own" {
	session 1 false
	session 2 true
	is "${SET[1]}" null
	is "$(sql "select count(*) || ' ' || min(record_id) || ' ' || min(nonce) || ' ' || min(name) from b3lb.record_set")" "1 ${INTERNAL[2]} ${SET[2]} Session 2"
	session 3 false
	is "${SET[3]}" null
	is "$(sql 'select count(*) from b3lb.record_set')" 1
	is "$(sql 'select record_set_id is null from b3lb.meeting')" t
	ended 3 false
	ended 2 true
	ended 1 false
	job callbacks
	for i in 1 2 3; do is "$(sink "$S-$i" | jq length)" 1; done
	is "$(sql 'select marks from b3lb.record_set')" t
}

@test "a repeated create of a session writes nothing, and leaves it its nonces" {
	bbb create "meetingID=abc&name=Test&record=true&meta_endCallbackUrl=$(enc "$(sink_url "$S")")"
	before=$(sql "select m.xmin || ' ' || m.nonce || ' ' || r.nonce || ' ' || r.xmin from b3lb.meeting m join b3lb.record_set r on r.id = m.record_set_id")
	for i in 1 2 3; do
		bbb create "meetingID=abc&name=Test&record=true&meta_endCallbackUrl=$(enc "http://lms.example/$i")"
		answers 200 SUCCESS duplicateWarning
	done
	is "$(sql "select m.xmin || ' ' || m.nonce || ' ' || r.nonce || ' ' || r.xmin from b3lb.meeting m join b3lb.record_set r on r.id = m.record_set_id")" "$before"
	node_ends abc
	gone
	job callbacks
	is "$(sink "$S" | jq length)" 1
}

@test "a session whose create was killed before it was written down keeps its recording" {
	session 1
	query="meetingID=$ID&name=Test&record=true&meta_b3lb-recordset=$(sql 'select next_record_nonce from b3lb.meeting')"
	n=$(slug abc)
	SET[2]=$(sql 'select next_record_nonce from b3lb.meeting')
	INTERNAL[2]=$(curl -sS "http://127.0.0.1:$H_SIM_PORT/$n/bigbluebutton/api/create?$query&checksum=$(checksum create "$query" node-secret)" | xmllint --xpath 'string(//internalMeetingID)' -)
	sql "update b3lb.meeting set confirmed_at = confirmed_at - interval '1 minute'"
	job poll
	is "$(sql 'select internal_id from b3lb.meeting')" "${INTERNAL[2]}"
	is "$(archive_of 2) $(archive_of 1)" "taken taken"
	is "$(sql "select count(*) from b3lb.record_set where archive_key is not null")" 2
	ended 1 true
	is "$(sql 'select count(*) from b3lb.meeting')" 1
}

@test "a job that was killed leaves its rows to the next" {
	sql "insert into b3lb.callback (secret_id, kind, url, claimed_until, attempts) select min(id), 'ended', '$(sink_url "$S")', now() - interval '1 second', 1 from b3lb.secret"
	job callbacks
	is "$(sink "$S" | jq length)" 1
	sql "insert into b3lb.callback (secret_id, kind, url, claimed_until) select min(id), 'ended', '$(sink_url "$S")', now() + interval '1 minute' from b3lb.secret"
	job callbacks
	is "$(sink "$S" | jq length)" 1
}

@test "no redirect is followed" {
	sink "$S" status=302 count=1
	sql "insert into b3lb.callback (secret_id, kind, url) select min(id), 'ended', '$(sink_url "$S")' from b3lb.secret"
	job callbacks
	is "$(sql "select state || ' ' || error from b3lb.callback")" "waiting HTTP status 302"
}

@test "networks in callback_deny are never connected to" {
	sql "insert into b3lb.callback (secret_id, kind, url) select min(id), 'ended', '$(sink_url "$S")' from b3lb.secret"
	sql "insert into b3lb.callback (secret_id, kind, url) select min(id), 'ended', 'http://localhost:$H_SIM_PORT/_sink/$S' from b3lb.secret"
	B3LB_CALLBACK_DENY="127.0.0.0/8, ::1" job callbacks
	is "$(sink "$S" | jq length)" 0
	is "$(sql "select count(*) from b3lb.callback where error like '%may not be called%'")" 2
}

@test "what is no http URL is never called" {
	bbb create "meetingID=abc&name=Test&meta_endCallbackUrl=$(enc "file:///etc/passwd")&meetingEndedURL=$(enc "gopher://127.0.0.1/x")"
	answers 200 SUCCESS
	node_ends abc
	gone
	is "$(sql 'select count(*) from b3lb.callback')" 0
}

@test "analytics are checked with the node's secret and signed again with the tenant's" {
	bbb create "meetingID=abc&name=Test&meta_analytics-callback-url=$(enc "$(sink_url "$S")")"
	node_ends abc
	h_wait bash -c "[ \$(psql -X -A -t -q -h 127.0.0.1 -p $H_PG_PORT -U postgres -d b3lb -c \"select count(*) from b3lb.callback where kind = 'analytics'\") = 1 ]"
	job callbacks
	is "$(sink "$S" | jq length)" 1
	token=$(sink "$S" | jq -r '.[0].authorization' | sed 's/^Bearer //')
	signed=${token%.*}
	is "$(printf %s "$signed" | openssl dgst -sha512 -hmac "$ACME_SECRET" -binary | base64 -w0 | tr '+/' '-_' | tr -d =)" "${token##*.}"
	is "$(sink "$S" | jq -r '.[0].body | fromjson | .version')" 1.0
}

@test "analytics bear the client's own meetingID and metadata, and none of ours" {
	bbb create "meetingID=my+room&name=Test&record=true&meta_Course=x&meta_endCallbackUrl=$(enc "$(sink_url "$S-end")")&meta_analytics-callback-url=$(enc "$(sink_url "$S")")"
	id=$(id_of "my room") nonces=$(sql 'select nonce from b3lb.meeting union all select nonce from b3lb.record_set')
	internal=$(sql 'select internal_id from b3lb.meeting')
	node_ends "my room"
	h_wait bash -c "[ \$(psql -X -A -t -q -h 127.0.0.1 -p $H_PG_PORT -U postgres -d b3lb -c \"select count(*) from b3lb.callback where kind = 'analytics'\") = 1 ]"
	job callbacks
	body=$(sink "$S" | jq -r '.[0].body')
	is "$(jq -r '.meeting_id + " " + .internal_meeting_id + " " + (.data.duration | tostring)' <<<"$body")" "my room $internal 60"
	for ours in "$id" $nonces; do [[ "$body" != *"$ours"* ]] || { echo "$body"; false; }; done
	is "$(jq -c '.data.metadata | with_entries(.key |= ascii_downcase) | to_entries | sort | map(.key + "=" + .value)' <<<"$body")" \
		"$(jq -cn --arg u "$(sink_url "$S")" '["analytics-callback-url=" + $u, "course=x", "endcallbackurl=" + ($u + "-end")]')"
}

@test "analytics of a node that writes _ for - in names, and the meeting's id in the metadata" {
	bbb create "meetingID=abc&name=Test&record=true&meta_bbb-origin=Moodle&meta_analytics-callback-url=$(enc "$(sink_url "$S")")"
	url="http://127.0.0.1:$H_PORT/b3lb/b/callback/analytics?nonce=$(sql 'select nonce from b3lb.meeting')"
	id=$(id_of abc) token=$(jwt '{"alg":"HS512","typ":"JWT"}' "{\"exp\":$(($(date +%s) + 600))}" sha512 node-secret)
	is "$(backend -H "Authorization: Bearer $token" "$url" -d '{"version":"1.0","meeting_id":"'"$id"'","data":{"duration":7,"metadata":{"analytics_callback_url":"http://x.example/n",
		"endcallbackurl":"http://x.example/n","b3lb_recordset":"n","bbb_origin":"Moodle","meeting_id":"'"$id"'","is_breakout":"false"}}}')" 200
	is "$(sql 'select body from b3lb.callback' | jq -cS .)" \
		"$(jq -cnS --arg u "$(sink_url "$S")" '{version: "1.0", meeting_id: "abc", data: {duration: 7, metadata: {analytics_callback_url: $u, bbb_origin: "Moodle", meeting_id: "abc", is_breakout: "false"}}}')"
}

@test "analytics of a breakout room, which has its parent's metadata, bear the room's id" {
	bbb create "meetingID=abc&name=Test&meta_analytics-callback-url=$(enc "$(sink_url "$S")")"
	url="http://127.0.0.1:$H_PORT/b3lb/b/callback/analytics?nonce=$(sql 'select nonce from b3lb.meeting')"
	token=$(jwt '{"alg":"HS512","typ":"JWT"}' "{\"exp\":$(($(date +%s) + 600))}" sha512 node-secret)
	is "$(backend -H "Authorization: Bearer $token" "$url" -d '{"meeting_id":"room-1","data":{"metadata":{"analytics-callback-url":"http://x.example/n"}}}')" 200
	is "$(sql 'select body from b3lb.callback')" "{\"meeting_id\":\"room-1\",\"data\":{\"metadata\":{\"analytics-callback-url\":\"$(sink_url "$S")\"}}}"
}

@test "analytics without the node's signature are 401 and go nowhere" {
	bbb create "meetingID=abc&name=Test&meta_analytics-callback-url=$(enc "$(sink_url "$S")")"
	nonce=$(sql 'select nonce from b3lb.meeting')
	is "$(backend -d '{}' "http://127.0.0.1:$H_PORT/b3lb/b/callback/analytics?nonce=$nonce")" 401
	is "$(backend -d '{}' -H "Authorization: Bearer e30.e30.x" "http://127.0.0.1:$H_PORT/b3lb/b/callback/analytics?nonce=$nonce")" 401
	is "$(sql 'select count(*) from b3lb.callback')" 0
}

# A JSON web token of HEADER and PAYLOAD: jwt HEADER PAYLOAD [DIGEST KEY]
jwt() {
	b64() { base64 -w0 | tr '+/' '-_' | tr -d =; }
	local text
	text=$(printf %s "$1" | b64).$(printf %s "$2" | b64)
	printf '%s.' "$text"
	[ -z "${3:-}" ] || printf %s "$text" | openssl dgst "-$3" -hmac "$4" -binary | b64
}

@test "a token of another algorithm, another node's secret, none, or of yesterday is 401" {
	bbb create "meetingID=abc&name=Test&meta_analytics-callback-url=$(enc "$(sink_url "$S")")"
	url="http://127.0.0.1:$H_PORT/b3lb/b/callback/analytics?nonce=$(sql 'select nonce from b3lb.meeting')"
	hs512='{"alg":"HS512","typ":"JWT"}' later="{\"exp\":$(($(date +%s) + 600))}"
	for token in "$(jwt '{"alg":"none","typ":"JWT"}' "$later")" "$(jwt "$hs512" "$later")" "$(jwt '{"alg":"none"}' "$later" sha512 node-secret)" \
		"$(jwt '{"alg":"HS256","typ":"JWT"}' "$later" sha256 node-secret)" "$(jwt '{"alg":"HS384","typ":"JWT"}' "$later" sha384 node-secret)" \
		"$(jwt "$hs512" "$later" sha512 another-nodes-secret)" "$(jwt "$hs512" "$later" sha512 "$ACME_SECRET")" \
		"$(jwt "$hs512" "{\"exp\":$(($(date +%s) - 1))}" sha512 node-secret)" "$(jwt "$hs512" '{}' sha512 node-secret)"; do
		is "$(backend -d '{}' -H "Authorization: Bearer $token" "$url")" 401
	done
	is "$(sql 'select count(*) from b3lb.callback')" 0
	is "$(backend -d '{}' -H "Authorization: Bearer $(jwt "$hs512" "$later" sha512 node-secret)" "$url")" 200
	is "$(sql 'select count(*) from b3lb.callback')" 1
}

@test "the backend answers only a nonce that exists, on paths that exist, by the right method" {
	bbb create "meetingID=abc&name=Test"
	nonce=$(sql 'select nonce from b3lb.meeting')
	u=http://127.0.0.1:$H_PORT/b3lb/b
	is "$(backend "$u/callback/end")" 404
	is "$(backend "$u/callback/end?nonce=x")" 404
	is "$(backend "$u/callback/end?nonce=00000000000000000000000000000000")" 404
	is "$(backend "$u/callback/nothing?nonce=$nonce")" 404
	is "$(backend -X DELETE "$u/callback/end?nonce=$nonce")" 405
	is "$(sql 'select count(*) from b3lb.meeting')" 1
	# The right nonce with another meeting's id is an earlier placement's: not this meeting's end.
	is "$(backend "$u/callback/end?nonce=$nonce&meetingID=b3lb-other")" 404
	is "$(sql 'select count(*) from b3lb.meeting')" 1
	is "$(backend "$u/meeting/end?nonce=$nonce&recordingmarks=false&meetingID=$(id_of abc)")" 200
	is "$(sql 'select count(*) from b3lb.meeting')" 0
	is "$(backend "$u/callback/end?nonce=$nonce&recordingmarks=false")" 200
	bbb create "meetingID=abc&name=Test"
	is "$(backend -d "nonce=$nonce&meetingID=other" "$u/callback/end?nonce=$(sql 'select nonce from b3lb.meeting')&recordingmarks=true")" 200
	is "$(sql 'select count(*) from b3lb.meeting')" 0
}

@test "an address outside of backend_allow learns nothing" {
	run -0 env -i B3LB_CONFIG="$H/b3lb.conf" B3LB_BACKEND_ALLOW=192.0.2.0/24 REQUEST_METHOD=GET HTTP_HOST="$H_DOMAIN" REMOTE_ADDR=127.0.0.1 \
		REQUEST_URI="/b3lb/b/callback/end?nonce=00000000000000000000000000000000" "$B3LB_PREFIX/libexec/b3lb/b3lb-backend"
	[[ "$output" == *"Status: 403"* ]]
	run -0 env -i B3LB_CONFIG="$H/b3lb.conf" B3LB_BACKEND_ALLOW= REQUEST_METHOD=GET HTTP_HOST="$H_DOMAIN" REMOTE_ADDR=127.0.0.1 \
		REQUEST_URI="/b3lb/b/callback/end?nonce=00000000000000000000000000000000" "$B3LB_PREFIX/libexec/b3lb/b3lb-backend"
	[[ "$output" == *"Status: 403"* ]]
}

@test "a meeting that was placed anew is not ended by its old node's callback" {
	bbb create "meetingID=abc&name=Test&meta_endCallbackUrl=$(enc "$(sink_url "$S")")"
	old=$(sql 'select nonce from b3lb.meeting')
	oldid=$(id_of abc)
	sql "update b3lb.node set online = false where slug = '$(slug abc)'"
	bbb create "meetingID=abc&name=Test&meta_endCallbackUrl=$(enc "$(sink_url "$S")")"
	answers 200 SUCCESS
	is "$(backend "http://127.0.0.1:$H_PORT/b3lb/b/callback/end?nonce=$old&recordingmarks=false&meetingID=$oldid")" 200
	is "$(sql 'select count(*) from b3lb.meeting')" 1
	job callbacks
	is "$(sink "$S" | jq length)" 0
}

@test "a record set of a session on a node that went away is deleted like any other when nothing was recorded" {
	bbb create "meetingID=abc&name=Test&record=true"
	old=$(sql 'select nonce from b3lb.meeting')
	oldid=$(id_of abc)
	sql "update b3lb.node set online = false where slug = '$(slug abc)'"
	bbb create "meetingID=abc&name=Test&record=true"
	answers 200 SUCCESS
	is "$(backend "http://127.0.0.1:$H_PORT/b3lb/b/callback/end?nonce=$old&recordingmarks=false&meetingID=$oldid")" 200
	sql "update b3lb.record_set set ended_at = ended_at - interval '11 minutes'"
	job cleanup
	is "$(sql "select count(*) || ' ' || count(m.id) from b3lb.record_set r left join b3lb.meeting m on m.record_set_id = r.id")" "1 1"
}

# abc ended in the room, its callback did not arrive yet, and abc was made again; callback MARKS [NONCE] is one of its callbacks: the first
# session's, or that of the nonce.
made_again() {
	bbb create "meetingID=abc&name=Test&record=true&meta_endCallbackUrl=$(enc "$(sink_url "$S")")"
	first=$(x /response/internalMeetingID)
	nonce=$(sql 'select nonce from b3lb.meeting')
	id=$(id_of abc)
	sim "$(slug abc)/vanish" "meetingID=$id"
	# Its createTime has milliseconds.
	sleep 0.01
	bbb create "meetingID=abc&name=Test&record=true&meta_endCallbackUrl=$(enc "$(sink_url "$S")")"
	answers 200 SUCCESS
	[ "$(x /response/internalMeetingID)" != "$first" ]
	second=$(sql 'select nonce from b3lb.meeting')
}
callback() { is "$(backend "http://127.0.0.1:$H_PORT/b3lb/b/callback/end?nonce=${2:-$nonce}&recordingmarks=$1&meetingID=$id")" 200; }

@test "a meeting that runs again is not ended by the callback of its first session, which comes late" {
	made_again
	callback false
	bbb join "meetingID=abc&fullName=Me&role=VIEWER"
	is "$status" 302
	callback false
	is "$(sql 'select count(*) from b3lb.meeting')" 1
	callback false "$second"
	is "$(sql 'select count(*) from b3lb.meeting')" 0
	job callbacks
	is "$(sink "$S" | jq length)" 2
	is "$(sql "select string_agg(marks::text, ' ') from b3lb.record_set")" "false false"
}

@test "the callback of the first session does not end the second when it comes while that is confirmed" {
	bbb create "meetingID=abc&name=Test"
	nonce=$(sql 'select nonce from b3lb.meeting')
	id=$(id_of abc)
	sql "begin; select b3lb.confirm_meeting(id, node_meeting_id, 'another-1', 1, '<meeting/>') from b3lb.meeting;
		do \$\$ begin
			for i in 1..200 loop
				exit when exists (select from pg_locks where not granted and locktype in ('transactionid', 'tuple'));
				perform pg_sleep(0.05);
			end loop;
		end \$\$; commit" &
	confirming() { is "$(sql "select count(*) from pg_stat_activity where query ~ '^begin; select b3lb.confirm' and wait_event = 'PgSleep'")" 1; }
	h_wait confirming
	callback false
	wait $!
	is "$(sql "select internal_id from b3lb.meeting")" another-1
}

@test "a recording of a meeting's first session is waited for, whatever became of the second" {
	made_again
	callback true
	callback false "$second"
	is "$(sql "select string_agg(marks || ' ' || (ended_at is not null), ', ' order by id) from b3lb.record_set")" "true true, false true"
}

@test "a node that never called back about the first session: its word about the second is about that, and the client hears of both" {
	made_again
	callback true "$second"
	is "$(sql 'select count(*) from b3lb.meeting')" 0
	sql "update b3lb.ended_meeting set tell_at = now() - interval '1 second' where tell_at is not null"
	job callbacks
	is "$(sink "$S" | jq -r '.[].query' | sort | xargs)" "recordingmarks=false&meetingID=abc recordingmarks=true&meetingID=abc"
}
