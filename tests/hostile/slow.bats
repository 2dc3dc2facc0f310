# Who sends or reads slowly holds no thread: of a body nobody may send, of a form that is not signed, of a recording.
# fronts: lighttpd-socket lighttpd-binpath apache-proxy apache-fcgid
load ../harness/harness.bash
load ../harness/recorded.bash
setup_file() {
	# Threads of the web server itself are not what this is about.
	export H_APACHE_FIRST=$'ThreadLimit 400\nThreadsPerChild 400\nMaxRequestWorkers 400\nServerLimit 1'
	h_start 1 "threads = 4" "database_connections = 4" "sendfile = none"
}
teardown_file() { h_stop; }
setup() {
	h_reset
	# Before a web server gives the slow ones up by itself: Apache after 30 s.
	H_ASK_S=20
	HOLDER=
	rm -f "$BATS_TEST_TMPDIR/held"
}
teardown() { [ -z "$HOLDER" ] || kill "$HOLDER" 2>/dev/null || true; }

# COUNT connections that send a head, so much of its body that a web server hands it on, and then a few bytes each second: drip COUNT METHOD PATH HOST HEADER...
# START is what the body begins with.
drip() {
	perl -MIO::Socket::INET -e '
		my ($port, $count, $method, $path, $ready, $host, @headers) = @ARGV;
		my @c;
		for (1 .. $count) {
			my $c = IO::Socket::INET->new(PeerAddr => "127.0.0.1", PeerPort => $port) or next;
			syswrite($c, join("\r\n", "$method $path HTTP/1.1", "Host: $host", "Content-Length: 100000", @headers, "", ($ENV{START} // "") . "x=1&" x 5000));
			push @c, $c;
		}
		open(my $f, ">", $ready); print $f scalar(@c); close($f);
		$SIG{PIPE} = "IGNORE";
		while (1) { select(undef, undef, undef, 0.2); syswrite($_, "x=1&") for @c }
	' "$H_PORT" "$1" "$2" "$3" "$BATS_TEST_TMPDIR/held" "${@:4}" </dev/null >/dev/null 2>&1 3>&- 4>&- &
	HOLDER=$!
	h_wait test -s "$BATS_TEST_TMPDIR/held"
	is "$(cat "$BATS_TEST_TMPDIR/held")" "$1"
}

# COUNT connections that ask for a path and read nothing: lurk COUNT PATH HOST [HEADER...]
lurk() {
	perl -MSocket -MIO::Socket::INET -e '
		my ($port, $count, $path, $ready, $host, @headers) = @ARGV;
		my @c;
		for (1 .. $count) {
			socket(my $c, PF_INET, SOCK_STREAM, 0) or next;
			setsockopt($c, SOL_SOCKET, SO_RCVBUF, 4096);
			connect($c, pack_sockaddr_in($port, inet_aton("127.0.0.1"))) or next;
			syswrite($c, join("\r\n", "GET $path HTTP/1.1", "Host: $host", @headers, "", ""));
			push @c, $c;
		}
		open(my $f, ">", $ready); print $f scalar(@c); close($f);
		sleep 600;
	' "$H_PORT" "$1" "$2" "$BATS_TEST_TMPDIR/held" "${@:3}" </dev/null >/dev/null 2>&1 3>&- 4>&- &
	HOLDER=$!
	h_wait test -s "$BATS_TEST_TMPDIR/held"
	is "$(cat "$BATS_TEST_TMPDIR/held")" "$1"
	# The programs have them by then.
	sleep 1
}

# Bytes into a file, and the status: whole PATH [curl options]
whole() { curl -sS -o "$BATS_TEST_TMPDIR/got" -w '%{http_code}' --max-time 60 -H "Host: $H_DOMAIN" "${@:2}" "http://127.0.0.1:$H_PORT$1"; }

others_are_served() {
	bbb create "meetingID=abc&name=Name" && answers 200 SUCCESS
	bbb getMeetings "" && answers 200 SUCCESS
	ask "$H_DOMAIN" /b3lb/ping
	is "$status" 200
	ask "$H_DOMAIN" "/b3lb/b/callback/end?nonce=00000000000000000000000000000000"
	is "$status" "${1:-404}"
}

@test "forty bodies of a create without checksum, as a form and as XML" {
	drip 40 POST /bigbluebutton/api/create "acme.$H_DOMAIN" "Content-Type: application/x-www-form-urlencoded"
	others_are_served
	kill "$HOLDER"
	rm "$BATS_TEST_TMPDIR/held"
	drip 40 POST "/bigbluebutton/api/create?meetingID=a&checksum=0123456789012345678901234567890123456789" "acme.$H_DOMAIN" "Content-Type: text/xml"
	others_are_served
}

@test "forty bodies of somebody who has the secret" {
	drip 40 POST "$(signed create "meetingID=slow&name=Name")" "acme.$H_DOMAIN" "Content-Type: text/xml"
	others_are_served
}

@test "forty text tracks of a tenant, and one that is sent at once" {
	local form="Content-Type: multipart/form-data; boundary=x" q="recordID=rec-1&kind=captions&lang=de"
	recorded acme 0 rec-1 m1 Lecture
	START=$'--x\r\nContent-Disposition: form-data; name="file"; filename="t"\r\n\r\nWEBVTT\n' \
		drip 40 POST "$(signed putRecordingTextTrack "$q")" "acme.$H_DOMAIN" "$form"
	others_are_served
	printf 'WEBVTT\n' >"$BATS_TEST_TMPDIR/t.vtt"
	ask "acme.$H_DOMAIN" "$(signed putRecordingTextTrack "$q")" -F "file=@$BATS_TEST_TMPDIR/t.vtt"
	is "$(jq -r .response.messageKey <<<"$output")" upload_text_track_success
	head -c 10485761 /dev/zero >>"$BATS_TEST_TMPDIR/t.vtt"
	ask "acme.$H_DOMAIN" "$(signed putRecordingTextTrack "$q")" -F "file=@$BATS_TEST_TMPDIR/t.vtt"
	[[ "$output" == *"longer than 10485760 bytes"* ]]
}

@test "forty bodies for programs that take none" {
	local path
	for path in /b3lb/ping /b3lb/stats /b3lb/t/acme/logo /b3lb/r/00000000000000000000000000000000; do
		rm -f "$BATS_TEST_TMPDIR/held"
		drip 40 POST "$path" "$H_DOMAIN"
		others_are_served
		kill "$HOLDER"
	done
}

@test "forty uploads from an address that is no node's" {
	[ "${B3LB_FRONT:-lighttpd-socket}" != apache-fcgid ] || skip "mod_fcgid takes the whole body first"
	sed -i 's/^backend_allow.*/backend_allow = 192.0.2.1/' "$H/b3lb.conf"
	h_front_stop && h_front_start
	drip 40 POST "/b3lb/b/recording/upload?nonce=00000000000000000000000000000000" "$H_DOMAIN" "Content-Type: multipart/form-data; boundary=x"
	others_are_served 403
	sed -i 's/^backend_allow.*/backend_allow = 127.0.0.1/' "$H/b3lb.conf"
	h_front_stop && h_front_start
}

@test "sixty readers of a large file who do not read" {
	[ "${B3LB_FRONT:-lighttpd-socket}" != apache-fcgid ] || skip "mod_fcgid gives a process one request at a time: sendfile is what helps there"
	local nonce
	head -c 5000000 /dev/urandom >"$H/big.mp4"
	recorded acme 0 rec-1 m1 Lecture
	nonce=$(video rec-1 "$H/big.mp4")
	lurk 60 "/b3lb/r/$nonce" "$H_DOMAIN"
	is "$(whole "/b3lb/r/$nonce")" 200
	cmp "$BATS_TEST_TMPDIR/got" "$H/big.mp4"
	is "$(whole "/b3lb/r/$nonce" -H "Range: bytes=100-199")" 206
	cmp "$BATS_TEST_TMPDIR/got" <(tail -c +101 "$H/big.mp4" | head -c 100)
}

@test "sixty readers of a large slide who do not read" {
	[ "${B3LB_FRONT:-lighttpd-socket}" != apache-fcgid ] || skip "mod_fcgid gives a process one request at a time"
	head -c 4000000 /dev/urandom >"$H/slide.pdf"
	sql "insert into b3lb.asset (tenant_id, kind, type, name, data, etag) select id, 'slide', 'application/pdf', 'default.pdf', pg_read_binary_file('$H/slide.pdf'), 'e'
		from b3lb.tenant where slug = 'acme' on conflict do nothing"
	lurk 60 /b3lb/t/acme/slide "$H_DOMAIN"
	is "$(whole /b3lb/t/acme/slide)" 200
	cmp "$BATS_TEST_TMPDIR/got" "$H/slide.pdf"
}
