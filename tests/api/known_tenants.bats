# b3lb-api keeps tenants in memory: what an administrator changes holds for the very next request all the same.
load ../harness/harness.bash
setup_file() { h_start 3 "trusted_proxies = 127.0.0.0/8"; }
teardown_file() { h_stop; }
# Each test starts with a tenant that the program knows, and has a meeting.
setup() {
	h_reset
	admin secret set ACME --recording on
	bbb create "meetingID=room&name=Room&moderatorPW=mp"
	bbb isMeetingRunning "meetingID=room"
	answers 200
}
welcome() { on_node "$1" .params.welcome; }

@test "a rule set between two creates holds for the second" {
	bbb create "meetingID=before&name=Room&welcome=Hello"
	admin parameter set ACME welcome override "House rules"
	bbb create "meetingID=after&name=Room&welcome=Hello"
	is "$(welcome before)" Hello
	is "$(welcome after)" "House rules"
	admin parameter remove ACME welcome
	bbb create "meetingID=last&name=Room&welcome=Hello"
	is "$(welcome last)" Hello
}

@test "a create that finds the tenant changed has placed nothing before it looks again" {
	# Plans that know no values may look at things in another order.
	for n in 1 2 3 4 5 6 7 8; do
		admin parameter set ACME welcome override "Rules $n"
		bbb create "meetingID=m$n&name=Room"
		answers 200
	done
	is "$(sql "select string_agg(distinct creators::text, ' ') from b3lb.meeting where meeting_id ~ '^m[0-9]'")" 1
}

@test "a create with slides in its body holds the rule too" {
	admin parameter set ACME welcome override "House rules"
	ask "acme.$H_DOMAIN" "$(signed create "meetingID=slides&name=Room")" -H "Content-Type: application/xml" \
		-d '<modules><module name="presentation"><document url="http://x.invalid/a.pdf" filename="a.pdf"/></module></modules>'
	answers 200
	is "$(welcome slides)" "House rules"
}

@test "a form of a tenant with a default slide holds the rule too" {
	sql "insert into b3lb.asset (tenant_id, kind, type, name, data, etag) select id, 'slide', 'application/pdf', 'default.pdf', 'x', 'e' from b3lb.tenant where slug = 'acme'"
	bbb create "meetingID=first&name=Room"
	admin parameter set ACME welcome override "House rules"
	q="meetingID=form&name=Room&welcome=Hello"
	ask "acme.$H_DOMAIN" /bigbluebutton/api/create --data "$q&checksum=$(checksum create "$q" "$ACME_SECRET")"
	answers 200
	is "$(welcome form)" "House rules"
	is "$(on_node form '.documents | join(" ")')" default.pdf
}

@test "a join that a rule sends to the node is counted once, and not when the node fails" {
	admin parameter set ACME redirect override false
	for i in 1 2; do
		bbb join "meetingID=room&fullName=A&password=mp"
		answers 200
	done
	is "$(sql "select count(*) from b3lb.metric_event where name = 'joined'")" 2
	for n in n1 n2 n3; do sim "$n/behave" mode=rubbish calls=join; done
	bbb join "meetingID=room&fullName=A&password=mp"
	answers 503 FAILED noNodesAvailable
	is "$(sql "select count(*) from b3lb.metric_event where name = 'joined'")" 2
}

@test "a secret that is void is refused by every kind of call" {
	admin secret roll ACME --secret other-secret
	admin secret roll ACME --finish
	for call in create join isMeetingRunning getMeetingInfo getMeetings getRecordings end; do
		bbb $call "meetingID=room&name=Room&fullName=A&password=mp"
		is "$call $(x /response/messageKey)" "$call checksumError"
	done
	is "$(sql "select count(*) from b3lb.meeting")" 1
	bbb getMeetings "" other-secret
	answers 200
	admin secret roll ACME --secret "$ACME_SECRET"
	admin secret roll ACME --finish
	bbb getMeetings ""
	answers 200
}

@test "a limit of attendees holds for the next join, and no longer than it stands" {
	bbb join "meetingID=room&fullName=A&password=mp"
	is "$status" 302
	sql "update b3lb.meeting set attendees = 1"
	admin tenant set ACME --attendee-limit 1
	bbb join "meetingID=room&fullName=A&password=mp"
	is "$(x /response/messageKey)" maxParticipantsReached
	admin tenant set ACME --attendee-limit 0
	bbb join "meetingID=room&fullName=A&password=mp"
	is "$status" 302
	is "$(sql "select count(*) from b3lb.metric_event where name = 'joined'")" 2
}

@test "a node that gets another address or secret has it in the very next join, and one that is removed has none" {
	to() { bbb join "meetingID=room&fullName=A&password=mp" && header location; }
	node=$(sql "select n.slug from b3lb.meeting m join b3lb.node n on n.id = m.node_id where m.meeting_id = 'room'")
	first=$(to)
	is "$(to)" "$first"
	is "${first%%/bigbluebutton/api/*}" "http://127.0.0.1:$H_SIM_PORT/$node"
	admin node set "$node" --secret another-secret
	second=$(to)
	is "${second%checksum=*}" "${first%checksum=*}"
	[ "$second" != "$first" ]
	admin node set "$node" --url https://moved.example/bigbluebutton/api
	third=$(to)
	is "${third%%\?*}" "https://moved.example/bigbluebutton/api/join"
	sql "update b3lb.cluster set sha = 'sha512'"
	fourth=$(to)
	is "$(echo -n "${fourth##*checksum=}" | wc -c)" 128
	is "$(sql "select count(*) from b3lb.metric_event where name = 'joined'")" 5
	sql "update b3lb.cluster set sha = 'sha256'; update b3lb.node set online = false where slug = '$node'"
	bbb join "meetingID=room&fullName=A&password=mp"
	answers 404 FAILED notFound
	is "$(sql "select count(*) from b3lb.metric_event where name = 'joined'")" 5
	admin node set "$node" --url "http://127.0.0.1:$H_SIM_PORT/$node" --secret node-secret
}

@test "recording is off for the next create" {
	admin secret set ACME --recording off
	bbb create "meetingID=off&name=Room&record=true"
	is "$(on_node off .params.record)" false
	is "$(sql "select count(*) from b3lb.record_set r join b3lb.meeting m on m.record_set_id = r.id where m.meeting_id = 'off'")" 0
}

# By a host name that a proxy in front of us was asked for.
as_lms() { ask "$H_DOMAIN" "$(signed getMeetingInfo "meetingID=room" "$1")" -H "X-Forwarded-Host: lms.example"; }
@test "a host name goes to another tenant" {
	admin tenant alias ACME lms.example
	as_lms "$ACME_SECRET"
	answers 200
	admin tenant alias ACME lms.example --remove
	admin tenant alias BETA lms.example
	as_lms "$ACME_SECRET"
	answers 401 FAILED checksumError
	as_lms "$BETA_SECRET"
	answers 200 FAILED notFound
}

@test "error_status of a tenant holds for the next wrong parameter" {
	admin tenant set ACME --error-status bbb
	bbb create "meetingID=x&name=Room"
	answers 200 FAILED invalidParameters
	admin tenant set ACME --error-status http
	bbb create "meetingID=x&name=Room"
	answers 400 FAILED invalidParameters
	admin tenant set ACME --error-status default
}

@test "a tenant that is gone is unknown, and nothing is made for it" {
	admin tenant add GONE --group all
	admin secret add GONE --secret gone-secret >/dev/null
	bbb create "meetingID=mine&name=Room&moderatorPW=mp" gone-secret "gone.$H_DOMAIN"
	answers 200
	bbb end "meetingID=mine&password=mp" gone-secret "gone.$H_DOMAIN"
	answers 200
	admin tenant remove GONE
	for call in create join isMeetingRunning getMeetings; do
		bbb $call "meetingID=mine&name=Room&fullName=A&password=x" gone-secret "gone.$H_DOMAIN"
		is "$call $(x /response/messageKey)" "$call checksumError"
	done
}

@test "a path that names another tenant than the host is nobody's, however well both are known" {
	beta isMeetingRunning "meetingID=x"
	answers 200
	for tenant in acme beta; do
		path=$(signed isMeetingRunning "meetingID=room")
		ask "beta.$H_DOMAIN" "/b3lb/t/acme/bbb/api/${path#/bigbluebutton/api/}"
		answers 401 FAILED checksumError
	done
}

@test "a database that has lost the last change, as one that took over may: what was known of it is not used" {
	h_pg_down
	cp -a "$H/pg" "$H/before"
	h_pg_up
	admin secret roll ACME --secret lost-secret
	h_wait bbb isMeetingRunning "meetingID=room" lost-secret
	answers 200
	h_pg_down
	rm -rf "$H/pg"
	mv "$H/before" "$H/pg"
	h_pg_up
	admin secret roll ACME --secret made-secret
	h_wait bbb isMeetingRunning "meetingID=room" made-secret
	answers 200
	bbb isMeetingRunning "meetingID=room" lost-secret
	answers 401 FAILED checksumError
	admin secret roll ACME --secret "$ACME_SECRET"
	admin secret roll ACME --finish
}
