# The main job as a learning platform sees it.
# fronts: all
load ../harness/harness.bash
setup_file() { h_start 3; }
teardown_file() { h_stop; }
setup() { h_reset; }

NAMES='meetingID=r%C3%A4um%201&name=J%C3%BCrgen+%22O%27Neil%22+100%25+a%2Bb+%F0%9F%8E%89&attendeePW=ap&moderatorPW=mp'

@test "create answers the node's XML with the client's own id" {
	bbb create "meetingID=abc&name=Test+Meeting&attendeePW=ap&moderatorPW=mp"
	answers 200 SUCCESS ""
	is "$(x /response/meetingID)" abc
	is "$(x /response/attendeePW)" ap
	[[ "$(x /response/internalMeetingID)" =~ ^[0-9a-f]{40}-[0-9]+$ ]]
	[[ "$output" != *b3lb* ]]
	is "$(header content-type)" "text/xml; charset=utf-8"
	[ -n "$(header request-id)" ]
}

@test "a second create answers the same meeting with duplicateWarning" {
	bbb create "meetingID=abc&name=Test"
	time=$(x /response/createTime)
	bbb create "meetingID=abc&name=Test"
	answers 200 SUCCESS duplicateWarning
	is "$(x /response/createTime)" "$time"
	is "$(sql 'select count(*) from b3lb.meeting')" 1
}

@test "create keeps the node's internal id and time" {
	bbb create "meetingID=abc&name=Test"
	is "$(sql "select internal_id || ' ' || create_time from b3lb.meeting")" "$(x /response/internalMeetingID) $(x /response/createTime)"
}

@test "create passes a node's refusal on and leaves nothing" {
	sim n1/behave mode=failed key=idNotUnique message=no calls=create
	sim n2/behave mode=failed key=idNotUnique message=no calls=create
	sim n3/behave mode=failed key=idNotUnique message=no calls=create
	bbb create "meetingID=abc&name=Test"
	answers 200 FAILED idNotUnique
	is "$(sql 'select count(*) from b3lb.meeting')" 0
	is "$(sql 'select sum(held_meetings + held_attendees) from b3lb.node')" 0
}

@test "create takes slides as XML, with a charset too" {
	ask "acme.$H_DOMAIN" "$(signed create "meetingID=abc&name=Test")" -H "Content-Type: application/xml; charset=utf-8" \
		--data-binary '<modules><module name="presentation"><document name="a.pdf">JVBERi0=</document></module></modules>'
	answers 200 SUCCESS
	sim "$(sql 'select n.slug from b3lb.meeting m join b3lb.node n on n.id = m.node_id')/meetings" | grep -q 'a.pdf'
}

@test "create refuses a body of another type" {
	ask "acme.$H_DOMAIN" "$(signed create "meetingID=abc&name=Test")" -H "Content-Type: text/plain" --data-binary hello
	is "$(x /response/messageKey)" unsupportedContentType
}

@test "join sends the browser to the node with a checksum of the node's secret" {
	bbb create "meetingID=abc&name=Test"
	bbb join "meetingID=abc&fullName=Ada+L&role=VIEWER"
	is "$status" 302
	[[ "$(header location)" == "http://127.0.0.1:$H_SIM_PORT/n"*"/bigbluebutton/api/join?"* ]]
	[[ "$(header location)" != *meetingID=abc* ]]
	is "$(curl -sS -o /dev/null -w '%{http_code} %{redirect_url}' "$(header location)" | grep -c '^302 .*/html5client/?sessionToken=')" 1
}

@test "join with redirect=false passes the node's XML and cookie back" {
	bbb create "meetingID=abc&name=Test"
	bbb join "meetingID=abc&fullName=Ada&role=VIEWER&redirect=false"
	answers 200 SUCCESS successfullyJoined
	# Not for any other host: the node asked for Domain=.
	[[ "$(header set-cookie)" == JSESSIONID=*"; Path=/; HttpOnly" ]]
	[[ "$output" != *b3lb-* ]]
}

@test "join of an unknown meeting is 404 with notFound" {
	bbb join "meetingID=none&fullName=Ada&role=VIEWER"
	answers 404 FAILED notFound
}

@test "isMeetingRunning tells false, then true when somebody is there" {
	bbb isMeetingRunning "meetingID=abc"
	answers 200 SUCCESS
	is "$(x /response/running)" false
	bbb create "meetingID=abc&name=Test"
	sim "$(sql 'select n.slug from b3lb.meeting m join b3lb.node n on n.id = m.node_id')/users" \
		"meetingID=$(sql 'select node_meeting_id from b3lb.meeting')" participants=2
	bbb isMeetingRunning "meetingID=abc"
	is "$(x /response/running)" true
}

@test "getMeetingInfo bears the client's id and none of ours" {
	bbb create "meetingID=abc&name=Test&meta_course=42"
	bbb getMeetingInfo "meetingID=abc"
	answers 200 SUCCESS
	is "$(x /response/meetingID)" abc
	is "$(x /response/metadata/course)" 42
	[[ "$output" != *b3lb* ]]
	bbb getMeetingInfo "meetingID=none"
	answers 200 FAILED notFound
}

@test "end takes the meeting away on the node and here" {
	bbb create "meetingID=abc&name=Test&moderatorPW=mp"
	bbb end "meetingID=abc&password=mp"
	answers 200 SUCCESS sentEndMeetingRequest
	is "$(sql 'select count(*) from b3lb.meeting')" 0
	bbb end "meetingID=abc&password=mp"
	answers 200 FAILED notFound
	bbb getMeetings ""
	answers 200 SUCCESS noMeetings
}

@test "end with a wrong password is the node's refusal and keeps the meeting" {
	bbb create "meetingID=abc&name=Test&moderatorPW=mp"
	bbb end "meetingID=abc&password=wrong"
	answers 200 FAILED invalidPassword
	is "$(sql 'select count(*) from b3lb.meeting')" 1
}

@test "getMeetings lists a meeting at once after create" {
	bbb getMeetings ""
	answers 200 SUCCESS noMeetings
	bbb create "meetingID=abc&name=Test&meta_Course=42"
	bbb getMeetings ""
	answers 200 SUCCESS
	is "$(x 'count(/response/meetings/meeting)')" 1
	is "$(x /response/meetings/meeting/meetingID)" abc
	is "$(x /response/meetings/meeting/metadata/course)" 42
}

@test "names with umlauts, quotes, percent, plus and emoji go through create, list and join" {
	bbb create "$NAMES"
	answers 200 SUCCESS
	is "$(x /response/meetingID)" 'räum 1'
	bbb getMeetings ""
	is "$(x /response/meetings/meeting/meetingName)" "Jürgen \"O'Neil\" 100% a+b 🎉"
	job poll
	job meetings
	bbb getMeetings ""
	is "$(x /response/meetings/meeting/meetingName)" "Jürgen \"O'Neil\" 100% a+b 🎉"
	is "$(x /response/meetings/meeting/meetingID)" 'räum 1'
	bbb join 'meetingID=r%c3%a4um+1&fullName=%F0%9F%8E%89+%22%27%25%2B&role=VIEWER'
	is "$status" 302
	curl -sS -o /dev/null "$(header location)"
	sim journal call=join | grep -q '🎉 \\"'"'"'%+'
}

@test "the version needs no checksum and is never redirected" {
	for path in /bigbluebutton/api /bigbluebutton/api/ "/bigbluebutton/api?" "/bigbluebutton/api/?&checksum=x" \
		"/bigbluebutton/api/?checksum=1&a=b" /b3lb/t/acme/bbb/api /b3lb/t/acme/bbb/api/; do
		host=acme.$H_DOMAIN
		ask "$host" "$path"
		answers 200 SUCCESS
		is "$(x /response/version)" 2.0
	done
}

@test "tenant and sub id come from host or path in every spelling" {
	q="meetingID=abc&name=Test"
	for where in "acme-5.$H_DOMAIN /bigbluebutton/api" "ACME-005.$H_DOMAIN:$H_PORT /bigbluebutton/api" "$H_DOMAIN /b3lb/t/acme-5/bbb/api" \
		"$H_DOMAIN /b3lb/t/ACME-05/bbb/api" "acme.$H_DOMAIN /b3lb/t/acme-5/bbb/api"; do
		set -- $where
		ask "$1" "$2/create?$q&checksum=$(checksum create "$q" "$ACME5_SECRET")"
		answers 200 SUCCESS
	done
	is "$(sql 'select count(*) from b3lb.meeting')" 1
	for where in "acme.$H_DOMAIN /bigbluebutton/api" "acme-0.$H_DOMAIN /bigbluebutton/api" "acme-000.$H_DOMAIN /bigbluebutton/api" "$H_DOMAIN /b3lb/t/acme/bbb/api"; do
		set -- $where
		ask "$1" "$2/isMeetingRunning?meetingID=abc&checksum=$(checksum isMeetingRunning "meetingID=abc" "$ACME_SECRET")"
		answers 200 SUCCESS
	done
}

@test "on a tenant's own host only its own path works" {
	q="meetingID=abc"
	ask "beta.$H_DOMAIN" "/b3lb/t/acme/bbb/api/isMeetingRunning?$q&checksum=$(checksum isMeetingRunning "$q" "$ACME_SECRET")"
	answers 401 FAILED checksumError
}

@test "a wrong checksum and an unknown tenant get the same bytes" {
	ask "acme.$H_DOMAIN" "/bigbluebutton/api/getMeetings?checksum=$(checksum getMeetings "" wrong)"
	answers 401 FAILED checksumError
	wrong=$output
	ask "nobody.$H_DOMAIN" "/bigbluebutton/api/getMeetings?checksum=$(checksum getMeetings "" "$ACME_SECRET")"
	answers 401 FAILED checksumError
	is "$output" "$wrong"
}

@test "the checksum may stand anywhere, in any case, by any of four algorithms" {
	q="meetingID=abc&x=%41%7e%2d&z=%c3%a4&brk=[1]&s=a/b?c=d"
	for alg in sha1 sha256 sha384 sha512; do
		sum=$(checksum isMeetingRunning "$q" "$ACME_SECRET" "$alg")
		for query in "$q&checksum=$sum" "checksum=$sum&$q" "meetingID=abc&checksum=${sum^^}&${q#meetingID=abc&}"; do
			ask "acme.$H_DOMAIN" "/bigbluebutton/api/isMeetingRunning?$query" -g
			answers 200 SUCCESS
		done
	done
	ask "acme.$H_DOMAIN" "/bigbluebutton/api/getMeetings?&checksum=$(checksum getMeetings "" "$ACME_SECRET")"
	answers 200 SUCCESS
}

@test "both secrets of a rollover are valid" {
	sql "update b3lb.secret set secret2 = 'the-old-secret' where sub_id = 0 and tenant_id = (select id from b3lb.tenant where slug = 'acme')"
	bbb getMeetings "" the-old-secret
	answers 200 SUCCESS
	bbb getMeetings ""
	answers 200 SUCCESS
	sql "update b3lb.secret set secret2 = null"
	bbb getMeetings "" the-old-secret
	answers 401 FAILED checksumError
}

@test "parameters are checked and the message names them" {
	for q in "name=Test" "meetingID=&name=Test" "meetingID=a&name=Test" "meetingID=a,b&name=Test" "meetingID=$(printf 'x%.0s' {1..257})&name=Test"; do
		bbb create "$q"
		answers 400 FAILED invalidParameters
		[[ "$(x /response/message)" == *meetingID* ]]
	done
	for q in "meetingID=abc" "meetingID=abc&name=x" "meetingID=abc&name=$(printf 'x%.0s' {1..257})"; do
		bbb create "$q"
		answers 400 FAILED invalidParameters
		[[ "$(x /response/message)" == *name* ]]
	done
	bbb create "meetingID=$(printf 'x%.0s' {1..256})&name=$(printf '%%C3%%A4%.0s' {1..256})"
	answers 200 SUCCESS
}

@test "an unknown call is unsupportedRequest, a wrong method 405" {
	bbb nothing ""
	answers 404 FAILED unsupportedRequest
	ask "acme.$H_DOMAIN" "$(signed getMeetings "")" -X PUT
	answers 405 FAILED
	[ -n "$(header allow)" ]
}

@test "two tenants use one meetingID on one node and never notice" {
	admin node maintenance n2
	admin node maintenance n3
	bbb create "meetingID=test&name=Of+Acme"
	beta create "meetingID=test&name=Of+Beta"
	answers 200 SUCCESS ""
	is "$(sql 'select count(distinct node_id) from b3lb.meeting')" 1
	bbb getMeetingInfo "meetingID=test"
	is "$(x /response/meetingName)" "Of Acme"
	beta getMeetings ""
	is "$(x 'count(/response/meetings/meeting)') $(x /response/meetings/meeting/meetingName)" "1 Of Beta"
	beta end "meetingID=test"
	bbb getMeetings ""
	is "$(x /response/meetings/meeting/meetingName)" "Of Acme"
}

@test "sub id 0 lists the whole tenant, another only its own" {
	bbb create "meetingID=zero&name=Zero"
	acme5 create "meetingID=five&name=Five"
	beta create "meetingID=other&name=Other"
	bbb getMeetings ""
	is "$(x 'count(/response/meetings/meeting)')" 2
	acme5 getMeetings ""
	is "$(x 'count(/response/meetings/meeting)') $(x /response/meetings/meeting/meetingID)" "1 five"
	bbb getMeetingInfo "meetingID=five"
	answers 200 SUCCESS
	acme5 getMeetingInfo "meetingID=zero"
	answers 200 FAILED notFound
}
