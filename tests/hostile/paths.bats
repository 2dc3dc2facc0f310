# Paths, hosts and request lines that two parsers may read in two ways.
# fronts: all
load ../harness/harness.bash
load hostile.bash
setup_file() {
	h_start 2
	bbb create "meetingID=acmes&name=Name"
	beta create "meetingID=betas&name=Name"
}
teardown_file() { h_stop; }

# Neither a success nor a file of this machine.
refused() {
	[[ "$status" =~ ^(400|401|403|404|405|414|501|505|)$ && "$output" != *SUCCESS* && "$output" != *root:* ]] ||
		{ echo "not refused: $1: $status $output" >&2; return 1; }
}

@test "dots, doubled and encoded slashes lead nowhere" {
	local q p
	q=${q:-$(signed getMeetings "")}
	q=${q#*\?}
	for p in /bigbluebutton/api/../api/getMeetings /bigbluebutton/./api/getMeetings /bigbluebutton/api/%2e%2e/api/getMeetings \
		/bigbluebutton/api%2fgetMeetings /bigbluebutton/api/getMeeting%73 /bigbluebutton//api/../api/getMeetings \
		/x/../bigbluebutton/api/getMeetings /bigbluebutton/api/getMeetings/. '/bigbluebutton/api/getMeetings;x=y' \
		/bigbluebutton/api/getMeetings%00 /bigbluebutton/api/getMeetings%20 /bigbluebutton/API/getMeetings /bigbluebutton/api/GETMEETINGS \
		/bigbluebutton/api/..%c0%afapi/getMeetings '/bigbluebutton\api\getMeetings' /bigbluebutton/api/getMeetings%2f..%2fcreate \
		/b3lb/t/acme/../beta/bbb/api/getMeetings /b3lb/t/acme%2f..%2fbeta/bbb/api/getMeetings; do
		raw 'GET %s?%s HTTP/1.1\r\nHost: acme.bbb.test\r\nConnection: close\r\n\r\n' "$p" "$q"
		refused "$p"
	done
	for p in /../../../../etc/passwd /%2e%2e/%2e%2e/%2e%2e/etc/passwd /b3lb/t/../../../etc/passwd /b3lb/r/../../etc/passwd \
		/b3lb/r/..%2f..%2fetc%2fpasswd /b3lb/t/acme/logo/../../../../etc/passwd /etc/passwd '/b3lb/b/../../../etc/passwd'; do
		raw 'GET %s HTTP/1.1\r\nHost: bbb.test\r\nConnection: close\r\n\r\n' "$p"
		refused "$p"
	done
}

@test "two Hosts, none, or what is no host name" {
	local q
	q=$(signed getMeetings "")
	raw 'GET %s HTTP/1.1\r\nHost: acme.bbb.test\r\nHost: beta.bbb.test\r\nConnection: close\r\n\r\n' "$q"
	refused "two hosts"
	raw 'GET %s HTTP/1.1\r\nConnection: close\r\n\r\n' "$q"
	refused "no host"
	for host in 'acme.bbb.test, beta.bbb.test' 'acme.bbb.test/x' 'acme.bbb.test@evil' 'acme.bbb.test:80:80' 'acme.bbb.test:x' 'acme..bbb.test' \
		'-acme.bbb.test' 'acme.bbb.test\xff' 'x.acme.bbb.test' 'acme.bbb.test.evil.test' 'evil-bbb.test' '[::1]' 'acme%2ebbb.test'; do
		raw "GET %s HTTP/1.1\\r\\nHost: $host\\r\\nConnection: close\\r\\n\\r\\n" "$q"
		refused "$host"
	done
	for host in ACME.BBB.TEST acme.bbb.test. acme.bbb.test:8080; do
		raw 'GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n' "$q" "$host"
		# A web server may refuse the dot; who lets it through means ACME.
		[ "$status" != 200 ] || [[ "$output" == *acmes* ]]
	done
}

@test "an absolute form does not speak for another tenant" {
	raw 'GET http://beta.bbb.test%s HTTP/1.1\r\nHost: acme.bbb.test\r\nConnection: close\r\n\r\n' "$(signed getMeetings "")"
	[[ "$output" != *betas* ]]
	raw 'GET http://acme.bbb.test%s HTTP/1.1\r\nHost: beta.bbb.test\r\nConnection: close\r\n\r\n' "$(signed getMeetings "" "$BETA_SECRET")"
	[[ "$output" != *acmes* ]]
	for uri in 'http:/bigbluebutton/api' 'ftp://acme.bbb.test/bigbluebutton/api' 'http://' '*' 'acme.bbb.test:443' '//acme.bbb.test/bigbluebutton/api'; do
		raw 'GET %s HTTP/1.1\r\nHost: acme.bbb.test\r\nConnection: close\r\n\r\n' "$uri"
		refused "$uri"
	done
}

@test "a path of one tenant on another's host is nobody's" {
	local q
	q=$(checksum getMeetings "" "$BETA_SECRET")
	ask "acme.$H_DOMAIN" "/b3lb/t/beta/bbb/api/getMeetings?checksum=$q"
	answers 401 FAILED checksumError
	ask "beta.$H_DOMAIN" "/b3lb/t/beta/bbb/api/getMeetings?checksum=$q"
	answers 200 SUCCESS
	# A header that a proxy may set means nothing from who is none.
	ask "acme.$H_DOMAIN" "/bigbluebutton/api/getMeetings?checksum=$q" -H "X-Forwarded-Host: beta.$H_DOMAIN" -H "X-Forwarded-For: 127.0.0.1" -H "Forwarded: host=beta.$H_DOMAIN"
	answers 401 FAILED checksumError
	# Headers that become CGI variables of ours.
	ask "acme.$H_DOMAIN" "/bigbluebutton/api/getMeetings?checksum=$q" -H "Request-Uri: /b3lb/t/beta/bbb/api/getMeetings" -H "Remote-Addr: 127.0.0.1" -H "Proxy: http://127.0.0.1:1"
	answers 401 FAILED checksumError
}

@test "request lines that are none" {
	for line in 'GET' 'GET /' 'GET / HTTP/9.9' 'get /bigbluebutton/api HTTP/1.1' 'G\x00T / HTTP/1.1' 'GET /\x01 HTTP/1.1' 'GET  /bigbluebutton/api  HTTP/1.1' \
		'PRI * HTTP/2.0' '\x16\x03\x01\x02' 'TRACE /bigbluebutton/api HTTP/1.1' 'CONNECT acme.bbb.test:80 HTTP/1.1' 'PUT /bigbluebutton/api/create HTTP/1.1' \
		'DELETE /bigbluebutton/api/create HTTP/1.1'; do
		raw "$line\\r\\nHost: acme.bbb.test\\r\\nConnection: close\\r\\n\\r\\n"
		refused "$line"
	done
}

@test "lengths that are none" {
	local q="meetingID=abc&name=Name"
	for head in 'Content-Length: 3\r\nContent-Length: 30' 'Content-Length: -1' 'Content-Length: 0x10' 'Content-Length: 99999999999999999999999' \
		'Content-Length: 3, 30' 'Content-Length: 3x' 'Transfer-Encoding: xchunked' 'Transfer-Encoding: chunked\r\nContent-Length: x'; do
		raw "POST /bigbluebutton/api/create?%s HTTP/1.1\\r\\nHost: acme.bbb.test\\r\\nContent-Type: text/xml\\r\\nConnection: close\\r\\n$head\\r\\n\\r\\n<a/>" \
			"$q&checksum=$(checksum create "$q" "$ACME_SECRET")"
		refused "$head"
	done
	is "$(sql "select count(*) from b3lb.meeting where meeting_id = 'abc'")" 0
}
