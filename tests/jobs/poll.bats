# b3lb-poll and b3lb-meetings.
load ../harness/harness.bash
setup_file() { h_start 3; }
teardown_file() { h_stop; }
setup() { h_reset; }

slug() { sql "select n.slug from b3lb.meeting m join b3lb.node n on n.id = m.node_id where m.meeting_id = '$1'"; }
on_node() { sql "select node_meeting_id from b3lb.meeting where meeting_id = '$1'"; }
node() { sql "select $2 from b3lb.node where slug = '$1'"; }
# As if the meeting had been there for a minute.
age() { sql "update b3lb.meeting set created_at = created_at - interval '1 minute', confirmed_at = confirmed_at - interval '1 minute'"; }

@test "a poll counts meetings, attendees and cpu" {
	bbb create "meetingID=abc&name=Test"
	n=$(slug abc)
	sim "$n/users" "meetingID=$(on_node abc)" participants=7 listeners=2 voices=3 videos=1 moderators=1
	sim "$n/load" value=4200
	job poll
	is "$(node "$n" "meetings || ' ' || attendees || ' ' || cpu")" "1 7 4200"
	is "$(sql "select attendees || ' ' || listeners || ' ' || voices || ' ' || videos || ' ' || moderators || ' ' || running from b3lb.meeting")" "7 2 3 1 1 true"
	bbb getMeetings ""
	is "$(x /response/meetings/meeting/participantCount)" 7
	is "$(x /response/meetings/meeting/meetingID)" abc
	[[ "$output" != *b3lb-* ]]
}

@test "one failed poll changes nothing, two take the node offline, one good brings it back with its meetings" {
	bbb create "meetingID=abc&name=Test"
	n=$(slug abc)
	id=$(on_node abc)
	age
	sim "$n/behave" mode=refuse
	job poll
	is "$(node "$n" online)" t
	job poll
	is "$(node "$n" online)" f
	is "$(sql 'select count(*) from b3lb.meeting')" 1
	bbb join "meetingID=abc&fullName=Me&role=VIEWER"
	answers 404 FAILED notFound
	sim "$n/behave" mode=normal
	job poll
	is "$(node "$n" online)" t
	is "$(on_node abc)" "$id"
	bbb getMeetingInfo "meetingID=abc"
	answers 200 SUCCESS
}

@test "a poll that is stopped while a node hangs ends at once, and says nothing against the node" {
	sql "update b3lb.node set polled_at = null"
	sim n1/behave mode=hang calls=getMeetings
	"$B3LB_PREFIX/libexec/b3lb/b3lb-poll" --config "$H/b3lb.conf" --every 15 --for 60 3>&- &
	pid=$!
	others_are_polled() { [ "$(sql "select count(*) from b3lb.node where polled_at is not null")" = 2 ]; }
	h_wait others_are_polled
	kill -TERM "$pid"
	wait "$pid"
	is "$(node n1 "online || ' ' || failures || ' ' || (polled_at is null)")" "true 0 true"
}

# Holds a table as an administrator's statement would, for so many seconds: stand_still TABLE SECONDS
stand_still() {
	sql "begin; lock table $1; select pg_sleep($2); commit" >/dev/null 3>&- &
	HOLDER=$!
	HELD=$1
	is_held() { [ "$(sql "select count(*) from pg_locks where relation = '$HELD'::regclass and mode = 'AccessExclusiveLock' and granted")" = 1 ]; }
	h_wait is_held
}
# A poll that takes a node offline at once.
strict_poll() {
	sed '$a poll_failures_offline = 1' "$H/b3lb.conf" >"$H/strict.conf"
	"$B3LB_PREFIX/libexec/b3lb/b3lb-poll" --config "$H/strict.conf" "$@"
}

@test "a database that stands still takes no node offline" {
	for n in n2 n3; do sim $n/behave mode=slow ms=1000 calls=getMeetings; done
	stand_still b3lb.meeting 6
	run -0 strict_poll
	wait "$HOLDER"
	is "$(sql "select string_agg(slug || ' ' || online || ' ' || failures, ', ' order by slug) from b3lb.node")" "n1 true 0, n2 true 0, n3 true 0"
	is "$(sql "select count(*) from b3lb.node where good_at > now() - interval '20 seconds'")" 3
}

@test "a table of nodes that stands still takes none offline, and a node that does not answer is found out all the same" {
	sim n1/behave mode=hang calls=getMeetings
	sim n2/behave mode=slow ms=1000
	strict_poll &
	others_are_asked() { [ "$(asked load n3)" -ge 1 ] || [ "$(sql "select good_at > now() - interval '3 seconds' from b3lb.node where slug = 'n3'")" = t ]; }
	h_wait others_are_asked
	stand_still b3lb.node 6
	wait
	is "$(sql "select string_agg(slug || ' ' || online, ', ' order by slug) from b3lb.node")" "n1 false, n2 true, n3 true"
}

@test "a poll that stood still itself says nothing against the nodes that it had asked" {
	sql "update b3lb.node set polled_at = null"
	for n in n1 n2 n3; do sim $n/behave mode=slow ms=1000 calls=getMeetings; done
	sim journal/clear
	"$B3LB_PREFIX/libexec/b3lb/b3lb-poll" --config <(sed '$a poll_failures_offline = 1' "$H/b3lb.conf") 3>&- &
	pid=$!
	all_asked() { [ "$(sql "select count(*) from b3lb.node where claimed_until > now()")" = 3 ]; }
	h_wait all_asked
	sleep 0.3
	kill -STOP "$pid"
	sleep 5
	kill -CONT "$pid"
	wait "$pid" || true
	is "$(sql "select count(*) from b3lb.node where online and failures = 0")" 3
}

@test "a create while the node is offline places the meeting anew, and it stays there when the node is back" {
	bbb create "meetingID=abc&name=Test"
	bbb create "meetingID=def&name=Test"
	n=$(slug abc)
	sql "update b3lb.meeting set node_id = (select id from b3lb.node where slug = '$n') where meeting_id = 'def'"
	age
	sim "$n/behave" mode=refuse
	job poll
	job poll
	bbb create "meetingID=abc&name=Test"
	answers 200 SUCCESS ""
	[ "$(slug abc)" != "$n" ]
	placed=$(slug abc)
	sim "$n/behave" mode=normal
	job poll
	is "$(slug abc)" "$placed"
	is "$(sql "select count(*) from b3lb.meeting where meeting_id = 'abc'")" 1
	bbb getMeetingInfo "meetingID=abc"
	answers 200 SUCCESS
}

# As a create whose process was killed while it placed abc anew; the node that it had is back.
placed_anew_and_killed() {
	bbb create "meetingID=abc&name=Test&record=true"
	n=$(slug abc)
	id=$(on_node abc)
	age
	sim "$n/behave" mode=refuse
	job poll && job poll
	for other in n1 n2 n3; do [ $other = "$n" ] || sim $other/behave mode=hang calls=create; done
	bbb create "meetingID=abc&name=Test&record=true" &
	placed_anew() { is "$(sql "select count(*) from b3lb.meeting where was_node_id is not null")" 1; }
	h_wait placed_anew
	h_kill api KILL
	wait
	for other in n1 n2 n3; do sim $other/behave mode=normal; done
	h_programs_start
}

@test "a create that was killed while it placed a meeting anew: the meeting is where it was after five minutes" {
	placed_anew_and_killed
	job poll
	[ "$(slug abc)" != "$n" ]
	sql "update b3lb.meeting set created_at = created_at - interval '6 minutes'"
	job poll
	is "$(slug abc) $(on_node abc)" "$n $id"
	bbb getMeetingInfo "meetingID=abc"
	answers 200 SUCCESS
	job poll
	is "$(sql "select string_agg(slug || ' ' || meetings || ' ' || held_meetings || ' ' || held_attendees, ',') from b3lb.node where slug <> '$n'")" \
		"$(sql "select string_agg(slug || ' 0 0 0', ',') from b3lb.node where slug <> '$n'")"
	is "$(sql "select count(*) || ' ' || count(m.id) from b3lb.record_set r left join b3lb.meeting m on m.record_set_id = r.id")" "1 1"
}

@test "a create that was killed leaves no record set behind" {
	sim n1/behave mode=hang calls=create
	sql "update b3lb.node set online = slug = 'n1'"
	bbb create "meetingID=abc&name=Test&record=true" &
	placed() { is "$(sql "select count(*) from b3lb.record_set")" 1; }
	h_wait placed
	h_kill api KILL
	wait
	h_programs_start
	sql "update b3lb.meeting set created_at = created_at - interval '6 minutes'"
	sim n1/behave mode=normal
	job poll
	is "$(sql "select (select count(*) from b3lb.meeting) || ' ' || (select count(*) from b3lb.record_set)")" "0 0"
}

@test "a meeting that comes back to its node while that is polled stays" {
	bbb create "meetingID=abc&name=Test"
	n=$(slug abc)
	age
	sim "$n/behave" mode=refuse
	job poll
	job poll
	sim "$n/behave" mode=slow ms=2500 calls=load
	sql "select b3lb.place_create(secret_id, 'abc', 'Test', 0, null, null, '{}', null, false, '{}') from b3lb.meeting"
	[ "$(slug abc)" != "$n" ]
	job poll &
	# The others have answered; this one was asked for its meetings, and now for its load.
	others_are_polled() { is "$(sql "select string_agg(slug, ',') from b3lb.node where claimed_until is not null")" "$n"; }
	h_wait others_are_polled
	# The node where it was placed anew refuses it.
	sql "select b3lb.drop_placement(id, node_meeting_id) from b3lb.meeting"
	is "$(slug abc)" "$n"
	wait
	is "$(node "$n" online) $(slug abc)" "t $n"
}

@test "rubbish, HTML, FAILED and an empty answer are failed polls that change nothing else" {
	bbb create "meetingID=abc&name=Test"
	n=$(slug abc)
	age
	for mode in rubbish html failed empty status500 redirect wrongmeeting; do
		sim "$n/behave" mode=$mode calls=getMeetings
		job poll
		is "$(node "$n" "failures")" 1
		is "$(sql 'select count(*) from b3lb.meeting')" 1
		is "$(node "$n" "meetings")" 0
		sql "update b3lb.node set failures = 0"
	done
}

@test "a meeting missing in a good poll is removed when it is older than ten seconds, not before" {
	bbb create "meetingID=abc&name=Test"
	n=$(slug abc)
	sim "$n/vanish" "meetingID=$(on_node abc)"
	job poll
	is "$(sql 'select count(*) from b3lb.meeting')" 1
	age
	job poll
	is "$(sql 'select count(*) from b3lb.meeting')" 0
	is "$(sql 'select sum(held_meetings + held_attendees) from b3lb.node')" 0
	bbb getMeetings ""
	answers 200 SUCCESS noMeetings
}

@test "a load value that is no number from 0 to 10000 is not taken" {
	for v in "" x -1 10001 1e3 99999999999 "12 13"; do
		sim n1/load "text=$v"
		job poll
		is "$(node n1 "cpu")" 0
	done
	sim n1/load "text=10000
"
	job poll
	is "$(node n1 "cpu || ' ' || round(cpu_load)")" "10000 5000"
}

@test "a poll knows when it began, whatever form the database prefers for times" {
	# IST is read as Israel's.
	sql "alter database b3lb set datestyle = 'SQL, DMY'"
	sql "alter database b3lb set timezone = 'Asia/Kolkata'"
	job poll
	sql "alter database b3lb reset all"
	is "$(sql "select bool_and(good_started_at between now() - interval '1 minute' and now()) from b3lb.node")" t
}

@test "a hanging node does not hold up the others" {
	sim n1/behave mode=hang
	bbb create "meetingID=abc&name=Test"
	job poll
	is "$(sql "select count(*) from b3lb.node where failures = 0 and polled_at > now() - interval '20 seconds'")" 2
	is "$(node n1 failures)" 1
}

@test "two polls at once ask each node once" {
	sql "update b3lb.node set polled_at = now() - interval '1 hour'"
	sim journal/clear
	for n in n1 n2 n3; do sim "$n/behave" mode=slow ms=700 calls=getMeetings; done
	job poll & job poll & wait
	is "$(asked getMeetings)" 3
}

all_claimed() { [ "$(sql "select count(*) from b3lb.node where claimed_until > now()")" = 3 ]; }
@test "a poll that was killed leaves its nodes to the next one" {
	for n in n1 n2 n3; do sim "$n/behave" mode=hang; done
	job poll & pid=$!
	h_wait all_claimed
	kill -9 $pid
	wait $pid || true
	for n in n1 n2 n3; do sim "$n/behave" mode=normal; done
	sql "update b3lb.node set claimed_until = now() - interval '1 second' where claimed_until is not null"
	before=$(sql "select now()")
	job poll
	is "$(sql "select count(*) from b3lb.node where good_at > '$before'")" 3
}

@test "rounds repeat by --every and --for, and the ledger says when they ran" {
	run -0 job poll --every 1 --for 3
	[ "$(asked getMeetings n1)" -ge 2 ]
	is "$(sql "select count(*) from b3lb.job where name = 'poll' and good_at > now() - interval '1 minute'")" 1
	admin status | grep -q poll
}

@test "a job's usage errors and a bad configuration are exit 2" {
	run job poll --nonsense
	is "$status" 2
	run "$B3LB_PREFIX/libexec/b3lb/b3lb-poll" --config /nonexistent
	is "$status" 2
	[[ "$output" == *nonexistent* ]]
	run job poll --every x --for 1
	is "$status" 2
}

@test "a job says 1 when the database is away" {
	sed 's/port=[0-9]*/port=1/' "$H/b3lb.conf" >"$H/away.conf"
	run "$B3LB_PREFIX/libexec/b3lb/b3lb-poll" --config "$H/away.conf"
	is "$status" 1
}

@test "the meetings job writes every list" {
	bbb create "meetingID=abc&name=Test"
	sql "truncate b3lb.meeting_list"
	run -0 job meetings
	[ "$(sql 'select count(*) from b3lb.meeting_list where meetings = 1')" -ge 1 ]
	bbb getMeetings ""
	is "$(x 'count(/response/meetings/meeting)')" 1
}

# abc on a node, with so many people; the node then dies: dies PEOPLE
dies() {
	bbb create "meetingID=abc&name=Test&meta_endCallbackUrl=$(enc "$(sink_url "s$BATS_TEST_NUMBER")")"
	n=$(slug abc)
	id=$(on_node abc)
	sim "$n/users" "meetingID=$id" "participants=$1"
	job poll
	age
	sim "$n/behave" mode=refuse
	job poll && job poll
	is "$(node "$n" online)" f
}
gauge() { sql "select value from b3lb.metric_samples(null, null) where name = '$1' and labels = 'tenant=\"ACME\"'"; }

@test "meetings of a node that is gone count nowhere until it is back" {
	dies 50
	bbb getMeetings ""
	answers 200 SUCCESS noMeetings
	is "$(gauge b3lb_attendees) $(gauge b3lb_meetings)" "0 0"
	sql "update b3lb.tenant set meeting_limit = 1, attendee_limit = 50"
	bbb create "meetingID=def&name=Test"
	answers 200 SUCCESS
	bbb join "meetingID=def&fullName=Me&role=VIEWER"
	is "$status" 302
	bbb create "meetingID=ghi&name=Test"
	answers 403 FAILED maxMeetingsReached
	job rollup
	is "$(sql "select sum(attendees) from b3lb.stats")" 0
	sim "$n/behave" mode=normal
	job poll
	bbb getMeetings ""
	is "$(x 'count(//meeting)')" 2
	is "$(gauge b3lb_attendees)" 50
	bbb join "meetingID=def&fullName=Me&role=VIEWER"
	answers 403 FAILED maxParticipantsReached
}

@test "meetings of a node that has been gone for a day are over" {
	dies 5
	sql "update b3lb.node set good_at = now() - interval '23 hours'; update b3lb.meeting set confirmed_at = now() - interval '2 days'"
	job poll
	is "$(sql 'select count(*) from b3lb.meeting')" 1
	sql "update b3lb.node set good_at = now() - interval '25 hours' where not online"
	run --separate-stderr job poll
	is "$status" 0
	[[ "$stderr" == *"event=meetings_lost meetings=1"* ]]
	is "$(sql 'select count(*) from b3lb.meeting')" 0
	is "$(sql "select sum(held_meetings) from b3lb.node where online")" 0
	sql "update b3lb.ended_meeting set tell_at = now() - interval '1 second'"
	job callbacks
	is "$(sink "s$BATS_TEST_NUMBER" | jq length)" 1
}

@test "a node is removed with its meetings by --force" {
	admin node add gone --cluster main --secret node-secret --url "http://127.0.0.1:$(h_free_port)"
	bbb create "meetingID=abc&name=Test&meta_endCallbackUrl=$(enc "$(sink_url "s$BATS_TEST_NUMBER")")"
	sql "update b3lb.meeting set node_id = (select id from b3lb.node where slug = 'gone')"
	run admin node remove gone
	is "$status" 1
	run -0 admin node remove gone --force
	is "$(sql "select count(*) from b3lb.meeting")" 0
	job callbacks
	is "$(sink "s$BATS_TEST_NUMBER" | jq length)" 1
}

@test "a database whose clock was set back is polled, and what it wrote before is not waited for" {
	bbb create "meetingID=abc&name=Test"
	n=$(slug abc)
	sim "$n/users" "meetingID=$(on_node abc)" participants=3
	sql "update b3lb.node set polled_at = now() + interval '2 hours', good_at = now() + interval '2 hours', good_started_at = now() + interval '2 hours',
		claimed_until = now() + interval '2 hours';
		update b3lb.meeting set confirmed_at = now() + interval '2 hours'"
	run -0 job poll
	is "$(sql "select count(*) from b3lb.node where good_at between now() - interval '1 minute' and now()")" 3
	is "$(sql "select attendees from b3lb.meeting")" 3
	sql "update b3lb.node set good_started_at = now() + interval '2 hours', polled_at = now() + interval '2 hours' where slug = '$n'"
	sim "$n/behave" mode=refuse
	job poll
	is "$(node "$n" failures)" 1
	sim "$n/behave" mode=normal
	sim "$n/restart"
	sql "update b3lb.meeting set confirmed_at = now() + interval '2 hours'"
	job poll
	is "$(sql "select count(*) from b3lb.meeting")" 0
	sql "insert into b3lb.callback (secret_id, kind, url, next_at, claimed_until)
		select min(id), 'ended', '$(sink_url "s$BATS_TEST_NUMBER")', now() + interval '2 hours', now() + interval '2 hours' from b3lb.secret"
	job callbacks
	is "$(sink "s$BATS_TEST_NUMBER" | jq length)" 1
}

@test "a round in which nobody polled any node is a failed one" {
	sql "update b3lb.node set polled_at = null"
	sql "begin; select 1 from b3lb.node for update; select pg_sleep(4); commit" >/dev/null 3>&- &
	nodes_are_held() { [ "$(sql "select count(*) from (select 1 from b3lb.node for update skip locked) x")" = 0 ]; }
	h_wait nodes_are_held
	run job poll
	is "$status" 1
	[[ "$output" == *"0 of 3 nodes"* ]]
	wait
	run -0 job poll
}

@test "a create that nobody finished on a node that is gone is taken back after five minutes" {
	sim n1/behave mode=hang calls=create
	sql "update b3lb.node set online = slug = 'n1'"
	bbb create "meetingID=abc&name=Test&record=true" &
	placed() { is "$(sql "select count(*) from b3lb.record_set")" 1; }
	h_wait placed
	h_kill api KILL
	wait
	h_programs_start
	sim n1/behave mode=refuse
	job poll
	job poll
	is "$(node n1 online) $(sql 'select count(*) from b3lb.meeting')" "f 1"
	sql "update b3lb.meeting set created_at = created_at - interval '6 minutes'"
	job poll
	is "$(sql "select (select count(*) from b3lb.meeting) || ' ' || (select count(*) from b3lb.record_set)")" "0 0"
	is "$(node n1 "held_meetings || ' ' || held_attendees")" "0 0"
}

@test "a meeting that could not be placed anew is what it was: people, name, callbacks" {
	dies 50
	for other in n1 n2 n3; do [ $other = "$n" ] || sim $other/behave mode=status500 calls=create; done
	bbb create "meetingID=abc&name=Other"
	answers 503 FAILED noNodesAvailable
	for other in n1 n2 n3; do sim $other/behave mode=normal; done
	job poll
	is "$(sql "select attendees || ' ' || seen || ' ' || name || ' ' || (own_params ? 'meta_endcallbackurl') from b3lb.meeting")" "50 true Test true"
	is "$(slug abc) $(on_node abc) $(gauge b3lb_attendees)" "$n $id 50"
	is "$(sql "select sum(held_meetings) from b3lb.node")" 0
	sim "$n/end" "meetingID=$id"
	told() { job callbacks && [ "$(sink "s$BATS_TEST_NUMBER" | jq length)" = 1 ]; }
	h_wait told
}

@test "nodes call back about a meeting that is being placed anew" {
	placed_anew_and_killed
	# The one that it is being placed on: the meeting goes back to where it was.
	is "$(sql "select b3lb.callback_end(nonce, node_meeting_id, true) from b3lb.meeting")" ended
	is "$(slug abc) $(on_node abc)" "$n $id"
	is "$(sql "select count(*) || ' ' || count(m.id) from b3lb.record_set r left join b3lb.meeting m on m.record_set_id = r.id")" "1 1"
	sql "delete from b3lb.meeting; delete from b3lb.record_set; update b3lb.node set online = true"
	for other in n1 n2 n3; do sim $other/restart; done
	# The one that it had: that session is over, and its recording is known.
	placed_anew_and_killed
	is "$(sql "select b3lb.callback_end(was_nonce, was_node_meeting_id, true) from b3lb.meeting")" ended
	is "$(sql "select count(*) || ' ' || count(was_node_id) from b3lb.meeting")" "1 0"
	is "$(sql "select r.marks from b3lb.ended_meeting e join b3lb.record_set r on r.id = e.record_set_id")" t
}

@test "lists that have not changed are not written" {
	bbb create "meetingID=abc&name=Test"
	job meetings
	run -0 --separate-stderr job meetings
	[[ "$stderr" == *'msg="0 lists written"'* ]]
	before=$(sql "select string_agg(xmin::text, ' ' order by secret_id) from b3lb.meeting_list")
	job poll
	job poll
	job meetings
	sim "$(slug abc)/users" "meetingID=$(on_node abc)" participants=2
	job poll
	run -0 --separate-stderr job meetings
	[[ "$stderr" == *'msg="1 lists written"'* ]]
	bbb getMeetings ""
	is "$(x //participantCount)" 2
	is "$(sql "select count(*) from b3lb.meeting_change where changed_at < now() - interval '1 minute'")" 0
}

# What pg_restore brings from a server that has seen many more transactions.
from_another_server() {
	sql "update b3lb.meeting_list set snapshot = '900000000:900000000:';
		insert into b3lb.meeting_change (secret_id, xid, changed_at) select id, '899999999', now() - interval '1 year' from b3lb.secret"
}

@test "after a restore from another server a new meeting is listed at once, and b3lb-meetings forgets that server's marks" {
	bbb create "meetingID=old&name=Old"
	job meetings
	from_another_server
	bbb create "meetingID=new&name=New"
	bbb getMeetings ""
	is "$(x 'count(//meeting)')" 2
	job meetings
	is "$(sql "select count(*) from b3lb.meeting_change where xid = '899999999'")" 0
	bbb getMeetings ""
	is "$(x 'count(//meeting)')" 2
	run -0 --separate-stderr job meetings
	[[ "$stderr" == *'msg="0 lists written"'* ]]
}

@test "after a restore from another server an end is seen at once, without any round of b3lb-meetings" {
	bbb create "meetingID=old&name=Old"
	bbb create "meetingID=stays&name=Stays"
	job meetings
	from_another_server
	bbb end "meetingID=old"
	bbb getMeetings ""
	is "$(x 'count(//meeting)')" 1
	is "$(x //meeting/meetingID)" stays
}

# What bbb-web makes of a room: its meetingID is the node's, the id that was sent its internal one.
@test "a room that a client makes is one room, known by the id that was sent, and listed right from the first second" {
	bbb create "meetingID=parent&name=Parent"
	parent=$(x /response/internalMeetingID)
	n=$(slug parent)
	bbb create "meetingID=child&name=Child&isBreakout=true&sequence=1&parentMeetingID=$parent"
	answers 200 SUCCESS
	is "$(x /response/meetingID) $(x /response/internalMeetingID)" "child child"
	is "$(sim "$n/meetings" | jq length)" 2
	for round in first second; do
		bbb getMeetings ""
		is "$(x 'count(/response/meetings/meeting)')" 2
		is "$(x '//meeting[meetingID="child"]/isBreakout') $(x '//meeting[meetingID="child"]/parentMeetingID')" "true $parent"
		is "$(x '//meeting[meetingID="parent"]/isBreakout')" false
		[[ "$output" != *b3lb-* ]]
		bbb getMeetingInfo "meetingID=child"
		answers 200 SUCCESS
		is "$(x //meetingID) $(x //internalMeetingID)" "child child"
		bbb join "meetingID=child&fullName=Me&role=VIEWER"
		is "$status" 302
		bbb create "meetingID=child&name=Child&isBreakout=true&sequence=1&parentMeetingID=$parent"
		answers 200 SUCCESS duplicateWarning
		age
		job poll
	done
	is "$(sql "select count(*) filter (where seen) from b3lb.meeting")" 2
	bbb end "meetingID=child"
	answers 200 SUCCESS
	is "$(sim "$n/meetings" | jq length) $(sql "select string_agg(meeting_id, ' ') from b3lb.meeting")" "1 parent"
}

@test "a room that the node made is listed with its parent, and can be asked for by each of its ids" {
	bbb create "meetingID=parent&name=Parent"
	n=$(slug parent)
	read -r room internal < <(sim "$n/room" "meetingID=$(on_node parent)" "name=Group 1")
	sim "$n/users" "meetingID=$internal" participants=2
	job poll
	bbb getMeetings ""
	is "$(x 'count(//meeting)') $(x '//meeting[isBreakout="true"]/meetingID') $(x '//meeting[isBreakout="true"]/internalMeetingID')" "2 $room $internal"
	for id in "$room" "$internal"; do
		bbb isMeetingRunning "meetingID=$id"
		is "$(x //running)" true
		bbb getMeetingInfo "meetingID=$id"
		answers 200 SUCCESS
		is "$(x //meetingID) $(x //internalMeetingID) $(x //meetingName)" "$room $internal Group 1"
		bbb join "meetingID=$id&fullName=Me&role=VIEWER"
		is "$status" 302
		[[ "$(header location)" == *"/$n/"*"meetingID=$internal"* ]]
		beta getMeetingInfo "meetingID=$id"
		answers 200 FAILED notFound
		acme5 getMeetingInfo "meetingID=$id"
		answers 200 FAILED notFound
	done
	bbb end "meetingID=$room"
	answers 200 SUCCESS
	is "$(sim "$n/meetings" | jq -r '.[].name') $(sql "select string_agg(meeting_id, ' ') from b3lb.meeting")" "Parent parent"
	job poll
	bbb getMeetingInfo "meetingID=$room"
	answers 200 FAILED notFound
}

@test "a room goes where its parent is, and no node that is known to be down is asked for it" {
	bbb create "meetingID=parent&name=Parent"
	parent=$(x /response/internalMeetingID)
	n=$(slug parent)
	sql "update b3lb.node set online = false where slug = '$n'"
	sim journal/clear
	bbb create "meetingID=child&name=Child&isBreakout=true&sequence=1&parentMeetingID=$parent"
	answers 503 FAILED noNodesAvailable
	sql "update b3lb.node set online = true, state = 'maintenance' where slug = '$n'"
	bbb create "meetingID=child&name=Child&isBreakout=true&sequence=1&parentMeetingID=$parent"
	answers 503 FAILED noNodesAvailable
	is "$(asked create)" 0
	sql "update b3lb.node set state = 'draining' where slug = '$n'"
	bbb create "meetingID=child&name=Child&isBreakout=true&sequence=1&parentMeetingID=$parent"
	answers 200 SUCCESS
}

@test "names of userdata and metadata that are none in XML are not sent on; the others are" {
	bbb create "meetingID=abc&name=Test&meta_good-1=1&meta_b%20d=1&meta_a%5B0%5D=1&meta_=1&meta_1st=1&meta_x%3Ay=1"
	answers 200 SUCCESS
	n=$(slug abc)
	is "$(sim "$n/meetings" | jq -r '.[0].params | keys[] | select(startswith("meta_"))' | sort | xargs)" "meta_endCallbackUrl meta_good-1"
	bbb join "meetingID=abc&fullName=Me&role=VIEWER&userdata-bbb_list%5B0%5D=1&userdata-my%20key=2&userdata-=3&userdata-%C3%BC=4&userdata-bbb_skip=true"
	is "$status" 302
	is "$(header location | grep -o 'userdata-[^&]*' | xargs)" "userdata-%C3%BC=4 userdata-bbb_skip=true"
	# Whoever joins past us: the list is read all the same.
	query="meetingID=$(on_node abc)&fullName=X&role=VIEWER&userdata-bbb_list%5B0%5D=1"
	curl -sS -o /dev/null "http://127.0.0.1:$H_SIM_PORT/$n/bigbluebutton/api/join?$query&checksum=$(checksum join "$query" node-secret)"
	sim "$n/users" "meetingID=$(on_node abc)" participants=1
	job poll
	is "$(node "$n" "online || ' ' || unsteady")" "true false"
	bbb getMeetings ""
	is "$(x //bbb_list_0_) $(x //participantCount)" "1 1"
}

@test "counts of a node that writes separators, and a load page of HTML" {
	bbb create "meetingID=abc&name=Test&maxParticipants=1500"
	n=$(slug abc)
	for separator in , . "$(printf '\xc2\xa0')"; do
		sim "$n/separator" "text=$separator"
		sim "$n/users" "meetingID=$(on_node abc)" participants=1202
		sim "$n/behave" mode=html calls=load
		job poll
		is "$(node "$n" "online || ' ' || unsteady || ' ' || attendees || ' ' || failures")" "true false 1202 0"
		bbb getMeetings ""
		is "$(x //participantCount) $(x //maxUsers)" "1202 1500"
		bbb getMeetingInfo "meetingID=abc"
		is "$(x //participantCount) $(x //maxUsers)" "1202 1500"
		sim "$n/users" "meetingID=$(on_node abc)" participants=1
		sim "$n/separator" text=
		job poll
	done
}
