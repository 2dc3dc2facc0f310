# A presentation is recorded, published, pushed, listed, and watched in Chromium.
load ../harness/harness.bash
load ../harness/recording.bash
load presentation.bash
load ../harness/way.bash
load player.bash

setup_file() {
	# Chromium takes names below localhost for this machine without any DNS.
	h_start 1
	way_conf
	pres_media
	player_small
	way_browser
}
teardown_file() { h_stop; }
setup() { h_reset; }

@test "create, push, index, list, watch, unpublish, delete: neither row nor file is left" {
	player_recording watch
	bbb getRecordings "meetingID=watch"
	is "$(x //recording/state) $(x //recording/published) $(x 'count(//format)')" "published true 2"
	is "$(x '//format[1]/type') $(x '//format[1]/length') $(x '//format[1]/url')" "presentation 0 http://$H_DOMAIN:$H_PORT$page"
	is "$(x 'count(//preview/images/image)') $(x '//image[1]/@alt') $(x '//image[1]')" \
		"2 Welcome to the lesson about http://$H_DOMAIN:$H_PORT${page}f/presentation/pres-1/thumbnails/thumb-1.png"
	is "$(x '//format[1]/size')" "$(sql 'select sum(size) from b3lb.record_file')"
	url=$(x '//format[1]/url')
	player_track
	player_watch "$url"
	player_check

	bbb publishRecordings "recordID=$internal&publish=false"
	for file in "" timeline.json f/video/webcams.webm f/presentation/pres-1/slide-1.png; do
		ask "$H_DOMAIN" "$page$file"
		is "$status" 404
	done
	ask "$H_DOMAIN" "/playback/presentation/2.3/$internal"
	is "$status" 404
	bbb publishRecordings "recordID=$internal&publish=true"
	ask "$H_DOMAIN" "$page"
	is "$status" 200
	bbb deleteRecordings "recordID=$internal"
	ask "$H_DOMAIN" "$page"
	is "$status" 404
	job cleanup
	is "$(sql 'select (select count(*) from b3lb.record_set) + (select count(*) from b3lb.record) + (select count(*) from b3lb.record_file)')" 0
	is "$(find "$H/recordings" -type f | wc -l)" 0
}

@test "protected: in a frame of another site, with cookies of third parties blocked, and not by the same address later" {
	player_recording framed
	admin tenant set ACME --protected on
	bbb updateRecordings "recordID=$internal&protect=true"
	answers 200 SUCCESS
	player_track
	sql "update b3lb.record set download = true"
	bbb getRecordings "meetingID=framed"
	url=$(x '//format[1]/url')
	rm -rf "$H/profile"
	seen=$(cd "$H/browser" && HOME=$H timeout 100 node frame.js "$url" "$H/profile")
	echo "$seen"
	is "$(saw '[.slide, .width, .chat, .caption, .download, .complaints]')" '["slide-2.png",320,["Ada","Bob"],"Jetzt die zweite",206,[]]'
	sql "update b3lb.record_ticket set used_at = now() - interval '1 hour'"
	is "$(curl -sS -o /dev/null -w '%{http_code}' "$url")" 404
	sql "update b3lb.record_session set expires_at = now()"
	is "$(curl -sS -o /dev/null -w '%{http_code}' "$(saw .address | tr -d '"')")" 404
}
