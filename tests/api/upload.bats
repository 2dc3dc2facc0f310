# Nodes send recordings.
# fronts: all
load ../harness/harness.bash
load ../harness/recording.bash

setup_file() {
	h_start 2
	h_front_stop
	mkdir -p -m 777 "$H/recordings"
	h_conf "record_path = $H/recordings" "record_free_min = 1" "record_upload_max = 32"
	h_front_start
	rec_video
}
teardown_file() { h_stop; }
setup() {
	h_reset
	sql "set client_min_messages = error; truncate b3lb.record_set cascade"
	rm -rf "$H"/recordings/*
	rec_meeting abc "meta_endCallbackUrl=http%3A%2F%2Flms.test%2Fend&meta_bbb-recording-ready-url=http%3A%2F%2Flms.test%2Fready"
	T=$BATS_TEST_TMPDIR
	rec_tar "$T/a.tar" "$internal" "$nonce" "$node_id"
}
set_is() { sql "select $1 from b3lb.record_set where record_id = '${2:-$internal}'"; }

@test "an archive with its metadata makes the record set a recording" {
	upload "$nonce" "$T/a.tar"
	is "$status" 200
	is "$(set_is "status || ' ' || participants || ' ' || start_time || ' ' || end_time || ' ' || raw_size || ' ' || state")" \
		"UPLOADED 3 1699343312797 1699343372797 4711 processing"
	is "$(set_is name)" "Lesson & More"
	is "$(set_is archive_size)" "$(stat -c %s "$T/a.tar")"
	is "$(set_is meeting_sha1)" "$(printf abc | sha1sum | cut -d' ' -f1)"
	is "$(stored)/$(unfinished)" 1/0
	cmp "$(find "$H/recordings" -type f)" "$T/a.tar"
}

@test "the metadata is the client's: its own URLs and meetingID, nothing of ours" {
	upload "$nonce" "$T/a.tar"
	is "$(set_is "meta ->> 'endcallbackurl'")" http://lms.test/end
	is "$(set_is "meta ->> 'bbb-recording-ready-url'")" http://lms.test/ready
	is "$(set_is "meta ->> 'meetingId'")" abc
	is "$(set_is "meta ->> 'gl-listed'")" true
	[[ "$(set_is meta)" != *b3lb* && "$(set_is meta)" != *ours.test* && "$(set_is meta)" != *server-tag* ]]
}

@test "the fields come in any order, and the old name of the URL works" {
	ask "$H_DOMAIN" "/b3lb/b/record/upload?nonce=$nonce" -F "file=@$T/a.tar" -F "note=x" -F "meta=<$T/a.tar.xml"
	is "$status" 200
	is "$(set_is status)" UPLOADED
	is "$(stored)" 1
}

@test "a second upload of the same replaces the first" {
	upload "$nonce" "$T/a.tar"
	first=$(set_is archive_key)
	sql "update b3lb.record_set set status = 'FAILED', render_tries = 3, render_error = 'x', name = 'Renamed', meta = '{\"a\": \"b\"}'"
	tar -C / -rf "$T/a.tar" etc/hostname
	upload "$nonce" "$T/a.tar"
	is "$status" 200
	[ "$(set_is archive_key)" != "$first" ]
	is "$(set_is "status || ' ' || render_tries || ' ' || coalesce(render_error, '-')")" "UPLOADED 0 -"
	is "$(set_is "name || ' ' || meta::text")" 'Renamed {"a": "b"}'
	is "$(stored)" 1
	cmp "$(find "$H/recordings" -type f)" "$T/a.tar"
}

@test "a second session of the meeting on the node is a recording of its own" {
	upload "$nonce" "$T/a.tar"
	rec_tar "$T/b.tar" "$internal-2" "$nonce" "$node_id"
	upload "$nonce" "$T/b.tar"
	is "$status" 200
	is "$(set_is "meeting_id || ' ' || status" "$internal-2")" "abc UPLOADED"
	is "$(set_is "status")" "UPLOADED"
	is "$(stored)" 2
}

@test "breakout rooms are refused, whichever field comes first" {
	rec_meta "$T" "$internal" "$nonce" true
	for order in "-F meta=@$T/metadata.xml -F file=@$T/a.tar" "-F file=@$T/a.tar -F meta=@$T/metadata.xml"; do
		# shellcheck disable=SC2086
		ask "$H_DOMAIN" "/b3lb/b/recording/upload?nonce=$nonce" $order
		is "$status" 403
	done
	is "$(set_is status) $(stored) $(unfinished)" "WAITING 0 0"
}

@test "an unknown nonce is 404, a recording that is being deleted 410" {
	upload 00000000000000000000000000000000 "$T/a.tar"
	is "$status" 404
	# The node's own script does not go on sending it.
	rec_node_conf
	rec_publish "$H/published" "$internal" 00000000000000000000000000000000 "$node_id"
	export B3LB_NODE_CONF=$H/node.conf
	"$B3LB_SOURCE/node/b3lb-push" enqueue "$internal"
	"$B3LB_SOURCE/node/b3lb-push" run
	run -0 "$B3LB_SOURCE/node/b3lb-push" list
	[[ "$output" == "failed $internal HTTP 404: there is no such nonce"* ]]
	sql "update b3lb.record_set set status = 'DELETING'"
	upload "$nonce" "$T/a.tar"
	is "$status" 410
	is "$(stored) $(unfinished)" "0 0"
}

@test "what is no recording is refused with its reason, and nothing is kept" {
	echo "<recording><id>$internal" >"$T/bad.xml"
	echo "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><recording><id>a</id></recording>" >"$T/dtd.xml"
	head -c 100000 /dev/urandom >"$T/bad.tar"
	head -c 40000 "$T/a.tar" >"$T/short.tar"
	: >"$T/empty.tar"
	mkdir "$T/none"
	tar -C "$T" -cf "$T/nofile.tar" none
	try() {
		ask "$H_DOMAIN" "/b3lb/b/recording/upload?nonce=$nonce" "${@:3}"
		is "$status" "$1"
		[[ "$output" == *"$2"* ]] || { echo "got $output, want $2"; return 1; }
		is "$(set_is status) $(stored) $(unfinished)" "WAITING 0 0"
	}
	try 422 "not XML" -F "meta=@$T/bad.xml" -F "file=@$T/a.tar"
	try 422 "DOCTYPE" -F "meta=@$T/dtd.xml" -F "file=@$T/a.tar"
	try 422 "tar archive" -F "meta=@$T/a.tar.xml" -F "file=@$T/bad.tar"
	try 422 "tar archive" -F "meta=@$T/a.tar.xml" -F "file=@$T/short.tar"
	try 422 "tar archive" -F "meta=@$T/a.tar.xml" -F "file=@$T/empty.tar"
	try 422 "no file" -F "meta=@$T/a.tar.xml" -F "file=@$T/nofile.tar"
	try 422 "not XML" -F "file=@$T/a.tar" -F "meta=@$T/bad.xml"
	try 400 "meta is missing" -F "file=@$T/a.tar"
	try 400 "file is missing" -F "meta=@$T/a.tar.xml"
	try 400 "twice" -F "meta=@$T/a.tar.xml" -F "meta=@$T/a.tar.xml" -F "file=@$T/a.tar"
	try 415 "multipart/form-data" -d a=b
	try 400 "boundary" -H "Content-Type: multipart/form-data; boundary=x" -d "--x"
	upload "$nonce" "$T/a.tar"
	is "$status" 200
}

@test "a body that is too long is 413" {
	head -c 35000000 /dev/zero >"$T/big"
	ask "$H_DOMAIN" "/b3lb/b/recording/upload?nonce=$nonce" -F "meta=@$T/a.tar.xml" -F "file=@$T/big"
	is "$status" 413
	# Within the body's limit, but not within the archive's.
	tar -C "$T" -cf "$T/big.tar" big
	truncate -s 33600000 "$T/big"
	tar -C "$T" -cf "$T/big.tar" big
	ask "$H_DOMAIN" "/b3lb/b/recording/upload?nonce=$nonce" -F "meta=@$T/a.tar.xml" -F "file=@$T/big.tar"
	is "$status" 413
	is "$(set_is status) $(stored) $(unfinished)" "WAITING 0 0"
}

@test "a body that is cut off leaves nothing, and can be sent again" {
	printf -- '--x\r\nContent-Disposition: form-data; name="meta"\r\n\r\n' >"$T/body"
	cat "$T/a.tar.xml" >>"$T/body"
	printf -- '\r\n--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n' >>"$T/body"
	cat "$T/a.tar" >>"$T/body"
	{
		printf 'POST /b3lb/b/recording/upload?nonce=%s HTTP/1.1\r\nHost: %s\r\n' "$nonce" "$H_DOMAIN"
		printf 'Content-Type: multipart/form-data; boundary=x\r\nContent-Length: %s\r\n\r\n' $(($(stat -c %s "$T/body") + 5000))
		cat "$T/body"
	} >"/dev/tcp/127.0.0.1/$H_PORT"
	nothing() { [ "$(unfinished)" = 0 ]; }
	h_wait nothing
	is "$(set_is status) $(stored)" "WAITING 0"
	upload "$nonce" "$T/a.tar"
	is "$status" 200
}

@test "a store that cannot be used is 503 with a clear message in the log, and the node sends again" {
	mv "$H/recordings" "$H/gone"
	touch "$H/recordings"
	upload "$nonce" "$T/a.tar"
	is "$status" 503
	is "$(header Retry-After)" 30
	rm "$H/recordings"
	mv "$H/gone" "$H/recordings"
	upload "$nonce" "$T/a.tar"
	is "$status" 200
}

@test "free space is looked at first: 507, and the node sends again" {
	h_front_stop
	h_conf "record_path = $H/recordings" "record_free_min = 1048576"
	h_front_start
	upload "$nonce" "$T/a.tar"
	is "$status" 507
	[[ "$output" == *"MiB left"* ]]
	is "$(set_is status) $(stored) $(unfinished)" "WAITING 0 0"
	h_front_stop
	h_conf "record_path = $H/recordings" "record_free_min = 1" "record_upload_max = 32"
	h_front_start
	upload "$nonce" "$T/a.tar"
	is "$status" 200
}
