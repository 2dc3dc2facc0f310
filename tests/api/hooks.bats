# Webhooks as clients make them, and the events that we make ourselves.
load ../harness/harness.bash
load ../harness/hook.bash
bats_require_minimum_version 1.5.0
setup_file() { h_start 2 "hook_limit = 4"; }
teardown_file() { h_stop; }
setup() {
	h_reset
	hook_reset
	S=s$BATS_TEST_NUMBER
}

url() { enc "$(sink_url "$S")"; }

@test "create, list, destroy: the elements, in their order" {
	bbb hooks/create "callbackURL=$(url)&meetingID=room+1&eventID=User-Joined,%20user-left%20"
	id=$(x //hookID)
	is "$output" "<response><returncode>SUCCESS</returncode><hookID>$id</hookID><permanentHook>false</permanentHook><rawData>false</rawData></response>"
	bbb hooks/list ""
	is "$output" "<response><returncode>SUCCESS</returncode><hooks><hook><hookID>$id</hookID><callbackURL><![CDATA[$(sink_url "$S")]]></callbackURL><meetingID><![CDATA[room 1]]></meetingID><eventID>user-joined,user-left</eventID><permanentHook>false</permanentHook><rawData>false</rawData></hook></hooks></response>"
	bbb hooks/destroy "hookID=$id"
	is "$output" "<response><returncode>SUCCESS</returncode><removed>true</removed></response>"
	bbb hooks/list ""
	is "$output" "<response><returncode>SUCCESS</returncode><hooks></hooks></response>"
	# What no XML may hold.
	bbb hooks/create "callbackURL=$(url)&meetingID=a%EF%BF%BF%5D%5D%3Eb"
	bbb hooks/list ""
	is "$(x //meetingID)" $'a\uFFFD]]>b'
}

@test "as a form, with SHA-1, and with a slash at the end" {
	q="callbackURL=$(url)"
	ask "acme.$H_DOMAIN" /bigbluebutton/api/hooks/create -d "$q&checksum=$(checksum hooks/create "$q" "$ACME_SECRET" sha1)"
	answers 200 SUCCESS
	ask "acme.$H_DOMAIN" "/bigbluebutton/api/hooks/list/?checksum=$(checksum hooks/list "" "$ACME_SECRET" sha1)"
	answers 200 SUCCESS
	is "$(x 'count(//hook)')" 1
	ask "acme.$H_DOMAIN" "/bigbluebutton/api/hooks/list?checksum=$(checksum hooks/list "" wrong sha1)"
	answers 401 FAILED checksumError
}

@test "what is missing or wrong has webhooks' own keys" {
	bbb hooks/create ""
	answers 400 FAILED missingParamCallbackURL
	bbb hooks/create "callbackURL="
	answers 400 FAILED missingParamCallbackURL
	bbb hooks/destroy ""
	answers 400 FAILED missingParamHookID
	for bad in nothing ftp://x/ http:// http://a%20b/ http://u:p@x/ http://x/%0A "http://x/$(printf 'y%.0s' {1..2048})"; do
		bbb hooks/create "callbackURL=$bad"
		answers 400 FAILED createHookError
	done
	bbb hooks/create "callbackURL=http://x/%01"
	answers 400 FAILED createHookError
	bbb hooks/create "callbackURL=$(url)&getRaw=true"
	answers 400 FAILED createHookError
	bbb hooks/create "callbackURL=$(url)&eventID=$(printf 'e%s,' {1..65})"
	answers 400 FAILED createHookError
	bbb hooks/create "callbackURL=$(url)&meetingID=$(printf 'm%.0s' {1..257})"
	answers 400 FAILED invalidParameters
	bbb hooks/list ""
	is "$(x 'count(//hook)')" 0
}

@test "a hook that is not there is FAILED with status 200, whatever its id" {
	for id in 4711 x -1 99999999999999999999 3b241101-e2bb-4255-8caf-4136c566a962; do
		bbb hooks/destroy "hookID=$id"
		answers 200 FAILED destroyMissingHook
	done
}

@test "a duplicate has the old id and the new events; another meeting's is none" {
	bbb hooks/create "callbackURL=$(url)&eventID=user-joined"
	id=$(x //hookID)
	bbb hooks/create "callbackURL=$(url)&eventID="
	answers 200 SUCCESS duplicateWarning
	is "$(x //hookID)" "$id"
	bbb hooks/create "callbackURL=$(url)&meetingID=abc"
	answers 200 SUCCESS
	[ "$(x //hookID)" != "$id" ]
	is "$(sql "select string_agg(meeting_id || coalesce(array_to_string(events, ','), '*'), ' ' order by id) from b3lb.hook")" "* abc*"
}

@test "list with a meetingID: those of every meeting and that one's" {
	bbb hooks/create "callbackURL=$(url)"
	bbb hooks/create "callbackURL=$(url)&meetingID=abc"
	bbb hooks/create "callbackURL=$(url)&meetingID=other"
	bbb hooks/list "meetingID=abc"
	is "$(x 'count(//hook)')" 2
	bbb hooks/list "meetingID=unknown"
	is "$(x 'count(//hook)')" 1
}

@test "a secret has hook_limit of them" {
	for i in 1 2 3 4; do
		bbb hooks/create "callbackURL=http://x/$i"
		answers 200 SUCCESS
	done
	bbb hooks/create "callbackURL=http://x/5"
	answers 400 FAILED createHookError
	bbb hooks/create "callbackURL=http://x/4"
	answers 200 SUCCESS duplicateWarning
	acme5 hooks/create "callbackURL=http://x/5"
	answers 200 SUCCESS
}

@test "sub id 0 sees and destroys the whole tenant's, another sub id its own, another tenant none" {
	acme5 hooks/create "callbackURL=$(url)"
	five=$(x //hookID)
	bbb hooks/create "callbackURL=$(url)"
	zero=$(x //hookID)
	acme5 hooks/list ""
	is "$(x 'count(//hook)')$(x //hookID)" "1$five"
	beta hooks/list ""
	is "$(x 'count(//hook)')" 0
	acme5 hooks/destroy "hookID=$zero"
	answers 200 FAILED destroyMissingHook
	beta hooks/destroy "hookID=$five"
	answers 200 FAILED destroyMissingHook
	bbb hooks/list ""
	is "$(x 'count(//hook)')" 2
	bbb hooks/destroy "hookID=$five"
	answers 200 SUCCESS
}

@test "with error_status = bbb each is 200" {
	admin tenant set acme --error-status bbb
	bbb hooks/create ""
	answers 200 FAILED missingParamCallbackURL
	bbb hooks/destroy ""
	answers 200 FAILED missingParamHookID
}

@test "meeting-created and meeting-ended are made by us: the client's ids and metadata, nothing of ours" {
	bbb hooks/create "callbackURL=$(url)%3Fx%3D1"
	bbb create "meetingID=room+1&name=R%26D&record=true&meta_course=5%3C6&meta_endCallbackUrl=$(enc http://lms.example/end)&moderatorPW=m&attendeePW=a"
	internal=$(x //internalMeetingID)
	bbb end "meetingID=room+1"
	hook_send
	is "$(hook_names "$S")" "meeting-created meeting-ended"
	created=$(hook_got "$S" | sed -n 1p)
	is "$(jq -r '.attributes.meeting | [.["internal-meeting-id"], .["external-meeting-id"], .name, .["parent-id"], .["is-breakout"], .record, .["moderator-pass"], .["viewer-pass"], .metadata.course, .metadata.endcallbackurl] | join("|")' <<<"$created")" \
		"$internal|room 1|R&D|bbb-none|false|true|m|a|5<6|http://lms.example/end"
	[[ "$(sink "$S")" != *b3lb-* && "$(sink "$S")" != *nonce* ]]
	is "$(jq -r .domain <<<"$created")" "acme.$H_DOMAIN"
	is "$(hook_got "$S" | jq -s '.[0].timestamp < .[1].timestamp and .[0].event.ts <= .[1].event.ts')" true
	is "$(sink "$S" | jq -r '.[0].content_type')" "application/x-www-form-urlencoded;charset=UTF-8"
}

@test "the checksum is that of bbb-webhooks 3.4: URL, form as it was sent, secret; bearer and another algorithm where the tenant wants them" {
	bbb hooks/create "callbackURL=$(url)%3Fx%3D1"
	signed_by() { printf '%s' "$(sink_url "$S")?x=1$(sink "$S" | jq -r ".[$2].body")$ACME_SECRET" | "$1sum" | cut -d' ' -f1; }
	bbb create "meetingID=abc&name=Test"
	hook_send
	is "$(sink "$S" | jq -r '.[0].query')" "x=1&checksum=$(signed_by sha1 0)"
	admin tenant set acme --hook-sha sha512
	bbb end "meetingID=abc"
	hook_send
	is "$(sink "$S" | jq -r '.[1].query')" "x=1&checksum=$(signed_by sha512 1)"
	admin tenant set acme --hook-auth bearer
	bbb create "meetingID=abc&name=Test"
	hook_send
	is "$(sink "$S" | jq -r '.[2] | .query + " " + .authorization')" "x=1 Bearer $ACME_SECRET"
	admin tenant set acme --hook-auth checksum --hook-sha sha1
}

@test "HumHub: the hook before the meeting, one URL for several rooms" {
	for room in a1 b2; do
		bbb hooks/create "callbackURL=$(url)&meetingID=$room&eventID="
		answers 200 SUCCESS
	done
	for room in a1 b2 c3; do bbb create "meetingID=$room&name=Test"; done
	hook_send
	is "$(hook_got "$S" | jq -r '.attributes.meeting["external-meeting-id"]' | sort | paste -sd' ')" "a1 b2"
}

@test "an event goes once to one URL, though several hooks match; unknown names of events are kept" {
	bbb hooks/create "callbackURL=$(url)&eventID=never-heard"
	bbb hooks/create "callbackURL=$(url)&meetingID=abc"
	bbb create "meetingID=abc&name=Test"
	hook_send
	is "$(hook_names "$S")" "meeting-created"
}

@test "a tenant hears of its own meetings, a sub id of its own, sub id 0 of all" {
	bbb hooks/create "callbackURL=$(enc "$(sink_url "$S-0")")"
	acme5 hooks/create "callbackURL=$(enc "$(sink_url "$S-5")")"
	beta hooks/create "callbackURL=$(enc "$(sink_url "$S-b")")"
	bbb create "meetingID=zero&name=Test"
	acme5 create "meetingID=five&name=Test"
	beta create "meetingID=beta&name=Test"
	hook_send
	is "$(hook_got "$S-0" | jq -r '.attributes.meeting["external-meeting-id"]' | sort | paste -sd' ')" "five zero"
	is "$(hook_got "$S-5" | jq -r '.attributes.meeting["external-meeting-id"]')" five
	is "$(hook_got "$S-5" | jq -r .domain)" "acme-5.$H_DOMAIN"
	is "$(hook_got "$S-b" | jq -r '.attributes.meeting["external-meeting-id"]')" beta
}

@test "the administrator's hooks are seen, and neither destroyed by clients nor counted out by failures" {
	run -0 admin hook add acme-5 "$(sink_url "$S")" --meeting abc --events meeting-ended
	id=$output
	acme5 hooks/list ""
	is "$(x //permanentHook)" true
	acme5 hooks/destroy "hookID=$id"
	answers 200 FAILED destroyMissingHook
	admin hook test "$id"
	hook_send
	is "$(hook_names "$S")" b3lb-test
	run -0 admin hook list acme --json
	is "$(jq -r '.[0] | "\(.id) \(.sub_id) \(.meeting_id) \(.events) \(.waiting)"' <<<"$output")" "$id 5 abc meeting-ended 0"
	run -1 admin hook add acme "http://u:p@x/"
	[[ "$output" == *"callbackURL must be"* ]]
	run -1 admin hook add acme-7 "$(sink_url "$S")"
	run -1 admin hook remove 4711
	run -1 admin hook test x
	run -0 admin hook remove "$id"
	is "$(sql "select count(*) from b3lb.hook")" 0
	is "$(sql "select string_agg(tenant || ' ' || changes, ', ' order by id) from b3lb.audit where object = 'hook' and name = '$id'")" "ACME added, ACME removed"
}

@test "recordings: published once for each format, published, unpublished and deleted, with our links" {
	bbb hooks/create "callbackURL=$(url)"
	bbb create "meetingID=abc&name=Test&record=true"
	record=$(x //internalMeetingID)
	sql "update b3lb.record_set set status = 'RENDERING', archive_key = 'k', uploaded_at = now(), meta = '{\"a\": \"b\"}'"
	set=$(sql "select id from b3lb.record_set")
	sql "select b3lb.finish_render($set, 'k', '{video}', '{v}', '{1000}', '{61000}', '{video/mp4}', '{mp4}', '{5}')"
	nonce=$(sql "select nonce from b3lb.record")
	sql "update b3lb.record_set set status = 'RENDERING'; select b3lb.finish_render($set, 'k', '{video}', '{w}', '{1000}', '{61000}', '{video/mp4}', '{mp4}', '{5}')"
	# A protected one has no address that stays.
	sql "update b3lb.record_set set protected = true; insert into b3lb.record (record_set_id, nonce, profile, type, size, mime, extension, storage_key, duration_ms)
		values ($set, 'other', 'other', 'video', 1000, 'video/mp4', 'mp4', 'z', 61000)"
	bbb publishRecordings "recordID=$record&publish=false"
	bbb publishRecordings "recordID=$record&publish=false"
	bbb publishRecordings "recordID=$record&publish=true"
	admin recording unpublish "$record"
	bbb deleteRecordings "recordID=$record"
	hook_send
	is "$(hook_names "$S")" "meeting-created rap-publish-started rap-publish-ended rap-publish-started rap-publish-ended rap-unpublished rap-published rap-unpublished rap-deleted"
	is "$(hook_got "$S" | jq -r 'select(.id == "rap-publish-ended") | .attributes | [.["record-id"], .meeting["external-meeting-id"], .success, .recording.playback.link, .recording.metadata.a] | join("|")')" \
		"$record|abc|true|http://$H_DOMAIN:$H_PORT/b3lb/r/$nonce|b
$record|abc|true||b"
	is "$(hook_got "$S" | jq -s '.[1].event.ts < 10000000000')" true
}

@test "the settings of a tenant go with its state" {
	admin tenant set beta --hook-auth bearer --hook-sha sha384
	admin state export >"$BATS_TEST_TMPDIR/state.json"
	is "$(jq -r '.tenants[] | select(.slug == "BETA") | "\(.hook_auth) \(.hook_sha)"' "$BATS_TEST_TMPDIR/state.json")" "bearer sha384"
	admin tenant set beta --hook-auth checksum --hook-sha sha1
	admin state import "$BATS_TEST_TMPDIR/state.json"
	is "$(sql "select hook_auth || ' ' || hook_sha from b3lb.tenant where slug = 'beta'")" "bearer sha384"
}

@test "webhooks = off: no such call, nothing is sent, nothing waits" {
	bbb hooks/create "callbackURL=$(url)"
	answers 200 SUCCESS
	h_front_stop
	sed -i '/^webhooks/d' "$H/b3lb.conf"
	echo "webhooks = off" >>"$H/b3lb.conf"
	h_front_start
	bbb hooks/create "callbackURL=$(url)"
	answers 404 FAILED unsupportedRequest
	bbb hooks/list ""
	answers 404 FAILED unsupportedRequest
	bbb create "meetingID=room&name=Room"
	sql "update b3lb.hook set failing_since = now() - interval '25 hours'"
	hook_waits 1
	hook_send
	is "$(sink "$S" | jq length)" 0
	hook_waits 0
	is "$(sql "select count(*) from b3lb.hook where failing_since is null")" 1
}
