# b3lb-render: which file of an archive becomes the video.
load ../harness/harness.bash
load ../harness/recording.bash

# The profile of a fresh installation takes what the node made as a video alone; here it takes what there is.
setup_file() {
	rec_start 1
	admin profile set video --source any
}
teardown_file() { h_stop; }
teardown() { ! mountpoint -q "$H/recordings" || umount "$H/recordings"; }
setup() {
	h_reset
	sql "set client_min_messages = error; truncate b3lb.record_set cascade"
	rm -rf "$H"/recordings/* "$H"/render/*
	T=$BATS_TEST_TMPDIR
	rec_meeting abc
	mkdir -p "$T/d"
}
# A short video of this many pixels, with or without sound: clip FILE WIDTH [sound]
clip() {
	local sound=()
	[ -z "${3:-}" ] || sound=(-f lavfi -i sine -c:a libopus)
	mkdir -p "${1%/*}"
	ffmpeg -v error -y -f lavfi -i "testsrc=size=$2x48:rate=5" "${sound[@]}" -t 2 -c:v libvpx -f webm "$1" </dev/null
}
# Sends what lies below $T/d, renders it, and prints the width of the video.
width() {
	rec_meta "$T" "$internal" "$nonce" && mv "$T/metadata.xml" "$T/f.tar.xml"
	tar -C "$T/d" -cf "$T/f.tar" . && upload "$nonce" "$T/f.tar" && is "$status" 200
	job render 2>"$T/log" || cat "$T/log"
	ffprobe -v error -select_streams v -show_entries stream=width -of csv=p=0 \
		"$(find "$H/recordings" -name "$(sql "select storage_key from b3lb.record")")"
}

@test "what has sound is taken before what has none, whatever its format" {
	clip "$T/d/presentation/$internal/deskshare/deskshare.webm" 64
	clip "$T/d/presentation/$internal/video/webcams.webm" 80 sound
	is "$(width)" 80
}

@test "a silent screenshare gives way to webcams with sound" {
	clip "$T/d/screenshare/$internal/screenshare.webm" 64
	clip "$T/d/presentation/$internal/video/webcams.webm" 80 sound
	is "$(width)" 80
}

@test "of several with sound the order is video, screenshare, webcams" {
	clip "$T/d/presentation/$internal/video/webcams.webm" 64 sound
	clip "$T/d/screenshare/$internal/screenshare-0.webm" 80 sound
	is "$(width)" 80
}

@test "where nothing has sound the first of the order is taken" {
	clip "$T/d/presentation/$internal/deskshare/deskshare.webm" 64
	clip "$T/d/presentation/$internal/video/webcams.webm" 80
	is "$(width)" 80
}

@test "a screenshare is found by the name that BigBlueButton gives it" {
	clip "$T/d/screenshare/$internal/screenshare-0.webm" 80 sound
	is "$(width)" 80
}

@test "another recording's video in the archive is not taken for this one's" {
	clip "$T/d/video/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-1600000000000/video-0.webm" 64 sound
	clip "$T/d/video/$internal/video-0.webm" 80 sound
	is "$(width)" 80
	rm -r "$T/d/video/$internal"
	rm -rf "$H"/recordings/*
	rec_meta "$T" "$internal" "$nonce"
	mv "$T/metadata.xml" "$T/f.tar.xml"
	tar -C "$T/d" -cf "$T/f.tar" .
	upload "$nonce" "$T/f.tar"
	run -0 job render
	is "$(sql "select render_error from b3lb.record_set where record_id = '$internal'")" "the archive holds neither a presentation nor a video for any of the profiles"
}

@test "a video that would not leave record_free_min is not stored, and the recording waits" {
	mount -t tmpfs -o size=8m,mode=777 none "$H/recordings" 2>/dev/null || skip "no file system may be mounted here"
	clip "$T/d/video/$internal/video-0.webm" 80 sound
	rec_meta "$T" "$internal" "$nonce"
	mv "$T/metadata.xml" "$T/f.tar.xml"
	tar -C "$T/d" -cf "$T/f.tar" .
	upload "$nonce" "$T/f.tar"
	is "$status" 200
	run env B3LB_RECORD_FREE_MIN=8 "$B3LB_PREFIX/libexec/b3lb/b3lb-render" --config "$H/b3lb.conf"
	is "$status" 1
	[[ "$output" == *record_free_min* ]]
	is "$(sql "select status || ' ' || render_tries from b3lb.record_set") $(stored)/$(unfinished)" "UPLOADED 0 1/0"
	run -0 job render
	is "$(sql "select status from b3lb.record_set")" RENDERED
}
