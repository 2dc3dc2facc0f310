# PostgreSQL in trouble, for those who are not at the front: recordings, jobs, calls that need another table.
load ../harness/harness.bash
load ../harness/recording.bash
load ../harness/killed.bash
load faults.bash

setup_file() {
	rec_start 3
}
teardown_file() { h_stop; }
setup() {
	h_reset
	pids=$(program_pids)
}
stored_keys() { find "$H/recordings" -type f -not -path "$H/recordings/tmp/*" -not -path "$H/recordings/lost/*" -printf '%f\n'; }

@test "it stands still while a recording arrives: the node sends it again, and it is there once" {
	rec_meeting still
	big_tar "$BATS_TEST_TMPDIR/a.tar" "$internal" "$nonce" "$node_id"
	curl -sS -o /dev/null -D "$BATS_TEST_TMPDIR/answer" --limit-rate 6M -H "Host: $H_DOMAIN" -F "meta=@$BATS_TEST_TMPDIR/a.tar.xml" \
		-F "file=@$BATS_TEST_TMPDIR/a.tar" "http://127.0.0.1:$H_PORT/b3lb/b/recording/upload?nonce=$nonce" &
	sender=$!
	arriving() { [ -n "$(find "$H/recordings/tmp" -type f -size +1k 2>/dev/null)" ]; }
	h_wait arriving
	still=$(head -1 "$H/pg/postmaster.pid")
	still="$still $(pgrep -P "$still" | tr '\n' ' ')"
	kill -STOP $still
	wait $sender
	kill -CONT $still
	grep -q "^HTTP[^ ]* 503" "$BATS_TEST_TMPDIR/answer"
	grep -qi "^Retry-After: " "$BATS_TEST_TMPDIR/answer"
	nothing_lost
	# Sooner than it was told.
	sleep 1
	upload "$nonce" "$BATS_TEST_TMPDIR/a.tar"
	is "$status" 200
	is "$(sql "select status from b3lb.record_set")" UPLOADED
	nothing_lost
	nothing_left
	is "$(referenced | wc -l)" 1
}

@test "a table is locked for longer than a request waits: who does not need it notices nothing" {
	load_start --rate 8 --clients 6
	h_spawn locker psql -X -q -h 127.0.0.1 -p "$H_PG_PORT" -U postgres -d b3lb -c "begin; lock table b3lb.meeting_list; select pg_sleep(6)"
	wait "$(cat "$H/locker.pid")"
	all_whole "$(now)"
	is "$(grep ' away$' "$H/load.log" | cut -d' ' -f3 | sort -u)" getMeetings
}

@test "jobs that run go on when it is back" {
	for j in poll meetings rollup callbacks cleanup; do
		h_spawn "job-$j" "$B3LB_PREFIX/libexec/b3lb/b3lb-$j" --config "$H/b3lb.conf" --every 1 --for 60
	done
	ran() { is "$(sql "select count(*) from b3lb.job where good_at > to_timestamp($1)")" 5; }
	h_wait ran 0
	h_pg_down immediate
	sleep 2
	h_pg_up
	h_wait ran "$(now)"
	for j in poll meetings rollup callbacks cleanup; do
		grep -q 'result=failed' "$H/job-$j.log"
		h_kill "job-$j"
	done
	is "$(sql "select count(*) from b3lb.job where lease is not null")" 0
}
