# Two front ends and two hosts of jobs, a PostgreSQL primary with a standby; one of the two goes through a pgbouncer in
# transaction mode. The standby waits for nobody to be read, and takes over when the primary is killed.
load ../harness/harness.bash

# The second host: its own configuration, programs and web server.
second() (
	local port=$H_PORT_2
	export H_FIRST=$H
	H=$H/second H_PORT=$port
	"$@"
)

standby_start() {
	[ "$(id -u)" != 0 ] || install -d -o postgres -m 700 "$H/standby"
	h_as_postgres "$(h_pg_bin)/pg_basebackup" -D "$H/standby" -R -C -S standby -X stream -c fast \
		-d "host=127.0.0.1 port=$H_PG_PORT user=postgres application_name=standby"
	printf 'port = %s\n' "$H_STANDBY_PORT" >>"$H/standby/postgresql.conf"
	h_as_postgres "$(h_pg_bin)/pg_ctl" -D "$H/standby" -l "$H/standby/log" -w -t 30 start >/dev/null 3>&- 4>&-
}

pgbouncer_conf() {
	cat >"$H/pgbouncer.ini" <<-INI
		[databases]
		b3lb = host=127.0.0.1 port=$1 user=postgres
		[pgbouncer]
		listen_addr = 127.0.0.1
		listen_port = $H_BOUNCER_PORT
		unix_socket_dir =
		auth_type = any
		pool_mode = transaction
		logfile = $H/second/pgbouncer.log
		pidfile = $H/second/pgbouncer.pid
		server_connect_timeout = 1
		server_login_retry = 1
	INI
	chmod 644 "$H/pgbouncer.ini"
}

setup_file() {
	h_start 3
	H_STANDBY_PORT=$(h_free_port) H_BOUNCER_PORT=$(h_free_port) H_PORT_2=$(h_free_port)
	export H_STANDBY_PORT H_BOUNCER_PORT H_PORT_2
	mkdir -p "$H/second/run" "$H/second/tmp" "$H/second/empty"
	chmod 777 "$H/second" "$H/second/run" "$H/second/tmp"
	standby_start
	local hosts="host=127.0.0.1,127.0.0.1 port=$H_PG_PORT,$H_STANDBY_PORT user=postgres dbname=b3lb"
	h_conf
	sed -i "s/^database = .*/database = $hosts target_session_attrs=read-write/" "$H/b3lb.conf"
	sed "s/^database = .*/database = host=127.0.0.1 port=$H_BOUNCER_PORT user=postgres dbname=b3lb/" "$H/b3lb.conf" >"$H/second/b3lb.conf"
	echo "database_pooler = transaction" >>"$H/second/b3lb.conf"
	echo "database_read = host=127.0.0.1,127.0.0.1 port=$H_STANDBY_PORT,$H_PG_PORT user=postgres dbname=b3lb target_session_attrs=prefer-standby" |
		tee -a "$H/second/b3lb.conf" >>"$H/b3lb.conf"
	pgbouncer_conf "$H_PG_PORT"
	h_as_postgres pgbouncer -q -d "$H/pgbouncer.ini" 3>&- 4>&-
	h_programs_stop
	h_programs_start
	second h_front_start
	# A committed row is on both: what was answered is not lost.
	sql "alter system set synchronous_standby_names = '*'"
	sql "select pg_reload_conf()" >/dev/null
}
teardown_file() {
	second h_front_stop
	h_kill second/pgbouncer
	h_as_postgres "$(h_pg_bin)/pg_ctl" -D "$H/standby" -w -m immediate stop >/dev/null 2>&1 3>&- 4>&- || true
	h_stop
}

standby_sql() { psql -X -A -t -q -v ON_ERROR_STOP=1 -h 127.0.0.1 -p "$H_STANDBY_PORT" -U postgres -d b3lb -c "$1"; }
# Everything that was written is to be seen there.
caught_up() { [ "$(standby_sql "select pg_last_wal_replay_lsn() >= '$1'")" = t ]; }
settle() { h_wait caught_up "$(sql 'select pg_current_wal_lsn()')"; }
readers() { standby_sql "select count(*) from pg_stat_activity where application_name = 'b3lb-$1'"; }

@test "what is created through one is known through the other" {
	bbb create "meetingID=one&name=Room"
	answers 200
	H_PORT=$H_PORT_2 bbb create "meetingID=one&name=Room"
	answers 200 SUCCESS
	is "$(sql "select count(*) from b3lb.meeting where meeting_id = 'one'")" 1
	H_PORT=$H_PORT_2 bbb join "meetingID=one&fullName=A&password=x&redirect=true"
	is "$status" 302
}

@test "lists, statistics and metrics are read from the standby, in front of a pooler too" {
	settle
	for port in "$H_PORT" "$H_PORT_2"; do
		H_PORT=$port bbb getMeetings ""
		answers 200
		is "$(x 'count(/response/meetings/meeting)')" 1
		H_PORT=$port bbb getRecordings ""
		answers 200
		token=$(sql "select stats_token from b3lb.tenant where slug = 'acme'")
		H_PORT=$port ask "acme.$H_DOMAIN" "/b3lb/t/acme/stats?token=$token"
		is "$status" 200
		H_PORT=$port ask "acme.$H_DOMAIN" "/b3lb/t/acme/metrics?token=$token"
		is "$status" 200
	done
	[ "$(readers api)" -ge 2 ]
	[ "$(readers stats)" -ge 2 ]
}

@test "a standby that is further behind than database_read_lag is not read from" {
	standby_sql "select pg_wal_replay_pause()" >/dev/null
	bbb create "meetingID=behind&name=Room"
	answers 200
	bbb getMeetings ""
	# Within the lag it may be missing; after it, it may not.
	seen() { bbb getMeetings "" && [ "$(x 'count(/response/meetings/meeting[meetingID="behind"])')" = 1 ]; }
	for ((i = 0; i < 300; i++)); do
		seen && break
		sleep 0.1
	done
	seen
	is "$(standby_sql "select count(*) from b3lb.meeting where meeting_id = 'behind'")" 0
	standby_sql "select pg_wal_replay_resume()" >/dev/null
	settle
}

@test "two hosts of jobs share the nodes of a round, each is polled once" {
	local n
	# Slow enough that the second begins before the first has done: else it is a round of its own.
	for n in n1 n2 n3; do sim "$n/behave" mode=slow ms=2000 calls=getMeetings >/dev/null; done
	sim journal/clear >/dev/null
	job poll 2>"$H/poll1.log" & first=$!
	second job poll 2>"$H/poll2.log" & second=$!
	wait $first
	wait $second
	for n in n1 n2 n3; do sim "$n/behave" mode=normal >/dev/null; done
	is "$(asked getMeetings)" 3
}

@test "a first database host that does not answer costs one request its time, not all of them" {
	local hang
	hang=$(h_free_port)
	h_spawn hang perl -MIO::Socket::INET -e '$s = IO::Socket::INET->new(Listen => 50, LocalAddr => "127.0.0.1", LocalPort => $ARGV[0]);
		while (1) { push @kept, $s->accept }' "$hang"
	h_kill api
	rm -f "$H/run/api.sock"
	sed "s/^database = .*/database = host=127.0.0.1,127.0.0.1 port=$hang,$H_PG_PORT user=postgres dbname=b3lb/" "$H/b3lb.conf" >"$H/hang.conf"
	h_spawn api "$B3LB_PREFIX/libexec/b3lb/b3lb-api" --config "$H/hang.conf" --listen "$H/run/api.sock"
	h_wait test -S "$H/run/api.sock"
	chmod 666 "$H/run/api.sock"
	bbb isMeetingRunning "meetingID=one"
	is "$status" 503
	[ -n "$(header Retry-After)" ]
	sleep 0.5
	bbb isMeetingRunning "meetingID=one"
	answers 200
	h_kill hang
	h_kill api
	h_programs_start
}

# Asks both front ends in turn until $H/enough exists: a line each with time, meeting and what came of it.
clients() {
	local n=0 port
	while [ ! -e "$H/enough" ]; do
		n=$((n + 1)) port=$H_PORT
		[ $((n % 2)) = 0 ] || port=$H_PORT_2
		printf '%s %s %s %s\n' "$(date +%s.%N)" "$port" "$1-$n" "$(curl -sS -m 10 -w ' %{http_code} %{time_total}' -H "Host: acme.$H_DOMAIN" \
			"http://127.0.0.1:$port$(signed create "meetingID=$1-$n&name=Room")" 2>&1 | tr '\n' ' ' | sed 's/.*<returncode>\([A-Z]*\)<.*>/\1/')"
	done >"$H/clients-$1.log" 3>&- 4>&-
}

@test "the primary is killed and the standby promoted under load: nothing that was answered is lost, nobody gets anything but 200 and 503" {
	local promoted pids="" c failed
	rm -f "$H/enough"
	for c in a b c; do clients $c & pids+=" $!"; done
	sleep 3
	kill -9 $(head -1 "$H/pg/postmaster.pid") $(pgrep -P "$(head -1 "$H/pg/postmaster.pid")")
	sleep 1
	h_as_postgres "$(h_pg_bin)/pg_ctl" -D "$H/standby" -w promote >/dev/null 3>&- 4>&-
	standby_sql "alter system set synchronous_standby_names = ''"
	standby_sql "select pg_reload_conf()" >/dev/null
	pgbouncer_conf "$H_STANDBY_PORT"
	kill -HUP "$(cat "$H/second/pgbouncer.pid")"
	promoted=$(date +%s.%N)
	sleep 8
	touch "$H/enough"
	wait $pids
	cat "$H"/clients-?.log | sort -n >"$H/clients.log"
	# Everybody is served again, and what failed failed cleanly.
	for c in "$H_PORT" "$H_PORT_2"; do
		awk -v port="$c" -v at="$promoted" '$2 == port && $4 == "SUCCESS" && $1 > at { print $1 - at; exit }' "$H/clients.log" >"$H/recovered"
		echo "# through $c: right again $(cat "$H/recovered") s after the promotion" >&3
		[ -s "$H/recovered" ]
		is "$(awk -v port="$c" -v at="$promoted" '$2 == port && $4 != "SUCCESS" && $1 > at + 5' "$H/clients.log" | wc -l)" 0
	done
	failed=$(awk '$4 != "SUCCESS" && $(NF-1) != 503' "$H/clients.log")
	is "$failed" ""
	awk '$4 == "SUCCESS" { print $3 }' "$H/clients.log" | sort >"$H/answered"
	standby_sql "select meeting_id from b3lb.meeting where confirmed" | sort >"$H/kept"
	is "$(comm -23 "$H/answered" "$H/kept")" ""
	[ "$(wc -l <"$H/answered")" -gt 20 ]
}

@test "after it both front ends and the jobs work on" {
	H_PG_PORT=$H_STANDBY_PORT
	for port in "$H_PORT" "$H_PORT_2"; do
		H_PORT=$port bbb create "meetingID=after&name=Room"
		answers 200
		H_PORT=$port bbb getMeetings ""
		answers 200
	done
	sql "update b3lb.node set claimed_until = null"
	sim journal/clear >/dev/null
	job poll
	second job meetings
	[ "$(asked getMeetings)" = 3 ]
}
