# Two hosts of jobs with clocks five minutes apart, and a job that stood still for an hour and goes on.
load ../harness/harness.bash
load ../harness/recording.bash
load ../harness/killed.bash
load faults.bash

setup_file() {
	rec_start 3
}
teardown_file() { h_stop; }
setup() {
	# Of a test that failed.
	for f in "$H"/ahead-*.pid "$H/locker.pid"; do [ ! -e "$f" ] || h_kill "$(basename "$f" .pid)" KILL; done
	h_reset
	rm -rf "$H"/recordings/* "$H"/render/*
	sql "update b3lb.job set lease = null"
	rm -f "$H"/here.log "$H"/ahead-*.log
}
stored_keys() { find "$H/recordings" -type f -not -path "$H/recordings/tmp/*" -not -path "$H/recordings/lost/*" -printf '%f\n'; }

# A job on the other host, whose clock is five minutes ahead: ahead NAME [options]
ahead() {
	local name=$1
	shift
	env LD_PRELOAD="$(dpkg -L libfaketime | grep 'libfaketime.so')" FAKETIME=+5m FAKETIME_DONT_FAKE_MONOTONIC=1 \
		ASAN_OPTIONS="${ASAN_OPTIONS:-}:verify_asan_link_order=0" "$B3LB_PREFIX/libexec/b3lb/b3lb-$name" --config "$H/b3lb.conf" "$@"
}
spawn_ahead() {
	# The program itself, so that its pid is the one that is noted.
	h_spawn "ahead-$1" env LD_PRELOAD="$(dpkg -L libfaketime | grep 'libfaketime.so')" FAKETIME=+5m FAKETIME_DONT_FAKE_MONOTONIC=1 \
		ASAN_OPTIONS="${ASAN_OPTIONS:-}:verify_asan_link_order=0" "$B3LB_PREFIX/libexec/b3lb/b3lb-$1" --config "$H/b3lb.conf" "${@:2}"
}
# Nothing more comes of it, or it goes on: stop NAME, go_on NAME.
stop() { kill -STOP "$(cat "$H/ahead-$1.pid")"; }
go_on() {
	kill -CONT "$(cat "$H/ahead-$1.pid")" 2>/dev/null || true
	wait "$(cat "$H/ahead-$1.pid")" || true
	rm -f "$H/ahead-$1.pid"
}
# A table that a job is about to read is locked, and the job waits for it: lock TABLE; waits TABLE; unlock
lock() {
	h_spawn locker psql -X -q -h 127.0.0.1 -p "$H_PG_PORT" -U postgres -d b3lb -c "begin; lock table b3lb.$1; select pg_sleep(60)"
	h_wait locked "$1"
}
locked() { is "$(sql "select count(*) from pg_locks where relation = 'b3lb.$1'::regclass and mode = 'AccessExclusiveLock' and granted")" 1; }
waits() { is "$(sql "select count(*) > 0 from pg_locks where relation = 'b3lb.$1'::regclass and not granted")" t; }
unlock() {
	sql "select pg_terminate_backend(pid) from pg_stat_activity where query like '%pg_sleep(60)%' and pid <> pg_backend_pid()" >/dev/null
	h_kill locker
}
metric() { sql "select coalesce(sum(value), 0) from (select name, value from b3lb.metric union all select name, value from b3lb.metric_event) x where name = '$1'"; }

@test "both run every job, five minutes apart, under load" {
	load_start --query "&meta_endCallbackUrl=$(enc "$(sink_url "both")")"
	for j in poll meetings rollup callbacks cleanup; do
		spawn_ahead "$j" --every 1 --for 60
		h_spawn "here-$j" "$B3LB_PREFIX/libexec/b3lb/b3lb-$j" --config "$H/b3lb.conf" --every 1 --for 60
	done
	sleep 8
	load_end
	for j in poll meetings rollup callbacks cleanup; do
		h_kill "ahead-$j"
		h_kill "here-$j"
		is "$(cat "$H/ahead-$j.log" "$H/here-$j.log" | grep -c 'result=failed')" 0
	done
	# They were five minutes apart.
	here=$(date -d "$(head -1 "$H/here-poll.log" | cut -d' ' -f1)" +%s) there=$(date -d "$(head -1 "$H/ahead-poll.log" | cut -d' ' -f1)" +%s)
	[ $((there - here)) -gt 280 ]
	[ $((there - here)) -lt 320 ]
	is "$(grep -v ' right$' "$H/load.log" | head -5)" ""
	rows_whole
	is "$(metric created)" "$(sql "select (select count(*) from b3lb.meeting) + (select count(*) from b3lb.ended_meeting)")"
	is "$(metric joined)" "$(awk '$3 == "join" && $5 == 302' "$H/load.log" | wc -l)"
	# Both delivered, and each row once.
	job callbacks
	is "$(sink both | jq -r '.[].query' | sed 's/.*meetingID=//' | sort)" \
		"$(sql "select meeting_id from b3lb.ended_meeting where tell_at is null" | sort)"
}

@test "one at a time cleans up, whatever its clock says" {
	lock record_set
	spawn_ahead cleanup
	h_wait waits record_set
	run job cleanup
	is "$status" 0
	[[ "$output" == *"held by"* ]]
	unlock
	go_on cleanup
	is "$(sql "select lease from b3lb.job where name = 'cleanup'")" ""
}

@test "a poll that stood still changes nothing of what came later" {
	bbb create "meetingID=before&name=Name"
	lock meeting
	spawn_ahead poll
	h_wait waits meeting
	stop poll
	unlock
	# An hour later: its claims are over, others have polled since.
	sql "update b3lb.node set claimed_until = now() - interval '57 minutes' where claimed_until is not null"
	bbb create "meetingID=after&name=Name"
	for m in before after; do
		sim "$(sql "select n.slug from b3lb.meeting m join b3lb.node n on n.id = m.node_id where meeting_id = '$m'")/users" \
			"meetingID=$(sql "select node_meeting_id from b3lb.meeting where meeting_id = '$m'")" participants=7 >/dev/null
	done
	job poll
	# So old that a poll that does not list it would take it away.
	sql "update b3lb.meeting set confirmed_at = confirmed_at - interval '1 hour'"
	go_on poll
	is "$(sql "select string_agg(meeting_id || ' ' || attendees, ',' order by id) from b3lb.meeting")" "before 7,after 7"
	is "$(sql "select sum(attendees) || ' ' || bool_and(online) from b3lb.node")" "14 true"
}

@test "a poll that stood still while it asked takes no node offline that answered since" {
	sim n1/behave mode=hang calls=getMeetings >/dev/null
	B3LB_POLL_FAILURES_OFFLINE=1 spawn_ahead poll
	# The others have answered, only n1 is waited for.
	others_polled() { is "$(sql "select string_agg(slug, ',' order by slug) from b3lb.node where claimed_until is not null")" n1; }
	h_wait others_polled
	stop poll
	sql "update b3lb.node set claimed_until = now() - interval '57 minutes' where claimed_until is not null"
	sim n1/behave mode=normal >/dev/null
	job poll
	is "$(sql "select bool_and(online) and sum(failures) = 0 from b3lb.node")" t
	sleep 3
	go_on poll
	is "$(sql "select bool_and(online) and sum(failures) = 0 from b3lb.node")" t
}

@test "a callback whose sender stood still: the other host has told it, it is not told a third time" {
	sim n1/behave mode=slow ms=2500 calls=getMeetings >/dev/null
	sql "insert into b3lb.callback (secret_id, kind, url) select min(id), 'ended', 'http://127.0.0.1:$H_SIM_PORT/n1/bigbluebutton/api/getMeetings' from b3lb.secret"
	spawn_ahead callbacks
	claimed() { is "$(sql "select claimed_until is not null from b3lb.callback")" t; }
	h_wait claimed
	sleep 0.5
	stop callbacks
	sql "update b3lb.callback set claimed_until = now() - interval '59 minutes'"
	sim n1/behave mode=normal >/dev/null
	job callbacks
	is "$(sql "select state from b3lb.callback")" delivered
	# Longer than it waits for the answer.
	sleep 3
	go_on callbacks
	is "$(sql "select state || ' ' || attempts from b3lb.callback")" "delivered 2"
	is "$(asked getMeetings n1)" 2
	sql "update b3lb.callback set next_at = now()"
	job callbacks
	is "$(asked getMeetings n1)" 2
}

@test "a cleanup that stood still deletes nothing that is new" {
	rec_tar "$BATS_TEST_TMPDIR/1.tar" aaaa-1 "" room
	rec_tar "$BATS_TEST_TMPDIR/2.tar" aaaa-2 "" room
	admin recording import ACME "$BATS_TEST_TMPDIR/1.tar"
	sql "update b3lb.record_set set status = 'DELETING', deleted_at = now()"
	lock record_set
	spawn_ahead cleanup
	h_wait waits record_set
	stop cleanup
	unlock
	sql "update b3lb.job set lease_until = now() - interval '50 minutes' where name = 'cleanup'"
	run -0 job cleanup
	[[ "$output" != *"held by"* ]]
	admin recording import ACME "$BATS_TEST_TMPDIR/2.tar"
	go_on cleanup
	is "$(sql "select string_agg(record_id || ' ' || status, ',') from b3lb.record_set")" "aaaa-2 UPLOADED"
	is "$(stored_keys | wc -l)" 1
	nothing_lost
	nothing_left
}

@test "a renderer that stood still: the recording is rendered once more, and is there once" {
	rec_tar "$BATS_TEST_TMPDIR/1.tar" aaaa-1 "" room
	admin recording import ACME "$BATS_TEST_TMPDIR/1.tar"
	lock profile
	spawn_ahead render
	h_wait waits profile
	stop render
	unlock
	sql "update b3lb.record_set set render_until = now() - interval '50 minutes'"
	run -0 job render
	is "$(sql "select status from b3lb.record_set")" RENDERED
	go_on render
	is "$(sql "select status || ' ' || (select count(*) from b3lb.record) from b3lb.record_set")" "RENDERED 1"
	nothing_lost
	nothing_left
}
