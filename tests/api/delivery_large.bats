# Videos that are larger than memory ought to be, and viewers that stop reading.
load ../harness/harness.bash
load ../harness/recorded.bash
setup_file() {
	h_start 1 "threads = 2"
	recorded acme 0 rec-1 m1 Long
	truncate -s 1G "$H/a.mp4"
	printf 'the end' | dd of="$H/a.mp4" bs=1 seek=$(((1 << 30) - 7)) conv=notrunc status=none
	video rec-1 "$H/a.mp4" >"$H/nonce"
}
teardown_file() { h_stop; }
setup() {
	nonce=$(cat "$H/nonce")
	pid=$(cat "$H/recordings.pid")
}

peak() { sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$pid/status"; }
has_read() { sed -n 's/^rchar: //p' "/proc/$pid/io"; }

@test "1 GiB goes through without growing the program by 8 MiB, and without a copy on the way" {
	fetched "$nonce" /dev/null -r 0-9
	before=$(peak)
	curl -sS -H "Host: $H_DOMAIN" "http://127.0.0.1:$H_PORT/b3lb/r/$nonce" | { head -c 500000000 >/dev/null; du -sm "$H/tmp" | cut -f1 >"$BATS_TEST_TMPDIR/copies"; tail -c 7; } >"$BATS_TEST_TMPDIR/end"
	is "$(cat "$BATS_TEST_TMPDIR/end")" "the end"
	# lighttpd may put a little aside while its client is slow, never the file.
	[ "$(cat "$BATS_TEST_TMPDIR/copies")" -lt 100 ]
	[ "$(($(peak) - before))" -lt 8192 ]
}

@test "the last bytes come without the first" {
	before=$(has_read)
	fetched "$nonce" "$BATS_TEST_TMPDIR/got" -r -7
	is "$(cat "$BATS_TEST_TMPDIR/got")" "the end"
	[ "$(($(has_read) - before))" -lt 1000000 ]
}

# It has stopped when it has read nothing more of a file for a second: its clock is some bytes.
still() {
	local before
	before=$(has_read)
	sleep 1
	[ "$(($(has_read) - before))" -lt 1000 ]
}

@test "for a viewer that does not read, nothing is read" {
	before=$(has_read)
	exec 5<>"/dev/tcp/127.0.0.1/$H_PORT"
	printf 'GET /b3lb/r/%s HTTP/1.1\r\nHost: %s\r\n\r\n' "$nonce" "$H_DOMAIN" >&5
	head -c 1000 <&5 >/dev/null
	h_wait still
	exec 5<&- 5>&-
	[ "$(($(has_read) - before))" -lt 33554432 ]
}

@test "viewers that leave in the middle leave no thread behind" {
	for i in 1 2 3 4 5 6 7 8; do
		curl -sS -H "Host: $H_DOMAIN" "http://127.0.0.1:$H_PORT/b3lb/r/$nonce" 2>/dev/null | head -c 100000 >/dev/null
	done
	fetched "$nonce" "$BATS_TEST_TMPDIR/got" -r -7
	is "$(cat "$BATS_TEST_TMPDIR/got")" "the end"
}
