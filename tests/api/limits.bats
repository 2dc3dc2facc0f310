# What limits do, rules for all tenants, learning analytics that are kept, and where nodes send what was learnt.
load ../harness/harness.bash
load ../harness/hook.bash
load ../harness/recording.bash
bats_require_minimum_version 1.5.0
setup_file() {
	h_start 2 "webhooks = nodes"
	sim n2/secret value=secret-of-n2 >/dev/null
	admin node set n2 --secret secret-of-n2
}
teardown_file() { h_stop; }
setup() {
	h_reset
	hook_reset
	sql "delete from b3lb.parameter_all; delete from b3lb.analytics; delete from b3lb.refusal;
		update b3lb.tenant set limit_mode = 'join', analytics_days = 0, lrs_endpoint = null, lrs_token = null, lrs_user = null,
			lrs_password = null, lrs_force = false; update b3lb.secret set secret2 = null"
	S=s$BATS_TEST_NUMBER
}

log_has() { grep -c "$1" "$H/api.log" || true; }
# The one meeting's node, and our id of it there.
node_of() { sql "select n.slug from b3lb.meeting m join b3lb.node n on n.id = m.node_id where m.meeting_id = '$1'"; }
id_of() { sql "select node_meeting_id from b3lb.meeting where meeting_id = '$1'"; }
node_ends() { sim "$(node_of "$1")/end" "meetingID=$(id_of "$1")" recordingmarks=true >/dev/null; }

@test "limit_mode join refuses who joins, create refuses new meetings, warn neither" {
	admin tenant set ACME --attendee-limit 1
	bbb create "meetingID=abc&name=Test"
	sql "update b3lb.meeting set attendees = 1"
	bbb join "meetingID=abc&fullName=Ana&role=VIEWER"
	answers 403 FAILED maxParticipantsReached
	bbb create "meetingID=other&name=Test"
	answers 200 SUCCESS
	admin tenant set ACME --limit-mode create
	# Once read anew, and once out of the memory of the program.
	for i in 1 2; do
		bbb join "meetingID=abc&fullName=Ana&role=VIEWER"
		is "$status" 302
		bbb create "meetingID=third&name=Test"
		answers 403 FAILED maxParticipantsReached
		bbb create "meetingID=abc&name=Test"
		answers 200 SUCCESS
	done
	is "$(sql "select sum(value) from b3lb.metric_event where name = 'attendee_limit'")" 3
	admin tenant set ACME --limit-mode warn --meeting-limit 2
	before=$(log_has limit_passed)
	bbb join "meetingID=abc&fullName=Ana&role=VIEWER"
	is "$status" 302
	bbb create "meetingID=third&name=Test"
	answers 200 SUCCESS
	bbb create "meetingID=third&name=Test"
	answers 200 SUCCESS
	is "$(log_has limit_passed)" $((before + 2))
	is "$(sql "select string_agg(name || ' ' || value, ', ' order by name) from (select name, sum(value) as value from b3lb.metric_event where name like '%limit' group by name) x")" \
		"attendee_limit 4, meeting_limit 1"
	# A secret's limit is looked at as its tenant's is.
	admin tenant set ACME --attendee-limit 0 --meeting-limit 0 --limit-mode create
	admin secret set ACME-5 --attendee-limit 1
	acme5 create "meetingID=five&name=Test"
	answers 200 SUCCESS
	sql "update b3lb.meeting set attendees = 1 where meeting_id = 'five'"
	acme5 join "meetingID=five&fullName=Ana&role=VIEWER"
	is "$status" 302
	acme5 create "meetingID=six&name=Test"
	answers 403 FAILED maxParticipantsReached
	# Nobody was refused by what was only told.
	h_wait bash -c "[ \"\$(psql -X -A -t -q -h 127.0.0.1 -p $H_PG_PORT -U postgres -d b3lb -c \"select (select count(*) from b3lb.refusal where key = 'limitPassed') || ' ' ||
		(select sum(value) from b3lb.metric_event where name = 'refused' and tenant = 'acme')\")\" = '2 4' ]"
	is "$(admin request list --key limitPassed --json | jq -r 'map(.call) | sort | join(" ")')" "create join"
}

@test "a rule for all tenants holds at once, below a tenant's own of that name" {
	bbb create "meetingID=abc&name=Test"
	bbb end "meetingID=abc"
	admin parameter set '*' welcome override All
	admin parameter set '*' meta_Course override all
	admin parameter set '*' duration max 60
	bbb create "meetingID=abc&name=Test&welcome=Hello&duration=90"
	is "$(on_node abc '[.params.welcome, .params.meta_course // .params.meta_Course, .params.duration] | join(" ")')" "All all 60"
	bbb end "meetingID=abc"
	admin parameter set ACME welcome set Own
	admin parameter set ACME meta_course block
	bbb create "meetingID=abc&name=Test&welcome=Hello&meta_course=x&duration=90"
	is "$(on_node abc '[.params.welcome, .params.meta_course // .params.meta_Course // "none", .params.duration] | join(" ")')" "Hello none 60"
	beta create "meetingID=bee&name=Test&welcome=Hello"
	is "$(on_node bee .params.welcome)" All
	is "$(admin parameter list '*' --json | jq -r 'map([.tenant, .name, .mode, .value] | join(" ")) | join(", ")')" "* duration max 60, * meta_Course override all, * welcome override All"
	is "$(admin parameter list --json | jq length)" 5
	is "$(admin parameter list ACME --json | jq length)" 2
	admin state export >"$BATS_TEST_TMPDIR/state.json"
	admin parameter remove '*' welcome
	run admin parameter remove '*' welcome
	[ "$status" = 1 ]
	beta end "meetingID=bee"
	beta create "meetingID=bee&name=Test&welcome=Hello"
	is "$(on_node bee .params.welcome)" Hello
	is "$(admin state import "$BATS_TEST_TMPDIR/state.json")" "parameter welcome: added
1 change"
	is "$(admin audit list --object parameter --name welcome --json | jq -r '[.[] | select(.tenant == null) | .changes] | join(", ")')" \
		"parameter welcome: added, parameter welcome: removed, parameter welcome: added"
	run admin parameter set '*' nothing block
	[[ "$output" == *"parameter nothing: is not one that a tenant may rule"* ]]
	jq '.parameters = [{name: "duration", mode: "max", value: "x"}]' "$BATS_TEST_TMPDIR/state.json" >"$BATS_TEST_TMPDIR/bad.json"
	run admin state import "$BATS_TEST_TMPDIR/bad.json"
	[[ "$output" == *"parameter duration: "* ]]
}

# What a node says of the meeting of that nonce: told NONCE JSON
told() {
	local b64='base64 -w0 | tr +/ -_ | tr -d =' text
	text=$(printf '{"alg":"HS512","typ":"JWT"}' | bash -c "$b64").$(printf '{"exp":%d}' $(($(date +%s) + 600)) | bash -c "$b64")
	ask "$H_DOMAIN" "/b3lb/b/callback/analytics?nonce=$1" --data-binary "@-" \
		-H "Authorization: Bearer $text.$(printf %s "$text" | openssl dgst -sha512 -hmac "${3:-node-secret}" -binary | bash -c "$b64")" <<<"$2"
}

@test "learning analytics are kept for as many days as the tenant wants, and told to who asked for them" {
	admin tenant set ACME --analytics-days 30
	sql "update b3lb.node set state = 'maintenance' where slug = 'n2'"
	bbb create "meetingID=abc&name=Test&record=true"
	[[ "$(on_node abc '.params["meta_analytics-callback-url"]')" == "http://$H_DOMAIN:$H_PORT/b3lb/b/callback/analytics?nonce="* ]]
	id=$(id_of abc) internal=$(sql "select internal_id from b3lb.meeting") nonce=$(sql "select nonce from b3lb.meeting")
	node_ends abc
	h_wait bash -c "[ \"\$(psql -X -A -t -q -h 127.0.0.1 -p $H_PG_PORT -U postgres -d b3lb -c 'select count(*) from b3lb.analytics')\" = 1 ]"
	is "$(sql "select count(*) from b3lb.callback")" 0
	for name in abc "$id" "$internal"; do
		is "$(admin meeting analytics "$name" --json | jq -r '.meeting_id + " " + .internal_meeting_id')" "abc $internal"
	done
	# Again, with people in it; a room beside it; of another session with the same internal id nothing.
	told "$nonce" "{\"meeting_id\":\"$id\",\"internal_meeting_id\":\"$internal\",\"data\":{\"metadata\":{\"secret_lrs_payload\":\"U2Fs\",\"course\":\"7\"},\"attendees\":[{\"name\":\"Änne\",\"moderator\":true,\"duration\":60,\"engagement\":{\"chats\":2,\"talk_time\":7}},7]}}"
	is "$status" 200
	told "$nonce" '{"meeting_id":"room-1","internal_meeting_id":"room-1-1","data":{"attendees":"none"}}'
	is "$status" 200
	is "$(admin meeting analytics abc | sed -n '2,3s/  */ /gp')" "name moderator seconds talk_time talks chats raisehand emojis poll_votes
Änne true 60 7 - 2 - - -"
	[[ "$(admin meeting analytics abc | head -1)" == "ACME-0 abc ($internal), of "* ]]
	is "$(admin meeting analytics room-1 --json | jq -r .internal_meeting_id)" room-1-1
	is "$(admin meeting analytics "$id" --json | jq -c .data.metadata)" '{"course":"7"}'
	# Too long, and too many rooms: told and logged, not kept.
	before=$(grep -c analytics_dropped "$H/backend.log" || true)
	told "$nonce" "{\"internal_meeting_id\":\"long\",\"data\":\"$(head -c 1048576 /dev/zero | tr '\0' x)\"}"
	is "$status" 200
	sql "insert into b3lb.analytics (tenant_id, secret_id, nonce, meeting_id, internal_id, body)
		select tenant_id, secret_id, nonce, 'r' || i, 'r' || i, '{}' from b3lb.analytics, generate_series(1, 62) i where internal_id = 'room-1-1'"
	told "$nonce" '{"internal_meeting_id":"room-65"}'
	is "$status" 200
	is "$(grep -c analytics_dropped "$H/backend.log")" $((before + 2))
	is "$(sql "select count(*) from b3lb.analytics")" 64
	# A client that asks for them gets them too.
	bbb create "meetingID=own&name=Test&meta_analytics-callback-url=$(enc "$(sink_url "$S")")"
	node_ends own
	h_wait bash -c "[ \"\$(psql -X -A -t -q -h 127.0.0.1 -p $H_PG_PORT -U postgres -d b3lb -c 'select count(*) from b3lb.analytics')\" = 65 ]"
	job callbacks
	is "$(sink "$S" | jq -c '.[0].body | fromjson | [.meeting_id, .data.metadata["analytics-callback-url"]]')" "[\"own\",\"$(sink_url "$S")\"]"
	# What is over is shown no more, and goes with the next round.
	sql "update b3lb.analytics set received_at = now() - interval '31 days' where meeting_id = 'abc'"
	run admin meeting analytics abc
	[ "$status" = 1 ]
	job cleanup
	is "$(sql "select count(*) from b3lb.analytics")" 64
	# With the tenant goes what is kept of its meetings.
	admin tenant add GAMMA --group all --analytics-days 3
	admin secret add GAMMA >/dev/null
	sql "insert into b3lb.analytics (tenant_id, secret_id, nonce, meeting_id, internal_id, body)
		select tenant_id, id, 'n', 'm', 'i', '{}' from b3lb.secret where tenant_id = (select id from b3lb.tenant where slug = 'gamma')"
	admin tenant remove GAMMA
	is "$(sql "select count(*) from b3lb.analytics")" 64
	admin tenant set ACME --analytics-days 0
	job cleanup
	is "$(sql "select count(*) from b3lb.analytics")" 0
	bbb create "meetingID=off&name=Test"
	is "$(on_node off '.params["meta_analytics-callback-url"]')" null
	told "$(sql "select nonce from b3lb.meeting where meeting_id = 'off'")" '{"internal_meeting_id":"x"}'
	is "$status $(sql "select count(*) from b3lb.analytics")" "200 0"
}

# What a node's webhooks make of the payload, with its own secret: learnt MEETINGID
learnt() {
	local secret=node-secret
	[ "$(node_of "$1")" = n1 ] || secret=secret-of-n2
	on_node "$1" '.params["meta_secret-lrs-payload"] // empty' | openssl enc -d -aes-256-cbc -pbkdf2 -a -A -pass "pass:$secret" 2>&1
}
payload() { printf '%s' "$2" | openssl enc -aes-256-cbc -pbkdf2 -a -A -pass "pass:$1"; }

@test "the LRS of a tenant is encrypted for the node that is chosen, and anew for the next one" {
	echo t0ken-of-lrs >"$BATS_TEST_TMPDIR/token"
	admin tenant set ACME --lrs-endpoint https://lrs.example/x --lrs-token-file "$BATS_TEST_TMPDIR/token"
	want='{"lrs_endpoint":"https://lrs.example/x/","lrs_token":"t0ken-of-lrs"}'
	bbb create "meetingID=abc&name=Test"
	is "$(learnt abc)" "$want"
	first=$(node_of abc) one=$(on_node abc '.params["meta_secret-lrs-payload"]')
	sql "update b3lb.node set online = false where slug = '$first'"
	bbb create "meetingID=abc&name=Test"
	answers 200 SUCCESS
	[ "$(node_of abc)" != "$first" ]
	is "$(learnt abc)" "$want"
	# The node that answers, when the first one fails.
	sql "update b3lb.node set online = true"
	sim n1/behave mode=status500 calls=create >/dev/null
	sim n2/behave mode=status500 calls=create count=1 >/dev/null
	for i in 1 2 3; do bbb create "meetingID=m$i&name=Test"; done
	sim n1/behave mode=normal >/dev/null
	is "$(learnt m3)" "$want"
	# A salt of its own each time.
	[ "$one" != "$(on_node m3 '.params["meta_secret-lrs-payload"]')" ]
	# Others have none.
	beta create "meetingID=bee&name=Test"
	is "$(on_node bee '.params["meta_secret-lrs-payload"]')" null
	admin tenant set ACME --lrs-endpoint ''
	is "$(sql "select count(*) from b3lb.tenant where lrs_token is not null")" 0
	bbb create "meetingID=none&name=Test"
	is "$(on_node none '.params["meta_secret-lrs-payload"]')" null
}

@test "a client's own LRS is read with its secret, old or new, and encrypted for the node" {
	own='{"lrs_endpoint":"https://own.example/","lrs_username":"u","lrs_password":"p"}'
	bbb create "meetingID=abc&name=Test&meta_Secret-LRS-Payload=$(enc "$(payload "$ACME_SECRET" "$own")")"
	is "$(learnt abc)" "$own"
	admin secret roll ACME --secret newer
	bbb create "meetingID=old&name=Test&meta_secret-lrs-payload=$(enc "$(payload "$ACME_SECRET" "$own")")"
	is "$(learnt old)" "$own"
	printf 'x' | admin tenant set ACME --lrs-endpoint https://lrs.example/ --lrs-token-file -
	bbb create "meetingID=new&name=Test&meta_secret-lrs-payload=$(enc "$(payload newer "$own")")"
	is "$(learnt new)" "$own"
	# What cannot be read goes, and the tenant's counts; a create goes on.
	before=$(log_has lrs_dropped)
	for bad in "$(payload wrong "$own")" "$(payload newer "no JSON")" rubbish "$(payload newer "{\"x\":\"$(head -c 7000 /dev/zero | tr '\0' x)\"}")"; do
		q="meetingID=bad&name=Test&meta_secret-lrs-payload=$(enc "$bad")"
		ask "acme.$H_DOMAIN" /bigbluebutton/api/create -d "$q&checksum=$(checksum create "$q" newer)"
		answers 200 SUCCESS
		is "$(learnt bad)" '{"lrs_endpoint":"https://lrs.example/","lrs_token":"x"}'
		bbb end "meetingID=bad"
	done
	is "$(log_has lrs_dropped)" $((before + 4))
	run grep -F "$own" "$H/api.log"
	[ "$status" = 1 ]
	admin tenant set ACME --lrs-force on
	bbb create "meetingID=forced&name=Test&meta_secret-lrs-payload=$(enc "$(payload newer "$own")")"
	is "$(learnt forced)" '{"lrs_endpoint":"https://lrs.example/","lrs_token":"x"}'
	admin secret roll ACME --finish
	admin secret set ACME --description ""
	sql "update b3lb.secret set secret = '$ACME_SECRET' where secret = 'newer'"
}

@test "an LRS without TLS is forced, has one key, and leaves no export without secrets" {
	refused() {
		run admin tenant set ACME "${@:2}"
		[ "$status" = 1 ] && [[ "$output" == *"$1"* ]] || { echo "$output"; return 1; }
	}
	printf 'p w\nnext' >"$BATS_TEST_TMPDIR/password"
	refused "lrs_endpoint needs lrs_token, or lrs_user and lrs_password" --lrs-endpoint https://lrs.example/
	refused "lrs_endpoint needs lrs_token, or lrs_user and lrs_password" --lrs-endpoint https://lrs.example/ --lrs-user u
	refused "lrs_endpoint must be https" --lrs-endpoint http://lrs.example/ --lrs-user u --lrs-password-file "$BATS_TEST_TMPDIR/password"
	refused "lrs_endpoint must be an http or https URL" --lrs-endpoint "https://u:p@lrs.example/" --lrs-user u --lrs-password-file "$BATS_TEST_TMPDIR/password"
	refused "could not read $BATS_TEST_TMPDIR/none" --lrs-endpoint https://lrs.example/ --lrs-token-file "$BATS_TEST_TMPDIR/none"
	refused "lrs_token must not be there beside" --lrs-endpoint https://lrs.example/ --lrs-user u --lrs-password-file "$BATS_TEST_TMPDIR/password" --lrs-token-file "$BATS_TEST_TMPDIR/password"
	admin tenant set ACME --lrs-endpoint http://lrs.example//x// --lrs-user u --lrs-password-file "$BATS_TEST_TMPDIR/password" --force
	# It was: other changes go on.
	admin tenant set ACME --description "Of ACME"
	is "$(sql "select concat_ws('|', lrs_endpoint, lrs_token, lrs_user, lrs_password) from b3lb.tenant where slug = 'acme'")" "http://lrs.example//x/|u|p w"
	is "$(admin tenant show ACME --json | jq -r .lrs_endpoint)" http://lrs.example//x/
	run admin tenant show ACME
	[[ "$output" != *"p w"* ]]
	run admin audit list --object tenant --json
	[[ "$output" != *"p w"* && "$output" == *"lrs_password changed"* ]]
	admin state export >"$BATS_TEST_TMPDIR/state.json"
	is "$(jq -c '.tenants[0] | [.lrs_endpoint, .lrs_user, .lrs_password, .lrs_token]' "$BATS_TEST_TMPDIR/state.json")" '["http://lrs.example//x/","u",null,null]'
	is "$(grep -c lrs_password "$BATS_TEST_TMPDIR/state.json" || true)" 0
	admin state export --secrets >"$BATS_TEST_TMPDIR/secrets.json"
	admin state import "$BATS_TEST_TMPDIR/state.json" | grep -qx "0 changes"
	printf 'tok' | admin tenant set ACME --lrs-token-file - --limit-mode warn --analytics-days 3 --lrs-force on
	is "$(sql "select concat_ws('|', lrs_endpoint, lrs_token, lrs_user, lrs_password) from b3lb.tenant where slug = 'acme'")" "http://lrs.example//x/|tok"
	admin state import "$BATS_TEST_TMPDIR/secrets.json" >/dev/null
	is "$(sql "select concat_ws('|', lrs_token, lrs_user, lrs_password, limit_mode, analytics_days, lrs_force) from b3lb.tenant where slug = 'acme'")" "u|p w|join|0|f"
	# What an import without secrets left is no fault of another change; nodes get nothing then.
	sql "update b3lb.tenant set lrs_password = null where slug = 'acme'"
	admin tenant set ACME --description ""
	bbb create "meetingID=abc&name=Test"
	is "$(on_node abc '.params["meta_secret-lrs-payload"]')" null
	run admin check
	[[ "$output" == *"nothing opens the learning record store of ACME,"* ]]
}

@test "no answer of any kind shows what is ours: nonces, ids, record tag, callbacks, LRS" {
	own='{"lrs_endpoint":"https://own.example/","lrs_token":"own-t0ken"}'
	admin tenant set ACME --analytics-days 3
	sql "update b3lb.node set state = 'maintenance' where slug = 'n2'"
	bbb hooks/create "callbackURL=$(enc "$(sink_url "$S-hook")")"
	hook_node n1 v3.4
	mine=$(payload "$ACME_SECRET" "$own")
	bbb create "meetingID=my+room&name=Test&record=true&meta_course=7&meta_server-tag=mine&meta_b3lb-recordset=x&meta_endCallbackUrl=$(enc "$(sink_url "$S-end")")&meta_analytics-callback-url=$(enc "$(sink_url "$S-analytics")")&meta_secret-lrs-payload=$(enc "$mine")"
	answers 200 SUCCESS
	all=$output
	id=$(id_of "my room") internal=$(sql "select internal_id from b3lb.meeting")
	carried=$(on_node "my room" '.params["meta_secret-lrs-payload"]')
	ours=("$id" $(sql "select nonce from b3lb.meeting union all select next_nonce from b3lb.meeting union all select nonce from b3lb.record_set
		union all select next_record_nonce from b3lb.meeting union all select hook_nonce from b3lb.node") "$mine" "$carried" "${carried:0:40}" lrs own-t0ken recordset "/b3lb/b/")
	is "${#ours[@]}" 14
	for call in "getMeetings " "getMeetingInfo meetingID=my+room" "create meetingID=my+room&name=Test" "isMeetingRunning meetingID=my+room" "getSessions "; do
		bbb "${call%% *}" "${call#* }"
		is "$status" 200
		all+=$output
	done
	job poll 2>/dev/null
	for call in "getMeetings " "getMeetingInfo meetingID=$internal"; do
		bbb "${call%% *}" "${call#* }"
		is "$(x //metadata/course) $(x //metadata/endcallbackurl)" "7 $(sink_url "$S-end")"
		all+=$output
	done
	sim n1/event "meetingID=$id" name=user-joined 'extra="user":{"internal-user-id":"w","external-user-id":"u","name":"Ana","role":"VIEWER"}' >/dev/null
	h_wait bash -c "[ \"\$(psql -X -A -t -q -h 127.0.0.1 -p $H_PG_PORT -U postgres -d b3lb -c \"select string_agg(name, ' ' order by name) from b3lb.hook_event\")\" = 'meeting-created user-joined' ]"
	hook_send
	all+=$(sink "$S-hook")
	nonce=$(sql "select r.nonce from b3lb.record_set r")
	node_ends "my room"
	h_wait bash -c "[ \"\$(psql -X -A -t -q -h 127.0.0.1 -p $H_PG_PORT -U postgres -d b3lb -c \"select string_agg(kind, ' ' order by kind) from b3lb.callback\")\" = 'analytics end' ]"
	job callbacks
	all+=$(sink "$S-end")$(sink "$S-analytics")$(admin meeting analytics "$internal" --json)
	rec_video
	rec_tar "$BATS_TEST_TMPDIR/a.tar" "$internal" "$nonce" "$id"
	sed -i "s|<gl-listed>|<course>7</course><secret-lrs-payload>$carried</secret-lrs-payload><analytics-callback-url>http://ours.test/b3lb/b/callback/analytics?nonce=1</analytics-callback-url>&|" \
		"$BATS_TEST_TMPDIR/a.tar.xml"
	upload "$nonce" "$BATS_TEST_TMPDIR/a.tar"
	is "$status" 200
	sql "update b3lb.record_set set status = 'RENDERED', rendered_at = now(), published = true"
	hook_send
	all+=$(sink "$S-hook")$(admin recording list --json)
	bbb getRecordings ""
	is "$(x 'count(//recording)') $(x //metadata/course)" "1 7"
	all+=$output
	bbb getRecordingTextTracks "recordID=$internal"
	all+=$output
	[[ "$all" == *user-joined* && "$all" == *rap-* || "$all" == *meeting-created* ]]
	for text in "${ours[@]}"; do
		[[ "${all,,}" != *"${text,,}"* ]] || { echo "'$text' stands in: $(grep -o -i -F -m1 ".\{0,200\}$text.\{0,40\}" <<<"$all" || echo "$all" | grep -i -F "$text" | cut -c1-2000)"; false; }
	done
}
