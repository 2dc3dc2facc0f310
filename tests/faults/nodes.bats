# One of ten nodes breaks, in every way a server can: it costs clean errors in bounded time for its own meetings, loses none of
# them, and the other nine do not notice.
load ../harness/harness.bash
setup_file() {
	export TLS=$BATS_FILE_TMPDIR
	chmod 755 "$TLS"
	certificate authority authority
	h_start 10 "node_connect_timeout = 2" "node_request_timeout = 3" "poll_failures_offline = 1" "node_ca_file = $TLS/authority.pem"
	export GATE_PORT TLS_PORT
	GATE_PORT=$(h_free_port)
	TLS_PORT=$(h_free_port)
	gate pass
	reach_by "http://127.0.0.1:$GATE_PORT"
}
teardown_file() { h_stop; }
setup() {
	h_reset
	for ((i = 1; i <= 9; i++)); do
		prefer "n$i"
		bbb create "meetingID=m$i&name=Name"
	done
	prefer n10
	bbb create "meetingID=abc&name=Name"
	internal=$(x //internalMeetingID)
	bbb create "meetingID=left&name=Left"
	mapped=$(mapping)
	poll=(job poll)
	is "$(sql "select string_agg(distinct n.slug, ' ') from b3lb.meeting m join b3lb.node n on n.id = m.node_id where meeting_id in ('abc', 'left')")" n10
}
# Also when the test failed.
teardown() {
	load_end
	sim n10/behave mode=normal >/dev/null
	gate pass
	reach_by "http://127.0.0.1:$GATE_PORT"
}

# New meetings go to that node.
prefer() { sql "update b3lb.node set attendees = case when slug = '$1' then 0 else 1000 end"; }
mapping() { sql "select string_agg(meeting_id || ' ' || node_meeting_id || ' ' || node_id, ', ' order by id) from b3lb.meeting where meeting_id = 'abc'"; }
# The row of the meeting that is ended is there as long as the node has the meeting: some broken nodes understand, and call back.
left_is_known() {
	[ "$(sql "select string_agg(node_meeting_id, ' ') from b3lb.meeting where meeting_id = 'left'")" = "$(sim n10/meetings | jq -r '.[] | select(.name == "Left") | .id')" ]
}
reach_by() { admin node set n10 --url "$1/n10"; }
node() { sql "select $1 from b3lb.node where slug = 'n10'"; }
gate() {
	h_kill gate KILL
	h_spawn gate "$B3LB_SOURCE/tests/faults/gate" "$GATE_PORT" "$1" "$H_SIM_PORT"
	# It listens; asking it would be a connection more.
	h_wait grep -q "$(printf ':%04X 00000000:0000 0A' "$GATE_PORT")" /proc/net/tcp
}

# A key and a certificate of the node, signed by an authority, or by itself: certificate NAME HOST [AUTHORITY]
certificate() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj "/CN=$2" -addext "subjectAltName=DNS:$2" \
		${3:+-CA "$TLS/$3.pem" -CAkey "$TLS/$3.key"} -keyout "$TLS/$1.key" -out "$TLS/$1.pem" 2>"$TLS/log" || cat "$TLS/log"
}
# TLS before the simulator, with a certificate.
tls_start() {
	h_kill tls
	cat >"$H/tls.conf" <<-CONF
		server.document-root = "$H/empty"
		server.port = $TLS_PORT
		server.bind = "127.0.0.1"
		server.modules = ( "mod_openssl", "mod_proxy" )
		ssl.engine = "enable"
		ssl.pemfile = "$TLS/$1.pem"
		ssl.privkey = "$TLS/$1.key"
		proxy.server = ( "" => (( "host" => "127.0.0.1", "port" => $H_SIM_PORT )) )
	CONF
	h_spawn tls lighttpd -D -f "$H/tls.conf"
	h_wait curl -ksS -o "$H/tls.out" "https://127.0.0.1:$TLS_PORT/"
}

# A command for which names are in files of ours, and the name server takes every question and says nothing; in the place of the
# shell that runs it.
in_space() {
	# shellcheck disable=SC2016
	exec unshare "$([ "$(id -u)" = 0 ] && echo -m || echo -rm)" sh -ec 'mount --bind "$0/hosts" /etc/hosts
		mount --bind "$0/resolv.conf" /etc/resolv.conf
		exec "$@"' "$H" "$@"
}
name_server_start() {
	# Who may not take its port asks an address that nobody has.
	echo "nameserver 192.0.2.1" >"$H/resolv.conf"
	[ "$(id -u)" = 0 ] || return 0
	h_spawn names perl -MIO::Socket::INET -e 'my $s = IO::Socket::INET->new(Proto => "udp", LocalAddr => "127.0.0.77", LocalPort => 53) or die; sleep 1 while 1'
	echo "nameserver 127.0.0.77" >"$H/resolv.conf"
}
named() { printf '127.0.0.1 localhost %s\n' "$1" >"$H/hosts"; }

# Calls about the meetings of the other nine, one after the other, again and again, until load_end; what takes longer than a
# connection may take counts as failed.
load_begin() {
	local i q
	for ((i = 1; i <= 9; i++)); do
		for q in "isMeetingRunning meetingID=m$i" "getMeetingInfo meetingID=m$i" "join meetingID=m$i&fullName=Me&role=VIEWER" "create meetingID=m$i&name=Name"; do
			printf 'url = "http://127.0.0.1:%s%s"\n' "$H_PORT" "$(signed "${q%% *}" "${q#* }")"
		done
	done >"$BATS_TEST_TMPDIR/load.conf"
	for i in 1 2; do
		while [ ! -e "$BATS_TEST_TMPDIR/load.end" ]; do
			curl -s --rate 40/s --max-time 2 -H "Host: acme.$H_DOMAIN" -w '\nload %{http_code} %{time_total}\n' -K "$BATS_TEST_TMPDIR/load.conf" || true
		done >"$BATS_TEST_TMPDIR/load.$i" 2>&1 </dev/null 3>&- 4>&- &
		LOAD+=($!)
	done
}
load_end() {
	[ -n "${LOAD:-}" ] || return 0
	touch "$BATS_TEST_TMPDIR/load.end"
	wait "${LOAD[@]}"
	LOAD=()
}
# None of them failed, and there were some.
load_was_right() {
	load_end
	[ "$(cat "$BATS_TEST_TMPDIR"/load.? | grep -c '^load ')" -ge 72 ]
	is "$(cat "$BATS_TEST_TMPDIR"/load.? | grep '^load ' | grep -v '^load [23]' | sort | uniq -c)" ""
	is "$(cat "$BATS_TEST_TMPDIR"/load.? | grep -c FAILED)" 0
}

# Calls about the broken node's meetings, and a create of a new one.
calls='new create meetingID=new&name=Name
again create meetingID=abc&name=Name
running isMeetingRunning meetingID=abc
info getMeetingInfo meetingID=abc
end end meetingID=left
join join meetingID=abc&fullName=Me&role=VIEWER
session join meetingID=abc&fullName=Me&role=VIEWER&redirect=false'
# Does those named, all at once: each answer goes to a file of its own.
ask_all() {
	local name call query pids=()
	while read -r name call query; do
		[[ " $* " == *" $name "* ]] || continue
		curl -sS --max-time 9 -o "$BATS_TEST_TMPDIR/$name.body" -w '%{http_code}' -H "Host: acme.$H_DOMAIN" \
			"http://127.0.0.1:$H_PORT$(signed "$call" "$query")" >"$BATS_TEST_TMPDIR/$name.status" </dev/null &
		pids+=($!)
	done <<<"$calls"
	wait "${pids[@]}"
}
# One of those answers: said NAME STATUS [returncode] [key]
said() {
	status=$(cat "$BATS_TEST_TMPDIR/$1.status")
	output=$(cat "$BATS_TEST_TMPDIR/$1.body" 2>/dev/null)
	if [ "$2" = 302 ]; then is "$status" 302; else answers "${@:2}"; fi || { echo "of $1"; return 1; }
}
polls() { run -0 "${poll[@]}"; }

# While the node is broken errors of its own meetings are clean, a new one goes elsewhere, and nothing is forgotten.
breaks() {
	local name
	ask_all new again running info end join session
	said new 200 SUCCESS
	is "$(sql "select string_agg((n.slug <> 'n10')::text, ' ') from b3lb.meeting m join b3lb.node n on n.id = m.node_id where meeting_id = 'new'")" true
	for name in again running info end session; do said "$name" 503 FAILED noNodesAvailable; done
	said join 302
	is "$(mapping)" "$mapped"
	polls
	is "$(node "online || ' ' || (error <> '')")" "false true"
	is "$(sql "select count(*) from b3lb.node where online and error is null")" 9
	ask_all running info end join session
	said running 200 SUCCESS
	is "$(x //running)" false
	for name in info end; do said "$name" 200 FAILED notFound; done
	for name in join session; do said "$name" 404 FAILED notFound; done
	is "$(mapping)" "$mapped"
	h_wait left_is_known
}

# The node is back: its meetings are what they were, and it is given new ones.
heals() {
	local name
	polls
	is "$(node "online || ' ' || coalesce(error, '')")" "true "
	is "$(sql "select count(*) from b3lb.node where online")" 10
	is "$(mapping)" "$mapped"
	ask_all again running info end join session
	for name in again running info session; do said "$name" 200 SUCCESS; done
	said join 302
	h_wait left_is_known
	is "$(cat "$BATS_TEST_TMPDIR/end.status")" 200
	said again 200 SUCCESS
	is "$(x //internalMeetingID)" "$internal"
	prefer n10
	bbb create "meetingID=later&name=Name"
	answers 200 SUCCESS
	is "$(sql "select n.slug from b3lb.meeting m join b3lb.node n on n.id = m.node_id where meeting_id = 'later'")" n10
	load_was_right
}

# A node that breaks so, and is back when the second command has run.
suffers() {
	load_begin
	$1
	breaks
	$2
	heals
}
simulates() { suffers "sim n10/behave $1" "sim n10/behave mode=normal"; }

@test "a node that takes no connection" { suffers "gate connect" "gate pass"; }
@test "a node that takes the request and never answers" { simulates mode=hang; }
@test "a node that hangs after the head of its answer" { suffers "gate header" "gate pass"; }
@test "a node that answers a byte a second" { simulates mode=drip; }
# It answers, so it is not dead: its list is read as far as it goes, and a create goes elsewhere.
@test "a node that answers 100 MB" {
	sim n10/behave mode=big bytes=100000000
	ask_all new running info
	said new 200 SUCCESS
	for name in running info; do said "$name" 503 FAILED noNodesAvailable; done
	polls
	is "$(node "online || ' ' || unsteady || ' ' || error")" "true true the answer is longer than 33554432 bytes"
	is "$(mapping)" "$mapped"
	sim n10/behave mode=normal
	polls
	is "$(node "online || ' ' || unsteady || ' ' || coalesce(error, '')")" "true false "
	is "$(mapping)" "$mapped"
}
@test "a node that resets connections" { suffers "gate reset" "gate pass"; }
@test "a node that is gone" { suffers "h_kill gate KILL" "gate pass"; }
@test "a node that answers about another meeting" { simulates mode=wrongmeeting; }
@test "a node that redirects" { simulates mode=redirect; }

@test "a node whose certificate nobody we know has signed" {
	certificate good n10.localhost authority
	certificate own n10.localhost
	tls_start good
	reach_by "https://n10.localhost:$TLS_PORT"
	bbb getMeetingInfo "meetingID=abc"
	answers 200 SUCCESS
	suffers "tls_start own" "tls_start good"
}

@test "a node whose certificate is another host's" {
	certificate good n10.localhost authority
	certificate other n9.localhost authority
	tls_start good
	reach_by "https://n10.localhost:$TLS_PORT"
	suffers "tls_start other" "tls_start good"
}

@test "a node whose name is gone, and a name server that says nothing" {
	name_server_start
	named n10.node.test
	reach_by "http://n10.node.test:$GATE_PORT"
	poll=(in_space timeout 9 "$B3LB_PREFIX/libexec/b3lb/b3lb-poll" --config "$H/b3lb.conf")
	polls
	named ""
	# Started anew: the address is not remembered, no connection open.
	h_kill api
	rm -f "$H/run/api.sock"
	h_spawn api in_space "$B3LB_PREFIX/libexec/b3lb/b3lb-api" --config "$H/b3lb.conf" --listen "$H/run/api.sock"
	h_wait test -S "$H/run/api.sock"
	chmod 666 "$H/run/api.sock"
	prefer n10
	suffers true "named n10.node.test"
}
