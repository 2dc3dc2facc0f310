# Recordings that nodes send go into an S3 store in parts.
load ../harness/harness.bash
load ../harness/recording.bash
load ../harness/s3.bash

setup_file() {
	local lines
	h_start 1
	s3_start
	mkdir -p -m 777 "$H/render"
	h_front_stop
	mapfile -t lines < <(s3_conf)
	h_conf "${lines[@]}" "render_path = $H/render" "threads = 4"
	h_front_start
	rec_video
}
teardown_file() { h_stop; }
setup() { h_reset; }
objects() { s3_get "?list-type=2&max-keys=1000" | grep -o '<Key>' | wc -l; }
uploads() { s3_get "?uploads=" | grep -o '<UploadId>' | wc -l; }
memory() { sed -n "s/^VmHWM:[[:space:]]*\([0-9]*\) kB/\1/p" "/proc/$(cat "$H/backend.pid")/status"; }

@test "500 MiB through one program grow it by less than 8 MiB, and arrive whole" {
	rec_meeting abc
	rec_tar "$BATS_TEST_TMPDIR/a.tar" "$internal" "$nonce" "$node_id"
	ask "$H_DOMAIN" "/b3lb/b/recording/upload?nonce=00000000000000000000000000000000" -F "meta=@$BATS_TEST_TMPDIR/a.tar.xml" -F "file=@$BATS_TEST_TMPDIR/a.tar"
	is "$status" 404
	before=$(memory)
	truncate -s 500M "$BATS_TEST_TMPDIR/pad"
	tar -C "$BATS_TEST_TMPDIR" -rf "$BATS_TEST_TMPDIR/a.tar" pad
	upload "$nonce" "$BATS_TEST_TMPDIR/a.tar" --max-time 300
	is "$status" 200
	after=$(memory)
	echo "VmHWM $before kB before, $after kB after"
	# A sanitizer keeps memory that was freed, and books of its own.
	[ $((after - before)) -lt "$([ -n "${B3LB_SANITIZED:-}" ] && echo 65536 || echo 8192)" ]
	key=$(sql "select archive_key from b3lb.record_set")
	is "$(s3_get "/$key" | sha256sum)" \
		"$(sha256sum <"$BATS_TEST_TMPDIR/a.tar")"
}

@test "what is refused after some parts leaves neither object nor parts" {
	rec_meeting abc
	before=$(objects)
	head -c 12000000 /dev/urandom >"$BATS_TEST_TMPDIR/pad"
	tar -C "$BATS_TEST_TMPDIR" -cf "$BATS_TEST_TMPDIR/a.tar" pad
	echo "<no-recording/>" >"$BATS_TEST_TMPDIR/bad.xml"
	ask "$H_DOMAIN" "/b3lb/b/recording/upload?nonce=$nonce" -F "file=@$BATS_TEST_TMPDIR/a.tar" -F "meta=@$BATS_TEST_TMPDIR/bad.xml"
	is "$status" 422
	is "$(objects) $(uploads)" "$before 0"
}

@test "an S3 store that is away is 503, and the node sends again" {
	rec_meeting abc
	rec_tar "$BATS_TEST_TMPDIR/a.tar" "$internal" "$nonce" "$node_id"
	h_programs_stop
	sed -i "s|^s3_endpoint = .*|s3_endpoint = http://127.0.0.1:1|" "$H/b3lb.conf"
	h_programs_start
	upload "$nonce" "$BATS_TEST_TMPDIR/a.tar"
	is "$status" 503
	sed -i "s|^s3_endpoint = .*|s3_endpoint = $S3_URL|" "$H/b3lb.conf"
	h_programs_stop
	h_programs_start
	upload "$nonce" "$BATS_TEST_TMPDIR/a.tar"
	is "$status" 200
	run -0 job render
	is "$(sql "select status from b3lb.record_set")" RENDERED
}
