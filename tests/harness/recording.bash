# Recordings as a node publishes them. To be sourced after harness.bash.

REC_VIDEO=$B3LB_PREFIX/rec-video.m4v

# A short real video, made once: 3 seconds, moov atom at the end as the scripts leave it.
rec_video() {
	[ -s "$REC_VIDEO" ] || {
		ffmpeg -v error -y -f lavfi -i testsrc=size=160x120:rate=10 -f lavfi -i sine -t 3 -c:v libx264 -pix_fmt yuv420p -c:a aac \
			-f mp4 "$REC_VIDEO.$$" </dev/null && mv "$REC_VIDEO.$$" "$REC_VIDEO"
	}
}

# Configuration for the node's own script: it sends what is in $H/published, at once.
rec_node_conf() {
	cat >"$H/node.conf" <<-CONF
		B3LB_URL=http://$H_DOMAIN:$H_PORT
		PUBLISHED=$H/published
		QUEUE=$H/queue
		SETTLE=0
	CONF
}

# h_start, with a place to render in, a disk that is never too full, and the video: rec_start NODES [configuration lines...]
rec_start() {
	h_start "$@" "record_free_min = 1"
	mkdir -p -m 777 "$H/render"
	printf '%s\n' "render_path = $H/render" >>"$H/b3lb.conf"
	rec_video
}

# A recorded meeting: rec_meeting ID; leaves $nonce, $internal and the node's own id of it, $node_id.
rec_meeting() {
	bbb create "meetingID=$1&name=Lesson+$1&record=true${2:+&$2}"
	internal=$(x /response/internalMeetingID)
	nonce=$(sql "select nonce from b3lb.record_set where record_id = '$internal'")
	node_id=$(sql "select node_meeting_id from b3lb.meeting where internal_id = '$internal'")
}

# metadata.xml of RECORD_ID below DIRECTORY: rec_meta DIRECTORY RECORD_ID [NONCE] [breakout] [external id]
rec_meta() {
	mkdir -p "$1"
	cat >"$1/metadata.xml" <<-XML
		<?xml version="1.0" encoding="UTF-8"?>
		<recording>
		  <id>$2</id>
		  <state>published</state>
		  <published>true</published>
		  <start_time>1699343312797</start_time>
		  <end_time>1699343372797</end_time>
		  <participants>3</participants>
		  <meeting id="$2" externalId="${5:-b3lb-node-id}" name="Lesson &amp; More" breakout="${4:-false}"/>
		  <meta>
		    <b3lb-recordset>${3:-}</b3lb-recordset>
		    <endcallbackurl>http://ours.test/b3lb/b/callback/end?nonce=1</endcallbackurl>
		    <server-tag>gpu</server-tag>
		    <gl-listed>true</gl-listed>
		    <meetingId>${5:-b3lb-node-id}</meetingId>
		    <meetingName>Lesson &amp; More</meetingName>
		    <isBreakout>${4:-false}</isBreakout>
		  </meta>
		  <playback><format>video</format><duration>3000</duration></playback>
		  <raw_size>4711</raw_size>
		</recording>
	XML
}

# What a node publishes, below DIRECTORY: rec_publish DIRECTORY RECORD_ID [NONCE] [EXTERNAL]
rec_publish() {
	rec_meta "$1/video/$2" "$2" "${3:-}" false "${4:-}"
	cp "$REC_VIDEO" "$1/video/$2/video-0.m4v"
	rec_meta "$1/presentation/$2" "$2" "${3:-}" false "${4:-}"
	mkdir -p "$1/presentation/$2/deskshare"
	echo "<xml/>" >"$1/presentation/$2/shapes.svg"
}

# The same as an archive: rec_tar FILE.tar RECORD_ID [NONCE] [EXTERNAL]; its metadata goes beside it.
rec_tar() {
	local dir=$1.d
	rm -rf "$dir"
	rec_publish "$dir" "$2" "${3:-}" "${4:-}"
	cp "$dir/video/$2/metadata.xml" "$1.xml"
	tar -C "$dir" -cf "$1" video presentation
	rm -rf "$dir"
}

# Sends an archive: upload NONCE FILE.tar [curl options]
upload() {
	local nonce=$1 file=$2
	shift 2
	ask "$H_DOMAIN" "/b3lb/b/recording/upload?nonce=$nonce" -F "meta=@$file.xml" -F "file=@$file" "$@"
}

# Files in the local store: finished, and those that are being written.
stored() { find "$H/recordings" -type f -not -path "$H/recordings/tmp/*" -not -path "$H/recordings/lost/*" | wc -l; }
lost() { find "$H/recordings/lost" -type f 2>/dev/null | wc -l; }
# Everything in the store and what renderers left, so much older: age_files "25 hours"
age_files() {
	local seconds=$(($(date +%s) - $(date -d "$1 ago" +%s))) f
	find "$H/recordings" "$H/render" -mindepth 1 -depth -print0 | while IFS= read -r -d '' f; do
		touch -h -d "@$(($(stat -c %Y "$f") - seconds))" "$f"
	done
}
unfinished() { find "$H/recordings/tmp" -type f 2>/dev/null | wc -l; }

# An archive of so many MiB that was never a file: its head, then zeros. Sent as a form with a known length.
big_form() {
	local mib=$1 dir=$BATS_TEST_TMPDIR
	rec_tar "$dir/a.tar" "$internal" "$nonce" "$node_id"
	truncate -s "${mib}M" "$dir/deskshare.webm"
	tar -C "$dir" -cf "$dir/big.tar" deskshare.webm
	cp "$dir/a.tar.xml" "$dir/big.tar.xml"
	rm "$dir/deskshare.webm"
}
