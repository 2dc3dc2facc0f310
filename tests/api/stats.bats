# Statistics, metrics and ping through each web server.
# fronts: all
load ../harness/harness.bash
setup_file() {
	h_start 2 "admin_token = the-admin-token"
	TENANT_TOKEN=$(sql "select stats_token from b3lb.tenant where slug = 'acme'")
	SECRET_TOKEN=$(sql "select s.stats_token from b3lb.secret s join b3lb.tenant t on t.id = tenant_id where slug = 'acme' and sub_id = 5")
	BETA_TOKEN=$(sql "select stats_token from b3lb.tenant where slug = 'beta'")
	export TENANT_TOKEN SECRET_TOKEN BETA_TOKEN
}
teardown_file() { h_stop; }
setup() { h_reset; }
get() { ask "$H_DOMAIN" "$@"; }
metric() { sed -n "s/^$1 //p" <<<"$output"; }
two_meetings() {
	bbb create "meetingID=abc&name=Test"
	acme5 create "meetingID=five&name=Five"
	beta create "meetingID=other&name=Other"
	sql "update b3lb.meeting set attendees = 3, listeners = 2, voices = 1, videos = 1 where meeting_id = 'abc';
		update b3lb.meeting set attendees = 4 where meeting_id = 'five'; update b3lb.meeting set attendees = 10 where meeting_id = 'other'"
}

@test "ping says ok, version and time" {
	get /b3lb/ping
	is "$status" 200
	is "$(header content-type)" "application/json; charset=utf-8"
	is "$(jq -r .status <<<"$output")" ok
	[[ "$(jq -r .version <<<"$output")" =~ ^[0-9]+\.[0-9]+ ]]
	[[ "$(jq -r .timestamp <<<"$output")" =~ ^20[0-9-]{8}T[0-9:]{8}Z$ ]]
}

@test "the statistics of a tenant are those of all its secrets, on the nodes it can use" {
	two_meetings
	get "/b3lb/t/acme/stats?token=$TENANT_TOKEN"
	is "$status" 200
	is "$(jq -c '[.meetings, .attendees, .listeners, .videos, .voices]' <<<"$output")" "[2,7,2,1,1]"
	is "$(jq -r 'keys_unsorted | join(" ")' <<<"$output")" "meetings attendees listeners videos voices nodes"
	is "$(jq -r '.nodes[0] | keys_unsorted | join(" ")' <<<"$output")" "slug meetings attendees load"
	is "$(jq -c '[.nodes[].slug]' <<<"$output")" '["n1","n2"]'
	is "$(jq -c '[.nodes[].attendees] | add' <<<"$output")" 7
}

@test "the statistics of a secret are its own" {
	two_meetings
	get "/b3lb/t/acme-5/stats?token=$SECRET_TOKEN"
	is "$(jq -c '[.meetings, .attendees]' <<<"$output")" "[1,4]"
	get "/b3lb/t/acme-0/stats?token=$TENANT_TOKEN"
	is "$(jq -c '[.meetings, .attendees]' <<<"$output")" "[1,3]"
}

@test "the global statistics need the admin token, or the web server's rule for this machine" {
	two_meetings
	get /b3lb/stats -H "Authorization: Bearer the-admin-token"
	is "$(jq -c '[.meetings, .attendees]' <<<"$output")" "[3,17]"
	get /b3lb/stats
	is "$status" 200
	# What came through a proxy only looks local.
	get /b3lb/stats -H "X-Forwarded-For: 203.0.113.9"
	is "$status" 401
	get "/b3lb/metrics?token=wrong" -H "X-Forwarded-For: 203.0.113.9"
	is "$status" 401
	get "/b3lb/metrics?token=wrong"
	is "$status" 401
	get "/b3lb/stats" -H "Authorization: Bearer wrong"
	is "$status" 401
	get "/b3lb/metrics?token=the-admin-token" -H "X-Forwarded-For: 203.0.113.9"
	is "$status" 200
}

@test "a client cannot claim the web server's rule" {
	run -0 env -i B3LB_CONFIG="$H/b3lb.conf" REQUEST_METHOD=GET HTTP_HOST="$H_DOMAIN" REMOTE_ADDR=127.0.0.1 HTTP_B3LB_GLOBAL=allowed \
		REQUEST_URI=/b3lb/stats "$B3LB_PREFIX/libexec/b3lb/b3lb-stats"
	[[ "$output" == *"Status: 401"* ]]
	run -0 env -i B3LB_CONFIG="$H/b3lb.conf" B3LB_ADMIN_TOKEN= REQUEST_METHOD=GET HTTP_HOST="$H_DOMAIN" REMOTE_ADDR=127.0.0.1 \
		REQUEST_URI="/b3lb/stats?token=" "$B3LB_PREFIX/libexec/b3lb/b3lb-stats"
	[[ "$output" == *"Status: 401"* ]]
}

@test "a token opens what is its own and nothing else; a missing, empty or wrong one nothing" {
	two_meetings
	for page in stats metrics; do
		for ok in "acme $TENANT_TOKEN" "acme-5 $TENANT_TOKEN" "ACME-005 $SECRET_TOKEN" "beta $BETA_TOKEN"; do
			set -- $ok
			get "/b3lb/t/$1/$page?token=$2"
			is "$status" 200
			get "/b3lb/t/$1/$page" -H "Authorization: Bearer $2"
			is "$status" 200
		done
		for bad in "acme $BETA_TOKEN" "acme-5 $BETA_TOKEN" "acme $SECRET_TOKEN" "acme-0 $SECRET_TOKEN" "beta $TENANT_TOKEN" "nobody $TENANT_TOKEN" \
			"acme-7 $TENANT_TOKEN" "acme" "acme wrong" "acme the-admin-token" "a $TENANT_TOKEN"; do
			set -- $bad ""
			get "/b3lb/t/$1/$page?token=$2"
			is "$status" 401
			is "$output" "a valid token is needed"
		done
		get "/b3lb/t/acme/$page"
		is "$status" 401
	done
	# On another tenant's own host a path is not that tenant's.
	ask "beta.$H_DOMAIN" "/b3lb/t/acme/stats?token=$TENANT_TOKEN"
	is "$status" 401
}

@test "the seed's metrics, to the letter" {
	two_meetings
	bbb join "meetingID=abc&fullName=Me&role=VIEWER"
	bbb join "meetingID=abc&fullName=You&role=VIEWER"
	bbb end "meetingID=abc"
	get "/b3lb/t/acme/metrics?token=$TENANT_TOKEN"
	is "$(header content-type)" "text/plain; version=0.0.4; charset=utf-8"
	for line in '# HELP b3lb_attendees Current number of attendees' '# TYPE b3lb_attendees gauge' 'b3lb_attendees{tenant="ACME"} 4' \
		'# HELP b3lb_meetings Current number of meetings' '# TYPE b3lb_meetings gauge' 'b3lb_meetings{tenant="ACME"} 1' \
		'# HELP b3lb_attendees_joined_total Total attendees joined' '# TYPE b3lb_attendees_joined_total counter' 'b3lb_attendees_joined_total{tenant="ACME"} 2' \
		'# HELP b3lb_meetings_created_total Total meetings created' '# TYPE b3lb_meetings_created_total counter' 'b3lb_meetings_created_total{tenant="ACME"} 2' \
		'# HELP b3lb_meetings_duration_seconds_total Total meeting duration' '# TYPE b3lb_meetings_duration_seconds_total counter' \
		'# HELP b3lb_attendee_limit_hits_total Attendee limit hits' '# TYPE b3lb_attendee_limit_hits_total counter' 'b3lb_attendee_limit_hits_total{tenant="ACME"} 0' \
		'# HELP b3lb_meeting_limit_hits_total Meeting limit hits' '# TYPE b3lb_meeting_limit_hits_total counter' 'b3lb_meeting_limit_hits_total{tenant="ACME"} 0'; do
		grep -qxF "$line" <<<"$output" || { echo "missing: $line in $output"; false; }
	done
	[[ "$output" != *BETA* && "$output" != *b3lb_node* ]]
}

@test "limits that were hit, placements that were repeated and time in meetings are counted" {
	admin tenant set ACME --meeting-limit 1 --attendee-limit 1
	bbb create "meetingID=abc&name=Test"
	bbb create "meetingID=def&name=Test"
	sql "update b3lb.meeting set attendees = 1, confirmed_at = confirmed_at - interval '100 seconds'"
	bbb join "meetingID=abc&fullName=Me&role=VIEWER"
	bbb end "meetingID=abc"
	sim n1/behave mode=rubbish calls=create
	sql "update b3lb.node set attendees = 1000 where slug = 'n2'"
	bbb create "meetingID=ghi&name=Test"
	get "/b3lb/t/acme/metrics?token=$TENANT_TOKEN"
	is "$(metric 'b3lb_meeting_limit_hits_total{tenant="ACME"}')" 1
	is "$(metric 'b3lb_attendee_limit_hits_total{tenant="ACME"}')" 1
	is "$(metric 'b3lb_placements_retried_total{tenant="ACME"}')" 1
	is "$(metric 'b3lb_attendee_limit{tenant="ACME"}')" 1
	seconds=$(metric 'b3lb_meetings_duration_seconds_total{tenant="ACME"}')
	[ "${seconds%.*}" -ge 100 ]
	[ "${seconds%.*}" -lt 130 ]
}

@test "the time in a session counts that a create replaced: on its node, and on another when that is offline" {
	bbb create "meetingID=abc&name=Test"
	bbb create "meetingID=def&name=Test"
	sql "update b3lb.meeting set confirmed_at = confirmed_at - interval '1000 seconds'"
	sim "$(sql "select slug from b3lb.meeting m join b3lb.node n on n.id = node_id where meeting_id = 'abc'")/vanish" \
		"meetingID=$(sql "select node_meeting_id from b3lb.meeting where meeting_id = 'abc'")"
	sleep 0.01
	bbb create "meetingID=abc&name=Test"
	sql "update b3lb.node set online = false where id = (select node_id from b3lb.meeting where meeting_id = 'def')"
	bbb create "meetingID=def&name=Test"
	answers 200
	bbb end "meetingID=abc"
	bbb end "meetingID=def"
	get "/b3lb/t/acme/metrics?token=$TENANT_TOKEN"
	is "$(metric 'b3lb_meetings_created_total{tenant="ACME"}')" 4
	seconds=$(metric 'b3lb_meetings_duration_seconds_total{tenant="ACME"}')
	[ "${seconds%.*}" -ge 2000 ]
	[ "${seconds%.*}" -lt 2060 ]
}

@test "a scrape that comes while another is under way has what was counted before it" {
	url="http://127.0.0.1:$H_PORT/b3lb/t/acme/metrics?token=$TENANT_TOKEN"
	bbb create "meetingID=abc&name=Test"
	# The first has begun, and waits for a table.
	h_spawn locker psql -X -q "host=127.0.0.1 port=$H_PG_PORT user=postgres dbname=b3lb" -c "begin; lock table b3lb.metric" -c "select pg_sleep(60)"
	waiting() { [ "$(sql "select count(*) from pg_locks where relation = 'b3lb.metric'::regclass and ($1)")" = 1 ]; }
	h_wait waiting "mode = 'AccessExclusiveLock'"
	curl -sS -o /dev/null -H "Host: $H_DOMAIN" "$url" 3>&- &
	h_wait waiting "not granted"
	sql "select b3lb.count_event(secret_id, 'joined', 1) from b3lb.meeting"
	curl -sS -H "Host: $H_DOMAIN" "$url" >"$H/second" 3>&- &
	sleep 0.3
	sql "select pg_terminate_backend(pid) from pg_locks where relation = 'b3lb.metric'::regclass and mode = 'AccessExclusiveLock'"
	wait || true
	output=$(cat "$H/second")
	is "$(metric 'b3lb_attendees_joined_total{tenant="ACME"}')" 1
}

@test "scrapes and wrong tokens that come together each have their own answer" {
	url="http://127.0.0.1:$H_PORT/b3lb/t"
	for token in $TENANT_TOKEN wrong $BETA_TOKEN; do
		for ((i = 0; i < 30; i++)); do
			printf 'url = "%s"\n' "$url/acme/stats?token=$token" "$url/beta/metrics?token=$token"
		done
	done >"$H/scrapes"
	two_meetings
	curl -sS --no-progress-meter -Z --parallel-max 24 -w '%{stderr}%{http_code} %{url}\n' -H "Host: $H_DOMAIN" -K "$H/scrapes" >"$H/got" 2>"$H/codes"
	is "$(sed 's/=.*//' "$H/codes" | sort | uniq -c | sed "s|$url||; s/^ *//" | paste -sd,)" \
		"30 200 /acme/stats?token,30 200 /beta/metrics?token,60 401 /acme/stats?token,60 401 /beta/metrics?token"
	is "$(grep 200 "$H/codes" | sort -u | sed "s|$url||")" "200 /acme/stats?token=$TENANT_TOKEN
200 /beta/metrics?token=$BETA_TOKEN"
	is "$(grep -c '^b3lb_attendees{tenant="BETA"} 10$' "$H/got")" 30
	is "$(grep -o '"attendees" : 7,' "$H/got" | wc -l)" 30
}

@test "names, types and help texts are those of the golden file" {
	two_meetings
	job rollup
	job poll
	# A first call is written down with the answer to one that comes five seconds later; the programs' end writes all.
	if [ "${B3LB_FRONT:-lighttpd-socket}" = lighttpd-socket ]; then
		h_kill api
		h_programs_stop
		h_programs_start
		get "/b3lb/metrics?token=the-admin-token"
		is "$(grep '^#' <<<"$output")" "$(cat "$B3LB_SOURCE/tests/api/golden/metrics.txt")"
	fi
	get "/b3lb/metrics?token=the-admin-token"
	grep -q 'b3lb_node_up{node="n1"} 1' <<<"$output"
	grep -q 'b3lb_job_age_seconds{job="poll"}' <<<"$output"
}

@test "webhooks that take nothing, and what waits for them" {
	sql "with h as (insert into b3lb.hook (secret_id, callback_url, failing_since)
			select s.id, u, case u when 'http://b/' then now() end from b3lb.secret s join b3lb.tenant t on t.id = s.tenant_id,
				unnest(array['http://a/', 'http://b/']) u where t.slug = 'acme' and s.sub_id = 5 returning id)
		insert into b3lb.hook_event (hook_id, lane, ts, name, body, next_at) select id, 'l', n, 'x', '{}', now() from h, generate_series(1, 3) n"
	get "/b3lb/metrics?token=the-admin-token"
	is "$(metric 'b3lb_hook_events_waiting{tenant="ACME"}') $(metric 'b3lb_hooks_failing{tenant="ACME"}') $(metric 'b3lb_hook_events_waiting{tenant="BETA"}')" "6 1 0"
	get "/b3lb/t/acme-5/metrics?token=$SECRET_TOKEN"
	is "$(sed -n 's/^b3lb_hook[a-z_]*{.*} //p' <<<"$output" | paste -sd' ')" "6 1"
	sql "delete from b3lb.hook"
}

@test "promtool finds nothing to say about any form" {
	two_meetings
	for url in "/b3lb/metrics?token=the-admin-token" "/b3lb/t/acme/metrics?token=$TENANT_TOKEN" "/b3lb/t/acme-5/metrics?token=$SECRET_TOKEN"; do
		get "$url"
		run -0 promtool check metrics <<<"$output"
		is "$output" ""
	done
}

@test "OpenMetrics for who asks for it" {
	two_meetings
	get "/b3lb/t/acme/metrics?token=$TENANT_TOKEN" -H "Accept: application/openmetrics-text; version=1.0.0"
	[[ "$(header content-type)" == application/openmetrics-text* ]]
	is "$(tail -1 <<<"$output")" "# EOF"
	grep -qxF '# TYPE b3lb_meetings_created counter' <<<"$output"
	grep -qxF 'b3lb_meetings_created_total{tenant="ACME"} 2' <<<"$output"
}

@test "OpenMetrics: a call's buckets, count and sum stand together" {
	# Of calls that no program counts meanwhile.
	sql "insert into b3lb.request_metric select c, le, 1, 0 from unnest(array['first', 'second']) c, unnest(array[0.5, 1, 'infinity']) le"
	get "/b3lb/metrics?token=the-admin-token" -H "Accept: application/openmetrics-text; version=1.0.0"
	is "$(sed -n 's/^b3lb_request_duration_seconds_[a-z]*{call="\(first\|second\)".*/\1/p' <<<"$output" | uniq | paste -sd' ')" "first second"
}

@test "wrong methods are 405, unknown pages 404, HEAD is GET without a body" {
	get "/b3lb/ping" -X DELETE
	is "$status" 405
	ask "$H_DOMAIN" "/b3lb/ping" -I
	is "$status" 200
	get "/b3lb/nothing"
	[ "$status" = 404 ] || [ "$status" = 403 ]
}
