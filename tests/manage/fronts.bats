# The console and the management API behind each web server: host, headers, conditions.
# fronts: all
load ../harness/harness.bash
setup_file() { h_start 1; }
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
