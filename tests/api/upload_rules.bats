# What an archive that a node sends may be, and what of a recording it replaces.
load ../harness/harness.bash
load ../harness/recording.bash

setup_file() { rec_start 2; }
teardown_file() { h_stop; }
setup() {
	h_reset
	sql "set client_min_messages = error; truncate b3lb.record_set cascade"
	rm -rf "$H"/recordings/*
	T=$BATS_TEST_TMPDIR
	rec_meeting abc
	rec_tar "$T/a.tar" "$internal" "$nonce" "$node_id"
}
set_is() { sql "select $1 from b3lb.record_set where record_id = '${2:-$internal}'"; }
# The archive with other metadata: meta_without ELEMENT... takes them out.
meta_without() {
	for element; do sed -i "/<$element>/d" "$T/a.tar.xml"; done
}

@test "a node replaces what was recorded under its nonce, and no other recording of the same room" {
	upload "$nonce" "$T/a.tar"
	is "$status" 200
	key=$(set_is archive_key)
	first=$nonce old=$internal
	# The room once more, on another node, which has that session's nonce alone.
	sql "delete from b3lb.meeting"
	rec_meeting abc
	[ "$internal" != "$old" ]
	[ "$nonce" != "$first" ]
	upload "$nonce" "$T/a.tar"
	is "$status" 422
	[[ "$output" == *"another meeting's recording"* ]]
	is "$(set_is archive_key "$old")" "$key"
	is "$(stored)" 1
	upload "$first" "$T/a.tar"
	is "$status" 200
}

@test "a further session's recording is replaced under the nonce that it came with, and no other" {
	rec_tar "$T/b.tar" "$internal-2" "$nonce" "$node_id"
	upload "$nonce" "$T/b.tar"
	is "$status" 200
	rec_tar "$T/a.tar" "$internal" "$nonce" "$node_id"
	upload "$nonce" "$T/a.tar"
	is "$status" 200
	upload "$nonce" "$T/b.tar"
	is "$status" 200
	is "$(stored)" 2
	sql "delete from b3lb.meeting"
	rec_meeting abc
	upload "$nonce" "$T/b.tar"
	is "$status" 422
}

@test "where the metadata does not say when it began the record id does" {
	meta_without start_time
	upload "$nonce" "$T/a.tar"
	is "$status" 200
	is "$(set_is start_time)" "${internal##*-}"
}

@test "what a later archive does not say, or says as 0, replaces nothing" {
	upload "$nonce" "$T/a.tar"
	is "$status" 200
	before=$(set_is "(participants, raw_size, start_time, end_time, name)")
	meta_without participants raw_size start_time end_time
	upload "$nonce" "$T/a.tar"
	is "$status" 200
	is "$(set_is "(participants, raw_size, start_time, end_time, name)")" "$before"
	sed -i 's|</recording>|<participants>0</participants><raw_size>0</raw_size><start_time>0</start_time></recording>|' "$T/a.tar.xml"
	upload "$nonce" "$T/a.tar"
	is "$status" 200
	is "$(set_is "(participants, raw_size, start_time, end_time, name)")" "$before"
	sed -i 's|<participants>0|<participants>7|' "$T/a.tar.xml"
	upload "$nonce" "$T/a.tar"
	is "$status" 200
	is "$(set_is participants)" 7
}

@test "two recordings in one archive are refused, by a node and by an import" {
	mkdir "$T/d"
	rec_publish "$T/d" "$internal" "$nonce" "$node_id"
	rec_publish "$T/d" aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-2 "" room-2
	tar -C "$T/d" -cf "$T/a.tar" video presentation
	upload "$nonce" "$T/a.tar"
	is "$status" 422
	[[ "$output" == *"the archive holds two recordings"* && "$output" == *"$internal"* ]]
	run admin recording import ACME "$T/a.tar"
	is "$status" 1
	[[ "$output" == *"the archive holds two recordings"*"0 imported, 0 there already, 1 refused"* ]]
	is "$(stored)/$(unfinished)" 0/0
	# A slide of the same shape of name is no recording.
	rm -r "$T/d/video/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-2" "$T/d/presentation/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-2"
	mkdir -p "$T/d/presentation/$internal/presentation/bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb-3"
	echo x >"$T/d/presentation/$internal/presentation/bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb-3/slide-1.png"
	tar -C "$T/d" -cf "$T/a.tar" ./video ./presentation
	upload "$nonce" "$T/a.tar"
	is "$status" 200
}
