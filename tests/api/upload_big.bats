# Large recordings in constant memory.
# fronts: all
load ../harness/harness.bash
load ../harness/recording.bash

setup_file() {
	h_start 1
	h_front_stop
	mkdir -p -m 777 "$H/recordings"
	h_conf "record_path = $H/recordings" "record_free_min = 1" "threads = 4"
	h_front_start
	rec_video
}
teardown_file() { h_stop; }

backend_pid() { cat "$H/backend.pid" 2>/dev/null || pgrep -n -x b3lb-backend; }
memory() { sed -n "s/^$1:[[:space:]]*\([0-9]*\) kB/\1/p" "/proc/$(backend_pid)/status"; }
# An archive of so many MiB that was never a file: its head, then zeros. Sent as a form with a known length.
big_form() {
	local mib=$1 dir=$BATS_TEST_TMPDIR
	rec_tar "$dir/a.tar" "$internal" "$nonce" "$node_id"
	truncate -s "${mib}M" "$dir/deskshare.webm"
	tar -C "$dir" -cf "$dir/big.tar" deskshare.webm
	cp "$dir/a.tar.xml" "$dir/big.tar.xml"
	rm "$dir/deskshare.webm"
}

@test "an archive larger than what a web server takes by default arrives whole" {
	rec_meeting one
	big_form 1100
	upload "$nonce" "$BATS_TEST_TMPDIR/big.tar" --max-time 300
	is "$status" 200
	cmp "$(find "$H/recordings" -type f)" "$BATS_TEST_TMPDIR/big.tar"
	rm -f "$BATS_TEST_TMPDIR/big.tar"
}

@test "2 GiB through one program grow it by less than 8 MiB" {
	[ "${B3LB_FRONT:-lighttpd-socket}" = lighttpd-socket ] || skip "once is enough"
	rec_meeting two
	rec_tar "$BATS_TEST_TMPDIR/s.tar" "$internal" "$nonce" "$node_id"
	upload "$nonce" "$BATS_TEST_TMPDIR/s.tar"
	is "$status" 200
	before=$(memory VmHWM)
	big_form 2048
	upload "$nonce" "$BATS_TEST_TMPDIR/big.tar" --max-time 300
	is "$status" 200
	after=$(memory VmHWM)
	echo "VmHWM $before kB before, $after kB after"
	[ $((after - before)) -lt 8192 ]
	rm -f "$BATS_TEST_TMPDIR/big.tar"
}
