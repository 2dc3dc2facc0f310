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
	bbb create "meetingID=$(enc "room $EVIL")&name=$(enc " Biology  $EVIL")"
	answers 200
	sql "insert into b3lb.record_set (secret_id, tenant_id, record_id, meeting_id, name, status, ended_at, marks, start_time, end_time, render_error, render_tries, nonce, archive_key, archive_size)
		select s.id, s.tenant_id, repeat('a', 40) || '-1700000000000', 'r1', 'Chemistry $(sed "s/'/''/g" <<<"$EVIL")', 'FAILED', now(), true, 1700000000000, 1700003600000, 'no video $(sed "s/'/''/g" <<<"$EVIL")', 3, 'n1', 'a1', 1000
		from b3lb.secret s join b3lb.tenant t on t.id = s.tenant_id where t.slug = 'acme' and s.sub_id = 0"
	sql "insert into b3lb.record (record_set_id, profile, type, kind, size, mime, extension, storage_key)
		select id, 'slides', 'presentation', 'player', 1, 'x/y', 'tar', 'p1' from b3lb.record_set"
	sql "insert into b3lb.callback (secret_id, kind, url, state, attempts, error, created_at, finished_at)
		select s.id, 'end', '$(sink_url told)', 'failed', 9, 'HTTP status 500 $(sed "s/'/''/g" <<<"$EVIL")', now() - interval '1 hour', now()
		from b3lb.secret s join b3lb.tenant t on t.id = s.tenant_id where t.slug = 'acme' and s.sub_id = 0"
	sql "insert into b3lb.hook (secret_id, callback_url, meeting_id, events, failing_since, error)
		select s.id, 'https://lms.example/hook', v.e, array[v.e], now() - interval '1 hour', v.e
		from b3lb.secret s join b3lb.tenant t on t.id = s.tenant_id, (values ('$(sed "s/'/''/g" <<<"$EVIL")')) v (e) where t.slug = 'acme' and s.sub_id = 0"
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
	HOME=$H timeout 300 node console.js "http://$H_DOMAIN:$H_PORT/b3lb/admin/" "$H/profile" "$shots" "$(jq -nc --arg node "$node" --arg id "$id" --arg address "http://127.0.0.1:$H_SIM_PORT/n1" \
		--arg sim "http://127.0.0.1:$H_SIM_PORT/_sim/$node/users?meetingID=$id" --arg recording "$(sql "select record_id from b3lb.record_set")" \
		'{name: "anna", password: "correct horse anna", node: $node, meeting: $id, sim: $sim, recording: $recording, address: $address, host: "127.0.0.1", drawers: {node: "#/nodes/\($node)", "node-new": "#/nodes/new", meeting: "#/meetings/\($id)",
			"tenant-new": "#/tenants/new", tenant: "#/tenants/ACME", secrets: "#/tenants/ACME/secrets", parameters: "#/tenants/ACME/parameters", branding: "#/tenants/ACME/branding", hooks: "#/tenants/ACME/hooks", cluster: "#/clusters/main"}}')" >"$H/answer" || failed=1
	touch "$H/seen"
	wait "$polls"
	seen=$(cat "$H/answer")
	echo "$seen"
	[ -z "${failed:-}" ]
	is "$(jq -c '[.axe, .violations, .complaints, .foreign, .sideways, .hacked]' <<<"$seen")" '[{},[],[],[],{},false]'
	is "$(jq -r .refused <<<"$seen")" "name or password is wrong"
	is "$(jq -c .steps <<<"$seen")" '["many","drained","crowd","ended","maintenance","enabled","added","removed","rendered anew","told anew","came back","tomorrow"]'
	is "$(jq -c '[.typed, .wrong, .kept > 0, .nearby, .dead]' <<<"$seen")" '["3","weight",true,true,0]'
	# With its clock ahead the browser still knows how long a session is good.
	is "$(jq -c '[.wait > 3000000, .dialogs, .week]' <<<"$seen")" '[true,1,[["7","5"]]]'
	is "$(sql "select state from b3lb.node where slug = '$node'")" enabled
	is "$(sql 'select count(*) from b3lb.meeting')" 0
	is "$(sql 'select status from b3lb.record_set')" UPLOADED
	job callbacks
	is "$(sql 'select state from b3lb.callback')" delivered
	[ "$(sink told | jq length)" = 1 ]
	# What was done stands in the audit.
	is "$(sql "select count(*) from b3lb.audit where actor = 'anna' and object in ('node', 'meeting', 'recording', 'callback')" | awk '{print ($1 >= 5)}')" 1
}

# A month's sessions, so that there is a bill; who else may look at it; files to be uploaded.
month() {
	sql "insert into b3lb.usage_month (month, tenant, sub_id, meetings, meeting_seconds, attendee_seconds, peak_meetings, peak_attendees, joined, refused)
		select b3lb.month_of(now(), 'UTC'), t, s, n * 10, n * 3600, n * 123456, n, n * 7, n * 30, n - 1
		from (values ('acme', 0, 3), ('acme', 5, 2), ('beta', 0, 1), ('acme', -1, 4)) v (t, s, n)"
	account_add gil admin --tenant ACME
	printf '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="20" onload="top.hacked=1"><script>top.hacked=1</script><rect width="60" height="20" fill="#36c"/></svg>' >"$H/logo.svg"
	jq -nc '{b3lb_state: 1, tenants: [{slug: "IMPO", group: "all", description: "<b>from a file</b>", secrets: [{sub_id: 0}]}]}' >"$H/state.json"
}

@test "a tenant in the console, from the form to the bill" {
	month
	admin group add gone
	admin tenant add GONE --group gone
	admin secret add GONE >/dev/null
	sql "insert into b3lb.record_set (secret_id, tenant_id, record_id, meeting_id, name, status) select s.id, s.tenant_id, 'r7', 'm', 'M', 'RENDERED'
		from b3lb.secret s join b3lb.tenant t on t.id = s.tenant_id where t.slug = 'gone'"
	sql "insert into b3lb.hook (secret_id, callback_url) select s.id, 'https://lms.example/hook' from b3lb.secret s
		join b3lb.tenant t on t.id = s.tenant_id where t.slug in ('acme', 'beta') and s.sub_id = 0"
	shots=${B3LB_SHOTS:-$H/shots}
	mkdir -p "$shots"
	cd "$H/browser"
	HOME=$H timeout 200 node console_manage.js "http://$H_DOMAIN:$H_PORT/b3lb/admin/" "$H/profile2" "$shots" \
		"$(jq -nc --arg files "$H" --arg evil "$EVIL" '{admin: "anna", viewer: "vera", bound: "gil", files: $files, evil: $evil}')" >"$H/answer" || failed=1
	seen=$(cat "$H/answer")
	echo "$seen"
	[ -z "${failed:-}" ]
	is "$(jq -c '[.axe, .violations, .complaints, .foreign, .hacked]' <<<"$seen")" '[{},[],[],[],false]'
	# A secret is good from the moment it is shown until it is taken away, the old one beside the new one.
	is "$(jq -c .steps <<<"$seen")" '["made","SUCCESS","FAILED","rolled","SUCCESS","SUCCESS","finished","FAILED","SUCCESS","logo","rule","webhook","removed"]'
	is "$(sql "select status from b3lb.record_set where record_id = 'r7' and tenant_id is null")" DELETING
	is "$(jq -c .mate <<<"$seen")" "[true,true]"
	[[ "$(jq -r .days <<<"$seen")" == *"from=2026-01-29T15%3A00%3A00Z&to=2026-01-31T15%3A00%3A00Z" ]]
	is "$(jq -c '[.dry, .applied, .left, .factor, .token, .others]' <<<"$seen")" "[0,1,false,true,200,0]"
	is "$(sql "select string_agg(s.sub_id::text, ' ' order by s.sub_id) from b3lb.secret s join b3lb.tenant t on t.id = s.tenant_id where t.slug = 'newt'")" "0 1 2 3"
	is "$(sql "select t.description from b3lb.tenant t where t.slug = 'newt'")" "$EVIL"
	is "$(sql "select p.mode || ' ' || p.value from b3lb.parameter p join b3lb.tenant t on t.id = p.tenant_id where t.slug = 'newt' and p.name = 'duration'")" "max 120"
	is "$(sql "select a.type from b3lb.asset a join b3lb.tenant t on t.id = a.tenant_id where t.slug = 'newt' and a.kind = 'logo'")" image/svg+xml
	# The bill says the same on the screen, in the file and in the database.
	is "$(jq -r '.csv' <<<"$seen" | tr -d '\r' | sed 1d | cut -d, -f2,5,7)" "$(sql "select string_agg(upper(tenant) || ',' || m || ',' || p, E'\n' order by tenant) from
		(select tenant, sum(meetings) m, round(sum(attendee_seconds) / 60.0) p from b3lb.usage_month where sub_id >= 0 group by 1) x")"
	is "$(jq -r '.usage[]' <<<"$seen" | tr -d ,)" "$(sql "select string_agg(upper(tenant) || ' ' || p || ' ' || m, E'\n' order by tenant) from
		(select tenant, sum(meetings) m, round(sum(attendee_seconds) / 60.0) p from b3lb.usage_month where sub_id >= 0 group by 1) x")"
	# Who only looks is offered nothing else; who is bound to a tenant sees that one.
	is "$(jq -c '.sees.vera | [.screens, ."#/tenants", ."#/tenants/ACME", ."#/tenants/ACME/secrets", ."#/tenants/ACME/branding", ."#/access"]' <<<"$seen")" \
		'[["Overview","Nodes","Meetings","Recordings","Callbacks","Requests","Tenants","Clusters and groups","Video profiles","Configuration","Usage","Health","Audit"],[],[],[],[],["There is no such page"]]'
	is "$(jq -c '.sees.gil | [.screens, ."#/tenants", ."#/tenants/ACME", ."#/tenants/ACME/branding", ."#/access"]' <<<"$seen")" \
		'[["Overview","Meetings","Recordings","Callbacks","Requests","Tenants","Usage","Audit"],[],["Edit"],["Upload","Upload","Upload"],["There is no such page"]]'
	is "$(jq -c '.sees.gil."#/tenants/ACME/secrets" | unique' <<<"$seen")" '["Edit","Roll","Show"]'
	is "$(jq -r '.sees.gil."#/tenants/NEWT"[1]' <<<"$seen")" "there is nothing here"
	# Each look at a secret is written down, and none of them stands there.
	is "$(sql "select count(*) from b3lb.audit where actor = 'anna' and name = 'NEWT-0' and changes = 'shown'" | awk '{print ($1 >= 1)}')" 1
	is "$(sql "select count(*) from b3lb.audit where changes like '%$(jq -r .secret <<<"$seen")%'")" 0
}
