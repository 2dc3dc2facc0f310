# b3lb-admin history, usage, request, callback: what was, for people, as JSON and as CSV.
load ../harness/harness.bash
bats_require_minimum_version 1.5.0
setup_file() {
	h_start 1
	sql "insert into b3lb.usage_month (month, tenant, sub_id, meetings, meeting_seconds, attendee_seconds, peak_attendees, joined) values
			('2026-10-01', 'acme', 0, 2, 3600, 7200, 9, 12), ('2026-10-01', 'acme', 5, 1, 600, 60, 4, 1), ('2026-10-01', 'acme', -1, 0, 0, 0, 11, 0),
			('2026-10-01', 'gone', 0, 1, 60, 60, 1, 1);
		update b3lb.tenant set description = '=HYPERLINK(\"x\")' where slug = 'acme';
		insert into b3lb.refusal (at, request_id, tenant, sub_id, call, meeting_id, key, message, remote_addr, repeated)
			select now() - i * interval '1 hour', 'abcdef012345678' || i, case when i < 3 then 'acme' else 'beta' end, 0, 'create', '@m' || i, 'maxMeetingsReached', 'The \"number\"', '192.0.2.1', i
			from generate_series(1, 4) i;
		insert into b3lb.callback (secret_id, kind, url, state, finished_at, error, created_at)
			select s.id, 'end', 'https://lms' || s.sub_id || '.example.org/x?token=hidden', 'failed', now(), 'HTTP status 500', now() - interval '3 days'
			from b3lb.secret s join b3lb.tenant t on t.id = s.tenant_id and t.slug = 'acme'"
}
teardown_file() { h_stop; }

@test "usage of a month, by tenant and by secret; a month that is none" {
	run -0 --separate-stderr admin usage --month 2026-10
	[[ "${lines[1]}" == "2026-10  ACME "* && "$output" == *GONE* ]]
	is "$stderr" ""
	run -0 admin usage --month 2026-10 --by secret --json
	is "$(jq -r '.[] | [.tenant, .sub_id, .meetings, .meeting_minutes, .participant_minutes, .peak_participants] | join(" ")' <<<"$output")" "ACME 0 2 60 120 9
ACME 5 1 10 1 4
GONE 0 1 1 1 1"
	run -0 --separate-stderr admin usage --month 2026-10 --csv
	# Lines end with CR LF.
	output=${output//$'\r'/}
	is "$(head -1 <<<"$output")" "month,tenant,sub_id,description,meetings,meeting_minutes,participant_minutes,peak_participants,peak_meetings,joins,refused,recordings,recording_bytes,stored_gb_days"
	# What a spreadsheet would take for a formula is text; peaks are the tenant's own.
	is "$(sed -n 2p <<<"$output")" "2026-10,ACME,,\"'=HYPERLINK(\"\"x\"\")\",3,70,121,11,0,13,0,0,0,0.000"
	run -0 --separate-stderr admin usage
	[[ "$stderr" == *"is not over"* ]]
	for month in 2026-13 26-1 "2026-10; drop" 2026-1; do
		run admin usage --month "$month"
		is "$status" 1
		[[ "$output" == *"must be a month as 2026-11"* ]]
	done
}

@test "requests by id, tenant, reason and time; CSV has all" {
	run -0 admin request list --json
	is "$(jq length <<<"$output")" 4
	run -0 admin request list --json --id abcdef0123456782
	is "$(jq -r '.[] | [.tenant, .call, .meeting_id, .key, .repeated] | join(" ")' <<<"$output")" "ACME create @m2 maxMeetingsReached 2"
	run -0 admin request list --json --tenant beta --key maxMeetingsReached
	is "$(jq -r '.[].meeting_id' <<<"$output")" "@m3
@m4"
	run -0 admin request list --json --from "$(date -u -d '150 minutes ago' +%FT%TZ)"
	is "$(jq length <<<"$output")" 2
	run -0 admin request list --json --to 2026-01-01
	is "$(jq length <<<"$output")" 0
	run -0 admin request list --limit 1 --csv
	is "${#lines[@]}" 5
	[[ "${lines[1]}" == *",'@m1,"*",\"The \"\"number\"\"\","* ]]
	run admin request list --from yesterday
	is "$status" 1
	[[ "$output" == *"from: must be a time"* ]]
}

@test "callbacks: host and path, never the query; retry of one, of a host, of a tenant; of none nothing" {
	run -0 admin callback list --state failed --json
	is "$(jq -r '.[] | [.tenant, .host, .path, .state] | join(" ")' <<<"$output" | sort)" "ACME lms0.example.org /x failed
ACME lms5.example.org /x failed"
	[[ "$output" != *hidden* ]]
	run admin callback retry
	is "$status" 2
	is "$(admin callback retry --host other.example.org --json | jq -c .)" '{"retried":0}'
	run -0 admin callback retry --host other.example.org
	is "$output" "0 callbacks will be tried again"
	run -0 admin callback retry --host lms5.example.org
	is "$output" "1 callback will be tried again"
	run -0 admin callback retry "$(sql "select id from b3lb.callback where state = 'failed'")"
	is "$(sql "select count(*) from b3lb.callback where state = 'waiting' and next_at <= now() and retry_until > now() + interval '23 hours'")" 2
	for id in 999999 abc "1 or true"; do
		run admin callback retry "$id"
		is "$status" 1
		[[ "$output" == *"there is no callback $id"* ]]
	done
	is "$(sql "select count(*) from b3lb.audit where object = 'callback'")" 2
}

@test "history: what is asked for, moments without a figure are left out" {
	job rollup 2>/dev/null
	run -0 admin history total
	is "${#lines[@]} ${lines[0]%% *}" "2 at"
	run -0 admin history node:n1 --json
	is "$(jq -r '[.series.online[] | numbers] | join(" ")' <<<"$output")" 1
	sql "insert into b3lb.load_hour select x, b3lb.step_of(now(), 3600) - interval '20 days', 3, 30, 1, 2, null, null, null, 100 from unnest(array['', 'acme', 'acme-5']) x"
	for of in total tenant:ACME secret:acme-5; do
		run -0 admin history "$of" --from "$(date -u -d '30 days ago' +%F)" --csv
		is "${#lines[@]} $(grep -c ",30,3,1,2," <<<"$output")" "2 1"
	done
	run -0 admin history secret:acme-7 --from "$(date -u -d '30 days ago' +%F)" --csv
	is "$(grep -c ",0,0,0,0," <<<"$output")" 1
	for of in tenant acme secret:acme-x totals; do
		run admin history "$of"
		is "$status" 1
	done
	run admin history total --from 2026-02-01 --to 2026-01-01
	[[ "$output" == *"--from must be before --to"* ]]
}
