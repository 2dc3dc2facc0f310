# A session of the database that does what it is told and holds what it holds, until it is told to go. To be sourced after harness.bash.

session_open() {
	rm -f "$BATS_TEST_TMPDIR/session" && mkfifo "$BATS_TEST_TMPDIR/session"
	psql -X -q -A -t -h 127.0.0.1 -p "$H_PG_PORT" -U postgres -d b3lb <"$BATS_TEST_TMPDIR/session" >/dev/null 3>&- 4>&- &
	H_SESSION=$!
	exec 8>"$BATS_TEST_TMPDIR/session"
}
# Returns when it was done: session SQL
session() {
	rm -f "$BATS_TEST_TMPDIR/session.done"
	printf '%s;\n\\! touch %s\n' "$1" "$BATS_TEST_TMPDIR/session.done" >&8
	h_wait test -e "$BATS_TEST_TMPDIR/session.done"
}
session_close() {
	echo '\q' >&8
	exec 8>&-
	wait "$H_SESSION"
}
