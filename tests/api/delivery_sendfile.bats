# Videos by their URL, sent by the web server that we point to the file.
# fronts: all
load delivery.bash
setup_file() { delivery_start "sendfile = x-sendfile"; }
teardown_file() { h_stop; }
setup() { delivery_reset; }

@test "the whole file, and no path of ours" { whole_file; }
@test "a range is that part of the file" { ranges; }
@test "a range behind the end is 416 with the size" { unsatisfiable_range; }
@test "If-Range: the part only of the very same file" { if_range; }
@test "conditions: 304 and 412, before any range" { conditions; }
@test "HEAD has the headers of GET and knows no ranges" { head_request; }
@test "a name for the file, shown or saved" { download_name; }
@test "unpublished, being deleted, not made yet, not listed: 404" { not_public; }
@test "a file that is gone is 404, and the next one is served" { file_gone; }

@test "what we send ourselves is the head only" {
	fetched "$nonce" "$got"
	if [ -e "$H/recordings.log" ]; then [[ "$(tail -1 "$H/recordings.log")" == *"status=200 bytes=0"* ]]; fi
}

# Last: the programs stay as this starts them.
@test "what a program stores under the umask of its unit can be read by the web server" {
	mask=$(sed -n 's/^UMask=//p' "$B3LB_SOURCE/systemd/hardening.in")
	rm -rf "$H"/recordings/*
	h_front_stop
	(umask "$mask" && h_front_start)
	printf 'WEBVTT\n\n00:00.000 --> 00:01.000\nHello\n' >"$BATS_TEST_TMPDIR/t.vtt"
	ask "acme.$H_DOMAIN" "$(signed putRecordingTextTrack "recordID=rec-1&kind=subtitles&lang=de&label=D")" \
		-F "file=@$BATS_TEST_TMPDIR/t.vtt;type=text/vtt"
	is "$(jq -r .response.messageKey <<<"$output")" upload_text_track_success
	bbb getRecordingTextTracks "recordID=rec-1"
	href=$(jq -r '.response.tracks[0].href' <<<"$output")
	fetched "${href##*/}" "$got"
	is "$status" 200
	cmp "$got" "$BATS_TEST_TMPDIR/t.vtt"
}
