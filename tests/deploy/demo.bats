# ./demo as people start it: what it prints answers, the lesson plays, and Ctrl-C leaves nothing behind.
load ../harness/harness.bash
bats_require_minimum_version 1.5.0

teardown() {
	[ -z "${pid:-}" ] || kill -TERM "$pid" 2>/dev/null || true
	[ -z "${pid:-}" ] || wait "$pid" || true
}

# The first URL that it prints with this in it.
printed() { grep -o 'http://[^" ]*'"$1"'[^" ]*' "$said" | head -1; }
# Programs that have the directory in their command line, and what listens on the port.
left() {
	pgrep -f "$dir" || true
	ss -Hltn "sport = :$port"
}

@test "./demo: the API, the console and the lesson in the player answer; SIGINT ends all that it started" {
	said=$BATS_TEST_TMPDIR/said
	env -u H "$B3LB_SOURCE/demo" </dev/null >"$said" 2>&1 3>&- 4>&- &
	pid=$!
	H_PATIENCE=90 h_wait grep -q "^Ctrl-C stops all" "$said" || { cat "$said"; false; }
	dir=$(sed -n 's/.*--config \(.*\)\/b3lb.conf status$/\1/p' "$said")
	port=$(printed /bigbluebutton/ | sed 's/.*:\([0-9]*\)\/.*/\1/')
	[ -d "$dir" ]
	[ -n "$(left)" ]
	# curl -i "..." as it stands there, create first.
	while read -r call want; do
		run -0 curl -sS -o "$BATS_TEST_TMPDIR/answer" -w '%{http_code} %{redirect_url}' "$(printed "api/$call")"
		[[ $output == $want ]] || { echo "$call: $output"; false; }
	done <<-TABLE
		create? 200*
		getMeetings? 200*
		join? 302*bigbluebutton/api/join*
		end? 200*
	TABLE
	grep -q "<returncode>SUCCESS" "$BATS_TEST_TMPDIR/answer"
	is "$(curl -sS -o /dev/null -w '%{http_code}' "$(printed /b3lb/admin/)")" 200
	page=$(printed /b3lb/p/)
	is "$(curl -fsS "$page" | sed -n 's/.*<title>\(.*\)<.title>.*/\1/p')" "Lesson &amp; More"
	is "$(curl -fsS --compressed "${page}timeline.json" | jq -c '[.duration, (.slides | length), (.chat | length)]')" '[20,2,2]'
	is "$(curl -fsS -r 0-3 "${page}f/video/webcams.webm" | xxd -p)" 1a45dfa3
	kill -INT "$pid"
	wait "$pid"
	pid=
	[ ! -e "$dir" ]
	is "$(left)" ""
}
