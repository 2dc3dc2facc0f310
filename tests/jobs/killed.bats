# Recordings in a directory, and kill -9 of each program at ten random points.
load ../harness/harness.bash
bats_require_minimum_version 1.5.0
load ../harness/recording.bash
load ../harness/killed.bash

setup_file() {
	rec_start 1
}
teardown_file() { h_stop; }
setup() {
	h_reset
	rm -rf "$H"/recordings/* "$H"/render/*
}
stored_keys() { find "$H/recordings" -type f -not -path "$H/recordings/tmp/*" -not -path "$H/recordings/lost/*" -printf '%f\n'; }

@test "the backend, while it takes a recording" { killed_uploads; }
@test "b3lb-render" { killed_renders aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-1; }
@test "b3lb-cleanup" { killed_cleanups aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa; }

@test "a renderer that dies again and again has failed, and holds up nobody" {
	rec_tar "$BATS_TEST_TMPDIR/a.tar" a-1 "" room
	admin recording import ACME "$BATS_TEST_TMPDIR/a.tar"
	sql "update b3lb.record_set set status = 'RENDERING', render_tries = 2, render_until = now() - interval '1 second'"
	sql "select b3lb.claim_render(interval '1 minute', 3)" >/dev/null
	is "$(sql "select status || ' ' || render_tries from b3lb.record_set")" "RENDERING 3"
	run -0 job render
	is "$(sql "select status from b3lb.record_set")" RENDERING
	sql "update b3lb.record_set set render_until = now() - interval '1 second'"
	run -0 job render
	is "$(sql "select status || ': ' || render_error from b3lb.record_set")" "FAILED: the renderer died"
}

@test "a renderer that is told to stop gives its recording back" {
	rec_tar "$BATS_TEST_TMPDIR/a.tar" a-1 "" room
	admin recording import ACME "$BATS_TEST_TMPDIR/a.tar"
	# It has taken the recording and waits for the profiles when it is told.
	h_spawn locker psql -X -q -h 127.0.0.1 -p "$H_PG_PORT" -U postgres -d b3lb \
		-c "begin; lock table b3lb.profile; select pg_sleep(60)"
	locked() { is "$(sql "select count(*) from pg_locks where relation = 'b3lb.profile'::regclass and mode = 'AccessExclusiveLock'")" 1; }
	rendering() { is "$(sql "select status from b3lb.record_set")" RENDERING; }
	h_wait locked
	h_spawn render "$B3LB_PREFIX/libexec/b3lb/b3lb-render" --config "$H/b3lb.conf"
	h_wait rendering
	kill -TERM "$(cat "$H/render.pid")"
	sql "select pg_terminate_backend(pid) from pg_locks where relation = 'b3lb.profile'::regclass and mode = 'AccessExclusiveLock'" >/dev/null
	h_kill locker
	gone() { ! kill -0 "$(cat "$H/render.pid")" 2>/dev/null || [[ "$(ps -o state= -p "$(cat "$H/render.pid")")" == Z* ]]; }
	h_wait gone
	is "$(sql "select status || ' ' || render_tries from b3lb.record_set")" "UPLOADED 0"
}
