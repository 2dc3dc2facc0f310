# What is billed: people times time of each session, each session once, in its month.
load ../harness/harness.bash
setup_file() { h_start 2; }
teardown_file() { h_stop; }
setup() {
	h_reset
	sql "truncate b3lb.usage_session, b3lb.usage_month, b3lb.usage_stored"
	cp "$H/b3lb.conf" "$H/zone.conf"
}

slug() { sql "select n.slug from b3lb.meeting m join b3lb.node n on n.id = m.node_id where m.meeting_id = '$1'"; }
on_node() { sql "select node_meeting_id from b3lb.meeting where meeting_id = '$1'"; }
nonce() { sql "select nonce from b3lb.meeting where meeting_id = '$1'"; }
# So many tens of seconds pass, with a poll of those that answer every few of them.
later() {
	local s=$(($1 * 10))
	sql "update b3lb.meeting set counted_at = counted_at - interval '$s s', confirmed_at = confirmed_at - interval '$s s', created_at = created_at - interval '$s s';
		update b3lb.node set good_at = good_at - interval '$s s', good_started_at = good_started_at - interval '$s s' where not online"
}
people() { sim "$(slug "$1")/users" "meetingID=$(on_node "$1")" "participants=$2" >/dev/null && job poll 2>/dev/null; }
# A session with its seconds, in thousands as this machine may be slow: tenant, sub id, meeting, node, peak, its length, attendee seconds.
sessions() { sql "select concat_ws(' ', tenant, sub_id, meeting_id, node, peak, round(extract(epoch from ended_at - started_at) / 1000), round(attendee_seconds / 1000.0)) from b3lb.usage_session order by id"; }
started() {
	bbb create "meetingID=$1&name=Lesson%20$1&moderatorPW=mp"
	answers 200
	job poll 2>/dev/null
}
month() { sql "select concat_ws(' ', $1) from b3lb.usage_month where sub_id = ${2:-0} and tenant = '${3:-acme}' order by month"; }
zone_job() { "$B3LB_PREFIX/libexec/b3lb/b3lb-$1" --config "$H/zone.conf"; }
zone() { sed -i "\$a $*" "$H/zone.conf"; }

@test "people times time by the schedule of a lesson, and not one write while nothing changes" {
	started abc
	n=$(slug abc)
	later 1000                   # nobody
	people abc 3; later 2000     # 3 for 2,000 s
	before=$(sql "select xmin from b3lb.meeting")
	job poll 2>/dev/null
	is "$(sql "select xmin from b3lb.meeting")" "$before"
	later 1000                   # still 3
	people abc 10; later 500     # 10 for 500 s
	people abc 4; later 5000     # 4 for 5,000 s
	people abc 0; later 3000     # nobody
	is "$(sql "select round(attendee_seconds / 1000) from b3lb.meeting")" 340
	bbb end "meetingID=abc&password=mp"
	is "$(sessions)" "acme 0 abc $n 10 125 340"
	is "$(sql "select name || ' ' || recorded || ' ' || counted || ' ' || (internal_id is not null) from b3lb.usage_session")" "Lesson abc false false true"
}

@test "each way to an end writes one session: end, the node's callback, a poll that misses it, a lost node, a removed node" {
	for m in end callback poll; do
		started $m
		people $m 2
	done
	later 1000
	nonce=$(nonce callback) on_node=$(on_node callback)
	bbb end "meetingID=end&password=mp"
	bbb end "meetingID=end&password=mp"
	ask "$H_DOMAIN" "/b3lb/b/callback/end?nonce=$nonce&meetingID=$on_node&recordingmarks=false"
	ask "$H_DOMAIN" "/b3lb/b/callback/end?nonce=$nonce&meetingID=$on_node&recordingmarks=false"
	for n in n1 n2; do sim $n/restart >/dev/null; done
	job poll 2>/dev/null
	is "$(sessions | cut -d' ' -f3,5-)" "$(printf '%s 2 10 20\n' end callback poll)"
	sql "truncate b3lb.usage_session"
	started lost
	people lost 2
	later 1000
	sim "$(slug lost)/behave" mode=refuse
	job poll 2>/dev/null; job poll 2>/dev/null
	# A day later the poll gives it up: nothing after the node's last word is billed.
	later 200000
	job poll 2>/dev/null
	is "$(sessions | cut -d' ' -f3,5-)" "lost 2 10 20"
	h_reset
	sql "truncate b3lb.usage_session"
	admin node add n3 --cluster main --secret node-secret --url "http://127.0.0.1:$H_SIM_PORT/n2"
	sql "update b3lb.node set state = 'maintenance' where slug <> 'n3'"
	job poll 2>/dev/null
	started removed
	sim n2/users "meetingID=$(on_node removed)" participants=5
	job poll 2>/dev/null
	later 400
	run -0 admin node remove n3 --force
	is "$(sessions)" "acme 0 removed n3 5 4 20"
}

@test "a meeting placed anew: one session of the old node without the time that nobody could reach it, one of the new" {
	started abc
	old=$(slug abc)
	people abc 6
	later 1000
	sim "$old/behave" mode=refuse
	job poll 2>/dev/null; job poll 2>/dev/null
	later 3000                   # offline
	bbb create "meetingID=abc&name=Again&moderatorPW=mp"
	answers 200
	new=$(slug abc)
	[ "$new" != "$old" ]
	is "$(sessions)" "acme 0 abc $old 6 10 60"
	is "$(sql "select name from b3lb.usage_session")" "Lesson abc"
	job poll 2>/dev/null
	people abc 1
	later 500
	bbb end "meetingID=abc&password=mp"
	is "$(sessions)" "acme 0 abc $old 6 10 60
acme 0 abc $new 1 5 5"
}

@test "a meeting that is placed anew in vain goes back to its node, and its session goes on: nothing is written before its end" {
	started abc
	old=$(slug abc) other=n1
	[ "$old" != n1 ] || other=n2
	people abc 6
	later 1000
	sim "$old/behave" mode=refuse
	job poll 2>/dev/null; job poll 2>/dev/null
	sim "$other/behave" mode=status500
	bbb create "meetingID=abc&name=Again&moderatorPW=mp"
	is "$(x /response/returncode)" FAILED
	is "$(slug abc)" "$old"
	is "$(sessions)" ""
	sim "$old/behave" mode=normal
	sim "$other/behave" mode=normal
	job poll 2>/dev/null
	later 1000
	bbb end "meetingID=abc&password=mp"
	is "$(sessions)" "acme 0 abc $old 6 20 120"
}

@test "while a meeting is placed anew the old node calls back, or is removed: its session ends then, once" {
	placing() {
		sql "update b3lb.meeting set confirmed = false, was_node_id = node_id, was_node_meeting_id = node_meeting_id, was_nonce = nonce, was_name = name, was_own_params = own_params, was_peak = 4,
			attendee_seconds = 7000, counted_at = null, attendees = 0, peak = 0, node_id = (select id from b3lb.node where slug = 'n1'), node_meeting_id = 'b3lb-new-$1', nonce = 'new-$1', name = 'New' where meeting_id = '$1'"
	}
	admin node add n3 --cluster main --secret node-secret --url "http://127.0.0.1:$H_SIM_PORT/n2"
	sql "update b3lb.node set state = 'maintenance' where slug <> 'n3'"
	job poll 2>/dev/null
	started abc
	later 100
	placing abc
	ask "$H_DOMAIN" "/b3lb/b/callback/end?nonce=$(sql "select was_nonce from b3lb.meeting")&recordingmarks=false"
	is "$(sessions)" "acme 0 abc n3 4 1 7"
	is "$(sql "select name from b3lb.usage_session")" "Lesson abc"
	started def
	later 100
	placing def
	run -0 admin node remove n3 --force
	is "$(sessions)" "$(printf '%s\n' "acme 0 abc n3 4 1 7" "acme 0 def n3 4 1 7")"
}

@test "a node that begins another session of the meeting: the first one ends" {
	started abc
	people abc 2
	later 1000
	sim "$(slug abc)/restart" >/dev/null
	bbb create "meetingID=abc&name=Next&moderatorPW=mp"
	answers 200
	is "$(sessions | cut -d' ' -f3,5-)" "abc 2 10 20"
	people abc 1
	later 300
	bbb end "meetingID=abc&password=mp"
	is "$(sessions | cut -d' ' -f3,5-)" "$(printf '%s\n' "abc 2 10 20" "abc 1 3 3")"
}

@test "a create that no node confirms writes no session, and none when its row is taken back" {
	for n in n1 n2; do sim $n/behave mode=status500; done
	bbb create "meetingID=abc&name=Test"
	is "$(x /response/returncode)" FAILED
	sql "insert into b3lb.meeting (tenant_id, secret_id, meeting_id, node_id, node_meeting_id, name, created_at)
		select s.tenant_id, s.id, 'left', (select min(id) from b3lb.node), 'b3lb-left', 'Left', now() - interval '10 minutes' from b3lb.secret s where s.secret = '$ACME_SECRET'"
	for n in n1 n2; do sim $n/behave mode=normal; done
	job poll 2>/dev/null
	is "$(sql "select count(*) from b3lb.meeting")" 0
	is "$(sessions)" ""
}

@test "a clock that is set back takes nothing away" {
	started abc
	people abc 2
	later 1000
	people abc 3
	sql "update b3lb.meeting set counted_at = now() + interval '1 hour'"
	people abc 4
	later 100
	bbb end "meetingID=abc&password=mp"
	is "$(sessions | cut -d' ' -f5-)" "4 11 24"
}

# used MEETING STARTED ENDED ATTENDEE_SECONDS [TENANT [SUB]]
used() {
	sql "insert into b3lb.usage_session (tenant, sub_id, meeting_id, name, node, started_at, ended_at, peak, attendee_seconds, recorded)
		values ('${5:-acme}', ${6:-0}, '$1', 'Name', 'n1', '$2', '$3', 3, $4, false)"
}
columns="month, meetings, meeting_seconds, attendee_seconds"

@test "months begin in time_zone, on its days of summer time, too; a session belongs to the month in which it began" {
	used a "2026-03-31 21:59:59Z" "2026-04-01 02:00:00Z" 100 # 23:59:59 in Berlin, in summer time
	used b "2026-03-31 22:00:00Z" "2026-03-31 22:10:00Z" 20  # 0:00 of April
	used c "2026-10-31 22:59:59Z" "2026-10-31 23:00:09Z" 5   # 23:59:59, in winter time again
	used d "2026-10-31 23:00:00Z" "2026-10-31 23:00:10Z" 7   # 0:00 of November
	zone time_zone = Europe/Berlin
	run -0 zone_job rollup
	[[ "$output" == *"4 sessions counted"* ]]
	is "$(month "$columns")" "2026-03-01 1 14401 100
2026-04-01 1 600 20
2026-10-01 1 10 5
2026-11-01 1 10 7"
	run -0 zone_job rollup
	[[ "$output" == *"0 sessions counted"* ]]
	is "$(sql "select sum(meetings) from b3lb.usage_month")" 4
}

@test "a zone that PostgreSQL does not know: UTC, the log says so, and nothing waits" {
	used a "2026-03-31 22:30:00Z" "2026-03-31 23:00:00Z" 100
	for z in Europe/Berlin Etc/GMT+3 EST America/Argentina/Ushuaia; do is "$(sql "select b3lb.zone_is_known('$z')")" t; done
	for z in Europe/Berlin+1 Berlin FOO+3 CEST Foo/Bar; do
		cp "$H/b3lb.conf" "$H/zone.conf"
		zone "time_zone = $z"
		run -0 zone_job rollup
		[[ "$output" == *"no zone "*"$z"*"UTC"* ]]
	done
	is "$(month "$columns")" "2026-03-01 1 1800 100"
	zone "time_zone = '; drop"
	run zone_job rollup
	is "$status" 2
	[[ "$output" == *"time_zone must be the name of a time zone"* ]]
}

@test "rollups beside each other, killed again and again: each session is counted once" {
	sql "insert into b3lb.usage_session (tenant, sub_id, meeting_id, name, node, started_at, ended_at, peak, attendee_seconds, recorded)
		select 'acme', i % 3, 'm' || i, 'Name', 'n1', '2026-05-05 10:00Z', '2026-05-05 10:00:10Z', 1, 2, false from generate_series(1, 3000) i"
	for round in 1 2 3 4 5 6; do
		for i in 1 2 3; do
			job rollup 2>/dev/null & pid=$!
			(sleep "0.0$((RANDOM % 10))"; kill -9 $pid 2>/dev/null) &
		done
		sql "insert into b3lb.usage_session (tenant, sub_id, meeting_id, name, node, started_at, ended_at, peak, attendee_seconds, recorded)
			select 'acme', 0, 'r', 'Name', 'n1', '2026-05-05 10:00Z', '2026-05-05 10:00:10Z', 1, 2, false from generate_series(1, 100) i"
		wait
	done 3>&- 2>/dev/null
	job rollup 2>/dev/null
	is "$(sql "select sum(meetings) || ' ' || sum(meeting_seconds) || ' ' || sum(attendee_seconds) from b3lb.usage_month where month = '2026-05-01'")" "3600 36000 7200"
	is "$(sql "select count(*) filter (where counted) || ' ' || count(*) from b3lb.usage_session")" "3600 3600"
}

@test "peaks are the most at one time, of the tenant as a whole too, and a steady one costs no write" {
	for m in aa bb; do bbb create "meetingID=$m&name=Test&moderatorPW=mp"; done
	acme5 create "meetingID=cc&name=Test&moderatorPW=mp"
	sql "update b3lb.meeting set attendees = case meeting_id when 'aa' then 10 when 'bb' then 5 else 7 end"
	job rollup 2>/dev/null
	sql "update b3lb.meeting set attendees = case meeting_id when 'cc' then 9 else 4 end"
	job rollup 2>/dev/null
	is "$(month "peak_meetings, peak_attendees" 0) $(month "peak_meetings, peak_attendees" 5) $(month "peak_meetings, peak_attendees" -1)" "2 15 1 9 3 22"
	before=$(sql "select string_agg(xmin::text, ' ' order by sub_id) from b3lb.usage_month")
	job rollup 2>/dev/null
	is "$(sql "select string_agg(xmin::text, ' ' order by sub_id) from b3lb.usage_month")" "$before"
}

@test "joins and refusals of the month" {
	bbb create "meetingID=abc&name=Test&moderatorPW=mp"
	for i in 1 2 3; do bbb join "meetingID=abc&fullName=Me&role=VIEWER"; done
	sql "insert into b3lb.metric_event (tenant, sub_id, name, value) values ('acme', 5, 'refused', 4), ('', 0, 'refused', 9)"
	job rollup 2>/dev/null
	job rollup 2>/dev/null
	is "$(month "joined, refused" 0) $(month "joined, refused" 5)" "3 0 0 4"
	is "$(sql "select count(*) from b3lb.usage_month where tenant = ''")" 0
	is "$(sql "select value from b3lb.metric where tenant = '' and name = 'refused'")" 9
}

@test "usage_days: old sessions go, 0 keeps none; usage_names = off keeps no name; the months stay" {
	used old "2024-01-10 10:00Z" "2024-01-10 11:00Z" 100
	used new "$(date -u -d '1 day ago' +%FT%TZ)" "$(date -u +%FT%TZ)" 50
	zone usage_names = off
	zone_job rollup 2>/dev/null
	is "$(sql "select meeting_id || ':' || name from b3lb.usage_session")" "new:"
	is "$(sql "select sum(attendee_seconds) from b3lb.usage_month")" 150
	used more "$(date -u -d '1 hour ago' +%FT%TZ)" "$(date -u +%FT%TZ)" 25
	zone usage_days = 0
	zone_job rollup 2>/dev/null
	is "$(sql "select count(*) from b3lb.usage_session")" 0
	is "$(sql "select sum(attendee_seconds) from b3lb.usage_month")" 175
}

@test "a tenant that is removed has used what it has used" {
	admin tenant add GONE --group all
	admin secret add GONE --secret gone-secret >/dev/null
	bbb create "meetingID=abc&name=Test" gone-secret "gone.$H_DOMAIN"
	bbb end "meetingID=abc" gone-secret "gone.$H_DOMAIN"
	job rollup 2>/dev/null
	admin tenant remove GONE --yes
	job rollup 2>/dev/null
	is "$(month meetings 0 gone)" 1
}

@test "recordings count once, in the month in which they became ready; what is stored counts once a day" {
	sql "insert into b3lb.record_set (tenant_id, secret_id, meeting_id, name, status, record_id, archive_key, archive_size, uploaded_at, rendered_at)
		select s.tenant_id, s.id, 'm' || i, 'Name', 'RENDERED', 'r' || i, 'k' || i, 1000, now(), now() - interval '1 hour' * i
		from generate_series(1, 2) i, b3lb.secret s where s.secret = '$ACME_SECRET';
		insert into b3lb.record (record_set_id, profile, type, size, mime, extension, storage_key)
		select id, 'video', 'video', 500, 'video/mp4', 'mp4', 'v' || id from b3lb.record_set"
	stored="recordings, recording_bytes, stored_byte_days"
	# The first time begins now: what was there before was added in no month.
	run -0 job cleanup --dry-run
	is "$(month "$stored")" ""
	job cleanup 2>/dev/null
	is "$(month "$stored")" "0 0 3000"
	job cleanup 2>/dev/null
	is "$(month "$stored")" "0 0 3000"
	# Three days later; one became ready meanwhile.
	sql "update b3lb.usage_stored set day = day - 3, ready_until = now() - interval '100 minutes'"
	job cleanup 2>/dev/null
	is "$(sql "select sum(recordings) || ' ' || sum(recording_bytes) || ' ' || sum(stored_byte_days) from b3lb.usage_month")" "1 1500 12000"
	# A clock that was a year ahead.
	sql "update b3lb.usage_stored set day = day + 365, ready_until = now() + interval '1 year'"
	job cleanup 2>/dev/null
	job cleanup 2>/dev/null
	is "$(sql "select sum(stored_byte_days) || ' ' || max(day - current_date) from b3lb.usage_month, b3lb.usage_stored")" "12000 0"
}
