# The main job, through each web server.
# fronts: all
load ../harness/harness.bash
setup_file() { h_start 3; }
teardown_file() { h_stop; }
@test "create and join" {
	bbb create "meetingID=abc&name=Test+Meeting"
	answers 200 SUCCESS
	bbb join "meetingID=abc&fullName=Me&role=VIEWER"
	is "$status" 302
	bbb getMeetings ""
	echo "$output"
	answers 200
	bbb end "meetingID=abc"
	answers 200 SUCCESS sentEndMeetingRequest
	beta isMeetingRunning "meetingID=abc"
	is "$(x /response/running)" false
}
