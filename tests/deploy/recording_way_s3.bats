# The whole way of a recording whose bytes are in S3, through us and by a presigned URL.
load ../harness/harness.bash
load ../harness/recording.bash
load ../harness/s3.bash
load ../harness/way.bash

setup_file() {
	h_start 1
	s3_start
	way_conf
	s3_conf >>"$H/b3lb.conf"
	way_video
	way_browser
}
teardown_file() { h_stop; }
setup() { h_reset; }

# deliver proxy|redirect
deliver() {
	sed -i '/^s3_delivery/d' "$H/b3lb.conf"
	echo "s3_delivery = $1" >>"$H/b3lb.conf"
	h_programs_stop
	h_programs_start
}

in_bucket() {
	curl -fsS --aws-sigv4 aws:amz:us-east-1:s3 --user "$S3_ACCESS:$S3_SECRET" -H "x-amz-content-sha256: UNSIGNED-PAYLOAD" "$S3_URL/$S3_BUCKET" |
		grep -o '<Key>' | wc -l
}

@test "through us" {
	deliver proxy
	way_whole
	is "$(in_bucket)" 0
}

@test "by a presigned URL" {
	deliver redirect
	WAY_STATUS=302 way_whole
	is "$(in_bucket)" 0
}

@test "HEAD is answered here, and what S3 has lost is 404" {
	deliver redirect
	bbb create "meetingID=head&name=Head&record=true"
	internal=$(x /response/internalMeetingID)
	way_push "$internal" "$(sql "select nonce from b3lb.record_set where record_id = '$internal'")" \
		"$(sql "select node_meeting_id from b3lb.meeting where internal_id = '$internal'")"
	job render
	bbb getRecordings ""
	path=/b3lb/r/$(sql "select nonce from b3lb.record")
	ask "$H_DOMAIN" "$path" -I
	is "$status $(header Content-Length) $(header Content-Type)" "200 $(sql "select size from b3lb.record") video/mp4"
	ask "$H_DOMAIN" "$path"
	is "$status" 302
	[[ "$(header Location)" == "$S3_URL/"*X-Amz-Signature* ]]
	ask "$H_DOMAIN" "$path" -H "Range: bytes=999999999999-"
	is "$status" 416
	for delivery in redirect proxy; do
		deliver $delivery
		sql "update b3lb.record set storage_key = md5(random()::text)"
		ask "$H_DOMAIN" "$path"
		is "$status" 404
	done
}
