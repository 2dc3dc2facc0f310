# What a node can do to us and to others with its answers.
load ../harness/harness.bash
load hostile.bash
setup_file() {
	h_start 2 "poll_failures_offline = 1"
	evil_start
}
teardown_file() { h_stop; }
setup() {
	evil_reset
	h_reset
	sql "update b3lb.node set polled_at = null"
}
ok='<returncode>SUCCESS</returncode>'
created="<response>$ok<meetingID>%ID%</meetingID><internalMeetingID>i-1</internalMeetingID><createTime>1</createTime></response>"
evil_creates() {
	evil_says create "$created"
	evil create "meetingID=${1:-abc}&name=Name"
	answers 200 SUCCESS
}
# The poll does its round: the others are polled and stay; with an argument the evil node is (t) or is not (f) online.
polls() {
	run -0 job poll
	is "$(sql "select string_agg(slug, ' ' order by slug) from b3lb.node where polled_at is not null and slug <> 'evil' and online")" "n1 n2"
	is "$(sql "select polled_at is not null from b3lb.node where slug = 'evil'")" t
	[ -z "${1:-}" ] || is "$(node_state evil)" "$1"
}

@test "an external entity is not read, an entity bomb not blown up" {
	for doctype in '[<!ENTITY x SYSTEM "file:///etc/passwd">]' '[<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY x "&b;&b;&b;&b;&b;&b;&b;&b;">]' \
		'SYSTEM "http://127.0.0.1:1/x.dtd"'; do
		evil_says create "<!DOCTYPE response $doctype><response>$ok<meetingID>%ID%</meetingID><internalMeetingID>&x;</internalMeetingID><createTime>1</createTime></response>"
		evil create "meetingID=abc&name=Name"
		answers 503 FAILED noNodesAvailable
		[[ "$output" != *root:* && "$output" != *aaaa* ]]
		evil_says getMeetings "<!DOCTYPE response $doctype><response>$ok<meetings><meeting><meetingID>&x;</meetingID></meeting></meetings></response>"
		sql "update b3lb.node set polled_at = null, online = true"
		polls f
		sql "update b3lb.node set online = true"
	done
}

@test "deep nesting is refused" {
	local deep
	deep=$(printf '<a>%.0s' $(seq 3000))
	evil_says create "<response>$ok$deep</response>"
	evil create "meetingID=abc&name=Name"
	answers 503 FAILED noNodesAvailable
	evil_says getMeetings "<response>$ok<meetings><meeting><meetingID>a</meetingID>$deep"
	polls t
	is "$(sql "select unsteady || ' ' || error from b3lb.node where slug = 'evil'")" "true the answer is XML in part only"
}

@test "a long answer is cut off, whatever it is packed in" {
	printf 'HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n' >"$H/evil/getMeetings"
	{ printf '<response>%s<meetings>' "$ok"; head -c 60000000 /dev/zero | tr '\0' ' '; } | gzip -9 >>"$H/evil/getMeetings"
	polls t
	is "$(sql "select unsteady || ' ' || error from b3lb.node where slug = 'evil'")" "true the answer is longer than 33554432 bytes"
	evil_says getMeetings "<html>"
	head -c 40000000 /dev/zero | tr '\0' ' ' >>"$H/evil/getMeetings"
	sql "update b3lb.node set polled_at = null"
	polls f
	is "$(sql "select error from b3lb.node where slug = 'evil'")" "the answer is longer than 33554432 bytes"
}

@test "numbers out of range are not known, and huge sums a big number, never a negative one" {
	local meeting='<meeting><meetingID>x</meetingID><participantCount>1000000</participantCount></meeting>'
	evil_says getMeetings "<response>$ok<meetings>$(printf "$meeting%.0s" $(seq 3000))</meetings></response>"
	polls
	is "$(sql "select attendees > 0 from b3lb.node where slug = 'evil'")" t
	evil_creates
	meeting="<meeting><meetingID>$(sql 'select node_meeting_id from b3lb.meeting')</meetingID><internalMeetingID>i-1</internalMeetingID>"
	sql "update b3lb.meeting set attendees = 5"
	for count in -1 1e9 99999999999999999999 0x10 '1 2'; do
		evil_says getMeetings "<response>$ok<meetings>$meeting<participantCount>$count</participantCount></meeting></meetings></response>"
		sql "update b3lb.node set polled_at = null, online = true"
		polls t
		is "$(sql "select m.attendees || ' ' || n.attendees from b3lb.meeting m join b3lb.node n on n.id = m.node_id")" "5 0"
	done
	evil_says getMeetings "<response>$ok<meetings>$meeting<participantCount>1,202</participantCount></meeting></meetings></response>"
	polls t
	is "$(sql "select m.attendees || ' ' || n.attendees from b3lb.meeting m join b3lb.node n on n.id = m.node_id")" "1202 1202"
	evil getMeetings ""
	is "$(x //participantCount)" 1202
}

@test "an internal id that no index takes does not stop the poll of the others" {
	local long
	long=$(head -c 30000 /dev/urandom | base64 -w0)
	evil_creates
	evil_says getMeetings "<response>$ok<meetings><meeting><meetingID>$(sql 'select node_meeting_id from b3lb.meeting')</meetingID><internalMeetingID>$long</internalMeetingID></meeting></meetings></response>"
	polls t
	is "$(sql 'select internal_id from b3lb.meeting')" i-1
}

@test "a meeting without a sound id costs itself, and is said in the log" {
	evil_creates
	evil_says getMeetings "<response>$ok<meetings><meeting/><meeting><meetingID></meetingID></meeting><meeting><meetingID>$(sql 'select node_meeting_id from b3lb.meeting')</meetingID><internalMeetingID>i-1</internalMeetingID><participantCount>4</participantCount></meeting></meetings></response>"
	run --separate-stderr job poll
	is "$status" 0
	[[ "$stderr" == *'event=meetings_skipped node=evil msg="2 listed without a sound id"'* ]]
	is "$(node_state evil) $(sql 'select attendees from b3lb.meeting')" "t 4"
}

@test "a list that breaks off ends no meeting, and says so; whole again it does" {
	evil_creates
	evil_says create "${created/i-1/i-2}"
	evil create "meetingID=def&name=Name"
	local m
	m="<meeting><meetingID>$(sql "select node_meeting_id from b3lb.meeting where meeting_id = 'abc'")</meetingID><internalMeetingID>i-1</internalMeetingID><participantCount>3</participantCount></meeting>"
	sql "update b3lb.meeting set confirmed_at = confirmed_at - interval '1 minute'"
	evil_says getMeetings "<response>$ok<meetings>$m<meeting><meetingID>x"
	polls t
	is "$(sql "select count(*) || ' ' || max(attendees) from b3lb.meeting")" "2 3"
	admin node list | grep evil | grep -q 'XML in part only'
	is "$(admin node list --json | jq -r '.[] | select(.node == "evil") | .unsteady')" true
	evil_says getMeetings "<response>$ok<meetings>$m</meetings></response>"
	sql "update b3lb.node set polled_at = null"
	polls t
	is "$(sql "select string_agg(meeting_id, ' ') from b3lb.meeting") $(sql "select unsteady from b3lb.node where slug = 'evil'")" "abc f"
}

@test "a node that lists a meeting under another's internal id takes nothing over" {
	evil_creates
	evil_says create "${created/i-1/i-2}"
	evil create "meetingID=def&name=Name"
	answers 200 SUCCESS
	sql "update b3lb.meeting set confirmed_at = confirmed_at - interval '1 minute'"
	evil_says getMeetings "<response>$ok<meetings>$(sql "select string_agg('<meeting><meetingID>' || node_meeting_id || '</meetingID><internalMeetingID>i-1</internalMeetingID></meeting>', '') from b3lb.meeting")</meetings></response>"
	polls t
	is "$(sql "select string_agg(meeting_id || ' ' || internal_id, ', ' order by meeting_id) from b3lb.meeting")" "abc i-1, def i-2"
	evil_says create "$created"
	evil create "meetingID=third&name=Name"
	answers 503 FAILED noNodesAvailable
}

@test "an internal id that no index takes does not stop a create" {
	evil_says create "${created/i-1/$(head -c 30000 /dev/urandom | base64 -w0)}"
	evil create "meetingID=abc&name=Name"
	answers 503 FAILED noNodesAvailable
	is "$(sql 'select count(*) from b3lb.meeting')" 0
}

@test "a message key that is cut inside a character does not stop the poll" {
	evil_says getMeetings "<response><returncode>FAILED</returncode><messageKey>$(printf 'x%.0s' $(seq 63))\xc3\xa4</messageKey></response>"
	polls f
	evil_says getMeetings "<response><returncode>FAILED</returncode></response>"
	sql "update b3lb.node set polled_at = null, online = true"
	polls f
}

@test "one meeting and its rooms listed three thousand times count once" {
	evil_creates
	local one room="<meeting><meetingID>r</meetingID><internalMeetingID>r-1</internalMeetingID><isBreakout>true</isBreakout><parentMeetingID>i-1</parentMeetingID></meeting>"
	one="<meeting><meetingID>$(sql 'select node_meeting_id from b3lb.meeting')</meetingID><internalMeetingID>i-1</internalMeetingID></meeting>"
	evil_says getMeetings "<response>$ok<meetings>$(printf "$one$room%.0s" $(seq 3000))</meetings></response>"
	polls t
	evil getMeetings ""
	is "$(x 'count(//meeting)')" 3001
}

@test "a node cannot speak of another node's meeting" {
	bbb create "meetingID=abc&name=Name"
	answers 200 SUCCESS
	local id fragment
	id=$(sql 'select node_meeting_id from b3lb.meeting')
	fragment=$(sql 'select fragment from b3lb.meeting')
	evil_says getMeetings "<response>$ok<meetings><meeting><meetingID>$id</meetingID><meetingName>mine now</meetingName><internalMeetingID>x</internalMeetingID><participantCount>99</participantCount></meeting></meetings></response>"
	polls t
	bbb getMeetings ""
	[[ "$output" != *"mine now"* ]]
	is "$(sql 'select attendees from b3lb.meeting')" 0
	is "$(x 'count(//meeting)')" 1
}

@test "an answer about another meeting is no success" {
	evil_says create "${created/<meetingID>%ID%/<meetingID>other}"
	evil create "meetingID=abc&name=Name"
	answers 503 FAILED noNodesAvailable
	is "$(sql 'select count(*) from b3lb.meeting')" 0
}

@test "a name that XML forbids does not hide the node" {
	evil_creates
	evil_says getMeetings "<response>$ok<meetings><meeting><meetingID>$(sql 'select node_meeting_id from b3lb.meeting')</meetingID><internalMeetingID>i-1</internalMeetingID><meetingName>a\xef\xbf\xbe\x01\xffb</meetingName></meeting></meetings></response>"
	polls t
	evil getMeetings ""
	answers 200 SUCCESS
	is "$(x //meetingName)" $'a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdb'
}

@test "a node's cookie cannot break out of its header" {
	evil_creates
	evil_says join "<response>$ok<url>http://x</url></response>" 'Set-Cookie: JSESSIONID=b\rX-Evil: 1\r\nSet-Cookie: JSESSIONID=d\r\n'
	evil join "meetingID=abc&fullName=Me&role=VIEWER&redirect=false"
	answers 200 SUCCESS
	is "$(header x-evil)" ""
	[[ "$headers" == *"Set-Cookie: JSESSIONID=d"* ]]
}

@test "broken HTTP from a node: noNodesAvailable, and the program lives" {
	local pid
	pid=$(cat "$H/api.pid")
	for answer in '' 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<r' 'rubbish' 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n' \
		'HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\nnot gzip' 'HTTP/1.1 99999999999 X\r\n\r\n' \
		'HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n'; do
		printf "$answer" >"$H/evil/create"
		evil create "meetingID=abc&name=Name"
		answers 503 FAILED noNodesAvailable
	done
	is "$(cat "$H/api.pid")" "$pid"
	kill -0 "$pid"
	is "$(sql 'select count(*) from b3lb.meeting')" 0
}

@test "what a node says reaches the log as one value" {
	evil_says getMeetings "<response><returncode>FAILED</returncode><messageKey>x\nlevel=error event=forged</messageKey></response>"
	run -0 --separate-stderr job poll
	[[ "$stderr" == *'\x0a'* ]]
	! grep -q '^level=error' <<<"$stderr" || false
}

@test "a load that is no number from 0 to 10000 is none" {
	for load in -1 10001 1.5 abc '1 2' 99999999999999999999 '<a/>'; do
		printf 'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n%s' "$load" >"$H/evil/load"
		sql "update b3lb.node set polled_at = null, online = true, cpu = 77 where slug = 'evil'"
		polls t
		is "$(sql "select cpu from b3lb.node where slug = 'evil'")" 77
	done
}
