# A very large recording in constant memory, whatever the front is.
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
@test "2 GiB through one program grow it by less than 8 MiB" {
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
