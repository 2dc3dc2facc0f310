# The whole way of a recording through the real programs: node, upload, video, list, browser, and away.
# fronts: all
load ../harness/harness.bash
load ../harness/recording.bash
load ../harness/way.bash

setup_file() {
	# Chromium takes names below localhost for this machine without any DNS.
	h_start 1
	way_conf
	way_video
	way_browser
}
teardown_file() { h_stop; }

@test "create, end, push, render, list, seek in Chromium, unpublish, delete: neither row nor file is left" {
	way_whole
	is "$(find "$H/recordings" -type f | wc -l)" 0
}
