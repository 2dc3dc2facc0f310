# The configuration by the management API: made, changed, removed; tags, dry runs, rules, and what is in use.
load ../harness/harness.bash
load manage.bash
export ADMIN_HOST=b3lb-admin.bbb.localhost
setup_file() {
	h_start 2 "admin_host = b3lb-admin.bbb.localhost"
	account_add anna admin
	sign_in anna
	admin tenant set ACME --description "Acme school"
}
teardown_file() { h_stop; }
# Of the last answer.
pointer() { jq -r '.errors[0].pointer' <<<"$output"; }
audited() { sql "select count(*) from b3lb.audit"; }

@test "a cluster: made, read, changed, removed; each change is told once in the audit" {
	call PUT clusters/big '{"load_a":2}'
	is "$status $(header location)" "201 /b3lb/admin/v1/clusters/big"
	is "$(jq -c '[.name, .load_a, .load_m, .sha]' <<<"$output")" '["big",2,0,"sha256"]'
	etag=$(header etag)
	is "$etag" "\"$(jq -r .etag <<<"$output")\""
	before=$(audited)
	call PUT clusters/big "$output"
	is "$status $(header etag) $(audited)" "200 $etag $before"
	get clusters/big
	is "$(jq -c .live.nodes <<<"$output")" '{}'
	call PATCH clusters/big '{"load_a":3}' -H "If-Match: $(header etag)"
	is "$status $(audited)" "200 $((before + 1))"
	is "$(sql "select actor || ' ' || via || ' ' || changes from b3lb.audit order by id desc limit 1")" "anna console cluster big: load_a 2 -> 3"
	call PATCH clusters/big '{"load_a":4}' -H "If-Match: $etag"
	is "$status $(jq -r .type <<<"$output")" "412 /b3lb/admin/v1/problems/stale"
	call PATCH clusters/big '{"load_a":4}' -H "If-Match: $(jq -r .current <<<"$output")"
	is "$status" 200
	call DELETE clusters/big
	is "$status" 204
	get clusters/big
	is "$status" 404
	call DELETE clusters/main
	is "$status $(jq -r .type <<<"$output")" "409 /b3lb/admin/v1/problems/conflict"
	[[ "$(jq -c .used_by <<<"$output")" == *"node n1"* ]]
}

@test "of two who change one state of an object one is told to look again" {
	get nodes/n1
	etag=$(header etag)
	for weight in 3 4; do
		curl -s -o /dev/null -w '%{http_code}\n' -X PATCH -H "Host: $ADMIN_HOST" -b "$(cat "$H/cookie")" -H "Sec-Fetch-Site: same-origin" -H "If-Match: $etag" \
			--json "{\"weight\":$weight}" "http://127.0.0.1:$H_PORT/b3lb/admin/v1/nodes/n1" >"$BATS_TEST_TMPDIR/$weight" &
		pids[weight]=$!
	done
	wait "${pids[@]}"
	is "$(sort "$BATS_TEST_TMPDIR/3" "$BATS_TEST_TMPDIR/4" | xargs)" "200 412"
	call PATCH nodes/n1 '{"weight":1}'
	is "$status" 200
}

@test "a dry run says what would become, and changes nothing" {
	admin state export >"$BATS_TEST_TMPDIR/before"
	before=$(audited)
	call PATCH "nodes/n1?dry_run=1" '{"weight":2}'
	is "$status $(jq -c . <<<"$output")" '200 {"dry_run":true,"changes":["node n1: weight 1 -> 2"]}'
	call DELETE "nodes/n2?dry_run=1"
	is "$status $(jq -c .changes <<<"$output")" '200 ["node n2: removed"]'
	call PUT "tenants/GAMMA?dry_run=1" '{"group":"all"}'
	is "$status $(jq -r '.changes[0]' <<<"$output")" "200 tenant GAMMA: added"
	post "tenants/ACME/secrets?dry_run=1" '{"from":7,"to":8}'
	is "$status $(jq -c .changes <<<"$output")" '200 ["tenant ACME, secret 7: added","tenant ACME, secret 8: added"]'
	call POST "state?dry_run=1" '{"b3lb_state":1,"clusters":[{"name":"other"}]}'
	is "$status $(jq -c '[.dry_run, .changes]' <<<"$output")" '200 [true,["cluster other: added"]]'
	admin state export | diff "$BATS_TEST_TMPDIR/before" -
	is "$(audited)" "$before"
}

@test "what breaks a rule is told with its field" {
	while IFS='|' read -r path body want; do
		call PUT "$path" "$body"
		is "$path $body: $status $(pointer)" "$path $body: $want"
		[ "$(jq -r '.errors[0].detail' <<<"$output")" != null ]
	done <<-TABLE
		nodes/n1|{"cluster":"main","url":"http://127.0.0.1/n1","weight":-1}|422 /weight
		nodes/n1|{"cluster":"main","url":"not a url"}|422 /url
		nodes/n1|{"cluster":"nowhere","url":"http://127.0.0.1/n1"}|422 /cluster
		nodes/n1|{"cluster":"main","url":"http://127.0.0.1/n1","colour":"red"}|422 /colour
		nodes/n9|{"url":"http://127.0.0.1/n1"}|422 /cluster
		tenants/BETA|{"group":"all","meeting_limit":"many"}|422 /meeting_limit
		tenants/BETA|{"group":"all","aliases":["bbb.localhost"]}|422 /aliases
		tenants/BETA|{"group":"all","aliases":["b3lb-admin.bbb.localhost"]}|422 /aliases
		tenants/BETA|{"group":"all","limit_mode":"never"}|422 /limit_mode
		tenants/BETA|{"group":"all","analytics_days":3651}|422 /analytics_days
		tenants/BETA|{"group":"all","lrs_endpoint":"http://lrs.example/","lrs_token":"t"}|422 /lrs_endpoint
		tenants/BETA|{"group":"all","lrs_endpoint":"https://lrs.example/"}|422 /lrs_endpoint
		tenants/BETA|{"group":"all","lrs_endpoint":"https://lrs.example/","lrs_user":"u"}|422 /lrs_endpoint
		tenants/BETA|{"group":"all","lrs_endpoint":"https://lrs.example/","lrs_user":"u","lrs_password":""}|422 /lrs_password
		tenants/BETA|{"group":"all","lrs_endpoint":"https://lrs.example/","lrs_user":"u","lrs_password":"p","lrs_token":"t"}|422 /lrs_token
		tenants/BETA/parameters/duration|{"mode":"max","value":"long"}|422 /value
		rules/duration|{"mode":"max","value":"long"}|422 /value
		tenants/BETA/secrets/5|{"meeting_limit":-1}|422 /meeting_limit
		profiles/p|{"width":333}|422 /width
	TABLE
	call PUT nodes/n1 '['
	is "$status" 400
	call PUT tenants/a '{"group":"all"}'
	is "$status" 422
	call PATCH nodes/nowhere '{"weight":2}'
	is "$status" 404
}

@test "tenants with secrets, parameters and branding" {
	call PUT tenants/gamma '{"group":"all","meeting_limit":5}'
	is "$status $(jq -r .slug <<<"$output")" "201 GAMMA"
	call PUT tenants/GAMMA '{"group":"all"}' -H "If-None-Match: *"
	is "$status" 409
	post tenants/GAMMA/secrets '{"from":1,"to":3}'
	is "$status $(jq '.items | length' <<<"$output")" "201 3"
	secret=$(jq -r '.items[] | select(.sub_id == 2) | .secret' <<<"$output")
	post tenants/GAMMA/secrets '{"from":3,"to":4}'
	is "$status" 409
	get tenants/GAMMA/secrets
	is "$(jq -c '[.total, .items[0].sub_id, .items[0].rolling, .items[0].live.meetings]' <<<"$output")" '[3,1,false,0]'
	post tenants/GAMMA/secrets/2/reveal ''
	is "$(jq -r .secret <<<"$output")" "$secret"
	is "$(jq -r .urls.name <<<"$output")" "http://gamma-2.$H_DOMAIN:$H_PORT/bigbluebutton/"
	[[ "$(jq -r .api_mate <<<"$output")" == https://*"sharedSecret=$secret"* ]]
	bbb create "meetingID=gamma&name=Gamma" "$secret" "gamma-2.$H_DOMAIN"
	answers 200
	get tenants/GAMMA
	is "$(jq -r .live.secrets <<<"$output")" 3
	call PUT tenants/GAMMA/parameters/duration '{"mode":"max","value":"60"}'
	is "$status" 201
	get tenants/GAMMA/parameters
	is "$(jq -c '.items | map([.name, .mode, .value])' <<<"$output")" '[["duration","max","60"]]'
	printf '<svg xmlns="http://www.w3.org/2000/svg"/>' >"$BATS_TEST_TMPDIR/logo"
	call PUT "tenants/GAMMA/assets/logo?name=logo.svg" -H "Content-Type: image/svg+xml" --data-binary "@$BATS_TEST_TMPDIR/logo"
	is "$status $(jq -r .type <<<"$output")" "200 image/svg+xml"
	get tenants/GAMMA/assets
	is "$(jq -c '.items[0] | [.kind, .name, .size]' <<<"$output")" '["logo","logo.svg",41]'
	get tenants/GAMMA/assets/logo
	is "$(header content-type) $output" "image/svg+xml $(cat "$BATS_TEST_TMPDIR/logo")"
	[[ "$(header content-security-policy)" == *sandbox* ]]
	call PUT tenants/GAMMA/assets/logo -H "Content-Type: image/png" --data-binary "no picture"
	is "$status" 422
	call DELETE tenants/GAMMA/assets/logo
	is "$status" 204
	call DELETE tenants/GAMMA/assets/logo
	is "$status" 404
	call DELETE tenants/GAMMA
	is "$status" 409
	h_reset
	sql "insert into b3lb.record_set (tenant_id, secret_id, meeting_id, name, status) select tenant_id, s.id, 'm', 'M', 'RENDERED'
		from b3lb.secret s join b3lb.tenant t on t.id = s.tenant_id where t.slug = 'gamma' limit 1"
	call DELETE tenants/GAMMA
	is "$status" 409
	call DELETE "tenants/GAMMA?recordings=1"
	is "$status" 204
	is "$(sql "select status || ' ' || (tenant_id is null) from b3lb.record_set")" "DELETING true"
	get recordings
	is "$(jq .total <<<"$output")" 0
	sql "delete from b3lb.record_set"
}

@test "a secret is rolled once, however often it is asked" {
	get tenants/ACME/secrets/5
	etag=$(header etag)
	post tenants/ACME/secrets/5/roll ''
	is "$status" 428
	post tenants/ACME/secrets/5/roll '' -H "If-Match: $etag"
	is "$status" 200
	secret=$(jq -r .secret <<<"$output")
	post tenants/ACME/secrets/5/roll '' -H "If-Match: $etag"
	is "$status" 412
	acme5 getMeetings ""
	answers 200
	bbb getMeetings "" "$secret" "acme-5.$H_DOMAIN"
	answers 200
	get tenants/ACME/secrets/5
	is "$(jq -r .rolling <<<"$output")" true
	post tenants/ACME/secrets/5/roll/finish '' -H "If-Match: $(header etag)"
	is "$status" 204
	acme5 getMeetings ""
	is "$(x /response/messageKey)" checksumError
	admin secret roll acme-5 --secret "$ACME5_SECRET" >/dev/null
	admin secret roll acme-5 --finish
}

@test "the parameters that a tenant may rule are listed for forms" {
	get parameters
	is "$(jq -c '.items[] | select(.name == "duration")' <<<"$output")" \
		'{"name":"duration","type":"int","choices":[],"calls":["create"],"modes":["block","set","override","max"]}'
	is "$(jq -c '.items[] | select(.name == "guestPolicy") | [.type, .choices[0]]' <<<"$output")" '["choice","ALWAYS_ACCEPT"]'
	is "$(jq -r '.items[-2:][].name' <<<"$output" | xargs)" "meta_ userdata-"
}

@test "rules for all tenants are those of nobody who is bound to some" {
	call PUT rules/welcome '{"mode":"set","value":"Hello"}'
	is "$status $(header location)" "201 /b3lb/admin/v1/rules/welcome"
	call PUT 'rules/welcome?dry_run=1' '{"mode":"set","value":"Bye"}'
	is "$(jq -c .changes <<<"$output")" '["parameter welcome: value \"Hello\" -> \"Bye\""]'
	get rules
	is "$(jq -c '[.items[] | [.name, .mode, .value]]' <<<"$output")" '[["welcome","set","Hello"]]'
	get rules/welcome
	is "$(jq -r .value <<<"$output")" Hello
	own=$(token_add bound admin --tenants ACME)
	for path in rules rules/welcome; do
		get "$path" -H "Authorization: Bearer $own"
		is "$status" 404
	done
	call PUT rules/welcome '{"mode":"block"}' -H "Authorization: Bearer $own"
	is "$status" 404
	call DELETE rules/welcome
	is "$status $(sql "select count(*) from b3lb.parameter_all")" "204 0"
	is "$(sql "select string_agg(name || ' ' || changes, ', ' order by id) from b3lb.audit where object = 'parameter' and tenant is null and name = 'welcome'")" \
		"welcome parameter welcome: added, welcome parameter welcome: removed"
}

@test "an LRS is set and shown without what opens it; of two ways the one that is named counts" {
	lrs() { sql "select concat_ws('|', lrs_endpoint, lrs_token, lrs_user, lrs_password) from b3lb.tenant where slug = 'beta'"; }
	call PATCH tenants/BETA '{"lrs_endpoint":"https://lrs.example/x","lrs_token":"t0ken","limit_mode":"warn","analytics_days":7}'
	is "$status $(lrs)" "200 https://lrs.example/x/|t0ken"
	is "$(jq -c '[.lrs_endpoint, has("lrs_token"), .limit_mode, .analytics_days, .lrs_force]' <<<"$output")" '["https://lrs.example/x/",false,"warn",7,false]'
	call PATCH tenants/BETA '{"lrs_user":"u","lrs_password":"p0ssword"}'
	is "$status $(lrs)" "200 https://lrs.example/x/|u|p0ssword"
	[[ "$output" != *p0ssword* ]]
	call PATCH tenants/BETA '{"lrs_endpoint":"http://lrs.example"}'
	is "$status $(pointer)" "422 /lrs_endpoint"
	call PATCH 'tenants/BETA?force=1' '{"lrs_endpoint":"http://lrs.example"}'
	is "$status $(lrs)" "200 http://lrs.example/|u|p0ssword"
	call PATCH tenants/BETA '{"lrs_endpoint":null,"limit_mode":null,"analytics_days":null}'
	is "$status $(lrs)" "200 "
}

@test "a node is tried before it is saved, and as it is" {
	post nodes/probe "{\"url\":\"http://127.0.0.1:$H_SIM_PORT/n1\",\"secret\":\"node-secret\",\"cluster\":\"main\"}"
	is "$(jq -c '[.ok, .error, .certificate_days, (.ms >= 0)]' <<<"$output")" '[true,null,null,true]'
	post nodes/probe "{\"url\":\"http://127.0.0.1:$H_SIM_PORT/n1\",\"secret\":\"wrong\"}"
	is "$(jq -r .ok <<<"$output")" false
	[[ "$(jq -r .error <<<"$output")" == *"refuses the secret"* ]]
	post nodes/probe '{"url":"http://127.0.0.1:1/","secret":"s"}'
	[[ "$(jq -r .error <<<"$output")" == *"does not answer"* ]]
	post nodes/probe '{"secret":"s"}'
	is "$status $(pointer)" "422 /url"
	post nodes/probe '{"url":"file:///etc/passwd","secret":"s"}'
	is "$status $(pointer)" "422 /url"
	post nodes/probe '{"url":"http://127.0.0.1:1/","secret":"s","cluster":"nowhere"}'
	is "$status" 404
	post nodes/n1/probe ''
	is "$(jq -r .ok <<<"$output")" true
	post nodes/nowhere/probe ''
	is "$status" 404
}

@test "lists of the configuration are found in, sorted and paged" {
	get "nodes/n1"
	is "$(jq -r .live.health <<<"$output")" healthy
	get "tenants/ACME/secrets?sort=-sub_id&limit=1"
	is "$(jq -c '[.total, .items[0].sub_id]' <<<"$output")" "[2,5]"
	get "tenants/ACME/secrets?limit=1&offset=1"
	is "$(jq -c '[.items[].sub_id]' <<<"$output")" "[5]"
	get "clusters?q=MAI"
	is "$(jq -c '[.items[].name]' <<<"$output")" '["main"]'
	get "clusters?q=nothing"
	is "$(jq -c '[.total, .items]' <<<"$output")" '[0,[]]'
	get "clusters?limit=many"
	is "$status" 422
}

@test "nothing that is answered has a secret, but what was asked for it" {
	admin node set n1 --secret hush-node-secret
	for path in nodes nodes/n1 tenants tenants/ACME tenants/ACME/secrets tenants/ACME/secrets/5 state accounts tokens sessions audit config groups clusters profiles; do
		get "$path"
		[[ "$status" == 200 || "$status" == 404 ]]
		run grep -E "$ACME_SECRET|$ACME5_SECRET|$BETA_SECRET|hush-|correct horse|[$]y[$]" <<<"$output"
		is "$path $status" "$path 1"
	done
	is "$(sql "select count(*) from b3lb.audit where changes ~ 'acme-secret|hush|correct horse'")" 0
	post nodes/n1/reveal ''
	is "$(jq -r .secret <<<"$output")" hush-node-secret
	[[ "$(jq -r .api_mate <<<"$output")" == *sharedSecret=hush-node-secret* ]]
	get "state?secrets=1"
	grep -q hush-node-secret <<<"$output"
	is "$(sql "select string_agg(object || ' ' || name || ': ' || changes, '|' order by id) from b3lb.audit where changes ~ '^(secret )?shown|secrets'")" \
		"secret GAMMA-2: shown|node n1: secret shown|state : exported with secrets"
	run grep -E "hush-|$ACME_SECRET|correct horse" "$H/manage.log"
	is "$status" 1
	admin node set n1 --secret node-secret
}

@test "while the database is away everything is 503, and comes back by itself" {
	h_pg_down immediate
	for path in clusters nodes/n1 session; do
		get "$path"
		is "$path $status $(jq -r .type <<<"$output")" "$path 503 /b3lb/admin/v1/problems/away"
		[ "$(header retry-after)" -gt 0 ]
	done
	call PATCH nodes/n1 '{"weight":7}'
	is "$status" 503
	post session '{"name":"anna","password":"correct horse anna"}'
	is "$status" 503
	get problems/away
	is "$status" 200
	h_pg_up
	h_wait eval 'get clusters && [ "$status" = 200 ]'
	get nodes/n1
	is "$(jq -r .weight <<<"$output")" 1
}

@test "who is killed half way leaves all of a change, or nothing" {
	local i pid
	for i in 1 2 3; do
		curl -s -o /dev/null -X PUT -H "Host: $ADMIN_HOST" -b "$(cat "$H/cookie")" -H "Sec-Fetch-Site: same-origin" \
			--json "{\"group\":\"all\",\"description\":\"whole\",\"aliases\":[\"a$i.example.org\",\"b$i.example.org\"],\"meeting_limit\":3}" \
			"http://127.0.0.1:$H_PORT/b3lb/admin/v1/tenants/killed$i" &
		pid=$!
		read -rt "0.0$((i * 2 - 1))" _ <> <(:) || true
		h_kill manage KILL
		wait "$pid" || true
		h_programs_start
		h_wait eval 'get clusters && [ "$status" = 200 ]'
	done
	is "$(sql "select count(*) from b3lb.tenant t where slug like 'killed%' and (description <> 'whole' or meeting_limit <> 3
		or (select count(*) from b3lb.tenant_alias a where a.tenant_id = t.id) <> 2)")" 0
	is "$(sql "select count(*) from b3lb.tenant where slug like 'killed%'")" "$(sql "select count(*) from b3lb.audit where name like 'KILLED%'")"
}
