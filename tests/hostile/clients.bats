# Clients that send too little, too much, too slowly or nothing: the others are served.
load ../harness/harness.bash
load hostile.bash
setup_file() { h_start 2 "threads = 8"; }
teardown_file() { h_stop; }
setup() {
	h_reset
	HOLD=$BATS_TEST_TMPDIR/hold
	mkfifo "$HOLD"
}
# Ends connections that hold starts, even when the test failed.
teardown() { [ -z "${HOLDER:-}" ] || kill "$HOLDER" 2>/dev/null || true; }

# Holds COUNT connections open on which MODE happens: idle, drip (a byte of a header a second), body (half of one).
hold() {
	perl -MIO::Socket::INET -e '
		my ($port, $count, $mode, $ready, $host) = @ARGV;
		my @c;
		for (1 .. $count) {
			my $c = IO::Socket::INET->new(PeerAddr => "127.0.0.1", PeerPort => $port) or next;
			syswrite($c, "GET /bigbluebutton/api HTTP/1.1\r\nHost: $host\r\nX: ") if $mode eq "drip";
			syswrite($c, "POST /bigbluebutton/api/create HTTP/1.1\r\nHost: $host\r\nContent-Type: text/xml\r\n"
				. "Content-Length: 100000\r\n\r\n<modules>") if $mode eq "body";
			push @c, $c;
		}
		open(my $f, ">", $ready); print $f scalar(@c); close($f);
		$SIG{PIPE} = "IGNORE";
		while (1) { sleep 1; if ($mode eq "drip") { syswrite($_, "x") for @c } }
	' "$H_PORT" "$1" "$2" "$BATS_TEST_TMPDIR/held" "acme.$H_DOMAIN" </dev/null >/dev/null 2>&1 3>&- 4>&- &
	HOLDER=$!
	h_wait test -s "$BATS_TEST_TMPDIR/held"
	is "$(cat "$BATS_TEST_TMPDIR/held")" "$1"
}

others_are_served() {
	bbb create "meetingID=abc&name=Name"
	answers 200 SUCCESS
	bbb getMeetings ""
	answers 200 SUCCESS
	is "$(x //meetingID)" abc
}

@test "a thousand idle connections" {
	hold 1000 idle
	others_are_served
}

@test "a hundred heads that come a byte a second" {
	hold 100 drip
	others_are_served
}

@test "a hundred bodies that stop half way" {
	hold 100 body
	others_are_served
}

@test "a body that is cut off is a clear answer or none, and nothing is made of it" {
	local q
	q=$(signed create "meetingID=abc&name=Name")
	raw 'POST %s HTTP/1.1\r\nHost: acme.bbb.test\r\nContent-Type: text/xml\r\nContent-Length: 5\r\nConnection: close\r\n\r\n<mod' "$q" &
	wait $!
	is "$(sql 'select count(*) from b3lb.meeting')" 0
	others_are_served
}

@test "more half bodies of strangers than may be held: the ones that wait longest go, not a slide that is on its way" {
	# Straight to the program: its web server would hold them. 250 strangers, a slide of 4 MB by halves, 40 more strangers in between.
	output=$(perl -MIO::Socket::UNIX -e '
		my ($socket, $host, $uri) = @ARGV;
		$SIG{PIPE} = "IGNORE";
		sub record { my ($type, $rest) = @_; my $all = "";
			do { my $part = substr($rest, 0, 60000, ""); $all .= pack("CCnnCC", 1, $type, 1, length($part), 0, 0) . $part } while length($rest);
			return $all }
		sub begin { my ($uri, $type, $length, $body) = @_;
			my $c = IO::Socket::UNIX->new(Peer => $socket) or die "no connection: $!";
			my @v = (REQUEST_METHOD => "POST", REQUEST_URI => $uri, HTTP_HOST => $host, REMOTE_ADDR => "127.0.0.1",
				CONTENT_TYPE => $type, CONTENT_LENGTH => $length);
			my $params = "";
			while (my ($n, $v) = splice(@v, 0, 2)) { $params .= pack("NN", length($n) | 1 << 31, length($v) | 1 << 31) . $n . $v }
			print $c record(1, pack("nCx5", 1, 0)), record(4, $params), record(4, ""), record(5, $body);
			$c->flush;
			return $c }
		sub stranger { begin("/bigbluebutton/api/create", "application/x-www-form-urlencoded", 1048000, "x" x 1000000) }
		my $slide = "<modules>" . " " x 4000000 . "</modules>";
		my @c = map { stranger() } 1 .. 250;
		my $mine = begin($uri, "text/xml", length($slide), substr($slide, 0, 3000000, ""));
		push @c, map { stranger() } 1 .. 40;
		print $mine record(5, $slide), record(5, "");
		$mine->flush;
		local $/;
		print <$mine>' "$H/run/api.sock" "acme.$H_DOMAIN" "$(signed create "meetingID=abc&name=Name")" | tr -d '\0')
	[[ "$output" == *"<returncode>SUCCESS"* ]] || { echo "${output:0:300}"; false; }
	others_are_served
}

@test "bodies without a right checksum are not held in memory" {
	local pid before after
	pid=$(cat "$H/api.pid")
	head -c 50000000 /dev/zero | tr '\0' x >"$BATS_TEST_TMPDIR/big"
	others_are_served
	echo 5 >"/proc/$pid/clear_refs"
	before=$(awk '/VmHWM/ {print $2}' "/proc/$pid/status")
	for type in text/xml application/x-www-form-urlencoded multipart/form-data text/plain; do
		seq 8 | xargs -P 8 -I{} curl -sS -o "$BATS_TEST_TMPDIR/answer.{}" -H "Host: acme.$H_DOMAIN" -H "Content-Type: $type" \
			--data-binary "@$BATS_TEST_TMPDIR/big" "http://127.0.0.1:$H_PORT/bigbluebutton/api/create?meetingID=x&name=Name&checksum=$(checksum x y z)"
		grep -q FAILED "$BATS_TEST_TMPDIR/answer.3"
	done
	after=$(awk '/VmHWM/ {print $2}' "/proc/$pid/status")
	[ $((after - before)) -lt 60000 ] || { echo "grew from $before to $after kB"; return 1; }
	others_are_served
}

@test "a form is no place for a megabyte" {
	{ printf 'meetingID=abc&name=Name&meta_x='; head -c 1100000 /dev/zero | tr '\0' x; } >"$BATS_TEST_TMPDIR/form"
	ask "acme.$H_DOMAIN" /bigbluebutton/api/create -H Expect: --data-binary "@$BATS_TEST_TMPDIR/form"
	answers 413 FAILED requestTooLarge
	is "$(sql 'select count(*) from b3lb.meeting')" 0
}

@test "a body longer than body_max is refused, checksum or not" {
	head -c 70000000 /dev/zero >"$BATS_TEST_TMPDIR/big"
	ask "acme.$H_DOMAIN" "$(signed create "meetingID=abc&name=Name")" -H Expect: -H "Content-Type: text/xml" --data-binary "@$BATS_TEST_TMPDIR/big"
	answers 413 FAILED requestTooLarge
	is "$(sql 'select count(*) from b3lb.meeting')" 0
}

@test "headers up to the server's limit and beyond" {
	local long
	long=$(printf 'x%.0s' $(seq 7000))
	for n in 1 2 4 16; do
		raw 'GET /bigbluebutton/api HTTP/1.1\r\nHost: acme.bbb.test\r\nConnection: close\r\n%s\r\n' "$(for i in $(seq "$n"); do printf 'X-%s: %s\r\n' "$i" "$long"; done)"
		# Nothing: it was reset while we still wrote.
		[[ "$status" =~ ^(200|400|413|431|)$ ]]
	done
	raw 'GET /bigbluebutton/api HTTP/1.1\r\nHost: acme.bbb.test\r\nConnection: close\r\n%s\r\n' "$(for i in $(seq 500); do printf 'X-%s: y\r\n' "$i"; done)"
	[[ "$status" =~ ^(200|400|431|)$ ]]
	others_are_served
}

@test "ten thousand parameters are refused, also before a right checksum" {
	local q
	q="meetingID=abc&name=Name$(printf '&a=%s' $(seq 1500))"
	ask "acme.$H_DOMAIN" /bigbluebutton/api/create --data "$q&checksum=$(checksum create "$q" "$ACME_SECRET")"
	answers 400 FAILED invalidParameters
	ask "acme.$H_DOMAIN" /bigbluebutton/api/create --data "$q&checksum=$(checksum create "$q" wrong)"
	answers 401 FAILED checksumError
}

@test "XML of a client is not read here: entities, bombs and depth go on as they came, or with a slide in front" {
	local doctype deep="$BATS_TEST_TMPDIR/deep" n=0 pid before after body bytes
	pid=$(cat "$H/api.pid")
	others_are_served
	echo 5 >"/proc/$pid/clear_refs"
	before=$(awk '/VmHWM/ {print $2}' "/proc/$pid/status")
	{ printf '<a>%.0s' $(seq 100000); printf '<modules></modules>'; } >"$deep"
	for slide in no yes; do
		for doctype in '[<!ENTITY x SYSTEM "file:///etc/passwd">]' '[<!ENTITY % x SYSTEM "http://127.0.0.1:1/x.dtd"> %x;]' 'SYSTEM "http://127.0.0.1:1/x.dtd"' \
			'[<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;"><!ENTITY x "&d;&d;&d;&d;&d;&d;&d;&d;">]'; do
			printf '<?xml version="1.0"?><!DOCTYPE modules %s><modules><module name="clientSettingsOverride">&x;</module></modules>' "$doctype" >"$deep.$((n += 1))"
		done
		for body in "$deep" "$deep".[0-9]*; do
			for call in create insertDocument; do
				ask "acme.$H_DOMAIN" "$(signed $call "meetingID=abc&name=Name")" -H "Content-Type: text/xml" --data-binary "@$body"
				[[ "$status" = 200 && "$output" == *"<returncode>"* && "$output" != *root:* && "$output" != *aaaaaaaaaaa* ]]
				bytes=$(sim journal call=$call | jq '.[-1].body_bytes')
				is "$call $((bytes - $(stat -c %s "$body") > 0))" "$call $([ "$slide/$call" = yes/create ] && echo 1 || echo 0)"
			done
		done
		sql "insert into b3lb.asset (tenant_id, kind, type, name, data, etag) select id, 'slide', 'application/pdf', 'default.pdf', 'x', 'e' from b3lb.tenant on conflict do nothing"
	done
	after=$(awk '/VmHWM/ {print $2}' "/proc/$pid/status")
	[ $((after - before)) -lt "$([ -n "${B3LB_SANITIZED:-}" ] && echo 120000 || echo 20000)" ] || { echo "grew from $before to $after kB"; return 1; }
	others_are_served
}
