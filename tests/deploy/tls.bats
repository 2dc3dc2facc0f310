# TLS as it is shipped: a wildcard certificate, port 80 that redirects, HSTS for who wants it.
load ../harness/harness.bash
bats_require_minimum_version 1.5.0

setup_file() {
	h_start 1
	h_kill front
	# Without it our own URLs begin with https and the domain, which is the default.
	sed -i '/^public_url/d' "$H/b3lb.conf"
	h_programs_stop
	h_programs_start
	mkdir "$H/tls"
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "/CN=$H_DOMAIN" \
		-addext "subjectAltName=DNS:$H_DOMAIN,DNS:*.$H_DOMAIN" -keyout "$H/tls/privkey.pem" -out "$H/tls/fullchain.pem" 2>/dev/null
	H_TLS_PORT=$(h_free_port)
	export H_TLS_PORT
}
teardown_file() { h_stop; }
teardown() {
	h_kill front
	rm -rf "$H/prefix"
}

front_apache() {
	H_APACHE_FIRST="$(printf '%s\n' "Listen 127.0.0.1:$H_TLS_PORT" "Define B3LB_TLS" "Define B3LB_TLS_ADDRESS 127.0.0.1:$H_TLS_PORT" \
		"Define B3LB_CERTIFICATE $H/tls/fullchain.pem" "Define B3LB_KEY $H/tls/privkey.pem")" \
		h_apache_start b3lb-proxy-fcgi.conf proxy proxy_fcgi ssl
	h_wait secure "$H_DOMAIN" /b3lb/ping -f
}
# The package's file, with our port and our certificate.
front_lighttpd() {
	sed -e '/\[::\]:443/,/^}/d' -e "s|0.0.0.0:443|127.0.0.1:$H_TLS_PORT|; s|/etc/b3lb/tls|$H/tls|" \
		"$B3LB_SOURCE/debian/lighttpd/51-b3lb-tls.conf" >"$H/tls.conf"
	H_FRONT_EXTRA='server.modules += ( "mod_redirect" )
include "'"$H/tls.conf"'"' h_lighttpd_start b3lb-routes.conf
	h_wait secure "$H_DOMAIN" /b3lb/ping -f
}

# Asks by TLS, with nothing but the test's certificate trusted: secure HOST PATH [curl options]; leaves what ask leaves.
secure() {
	local host=$1 path=$2
	shift 2
	output=$(curl -sS -D "$BATS_TEST_TMPDIR/headers" --max-time 60 --cacert "$H/tls/fullchain.pem" \
		--connect-to "$host:443:127.0.0.1:$H_TLS_PORT" "$@" "https://$host$path") || return 1
	headers=$(tr -d '\r' <"$BATS_TEST_TMPDIR/headers")
	status=$(sed -n 's/^HTTP[^ ]* \([0-9]*\).*/\1/p' <<<"$headers" | tail -1)
}

redirects() {
	h_reset
	path=$(signed create "meetingID=abc&name=Two%20Words")
	for method in "" "--data a=b"; do
		ask "acme.$H_DOMAIN" "$path" $method
		is "$status" 308
		is "$(header location)" "https://acme.$H_DOMAIN$path"
	done
	is "$(sql "select count(*) from b3lb.meeting")" 0
}

certificate() {
	secure "$H_DOMAIN" "/b3lb/t/acme/bbb/api"
	is "$status" 200
	secure "acme-5.$H_DOMAIN" "$(signed getMeetings "" "$ACME5_SECRET")"
	answers 200
	is "$(header strict-transport-security)" ""
}

own_urls() {
	h_reset
	secure "acme.$H_DOMAIN" "$(signed create "meetingID=abc&name=Name")"
	answers 200
	[[ $(on_node abc '.params | tostring') == *"https://$H_DOMAIN/b3lb/b/"* ]]
	[[ $(on_node abc '.params | tostring') != *"http://$H_DOMAIN"* ]]
	secure "acme.$H_DOMAIN" "$(signed join "meetingID=abc&fullName=Me&role=VIEWER")"
	is "$status" 302
}

hsts() {
	secure "acme.$H_DOMAIN" /bigbluebutton/api
	is "$(header strict-transport-security)" "max-age=300; includeSubDomains"
}

@test "Apache: the plain port redirects with 308, method and query kept, and does nothing else" {
	front_apache
	redirects
}

@test "Apache: one wildcard certificate serves the domain and every tenant; HSTS is not on by itself" {
	front_apache
	certificate
}

@test "Apache: what nodes are told of us is https" {
	front_apache
	own_urls
}

@test "Apache: HSTS with the shipped example" {
	h_with_example apache apache2.d b3lb-hsts.conf
	front_apache
	hsts
}

@test "lighttpd: the plain port redirects with 308, method and query kept, and does nothing else" {
	front_lighttpd
	redirects
}

@test "lighttpd: one wildcard certificate serves the domain and every tenant; HSTS is not on by itself" {
	front_lighttpd
	certificate
}

@test "lighttpd: what nodes are told of us is https" {
	front_lighttpd
	own_urls
}

@test "lighttpd: HSTS with the shipped example" {
	h_with_example lighttpd lighttpd.d b3lb-hsts.conf
	front_lighttpd
	hsts
}
