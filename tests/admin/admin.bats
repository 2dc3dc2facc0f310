# b3lb-admin: commands, refusals, output.
load ../harness/harness.bash
setup_file() { h_start 2; }
teardown_file() { h_stop; }

refused() { [ "$status" = 1 ] && [[ "$output" == "b3lb-admin: "* ]]; }

@test "no command, an unknown one and a missing argument are exit 2 with a hint" {
	for args in "" "nothing" "node nothing" "node add" "node add x" "tenant add NEW" "node list --nonsense" "cluster add a b"; do
		run admin $args
		is "$status" 2
		[[ "$output" == *--help* ]]
	done
}

@test "every command stands in the help" {
	run -0 admin --help
	for object in db cluster group node tenant secret parameter meeting config status; do [[ "$output" == *"  $object"* ]]; done
}

@test "a cluster is added, changed, listed and removed" {
	admin cluster add c1 --load-a 2 --load-m 20 --cpu-iterations 3 --cpu-max 100 --sha sha512
	run -0 admin cluster list --json
	is "$(jq -r '.[] | select(.name == "c1") | [.load_a, .load_m, .cpu_iterations, .cpu_max, .sha] | map(tostring) | join(" ")' <<<"$output")" "2 20 3 100 sha512"
	admin cluster set c1 --load-a 5
	is "$(sql "select load_a || ' ' || load_m from b3lb.cluster where name = 'c1'")" "5 20"
	run admin cluster add c1
	refused
	[[ "$output" == *"exists already"* ]]
	run admin cluster add c2 --sha md5
	is "$status" 2
	admin cluster remove c1
	run admin cluster remove c1
	refused
}

@test "what is in use is not removed" {
	run admin cluster remove main
	refused
	[[ "$output" == *"in use"* ]]
	run admin group remove all
	refused
}

@test "groups attach and detach clusters" {
	admin cluster add c3
	admin group add g3
	admin group attach g3 c3
	run -0 admin group list
	[[ "$output" == *c3* ]]
	admin group detach g3 c3
	admin group remove g3
	admin cluster remove c3
	run admin group attach nothing main
	refused
}

@test "a node is added, set, drained, enabled and removed" {
	admin node add extra --cluster main --secret some-secret --domain extra.example.net --weight 2.5
	is "$(sql "select domain || ' ' || weight || ' ' || state from b3lb.node where slug = 'extra'")" "extra.example.net 2.5 enabled"
	admin node drain extra
	is "$(sql "select state from b3lb.node where slug = 'extra'")" draining
	admin node maintenance extra
	admin node enable extra
	admin node set extra --weight 1
	is "$(sql "select state || ' ' || weight from b3lb.node where slug = 'extra'")" "enabled 1"
	run admin node list
	[[ "$output" == *extra* ]]
	[[ "$output" != *some-secret* ]]
	admin node remove extra --yes
	is "$(sql "select count(*) from b3lb.node where slug = 'extra'")" 0
	run admin node drain extra
	refused
}

@test "bad names and values are refused by rule, and nothing is half done" {
	run admin tenant add 1abc --group all
	refused
	run admin tenant add ab-c --group all
	refused
	run admin tenant add "ab'; drop table b3lb.tenant; --" --group all
	refused
	run admin node add UP/down --cluster main --secret s3cr3tss
	refused
	run admin secret add ACME --sub-id 7 --secret ""
	refused
	run admin secret add ACME --sub-id 1000
	refused
	run admin secret add NOBODY
	refused
	is "$(sql 'select count(*) from b3lb.tenant')" 2
}

@test "tenants: limits, description, error status, alias, show, remove" {
	admin tenant add GAMMA --group all --description "Third one" --attendee-limit 5 --meeting-limit 6 --recording off --hold-days 7
	is "$(admin tenant show GAMMA --json | jq -r '[.attendee_limit, .meeting_limit, .hold_days] | map(tostring) | join(" ")')" "5 6 7"
	admin tenant set gamma --error-status bbb
	is "$(sql "select error_status from b3lb.tenant where slug = 'gamma'")" bbb
	admin tenant alias GAMMA bbb.uni.example
	run admin tenant alias ACME bbb.uni.example
	refused
	admin tenant remove GAMMA --yes
	is "$(sql "select count(*) from b3lb.tenant_alias")" 0
}

@test "an alias that is the base domain or another tenant's own host is refused: the others would be shut out" {
	for host in "$H_DOMAIN" "Beta.$H_DOMAIN" "beta-5.${H_DOMAIN^^}"; do
		run admin tenant alias ACME "$host"
		refused
		beta getMeetings ""
		answers 200 SUCCESS
	done
	for host in "acme-1.$H_DOMAIN" "nobody.$H_DOMAIN" "x.beta.$H_DOMAIN" "beta.example"; do
		admin tenant alias ACME "$host"
		admin tenant alias ACME "$host" --remove
	done
}

@test "an alias is a host name: no dot first, last or twice, no port" {
	for host in .x x. "ACME.$H_DOMAIN." a..b a_b.example a-.example "bbb.example:80" "bbb.example/x" ""; do
		run admin tenant alias ACME "$host"
		refused
		[[ "$output" == *"must be a host name without a port"* ]]
	done
	is "$(sql "select count(*) from b3lb.tenant_alias")" 0
}

@test "a platform sets the tenant's error status, and is told where URL and secret are entered" {
	while read -r platform wanted url; do
		run -0 admin tenant add OMEGA --group all --platform "$platform"
		[[ "$output" == "$platform: "* && "$output" == *"http://omega.$H_DOMAIN:$H_PORT/$url"$'\n'* ]]
		[[ "$output" == *"secret list OMEGA --show"* ]]
		is "$(sql "select coalesce(error_status, 'none') from b3lb.tenant where slug = 'omega'")" "$wanted"
		admin tenant remove OMEGA
	done <<-'END'
		moodle none bigbluebutton/
		greenlight none bigbluebutton/api
		nextcloud bbb bigbluebutton/
		wordpress none bigbluebutton/
		studip http bigbluebutton/api
		ilias bbb bigbluebutton/
		opencast bbb bigbluebutton/api
		other bbb bigbluebutton/
	END
	# What is said beside it wins; the rest stays; a program reads the same.
	admin tenant add OMEGA --group all
	run -0 admin tenant set OMEGA --platform studip --error-status bbb --json
	is "$(jq -r .platform <<<"$output")" studip
	is "$(sql "select error_status from b3lb.tenant where slug = 'omega'")" bbb
	run admin tenant set OMEGA --platform zoom
	is "$status" 2
	admin tenant remove OMEGA
}

@test "what was counted of a removed tenant or secret is not the next one's of that name" {
	admin tenant add OMEGA --group all
	admin secret add OMEGA >/dev/null
	admin secret add OMEGA --sub-id 7 >/dev/null
	sql "insert into b3lb.metric values ('omega', 0, 'joined', 3), ('omega', 7, 'joined', 4), ('acme', 7, 'joined', 5);
		insert into b3lb.metric_event (tenant, sub_id, name) values ('omega', 0, 'joined'), ('omega', 7, 'joined'), ('acme', 7, 'joined')"
	counted() { sql "select string_agg(tenant || sub_id, ' ' order by tenant, sub_id) from (select tenant, sub_id from b3lb.metric where name = 'joined' union all
		select tenant, sub_id from b3lb.metric_event where name = 'joined') x where tenant = 'omega' or sub_id = 7"; }
	is "$(counted)" "acme7 acme7 omega0 omega0 omega7 omega7"
	admin secret remove OMEGA-7
	is "$(counted)" "acme7 acme7 omega0 omega0"
	admin secret remove OMEGA
	admin tenant remove OMEGA
	is "$(counted)" "acme7 acme7"
	sql "delete from b3lb.metric; delete from b3lb.metric_event"
}

@test "db tells programs what it did" {
	is "$(admin db check --json | jq -c .)" '{"current":true,"message":null}'
	is "$(admin db migrate --json | jq -c .created)" false
}

@test "a tenant whose own host is another's alias already is refused: it would be shut out" {
	for host in "gamma.$H_DOMAIN" "gamma-07.$H_DOMAIN"; do
		admin tenant alias ACME "$host"
		run admin tenant add GAMMA --group all
		refused
		is "$output" "b3lb-admin: $host is an alias of tenant ACME, and a host name of tenant GAMMA"
		admin tenant alias ACME "$host" --remove
	done
	# Hosts that it could not have.
	for host in "x.gamma.$H_DOMAIN" "gamma-x.$H_DOMAIN" "xgamma.$H_DOMAIN" "gamma.example"; do admin tenant alias ACME "$host"; done
	admin tenant add GAMMA --group all
	for host in "x.gamma.$H_DOMAIN" "gamma-x.$H_DOMAIN" "xgamma.$H_DOMAIN" "gamma.example"; do admin tenant alias ACME "$host" --remove; done
	admin tenant remove GAMMA --yes
}

@test "secrets: a range, printed when made, hidden in lists, rolled, finished" {
	admin tenant add DELTA --group all
	run -0 admin secret add DELTA --sub-id 1-3
	is "${#lines[@]}" 3
	[[ "${lines[0]}" =~ ^delta-1\ [A-Za-z0-9]{48}$ ]]
	old=${lines[0]#* }
	run -0 admin secret list DELTA
	[[ "$output" != *"$old"* ]]
	run -0 admin secret list DELTA --show
	[[ "$output" == *"$old"* ]]
	run -0 admin secret roll DELTA-1
	new=${output#* }
	is "$(sql "select secret || ' ' || secret2 from b3lb.secret s join b3lb.tenant t on t.id = tenant_id where t.slug = 'delta' and sub_id = 1")" "$new $old"
	admin secret roll DELTA-1 --finish
	is "$(sql "select secret2 is null from b3lb.secret s join b3lb.tenant t on t.id = tenant_id where t.slug = 'delta' and sub_id = 1")" t
	run -0 admin secret api-mate DELTA-1
	[[ "$output" == *"api-mate/#server=http%3A%2F%2Fdelta-1.$H_DOMAIN%3A$H_PORT%2Fbigbluebutton%2F&sharedSecret=$new&name=API%20Mate%20delta-1&attendeePW="* ]]
	[[ "$output" == *"&moderatorPW="*"&record=true" ]]
	admin tenant set DELTA --recording off
	printf '%%PDF-1.4\n' >"$BATS_TEST_TMPDIR/slide.pdf"
	admin asset set DELTA slide "$BATS_TEST_TMPDIR/slide.pdf"
	run -0 admin secret api-mate DELTA-1 --json
	[[ "$(jq -r .url <<<"$output")" != *record* && "$(jq -r .url <<<"$output")" == *"&pre-upload=http%3A%2F%2F$H_DOMAIN%3A$H_PORT%2Fb3lb%2Ft%2Fdelta%2Fslide" ]]
	# Behind another name or path there is the way by path alone.
	B3LB_PUBLIC_URL=https://other.example/base run -0 admin secret api-mate DELTA-1
	[[ "$output" == *"#server=https%3A%2F%2Fother.example%2Fbase%2Fb3lb%2Ft%2Fdelta-1%2Fbbb%2F&"* ]]
	is "$(printf 'from-stdin-secret\n' | admin secret add DELTA --sub-id 9 --secret - | cut -d' ' -f2)" from-stdin-secret
	admin tenant remove DELTA --yes
}

@test "a range of secrets is made whole or not at all" {
	admin tenant add DELTA --group all
	admin secret add DELTA --sub-id 5 --secret five
	run admin secret add DELTA --sub-id 3-7
	is "$status $output" "1 b3lb-admin: secret delta-5 exists already"
	is "$(sql "select string_agg(sub_id || ' ' || secret, ',') from b3lb.secret s join b3lb.tenant t on t.id = tenant_id where t.slug = 'delta'")" "5 five"
	admin tenant remove DELTA --yes
}

@test "the tokens of statistics are shown with the tenant and with secret list --show, and can be set" {
	is "$(admin tenant show ACME --json | jq -r '.stats_token | length')" 32
	admin tenant set ACME --stats-token t0ken-of-acme
	admin secret set ACME-5 --stats-token t0ken-of-five
	is "$(admin tenant show ACME --json | jq -r .stats_token)" t0ken-of-acme
	is "$(admin secret list ACME --show --json | jq -r '.[] | select(.sub_id == 5) | .stats_token')" t0ken-of-five
	run admin tenant list
	[[ "$output" != *t0ken* ]]
}

@test "meetings are listed and ended from here" {
	bbb create "meetingID=abc&name=Test"
	run -0 admin meeting list --tenant ACME --json
	is "$(jq -r '.[0].meeting_id' <<<"$output")" abc
	admin meeting end ACME abc --yes
	bbb isMeetingRunning "meetingID=abc"
	is "$(x /response/running)" false
	is "$(sql 'select count(*) from b3lb.meeting')" 0
}

@test "status shows nodes, totals and jobs" {
	run -0 admin status
	[[ "$output" == *n1* && "$output" == *poll* ]]
	run -0 admin status --json
	jq -e '.totals.nodes == 2 and (.nodes | length) == 2' <<<"$output"
}

@test "what is not there is named" {
	while IFS='|' read -r words said; do
		run admin $words
		refused
		is "$output" "b3lb-admin: $said"
	done <<-'END'
		tenant set ACME --group nosuch|tenant ACME: there is no group nosuch
		node enable nosuch|there is no such node: nosuch
		group attach all nosuch|group all: there is no cluster nosuch
		group attach nosuch main|there is no such group: nosuch main
	END
	# Where the message names it already it stands once.
	run admin meeting end ACME nosuch --yes
	is "$output" "b3lb-admin: there is no meeting nosuch of ACME"
}

@test "config hides secrets and shows every key with --all" {
	B3LB_ADMIN_TOKEN=very-secret-token run -0 admin config
	[[ "$output" != *very-secret-token* && "$output" == *"admin_token = ***"* ]]
	run -0 admin config --all
	[[ "$output" == *"poll_failures_offline = 2"* ]]
}

@test "the sample file is the table's, and a program takes it" {
	run -0 admin config --sample
	# Where it is installed, the directories are those of the installation.
	is "${output//"$B3LB_PREFIX"\/var/\/var}" "$(cat "$B3LB_SOURCE/etc/b3lb.conf.sample")"
	run -0 "$B3LB_PREFIX/sbin/b3lb-admin" --config "$B3LB_SOURCE/etc/b3lb.conf.sample" config
}

@test "the database away: a clear message, exit 1" {
	B3LB_DATABASE="host=127.0.0.1 port=1 dbname=b3lb" run admin node list
	refused
	[[ "$output" == *database* ]]
}

@test "the URL of a node ends with the path of its API at the latest, for node and state import alike" {
	local path
	run admin cluster add urls
	for path in /bigbluebutton/api/getMeetings /api/x /bigbluebutton/api/api "/bigbluebutton/api/?a=1"; do
		run admin node add url1 --cluster urls --secret s --url "http://node.example$path"
		[ "$status" = 1 ]
		[[ "$output" == *"nothing behind /api"* ]]
		admin state export | jq --arg url "http://node.example$path" '.nodes[0].url = $url' >"$BATS_TEST_TMPDIR/state.json"
		run admin state import "$BATS_TEST_TMPDIR/state.json"
		[ "$status" != 0 ]
		[[ "$output" == *"nothing behind /api"* ]]
	done
	for path in "" / /bigbluebutton /bigbluebutton/api /bigbluebutton/api/ /n1/apis/bigbluebutton; do
		run -0 admin node add url1 --cluster urls --secret s --url "http://api.example$path"
		run -0 admin node remove url1 --yes
	done
}
