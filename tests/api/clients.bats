# Real client libraries.
load ../harness/harness.bash
setup_file() {
	# These programs resolve names by themselves: localhost is the one that needs no DNS.
	export H_DOMAIN=localhost
	h_start 2
	admin tenant set ACME --error-status bbb
	cp "$B3LB_SOURCE"/tests/clients/* "$H/"
	(cd "$H" && npm ci --silent --no-audit --no-fund)
}
teardown_file() { h_stop; }
setup() { base=http://localhost:$H_PORT/b3lb/t/acme/bbb; }

@test "bigbluebutton-js: create, list, running, info, join, end, notFound, checksumError" {
	run -0 node "$H/bbbjs.js" "$base" "$ACME_SECRET"
	step() { jq -r "select(.step == \"$1\") | $2" <<<"$output"; }
	is "$(step create '.returncode + " " + .meetingID')" "SUCCESS js room"
	is "$(step list '.meetings[0].meetingName')" "Übung &amp; more"
	is "$(step running '.running')" false
	is "$(step info '.meetingID')" "js room"
	is "$(step end '.messageKey')" sentEndMeetingRequest
	is "$(step none '.messageKey')" notFound
	is "$(step wrong '.messageKey')" checksumError
}

@test "the join URL of bigbluebutton-js leads into the meeting" {
	bbb create "meetingID=js+room&name=Room"
	run -0 node -e "
		const api = require('$H/node_modules/bigbluebutton-js').api('$base', '$ACME_SECRET');
		console.log(api.administration.join('Jörg +1', 'js room', 'x', { role: 'VIEWER' }));"
	is "$(curl -sS -o /dev/null -w '%{http_code} %{redirect_url}' "$output" | grep -c '^302 http://127.0.0.1:.*/bigbluebutton/api/join')" 1
	bbb end "meetingID=js+room"
}

# A name that every encoding writes in another way, with a character that is taken out of it only once the checksum is right.
NAME=$'O\'Neil & \vSöhne (1) *~! +50%'

@test "a JavaScript client that signs sorted parameters and sends them through axios" {
	run -0 node "$H/sorted.js" "$base" "$ACME_SECRET" "$NAME"
	[[ "${lines[0]}" == *SUCCESS* ]]
	is "$(curl -sS -o /dev/null -w '%{http_code}' "${lines[-1]}")" 302
	is "$(sql "select name from b3lb.meeting where meeting_id = 'sorted js'")" "${NAME//$'\v'/}"
}

@test "a Python client that signs sorted parameters and sends them through requests" {
	run -0 /usr/bin/python3 "$H/sorted.py" "$base" "$ACME_SECRET" "$NAME"
	[[ "${lines[0]}" == *SUCCESS* ]]
	is "$(curl -sS -o /dev/null -w '%{http_code}' "${lines[-1]}")" 302
	is "$(sql "select name from b3lb.meeting where meeting_id = 'sorted py'")" "${NAME//$'\v'/}"
}
