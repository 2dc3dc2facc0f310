# The console and the management API behind each web server: host, headers, conditions.
# fronts: all
load ../harness/harness.bash
setup_file() { h_start 1 "admin_remote_user = yes"; }
teardown_file() { h_stop; }
get() { ask "$H_DOMAIN" "/b3lb/admin/$1" "${@:2}"; }

@test "on the one host there is an API, on others nothing" {
	get v1/nothing
	is "$status" 404
	is "$(jq -r '.type, .request_id' <<<"$output")" "/b3lb/admin/v1/problems/not-found"$'\n'"$(header request-id)"
	get v1/problems/not-found
	is "$status" 200
	ask "acme.$H_DOMAIN" /b3lb/admin/v1/problems/not-found
	is "$status" 404
}

@test "each answer has the headers that bind it" {
	get v1/problems/stale
	is "$(header cache-control)" no-store
	is "$(header x-content-type-options)" nosniff
	is "$(header content-security-policy)" "default-src 'none'; frame-ancestors 'none'"
	is "$(header cross-origin-resource-policy)" same-origin
	get v1/problems/stale -H "If-None-Match: $(header etag)"
	is "$status" 304
	is "$output" ""
}

@test "methods that a path does not know are refused with those that it does" {
	get v1/problems/stale -X DELETE
	is "$status" 405
	is "$(header allow)" "GET, HEAD"
	is "$(jq -r .type <<<"$output")" /b3lb/admin/v1/problems/wrong-method
}

@test "the console's page and its files go out with their own policy" {
	ask "$H_DOMAIN" /b3lb/admin
	is "$status $(header location)" "302 /b3lb/admin/"
	ask "$H_DOMAIN" /b3lb/admin/
	is "$status $(header content-type)" "200 text/html; charset=utf-8"
	is "$(header content-security-policy)" "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
	ask "$H_DOMAIN" /b3lb/admin/ -H "If-None-Match: $(header etag)"
	is "$status" 304
	# Each file that is installed, byte for byte; none that is not, whatever it is called.
	while read -r file; do
		[ "$file" = index.html ] || curl -fsS -H "Host: $H_DOMAIN" "http://127.0.0.1:$H_PORT/b3lb/admin/$file" | cmp - "$B3LB_PREFIX/share/b3lb/console/$file"
	done < <(cd "$B3LB_PREFIX/share/b3lb/console" && find . -type f -printf '%P\n')
	# As gzip for who takes it: the same file, in much fewer bytes, under a tag of its own.
	ask "$H_DOMAIN" /b3lb/admin/js/main.js -I -H "Accept-Encoding: gzip, br"
	is "$(header content-encoding) $(header vary)" "gzip Accept-Encoding"
	curl -fsS -o "$BATS_TEST_TMPDIR/packed" -H "Host: $H_DOMAIN" -H "Accept-Encoding: gzip, br" "http://127.0.0.1:$H_PORT/b3lb/admin/js/main.js"
	gzip -dc <"$BATS_TEST_TMPDIR/packed" | cmp - "$B3LB_PREFIX/share/b3lb/console/js/main.js"
	[ $((2 * $(stat -c %s "$BATS_TEST_TMPDIR/packed"))) -lt "$(stat -c %s "$B3LB_PREFIX/share/b3lb/console/js/main.js")" ]
	ask "$H_DOMAIN" /b3lb/admin/js/main.js -H "Accept-Encoding: gzip" -H "If-None-Match: $(header etag)"
	is "$status" 304
	ask "$H_DOMAIN" /b3lb/admin/js/main.js -H "Accept-Encoding: gzip;q=0"
	is "$status $(header content-encoding)" "200 "
	for file in index.html js/ js/nothing.js nothing.css js/views/..%2fmain.js; do
		ask "$H_DOMAIN" "/b3lb/admin/$file" --path-as-is
		is "$file $status" "$file 404"
	done
	ask "acme.$H_DOMAIN" /b3lb/admin/
	is "$status" 404
}

@test "If-Match and the token reach the program, and no client says who the web server let in" {
	token=$(admin token add "front" --role admin)
	ask "$H_DOMAIN" /b3lb/admin/v1/clusters/main -H "Authorization: Bearer $token"
	is "$status" 200
	etag=$(header etag)
	ask "$H_DOMAIN" /b3lb/admin/v1/clusters/main -X PATCH --json '{"load_a":2}' -H "Authorization: Bearer $token" -H 'If-Match: "0123"'
	is "$status" 412
	for tag in "$etag" "${etag%\"}-gzip\""; do
		ask "$H_DOMAIN" /b3lb/admin/v1/clusters/main -X PATCH --json '{"load_a":1}' -H "Authorization: Bearer $token" -H "If-Match: $tag"
		is "$tag $status" "$tag 200"
	done
	# No client says REMOTE_USER, however it spells it; and it is not believed unless the configuration says so.
	admin account add anna --role admin >/dev/null
	for name in Remote-User REMOTE_USER Remote_User X-Remote-User; do
		ask "$H_DOMAIN" /b3lb/admin/v1/session -H "$name: anna"
		is "$name $status" "$name 401"
	done
	admin token remove front
	admin account add second --role admin >/dev/null
	admin account remove anna
}
