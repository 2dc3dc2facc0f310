# What a tenant may add to its recordings: bounded, whatever it calls.
load ../harness/harness.bash
load ../harness/recorded.bash

setup_file() { h_start 1 "record_free_min = 1"; }
teardown_file() { h_stop; }
setup() {
	h_reset
	sql "set client_min_messages = error; truncate b3lb.record_set cascade"
	rm -rf "$H"/recordings/??
	T=$BATS_TEST_TMPDIR
	R1=1111111111111111111111111111111111111111-1700000000001
	recorded acme 0 $R1 room Lesson
	printf 'WEBVTT\n\n00:00.000 --> 00:01.000\nHallo\n' >"$T/t.vtt"
}
put() { ask "acme.$H_DOMAIN" "$(signed putRecordingTextTrack "$1")" -F "file=@$T/t.vtt;type=text/vtt"; }
key() { jq -r .response.messageKey <<<"$output"; }
files() { find "$H/recordings" -type f | wc -l; }
# updateRecordings by a form of this query.
update() {
	local path
	path=$(signed updateRecordings "$1")
	ask "acme.$H_DOMAIN" "${path%%\?*}" --data "${path#*\?}"
}
value() { head -c "$1" /dev/zero | tr '\0' "${2:-x}"; }
meta() { sql "select octet_length(meta::text) from b3lb.record_set"; }

@test "the metadata of a recording has 64 KiB in all, however many calls bring it" {
	update "recordID=$R1&meta_a=$(value 40000)"
	answers 200 SUCCESS
	before=$(meta)
	update "recordID=$R1&meta_b=$(value 40000)"
	answers 400 FAILED invalidParameters
	[[ "$output" == *"65536 bytes"* ]]
	is "$(meta)" "$before"
	# In the place of what there is, or less, it is taken.
	update "recordID=$R1&meta_a=&meta_b=$(value 40000)"
	answers 200 SUCCESS
	update "recordID=$R1&meta_c=small"
	answers 200 SUCCESS
}

@test "a recording that came with more may become smaller, not larger" {
	sql "update b3lb.record_set set meta = jsonb_build_object('big', repeat('x', 100000))"
	update "recordID=$R1&meta_name=More"
	answers 400 FAILED invalidParameters
	update "recordID=$R1&meta_big=$(value 50)"
	answers 200 SUCCESS
}

@test "one of several recordings that is full: none is changed" {
	R2=2222222222222222222222222222222222222222-1700000000002
	recorded acme 0 $R2 room Lesson "meta = jsonb_build_object('a', repeat('x', 60000))"
	update "recordID=$R1,$R2&meta_b=$(value 10000)"
	answers 400 FAILED invalidParameters
	is "$(sql "select count(*) from b3lb.record_set where meta ? 'b'")" 0
}

@test "a recording has 64 text tracks at most; one that is there is replaced all the same" {
	sql "insert into b3lb.text_track (record_set_id, kind, lang, size, storage_key)
		select id, 'captions', 'x-' || i, 1, 'k' || i from b3lb.record_set, generate_series(1, 63) i"
	put "recordID=$R1&kind=subtitles&lang=de"
	is "$(key)" upload_text_track_success
	put "recordID=$R1&kind=subtitles&lang=fr"
	is "$(key)" upload_text_track_failed
	[[ "$output" == *"64 text tracks"* ]]
	is "$(files)" 1
	put "recordID=$R1&kind=subtitles&lang=de&label=Neu"
	is "$(key)" upload_text_track_success
	is "$(files)" 1
}

@test "64 tracks at most also when they come at once" {
	sql "insert into b3lb.text_track (record_set_id, kind, lang, size, storage_key)
		select id, 'captions', 'x-' || i, 1, 'k' || i from b3lb.record_set, generate_series(1, 60) i"
	for lang in de en es fr it nl pl pt; do put "recordID=$R1&kind=subtitles&lang=$lang" >/dev/null & done
	wait
	is "$(sql "select count(*) from b3lb.text_track")" 64
	is "$(files)" 4
}

@test "a track that would not leave record_free_min is refused, without saying how full the disk is" {
	h_front_stop
	h_conf "record_free_min = 1048576"
	h_front_start
	put "recordID=$R1&kind=subtitles&lang=de"
	is "$(key)" upload_text_track_failed
	[[ "$output" == *"no room"* && "$output" != *MiB* ]]
	is "$(files) $(sql "select count(*) from b3lb.text_track")" "0 0"
}
