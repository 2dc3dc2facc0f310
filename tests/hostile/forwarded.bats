# Behind a proxy that is trusted: what it says of the client is said once, and no other spelling of it wins.
# fronts: all
load ../harness/harness.bash
load hostile.bash
setup_file() {
	h_start 1 "trusted_proxies = 127.0.0.1"
	sed -i 's/^backend_allow.*/backend_allow = 10.9.9.9/' "$H/b3lb.conf"
	h_front_stop
	h_front_start
}
teardown_file() { h_stop; }

path="/b3lb/b/callback/end?nonce=00000000000000000000000000000000"
sent() { raw 'GET %s HTTP/1.1\r\nHost: bbb.test\r\n%bConnection: close\r\n\r\n' "$path" "$1"; }

@test "the proxy's word holds, the client's does not" {
	sent 'X-Forwarded-For: 10.9.9.9\r\n'
	is "$status" 404
	sent 'X-Forwarded-For: 203.0.113.5\r\n'
	is "$status" 403
	sent 'X-Forwarded-For: 10.9.9.9, 203.0.113.5\r\n'
	is "$status" 403
}

@test "another spelling of the name never wins" {
	for name in X_Forwarded_For X.Forwarded.For X_Forwarded-For X-Forwarded_For; do
		for order in "$name: 10.9.9.9\\r\\nX-Forwarded-For: 203.0.113.5\\r\\n" "X-Forwarded-For: 203.0.113.5\\r\\n$name: 10.9.9.9\\r\\n"; do
			sent "$order"
			[[ "$status" =~ ^(400|403)$ ]] || { echo "$order: $status $output"; return 1; }
		done
	done
}

@test "nor does one of X-Forwarded-Host and X-Forwarded-Proto" {
	for name in X_Forwarded_Host X_Forwarded_Proto; do
		sent "X-Forwarded-For: 10.9.9.9\\r\\n$name: a\\r\\n${name//_/-}: $H_DOMAIN\\r\\n"
		[[ "$status" =~ ^(400|404)$ ]] || { echo "$name: $status $output"; return 1; }
	done
	# The forged host is never the tenant.
	raw 'GET %s HTTP/1.1\r\nHost: bbb.test\r\nX_Forwarded_Host: acme.bbb.test\r\nX-Forwarded-Host: nobody.bbb.test\r\nConnection: close\r\n\r\n' "$(signed getMeetings "")"
	[[ "$output" != *SUCCESS* ]]
}
