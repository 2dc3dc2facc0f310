# Large recordings in constant memory.
# fronts: lighttpd-socket apache-fcgid
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

@test "an archive larger than what a web server takes by default arrives whole" {
	rec_meeting one
	big_form 1100
	upload "$nonce" "$BATS_TEST_TMPDIR/big.tar" --max-time 300
	is "$status" 200
	cmp "$(find "$H/recordings" -type f)" "$BATS_TEST_TMPDIR/big.tar"
	rm -f "$BATS_TEST_TMPDIR/big.tar"
}
