# The access logs of the shipped configurations: who knows the URL of a recording sees it, so they do not tell it.
load ../harness/harness.bash
bats_require_minimum_version 1.5.0

NONCE=0123456789abcdef0123456789abcdef

setup_file() {
	h_start 1
	h_kill front
}
teardown_file() { h_stop; }
teardown() { h_kill front; }

# The package's lines behind the first include, with our log.
front_lighttpd() {
	h_programs_start
	sed -e '1,/^include .*\/b3lb.conf"$/d' -e "s|/var/log/lighttpd/b3lb_access.log|$H/access.log|" \
		"$B3LB_SOURCE/debian/lighttpd/50-b3lb.conf" >"$H/log.conf"
	H_FRONT_EXTRA='server.modules += ( "mod_accesslog" )
include "'"$H/log.conf"'"' h_lighttpd_start b3lb-routes.conf
}

# One line each of a recording and of a signed call, without what is secret.
tells_nothing() {
	local log=$1
	h_wait curl -fsS -H "Host: $H_DOMAIN" "http://127.0.0.1:$H_PORT/b3lb/ping"
	ask "$H_DOMAIN" "/b3lb/r/$NONCE?download=1"
	is "$status" 404
	# However it is written: what is refused may tell it too.
	for path in "//b3lb/r/$NONCE" "/b3lb/%72/$NONCE" "/b3lb//r/$NONCE" "/b3lb/p/$NONCE/" "/b3lb/p/$NONCE/f/video/webcams.webm" \
		"/playback/presentation/2.3/$NONCE" "//b3lb/p/$NONCE/"; do
		ask "$H_DOMAIN" "$path"
	done
	ask "acme.$H_DOMAIN" "$(signed getMeetings "")"
	answers 200
	h_kill front
	grep -q '"GET /b3lb/r/- HTTP' "$log" || { cat "$log"; false; }
	grep -q '"GET /bigbluebutton/api/getMeetings HTTP' "$log" || { cat "$log"; false; }
	! grep -e "$NONCE" -e checksum "$log" || false
}

@test "Apache: no URL of a recording, no checksum" {
	h_apache_start b3lb-proxy-fcgi.conf proxy proxy_fcgi
	tells_nothing "$H/apache/access.log"
}

# Debian's Apache logs what a virtual host does not log itself, with the query.
@test "Apache with mod_fcgid: no URL of a recording, no checksum" {
	h_programs_stop
	rm -f "$H/apache/access.log"
	H_APACHE_FIRST="CustomLog $H/apache/others.log \"%r\"" h_apache_start b3lb-fcgid.conf fcgid
	tells_nothing "$H/apache/access.log"
	[ ! -s "$H/apache/others.log" ] || { cat "$H/apache/others.log"; false; }
}

@test "lighttpd: no URL of a recording, no checksum" {
	front_lighttpd
	tells_nothing "$H/access.log"
}
