# b3lb-rollup: each event is counted once, whoever sums up and dies when.
load ../harness/harness.bash
setup_file() { h_start 2 "admin_token = the-admin-token"; }
teardown_file() { h_stop; }
setup() { h_reset; }
counter() { curl -fsS -H "Host: $H_DOMAIN" "http://127.0.0.1:$H_PORT/b3lb/metrics?token=the-admin-token" | sed -n "s/^$1{tenant=\"ACME\"} //p"; }

@test "events become counters, and the waiting ones are counted already" {
	sql "insert into b3lb.metric_event values ('acme', 0, 'joined', 1), ('acme', 5, 'joined', 2)"
	is "$(counter b3lb_attendees_joined_total)" 3
	run -0 job rollup
	[[ "$output" == *"2 events"* ]]
	is "$(counter b3lb_attendees_joined_total)" 3
	is "$(sql 'select count(*) from b3lb.metric_event')" 0
	run -0 job rollup
	is "$(counter b3lb_attendees_joined_total)" 3
}

gone() { curl -fsS -H "Host: $H_DOMAIN" "http://127.0.0.1:$H_PORT/b3lb/metrics?token=the-admin-token" | sed -n 's/^b3lb_meetings_created_total{tenant="GONE"} //p'; }

@test "a counter does not go back when a meeting goes; a tenant's goes with it, and the next one of that name begins anew" {
	admin tenant add GONE --group all
	admin secret add GONE --secret gone-secret >/dev/null
	bbb create "meetingID=abc&name=Test" gone-secret "gone.$H_DOMAIN"
	bbb end "meetingID=abc" gone-secret "gone.$H_DOMAIN"
	job rollup
	is "$(gone)" 1
	admin tenant remove GONE --yes
	job rollup
	is "$(gone)" ""
	admin tenant add GONE --group all
	admin secret add GONE --secret gone-secret >/dev/null
	bbb create "meetingID=xyz&name=Test" gone-secret "gone.$H_DOMAIN"
	is "$(gone)" 1
	bbb end "meetingID=xyz" gone-secret "gone.$H_DOMAIN"
	admin tenant remove GONE --yes
}

@test "statistics rows are written for every secret" {
	bbb create "meetingID=abc&name=Test"
	sql "update b3lb.meeting set attendees = 5"
	job rollup
	is "$(sql "select meetings || ' ' || attendees from b3lb.stats where secret_id = (select secret_id from b3lb.meeting)")" "1 5"
	is "$(sql 'select count(*) from b3lb.stats')" "$(sql 'select count(*) from b3lb.secret')"
}

@test "1,000 joins while three rollups run and one is killed again and again: the counter says 1,000" {
	bbb create "meetingID=abc&name=Test"
	stop=$BATS_TEST_TMPDIR/stop
	for i in 1 2; do (while [ ! -e "$stop" ]; do job rollup; done) 2>/dev/null 3>&- 4>&- & done
	(while [ ! -e "$stop" ]; do
		job rollup & pid=$!
		sleep 0.0$((RANDOM % 10))
		kill -9 $pid
		wait $pid
	done) 2>/dev/null 3>&- 4>&- &
	url="http://127.0.0.1:$H_PORT$(signed join "meetingID=abc&fullName=Me&role=VIEWER")"
	for ((i = 0; i < 1000; i++)); do printf 'url = "%s"\noutput = /dev/null\n' "$url"; done >"$BATS_TEST_TMPDIR/curlrc"
	curl -sS --parallel --parallel-max 16 -H "Host: acme.$H_DOMAIN" -w '%{http_code}\n' -K "$BATS_TEST_TMPDIR/curlrc" >"$BATS_TEST_TMPDIR/codes"
	touch "$stop"
	wait
	is "$(grep -c 302 "$BATS_TEST_TMPDIR/codes")" 1000
	is "$(counter b3lb_attendees_joined_total)" 1000
	job rollup
	is "$(counter b3lb_attendees_joined_total)" 1000
}

@test "request counts and durations of a program are there when it ends" {
	for i in 1 2 3 4 5; do bbb isMeetingRunning "meetingID=abc"; done
	h_programs_stop
	h_programs_start
	out=$(curl -fsS -H "Host: $H_DOMAIN" "http://127.0.0.1:$H_PORT/b3lb/metrics?token=the-admin-token")
	is "$(sed -n 's/^b3lb_requests_total{call="isMeetingRunning"} //p' <<<"$out")" 5
	is "$(sed -n 's/^b3lb_request_duration_seconds_bucket{call="isMeetingRunning",le="+Inf"} //p' <<<"$out")" 5
}

@test "a real Prometheus scrapes it and answers with the value" {
	bbb create "meetingID=abc&name=Test"
	port=$(h_free_port)
	cat >"$H/prometheus.yml" <<-CONF
		scrape_configs:
		  - job_name: b3lb
		    scrape_interval: 1s
		    metrics_path: /b3lb/metrics
		    authorization: { credentials: the-admin-token }
		    static_configs: [ { targets: [ "127.0.0.1:$((H_PORT))" ] } ]
	CONF
	# Prometheus sends the target as Host: a front of its own name for it.
	mkdir -p "$H/prom"
	h_spawn prom-front lighttpd -D -f <(cat <<-CONF
		server.document-root = "$H/empty"
		server.port = $((port + 1))
		server.bind = "127.0.0.1"
		server.modules = ( "mod_proxy" )
		proxy.server = ( "" => (( "host" => "127.0.0.1", "port" => $H_PORT )) )
		proxy.header = ( "map-host-request" => ( "-" => "$H_DOMAIN" ) )
	CONF
	)
	sed -i "s/127.0.0.1:$H_PORT/127.0.0.1:$((port + 1))/" "$H/prometheus.yml"
	h_spawn prometheus prometheus --config.file="$H/prometheus.yml" --storage.tsdb.path="$H/prom" --web.listen-address="127.0.0.1:$port"
	query() { curl -fsS -G "http://127.0.0.1:$port/api/v1/query" --data-urlencode 'query=b3lb_meetings{tenant="ACME"}' | jq -e '.data.result[0].value[1] == "1"'; }
	h_wait query
	h_kill prometheus
	h_kill prom-front
}

@test "the database away: ping is 503 and says error" {
	h_pg_down fast
	ask "$H_DOMAIN" /b3lb/ping
	is "$status $(jq -r .status <<<"$output")" "503 error"
	ask "$H_DOMAIN" "/b3lb/metrics?token=the-admin-token"
	is "$status" 503
	h_pg_up
	sleep 0.5
	ask "$H_DOMAIN" /b3lb/ping
	is "$status $(jq -r .status <<<"$output")" "200 ok"
}

@test "the database hanging: ping is 503" {
	pid=$(head -1 "$H/pg/postmaster.pid")
	pkill -STOP -P "$pid"
	kill -STOP "$pid"
	ask "$H_DOMAIN" /b3lb/ping
	kill -CONT "$pid"
	pkill -CONT -P "$pid"
	is "$status $(jq -r .status <<<"$output")" "503 error"
	h_wait curl -fsS -H "Host: $H_DOMAIN" "http://127.0.0.1:$H_PORT/b3lb/ping"
}

@test "a join is one statement once its secret is known, counted once either way, and a rolled secret holds at once" {
	bbb create "meetingID=abc&name=Test"
	answers 200
	for i in 1 2 3 4 5; do bbb join "meetingID=abc&fullName=Me&role=VIEWER" && is "$status" 302; done
	is "$(counter b3lb_attendees_joined_total)" 5
	# What is refused is not counted.
	bbb join "meetingID=abc&fullName=Me"
	bbb join "meetingID=none&fullName=Me&role=VIEWER"
	bbb join "meetingID=abc&fullName=Me&role=VIEWER" wrong-secret
	sql "update b3lb.tenant set attendee_limit = 1; update b3lb.meeting set attendees = 1"
	bbb join "meetingID=abc&fullName=Me&role=VIEWER"
	is "$status" 403
	sql "update b3lb.tenant set attendee_limit = 0"
	is "$(counter b3lb_attendees_joined_total)" 5
	sql "update b3lb.secret set secret = 'rolled-secret' where sub_id = 0 and tenant_id = (select id from b3lb.tenant where slug = 'acme')"
	bbb join "meetingID=abc&fullName=Me&role=VIEWER"
	is "$status" 401
	bbb join "meetingID=abc&fullName=Me&role=VIEWER" rolled-secret
	is "$status" 302
	bbb join "meetingID=abc&fullName=Me&role=VIEWER" rolled-secret
	is "$status" 302
	sql "update b3lb.secret set secret = '$ACME_SECRET' where secret = 'rolled-secret'"
	is "$(counter b3lb_attendees_joined_total)" 7
}

@test "once a process knows the tenant no join needs a second statement" {
	sql "alter database b3lb set track_functions = 'all'; select pg_stat_reset()" >/dev/null
	h_programs_stop
	h_programs_start
	bbb create "meetingID=abc&name=Test"
	calls() { sql "select coalesce(sum(calls), 0) from pg_stat_user_functions where funcname = 'count_event'"; }
	for i in 1 2 3 4 5 6; do bbb join "meetingID=abc&fullName=Me&role=VIEWER" && is "$status" 302; done
	# One for the create. What a connection counted is seen when it is gone.
	gone() { [ "$(sql "select count(*) from pg_stat_activity where application_name = 'b3lb-api'")" = 0 ]; }
	h_programs_stop
	h_wait gone
	is "$(calls)" 1
	h_programs_start
	is "$(counter b3lb_attendees_joined_total)" 6
}
