# Who may sign in, how often he may try, and what a role, a bound account and a token may do.
load ../harness/harness.bash
load manage.bash
setup_file() {
	h_start 1 "admin_remote_user = yes"
	account_add anna admin
	account_add otto operator
	account_add vera viewer --tenants ACME
	sign_in anna
	cp "$H/cookie" "$H/anna"
}
teardown_file() { h_stop; }
setup() { sql "delete from b3lb.login_attempt"; cp "$H/anna" "$H/cookie"; }

@test "who signs in gets a cookie that scripts and other sites do not, and is told who he is" {
	post session '{"name":"anna","password":"correct horse anna"}'
	is "$status" 204
	[[ "$(header set-cookie)" =~ ^__Host-b3lb=[A-Za-z0-9_-]{43}\;\ Path=/\;\ Secure\;\ HttpOnly\;\ SameSite=Strict$ ]]
	cookie=$(header set-cookie)
	get session -H "Cookie: a=b; ${cookie%%;*}"
	is "$status" 200
	is "$(jq -c '[.name, .role, .tenants, .via, .permissions]' <<<"$output")" \
		'["anna","admin",null,"password",["read","operate","configure","secrets","access"]]'
	[[ "$(jq -r .expires_at <<<"$output")" =~ ^20..-..-..T..:..:..Z$ ]]
	# In seconds too, for browsers whose clock is wrong: an hour of idleness.
	is "$(jq '.expires_in > 3590 and .expires_in <= 3600' <<<"$output")" true
	is "$(sql "select count(*) from b3lb.audit where object = 'session' and name = 'anna' and changes = 'signed in' and done")" 2
	# The text is nowhere, only its digest.
	is "$(sql "select count(*) from b3lb.session where hash like '%${cookie:12:20}%'")" 0
}

@test "signing in anew, and signing out, end the session before" {
	first=$(cat "$H/cookie")
	sign_in otto
	second=$(cat "$H/cookie")
	post session '{"name":"otto","password":"correct horse otto"}' -b "$second"
	is "$status" 204
	get session -b "$second"
	is "$status" 401
	get session -b "$first"
	is "$status" 200
	sign_in otto
	call DELETE session
	is "$status" 204
	[[ "$(header set-cookie)" == *Max-Age=0 ]]
	get session
	is "$status" 401
	is "$(header www-authenticate)" Bearer
}

@test "a wrong password and an unknown name get one answer, from the fifth on after a wait" {
	for name in anna nobody; do
		for ((i = 0; i < 5; i++)); do
			post session "{\"name\":\"$name\",\"password\":\"wrong\"}"
			is "$status" 401
			is "$(jq -r .detail <<<"$output")" "name or password is wrong"
		done
		is "$(sql "select extract(epoch from locked_until - at)::int from b3lb.login_attempt where key = 'name $name'")" 2
		sql "update b3lb.login_attempt set locked_until = now() + interval '1 minute' where key = 'name $name'"
		post session "{\"name\":\"$name\",\"password\":\"correct horse $name\"}"
		is "$status" 429
		[ "$(header retry-after)" -gt 0 ]
	done
	sql "update b3lb.login_attempt set locked_until = now() - interval '1 second' where key = 'name anna'"
	post session '{"name":"anna","password":"wrong"}'
	is "$status" 401
	is "$(sql "select extract(epoch from locked_until - at)::int from b3lb.login_attempt where key = 'name anna'")" 4
	sql "update b3lb.login_attempt set attempts = 40, locked_until = now() - interval '1 second' where key = 'name anna'"
	post session '{"name":"anna","password":"wrong"}'
	is "$(sql "select extract(epoch from locked_until - at)::int from b3lb.login_attempt where key = 'name anna'")" 900
	get accounts/anna
	is "$(jq -r '.locked_until != null' <<<"$output")" true
	# The right one, once it may be tried again, makes all of that forgotten.
	sql "update b3lb.login_attempt set locked_until = now() - interval '1 second' where key = 'name anna'"
	post session '{"name":"anna","password":"correct horse anna"}'
	is "$status" 204
	is "$(sql "select count(*) from b3lb.login_attempt where key = 'name anna'")" 0
	is "$(sql "select count(*) from b3lb.audit where object = 'session' and name = 'nobody' and not done")" 6
}

@test "an address has twenty attempts a minute" {
	sql "insert into b3lb.login_attempt (key, attempts, at) values ('addr 127.0.0.1', 20, now())"
	post session '{"name":"anna","password":"correct horse anna"}'
	is "$status" 429
	sql "update b3lb.login_attempt set at = now() - interval '61 seconds' where key = 'addr 127.0.0.1'"
	post session '{"name":"anna","password":"correct horse anna"}'
	is "$status" 204
}

@test "what changes something, and signing in, must come from the console itself; no GET from another site" {
	cookie=$(cat "$H/cookie")
	# header of the page's origin, status of a change, status of a GET
	while IFS='|' read -r origin changed read; do
		ask "$H_DOMAIN" /b3lb/admin/v1/tokens/nothing -X DELETE -H "Cookie: $cookie" ${origin:+-H "$origin"}
		is "$origin $status" "$origin $changed"
		ask "$H_DOMAIN" /b3lb/admin/v1/tokens -H "Cookie: $cookie" ${origin:+-H "$origin"}
		is "$origin $status" "$origin $read"
	done <<-TABLE
		Sec-Fetch-Site: same-origin|404|200
		Sec-Fetch-Site: same-site|403|200
		Sec-Fetch-Site: cross-site|403|403
		Sec-Fetch-Site: none|403|200
		|403|200
		Origin: http://$H_DOMAIN|404|200
		Origin: https://$H_DOMAIN|403|200
		Origin: http://acme.$H_DOMAIN|403|200
		Origin: http://$H_DOMAIN.evil.example|403|200
		Origin: null|403|200
	TABLE
	ask "$H_DOMAIN" /b3lb/admin/v1/session --json '{"name":"anna","password":"correct horse anna"}' -H "Origin: http://acme.$H_DOMAIN"
	is "$status" 403
	is "$(jq -r .type <<<"$output")" /b3lb/admin/v1/problems/cross-origin
	# A token is nothing that a browser sends by itself.
	ask "$H_DOMAIN" /b3lb/admin/v1/tokens/nothing -X DELETE -H "Authorization: Bearer $(token_add t1 admin)"
	is "$status" 404
}

@test "a session ends when nobody used it for an hour, and after twelve hours anyway" {
	sql "update b3lb.session set seen_at = now() - interval '61 minutes'"
	get session
	is "$status" 401
	sql "update b3lb.session set seen_at = now() - interval '59 minutes'"
	get session
	is "$status" 200
	is "$(sql "select count(*) from b3lb.session where seen_at > now() - interval '5 seconds'")" 1
	sql "update b3lb.session set created_at = now() - interval '13 hours' where hash = '$(session_hash)'"
	get session
	is "$status" 401
	sign_in anna
	cp "$H/cookie" "$H/anna"
}

@test "roles may what they may, and who is bound to tenants sees nothing global" {
	sign_in otto
	get accounts
	is "$status" 403
	sign_in vera
	get accounts
	is "$status" 403
	get session
	is "$(jq -c '[.role, .tenants, .permissions]' <<<"$output")" '["viewer",["ACME"],["read"]]'
	bound=$(token_add bound admin --tenants acme,BETA)
	get accounts -H "Authorization: Bearer $bound"
	is "$status" 403
	get session -H "Authorization: Bearer $bound"
	is "$(jq -c '[.name, .tenants, .permissions, .expires_at, .expires_in]' <<<"$output")" \
		'["token:bound",["ACME","BETA"],["read","operate","configure","secrets"],null,null]'
}

@test "tokens: shown once, good until they end or are removed, never another's cookie beside them" {
	call PUT tokens/robot '{"role":"operator","tenants":["acme"],"expires_at":"2099-01-01"}'
	is "$status" 201
	is "$(header location)" /b3lb/admin/v1/tokens/robot
	text=$(jq -r .token <<<"$output")
	[[ "$text" =~ ^b3lb_[A-Za-z0-9_-]{43}$ ]]
	is "$(jq -c '[.role, .tenants, .created_by, .expires_at]' <<<"$output")" '["operator",["ACME"],"anna","2099-01-01T00:00:00Z"]'
	call PUT tokens/robot '{"role":"admin"}'
	is "$status" 409
	get session -H "Authorization: Bearer $text"
	is "$(jq -r .name <<<"$output")" token:robot
	get tokens/robot
	is "$(jq -r '.used_at != null, has("token")' <<<"$output")" true$'\n'false
	is "$(sql "select changes from b3lb.audit where object = 'token' and name = 'robot'")" \
		"token robot: added, role operator, tenants ACME, until 2099-01-01"
	sql "update b3lb.token set expires_at = now() - interval '1 second' where name = 'robot'"
	get session -H "Authorization: Bearer $text"
	is "$status" 401
	call DELETE tokens/robot
	is "$status" 204
	call DELETE tokens/robot
	is "$status" 404
	call PUT tokens/robot '{"role":"boss"}'
	is "$status" 422
	is "$(jq -r '.errors[0].pointer' <<<"$output")" /role
	call PUT tokens/robot '{"role":"admin","expires_at":"soon"}'
	is "$(jq -r '.errors[0].pointer' <<<"$output")" /expires_at
	call PUT tokens/robot '{"role":"admin","tenants":["NOBODY"]}'
	is "$(jq -r '.errors[0].pointer' <<<"$output")" /tenants
	get session -H "Authorization: Bearer b3lb_wrong"
	is "$status" 401
}

@test "accounts: made, changed with If-Match, dry runs change nothing, and the last admin stays" {
	call PUT "accounts/nina?dry_run=1" '{"role":"viewer"}'
	is "$(jq -c . <<<"$output")" '{"dry_run":true,"changes":["account nina: added, role viewer, tenants all"]}'
	get accounts/nina
	is "$status" 404
	call PUT accounts/nina '{"role":"viewer","tenants":["BETA"]}'
	is "$status" 201
	is "$(jq -c '[.name, .role, .tenants, .disabled, .has_password]' <<<"$output")" '["nina","viewer",["BETA"],false,false]'
	etag=$(header etag)
	call PATCH accounts/nina '{"role":"operator"}'
	is "$status" 428
	call PATCH accounts/nina '{"role":"operator"}' -H "If-Match: \"0123\""
	is "$status" 412
	is "$(jq -r .current <<<"$output")" "$etag"
	call PATCH accounts/nina '{"role":"operator","tenants":null,"live":1}' -H "If-Match: $etag"
	is "$(jq -r '.errors[0].pointer' <<<"$output")" /live
	call PATCH accounts/nina '{"role":"operator","tenants":null}' -H "If-Match: $etag"
	is "$status" 200
	[ "$(header etag)" != "$etag" ]
	etag=$(header etag)
	# What GET adds to the tag is passed over, and an equal change is none.
	get accounts/nina
	call PUT accounts/nina '{"role":"operator"}' -H "If-Match: $(header etag)"
	is "$status $(header etag)" "200 $etag"
	is "$(sql "select string_agg(changes, '|' order by id) from b3lb.audit where object = 'account' and name = 'nina'")" \
		$'account nina: added, role viewer, tenants BETA|account nina: role viewer -> operator\naccount nina: tenants BETA -> all'
	post accounts/nina/password ''
	is "$status" 200
	post session "{\"name\":\"nina\",\"password\":$(jq .password <<<"$output")}"
	is "$status" 204
	call PUT accounts/NINA '{"role":"viewer"}'
	is "$(jq -r '.errors[0].pointer' <<<"$output")" /name
	call PUT accounts/short '{"role":"viewer","password":"short"}'
	is "$(jq -r '.errors[0].pointer' <<<"$output")" /password
	call DELETE accounts/nina -H "If-Match: *"
	is "$status" 204
	get accounts/anna
	call PATCH accounts/anna '{"role":"viewer"}' -H "If-Match: $(header etag)"
	is "$status" 409
	call DELETE accounts/anna -H "If-Match: *"
	is "$status" 409
	run admin account remove anna
	is "$status" 1
	[[ "$output" == *"last that may administer everything"* ]]
}

@test "a new password and an account that is disabled end its sessions" {
	sign_in otto
	get session
	is "$status" 200
	echo "another horse otto" | admin account password otto --password - >/dev/null
	get session
	is "$status" 401
	post session '{"name":"otto","password":"another horse otto"}'
	is "$status" 204
	admin account set otto --disabled on
	is "$(sql "select count(*) from b3lb.session s join b3lb.account a on a.id = account_id where a.name = 'otto'")" 0
	post session '{"name":"otto","password":"another horse otto"}'
	is "$status" 401
	admin account set otto --disabled off
	# Who makes his own one anew goes on where he is, and nowhere else; a token beside the cookie is another who asks.
	sign_in anna
	other=$(cat "$H/cookie")
	cp "$H/anna" "$H/cookie"
	post accounts/anna/password ''
	is "$status" 200
	get session
	is "$status" 200
	get session -b "$other"
	is "$status" 401
	post accounts/otto/password ''
	is "$status $(sql "select count(*) from b3lb.session where hash = '$(session_hash)'")" "200 1"
	call POST accounts/anna/password '' -b "$(cat "$H/anna")" -H "Authorization: Bearer $(token_add t2 admin)"
	is "$status $(sql "select count(*) from b3lb.session s join b3lb.account a on a.id = account_id where a.name = 'anna'")" "200 0"
	for name in anna otto; do
		echo "correct horse $name" | admin account password "$name" --password - >/dev/null
	done
	sign_in anna
	cp "$H/cookie" "$H/anna"
}

@test "open sessions are listed and ended, one's own is marked" {
	sign_in otto
	cp "$H/anna" "$H/cookie"
	get sessions
	is "$(jq -c '[.items[] | select(.own) | .account]' <<<"$output")" '["anna"]'
	id=$(jq -r '.items[] | select(.account == "otto") | .id' <<<"$output")
	[[ "$id" =~ ^[0-9a-f]{16}$ ]]
	call DELETE "sessions/$id"
	is "$status" 204
	call DELETE "sessions/$id"
	is "$status" 404
	is "$(sql "select actor from b3lb.audit where object = 'session' and name = 'otto' and changes = 'ended'")" anna
}

@test "bad bodies are told what is wrong" {
	while IFS='|' read -r body want; do
		ask "$H_DOMAIN" /b3lb/admin/v1/session --json "$body" -H "Sec-Fetch-Site: same-origin"
		is "$body $status" "$body $want"
	done <<-TABLE
		{|400
		[]|400
		{"name":"a","name":"b"}|400
		{"name":"anna"}|422
		{"name":"anna","password":7}|422
		{"name":"","password":"x"}|422
	TABLE
	ask "$H_DOMAIN" /b3lb/admin/v1/session -H "Content-Type: text/plain" -d '{"name":"anna","password":"x"}' -H "Sec-Fetch-Site: same-origin"
	is "$status" 415
	ask "$H_DOMAIN" /b3lb/admin/v1/session --json "{\"name\":\"$(printf 'a%.0s' {1..70})\",\"password\":\"x\"}" -H "Sec-Fetch-Site: same-origin"
	is "$status" 422
	ask "$H_DOMAIN" "/b3lb/admin/v1/sessions?q=%zz"
	is "$status" 400
	head -c 1100000 /dev/zero | tr '\0' ' ' >"$BATS_TEST_TMPDIR/large"
	ask "$H_DOMAIN" /b3lb/admin/v1/session --json "@$BATS_TEST_TMPDIR/large" -H "Sec-Fetch-Site: same-origin"
	is "$status" 413
}
