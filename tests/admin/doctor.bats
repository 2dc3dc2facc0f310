# b3lb-admin check: nothing to say where all is well, and for each thing that is broken a line with what to do.
bats_require_minimum_version 1.5.0
load ../harness/harness.bash
setup_file() {
	h_start 2 "render_path = ${TMPDIR:-/tmp}"
	local j
	for j in meetings callbacks hooks rollup cleanup render check; do job "$j" 2>/dev/null; done
}
teardown_file() { h_stop; }
setup() {
	h_reset
	admin node set n1 --secret node-secret --url "http://127.0.0.1:$H_SIM_PORT/n1" --load-url ""
	job poll 2>/dev/null
}
at() { admin check --url "http://127.0.0.1:$H_PORT" "$@"; }
# An error or warning that says so: says error|warning SUBJECT TEXT
says() { grep -q "^$1 *$2: .*$3" <<<"$output" || { echo "no $1 of $2 with '$3' in: $output" >&2; return 1; }; }
# A copy of the web servers' configuration, changed by a sed script, behind another port: broken_front FRONT FILE SCRIPT
broken_front() {
	local tree=$BATS_TEST_TMPDIR/tree
	mkdir -p "$tree"
	cp -r "$B3LB_PREFIX/share" "$tree/"
	sed -i "s|$B3LB_PREFIX/share|$tree/share|g" "$tree"/share/b3lb/*/*.conf
	sed -i "$3" "$tree/share/b3lb/$2"
	chmod -R a+rX "$BATS_TEST_TMPDIR" "$BATS_RUN_TMPDIR"
	h_kill front
	case $1 in
	apache) B3LB_PREFIX=$tree h_apache_start b3lb-proxy-fcgi.conf proxy proxy_fcgi ;;
	lighttpd) B3LB_PREFIX=$tree h_lighttpd_start b3lb-routes.conf ;;
	esac
	h_wait curl -sS -H "Host: $H_DOMAIN" "http://127.0.0.1:$H_PORT/"
}
mended_front() {
	h_kill front
	h_front_start
}

@test "all is well: no error, exit 0, every part was looked at" {
	run -0 at
	for part in configuration database schema "job poll" "job cleanup" "node n1" "node n2" "web server, api" "web server, stats" "web server, assets" \
		"web server, recordings" "web server, backend" "web server, HEAD" "web server, Authorization" "web server, bodies" "web server, URLs" storage; do
		says ok "$part" ""
	done
	[[ "$output" != *"$ACME_SECRET"* && "$output" != *node-secret* ]]
	is "$(sql 'select count(*) from b3lb.meeting')" 0
	is "$(find "$H/recordings" -type f | wc -l)" 0
}

@test "the same as JSON" {
	run -0 --separate-stderr at --json
	jq -e 'length > 15 and all(.[]; .level != "error" and (.message | length > 0))' <<<"$output"
}

@test "a cluster whose meetings weigh something besides their people is told what that costs" {
	admin cluster set main --load-a 2 --load-m 30
	run -0 at
	seen=$output
	admin cluster set main --load-a 1 --load-m 0
	run -0 at
	[[ "$output" != *"cluster main"* ]]
	output=$seen
	says warning "cluster main" "load_m is 30: .* 15 people .*b3lb-admin cluster set main --load-m 0"
}

@test "a tag that a tenant may ask for and no node has, and nodes that are all reserved" {
	admin node set n1 --tags gpu
	admin tenant set ACME --tags 'gpu,eu,node-n1,node-n9'
	run -0 at
	says warning "tenant ACME" "may ask for tag eu, which no node of its group has"
	says warning "tenant ACME" "may ask for tag node-n9,"
	is "$(grep -c "may ask for tag" <<<"$output") $(grep -c "is reserved" <<<"$output")" "2 0"
	admin node set n2 --tags eu
	run -0 at
	says warning "tenant BETA" "each node of its group is reserved: .*rule for meta_server-tag"
	admin parameter set BETA meta_server-tag set eu
	run -0 at
	[[ "$output" != *"tenant BETA"* && "$output" == *"tenant ACME"*"is reserved"* ]]
	admin parameter set '*' meta_server-tag set gpu
	run -0 at
	[[ "$output" != *"is reserved"* ]]
	admin parameter remove '*' meta_server-tag
	admin node set n1 --tags ''
	admin node set n2 --tags ''
	admin tenant set ACME --tags '*'
	run -0 at
	[[ "$output" != *"tenant ACME"* ]]
}

@test "a node's wrong secret, and one that does not answer" {
	admin node set n1 --secret wrong
	admin node set n2 --url "http://127.0.0.1:1"
	run -1 at
	says error "node n1" "refuses the secret"
	says error "node n2" "does not answer"
	admin node maintenance n2
	run -1 at
	says warning "node n2" "does not answer"
	admin node set n2 --url "http://127.0.0.1:$H_SIM_PORT/n2"
}

@test "a URL that is no BigBlueButton's" {
	admin node set n1 --url "http://127.0.0.1:$H_PORT"
	run -1 at
	says error "node n1" "URL of its API"
}

@test "a node without a load URL counts without it, one with rubbish there keeps its last one" {
	admin node set n1 --load-url "http://127.0.0.1:$H_SIM_PORT/nowhere"
	run -0 at
	says warning "node n1" "b3lb-node"
	admin node set n1 --load-url "http://127.0.0.1:$H_SIM_PORT/n1/bigbluebutton/api"
	run -0 at
	says warning "node n1" "not an integer"
}

@test "where browsers join: what does not answer, another BigBlueButton, and one that is right" {
	admin node set n1 --join-url "http://127.0.0.1:1"
	run -0 at
	says warning "node n1" "does not answer from here"
	sim n2/version value=3.0.99
	admin node set n1 --join-url "http://127.0.0.1:$H_SIM_PORT/n2"
	run -1 at
	says error "node n1" "leads to another BigBlueButton"
	says warning "node n1" "not https"
	sim n2/version value=
	B3LB_NODE_JOIN_BASE="http://localhost:$H_SIM_PORT/{slug}/bigbluebutton/api" run -0 at
	says ok "node n2" "browsers join at http://localhost:$H_SIM_PORT/n2/bigbluebutton/api/"
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout "$BATS_TEST_TMPDIR/key" -out "$BATS_TEST_TMPDIR/cert" -days 30 -subj /CN=localhost 2>/dev/null
	port=$(h_free_port)
	h_spawn tls openssl s_server -accept "$port" -www -key "$BATS_TEST_TMPDIR/key" -cert "$BATS_TEST_TMPDIR/cert"
	h_wait openssl s_client -connect "127.0.0.1:$port"
	admin node set n1 --join-url "https://localhost:$port"
	run -1 at
	says error "node n1" "join URL https://localhost:$port/bigbluebutton/api/ is not trusted"
	h_kill tls
	admin node set n1 --join-url ""
}

@test "a telephone gateway that cannot ask, and PINs that are easily guessed" {
	B3LB_DIALIN_PASSWORD=gate run -0 at
	says warning dial-in "dialin_allow is empty"
	sql "insert into b3lb.dial_pin (secret_id, meeting_id, pin) select (select min(id) from b3lb.secret), i::text, i::text from generate_series(10000, 28000) i"
	B3LB_DIALIN_ALLOW=192.0.2.1 B3LB_PIN_LENGTH=5 run -0 at
	says warning dial-in "no dialin_password"
	says warning dial-in "20 % of the PINs of 5 digits"
	sql "delete from b3lb.dial_pin"
	B3LB_DIALIN_PASSWORD=gate B3LB_DIALIN_ALLOW=192.0.2.1 run -0 at
	[[ "$output" != *dial-in* ]]
}

@test "a node whose clock is an hour ahead" {
	cat >"$BATS_TEST_TMPDIR/node.pl" <<-'PERL'
		use IO::Socket::INET; use POSIX qw(strftime);
		my $s = IO::Socket::INET->new(Listen => 5, LocalAddr => "127.0.0.1", LocalPort => $ARGV[0], ReuseAddr => 1) or die;
		while (my $c = $s->accept) {
			my $line = <$c>;
			while (<$c>) { last if /^\r?$/ }
			my $body = $line =~ /getMeetings/ ? "<response><returncode>SUCCESS</returncode><meetings/></response>" : "7";
			print $c "HTTP/1.0 200 OK\r\nDate: " . strftime("%a, %d %b %Y %H:%M:%S GMT", gmtime(time + 3600)) . "\r\nContent-Length: " . length($body) . "\r\n\r\n$body";
			close $c;
		}
	PERL
	port=$(h_free_port)
	h_spawn late perl "$BATS_TEST_TMPDIR/node.pl" "$port"
	h_wait curl -sS "http://127.0.0.1:$port/"
	admin node set n1 --url "http://127.0.0.1:$port"
	run -0 at
	says warning "node n1" "ahead of ours.*timedatectl"
	h_kill late
}

@test "a node that may not call us" {
	B3LB_BACKEND_ALLOW=192.0.2.0/24 run -0 at
	says warning "node n1" "not in backend_allow"
	B3LB_BACKEND_ALLOW= run -0 at
	says warning configuration "backend_allow is empty"
}

@test "a recording that did not arrive from a node" {
	sql "insert into b3lb.record_set (tenant_id, secret_id, meeting_id, name, marks, ended_at) select tenant_id, id, 'lost', 'Lost', true, now() - interval '5 hours'
			from b3lb.secret order by id limit 1;
		insert into b3lb.ended_meeting (nonce, secret_id, node_id, meeting_id, node_meeting_id, record_set_id, own_params, ended_at)
			select 'x', r.secret_id, n.id, 'lost', 'x', r.id, '{}', now() - interval '5 hours' from b3lb.record_set r, b3lb.node n where n.slug = 'n2'"
	run -0 at
	says warning "node n2" "1 recording of the last two days did not arrive"
	says ok "node n1" "none is missing"
}

@test "a job that fails, one that is late, one that never ran" {
	sql "update b3lb.job set good_at = now() - interval '1 hour', finished_at = now() - interval '1 hour', started_at = now() - interval '61 minutes' where name = 'meetings';
		update b3lb.job set good_at = null, message = 'no disk' where name = 'rollup'; delete from b3lb.job where name = 'callbacks'"
	run -1 at
	says error "job meetings" "36[0-9][0-9] seconds ago"
	says error "job rollup" "no disk"
	says error "job callbacks" "b3lb-callbacks.timer"
	for j in meetings callbacks rollup; do job "$j" 2>/dev/null; done
	run -0 at
}

@test "the database away: everything else is looked at" {
	B3LB_DATABASE="host=127.0.0.1 port=1 dbname=b3lb" run -1 at
	says error database "b3lb-admin setup"
	says ok "web server, api" ""
	says ok storage ""
}

@test "an empty database and an old schema" {
	psql -q -h 127.0.0.1 -p "$H_PG_PORT" -U postgres -d postgres -c "create database bare"
	B3LB_DATABASE="host=127.0.0.1 port=$H_PG_PORT user=postgres dbname=bare" run -1 at
	says error schema "b3lb-admin db init"
	functions=$(sql "select functions from b3lb.migration where functions is not null")
	sql "update b3lb.migration set functions = 'other'"
	run -1 at
	says error schema "b3lb-admin db migrate"
	admin db migrate >/dev/null
}

@test "storage that cannot be written, or is nearly full" {
	B3LB_RECORD_PATH=/proc/nowhere run -1 at
	says error storage ""
	B3LB_RECORD_FREE_MIN=1048576 run -1 at
	says error storage "record_free_min"
	B3LB_RENDER_PATH=/nowhere run -0 at
	says warning storage "render_path /nowhere"
	B3LB_RECORD_STORAGE=s3 B3LB_S3_ENDPOINT=http://127.0.0.1:1 B3LB_S3_BUCKET=b B3LB_S3_ACCESS_KEY=a B3LB_S3_SECRET_KEY=k run -1 at
	says error storage "s3_endpoint"
}

@test "no web server, a program that does not run, a path that is not routed" {
	run -1 admin check --url http://127.0.0.1:1
	says error "web server" "does not answer"
	h_kill stats
	rm -f "$H/run/stats.sock"
	run -1 at
	says error "web server, stats" "is the program running"
	h_programs_start
	broken_front lighttpd lighttpd/b3lb-routes.conf 's|^} else $HTTP\["url"\] =~ "^/b3lb/r/"|} else $HTTP["url"] =~ "^/nowhere/"|'
	run -1 at
	says error "web server, recordings" "does not send this path"
	mended_front
}

@test "lighttpd that refuses bodies and line breaks" {
	broken_front lighttpd lighttpd/b3lb.conf 's|max-request-size = 98304|max-request-size = 64|; s|"url-ctrls-reject" => "disable"|"url-ctrls-reject" => "enable"|'
	run -1 at
	says error "web server, bodies" "413"
	says error "web server, URLs" "url-ctrls-reject"
	mended_front
}

@test "Apache that drops Authorization and lengths" {
	broken_front apache apache/b3lb-routes.conf 's/CGIPassAuth On/CGIPassAuth Off/; s/SetEnv ap_trust_cgilike_cl 1//'
	run -1 at
	says error "web server, Authorization" "CGIPassAuth"
	says error "web server, HEAD" "ap_trust_cgilike_cl"
	mended_front
}

@test "a name that does not resolve, without --url" {
	B3LB_API_BASE_DOMAIN=b3lb-check.invalid B3LB_PUBLIC_URL= run -1 admin check
	says warning DNS "acme.b3lb-check.invalid does not resolve"
	says error "web server" "DNS needs an entry"
}

@test "a certificate for another name, one that is right, one that is about to expire" {
	openssl req -x509 -newkey rsa:2048 -nodes -days 400 -subj /CN=ca -keyout "$BATS_TEST_TMPDIR/ca.key" -out "$BATS_TEST_TMPDIR/ca.pem" 2>/dev/null
	port=$(h_free_port)
	tls() {
		openssl req -newkey rsa:2048 -nodes -subj /CN=x -keyout "$BATS_TEST_TMPDIR/k.pem" -out "$BATS_TEST_TMPDIR/c.csr" 2>/dev/null
		printf 'subjectAltName=DNS:%s\n' "$1" >"$BATS_TEST_TMPDIR/ext"
		openssl x509 -req -in "$BATS_TEST_TMPDIR/c.csr" -CA "$BATS_TEST_TMPDIR/ca.pem" -CAkey "$BATS_TEST_TMPDIR/ca.key" -CAcreateserial -days "$2" -extfile "$BATS_TEST_TMPDIR/ext" \
			-out "$BATS_TEST_TMPDIR/c.pem" 2>/dev/null
		h_kill tls
		h_spawn tls openssl s_server -quiet -www -accept "127.0.0.1:$port" -cert "$BATS_TEST_TMPDIR/c.pem" -key "$BATS_TEST_TMPDIR/k.pem"
		h_wait curl -ksS "https://127.0.0.1:$port/"
		run admin check --url "https://127.0.0.1:$port" --ca-file "$BATS_TEST_TMPDIR/ca.pem"
	}
	tls other.example 90
	says error "web server" "one level below it"
	tls "*.$H_DOMAIN" 90
	says ok certificate "89 more days\|90 more days"
	tls "*.$H_DOMAIN" 5
	says warning certificate "renew it"
	h_kill tls
}

@test "secrets in a file that anybody may read" {
	cp "$H/b3lb.conf" "$BATS_TEST_TMPDIR/open.conf"
	echo "admin_token = very-secret" >>"$BATS_TEST_TMPDIR/open.conf"
	chmod 644 "$BATS_TEST_TMPDIR/open.conf"
	run -0 "$B3LB_PREFIX/sbin/b3lb-admin" --config "$BATS_TEST_TMPDIR/open.conf" check --url "http://127.0.0.1:$H_PORT"
	says warning configuration "chmod 640"
	[[ "$output" != *very-secret* ]]
}

@test "a bad --url is refused by rule" {
	run admin check --url "ftp://x"
	is "$status" 1
	[[ "$output" == *"--url must be"* ]]
}
