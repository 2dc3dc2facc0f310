# Secrets stay where they belong: not in logs, error pages, process lists, core dumps or what an operator is shown.
load ../harness/harness.bash
load hostile.bash
setup_file() { h_start 2 "admin_token = hush-admin-token" "s3_secret_key = hush-s3-key"; }
teardown_file() { h_stop; }
setup() { h_reset; }

# Every secret that the set-up has.
hushed="$ACME_SECRET|$ACME5_SECRET|$BETA_SECRET|node-secret|hush-"

@test "no other process of the user reads a program's memory or environment, and none leaves a core dump" {
	local dir=$H pid
	[ "$(id -u)" = 0 ] || skip "needs another user"
	mkdir -m 777 "$dir/cores"
	for p in api backend stats assets recordings; do
		[ -x "$B3LB_PREFIX/libexec/b3lb/b3lb-$p" ] || continue
		(cd "$dir/cores" && ulimit -c unlimited && exec setpriv --reuid=nobody --regid=nogroup --clear-groups \
			"$B3LB_PREFIX/libexec/b3lb/b3lb-$p" --config "$H/b3lb.conf" --listen "$dir/cores/$p.sock" </dev/null >/dev/null 2>&1 3>&- 4>&-) &
		pid=$!
		h_wait test -S "$dir/cores/$p.sock"
		is "$(readlink "/proc/$pid/exe")" "$(readlink -f "$B3LB_PREFIX/libexec/b3lb/b3lb-$p")"
		is "$(stat -c %U "/proc/$pid/environ" "/proc/$pid/mem" | sort -u)" root
		run setpriv --reuid=nobody --regid=nogroup --clear-groups cat "/proc/$pid/environ"
		[ "$status" != 0 ]
		kill -ABRT "$pid"
		wait "$pid" || true
	done
	is "$(find "$dir/cores" -type f)" ""
}

@test "no process shows a secret in its arguments" {
	bbb create "meetingID=abc&name=Name"
	for j in poll meetings rollup callbacks cleanup render; do
		[ -x "$B3LB_PREFIX/libexec/b3lb/b3lb-$j" ] || continue
		"$B3LB_PREFIX/libexec/b3lb/b3lb-$j" --config "$H/b3lb.conf" --every 1 --for 4 >/dev/null 2>&1 3>&- 4>&- &
	done
	h_wait pgrep -f "^$B3LB_PREFIX/libexec/b3lb/b3lb-poll"
	run ps -ww -e -o args
	output=$(grep "^$B3LB_PREFIX/libexec/b3lb" <<<"$output")
	[[ "$output" == *b3lb-api* && "$output" == *b3lb-poll* ]]
	[[ ! "$output" =~ $hushed ]]
	wait
}

@test "logs and error pages: none, whatever goes wrong" {
	for n in n1 n2; do sim $n/behave mode=failed key=checksumError; done
	bbb create "meetingID=abc&name=Name&moderatorPW=hush-1&attendeePW=hush-2"
	printf '%s' "$output" >"$BATS_TEST_TMPDIR/pages"
	for n in n1 n2; do sim $n/behave mode=normal; done
	bbb create "meetingID=abc&name=Name&moderatorPW=hush-1&attendeePW=hush-2"
	bbb join "meetingID=abc&fullName=Me&password=hush-1"
	bbb join "meetingID=abc&fullName=Me&password=hush-9&redirect=false"
	for n in n1 n2; do sim $n/behave mode=html; done
	bbb end "meetingID=abc&password=hush-1"
	printf '%s' "$output" >>"$BATS_TEST_TMPDIR/pages"
	ask "$H_DOMAIN" "/b3lb/stats?token=hush-wrong"
	printf '%s' "$output" >>"$BATS_TEST_TMPDIR/pages"
	ask "$H_DOMAIN" "/b3lb/metrics" -H "Authorization: Bearer hush-wrong"
	printf '%s' "$output" >>"$BATS_TEST_TMPDIR/pages"
	job poll --verbose >"$H/jobs.log" 2>&1 || true
	h_pg_down immediate
	bbb create "meetingID=abd&name=Name&moderatorPW=hush-1"
	printf '%s' "$output" >>"$BATS_TEST_TMPDIR/pages"
	job poll >>"$H/jobs.log" 2>&1 || true
	job meetings >>"$H/jobs.log" 2>&1 || true
	h_pg_up
	sleep 0.5
	run grep -rEl "$hushed|checksum=|127\.0\.0\.1 port" "$BATS_TEST_TMPDIR/pages"
	is "$output" ""
	run grep -El "$hushed|checksum=" "$H/jobs.log" "$H/api.log" "$H/stats.log" "$H/backend.log"
	is "$output" ""
	sim n1/behave mode=normal
	sim n2/behave mode=normal
}

@test "a malformed connection string is told without its words" {
	for database in "dbname=b3lb password=hush hush-second" "postgresql://u:hush-pw@[::1/b3lb" "host=x password='hush-open"; do
		sed "s|^database = .*|database = $database|" "$H/b3lb.conf" >"$H/other.conf"
		run "$B3LB_PREFIX/libexec/b3lb/b3lb-poll" --config "$H/other.conf"
		is "$status" 1
		[[ "$output" == *database* ]]
		[[ "$output" != *hush* ]]
	done
}

@test "what an operator is shown by default holds no secret" {
	bbb create "meetingID=abc&name=Name"
	for c in "node list" "tenant list" "secret list" "cluster list" "config" "config --all" "status" "meeting list" "parameter list"; do
		# shellcheck disable=SC2086
		run admin $c --json
		is "$status" 0
		[[ ! "$output" =~ $hushed ]] || { echo "$c: $output"; return 1; }
	done
	ask "acme.$H_DOMAIN" "/b3lb/t/acme/stats?token=$(sql "select stats_token from b3lb.tenant where slug = 'acme'")"
	is "$status" 200
	[[ ! "$output" =~ $hushed ]]
}
