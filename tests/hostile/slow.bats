# Who sends slowly holds no thread: of a body nobody may send, of a form that is not signed.
# fronts: all
load ../harness/harness.bash
load ../harness/recorded.bash
load ../harness/slow.bash

@test "forty bodies of a create without checksum, as a form and as XML" {
	drip 40 POST /bigbluebutton/api/create "acme.$H_DOMAIN" "Content-Type: application/x-www-form-urlencoded"
	others_are_served
	kill "$HOLDER"
	rm "$BATS_TEST_TMPDIR/held"
	drip 40 POST "/bigbluebutton/api/create?meetingID=a&checksum=0123456789012345678901234567890123456789" "acme.$H_DOMAIN" "Content-Type: text/xml"
	others_are_served
}

@test "forty bodies of somebody who has the secret" {
	drip 40 POST "$(signed create "meetingID=slow&name=Name")" "acme.$H_DOMAIN" "Content-Type: text/xml"
	others_are_served
}

@test "forty text tracks of a tenant, and one that is sent at once" {
	local form="Content-Type: multipart/form-data; boundary=x" q="recordID=rec-1&kind=captions&lang=de"
	recorded acme 0 rec-1 m1 Lecture
	START=$'--x\r\nContent-Disposition: form-data; name="file"; filename="t"\r\n\r\nWEBVTT\n' \
		drip 40 POST "$(signed putRecordingTextTrack "$q")" "acme.$H_DOMAIN" "$form"
	others_are_served
	printf 'WEBVTT\n' >"$BATS_TEST_TMPDIR/t.vtt"
	ask "acme.$H_DOMAIN" "$(signed putRecordingTextTrack "$q")" -F "file=@$BATS_TEST_TMPDIR/t.vtt"
	is "$(jq -r .response.messageKey <<<"$output")" upload_text_track_success
	head -c 10485761 /dev/zero >>"$BATS_TEST_TMPDIR/t.vtt"
	ask "acme.$H_DOMAIN" "$(signed putRecordingTextTrack "$q")" -F "file=@$BATS_TEST_TMPDIR/t.vtt"
	[[ "$output" == *"longer than 10485760 bytes"* ]]
}

@test "forty bodies for programs that take none" {
	local path
	for path in /b3lb/ping /b3lb/stats /b3lb/t/acme/logo /b3lb/r/00000000000000000000000000000000; do
		rm -f "$BATS_TEST_TMPDIR/held"
		drip 40 POST "$path" "$H_DOMAIN"
		others_are_served
		kill "$HOLDER"
	done
}
