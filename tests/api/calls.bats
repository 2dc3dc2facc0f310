# The calls beside the main job, methods, bodies, error rows, host names, node states.
load ../harness/harness.bash
setup_file() { h_start 3; }
teardown_file() { h_stop; }
setup() { h_reset; }
make() { bbb create "meetingID=abc&name=Test&$1" && answers 200 SUCCESS; }
form() { ask "acme.$H_DOMAIN" "$1" -H "Content-Type: ${3:-application/x-www-form-urlencoded}" --data-binary "$2"; }
slug() { sql "select n.slug from b3lb.meeting m join b3lb.node n on n.id = m.node_id where m.meeting_id = '$1'"; }

@test "insertDocument takes XML by POST and nothing else" {
	make
	q="meetingID=abc"
	form "$(signed insertDocument "$q")" '<modules><module name="presentation"><document url="http://x/new.pdf"/></module></modules>' "text/xml; charset=utf-8"
	answers 200 SUCCESS
	is "$(on_node abc '.documents[0]')" http://x/new.pdf
	form "$(signed insertDocument "$q")" "a=b"
	answers 400 FAILED unsupportedContentType
	form "$(signed insertDocument "$q")" ""
	answers 400 FAILED unsupportedContentType
	bbb insertDocument "$q"
	answers 405 FAILED
	form "$(signed insertDocument meetingID=none)" "<modules/>" text/xml
	answers 200 FAILED notFound
}

@test "browsers join where the join URL says; the node itself is asked where it was" {
	for node in n1 n2 n3; do admin node set "$node" --join-url "https://meet.example/$node/bigbluebutton/"; done
	make
	node=$(slug abc)
	bbb join "meetingID=abc&fullName=Me&role=VIEWER"
	is "$status" 302
	[[ "$(header location)" == "https://meet.example/$node/bigbluebutton/api/join?"*"&fullName=Me&"* ]]
	# It is signed for the node, whose checksum covers no host.
	is "$(curl -sS -o /dev/null -w '%{http_code}' "http://127.0.0.1:$H_SIM_PORT/$node/bigbluebutton/api/join?$(header location | cut -d'?' -f2-)")" 302
	bbb join "meetingID=abc&fullName=Me&role=VIEWER&redirect=false"
	answers 200 SUCCESS
	[[ "$(x /response/url)" == "https://meet.example/$node/html5client/?sessionToken="* ]]
	bbb getMeetingInfo "meetingID=abc"
	answers 200 SUCCESS
	for node in n1 n2 n3; do admin node set "$node" --join-url ""; done
	node=$(slug abc)
	bbb join "meetingID=abc&fullName=Me&role=VIEWER"
	[[ "$(header location)" == "http://127.0.0.1:$H_SIM_PORT/$node/bigbluebutton/api/join?"* ]]
	bbb join "meetingID=abc&fullName=Me&role=VIEWER&redirect=false"
	[[ "$(x /response/url)" == "http://127.0.0.1:$H_SIM_PORT/$node/html5client/?sessionToken="* ]]
}

@test "which node it was create and getMeetingInfo say where the tenant's show_node is on, and nowhere else" {
	make "meta_b3lb-node=mine"
	is "$(header X-B3LB-Node)" ""
	bbb getMeetingInfo "meetingID=abc"
	is "$(header X-B3LB-Node) $(x /response/metadata/b3lb-node)" " mine"
	admin tenant set ACME --show-node on
	node=$(slug abc)
	make "meta_b3lb-node=mine"
	is "$(header X-B3LB-Node)" "$node"
	[[ "$output" != *b3lb-node* ]]
	bbb getMeetingInfo "meetingID=abc"
	answers 200 SUCCESS
	is "$(header X-B3LB-Node) $(x /response/metadata/b3lb-node) $(x 'count(/response/metadata/b3lb-node)')" "$node $node 1"
	bbb isMeetingRunning "meetingID=abc"
	is "$(header X-B3LB-Node)" ""
	bbb getMeetings ""
	[[ "$output" == *"<b3lb-node>mine<"* && "$output" != *"<b3lb-node>$node<"* ]]
	admin tenant set ACME --show-node off
}

@test "sendChatMessage goes to the node" {
	make
	sim "$(slug abc)/users" "meetingID=$(sql 'select node_meeting_id from b3lb.meeting')" participants=1
	bbb sendChatMessage "meetingID=abc&message=Hello"
	answers 200 SUCCESS
	bbb sendChatMessage "meetingID=abc"
	answers 400 FAILED invalidParameters
	[[ "$(x /response/message)" == *message* ]]
	bbb sendChatMessage "meetingID=none&message=Hello"
	answers 200 FAILED meetingNotFound
	is "$(x /response/message)" "Meeting not found"
}

@test "getSessions shows the sessions of the secret's own meetings only" {
	bbb getSessions ""
	answers 200 SUCCESS noSessions
	make
	beta create "meetingID=abc&name=Test"
	bbb join "meetingID=abc&fullName=Me&role=VIEWER"
	curl -sS -o /dev/null "$(header location)"
	bbb getSessions ""
	answers 200 SUCCESS ""
	is "$(x 'count(/response/sessions/meeting)')" 1
	is "$(x /response/sessions/meeting/meetingID)" "$(sql "select internal_id from b3lb.meeting m join b3lb.tenant t on t.id = tenant_id where slug = 'acme'")"
	beta getSessions ""
	answers 200 SUCCESS noSessions
}

@test "a new meeting is listed with what the node will say of it, not with the client's spelling" {
	for record in 1 TRUE True; do
		h_reset
		bbb create "meetingID=abc&name=Test&record=$record&maxParticipants=07"
		bbb getMeetings ""
		is "$(x /response/meetings/meeting/recording)" true
		is "$(x /response/meetings/meeting/maxUsers)" 7
	done
	for record in 0 FALSE ""; do
		h_reset
		bbb create "meetingID=abc&name=Test&record=$record&maxParticipants=many"
		bbb getMeetings ""
		is "$(x /response/meetings/meeting/recording)" false
		is "$(x /response/meetings/meeting/maxUsers)" 0
	done
}

@test "what nobody knows is unsupportedRequest" {
	for call in hooks/ping getDefaultConfigXML x; do
		bbb $call ""
		answers 404 FAILED unsupportedRequest
	done
}

@test "a form body is hashed as the query when the URL has none" {
	make
	for alg in sha1 sha256; do
		form /bigbluebutton/api/getMeetingInfo "meetingID=abc&checksum=$(checksum getMeetingInfo meetingID=abc "$ACME_SECRET" $alg)"
		answers 200 SUCCESS
	done
	form "/bigbluebutton/api/getMeetingInfo?checksum=$(checksum getMeetingInfo meetingID=abc "$ACME_SECRET")" "meetingID=abc" "application/x-www-form-urlencoded; charset=UTF-8"
	answers 200 SUCCESS
}

@test "a form may hold the word checksum in other names and in values" {
	for q in "meetingID=abc&name=Test&meta_checksum=1" "meetingID=abc&name=Test&welcome=checksum=1"; do
		form "/bigbluebutton/api/create?checksum=$(checksum create "$q" "$ACME_SECRET")" "$q"
		answers 200 SUCCESS
	done
	q="meetingID=abc&name=Test"
	for twice in "$q&checksum=1&checksum=2" "$q&%63hecksum=1"; do
		form "/bigbluebutton/api/create?checksum=$(checksum create "$q" "$ACME_SECRET")" "$twice"
		answers 401 FAILED checksumError
		form "/bigbluebutton/api/create?checksum=$(checksum create "$twice" "$ACME_SECRET")" "$twice"
		answers 401 FAILED checksumError
	done
}

@test "form parameters that no checksum covers are refused" {
	make
	form "$(signed end meetingID=abc)" "password=x"
	answers 401 FAILED checksumError
	form "/bigbluebutton/api/end?checksum=$(checksum end "" "$ACME_SECRET")" "meetingID=abc"
	answers 401 FAILED checksumError
	is "$(sql 'select count(*) from b3lb.meeting')" 1
}

@test "POST join is answered with a redirect to a GET on the node" {
	make
	q="meetingID=abc&fullName=Me&role=VIEWER"
	form /bigbluebutton/api/join "$q&checksum=$(checksum join "$q" "$ACME_SECRET")"
	is "$status" 302
	[[ "$(header location)" == *"/bigbluebutton/api/join?"*fullName=Me* ]]
}

@test "a GET may say any Content-Type" {
	ask "acme.$H_DOMAIN" "$(signed getMeetings "")" -H "Content-Type: application/xml"
	answers 200 SUCCESS
	ask "acme.$H_DOMAIN" "$(signed getMeetings "")" -H "Content-Type: application/json"
	is "$(header content-type)" "text/xml; charset=utf-8"
}

@test "the version is JSON for who says Content-Type: application/json" {
	ask "acme.$H_DOMAIN" /bigbluebutton/api -H "Content-Type: application/json"
	is "$(jq -r .response.version <<<"$output")" 2.0
}

@test "a body over body_max is requestTooLarge, one that stops half way is refused" {
	head -c 70000000 /dev/zero | tr '\0' x >"$BATS_TEST_TMPDIR/big"
	ask "acme.$H_DOMAIN" "$(signed create "meetingID=abc&name=Test")" -H "Content-Type: application/xml" -H "Expect:" --data-binary "@$BATS_TEST_TMPDIR/big"
	answers 413 FAILED requestTooLarge
	is "$(sql 'select count(*) from b3lb.meeting')" 0
	bbb getMeetings ""
	answers 200 SUCCESS
}

@test "long parameter lists go to the node as a form" {
	long=$(printf 'x%.0s' {1..9000})
	q="meetingID=abc&name=Test&welcome=$long"
	form /bigbluebutton/api/create "$q&checksum=$(checksum create "$q" "$ACME_SECRET")"
	answers 200 SUCCESS
	is "$(on_node abc '.params.welcome | length')" 9000
	bbb getMeetingInfo "meetingID=abc"
	answers 200 SUCCESS
}

@test "join errors go to errorRedirectUrl with the error as JSON" {
	bbb join "meetingID=none&fullName=Me&role=VIEWER&errorRedirectUrl=$(enc "https://lms.example/err?a=b")"
	is "$status" 302
	[[ "$(header location)" == "https://lms.example/err?a=b&errors="* ]]
	is "$(header location | sed 's/.*errors=//' | jq -rR '@urid | fromjson | .[0].key' 2>/dev/null || header location | sed 's/.*errors=//' | python3 -c 'import sys,urllib.parse,json; print(json.loads(urllib.parse.unquote(sys.stdin.read()))[0]["key"])')" notFound
	ask "acme.$H_DOMAIN" "/bigbluebutton/api/join?meetingID=none&errorRedirectUrl=$(enc "javascript:alert(1)")&checksum=0"
	answers 401 FAILED checksumError
}

@test "a full meeting is told to who wants no redirect as XML, errorRedirectUrl or not" {
	make
	admin tenant set ACME --attendee-limit 1
	sql "update b3lb.meeting set attendees = 1"
	q="meetingID=abc&fullName=Me&role=VIEWER&errorRedirectUrl=$(enc "https://lms.example/err")"
	bbb join "$q"
	is "$status" 302
	[[ "$(header location)" == "https://lms.example/err?errors="*maxParticipantsReached* ]]
	bbb join "$q&redirect=false"
	answers 403 FAILED maxParticipantsReached
	is "$(header location)" ""
}

@test "join with redirect=false passes on what the node says in a redirect" {
	make "moderatorPW=mp"
	q="meetingID=abc&fullName=Me&password=mp&redirect=false"
	bbb join "$q&createTime=1"
	answers 200 FAILED mismatchCreateTimeParam
	# It has ended there, and no poll has been since.
	sim "$(slug abc)/restart"
	bbb join "$q"
	answers 404 FAILED notFound
	for url in "https://lms.example/out" "https://lms.example/out?a=b&errors=x"; do
		bbb join "$q&logoutURL=$(enc "$url")"
		answers 404 FAILED notFound
	done
	bbb join "$q&errorRedirectUrl=$(enc "https://lms.example/err")"
	is "$status" 302
	[[ "$(header location)" == "https://lms.example/err?errors="*notFound* ]]
}

@test "the internal id works as meetingID in every call" {
	make "moderatorPW=mp"
	internal=$(x /response/internalMeetingID)
	for call in isMeetingRunning getMeetingInfo; do
		bbb $call "meetingID=$internal"
		answers 200 SUCCESS
	done
	bbb join "meetingID=$internal&fullName=Me&password=mp"
	is "$status" 302
	bbb create "meetingID=$internal&name=Test"
	is "$(sql 'select count(*) from b3lb.meeting')" 1
	bbb end "meetingID=$internal&password=mp"
	answers 200 SUCCESS
}

@test "sub id 0 finds what it lists, its own first" {
	acme5 create "meetingID=abc&name=Of+Five&moderatorPW=mp"
	five=$(x /response/internalMeetingID)
	bbb getMeetingInfo "meetingID=abc"
	is "$(x /response/meetingName)" "Of Five"
	bbb create "meetingID=abc&name=Of+Zero"
	bbb getMeetingInfo "meetingID=abc"
	is "$(x /response/meetingName)" "Of Zero"
	bbb end "meetingID=abc"
	answers 200 SUCCESS
	# Its own is over: another's of that name is not meant, by whichever call; by its internal id it is.
	for i in 1 2; do
		bbb end "meetingID=abc"
		answers 200 FAILED notFound
		bbb join "meetingID=abc&fullName=Me&password=mp"
		answers 404 FAILED notFound
		bbb isMeetingRunning "meetingID=abc"
		is "$(x /response/running)" false
	done
	is "$(sql "select count(*) from b3lb.metric_event where name = 'joined'")" 0
	bbb join "meetingID=$five&fullName=Me&password=mp"
	is "$status" 302
	acme5 getMeetingInfo "meetingID=abc"
	answers 200 SUCCESS
	bbb end "meetingID=$five"
	answers 200 SUCCESS
	is "$(sql 'select count(*) from b3lb.meeting')" 0
}

@test "sub id 0 ends another's meeting by a name that it never had itself" {
	acme5 create "meetingID=abc&name=Of+Five"
	bbb create "meetingID=other&name=Of+Zero"
	bbb end "meetingID=other"
	bbb end "meetingID=abc"
	answers 200 SUCCESS
	is "$(sql 'select count(*) from b3lb.meeting')" 0
}

# Every error row of the contract: key, status, and how to get it. $1 is bbb when API errors are to be 200.
errors() {
	local s
	expect() {
		s=$1
		[ "$MODE" = http ] || s=200
		answers "$s" FAILED "$2"
	}
	MODE=$1
	bbb getMeetings "" wrong
	expect 401 checksumError
	bbb create "meetingID=abc"
	expect 400 invalidParameters
	bbb getMeetingInfo "meetingID=none"
	expect 200 notFound
	bbb join "meetingID=none&fullName=Me&role=VIEWER"
	expect 404 notFound
	bbb create "meetingID=abc&name=Test"
	admin tenant set ACME --attendee-limit 1 --meeting-limit 1
	sql "update b3lb.meeting set attendees = 1"
	bbb join "meetingID=abc&fullName=Me&role=VIEWER"
	expect 403 maxParticipantsReached
	bbb create "meetingID=def&name=Test"
	expect 403 maxMeetingsReached
	admin tenant set ACME --attendee-limit 0 --meeting-limit 0
	sql "update b3lb.node set state = 'maintenance'"
	bbb create "meetingID=def&name=Test"
	expect 503 noNodesAvailable
	bbb nothing ""
	expect 404 unsupportedRequest
	bbb insertDocument "meetingID=abc"
	expect 405 unsupportedRequest
	form "$(signed create "meetingID=def&name=Test")" x text/plain
	expect 400 unsupportedContentType
	head -c 1100000 /dev/zero | tr '\0' x >"$BATS_TEST_TMPDIR/form"
	form /bigbluebutton/api/create "@$BATS_TEST_TMPDIR/form"
	expect 413 requestTooLarge
}

@test "every error row with error_status = http" { errors http; }

@test "every error row with error_status of the tenant" {
	admin tenant set ACME --error-status bbb
	errors tenant
}

@test "every error row with error_status = bbb for all" {
	h_programs_stop
	B3LB_ERROR_STATUS=bbb h_programs_start
	errors bbb
	h_programs_stop
	h_programs_start
}

@test "the attendee limit of a secret counts its own attendees only" {
	admin secret set ACME-5 --attendee-limit 2
	make
	acme5 create "meetingID=five&name=Five"
	sql "update b3lb.meeting set attendees = 5 where meeting_id = 'abc'; update b3lb.meeting set attendees = 1 where meeting_id = 'five'"
	acme5 join "meetingID=five&fullName=Me&role=VIEWER"
	is "$status" 302
	sql "update b3lb.meeting set attendees = 2 where meeting_id = 'five'"
	acme5 join "meetingID=five&fullName=Me&role=VIEWER"
	answers 403 FAILED maxParticipantsReached
	bbb join "meetingID=abc&fullName=Me&role=VIEWER"
	is "$status" 302
}

@test "an additional host name works like the tenant's own, and for no other tenant" {
	admin tenant alias ACME bbb.uni.example
	run -0 env -i B3LB_CONFIG="$H/b3lb.conf" REQUEST_METHOD=GET HTTP_HOST=bbb.uni.example REMOTE_ADDR=127.0.0.1 REQUEST_URI="$(signed getMeetings "")" "$B3LB_PREFIX/libexec/b3lb/b3lb-api"
	[[ "$output" == *"Status: 200"*noMeetings* ]]
	run -0 env -i B3LB_CONFIG="$H/b3lb.conf" REQUEST_METHOD=GET HTTP_HOST=bbb.uni.example REMOTE_ADDR=127.0.0.1 \
		REQUEST_URI="/b3lb/t/beta/bbb/api/getMeetings?checksum=$(checksum getMeetings "" "$BETA_SECRET")" "$B3LB_PREFIX/libexec/b3lb/b3lb-api"
	[[ "$output" == *"Status: 401"* ]]
}

@test "an additional host name may be one below the base domain, also one that no tenant could have" {
	for host in "old.$H_DOMAIN" "my-school.$H_DOMAIN" "room-101.$H_DOMAIN"; do
		ask "$host" "$(signed getMeetings "")"
		answers 401 FAILED checksumError
		admin tenant alias ACME "$host"
		for i in 1 2; do
			ask "$host" "$(signed getMeetings "")"
			answers 200 SUCCESS noMeetings
			ask "$host" "$(signed create "meetingID=abc&name=Test")"
			answers 200 SUCCESS
			ask "$host" "$(signed end "meetingID=abc")"
			answers 200 SUCCESS
			# Nobody is called so: the name is a host's alone.
			ask "$host" "/b3lb/t/${host%%.*}/bbb/api/getMeetings?checksum=$(checksum getMeetings "" "$ACME_SECRET")"
			answers 401 FAILED checksumError
		done
		ask "$host" "$(signed getMeetings "" "$BETA_SECRET")"
		answers 401 FAILED checksumError
		ask "$host" "/b3lb/t/beta/bbb/api/getMeetings?checksum=$(checksum getMeetings "" "$BETA_SECRET")"
		answers 401 FAILED checksumError
		admin tenant alias ACME "$host" --remove
		ask "$host" "$(signed getMeetings "")"
		answers 401 FAILED checksumError
	done
}

@test "X-Forwarded-Host is believed from a trusted proxy and from nobody else" {
	cgi() {
		run -0 env -i B3LB_CONFIG="$H/b3lb.conf" B3LB_TRUSTED_PROXIES="$1" REQUEST_METHOD=GET HTTP_HOST=internal.example REMOTE_ADDR=127.0.0.1 \
			HTTP_X_FORWARDED_HOST="acme.$H_DOMAIN" HTTP_X_FORWARDED_FOR="$2" REQUEST_URI="$(signed getMeetings "")" "$B3LB_PREFIX/libexec/b3lb/b3lb-api"
	}
	cgi 127.0.0.0/8 203.0.113.9
	[[ "$output" == *"Status: 200"* ]]
	cgi 192.0.2.0/24 203.0.113.9
	[[ "$output" == *"Status: 401"* ]]
	cgi "" 203.0.113.9
	[[ "$output" == *"Status: 401"* ]]
}

@test "X-Forwarded-For decides who a backend call comes from, by its last address that is no proxy" {
	cgi() {
		run -0 env -i B3LB_CONFIG="$H/b3lb.conf" B3LB_TRUSTED_PROXIES="$1" B3LB_BACKEND_ALLOW=192.0.2.0/24 REQUEST_METHOD=GET HTTP_HOST="$H_DOMAIN" REMOTE_ADDR=127.0.0.1 \
			HTTP_X_FORWARDED_FOR="$2" REQUEST_URI="/b3lb/b/callback/end?nonce=0" "$B3LB_PREFIX/libexec/b3lb/b3lb-backend"
	}
	cgi 127.0.0.1 192.0.2.7
	[[ "$output" == *"Status: 404"* ]]
	cgi 127.0.0.1 "192.0.2.7, 203.0.113.1"
	[[ "$output" == *"Status: 403"* ]]
	cgi 127.0.0.1,203.0.113.1 "192.0.2.7, 203.0.113.1"
	[[ "$output" == *"Status: 404"* ]]
	cgi "" 192.0.2.7
	[[ "$output" == *"Status: 403"* ]]
}

@test "a draining node keeps its meetings and gets no new one" {
	make
	n=$(slug abc)
	admin node drain "$n"
	bbb create "meetingID=abc&name=Test"
	answers 200 SUCCESS duplicateWarning
	is "$(slug abc)" "$n"
	for i in 1 2 3 4 5 6; do bbb create "meetingID=m$i&name=Test"; done
	is "$(sql "select count(*) from b3lb.meeting m join b3lb.node n on n.id = m.node_id where n.slug = '$n'")" 1
	bbb join "meetingID=abc&fullName=Me&role=VIEWER"
	is "$status" 302
}

@test "isolation: with another tenant's valid secret every call on a meeting learns nothing" {
	make "moderatorPW=mp"
	internal=$(x /response/internalMeetingID)
	node_id=$(sql 'select node_meeting_id from b3lb.meeting')
	for id in abc "$internal" "$node_id"; do
		for call in isMeetingRunning getMeetingInfo end join sendChatMessage; do
			beta $call "meetingID=$id&password=mp&fullName=Me&message=x"
			seen="$status $output"
			beta $call "meetingID=never-was&password=mp&fullName=Me&message=x"
			is "$seen" "$status $output"
		done
		ask "beta.$H_DOMAIN" "$(signed insertDocument "meetingID=$id" "$BETA_SECRET")" -H "Content-Type: text/xml" --data-binary "<modules/>"
		answers 200 FAILED notFound
	done
	# Its own meeting of that id, somebody else's host or path: nothing of the first.
	ask "acme.$H_DOMAIN" "$(signed getMeetingInfo "meetingID=abc" "$BETA_SECRET")"
	answers 401 FAILED checksumError
	beta getMeetings ""
	answers 200 SUCCESS noMeetings
	beta create "meetingID=abc&name=Mine&parentMeetingID=$internal&isBreakout=true"
	[[ "$output" != *"$internal"* ]]
	bbb getMeetingInfo "meetingID=abc"
	is "$(x /response/meetingName)" Test
}
