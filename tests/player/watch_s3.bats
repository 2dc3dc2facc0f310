# A presentation whose archive is in S3 is watched in Chromium: its files come out of the one object by ranges.
# fronts: apache-proxy
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
	echo "player_frames = 'self' https://*.example.org:8443 lms.localhost" >>"$H/b3lb.conf"
	h_programs_stop
	h_programs_start
	pres_media
	player_small
	way_browser
}
teardown_file() { h_stop; }

@test "where the store delivers, text tracks come from here all the same" {
	player_recording sent
	player_track
	sed -i '/^s3_delivery/d' "$H/b3lb.conf"
	echo "s3_delivery = redirect" >>"$H/b3lb.conf"
	h_programs_stop
	h_programs_start
	track=$(sql "select t.nonce from b3lb.text_track t join b3lb.record_set r on r.id = t.record_set_id where r.record_id = '$internal'")
	video=$(sql "select p.nonce from b3lb.record p join b3lb.record_set r on r.id = p.record_set_id where r.record_id = '$internal' and p.kind = 'video'")
	ask "$H_DOMAIN" "/b3lb/r/$video"
	is "$status" 302
	ask "$H_DOMAIN" "/b3lb/r/$track"
	is "$status $(header Access-Control-Allow-Origin) $(tail -1 <<<"$output")" "200 * Jetzt die zweite"
	sed -i '/^s3_delivery/d' "$H/b3lb.conf"
	h_programs_stop
	h_programs_start
}

@test "watched as from a directory, by parts" {
	before=$(s3_get "?list-type=2" | grep -o '<Key>' | wc -l)
	player_recording watch
	player_track
	ask "$H_DOMAIN" "$page"
	[[ "$(header content-security-policy)" == *"; frame-ancestors 'self' https://*.example.org:8443 lms.localhost" ]]
	player_watch "http://$H_DOMAIN:$H_PORT$page"
	player_check
	# The archive, the timeline, the video and the subtitles: no second copy of what is watched.
	is "$(($(s3_get "?list-type=2" | grep -o '<Key>' | wc -l) - before))" 4
	curl -fsS -H "Host: $H_DOMAIN" "http://127.0.0.1:$H_PORT${page}f/presentation/pres-1/slide-1.png" | cmp - "$PRES_MEDIA/slide-1.png"
	s3_stop
	ask "$H_DOMAIN" "${page}f/presentation/pres-1/slide-1.png"
	is "$status" 503
}
