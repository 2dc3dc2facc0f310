# Webhooks on their way: from nodes of each version to the clients, in order, once.
load ../harness/harness.bash
load ../harness/hook.bash
load ../harness/session.bash
bats_require_minimum_version 1.5.0
setup_file() { h_start 2 "webhooks = nodes"; }
teardown_file() { h_stop; }
setup() {
	h_reset
	hook_reset
	for n in n1 n2; do sim $n/hooks profile=absent external=yes forget=1 >/dev/null; done
	sql "update b3lb.node set hook_at = null, hook_state = 'unknown', hook_weak = false; update b3lb.tenant set hook_auth = 'checksum'"
	S=s$BATS_TEST_NUMBER
}

hook() { bbb hooks/create "callbackURL=$(enc "$(sink_url "${1:-$S}")")${2:+&$2}" && answers 200 SUCCESS; }
slug() { sql "select n.slug from b3lb.meeting m join b3lb.node n on n.id = m.node_id where m.meeting_id = '$1'"; }
id_of() { sql "select node_meeting_id from b3lb.meeting where meeting_id = '$1'"; }
states() { sql "select string_agg(hook_state, ' ' order by slug) from b3lb.node"; }
# The meeting's node sends an event: happens MEETINGID NAME [OPTIONS]
happens() { sim "$(slug "$1")/event" "meetingID=$(id_of "$1")" "name=$2" "${@:3}" >/dev/null; }
ANA='"user":{"internal-user-id":"w_k3","external-user-id":"u7","name":"Ana","role":"MODERATOR","ip-address":"192.0.2.7","user-agent":"x","session-token":"secret"}'
# What a node sends, by hand: posted QUERY FORM [CURL OPTIONS]
posted() { ask "$H_DOMAIN" "/b3lb/b/callback/event?$1" -d "$2" "${@:3}"; }
nonce() { sql "select hook_nonce from b3lb.node where slug = '$1'"; }
# A form of that event text, signed as 3.4 does: post_event NODE TEXT [SECRET]; of a nonce in place of a node: post_as NONCE TEXT [SECRET]
post_as() {
	local url form
	url="http://$H_DOMAIN:$H_PORT/b3lb/b/callback/event?nonce=$1"
	form="domain=n&event=$(enc "$2")&timestamp=1"
	posted "nonce=$1&checksum=$(printf '%s%s%s' "$url" "$form" "${3:-node-secret}" | sha1sum | cut -d' ' -f1)" "$form"
}
post_event() { post_as "$(nonce "$1")" "${@:2}"; }

@test "nodes of each version tell us, and their events reach the client under its own ids" {
	hook
	for profile in v2 v3.0 v3.4 bearer; do
		sql "update b3lb.node set hook_weak = false"
		hook_node n1 "$profile"
		hook_node n2 "$profile"
		is "$(states)" "on on"
		bbb create "meetingID=$profile&name=Test&meta_x=1&meta_endCallbackUrl=$(enc http://lms.example/end)&record=true"
		happens "$profile" user-joined "extra=$ANA"
		h_wait hook_waits 2
		hook_send
		is "$(hook_got "$S" | jq -r '"\(.id) \(.attributes.meeting["external-meeting-id"])"' | tail -2 | paste -sd' ')" "meeting-created $profile user-joined $profile"
		is "$(sql "select bool_or(hook_weak) from b3lb.node")" "$([ $profile = v3.0 ] && echo t || echo f)"
	done
	is "$(hook_got "$S" | jq -r 'select(.id == "meeting-created") | .attributes.meeting.metadata | [.x, .endcallbackurl, (keys | length)] | join(" ")' | sort -u)" "1 http://lms.example/end 2"
	is "$(hook_got "$S" | jq -c 'select(.id == "user-joined") | .attributes.user' | sort -u)" '{"external-user-id":"u7","internal-user-id":"w_k3","name":"Ana","role":"MODERATOR"}'
	[[ "$(sink "$S")" != *b3lb-* && "$(sink "$S")" != *nonce* ]]
}

@test "a node is asked where a tenant has a hook, again after it forgot, and told to stop when none has one" {
	sim n1/hooks profile=v3.4
	sim n2/hooks profile=v2
	job hooks
	is "$(sim n1/hooks | wc -l)" 0
	hook
	id=$(x //hookID)
	job hooks
	is "$(sim n1/hooks)" "http://$H_DOMAIN:$H_PORT/b3lb/b/callback/event?nonce=$(nonce n1)"
	sim n1/hooks forget=1 >/dev/null
	job hooks
	is "$(sim n1/hooks | wc -l)" 0
	sql "update b3lb.node set hook_at = now() - interval '301 seconds'"
	job hooks
	is "$(sim n1/hooks | wc -l)" 1
	# Somebody else's stays.
	q="callbackURL=http://other/"
	curl -sS "http://127.0.0.1:$H_SIM_PORT/n1/bigbluebutton/api/hooks/create?$q&checksum=$(checksum hooks/create "$q" node-secret sha1)" >/dev/null
	bbb hooks/destroy "hookID=$id"
	sql "update b3lb.node set hook_at = now() - interval '61 seconds'"
	job hooks
	is "$(sim n1/hooks) $(sim n2/hooks)" "http://other/ "
	is "$(states)" "unknown unknown"
}

@test "a node that was removed destroys our webhook, as soon as it answers" {
	sim n2/hooks profile=v3.4
	hook
	admin node add n9 --cluster main --url "http://127.0.0.1:$H_SIM_PORT/n2/bigbluebutton" --secret node-secret
	sql "update b3lb.node set online = true"
	job hooks
	is "$(sim n2/hooks | wc -l)" 2
	admin node remove n9
	sim n2/behave mode=refuse >/dev/null
	job hooks
	is "$(sql "select count(*) from b3lb.hook_left")" 1
	sim n2/behave mode=normal >/dev/null
	# Not at once again.
	job hooks
	is "$(sim n2/hooks | wc -l)" 2
	sql "update b3lb.hook_left set asked_at = now() - interval '61 seconds'"
	job hooks
	is "$(sim n2/hooks)" "http://$H_DOMAIN:$H_PORT/b3lb/b/callback/event?nonce=$(nonce n2)"
	is "$(sql "select count(*) from b3lb.hook_left")" 0
	# A day is enough.
	sql "insert into b3lb.hook_left (id, node, left_at) select id, to_jsonb(n), now() - interval '25 hours' from b3lb.node n where slug = 'n1'"
	job hooks
	is "$(sql "select count(*) from b3lb.hook_left")" 0
}

@test "absent, refused and silent nodes are told apart" {
	hook
	sim n2/hooks profile=v3.4 >/dev/null
	sql "update b3lb.node set secret = 'wrong' where slug = 'n2'"
	run -0 job hooks
	is "$(states)" "absent refused"
	grep -q "state=refused" <<<"$output"
	sql "update b3lb.node set secret = 'node-secret'"
	sim n2/behave mode=refuse >/dev/null
	sql "update b3lb.node set hook_at = null"
	job hooks
	is "$(states)" "absent unknown"
}

@test "a signature that is not the node's, an unknown nonce, a form that is none" {
	bbb create "meetingID=abc&name=Test"
	posted "nonce=$(nonce n1)" "event=[]"
	is "$status" 403
	posted "nonce=$(nonce n1)&checksum=$(printf 0%.0s {1..40})" "event=[]"
	is "$status" 403
	posted "nonce=$(nonce n1)" "event=[]" -H "Authorization: Bearer wrong"
	is "$status" 403
	posted "nonce=00000000000000000000000000000000" "event=[]"
	is "$status" 404
	for bad in '' '{}' '[]' '[1]' '[{"data":{}}]' '[{"data":{"id":1}}]' 'x' '[{"data":{"id":"a","x":"\u0000"}}]' "$(printf '[%.0s' {1..70})" \
		"[$(printf '{"data":{"id":"a"}},%.0s' {1..100}){\"data\":{\"id\":\"a\"}}]"; do
		post_event n1 "$bad"
		is "$status" 400
	done
	post_event n1 '[{"data":{"id":"a"}}]'
	is "$status" 200
	ask "$H_DOMAIN" "/b3lb/b/callback/event?nonce=$(nonce n1)"
	is "$status" 405
	head -c 1100000 /dev/zero | tr '\0' x >"$BATS_TEST_TMPDIR/big"
	ask "$H_DOMAIN" "/b3lb/b/callback/event?nonce=$(nonce n1)" --data-binary "@$BATS_TEST_TMPDIR/big"
	is "$status" 413
}

@test "a node's new secret counts at once, and a node that was removed is nobody, though its events were taken a moment ago" {
	for ((i = 0; i < 3; i++)); do
		post_event n1 '[{"data":{"id":"a"}}]'
		is "$status" 200
	done
	run -0 admin node set n1 --secret other
	post_event n1 '[{"data":{"id":"a"}}]'
	is "$status" 403
	post_event n1 '[{"data":{"id":"a"}}]' other
	is "$status" 200
	run -0 admin node set n1 --secret node-secret
	post_event n1 '[{"data":{"id":"a"}}]'
	is "$status" 200
	admin node add n9 --cluster main --url "http://127.0.0.1:$H_SIM_PORT/n2/bigbluebutton" --secret node-secret
	gone=$(nonce n9)
	post_as "$gone" '[{"data":{"id":"a"}}]'
	is "$status" 200
	admin node remove n9
	post_as "$gone" '[{"data":{"id":"a"}}]'
	is "$status" 404
}

@test "an event of a hook that went while it was put down is sent to nobody, and goes" {
	hook
	hook "$S-b"
	id=$(x //hookID)
	hook_node n1 v3.4
	hook_node n2 v3.4
	bbb create "meetingID=abc&name=Test"
	hook_send
	happens abc user-joined
	h_wait hook_waits 2
	# Who puts it down has seen the hook, and says so after it went.
	session_open
	session "begin; select b3lb.hook_put(array[$id], 'x', 'late', 1, '{}', false, interval '0')"
	bbb hooks/destroy "hookID=$id"
	answers 200 SUCCESS
	hook_waits 1
	session commit
	session_close
	hook_waits 2
	hook_send
	is "$(hook_names "$S-b")" meeting-created
	is "$(hook_names "$S")" "meeting-created user-joined"
	hook_waits 0
}

@test "an event that must wait for what somebody else tells is sent again by its node, and holds no other up" {
	hook
	for m in m1 m2; do bbb create "meetingID=$m&name=Test"; done
	for m in m1 m2; do sql "update b3lb.meeting set internal_id = 'i-$m' where meeting_id = '$m'"; done
	event() { printf '[{"data":{"type":"event","id":"%s","attributes":{"meeting":{"internal-meeting-id":"%s","external-meeting-id":"%s"}},"event":{"ts":%s}}}]' "$1" "i-$2" "$(id_of "$2")" "$3"; }
	# A poll that sees the end of many meetings holds what it tells until it has seen all.
	session_open
	session "begin; select b3lb.hook_first('meeting-ended i-m1', '1 hour')"
	one=$(event meeting-ended m1 1)
	# `ask` keeps one answer at a time.
	send() {
		local form
		form="domain=n&event=$(enc "$2")&timestamp=1"
		curl -sS -o /dev/null -w '%{http_code}\n' -H "Authorization: Bearer node-secret" -d "$form" "http://$H_DOMAIN:$H_PORT/b3lb/b/callback/event?nonce=$(nonce "$1")"
	}
	for ((i = 0; i < 8; i++)); do
		(for ((k = 0; k < 3; k++)); do send "$(slug m2)" "$(event user-joined m2 "1$i$k")"; done >"$BATS_TEST_TMPDIR/$i") &
	done
	post_event "$(slug m1)" "$one"
	is "$status" 503
	[ -n "$(header retry-after)" ]
	for ((i = 0; i < 8; i++)); do h_wait bash -c "[ \$(wc -l <'$BATS_TEST_TMPDIR/$i') = 3 ]"; done
	is "$(sort -u "$BATS_TEST_TMPDIR"/[0-9])" 200
	is "$(sql "select count(*) from b3lb.hook_event where name = 'user-joined'")" 24
	session rollback
	session_close
	post_event "$(slug m1)" "$one"
	is "$status" 200
	is "$(sql "select count(*) from b3lb.hook_event where name = 'meeting-ended'")" 1
}

@test "two tenants on one node hear of their own; a node speaks of its own meetings only" {
	hook "$S-a"
	beta hooks/create "callbackURL=$(enc "$(sink_url "$S-b")")"
	sql "update b3lb.node set state = 'draining' where slug = 'n2'"
	hook_node n1 v3.4
	bbb create "meetingID=abc&name=Test"
	beta create "meetingID=abc&name=Test"
	internal=$(x //internalMeetingID)
	sim n1/event "meetingID=$(sql "select node_meeting_id from b3lb.meeting where internal_id <> '$internal'")" name=user-left >/dev/null
	h_wait hook_waits 3
	post_event n2 "[{\"data\":{\"id\":\"user-left\",\"attributes\":{\"meeting\":{\"internal-meeting-id\":\"$internal\"}}}}]"
	is "$status" 200
	hook_send
	is "$(hook_names "$S-a")" "meeting-created user-left"
	is "$(hook_names "$S-b")" "meeting-created"
}

@test "in the order in which they happened, whatever the order in which they come; duplicates once; batches; after a restart" {
	hook
	hook_node n1 v3.4
	hook_node n2 v3.4
	bbb create "meetingID=abc&name=Test"
	t=$(($(date +%s) * 1000 + 5000))
	happens abc user-joined ts=$((t + 1)) wait=500 copies=2
	happens abc user-left ts=$((t + 9)) batch=3
	happens abc user-emoji-changed ts=$((t + 5))
	sim "$(slug abc)/hooks" external=no >/dev/null
	happens abc user-raise-hand-changed ts=$((t + 20))
	h_wait hook_waits 7
	hook_send
	is "$(hook_names "$S")" "meeting-created user-joined user-emoji-changed user-left user-left user-left user-raise-hand-changed"
	is "$(hook_got "$S" | jq -r '.attributes.meeting["external-meeting-id"]' | sort -u)" abc
}

@test "an event that is retried by its node is told once" {
	hook
	bbb create "meetingID=abc&name=Test"
	text="[{\"data\":{\"id\":\"user-left\",\"attributes\":{\"meeting\":{\"internal-meeting-id\":\"$(x //internalMeetingID)\"}},\"event\":{\"ts\":5}}}]"
	post_event "$(slug abc)" "$text"
	post_event "$(slug abc)" "$text"
	is "$status" 200
	hook_waits 2
}

@test "what is ours is not the node's to tell; what nobody wants is dropped" {
	hook
	hook "$S" "meetingID=other&eventID=poll-started"
	bbb create "meetingID=abc&name=Test&record=true"
	internal=$(x //internalMeetingID)
	for name in rap-published rap-publish-started rap-post-publish-ended rap-deleted pad-content transcript-updated; do
		post_event "$(slug abc)" "[{\"data\":{\"type\":\"event\",\"id\":\"$name\",\"attributes\":{\"meeting\":{\"internal-meeting-id\":\"$internal\"}}}}]"
		is "$status" 200
	done
	for success in true false; do
		post_event "$(slug abc)" "[{\"data\":{\"id\":\"rap-publish-ended\",\"attributes\":{\"meeting\":{\"internal-meeting-id\":\"$internal\"},\"success\":$success,\"recording\":{\"metadata\":{\"meetingId\":\"$(id_of abc)\",\"b3lb-recordset\":\"x\",\"a\":\"b\"}}}}}]"
	done
	hook_send
	is "$(hook_names "$S")" "meeting-created rap-publish-ended"
	is "$(hook_got "$S" | jq -c 'select(.id == "rap-publish-ended").attributes | [.success, .recording.metadata]')" '[false,{"a":"b","meetingId":"abc"}]'
}

@test "meeting-created and -ended come once: the node's where it tells us, ours where it does not" {
	hook
	hook_node n1 v3.4
	hook_node n2 v3.4
	bbb create "meetingID=abc&name=Test"
	bbb create "meetingID=def&name=Test"
	h_wait hook_waits 2
	h_wait bash -c "[ \$(psql -X -A -t -q -h 127.0.0.1 -p $H_PG_PORT -U postgres -d b3lb -c \"select count(*) from b3lb.hook_event where not own\") = 2 ]"
	# This one dies: nobody but us tells of it.
	sim "$(slug def)/vanish" "meetingID=$(id_of def)" >/dev/null
	sim "$(slug abc)/end" "meetingID=$(id_of abc)" >/dev/null
	h_wait hook_waits 3
	sql "update b3lb.meeting set created_at = created_at - interval '1 minute', confirmed_at = confirmed_at - interval '1 minute'"
	job poll 2>/dev/null
	hook_waits 4
	hook_send
	is "$(hook_got "$S" | jq -r '"\(.attributes.meeting["external-meeting-id"]) \(.id)"' | sort | paste -sd,)" "abc meeting-created,abc meeting-ended,def meeting-created"
	sql "update b3lb.hook_event set next_at = now() - interval '1 second'"
	hook_send
	is "$(hook_got "$S" | jq -r '"\(.attributes.meeting["external-meeting-id"]) \(.id)"' | tail -1)" "def meeting-ended"
}

@test "rooms of a meeting are told under their own ids, to hooks of every meeting" {
	hook
	hook "$S-abc" "meetingID=abc"
	hook_node n1 v3.4
	hook_node n2 v3.4
	bbb create "meetingID=abc&name=Test&record=true"
	node=$(slug abc)
	read -r room internal < <(sim "$node/room" "meetingID=$(id_of abc)" name=Blue)
	h_wait hook_waits 3
	sim "$node/event" "meetingID=$internal" name=user-joined >/dev/null
	h_wait hook_waits 4
	hook_send
	is "$(hook_got "$S" | jq -r "select(.attributes.meeting[\"external-meeting-id\"] == \"$room\") | .id" | paste -sd' ')" "meeting-created user-joined"
	is "$(hook_names "$S-abc")" "meeting-created"
}

@test "what is not taken is sent again with the same timestamp, those behind it wait, other meetings go on" {
	hook
	bbb create "meetingID=abc&name=Test"
	bbb create "meetingID=def&name=Test"
	sink "$S" status=500 count=1
	bbb end "meetingID=abc"
	hook_send
	is "$(sql "select count(*) from b3lb.hook_event where tries > 0")" 1
	hook_send
	is "$(hook_got "$S" | jq -s -r 'group_by(.attributes.meeting["external-meeting-id"]) | map(map("\(.id) \(.status)") | join(",")) | join(" | ")')" \
		"$(hook_got "$S" | jq -s -r 'if .[0].attributes.meeting["external-meeting-id"] == "abc" then "meeting-created 500,meeting-created 200,meeting-ended 200 | meeting-created 200" else "meeting-created 200,meeting-ended 200 | meeting-created 500,meeting-created 200" end')"
	is "$(hook_got "$S" | jq -s -r 'group_by(.attributes.meeting["internal-meeting-id"] + .id) | map(map(.timestamp) | unique | length) | unique | join(",")')" 1
	hook_waits 0
}

@test "401 is success, 302 is followed three times, a timeout and a network that is denied are failures" {
	hook
	sink "$S" status=401 count=1
	bbb create "meetingID=abc&name=Test"
	hook_send
	hook_waits 0
	sink "$S" status=302 count=1 "location=$(sink_url "$S-to")"
	bbb end "meetingID=abc"
	hook_send
	hook_waits 0
	is "$(hook_names "$S-to")" meeting-ended
	sink "$S" status=302 count=9 "location=$(sink_url "$S")"
	bbb create "meetingID=def&name=Test"
	hook_send
	is "$(sql "select error from b3lb.hook")" "it redirects more than 3 times"
	sink "$S" status=302 count=9 location=ftp://x/
	hook_send
	is "$(sql "select error from b3lb.hook")" "it redirects to nothing that is http or https"
	B3LB_CALLBACK_DENY=127.0.0.0/8 hook_send
	is "$(sql "select error from b3lb.hook")" "its address lies in a network that may not be called"
	# Nor is it called on a connection that was opened to a node, there too.
	sink "$S" status=200 count=0
	told=$(sink "$S" | jq length)
	sql "update b3lb.node set hook_at = null; update b3lb.hook set error = null; update b3lb.hook_event set next_at = now() + interval '0.8 s'"
	B3LB_CALLBACK_DENY=127.0.0.0/8 job hooks --every 1 --for 2
	[ "$(asked hooks/create n1)" -gt 0 ]
	is "$(sink "$S" | jq length) $(sql "select error from b3lb.hook")" "$told its address lies in a network that may not be called"
	sink "$S" status=200 count=9 ms=6000
	hook_send
	[[ "$(sql "select error from b3lb.hook")" == *imeout* ]]
	is "$(sql "select failing_since is not null from b3lb.hook")" t
	sink "$S" status=200 count=0 ms=0
	hook_send
	is "$(sql "select failing_since is null and error is null from b3lb.hook")" t
}

@test "a bearer token goes to no other host" {
	admin tenant set acme --hook-auth bearer
	hook
	sink "$S" status=302 count=1 "location=http://localhost:$H_SIM_PORT/_sink/$S-to"
	bbb create "meetingID=abc&name=Test"
	hook_send
	is "$(sql "select error from b3lb.hook")" "it redirects to another host, which is not told the secret"
	is "$(sink "$S-to" | jq length)" 0
}

@test "while the secret is rolled the other one is tried when the first is refused" {
	hook
	admin secret roll acme --secret new-secret >/dev/null
	sink "$S" status=403 count=1
	bbb create "meetingID=abc&name=Test" new-secret
	hook_send
	admin secret roll acme --secret "$ACME_SECRET" >/dev/null
	admin secret roll acme --finish
	hook_waits 0
	for i in 0:new-secret 1:"$ACME_SECRET"; do
		body=$(sink "$S" | jq -r ".[${i%%:*}].body")
		is "$(sink "$S" | jq -r ".[${i%%:*}].query")" "checksum=$(printf '%s%s%s' "$(sink_url "$S")" "$body" "${i#*:}" | sha1sum | cut -d' ' -f1)"
	done
}

@test "a job that is killed between sending and writing it down: the event comes again, none is lost" {
	hook
	for i in 1 2 3; do bbb create "meetingID=m$i&name=Test"; done
	sink "$S" status=200 count=0 ms=4000
	sql "update b3lb.hook_event set next_at = now()"
	h_spawn killed "$B3LB_PREFIX/libexec/b3lb/b3lb-hooks" --config "$H/b3lb.conf"
	h_wait bash -c "[ \$(curl -sS -X POST http://127.0.0.1:$H_SIM_PORT/_sim/sink/$S | jq length) = 3 ]"
	h_kill killed KILL
	hook_waits 3
	hook_send
	hook_waits 3
	sink "$S" status=200 count=0 ms=0
	sql "update b3lb.hook_event set claimed_until = now() - interval '1 second'"
	hook_send
	hook_waits 0
	is "$(hook_got "$S" | jq -r '.attributes.meeting["external-meeting-id"]' | sort | uniq -c | sed 's/^ *//' | paste -sd,)" "2 m1,2 m2,2 m3"
}

@test "two jobs at once send each event once" {
	hook
	for i in 1 2 3 4 5 6; do bbb create "meetingID=m$i&name=Test"; done
	sql "update b3lb.hook_event set next_at = now()"
	job hooks & job hooks & job hooks & wait
	is "$(hook_names "$S" | wc -w)" 6
	hook_waits 0
}

@test "a day: events and failing hooks go, permanent ones stay; of too many events the oldest go" {
	hook
	run -0 admin hook add acme "$(sink_url "$S-p")"
	bbb create "meetingID=abc&name=Test"
	sql "update b3lb.hook set failing_since = now() - interval '25 hours'"
	sql "insert into b3lb.hook_event (hook_id, lane, ts, name, body, next_at) select id, 'x', 1, 'x', '{}', now() + interval '1 hour' from b3lb.hook, generate_series(1, 3) where permanent"
	is "$(sql "select lost || ' ' || removed from b3lb.hook_prune(2)" | paste -sd,)" "0 true,2 false"
	is "$(sql "select count(*) || ' ' || bool_and(permanent) from b3lb.hook")" "1 true"
	hook_waits 2
	sql "update b3lb.hook_event set created_at = now() - interval '25 hours'; update b3lb.hook_seen set until = now() - interval '1 second'"
	job hooks
	hook_waits 0
	is "$(sql "select count(*) from b3lb.hook_seen")" 0
}
