# Every operation of the API's description by every role, about one's own and about others'; and the description itself.
load ../harness/harness.bash
load manage.bash
setup_file() { h_start 1; }
teardown_file() { h_stop; }

@test "the description is OpenAPI 3.1, served as it is printed" {
	"$B3LB_PREFIX/libexec/b3lb/b3lb-manage" --openapi >"$H/openapi.json"
	cp "$BATS_TEST_DIRNAME"/package*.json "$H/"
	(cd "$H" && npm ci --silent --no-audit --no-fund && node_modules/.bin/validate-api openapi.json) >"$H/valid"
	is "$(jq -r .valid "$H/valid")" true
	get openapi.json -H "Authorization: Bearer $(token_add t viewer)"
	is "$(jq -c . <<<"$output" | sha256sum)" "$(jq -c . "$H/openapi.json" | sha256sum)"
	cmp "$H/openapi.json" "$B3LB_PREFIX/share/b3lb/openapi.json"
	# No operation without a word on who may.
	is "$(jq -r '.paths | to_entries[] | .key as $p | .value | to_entries[] | select(.value["x-scope"] == null) | $p' "$H/openapi.json")" ""
}

@test "every operation x role x own and foreign" {
	local principals=() role tenant
	for role in admin operator viewer; do
		principals+=("$role=$(token_add "all-$role" $role):$role:")
		principals+=("acme-$role=$(token_add "acme-$role" $role --tenants ACME):$role:ACME")
	done
	account_add kept viewer
	printf '<svg xmlns="http://www.w3.org/2000/svg"/>' >"$BATS_TEST_TMPDIR/logo.svg"
	for tenant in acme beta; do
		local secret=$ACME_SECRET
		[ $tenant = acme ] || secret=$BETA_SECRET
		bbb create "meetingID=m$tenant&name=Name&record=true&meta_endCallbackUrl=$(enc "$(sink_url "$tenant")")" "$secret" "$tenant.$H_DOMAIN"
		bbb create "meetingID=r$tenant&name=Name&record=true&meta_endCallbackUrl=$(enc "$(sink_url "$tenant")")" "$secret" "$tenant.$H_DOMAIN"
		admin parameter set "$tenant" duration max 60
		admin asset set "$tenant" logo "$BATS_TEST_TMPDIR/logo.svg"
		bbb end "meetingID=r$tenant" "$secret" "$tenant.$H_DOMAIN"
	done
	admin parameter set '*' duration max 60
	sql "update b3lb.record_set set status = 'RENDERED', ended_at = now() where meeting_id like 'r%'; update b3lb.tenant set analytics_days = 1;
		insert into b3lb.analytics (tenant_id, secret_id, nonce, meeting_id, node_meeting_id, internal_id, body)
		select tenant_id, secret_id, nonce, meeting_id, node_meeting_id, internal_id, '{}' from b3lb.meeting"
	# meeting, recording, callback of a tenant
	of() { sql "select node_meeting_id from b3lb.meeting where meeting_id = 'm$1'"; }
	recording() { sql "select record_id from b3lb.record_set where meeting_id = 'r$1'"; }
	callback() { sql "select c.id from b3lb.callback c join b3lb.secret s on s.id = c.secret_id join b3lb.tenant t on t.id = s.tenant_id where t.slug = '$1' limit 1"; }
	"$B3LB_PREFIX/libexec/b3lb/b3lb-manage" --openapi | python3 "$BATS_TEST_DIRNAME/routes.py" "$H_PORT" "$H_DOMAIN" \
		"$ACME_SECRET|$ACME5_SECRET|$BETA_SECRET|node-secret" "${principals[@]}" -- \
		"{tenant}=ACME:BETA" "secrets/{name}=5:5" "parameters/{name}=duration:duration" "rules/{name}=duration:duration" "{kind}=logo:logo" "nodes/{name}=n1:n1" \
		"clusters/{name}=main:main" "groups/{name}=all:all" "profiles/{name}=video:video" "accounts/{name}=kept:kept" "tokens/{name}=all-viewer:all-viewer" "{id}=nothing:nothing" \
		"{key}=away:away" "meetings/{id}=$(of acme):$(of beta)" "recordings/{id}=$(recording acme):$(recording beta)" \
		"callbacks/{id}=$(callback acme):$(callback beta)" >"$BATS_TEST_TMPDIR/out"
	run sed '$d' "$BATS_TEST_TMPDIR/out"
	is "$output" ""
	[ "$(tail -1 "$BATS_TEST_TMPDIR/out")" -gt 800 ]
}
