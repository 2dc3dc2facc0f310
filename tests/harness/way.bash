# The way of a recording, from create to the browser and away. To be sourced after harness.bash and recording.bash.

WAY_VIDEO=$B3LB_PREFIX/way-video.m4v

# A minute of a video that no player fetches as a whole, made once.
way_video() {
	[ -s "$WAY_VIDEO" ] || {
		ffmpeg -v error -y -f lavfi -i testsrc2=size=640x360:rate=10 -f lavfi -i sine -t 60 -c:v libx264 -preset ultrafast -qp 4 -g 20 \
			-pix_fmt yuv420p -c:a aac -f mp4 "$WAY_VIDEO.$$" </dev/null && mv "$WAY_VIDEO.$$" "$WAY_VIDEO"
	}
}

# Directories and limits that the jobs need.
way_conf() {
	mkdir -p -m 777 "$H/render"
	printf '%s\n' "render_path = $H/render" "record_free_min = 1" >>"$H/b3lb.conf"
}

way_browser() {
	local name
	name=browser-$(cat "$B3LB_SOURCE"/tests/browser/package*.json | cksum | cut -d' ' -f1)
	h_once "$name" way_packages
	mkdir -p "$H/browser"
	cp "$B3LB_SOURCE"/tests/browser/* "$H/browser/"
	ln -s "$B3LB_PREFIX/made-$name/node_modules" "$H/browser/"
}
way_packages() {
	mkdir -p "$1" && cp "$B3LB_SOURCE"/tests/browser/package*.json "$1/" && cd "$1" &&
		npm ci --silent --no-audit --no-fund --omit=optional
}

# What the node's own script does after a recording is published: way_push RECORD_ID NONCE NODE_ID
way_push() {
	rec_node_conf
	rm -rf "$H/published" "$H/queue"
	REC_VIDEO=$WAY_VIDEO rec_publish "$H/published" "$1" "$2" "$3"
	B3LB_NODE_CONF=$H/node.conf "$B3LB_SOURCE/node/b3lb-push" enqueue "$1"
	B3LB_NODE_CONF=$H/node.conf "$B3LB_SOURCE/node/b3lb-push" run
}

# Chromium's video element at that URL: way_watch URL; the answer is in $seen.
way_watch() {
	rm -rf "$H/profile"
	seen=$(cd "$H/browser" && HOME=$H timeout 100 node seek.js "$1" "$H/profile" 55 10 30)
	echo "$seen"
	is "$(jq -c '[.duration, .width, .at]' <<<"$seen")" '[60,640,[55,10,30]]'
	# It read parts, not the whole; or was sent elsewhere for them.
	is "$(jq -c '.statuses' <<<"$seen")" "[${WAY_STATUS:-206}]"
}

way_whole() {
	local url told
	told=$(sink ready | jq length)
	bbb create "meetingID=way&name=The+whole+%C3%9Cbung&record=true&meta_bbb-recording-ready-url=$(enc "$(sink_url ready)")&moderatorPW=mp"
	answers 200
	internal=$(x /response/internalMeetingID)
	nonce=$(sql "select nonce from b3lb.record_set where record_id = '$internal'")
	node_id=$(sql "select node_meeting_id from b3lb.meeting where internal_id = '$internal'")
	bbb end "meetingID=way&password=mp"
	answers 200

	bbb getRecordings "meetingID=way"
	answers 200 SUCCESS noRecordings
	way_push "$internal" "$nonce" "$node_id"
	bbb getRecordings "meetingID=way&state=processing"
	is "$(x //recording/recordID)" "$internal"
	job render
	job callbacks
	is "$(sink ready | jq length)" $((told + 1))

	bbb getRecordings "meetingID=way"
	is "$(x //recording/recordID) $(x //recording/state) $(x //recording/meetingID)" "$internal published way"
	is "$(x //playback/format/length)" 1
	url=$(x //playback/format/url)
	way_watch "$url"

	bbb publishRecordings "recordID=$internal&publish=false"
	is "$(curl -sS -o /dev/null -w '%{http_code}' -L "$url")" 404
	bbb publishRecordings "recordID=$internal&publish=true"
	is "$(curl -sS -o "$H/whole.mp4" -w '%{http_code}' -L "$url")" 200
	is "$(stat -c %s "$H/whole.mp4")" "$(sql "select size from b3lb.record")"

	bbb deleteRecordings "recordID=$internal"
	is "$(curl -sS -o /dev/null -w '%{http_code}' -L "$url")" 404
	job cleanup
	is "$(sql 'select (select count(*) from b3lb.record_set) + (select count(*) from b3lb.record)')" 0
	bbb getRecordings "state=any"
	answers 200 SUCCESS noRecordings
}
