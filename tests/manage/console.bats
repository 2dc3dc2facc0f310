# The console in Chromium, as an operator would use it: signed in, looked at, a node drained by keys alone, mended, interrupted.
load ../harness/harness.bash
load ../harness/way.bash
load manage.bash

EVIL='<img src=x onerror="window.hacked=1"><b>&amp;"${1}`'"'"

setup_file() {
	# Chromium takes names below localhost for this machine without any DNS.
	h_start 2
	way_browser
	account_add anna admin
}
teardown_file() { h_stop; }

# A recording that could not be rendered, a callback that was given up, a refused create; each with names that are markup.
trouble() {
	admin tenant set ACME --description "$EVIL"
	sql "update b3lb.node set error = 'was away $(sed "s/'/''/g" <<<"$EVIL")' where slug = 'n2'"
	bbb create "meetingID=$(enc "room $EVIL")&name=$(enc "Biology $EVIL")"
	answers 200
	sql "insert into b3lb.record_set (secret_id, tenant_id, record_id, meeting_id, name, status, ended_at, marks, start_time, end_time, render_error, render_tries, nonce)
		select s.id, s.tenant_id, repeat('a', 40) || '-1700000000000', 'r1', 'Chemistry $(sed "s/'/''/g" <<<"$EVIL")', 'FAILED', now(), true, 1700000000000, 1700003600000, 'no video $(sed "s/'/''/g" <<<"$EVIL")', 3, 'n1'
		from b3lb.secret s join b3lb.tenant t on t.id = s.tenant_id where t.slug = 'acme' and s.sub_id = 0"
	sql "insert into b3lb.callback (secret_id, kind, url, host, state, attempts, error, created_at, finished_at)
		select s.id, 'end', '$(sink_url told)', 'lms.example', 'failed', 9, 'HTTP status 500 $(sed "s/'/''/g" <<<"$EVIL")', now() - interval '1 hour', now()
		from b3lb.secret s join b3lb.tenant t on t.id = s.tenant_id where t.slug = 'acme' and s.sub_id = 0"
	ask "acme.$H_DOMAIN" "/bigbluebutton/api/create?meetingID=$(enc "$EVIL")&checksum=0000"
}

@test "a day with the console" {
	trouble
	node=$(sql "select n.slug from b3lb.meeting m join b3lb.node n on n.id = m.node_id")
	id=$(sql "select node_meeting_id from b3lb.meeting")
	shots=${B3LB_SHOTS:-$H/shots}
	mkdir -p "$shots"
	while [ ! -e "$H/seen" ]; do
		job poll 2>/dev/null
		sleep 0.5
	done &
	polls=$!
	cd "$H/browser"
	HOME=$H timeout 300 node console.js "http://$H_DOMAIN:$H_PORT/b3lb/admin/" "$H/profile" "$shots" "$(jq -nc --arg node "$node" --arg id "$id" \
		'{name: "anna", password: "correct horse anna", node: $node, host: "lms.example", drawers: {node: "#/nodes/\($node)", "node-new": "#/nodes/new", meeting: "#/meetings/\($id)"}}')" >"$H/answer" || failed=1
	touch "$H/seen"
	wait "$polls"
	seen=$(cat "$H/answer")
	echo "$seen"
	[ -z "${failed:-}" ]
	is "$(jq -c '[.axe, .violations, .complaints, .foreign, .sideways, .hacked]' <<<"$seen")" '[{},[],[],[],{},false]'
	is "$(jq -r .refused <<<"$seen")" "name or password is wrong"
	is "$(jq -c .steps <<<"$seen")" '["drained","ended","maintenance","enabled","rendered anew","told anew","came back"]'
	is "$(jq -c '[.typed, .wrong, .kept > 0]' <<<"$seen")" '["3","weight",true]'
	is "$(sql "select state from b3lb.node where slug = '$node'")" enabled
	is "$(sql 'select count(*) from b3lb.meeting')" 0
	is "$(sql 'select status from b3lb.record_set')" UPLOADED
	job callbacks
	is "$(sql 'select state from b3lb.callback')" delivered
	[ "$(sink told | jq length)" = 1 ]
	# What was done stands in the audit.
	is "$(sql "select count(*) from b3lb.audit where actor = 'anna' and object in ('node', 'meeting', 'recording', 'callback')" | awk '{print ($1 >= 5)}')" 1
}
