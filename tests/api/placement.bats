# Where creates go, and what is left when they fail.
bats_require_minimum_version 1.5.0
load ../harness/harness.bash
setup_file() { h_start 6; }
teardown_file() { h_stop; }
setup() {
	h_reset
	for n in 4 5 6; do admin node enable "n$n" 2>/dev/null || true; done
}

# N creates at once; {} in the query is the number: creates N QUERY. Leaves one answer a file in $BATS_TEST_TMPDIR/out.
creates() {
	local n=$1 i q
	mkdir -p "$BATS_TEST_TMPDIR/out"
	for ((i = 1; i <= n; i++)); do
		q=${2//\{\}/$i}
		echo "url = \"http://127.0.0.1:$H_PORT$(signed create "$q")\""
		echo "output = \"$BATS_TEST_TMPDIR/out/$i\""
	done >"$BATS_TEST_TMPDIR/curlrc"
	curl -sS --parallel --parallel-immediate --parallel-max 64 --max-time 60 -H "Host: acme.$H_DOMAIN" -K "$BATS_TEST_TMPDIR/curlrc"
}
answered() { cat "$BATS_TEST_TMPDIR"/out/* | grep -o "$1" | wc -l; }

@test "64 creates at once of one new meeting: one row, one node asked, one createTime" {
	creates 64 "meetingID=one&name=One+Meeting"
	is "$(answered '<returncode>SUCCESS')" 64
	is "$(cat "$BATS_TEST_TMPDIR"/out/* | grep -o '<createTime>[0-9]*' | sort -u | wc -l)" 1
	is "$(sql 'select count(*) from b3lb.meeting')" 1
	is "$(sql 'select count(*) from b3lb.meeting where creators >= 1 and confirmed')" 1
	nodes=0
	for n in 1 2 3 4 5 6; do [ "$(asked create "n$n")" = 0 ] || nodes=$((nodes + 1)); done
	is "$nodes" 1
}

@test "600 creates between two polls spread over six equal nodes, each a hundred give or take five" {
	creates 600 "meetingID=m{}&name=Meeting+{}"
	is "$(answered '<returncode>SUCCESS')" 600
	run -0 sql 'select count(*) from b3lb.meeting group by node_id'
	is "${#lines[@]}" 6
	for n in "${lines[@]}"; do [ "$n" -ge 95 ] && [ "$n" -le 105 ]; done
}

@test "a limit of ten meetings holds against fifty creates at once" {
	admin tenant set ACME --meeting-limit 10
	creates 50 "meetingID=m{}&name=Meeting+{}"
	is "$(answered '<returncode>SUCCESS')" 10
	is "$(answered maxMeetingsReached)" 40
	is "$(sql 'select count(*) from b3lb.meeting')" 10
}

@test "a limit holds when meetings are placed anew, since their node was away" {
	admin tenant set ACME --meeting-limit 2
	sql "update b3lb.node set state = 'draining' where slug <> 'n1'"
	for id in aaa bbb; do bbb create "meetingID=$id&name=Test" && answers 200 SUCCESS; done
	sql "update b3lb.node set state = 'enabled', online = slug <> 'n1'"
	bbb create "meetingID=ccc&name=Test"
	answers 200 SUCCESS
	bbb create "meetingID=aaa&name=Test"
	answers 200 SUCCESS
	bbb create "meetingID=bbb&name=Test"
	answers 403 FAILED maxMeetingsReached
	bbb create "meetingID=aaa&name=Test"
	answers 200 SUCCESS
	# It is where it was, and comes back with its node.
	sql "update b3lb.node set online = true where slug = 'n1'"
	bbb create "meetingID=bbb&name=Test"
	answers 200 SUCCESS
	is "$(sql "select string_agg(m.meeting_id, ' ' order by m.meeting_id) from b3lb.meeting m join b3lb.node n on n.id = m.node_id where n.slug = 'n1'")" bbb
}

@test "a limit holds whatever transactions the database prefers" {
	sql "alter database b3lb set default_transaction_isolation = 'repeatable read'"
	h_programs_stop
	h_programs_start
	admin tenant set ACME --meeting-limit 10
	creates 50 "meetingID=meeting-{}&name=Test"
	sql "alter database b3lb reset default_transaction_isolation"
	h_programs_stop
	h_programs_start
	is "$(answered '<returncode>SUCCESS')" 10
	is "$(answered '<messageKey>maxMeetingsReached')" 40
}

@test "through a transaction pooler, which takes no settings, another isolation or date style is refused, and said" {
	admin tenant set ACME --meeting-limit 10
	for setting in "default_transaction_isolation repeatable read" "datestyle German"; do
		sql "alter role postgres set ${setting%% *} = '${setting#* }'"
		h_programs_stop
		B3LB_DATABASE_POOLER=transaction h_programs_start
		bbb create "meetingID=abc&name=Test"
		seen="$status $(x /response/messageKey)"
		B3LB_DATABASE_POOLER=transaction run -1 admin check
		sql "alter role postgres reset ${setting%% *}"
		is "$seen" "503 internalError"
		[[ "$output" == *"database"*"${setting%% *} is"*"alter role postgres set ${setting%% *}"* ]]
		grep -q "${setting%% *} is .* behind the pooler" "$H/api.log"
	done
	is "$(sql 'select count(*) from b3lb.meeting')" 0
	# With the right ones limits hold.
	h_programs_stop
	B3LB_DATABASE_POOLER=transaction h_programs_start
	creates 50 "meetingID=meeting-{}&name=Test"
	h_programs_stop
	h_programs_start
	is "$(answered '<returncode>SUCCESS')" 10
	is "$(answered '<messageKey>maxMeetingsReached')" 40
}

@test "a secret's own limit counts only its own meetings" {
	admin secret set ACME-5 --meeting-limit 1
	bbb create "meetingID=a1&name=Name"
	acme5 create "meetingID=a2&name=Name"
	answers 200 SUCCESS
	acme5 create "meetingID=a3&name=Name"
	answers 403 FAILED maxMeetingsReached
	acme5 create "meetingID=a2&name=Name"
	answers 200 SUCCESS duplicateWarning
	bbb create "meetingID=a4&name=Name"
	answers 200 SUCCESS
}

@test "a meeting that ended makes room under the limit" {
	admin tenant set ACME --meeting-limit 1
	bbb create "meetingID=a1&name=Name"
	bbb create "meetingID=a2&name=Name"
	answers 403 FAILED maxMeetingsReached
	bbb end "meetingID=a1"
	bbb create "meetingID=a2&name=Name"
	answers 200 SUCCESS
}

# The best node by far fails as $1 says: the create succeeds elsewhere and leaves nothing there.
best_fails() {
	sql "update b3lb.node set attendees = 1000 where slug <> 'n1'"
	sim n1/behave "mode=$1" calls=create
	bbb create "meetingID=abc&name=Test"
	answers 200 SUCCESS
	# What hangs is not in the node's journal; a connection that broke is tried twice by libcurl.
	[ "$1" = hang ] || [ "$(asked create n1)" -ge 1 ]
	is "$(sql "select count(*) from b3lb.meeting m join b3lb.node n on n.id = m.node_id where n.slug <> 'n1' and confirmed")" 1
	is "$(sql "select held_meetings + held_attendees from b3lb.node where slug = 'n1'")" 0
	is "$(sql 'select sum(held_meetings) from b3lb.node')" 1
}

@test "the best node refuses the connection: another takes the meeting" { best_fails refuse; }
@test "the best node hangs: another takes the meeting" { best_fails hang; }
@test "the best node answers rubbish: another takes the meeting" { best_fails rubbish; }
@test "the best node answers 500: another takes the meeting" { best_fails status500; }
@test "the best node answers HTML: another takes the meeting" { best_fails html; }
@test "the best node answers cut-off XML: another takes the meeting" { best_fails cutxml; }
@test "the best node answers nothing: another takes the meeting" { best_fails empty; }
@test "the best node redirects: another takes the meeting" { best_fails redirect; }
@test "the best node answers for another meeting: another takes the meeting" { best_fails wrongmeeting; }

@test "when no node answers: noNodesAvailable after create_attempts, and nothing is left" {
	for n in 1 2 3 4 5 6; do sim "n$n/behave" mode=rubbish calls=create; done
	bbb create "meetingID=abc&name=Test"
	answers 503 FAILED noNodesAvailable
	[ -n "$(header retry-after)" ]
	is "$(asked create)" 3
	is "$(sql 'select count(*) from b3lb.meeting')" 0
	is "$(sql 'select sum(held_meetings + held_attendees) from b3lb.node')" 0
}

@test "a failing create does not undo a concurrent one that succeeds" {
	sql "update b3lb.node set attendees = 1000 where slug <> 'n1'"
	sim n1/behave mode=rubbish calls=create count=20
	creates 40 "meetingID=abc&name=Test"
	is "$(answered '<returncode>SUCCESS')" 40
	is "$(cat "$BATS_TEST_TMPDIR"/out/* | grep -o '<createTime>[0-9]*' | sort -u | wc -l)" 1
	is "$(sql 'select count(*) from b3lb.meeting where confirmed')" 1
	is "$(sql 'select sum(held_meetings) from b3lb.node')" 1
}

@test "a create that confirms a meeting anew while that ends waits for it, and neither breaks off" {
	bbb create "meetingID=abc&name=Test&record=true"
	id=$(sql "select id from b3lb.meeting")
	sql "begin; select from b3lb.meeting for update;
		do \$\$ begin
			for i in 1..200 loop
				exit when exists (select from pg_locks where not granted and locktype in ('transactionid', 'tuple'));
				perform pg_sleep(0.05);
			end loop;
		end \$\$;
		select b3lb.end_meeting(id, node_meeting_id) from b3lb.meeting; commit" &
	locked() { is "$(sql "select count(*) from pg_stat_activity where query ~ '^begin; select from' and state = 'active'")" 1; }
	h_wait locked
	is "$(sql "select b3lb.confirm_meeting($id, (select node_meeting_id from b3lb.meeting), 'another-1', 1, '<meeting/>')")" f
	wait $!
}

@test "without an eligible node: noNodesAvailable" {
	for n in 1 2 3 4 5 6; do admin node maintenance "n$n"; done
	bbb create "meetingID=abc&name=Test"
	answers 503 FAILED noNodesAvailable
}

@test "a node of a cluster outside of the tenant's group gets nothing" {
	admin cluster add other
	admin node add far --cluster other --secret node-secret --url "http://127.0.0.1:$H_SIM_PORT/n1"
	sql "update b3lb.node set online = true where slug = 'far'; update b3lb.node set attendees = 1000 where slug <> 'far'"
	creates 20 "meetingID=m{}&name=Meeting"
	is "$(sql "select count(*) from b3lb.meeting m join b3lb.node n on n.id = m.node_id where n.slug = 'far'")" 0
	sql "delete from b3lb.node where slug = 'far'"
	admin cluster remove other --yes
}

@test "the load is attendees, meetings and cpu by the cluster's factors, over the node's weight" {
	sql "update b3lb.node set attendees = 100, meetings = 2, cpu = 5000, cpu_load = b3lb.cpu_load(5000, 5000, 6)"
	# 5000/6 * (1/2 + 1/4 + ... + 1/64) = 820.3125
	is "$(sql 'select b3lb.cpu_load(5000, 5000, 6)')" 820.3125
	is "$(sql 'select b3lb.cpu_load(10000, 5000, 6)')" 5000
	is "$(sql 'select b3lb.cpu_load(10000, 5000, 0)')" 0
	# n2 with twice the weight carries twice the load at the same rank, so it is the one.
	sql "update b3lb.node set weight = 2 where slug = 'n2'"
	bbb create "meetingID=abc&name=Test"
	is "$(sql 'select n.slug from b3lb.meeting m join b3lb.node n on n.id = m.node_id')" n2
}

@test "a breakout room's answers name its parent by an id that the client knows" {
	bbb create "meetingID=parent&name=Parent"
	parent=$(x /response/internalMeetingID)
	for id in parent "$parent"; do
		bbb create "meetingID=child-$id&name=Child&isBreakout=true&sequence=1&parentMeetingID=$id"
		answers 200 SUCCESS
		is "$(x /response/parentMeetingID)" "$parent"
		bbb getMeetingInfo "meetingID=child-$id"
		is "$(x /response/parentMeetingID)" "$parent"
	done
	job poll
	job meetings
	bbb getMeetings ""
	[[ "$output" != *b3lb-* ]]
}

@test "breakout rooms' parent and children share a node" {
	bbb create "meetingID=parent&name=Parent"
	parent=$(x /response/internalMeetingID)
	node=$(sql 'select node_id from b3lb.meeting')
	sql "update b3lb.node set attendees = 1000 where id = $node"
	bbb create "meetingID=child&name=Child&isBreakout=true&sequence=1&parentMeetingID=$parent"
	answers 200 SUCCESS
	is "$(sql 'select count(distinct node_id) from b3lb.meeting')" 1
}

expected() { sql "select expected from b3lb.meeting where meeting_id = '$1'"; }

@test "attendees are expected by the client's hint, else by earlier sessions, else by the default" {
	bbb create "meetingID=abc&name=Test"
	is "$(expected abc)" 15
	is "$(sql 'select sum(held_attendees) from b3lb.node')" 15
	slug=$(sql 'select n.slug from b3lb.meeting m join b3lb.node n on n.id = m.node_id')
	sim "$slug/users" "meetingID=$(sql 'select node_meeting_id from b3lb.meeting')" participants=40
	job poll
	sim "$slug/users" "meetingID=$(sql 'select node_meeting_id from b3lb.meeting')" participants=3
	job poll
	bbb end "meetingID=abc"
	bbb create "meetingID=abc&name=Test"
	is "$(expected abc)" 40
	bbb end "meetingID=abc"
	bbb create "meetingID=abc&name=Test&meta_bbb-meeting-size-hint=200"
	is "$(expected abc)" 200
	bbb create "meetingID=def&name=Test&meta_bbb-meeting-size-hint=lots"
	is "$(expected def)" 15
	acme5 create "meetingID=abc&name=Test"
	is "$(sql "select expected from b3lb.meeting m join b3lb.secret s on s.id = m.secret_id where s.sub_id = 5")" 15
}

@test "a later session counts as much as all before it" {
	sql "insert into b3lb.attendance select id, 'abc', 100 from b3lb.secret where sub_id = 0 and tenant_id = (select id from b3lb.tenant where slug = 'acme')"
	bbb create "meetingID=abc&name=Test"
	is "$(expected abc)" 100
	sql "update b3lb.meeting set peak = 20"
	bbb end "meetingID=abc"
	is "$(sql 'select attendees from b3lb.attendance')" 60
}

@test "what a young meeting is expected to get holds for ten minutes and is nothing after half an hour, and who is there counts" {
	weigh() { sql "select round(b3lb.held_attendees($1, $2, now() - interval '$3 minutes', now()))"; }
	is "$(weigh 30 0 -1) $(weigh 30 0 0) $(weigh 30 0 10) $(weigh 30 0 20) $(weigh 30 0 30) $(weigh 30 0 60)" "30 30 30 15 0 0"
	is "$(weigh 30 10 20) $(weigh 30 20 20) $(weigh 30 40 0)" "5 0 0"
}

@test "a hint is bounded by the create, by limits and by 1,000, and takes half of what is left of a node that counts people" {
	for case in "1000 " "40 &maxParticipants=40" "1000 &maxParticipants=0" "70 tenant" "60 secret"; do
		sql "update b3lb.tenant set attendee_limit = 70 where '$case' ~ 'tenant|secret'"
		sql "update b3lb.secret set attendee_limit = 60 where '$case' ~ 'secret'"
		bbb create "meetingID=wish&name=Test&meta_bbb-meeting-size-hint=99999&${case#* }"
		is "$(expected wish)" "${case% *}"
		bbb end "meetingID=wish"
	done
	sql "update b3lb.tenant set attendee_limit = 0; update b3lb.secret set attendee_limit = 0; update b3lb.node set max_users = 100"
	for i in {1..12}; do bbb create "meetingID=wish-$i&name=Test&meta_bbb-meeting-size-hint=99999"; done
	is "$(sql "select string_agg(distinct held_attendees::text, ' ') from b3lb.node")" 75
	bbb create "meetingID=other&name=Test"
	answers 200 SUCCESS
	sql "update b3lb.node set max_users = 0"
}

# What sessions leave behind: session ID PEAK BEGAN, as the end of one that began so long ago writes it.
session() {
	sql "select b3lb.learn_attendance(jsonb_populate_record(null::b3lb.meeting, jsonb_build_object('secret_id', s.id, 'meeting_id', '$1',
			'peak', $2, 'confirmed_at', now() - interval '$3'))) from b3lb.secret s join b3lb.tenant t on t.id = s.tenant_id
		where t.slug = 'acme' and s.sub_id = 0"
}
place() {
	bbb create "meetingID=$1&name=Test" && answers 200 SUCCESS
	sql "select n.slug from b3lb.meeting m join b3lb.node n on n.id = m.node_id where m.meeting_id = '$1'"
}
carry() { sql "update b3lb.node set attendees = substr(slug, 2)::int * $1"; }
known_by() { sql "select expected || ' ' || source from b3lb.placement where meeting_id = '$1'"; }

@test "a room is expected to be what it was at this hour of this weekday, else what it was at any, else what the tenant's new rooms were" {
	session lecture 200 "7 days"
	session lecture 20 "84 hours"
	place lecture
	is "$(known_by lecture)" "200 weekday"
	sql "update b3lb.attendance_hour set hour = (hour + 12) % 24"
	bbb end "meetingID=lecture"
	place lecture
	is "$(known_by lecture)" "110 room"
	for i in 1 2 3; do session "new-$i" 100 "1 day"; done
	job rollup
	place other
	is "$(known_by other)" "15 default"
	session new-4 1 "1 day"
	job rollup
	# 200 (lecture's first) was halved by its second before it was counted: the mean of logarithms of 110, 100 three times, and 1.
	place another
	is "$(known_by another)" "$(sql "select round(exp((ln(110) + 3 * ln(100)) / 5))") tenant"
	is "$(sql 'select rooms from b3lb.attendance_tenant')" 5
	job rollup
	is "$(sql 'select rooms from b3lb.attendance_tenant')" 5
}

@test "a lecture that is due keeps the emptiest node from small rooms, until it has begun" {
	carry 2
	session lecture 200 "167 hours 50 minutes"
	is "$(place small)" n2
	is "$(sql "select why #>> '{nodes,5,node}' || ' ' || (why #>> '{nodes,5,kept}') from b3lb.placement where meeting_id = 'small'")" "n1 200"
	carry 2
	is "$(place lecture)" n1
	is "$(sql "select count(*) from b3lb.attendance_due where due_at > now() - interval '1 hour'")" 0
	sql "update b3lb.node set held_attendees = 0, held_meetings = 0"
	is "$(place later)" n1
}

@test "several that are due get a node each, the largest the emptiest; the larger of a meeting and of those goes first" {
	carry 2
	session a 100 "167 hours 50 minutes"
	session b 300 "167 hours 55 minutes"
	session c 40 "168 hours 4 minutes"
	is "$(place small)" n4
	is "$(sql "select string_agg(x ->> 'node' || ' ' || (x ->> 'kept'), ', ' order by x ->> 'node') from b3lb.placement, jsonb_array_elements(why -> 'nodes') x
		where meeting_id = 'small' and x ->> 'kept' <> '0'")" "n1 300, n2 100, n3 40"
	sql "update b3lb.node set held_attendees = 0, held_meetings = 0"
	bbb create "meetingID=big&name=Test&meta_bbb-meeting-size-hint=150"
	is "$(sql "select n.slug from b3lb.meeting m join b3lb.node n on n.id = m.node_id where m.meeting_id = 'big'")" n2
}

@test "nothing is kept for rooms that are not due, have begun, are smaller, of no weight beside what nodes carry, or of another group" {
	carry 2
	session early 200 "167 hours 40 minutes"
	session late 200 "168 hours 10 minutes"
	session other-day 200 "6 days"
	session small 10 "167 hours 55 minutes"
	session running 200 "167 hours 55 minutes"
	place running >/dev/null
	session running 200 "167 hours 55 minutes"
	carry 2
	sql "update b3lb.node set held_attendees = 0, held_meetings = 0"
	is "$(place one)" n1
	session beside 20 "167 hours 55 minutes"
	carry 200
	sql "update b3lb.node set held_attendees = 0, held_meetings = 0"
	is "$(place two)" n1
	carry 2
	sql "update b3lb.node set held_attendees = 0, held_meetings = 0"
	is "$(place three)" n2
	admin group add elsewhere --clusters main 2>/dev/null || admin group add elsewhere
	sql "update b3lb.tenant set group_id = (select id from b3lb.cluster_group where name = 'elsewhere') where slug = 'acme';
		insert into b3lb.cluster_group_member select g.id, c.id from b3lb.cluster_group g, b3lb.cluster c where g.name = 'elsewhere' on conflict do nothing;
		update b3lb.node set held_attendees = 0, held_meetings = 0"
	# acme's own are of that group now; beta's of the old one are asked for.
	beta create "meetingID=four&name=Test"
	answers 200 SUCCESS
	node=$(sql "select n.slug from b3lb.meeting m join b3lb.node n on n.id = m.node_id where m.meeting_id = 'four'")
	sql "update b3lb.tenant set group_id = (select group_id from b3lb.tenant where slug = 'beta') where slug = 'acme'"
	admin group remove elsewhere --yes
	is "$node" n1
}

@test "a room that is known for less than a week is awaited the day after, too; one that was begun anew within half an hour is awaited once" {
	session room 50 "24 hours"
	is "$(sql "select string_agg(round(extract(epoch from due_at - now()) / 3600)::text, ' ' order by due_at) from b3lb.attendance_due")" "0 144"
	session room 70 "23 hours 45 minutes"
	is "$(sql "select string_agg(round(extract(epoch from due_at - now()) / 900)::text, ' ' order by due_at) from b3lb.attendance_due")" "1 577"
	session old 50 "10 days"
	session old 50 "24 hours"
	is "$(sql "select count(*) from b3lb.attendance_due where meeting_id = 'old' and due_at > now() - interval '1 day'")" 1
	session nobody 0 "24 hours"
	is "$(sql "select count(*) from b3lb.attendance where meeting_id = 'nobody'")" 0
}

@test "of random nodes and rooms: each room gets the emptiest node of its turn, nobody due changes nothing, and one that is awaited in vain none but the emptiest" {
	is "$(sql "create function pg_temp.naive(l float8[], p float8[], m float8[], d float8[]) returns float8[] language plpgsql as \$\$
			declare k int; kept float8[] := array_fill(0::float8, array[cardinality(l)]);
			begin
				for i in 1..cardinality(d) loop
					select u.i into k from unnest(l) with ordinality u (x, i) order by u.x, u.i limit 1;
					l[k] := l[k] + d[i] * p[k] + m[k];
					kept[k] := kept[k] + d[i];
				end loop;
				return kept;
			end \$\$;
		select setseed(0.5);
		select count(*) filter (where (b3lb.keep_places(l, p, m, d)).kept <> pg_temp.naive(l, p, m, d)) || ' ' ||
			count(*) filter (where (b3lb.keep_places(l, p, m, '{}')).loads <> l) || ' ' ||
			count(*) filter (where (b3lb.keep_places(l, p, m, d[1:1])).loads[2:] <> l[2:]) || ' ' || count(*)
		from (select array(select 200 * random() + 0 * g from generate_series(1, 1 + g % 30) order by 1) as l,
				array(select 0.5 + random() + 0 * g from generate_series(1, 1 + g % 30)) as p, array(select 30.0 * (g % 2) from generate_series(1, 1 + g % 30)) as m,
				array(select 300 * random() + 0 * g from generate_series(1, 1 + g % 40) order by 1 desc) as d
			from generate_series(1, 300) g) x" | tail -1)" "0 0 0 300"
}

@test "node why says what was expected of a meeting, what nodes carried, and which took no part" {
	carry 10
	session lecture 200 "167 hours 50 minutes"
	admin node drain n5
	admin node maintenance n4
	sql "update b3lb.node set online = false where slug = 'n6'"
	bbb create "meetingID=abc&name=Test&meta_bbb-meeting-size-hint=12"
	sql "update b3lb.node set online = true"
	run -0 admin node why abc --json
	is "$(jq -c '.placement | [.tenant, .sub_id, .meeting_id, .node, .expected, .known_by, .more, .more_cut]' <<<"$output")" \
		'["ACME",0,"abc","n2",12,"hint",false,false]'
	is "$(jq -c '[.nodes[] | [.node, .people, .expected, .kept, .load, .cut]] | sort' <<<"$output")" \
		'[["n1",10,0,200,210,null],["n2",20,0,0,20,null],["n3",30,0,0,30,null],["n4",null,null,null,null,"maintenance"],["n5",null,null,null,null,"draining"],["n6",null,null,null,null,"offline"]]'
	for id in "$(sql 'select internal_id from b3lb.meeting')" "$(sql 'select node_meeting_id from b3lb.meeting')"; do
		run -0 admin node why "$id" --tenant acme
		[[ "$output" == *"known_by"*"hint"*"n6"*"offline"* ]]
	done
	run -1 admin node why abc --tenant beta
	[[ "$output" == *"no such placement in the last seven days"* ]]
	bbb end "meetingID=abc"
	run -0 admin node why abc
	# One that a node has failed for.
	sim n2/behave mode=rubbish calls=create
	bbb create "meetingID=def&name=Test"
	run -0 admin node why def --json
	is "$(jq -c '[.nodes[] | select(.cut == "failed") | .node]' <<<"$output")" '["n2"]'
	is "$(jq -r '.placement.node' <<<"$output")" n3
	# Of other tags, and full; who asks for one sees those that have none.
	admin node set n2 --tags gpu
	admin node set n3 --max-meetings 1
	bbb create "meetingID=ghi&name=Test"
	run -0 admin node why ghi --json
	seen=$(jq -c '[.nodes[] | select(.cut == ("tag", "full")) | [.node, .cut]] | sort' <<<"$output")
	bbb create "meetingID=jkl&name=Test&meta_server-tag=gpu!"
	admin node set n2 --tags ''
	admin node set n3 --max-meetings 0
	is "$seen" '[["n2","tag"],["n3","full"]]'
	run -0 admin node why jkl --json
	is "$(jq -c '[.placement.node, ([.nodes[] | select(.cut == "tag") | .node] | sort)]' <<<"$output")" '["n2",["n1","n6"]]'
}

@test "what a tenant's meetings show on one node has a sum; others, and other nodes, are not concerned" {
	only() { sql "update b3lb.node set state = case when slug = any (string_to_array('$1', ' ')) then 'enabled' else 'draining' end"; }
	only n1
	bbb create "meetingID=abc&name=Test&meta_x=$(printf 'y%.0s' $(seq 1000))"
	answers 200 SUCCESS
	is "$(sql 'select shown from b3lb.meeting')" 1006
	sql "update b3lb.meeting set shown = 4194304 - 1000"
	bbb create "meetingID=def&name=Test&meta_x=$(printf 'y%.0s' $(seq 1000))"
	answers 403 FAILED maxMeetingsReached
	[[ "$(x //message)" == *"have reached the 4194304 bytes as XML"* ]]
	is "$(sql 'select count(*) from b3lb.meeting')" 1
	bbb create "meetingID=small&name=Test&meta_x=1"
	answers 200 SUCCESS
	bbb create "meetingID=abc&name=Test&meta_x=$(printf 'y%.0s' $(seq 1000))"
	answers 200 SUCCESS duplicateWarning
	beta create "meetingID=def&name=Test&meta_x=$(printf 'y%.0s' $(seq 1000))"
	answers 200 SUCCESS
	only "n1 n2"
	bbb create "meetingID=def&name=Test&meta_x=$(printf 'y%.0s' $(seq 1000))"
	answers 200 SUCCESS
	is "$(sql "select n.slug from b3lb.meeting m join b3lb.node n on n.id = m.node_id where m.meeting_id = 'def' order by m.id desc limit 1")" n2
}

@test "a create that chose a node which is removed that instant goes to another" {
	admin node add gone --cluster main --secret node-secret --url "http://127.0.0.1:$(h_free_port)"
	sql "update b3lb.node set online = true, weight = 1000 where slug = 'gone'; update b3lb.node set attendees = 100 where slug <> 'gone'"
	sql "begin; delete from b3lb.node where slug = 'gone'; select pg_sleep(2); commit" >/dev/null 3>&- &
	is_going() { [ "$(sql "select count(*) from (select 1 from b3lb.node where slug = 'gone' for update skip locked) x")" = 0 ]; }
	h_wait is_going
	bbb create "meetingID=abc&name=Test"
	answers 200 SUCCESS
	wait
}
