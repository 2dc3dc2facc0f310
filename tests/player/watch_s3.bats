# A presentation whose archive is in S3 is watched in Chromium: its files come out of the one object by ranges.
# fronts: lighttpd-socket apache-proxy
load ../harness/harness.bash
load ../harness/recording.bash
load presentation.bash
load ../harness/s3.bash
load ../harness/way.bash
load player.bash

setup_file() {
	h_start 1
	s3_start
	way_conf
	s3_conf >>"$H/b3lb.conf"
	h_programs_stop
	h_programs_start
	pres_media
	way_browser
}
teardown_file() { h_stop; }

@test "watched as from a directory, by parts" {
	player_recording watch
	player_watch "http://$H_DOMAIN:$H_PORT$page"
	player_check
	# The archive, the timeline and the video: no second copy of what is watched.
	is "$(s3_get "?list-type=2" | grep -o '<Key>' | wc -l)" 3
	curl -fsS -H "Host: $H_DOMAIN" "http://127.0.0.1:$H_PORT${page}f/presentation/pres-1/slide-1.png" | cmp - "$PRES_MEDIA/slide-1.png"
	s3_stop
	ask "$H_DOMAIN" "${page}f/presentation/pres-1/slide-1.png"
	is "$status" 503
}
