# Programs that handle recordings, killed at any point. To be sourced after recording.bash; a test file says how it looks
# into its store: stored_keys prints the keys of finished objects, unfinished the number of others.

# An archive of some MiB, so that there is time to be killed in.
big_tar() {
	rec_tar "$1" "$2" "${3:-}" "${4:-}"
	head -c 12000000 /dev/urandom >"$1.pad"
	tar -C "$(dirname "$1")" -rf "$1" "$(basename "$1").pad"
	rm "$1.pad"
}

referenced() {
	sql "select archive_key from b3lb.record_set where archive_key is not null and status <> 'DELETING' union all
		select storage_key from b3lb.record r join b3lb.record_set s on s.id = r.record_set_id where s.status <> 'DELETING' order by 1"
}
# Whatever was killed: what a row refers to is there. An upload that its killed sender had begun may end meanwhile: rows are read first,
# since its file comes before its row; and asked again of what is missing, since it may put another archive in place of the one read.
nothing_lost() {
	local missing
	missing=$(referenced | sort)
	missing=$(comm -23 <(echo "$missing") <(stored_keys | sort) | grep . || true)
	[ -z "$missing" ] || missing=$(comm -12 <(echo "$missing") <(referenced | sort))
	[ -z "$missing" ] || { echo "missing: $missing" >&2; return 1; }
}
# And a second run leaves nothing else: what was left behind is put aside, however much it is.
nothing_left() {
	sleep 1.1
	B3LB_RECORD_ORPHAN_HOURS=0 job cleanup --force
	is "$(stored_keys | sort)" "$(referenced | sort)"
	is "$(unfinished)" 0
	is "$(find "$H/render" -mindepth 1 | wc -l)" 0
}
# Seconds from 0 to $1, at random.
some() { perl -e "printf '%.3f', rand($1)"; }

# lighttpd asks a program that was killed under it for a second no more.
is_uploaded() { upload "$nonce" "$BATS_TEST_TMPDIR/a.tar" && [ "$status" = 200 ]; }
killed_uploads() {
	local n
	rec_meeting abc
	big_tar "$BATS_TEST_TMPDIR/a.tar" "$internal" "$nonce" "$node_id"
	for n in $(seq 10); do
		upload "$nonce" "$BATS_TEST_TMPDIR/a.tar" --limit-rate 30M >/dev/null 2>&1 &
		sleep "$(some 0.6)"
		h_kill backend KILL
		wait $! || true
		nothing_lost
		rm -f "$H/run/backend.sock"
		h_spawn backend "$B3LB_PREFIX/libexec/b3lb/b3lb-backend" --config "$H/b3lb.conf" --listen "$H/run/backend.sock"
		h_wait test -S "$H/run/backend.sock"
	done
	h_wait is_uploaded
	nothing_lost
	nothing_left
	is "$(referenced | wc -l)" 1
}

killed_renders() {
	local n
	rec_tar "$BATS_TEST_TMPDIR/a.tar" "$1" "" room
	admin recording import ACME "$BATS_TEST_TMPDIR/a.tar"
	for n in $(seq 10); do
		timeout -s KILL "$(some 0.5)" "$B3LB_PREFIX/libexec/b3lb/b3lb-render" --config "$H/b3lb.conf" 2>/dev/null || true
		nothing_lost
		# Its lease is over; the tries are another test's business.
		sql "update b3lb.record_set set render_until = now() - interval '1 second', render_tries = 0 where status = 'RENDERING'"
		[ $((n % 3)) != 0 ] || admin recording rerender "$1" || true
	done
	run -0 job render
	is "$(sql "select status from b3lb.record_set")" RENDERED
	nothing_lost
	nothing_left
	is "$(referenced | wc -l)" 2
	is "$(pgrep -c -f "ffm.*$H/render" || true)" 0
}

killed_cleanups() {
	local n
	for n in $(seq 20); do rec_tar "$BATS_TEST_TMPDIR/$n.tar" "$1-$n" "" room; done
	admin recording import ACME "$BATS_TEST_TMPDIR"/*.tar
	job render
	sql "update b3lb.record_set set status = 'DELETING', deleted_at = now() where id % 5 <> 0"
	for n in $(seq 10); do
		timeout -s KILL "$(some 0.15)" "$B3LB_PREFIX/libexec/b3lb/b3lb-cleanup" --config "$H/b3lb.conf" 2>/dev/null || true
		# The next host does not wait for the lease of a dead one here.
		sql "update b3lb.job set lease = null where name = 'cleanup'"
		nothing_lost
	done
	run -0 job cleanup
	is "$(sql "select count(*) from b3lb.record_set where status = 'DELETING'")" 0
	is "$(sql "select count(*) from b3lb.record_set")" 4
	nothing_lost
	nothing_left
}
