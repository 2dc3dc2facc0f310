# How long everything is kept, as doc/operate says it: everything grows older at once, and the jobs run.
load ../harness/harness.bash
load ../harness/recording.bash

setup_file() { rec_start 1; }
teardown_file() { h_stop; }

tables() { sql "select table_name from information_schema.tables where table_schema = 'b3lb' and table_type = 'BASE TABLE' order by 1"; }
section() { sed -n '/^What is kept/,/^[^\t]/{/^\t/p}' "$B3LB_SOURCE/doc/operate"; }

@test "doc/operate has a line for every table and every directory" {
	[ -n "$(section)" ]
	for name in $(tables) record_path record_path/lost record_path/tmp render_path; do
		section | grep -q -E "(^	|, )$name(,|	|\$)" || { echo "no line: $name"; false; }
	done
}

# Every time in the database and of every file so much earlier.
age() {
	sql "do \$\$ declare c record; begin
		for c in select table_name, string_agg(format('%1\$I = %1\$I - interval %2\$L', column_name, '$1'), ', ') as sets
			from information_schema.columns where table_schema = 'b3lb' and data_type = 'timestamp with time zone' group by 1
		loop execute format('update b3lb.%I set %s', c.table_name, c.sets); end loop;
		end \$\$"
	age_files "$1"
}
round() {
	local name
	for name in poll callbacks meetings rollup cleanup; do job "$name" >/dev/null 2>&1 || { echo "$name failed"; return 1; }; done
}
count() { sql "select count(*) from b3lb.$1 ${2:+where $2}"; }
kept() {
	echo "attendance $(count attendance) callback $(count callback) change $(count meeting_change) ended $(count ended_meeting)" \
		"event $(count metric_event) waiting $(count record_set "status = 'WAITING'") recording $(count record_set "status = 'RENDERED'")" \
		"video $(count record) track $(count text_track) stored $(stored) tmp $(unfinished) lost $(lost) render $(find "$H/render" -mindepth 1 -maxdepth 1 | wc -l)"
}

@test "everything is kept for as long as is said, and no longer" {
	# A meeting that has ended, recorded and not; what was called back; a recording with video and track; files of nobody.
	A=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
	rec_meeting room
	job poll 2>/dev/null
	bbb end "meetingID=room"
	h_wait bash -c "[ \$(psql -X -A -t -q -h 127.0.0.1 -p $H_PG_PORT -U postgres -d b3lb -c \"select count(*) from b3lb.record_set where ended_at is not null\") = 1 ]"
	rec_tar "$BATS_TEST_TMPDIR/1.tar" "$A-1" "" other
	admin recording import ACME "$BATS_TEST_TMPDIR/1.tar" >/dev/null
	job render 2>/dev/null
	sql "update b3lb.record_set set marks = true where status = 'WAITING'; update b3lb.ended_meeting set tell_at = null;
		delete from b3lb.callback; delete from b3lb.attendance;
		insert into b3lb.attendance (secret_id, meeting_id, attendees) select min(id), 'room', 5 from b3lb.secret;
		insert into b3lb.callback (secret_id, kind, url, body, state, finished_at)
		select min(id), 'end', 'http://127.0.0.1:1/', '', s, now() from b3lb.secret, unnest(array['delivered', 'failed']) s group by s;
		insert into b3lb.text_track (record_set_id, kind, lang, size, storage_key)
		select id, 'subtitles', 'de', 2, 'ee000000000000000000000000000000' from b3lb.record_set where status = 'RENDERED'"
	mkdir -p "$H/recordings/ab" "$H/recordings/ee" "$H/recordings/tmp" "$H/render/render-abcdef"
	echo x >"$H/recordings/ee/ee000000000000000000000000000000"
	echo x >"$H/recordings/ab/ab000000000000000000000000000000"
	echo x >"$H/recordings/tmp/cd000000000000000000000000000000"
	echo x >"$H/render/render-abcdef/in-0"
	round
	is "$(kept | sed 's/change [0-9]*/change some/')" "attendance 1 callback 2 change some ended 1 event 0 waiting 1 recording 1 video 1 track 1 stored 4 tmp 1 lost 0 render 1"
	age "25 hours"
	round
	is "$(kept)" "attendance 1 callback 1 change 0 ended 1 event 0 waiting 1 recording 1 video 1 track 1 stored 3 tmp 0 lost 1 render 0"
	age "24 hours"
	round
	is "$(kept)" "attendance 1 callback 1 change 0 ended 0 event 0 waiting 1 recording 1 video 1 track 1 stored 3 tmp 0 lost 1 render 0"
	age "29 days"
	round
	is "$(kept)" "attendance 1 callback 0 change 0 ended 0 event 0 waiting 0 recording 1 video 1 track 1 stored 3 tmp 0 lost 0 render 0"
	age "150 days"
	round
	is "$(kept)" "attendance 0 callback 0 change 0 ended 0 event 0 waiting 0 recording 1 video 1 track 1 stored 3 tmp 0 lost 0 render 0"
	# One of nobody's beside nothing of somebody's is not taken away: the recording is the last.
	sql "update b3lb.tenant set hold_days = 100"
	round
	is "$(kept)" "attendance 0 callback 0 change 0 ended 0 event 0 waiting 0 recording 0 video 0 track 0 stored 0 tmp 0 lost 0 render 0"
	# What stays: configuration, one row a job, a secret and a tenant, counters.
	for table in $(tables); do
		case $table in
		job) is "$(count job "name in ('poll', 'callbacks', 'meetings', 'rollup', 'cleanup')")" 5 ;;
		meeting_list | stats) [ "$(count "$table")" -le "$(count secret)" ] ;;
		recording_version) [ "$(count "$table")" -le "$(count tenant)" ] ;;
		*_sample) is "$table $(count "$table" "at < now() - interval '8 days'")" "$table 0" ;;
		# Longer than all this took, or for ever.
		audit | load_hour | usage_*) ;;
		cluster* | node | tenant* | attendance_tenant | secret* | parameter | asset | profile | migration | metric | request_metric) ;;
		*) is "$table $(count "$table")" "$table 0" ;;
		esac
	done
}
