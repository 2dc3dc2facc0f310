# The disk becomes full while a recording arrives.
load ../harness/harness.bash
load ../harness/recording.bash

setup_file() {
	h_start 1
	mkdir "$H/small"
	mount -t tmpfs -o size=4m,mode=777 none "$H/small" 2>/dev/null || return 0
	h_front_stop
	h_conf "record_path = $H/small" "record_free_min = 0"
	h_front_start
	rec_video
}
teardown_file() {
	h_front_stop
	umount "$H/small" 2>/dev/null || true
	h_stop
}

@test "a disk that becomes full meanwhile: 507, nothing half kept, and the node sends again" {
	mountpoint -q "$H/small" || skip "no file system may be mounted here"
	h_reset
	rec_meeting abc
	rec_tar "$BATS_TEST_TMPDIR/a.tar" "$internal" "$nonce" "$node_id"
	head -c 3000000 /dev/urandom >"$BATS_TEST_TMPDIR/pad"
	tar -C "$BATS_TEST_TMPDIR" -rf "$BATS_TEST_TMPDIR/a.tar" pad
	curl -sS -o "$BATS_TEST_TMPDIR/answer" -w '%{http_code}' --limit-rate 1M -H "Host: $H_DOMAIN" -F "meta=@$BATS_TEST_TMPDIR/a.tar.xml" \
		-F "file=@$BATS_TEST_TMPDIR/a.tar" "http://127.0.0.1:$H_PORT/b3lb/b/recording/upload?nonce=$nonce" >"$BATS_TEST_TMPDIR/status" &
	arriving() { [ -n "$(find "$H/small/tmp" -type f -size +1k 2>/dev/null)" ]; }
	h_wait arriving
	head -c 4000000 /dev/zero >"$H/small/other" 2>/dev/null || true
	wait $!
	is "$(cat "$BATS_TEST_TMPDIR/status")" 507
	grep -q "No space left" "$BATS_TEST_TMPDIR/answer"
	is "$(find "$H/small" -type f)" "$H/small/other"
	is "$(sql 'select status from b3lb.record_set')" WAITING
	rm "$H/small/other"
	upload "$nonce" "$BATS_TEST_TMPDIR/a.tar"
	is "$status" 200
}

@test "what stays free on the disk stays so while recordings arrive beside each other" {
	mountpoint -q "$H/small" || skip "no file system may be mounted here"
	h_front_stop
	mount -o remount,size=64m "$H/small"
	h_conf "record_path = $H/small" "record_free_min = 16"
	h_front_start
	h_reset
	rec_meeting abc
	rec_tar "$BATS_TEST_TMPDIR/a.tar" "$internal" "$nonce" "$node_id"
	head -c 30000000 /dev/urandom >"$BATS_TEST_TMPDIR/pad"
	tar -C "$BATS_TEST_TMPDIR" -rf "$BATS_TEST_TMPDIR/a.tar" pad
	for n in 1 2; do
		curl -sS -m 60 -o "$BATS_TEST_TMPDIR/answer$n" -w '%{http_code} ' --limit-rate 8M -H "Host: $H_DOMAIN" -F "meta=@$BATS_TEST_TMPDIR/a.tar.xml" \
			-F "file=@$BATS_TEST_TMPDIR/a.tar" "http://127.0.0.1:$H_PORT/b3lb/b/recording/upload?nonce=$nonce" >"$BATS_TEST_TMPDIR/status$n" &
		pids[n]=$!
	done
	least=64
	while kill -0 "${pids[1]}" 2>/dev/null || kill -0 "${pids[2]}" 2>/dev/null; do
		free=$(df --output=avail -BM "$H/small" | tail -n 1 | tr -dc 0-9)
		[ "$free" -ge "$least" ] || least=$free
		sleep 0.05
	done
	echo "$(cat "$BATS_TEST_TMPDIR"/status?) $least"
	# Each of them looks every 4 MiB.
	[ "$least" -ge 7 ]
	[[ "$(cat "$BATS_TEST_TMPDIR"/status?)" == *507* ]]
	is "$(find "$H/small/tmp" -type f)" ""
}
