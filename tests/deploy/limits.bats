# The shipped examples of limits by tenant limit, with the figures that they name.
load ../harness/harness.bash
bats_require_minimum_version 1.5.0

setup_file() {
	h_start 1
	h_kill front
}
teardown_file() { h_stop; }
teardown() {
	h_kill front
	rm -rf "$H/prefix"
}

front_apache() {
	h_with_example apache apache2.d b3lb-limits.conf
	H_APACHE_FIRST="LoadFile libpcre.so.3" H_FRONT_EXTRA=$(cat "$B3LB_SOURCE/debian/apache2/b3lb-limits.conf") \
		h_apache_start b3lb-proxy-fcgi.conf proxy proxy_fcgi macro qos
	h_wait curl -fsS -H "Host: $H_DOMAIN" "http://127.0.0.1:$H_PORT/b3lb/ping"
}
front_lighttpd() {
	h_with_example lighttpd lighttpd.d b3lb-limits.conf
	H_LIGHTTPD_FIRST="include \"$B3LB_SOURCE/debian/lighttpd/05-b3lb-limits.conf\"" h_lighttpd_start b3lb-routes.conf
	h_wait curl -fsS -H "Host: $H_DOMAIN" "http://127.0.0.1:$H_PORT/b3lb/ping"
}

# N requests; how many had which status: statuses N HOST PATH. One curl sends them all: a minute is short.
statuses() {
	curl -sS -o "$BATS_TEST_TMPDIR/last" -w '%{http_code}\n' -H "Host: $2" "http://127.0.0.1:$H_PORT$3#[1-$1]" |
		sort | uniq -c | sed 's/^ *//' | paste -sd ' '
}

limits() {
	h_reset
	is "$(statuses 12 "acme.$H_DOMAIN" "$(signed create "meetingID=limited&name=Limited")")" "10 200 2 429"
	is "$(xmllint --xpath 'string(/response/messageKey)' "$BATS_TEST_TMPDIR/last")" tooManyRequests
	# By a tenant's other secret, and by path: the same tenant.
	is "$(statuses 1 "acme-5.$H_DOMAIN" "$(signed create "meetingID=limited&name=Limited" "$ACME5_SECRET")")" "1 429"
	path=$(signed create "meetingID=limited&name=Limited")
	is "$(statuses 1 "$H_DOMAIN" "/b3lb/t/acme/bbb/api/${path##*/}")" "1 429"
	# Other calls have figures of their own, another tenant is not concerned.
	is "$(statuses 103 "acme.$H_DOMAIN" "$(signed join "meetingID=limited&fullName=Me&role=VIEWER")")" "100 302 3 429"
	is "$(statuses 33 "acme.$H_DOMAIN" "$(signed getMeetings "")")" "30 200 3 429"
	is "$(statuses 30 "acme.$H_DOMAIN" "$(signed isMeetingRunning "meetingID=limited")")" "30 200"
	is "$(statuses 23 "acme.$H_DOMAIN" "$(signed getMeetingInfo "meetingID=limited")")" "20 200 3 429"
	beta create "meetingID=limited&name=Limited"
	answers 200
	ask "acme.$H_DOMAIN" "$(signed getMeetings "")"
	is "$status" 429
	is "$(header content-type)" "text/xml; charset=utf-8"
	[ "$(header retry-after)" -gt 0 ]
	ask "$H_DOMAIN" /b3lb/ping
	is "$status" 200
}

@test "Apache with mod_qos: the figures of the example hold by tenant, and the refusal is the API's" {
	front_apache
	limits
}

@test "lighttpd with mod_magnet: the figures of the example hold by tenant, and the refusal is the API's" {
	front_lighttpd
	limits
}
