# What a tenant can do to another beside calling its meetings by name (tests/api/calls.bats: isolation).
load ../harness/harness.bash
load hostile.bash
setup_file() { h_start 1; }
teardown_file() { h_stop; }
setup() {
	h_reset
	bbb create "meetingID=abc&name=Acmes"
	INTERNAL=$(x /response/internalMeetingID)
	NODE_ID=$(sql "select node_meeting_id from b3lb.meeting where meeting_id = 'abc'")
}

@test "a breakout room of another tenant's meeting is none" {
	for parent in abc "$INTERNAL" "$NODE_ID" "${INTERNAL:0:45}"; do
		beta create "meetingID=room&name=Room&isBreakout=true&sequence=1&parentMeetingID=$parent"
		answers 200 FAILED parentMeetingDoesNotExist
	done
	is "$(sql 'select count(*) from b3lb.meeting')" 1
}

@test "another tenant's parent does not reach the node behind an empty one" {
	sim journal/clear >/dev/null
	for parents in "parentMeetingID=&parentMeetingID=$INTERNAL" "parentMeetingID=abc&parentMeetingID=$INTERNAL" "parent%4deetingID=&parentMeetingID=$INTERNAL"; do
		beta create "meetingID=room&name=Room&isBreakout=true&sequence=1&$parents"
		is "$(x /response/returncode)" FAILED
	done
	is "$(sim journal call=create | jq length)" 3
	[[ "$(sim journal call=create)" != *"$INTERNAL"* ]]
}

@test "a breakout room of the tenant's own meeting is one" {
	bbb create "meetingID=room&name=Room&isBreakout=true&sequence=1&parentMeetingID=$INTERNAL"
	answers 200 SUCCESS
	bbb create "meetingID=room2&name=Room&isBreakout=true&sequence=2&parentMeetingID=abc"
	answers 200 SUCCESS
}

@test "a meeting called by another's node id is a meeting of its own" {
	beta create "meetingID=$NODE_ID&name=Betas"
	answers 200 SUCCESS
	beta create "meetingID=$INTERNAL&name=Betas"
	answers 200 SUCCESS
	run -0 job poll
	bbb getMeetings ""
	is "$(x 'count(//meeting)')" 1
	is "$(x //meetingName)" Acmes
	beta end "meetingID=$NODE_ID"
	beta end "meetingID=$INTERNAL"
	bbb getMeetingInfo "meetingID=abc"
	answers 200 SUCCESS
}

@test "another tenant's limits, rules and load stay untouched by a flood of calls" {
	admin tenant set BETA --meeting-limit 5
	for i in $(seq 40); do
		q="meetingID=flood$i&name=Name"
		curl -sS -o /dev/null -H "Host: beta.$H_DOMAIN" "http://127.0.0.1:$H_PORT$(signed create "$q" "$BETA_SECRET")" &
	done
	wait
	is "$(sql "select count(*) from b3lb.meeting m join b3lb.tenant t on t.id = tenant_id where slug = 'beta'")" 5
	bbb create "meetingID=def&name=Acmes"
	answers 200 SUCCESS
}

@test "long values do not make a node's list too long for the poll" {
	local q=$BATS_TEST_TMPDIR/q p
	head -c 1000000 /dev/zero | tr '\0' x >"$BATS_TEST_TMPDIR/long"
	for p in attendeePW moderatorPW $(printf 'meta_x%s ' $(seq 36)); do
		{ printf 'meetingID=%s&name=Name&%s=' "$p" "$p"; cat "$BATS_TEST_TMPDIR/long"; } >"$q"
		{ cat "$q"; printf '&checksum='; { printf create; cat "$q"; printf %s "$BETA_SECRET"; } | sha256sum | cut -d' ' -f1 | tr -d '\n'; } >"$q.form"
		ask "beta.$H_DOMAIN" /bigbluebutton/api/create -H Expect: --data-binary "@$q.form"
		codes+=" $(x /response/messageKey)"
	done
	for i in 1 2; do
		sql "update b3lb.node set polled_at = null"
		job poll
	done
	is "$(sql "select online, error from b3lb.node")" "t|"
	is "$(tr ' ' '\n' <<<"$codes" | grep -c invalidParameters)" 38
	# What courses describe themselves with is no such thing.
	p=$(head -c 60000 "$BATS_TEST_TMPDIR/long")
	beta create "meetingID=abc&name=Name&meta_x=${p:0:6000}"
	answers 200 SUCCESS
	q="meetingID=def&name=Name&meta_x=$p"
	ask "beta.$H_DOMAIN" /bigbluebutton/api/create --data-binary "$q&checksum=$(checksum create "$q" "$BETA_SECRET")"
	answers 200 SUCCESS
}

@test "a callback URL of a tenant reaches no program of ours" {
	for url in "http://127.0.0.1:$H_PORT/b3lb/stats" "http://127.0.0.1:$H_PG_PORT/" "http://[::1]:$H_PORT/" "http://0.0.0.0:$H_PORT/" "http://localhost:$H_PORT/" \
		"http://2130706433:$H_PORT/" "http://0177.0.0.1:$H_PORT/" "http://[::ffff:127.0.0.1]:$H_PORT/" "http://169.254.169.254/" \
		"http://[::]:$H_PORT/" "http://[0:0::0]:$H_PORT/" "http://a@[::]:$H_PORT/" "http://[::127.0.0.1]:$H_PORT/" "http://[64:ff9b::7f00:1]:$H_PORT/" \
		"http://[2002:7f00:1::]:$H_PORT/" "http://[64:ff9b:1::a9fe:a9fe]/" "http://100.100.100.200/" "file:///etc/passwd" "gopher://127.0.0.1:$H_PG_PORT/x"; do
		sql "insert into b3lb.callback (secret_id, kind, url) select min(id), 'ended', '$url' from b3lb.secret"
	done
	sed '/^callback_deny/d' "$H/b3lb.conf" >"$H/deny.conf"
	"$B3LB_PREFIX/libexec/b3lb/b3lb-callbacks" --config "$H/deny.conf" 2>"$H/deny.log"
	is "$(sql "select count(*) from b3lb.callback where state = 'delivered'")" 0
	is "$(grep -c event=callback_failed "$H/deny.log")" 19
	is "$(grep -c 'its address lies in a network that may not be called' "$H/deny.log")" 17
	sql "delete from b3lb.callback"
}

# Every call of the API with the ids of ACME's meeting and recording, as TENANT: own CALL meetingID recordID; its answer is in $output.
named() {
	local q="meetingID=$2&recordID=$3&name=x&fullName=x&password=x&message=x&publish=false&meta_name=Stolen&kind=captions&lang=de"
	case $1 in
	insertDocument) q="meetingID=$2" ;;
	getRecordings) [ -n "${4:-}" ] && q="meetingID=$2&state=any" || q="recordID=$3&state=any" ;;
	esac
	local args=()
	[ "$1" != insertDocument ] || args=(-H "Content-Type: text/xml" --data-binary '<modules><module name="presentation"><document url="http://x/"/></module></modules>')
	[ "$1" != putRecordingTextTrack ] || args=(-F "file=@$BATS_TEST_TMPDIR/t.vtt;type=text/vtt")
	ask "$HOST" "$(signed "$1" "$q" "$SECRET")" "${args[@]}"
	# What is told of an id that was asked for is that id.
	output=$(sed "s/$2/ID/g; s/$3/ID/g" <<<"$output" | grep -v '^$')
}
everything() { sql "select row_to_json(m) from b3lb.meeting m union all select row_to_json(r) from b3lb.record_set r union all select row_to_json(t) from b3lb.text_track t" | md5sum; }

@test "no call of another tenant or sub id learns of a meeting or recording, or changes it" {
	local before seen none=0000000000000000000000000000000000000000-1700000000000
	printf 'WEBVTT\n\n00:00.000 --> 00:01.000\nHallo\n' >"$BATS_TEST_TMPDIR/t.vtt"
	sql "insert into b3lb.record_set (tenant_id, secret_id, meeting_id, name, record_id, status, rendered_at, start_time, end_time, meeting_sha1)
		select tenant_id, secret_id, meeting_id, name, internal_id, 'RENDERED', now(), 1, 2, encode(sha256('abc'), 'hex') from b3lb.meeting"
	before=$(everything)
	for who in "beta $BETA_SECRET" "beta-5 $BETA5_SECRET" "acme-5 $ACME5_SECRET"; do
		HOST=${who% *}.$H_DOMAIN SECRET=${who#* }
		for call in join isMeetingRunning getMeetingInfo end sendChatMessage insertDocument getRecordings publishRecordings deleteRecordings \
			updateRecordings getRecordingTextTracks putRecordingTextTrack; do
			named "$call" never-was "$none"
			[[ "$output" == *"<returncode>"* || "$output" == *'"returncode"'* ]]
			seen="$status $output"
			for id in abc "$INTERNAL" "$NODE_ID"; do
				named "$call" "$id" "$INTERNAL" "$id"
				is "$who $call $id: $status $output" "$who $call $id: $seen"
			done
		done
		for call in getMeetings getSessions getRecordings; do
			bbb "$call" "" "$SECRET" "$HOST"
			[[ "$output" != *"$INTERNAL"* && "$output" != *abc* ]]
		done
	done
	is "$(everything)" "$before"
	is "$(sim n1/meetings | jq '.[0].documents | length')" 0
	# Whose it is may do all of it.
	HOST=acme.$H_DOMAIN SECRET=$ACME_SECRET
	named putRecordingTextTrack abc "$INTERNAL"
	[[ "$output" == *upload_text_track_success* ]]
	for call in getRecordings updateRecordings deleteRecordings getMeetingInfo; do
		named "$call" abc "$INTERNAL"
		answers 200 SUCCESS
	done
	[ "$(everything)" != "$before" ]
}
