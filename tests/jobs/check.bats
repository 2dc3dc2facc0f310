# What somebody should look at: the checks as a job, and the list of the worst.
load ../harness/harness.bash
setup_file() { h_start 2 "admin_token = the-admin-token"; }
teardown_file() { h_stop; }
setup() {
	h_reset
	sql "truncate b3lb.finding; update b3lb.node set bbb_version = null, certificate_until = null, looked_at = null, polled_at = now(), error = null, unsteady = false;
		insert into b3lb.job (name, host, started_at, finished_at, good_at) select name, 'h1:1', now(), now(), now() from b3lb.job_states()
		on conflict (name) do update set host = excluded.host, started_at = now(), finished_at = now(), good_at = now(), message = null"
}
tenant_id() { sql "select id from b3lb.tenant where slug = '$1'"; }
# Seconds are no matter.
attention() { sql "select concat_ws(' | ', kind, severity, title, detail, link) from b3lb.attention(${1:-null})" | sed 's/[0-9]* seconds ago/S seconds ago/'; }
attention_metric() { curl -fsS -H "Host: $H_DOMAIN" "http://127.0.0.1:$H_PORT/b3lb/metrics?token=the-admin-token" | sed -n "s/^b3lb_attention{kind=\"$1\"} //p"; }

@test "nothing to look at" {
	is "$(attention)" ""
	is "$(attention_metric node) $(attention_metric callback)" "0 0"
}

@test "each kind, the worst first; a tenant's own account sees its own and nothing of nodes" {
	sql "update b3lb.node set online = false, failures = 9, meetings = 2, attendees = 30, error = 'could not connect' where slug = 'n1';
		update b3lb.node set failures = 1, certificate_until = now() + interval '5 days 1 hour' where slug = 'n2';
		update b3lb.job set good_at = now() - interval '1 hour', started_at = now() - interval '1 hour', finished_at = now() - interval '1 hour' where name = 'rollup';
		update b3lb.job set good_at = now() - interval '1 hour', message = 'no disk' where name = 'poll';
		insert into b3lb.finding (subject, host, level, message) values ('DNS', 'h1', 'warning', 'resolves not'), ('DNS', 'h2', 'error', 'resolves never'),
			('storage', 'h1', 'ok', 'fine'), ('job rollup', 'h1', 'warning', 'twice'), ('node n1', 'h1', 'error', 'twice'), ('node n2', 'h1', 'warning', 'its clock'),
			('old', 'h1', 'error', 'long ago');
		update b3lb.finding set at = now() - interval '2 days' where subject = 'old';
		insert into b3lb.callback (secret_id, kind, url, state, finished_at, error)
			select s.id, 'end', 'https://user:pw@LMS.example.org:8443/x?token=secret', 'failed', now(), 'HTTP status 500' from b3lb.secret s, generate_series(1, 3);
		insert into b3lb.callback (secret_id, kind, url, state, finished_at) select min(id), 'end', 'https://old.example.org/', 'failed', now() - interval '9 days' from b3lb.secret;
		insert into b3lb.record_set (tenant_id, secret_id, meeting_id, name, status, render_error)
			select s.tenant_id, s.id, 'x', 'X', 'FAILED', 'no video in it' from b3lb.secret s where s.secret = '$ACME_SECRET';
		update b3lb.tenant set meeting_limit = 10, attendee_limit = 0 where slug = 'acme'; update b3lb.secret set attendee_limit = 100 where secret = '$BETA5_SECRET';
		insert into b3lb.meeting (tenant_id, secret_id, meeting_id, node_id, node_meeting_id, name, confirmed, attendees)
			select s.tenant_id, s.id, 'm' || i, n.id, 'b3lb-' || s.id || '-' || i, 'M', true, 10 from generate_series(1, 10) i, b3lb.secret s, b3lb.node n
			where n.slug = 'n2' and (s.secret = '$ACME_SECRET' and i <= 9 or s.secret = '$BETA5_SECRET')"
	is "$(attention)" "node | error | n1 does not answer | 2 meetings, 30 people; could not connect | #/nodes/n1
job | error | b3lb-poll fails | last good round S seconds ago, on h1:1: no disk | #/health
limit | error | BETA-5 at 100 % of its attendee limit | 100 of 100 | #/tenants/BETA
finding | error | DNS | resolves never (h2) | #/health
node | warning | n2 answers now and then, or in part |  | #/nodes/n2
job | warning | b3lb-rollup is late | last good round S seconds ago, on h1:1 | #/health
limit | warning | ACME at 90 % of its meeting limit | 9 of 10 | #/tenants/ACME
certificate | warning | n2: its certificate runs out in 5 days |  | #/nodes/n2
finding | warning | node n2 | its clock (h1) | #/nodes/n2
callback | warning | lms.example.org did not take 12 callbacks | HTTP status 500 | #/callbacks?state=failed&q=lms.example.org
recording | warning | ACME: 1 recording failed | no video in it | #/recordings?status=failed&tenant=ACME"
	is "$(attention "array[$(tenant_id acme)]")" "limit | warning | ACME at 90 % of its meeting limit | 9 of 10 | #/tenants/ACME
callback | warning | lms.example.org did not take 6 callbacks | HTTP status 500 | #/callbacks?state=failed&q=lms.example.org
recording | warning | ACME: 1 recording failed | no video in it | #/recordings?status=failed&tenant=ACME"
	is "$(attention "'{}'")" ""
	is "$(attention_metric node) $(attention_metric job) $(attention_metric finding) $(attention_metric recording)" "2 2 2 1"
	# Maintenance is nobody's worry.
	sql "update b3lb.node set state = 'maintenance'"
	is "$(attention | grep -c '/nodes/')" 0
}

@test "twenty at most" {
	sql "insert into b3lb.finding (subject, host, level, message) select 'x' || i, 'h1', 'warning', 'y' from generate_series(1, 30) i; update b3lb.node set online = false where slug = 'n2'"
	is "$(attention | wc -l) $(attention | head -1 | cut -d' ' -f1-5)" "20 node | error | n2"
	is "$(attention_metric finding)" 30
}

@test "a job that never ran, one that works for long, one that works for too long" {
	sql "delete from b3lb.job where name = 'meetings';
		update b3lb.job set started_at = now() - interval '10 hours', good_at = now() - interval '12 hours', finished_at = now() - interval '12 hours' where name = 'render';
		update b3lb.job set started_at = now() - interval '300 seconds', good_at = now() - interval '310 seconds', finished_at = now() - interval '310 seconds' where name = 'poll'"
	is "$(attention | cut -d'|' -f2,3)" " error | b3lb-meetings never ran 
 error | b3lb-poll is late "
}

finding() { sql "select level || ': ' || message from b3lb.finding where subject = '$1'"; }
check() { job check "$@" 2>/dev/null; }

@test "the job keeps what it finds: of each thing the worst, and since when it is so" {
	sim n1/version value=3.0.12
	sql "update b3lb.node set secret = 'wrong' where slug = 'n2'"
	check
	is "$(sql "select count(distinct host) || ' ' || (count(*) > 12) || ' ' || min(host) from b3lb.finding")" "1 true $(hostname)"
	[[ "$(finding "node n1")" == "ok: it answers and takes the secret; enabled; load 0 of 10000; no recording"* ]]
	[[ "$(finding "node n2")" == "error: it refuses the secret"* ]]
	is "$(finding "schema")" "ok: it is this program's"
	is "$(sql "select string_agg(slug || ' ' || coalesce(bbb_version, '-') || ' ' || (looked_at is not null) || ' ' || coalesce(certificate_until::text, '-'), ', ' order by slug) from b3lb.node")" "n1 3.0.12 true -, n2 - false -"
	sql "update b3lb.finding set since = since - interval '1 day', at = at - interval '16 minutes'; insert into b3lb.finding (subject, host, level, message) values ('gone', '$(hostname)', 'error', 'x'), ('other', 'otherhost', 'error', 'x'), ('far', 'longgone', 'error', 'x');
		update b3lb.finding set at = at - interval '16 minutes' where host = '$(hostname)'; update b3lb.finding set at = at - interval '8 days' where host = 'longgone';
		update b3lb.node set secret = 'node-secret' where slug = 'n2'"
	check
	is "$(sql "select string_agg(subject || ' ' || (now() - since < interval '1 hour'), ', ' order by subject) from b3lb.finding where subject in ('node n1', 'node n2', 'gone', 'other', 'far')")" "node n1 false, node n2 true, other true"
	is "$(sql "select level from b3lb.finding where subject = 'node n2'")" ok
	[[ "$(sql "select message from b3lb.job where name = 'check'")" == *" things, "*" errors, "*" warnings" ]]
}

@test "it looks again after a quarter of an hour, when somebody asked, or by force; no node in maintenance is asked" {
	check
	sim journal/clear
	check
	is "$(asked getMeetings)" 0
	check --force
	is "$(asked getMeetings)" 2
	sql "update b3lb.finding set at = at - interval '16 minutes'; update b3lb.node set state = 'maintenance' where slug = 'n2'"
	check
	is "$(asked getMeetings n1) $(asked getMeetings n2)" "2 1"
	is "$(sql "select count(*) from b3lb.finding where subject = 'node n2'")" 0
	# A clock that was ahead.
	sql "update b3lb.finding set at = at + interval '1 year'"
	check
	is "$(asked getMeetings n1)" 3
	is "$(sql "select count(*) from b3lb.finding where at > now()")" 0
}

@test "what hostile nodes say of their version stays text, and a node that hangs is found out" {
	sim n1/version "value=<x>&'\"3.0"
	sim n2/behave mode=hang
	check --force
	is "$(sql "select bbb_version from b3lb.node where slug = 'n1'")" "<x>&'\"3.0"
	[[ "$(finding "node n2")" == "error: it does not answer"* ]]
}

@test "a time zone that PostgreSQL does not know is found" {
	sed '$a time_zone = Berlin' "$H/b3lb.conf" >"$H/zone.conf"
	"$B3LB_PREFIX/libexec/b3lb/b3lb-check" --config "$H/zone.conf" --force 2>/dev/null
	[[ "$(finding configuration)" == "warning: "*"time_zone: PostgreSQL knows no zone \"Berlin\""* ]]
}

@test "a failed callback that somebody retries is tried for a day, and not given up at once" {
	sql "insert into b3lb.callback (secret_id, kind, url, state, created_at, finished_at, attempts, error) select min(id), 'end', '$(sink_url lms)', 'failed', now() - interval '3 days', now(), 20, 'HTTP status 500' from b3lb.secret"
	sink lms status=500 count=1 >/dev/null
	run -0 admin callback retry --host 127.0.0.1
	is "$(sql "select state from b3lb.callback")" waiting
	job callbacks 2>/dev/null
	is "$(sql "select state || ' ' || error from b3lb.callback")" "waiting HTTP status 500"
	sql "update b3lb.callback set next_at = now()"
	job callbacks 2>/dev/null
	is "$(sql "select state from b3lb.callback")" delivered
}
