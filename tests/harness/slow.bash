# Who sends or reads slowly. To be sourced after harness.bash.

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
