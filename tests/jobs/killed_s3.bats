# Recordings in an S3 store, and kill -9 of each program at ten random points.
load ../harness/harness.bash
bats_require_minimum_version 1.5.0
load ../harness/recording.bash
load ../harness/s3.bash
load ../harness/killed.bash

setup_file() {
	local lines
	h_start 1
	s3_start
	mkdir -p -m 777 "$H/render"
	h_front_stop
	mapfile -t lines < <(s3_conf)
	h_conf "${lines[@]}" "render_path = $H/render"
	h_front_start
	rec_video
}
teardown_file() { h_stop; }
setup() {
	h_reset
	rm -rf "$H"/render/*
}
names() { s3_get "?list-type=2&max-keys=1000" | grep -o '<Key>[^<]*' | cut -c6-; }
# Without those that are put aside.
stored_keys() { comm -23 <(names | grep -v / | sort) <(names | sed -n 's|^lost/||p' | sort); }
unfinished() { s3_get "?uploads=" | grep -o '<UploadId>' | wc -l; }

@test "the backend, while it takes a recording" { killed_uploads; }
@test "b3lb-render" { killed_renders aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-1; }
@test "b3lb-cleanup" { killed_cleanups aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa; }
