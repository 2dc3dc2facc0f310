# The way of a presentation into the player and away. To be sourced after harness.bash, recording.bash, presentation.bash, way.bash.

# What the node's own script does after it has published a presentation: player_push RECORD_ID NONCE NODE_ID
player_push() {
	rec_node_conf
	rm -rf "$H/published" "$H/queue"
	pres_publish "$H/published" "$1" "$2" "$3"
	B3LB_NODE_CONF=$H/node.conf "$B3LB_SOURCE/node/b3lb-push" enqueue "$1"
	B3LB_NODE_CONF=$H/node.conf "$B3LB_SOURCE/node/b3lb-push" run
}

# The video beside it is not what these tests are about: a small one.
player_small() { admin profile set presentation --width 480 --height 320 --fps 5 --speed ultrafast; }

# A recorded meeting whose presentation has arrived and is shown: player_recording ID; leaves $internal, $page and $nonce of the player.
player_recording() {
	bbb create "meetingID=$1&name=Lesson&record=true&moderatorPW=mp${2:+&$2}"
	internal=$(x /response/internalMeetingID)
	player_push "$internal" "$(sql "select nonce from b3lb.record_set where record_id = '$internal'")" \
		"$(sql "select node_meeting_id from b3lb.meeting where internal_id = '$internal'")"
	job render
	nonce=$(sql "select p.nonce from b3lb.record p join b3lb.record_set r on r.id = p.record_set_id where r.record_id = '$internal' and p.kind = 'player'")
	page=/b3lb/p/$nonce/
}

# Subtitles for $internal, as a platform sends them.
player_track() {
	printf '1\n00:00:09,000 --> 00:00:11,000\nJetzt die zweite\n' >"$BATS_TEST_TMPDIR/t.srt"
	ask "acme.$H_DOMAIN" "$(signed putRecordingTextTrack "recordID=$internal&kind=subtitles&lang=de&label=Deutsch")" -F "file=@$BATS_TEST_TMPDIR/t.srt"
	is "$(jq -r .response.messageKey <<<"$output")" upload_text_track_success
}

# Chromium: player_watch URL; what it saw is in $seen, screenshots in $shots.
player_watch() {
	shots=${B3LB_SHOTS:-$H/shots}
	mkdir -p "$shots"
	rm -rf "$H/profile"
	seen=$(cd "$H/browser" && HOME=$H timeout 200 node player.js "$1" "$H/profile" "$shots")
	echo "$seen"
}
saw() { jq -c "$1" <<<"$seen"; }

player_check() {
	is "$(saw '[.violations, .complaints, .foreign]')" '[[],[],[]]'
	# The page itself asks for all that the first picture needs.
	is "$(saw .late)" '[]'
	is "$(saw .title)" '"Lesson & More"'
	is "$(saw '.first | [.slide, .view, .paths, .texts, .chat, .share, .message]')" '["slide-1.png","0 0 1600 900",[],[],[],false,""]'
	is "$(saw '.drawn | [.slide, .paths, .texts, .pointer, .chat]')" '["slide-1.png",["100 100 to 500 150"],["Hello & welcome"],true,["Ada"]]'
	is "$(saw '.zoomed | [.view, .pointer]')" '["0 0 800 450",false]'
	is "$(saw '.second | [.slide, .view, .paths, .texts, .chat, .share]')" '["slide-2.png","0 0 1600 900",[],[],["Ada","Bob"],false]'
	is "$(saw '.share | [.slide, .share, .shareAt, .shareWidth, .mainWidth]')" '["slide-2.png",true,13,640,320]'
	is "$(saw '.back | [.slide, .paths, .share, .chat]')" '["slide-1.png",["100 100 to 300 200"],false,[]]'
	is "$(saw '.playing.playing')" true
	is "$(saw '[.thumb.slide, .thumb.time]')" '["slide-2.png",8]'
	is "$(saw '[.message.time, .message.caption]')" '[9,"Now the second slide"]'
	is "$(saw '[.tracks[1:], .uploaded.caption]')" '[["de Deutsch"],"Jetzt die zweite"]'
	is "$(saw .found)" '["0:08Slide: Tides and the moon"]'
	is "$(saw .tabs)" '["Slides","Chat","Search","Notes","Polls"]'
	is "$(saw '[.half.time, .asked.time, .asked.slide]')" '[10,9,"slide-2.png"]'
	is "$(saw '[.phone.wide <= 390, .phone.time]')" '[true,4]'
	# Parts of the media, and what it knows already: never the whole.
	is "$(saw '.statuses - [206, 304]')" '[]'
}
