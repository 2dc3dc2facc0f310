# Changes of the configuration: dry runs, the audit, writers beside each other, drains.
load ../harness/harness.bash
load ../harness/recorded.bash
setup_file() {
	h_start 2
	admin cluster add c1
	admin group add g1
	admin node add spare --cluster c1 --secret spare-secret --domain spare.example.net
	admin tenant add OMEGA --group g1
	admin secret add OMEGA --secret omega-secret-word
	admin profile add cut
	admin cluster add spareless
	admin group add g2
	admin group attach g2 c1
	admin account add olga --role viewer --tenants OMEGA >/dev/null
	admin account add boss --role admin >/dev/null
	admin token add robot --role viewer >/dev/null
}
teardown_file() { h_stop; }
setup() { h_reset; }
state() { admin state export --secrets; }
# The lines that the audit got while a command ran: noted COMMAND...
noted() {
	local last
	last=$(sql "select coalesce(max(id), 0) from b3lb.audit")
	"$@" >/dev/null || return
	sql "select object || ' ' || name || coalesce(' of ' || tenant, '') || ': ' || replace(changes, E'\n', '; ') from b3lb.audit where id > $last order by id"
}

@test "a dry run says each difference, and changes nothing" {
	cd "$BATS_TEST_TMPDIR"
	echo "body { color: red; }" >style.css
	bbb create "meetingID=room&name=Room"
	node=$(sql "select n.slug from b3lb.meeting m join b3lb.node n on n.id = m.node_id")
	recorded acme 0 rec-1 room Room "archive_key = 'k'"
	sql "insert into b3lb.callback (secret_id, kind, url, state) select secret_id, 'end', 'https://lms.example.org/', 'failed' from b3lb.record_set"
	admin parameter set OMEGA welcome block
	admin profile attach OMEGA video
	echo "body { color: blue; }" >old.css
	admin asset set OMEGA css old.css
	hook=$(admin hook add OMEGA https://lms.example.org/hook)
	rows() {
		state
		for table in audit account token hook hook_event callback record_set meeting migration; do echo "select '$table', md5(string_agg(x::text, ' ' order by x::text)) from b3lb.$table x;"; done | sql "$(cat)"
	}
	before=$(rows) tried=()
	while IFS='|' read -r words said; do
		words=${words/NODE/$node} words=${words/HOOK/$hook} said=${said/NODE/$node} said=${said/HOOK/$hook}
		tried+=("$(cut -d' ' -f1,2 <<<"$words")")
		run admin $words --dry-run
		[[ "$status" == 0 && "$output" == *"$said"*"none of them made"* ]] || { echo "$words: $output"; false; }
	done <<-'END'
		cluster add new --load-a 2|cluster new: added
		cluster set c1 --load-a 2|cluster c1: load_a 1 -> 2
		group attach g1 c1|group g1: clusters: c1 added
		node set spare --tags eu --tags gpu|node spare: tags: gpu added
		node set spare --weight 2 --domain x.example|node spare: domain "spare.example.net" -> "x.example"
		node drain spare --then-maintenance|node spare: state "enabled" -> "draining"
		node remove spare|node spare: removed
		tenant set omega --recording off|tenant OMEGA: recording true -> false
		tenant alias OMEGA bbb.omega.example|tenant OMEGA: aliases: bbb.omega.example added
		secret set OMEGA --meeting-limit 3|tenant OMEGA, secret 0: meeting_limit 0 -> 3
		secret add OMEGA --sub-id 1-2|tenant OMEGA, secret 2: added
		secret roll OMEGA|tenant OMEGA, secret 0: secret changed
		secret remove OMEGA|tenant OMEGA, secret 0: removed
		profile attach OMEGA cut|tenant OMEGA, secret 0: profiles: cut added
		profile set cut --width 640|profile cut: width 1280 -> 640
		parameter set OMEGA duration max 60|tenant OMEGA, parameter duration: added
		asset set OMEGA css style.css|tenant OMEGA, asset css: data changed
		cluster set c1 --load-a 1|0 changes
		cluster remove spareless|cluster spareless: removed
		group add new|group new: added
		group detach g2 c1|group g2: clusters: c1 removed
		group remove g2|group g2: removed
		node add more --cluster c1 --secret s --domain d|node more: added
		node enable spare|0 changes
		node maintenance spare|node spare: state "enabled" -> "maintenance"
		node end-meetings NODE|meeting room of ACME-0 on NODE: ended
		tenant add NEW --group g1|tenant NEW: added
		tenant remove OMEGA|tenant OMEGA: removed
		parameter remove OMEGA welcome|tenant OMEGA, parameter welcome: removed
		asset remove OMEGA css|tenant OMEGA, asset css: removed
		profile add new|profile new: added
		profile detach OMEGA video|tenant OMEGA, secret 0: profiles: video removed
		profile remove cut|profile cut: removed
		recording publish rec-1|recording rec-1: published
		recording unpublish rec-1|recording rec-1: unpublished
		recording delete rec-1|recording rec-1: deleted
		recording rerender rec-1|recording rec-1: rendered anew
		meeting end ACME room|meeting room on NODE: ended
		hook add OMEGA https://lms.example.org/other|hook of OMEGA: added
		hook remove HOOK|hook HOOK: removed
		hook test HOOK|hook HOOK: an event b3lb-test sent
		callback retry --tenant ACME|callbacks: 1 tried again
		callback retry --tenant BETA|0 changes
		account add new --role viewer --tenant OMEGA --tenant acme|account new: added, role viewer, tenants ACME,OMEGA
		account set olga --role operator|account olga: role viewer -> operator
		account password olga|account olga: password changed
		account remove olga|account olga: removed
		token add new --role viewer --expires 30|token new: added, role viewer, tenants all, until 2
		token remove robot|token robot: removed
		db init|0 changes
		db migrate|0 changes
	END
	is "$(rows)" "$before"
	is "$(asked end "$node")" 0
	# What is tried elsewhere; and what only looks.
	tried+=("setup [--domain" "recording import" "state import")
	while read -r line; do
		command=$(cut -d' ' -f1,2 <<<"$line")
		if [[ $line == *"[--dry-run]"* ]]; then
			[[ "$(printf '%s\n' "${tried[@]}")"$'\n' == *"$command"$'\n'* ]] || { echo "not tried: $command"; false; }
		else
			[[ "$command" =~ ^(check|config|history|usage|status|.*\ (list|show|check|why|proxy|analytics|export|api-mate)(\ |$)) ]] || { echo "no --dry-run: $line"; false; }
		fi
	done < <(admin --help | sed -n 's/^  //p')
	# What the real one refuses is refused.
	while IFS='|' read -r words said; do
		run admin $words --dry-run
		is "$status $output" "1 b3lb-admin: $said"
	done <<-'END'
		account set nobody --role admin|there is no account nobody
		account remove boss|account boss is the last that may administer everything
		token add robot --role admin|token robot exists already
		token remove nobody|there is no token nobody
		token add new --role viewer --expires 0|--expires must be days, 1 to 36500, or a time: 2027-12-31 or 2027-12-31T12:00:00Z
		token add new --role viewer --expires 36501|--expires must be days, 1 to 36500, or a time: 2027-12-31 or 2027-12-31T12:00:00Z
		token add new --role viewer --expires tomorrow|--expires must be days, 1 to 36500, or a time: 2027-12-31 or 2027-12-31T12:00:00Z
		token add new --role viewer --expires 2027-02-99|--expires must be days, 1 to 36500, or a time: 2027-12-31 or 2027-12-31T12:00:00Z
		recording publish rec-1 rec-9|one of these 2 recordings is not there, or this cannot be done to it: none was changed
		meeting end ACME nothing|there is no meeting nothing of ACME
		node end-meetings nosuch|there is no such node: nosuch
		hook add OMEGA-77 https://lms.example.org/|there is no such secret: OMEGA-77 https://lms.example.org/
		hook remove 999999|there is no such hook: 999999
		callback retry 999999|there is no callback 999999 that failed or waits
	END
	# Days are from now on, and a day is its first moment.
	admin token add days --role viewer --expires 36500 >/dev/null
	admin token add day --role viewer --expires 2099-12-31 --tenants OMEGA --tenant acme >/dev/null
	is "$(sql "select string_agg(name, ' ' order by name) from b3lb.token where cardinality(tenant_ids) = 2 and expires_at = '2099-12-31T00:00:00Z'
		or expires_at - now() between interval '36499 days 23 hours' and interval '36500 days'")" "day days"
	run -0 admin account password olga --dry-run --json
	is "$(jq -c . <<<"$output")" '{"dry_run":true,"changes":["account olga: password changed"],"secrets":[]}'
	# What destroys asks nothing then, and no secret is said.
	run -0 "$B3LB_PREFIX/sbin/b3lb-admin" --config "$H/b3lb.conf" node remove spare --dry-run --json </dev/null
	is "$(jq -c . <<<"$output")" '{"dry_run":true,"changes":["node spare: removed"],"secrets":[]}'
}

@test "each change has its row with who did it and the differences; what changes nothing has none" {
	is "$(noted admin cluster set c1 --load-a 3 --sha sha1)" 'cluster c1: cluster c1: load_a 1 -> 3; cluster c1: sha "sha256" -> "sha1"'
	is "$(noted admin cluster set c1 --load-a 3)" ""
	is "$(noted admin group attach g1 c1)" "group g1: group g1: clusters: c1 added"
	is "$(noted admin group attach g1 c1)" ""
	is "$(noted admin group detach g1 c1)" "group g1: group g1: clusters: c1 removed"
	is "$(noted admin node maintenance SPARE)" 'node spare: node spare: state "enabled" -> "maintenance"'
	is "$(noted admin node enable spare)" 'node spare: node spare: state "maintenance" -> "enabled"'
	is "$(noted admin tenant alias omega Bbb.Omega.example)" "tenant OMEGA of OMEGA: tenant OMEGA: aliases: bbb.omega.example added"
	is "$(noted admin tenant alias omega bbb.omega.EXAMPLE --remove)" "tenant OMEGA of OMEGA: tenant OMEGA: aliases: bbb.omega.example removed"
	is "$(noted admin secret add OMEGA --sub-id 7-8)" "secret OMEGA-7 of OMEGA: tenant OMEGA, secret 7: added
secret OMEGA-8 of OMEGA: tenant OMEGA, secret 8: added"
	is "$(noted admin secret roll OMEGA-7)" "secret OMEGA-7 of OMEGA: tenant OMEGA, secret 7: secret changed; tenant OMEGA, secret 7: secret2 changed"
	is "$(noted admin secret roll OMEGA-7 --finish)" "secret OMEGA-7 of OMEGA: tenant OMEGA, secret 7: secret2 changed"
	is "$(noted admin secret roll OMEGA-7 --finish)" ""
	is "$(noted admin secret set OMEGA-7 --stats-token new-t0ken-word)" "secret OMEGA-7 of OMEGA: tenant OMEGA, secret 7: stats_token changed"
	is "$(noted admin parameter set omega duration max 60)" "parameter duration of OMEGA: tenant OMEGA, parameter duration: added"
	is "$(noted admin parameter set omega duration max 90)" 'parameter duration of OMEGA: tenant OMEGA, parameter duration: value "60" -> "90"'
	is "$(noted admin parameter remove omega duration)" "parameter duration of OMEGA: tenant OMEGA, parameter duration: removed"
	is "$(noted admin secret remove OMEGA-8)" "secret OMEGA-8 of OMEGA: tenant OMEGA, secret 8: removed"
	is "$(noted admin node set spare --secret spare-secret-new)" "node spare: node spare: secret changed"
	echo "body { color: red; }" >"$BATS_TEST_TMPDIR/style.css"
	is "$(noted admin asset set omega css "$BATS_TEST_TMPDIR/style.css")" "asset css of OMEGA: tenant OMEGA, asset css: added"
	is "$(noted admin asset set omega css "$BATS_TEST_TMPDIR/style.css")" ""
	echo "body { color: blue; }" >"$BATS_TEST_TMPDIR/style.css"
	is "$(noted admin asset set omega css "$BATS_TEST_TMPDIR/style.css")" "asset css of OMEGA: tenant OMEGA, asset css: data changed"
	is "$(noted admin asset remove omega css)" "asset css of OMEGA: tenant OMEGA, asset css: removed"
	is "$(noted admin profile set cut --listed off)" "profile cut: profile cut: listed true -> false"
	is "$(noted admin cluster add gone)" "cluster gone: cluster gone: added"
	is "$(noted admin cluster remove gone)" "cluster gone: cluster gone: removed"
	is "$(noted admin state import - <<<'{"b3lb_state": 1, "nodes": [{"slug": "spare", "cluster": "c1", "weight": 3}],
		"tenants": [{"slug": "OMEGA", "group": "g1", "secrets": [{"sub_id": 9}]}]}')" "node spare: node spare: weight 1 -> 3
secret OMEGA-9 of OMEGA: tenant OMEGA, secret 9: added"
	is "$(sql "select distinct actor || ' ' || via from b3lb.audit")" "cli:$(id -un) cli"
	SUDO_USER=anna is "$(SUDO_USER=anna noted admin cluster set c1 --load-a 1)" "cluster c1: cluster c1: load_a 3 -> 1"
	[ "$(id -u)" != 0 ] || is "$(sql "select actor from b3lb.audit order by id desc limit 1")" "cli:root(anna)"
	# A refused one has none either.
	rows=$(sql "select count(*) from b3lb.audit")
	run admin node set spare --cluster nowhere
	is "$output" "b3lb-admin: node spare: there is no cluster nowhere"
	is "$(sql "select count(*) from b3lb.audit")" "$rows"
	# No secret that ever was stands in it.
	for word in spare-secret omega-secret-word t0ken-word "$(sql "select secret from b3lb.secret where sub_id = 7")" "$(sql "select secret from b3lb.secret where sub_id = 9")" \
		"$(sql "select stats_token from b3lb.tenant where slug = 'omega'")"; do
		is "$(sql "select count(*) from b3lb.audit a where a::text like '%$word%'")" 0
	done
}

@test "the audit is listed by who, what and when, and kept for audit_days" {
	sql "delete from b3lb.audit"
	admin cluster set c1 --cpu-max 10
	admin tenant set OMEGA --hold-days 4
	admin secret set OMEGA --hold-days 5
	is "$(admin audit list --json | jq -r '.[] | .object + " " + .name' | paste -sd,)" "secret OMEGA-0,tenant OMEGA,cluster c1"
	is "$(admin audit list --tenant omega --object secret --name omega-0 --json | jq -r '.[].changes')" "tenant OMEGA, secret 0: hold_days 0 -> 5"
	is "$(admin audit list --limit 1 --json | jq length)" 1
	is "$(admin audit list --actor nobody --json | jq length)" 0
	is "$(admin audit list --from 2000-01-01 --to 2000-01-02T00:00:00Z --json | jq length)" 0
	is "$(admin audit list --from 2000-01-01 --json | jq length)" 3
	run admin audit list --from yesteryear
	is "$status" 1
	sql "update b3lb.audit set at = now() - interval '10 days' where object = 'cluster'"
	job rollup
	is "$(sql "select count(*) from b3lb.audit")" 3
	B3LB_AUDIT_DAYS=9 job rollup
	is "$(sql "select string_agg(object, ' ' order by id) from b3lb.audit")" "tenant secret"
}

@test "what a new object has is what the columns' defaults are" {
	sql "insert into b3lb.cluster (name) values ('raw'); insert into b3lb.cluster_group (name) values ('raw');
		insert into b3lb.profile (name) values ('raw');
		insert into b3lb.node (slug, cluster_id, secret) select 'raw', id, 's' from b3lb.cluster where name = 'raw';
		insert into b3lb.tenant (slug, group_id) select 'raw', id from b3lb.cluster_group where name = 'raw';
		insert into b3lb.secret (tenant_id, sub_id, secret) select id, 0, 's' from b3lb.tenant where slug = 'raw'"
	admin cluster add made
	admin group add made
	admin profile add made
	admin node add made --cluster made --secret s --domain made.example
	admin tenant add MADE --group made
	admin secret add MADE --secret s
	for kind in cluster group profile node tenant secret; do
		of() { sql "select doc::jsonb - array['name', 'slug', 'stats_token', 'cluster', 'group', 'domain', 'secrets'] from b3lb.state_objects('$kind', '$1', '$2')"; }
		if [ "$kind" = secret ]; then is "$(of made 0)" "$(of raw 0)"; else is "$(of "" made)" "$(of "" raw)"; fi
	done
	for name in raw made; do
		admin tenant remove $name 2>/dev/null || { admin secret remove $name && admin tenant remove $name; }
		admin node remove $name
		admin group remove $name
		admin profile remove $name
		admin cluster remove $name
	done
}

@test "writers beside each other come one after the other: none is lost, and each row begins where the one before it ended" {
	sql "delete from b3lb.audit"
	for i in 1 2 3 4 5; do
		admin cluster set c1 --load-m "10$i" &
		admin cluster add "w$i" && admin group attach g1 "w$i" &
	done
	wait
	is "$(sql "select count(*) from b3lb.cluster_group_member m join b3lb.cluster_group g on g.id = m.group_id where g.name = 'g1'")" 5
	is "$(sql "select count(*) from (select substring(changes from '-> (.*)') as after, lead(substring(changes from 'load_m (.*) ->')) over (order by id) as next
		from b3lb.audit where object = 'cluster' and name = 'c1') x where next is distinct from after and next is not null")" 0
	is "$(sql "select count(*) from b3lb.audit where name = 'c1'")" 5
	for i in 1 2 3 4 5; do admin group detach g1 "w$i" && admin cluster remove "w$i"; done
}

@test "what is refused says field and rule, and what still uses an object" {
	while IFS='|' read -r words said; do
		run admin $words
		is "$status" 1
		is "$output" "b3lb-admin: $said"
	done <<-'END'
		node set spare --weight 0|node spare: weight must be greater than 0
		node set spare --url ftp://x|node spare: url must be an http or https URL without a query, and with nothing behind /api
		node set spare --join-url meet.example|node spare: join_url must be an http or https URL without a query, and with nothing behind /api
		node set spare --join-url https://u@meet.example|node spare: join_url must be an http or https URL without a query, and with nothing behind /api
		node set spare --join-url https://meet.example/?x|node spare: join_url must be an http or https URL without a query, and with nothing behind /api
		node set spare --join-url https://meet.example/#x|node spare: join_url must be an http or https URL without a query, and with nothing behind /api
		tenant set OMEGA --modules a,,b|tenant OMEGA: modules must be names of modules, of letters, digits and the characters . _ -, with commas between, or * for all
		node add bare --cluster c1 --secret s|node bare: it needs a domain or a url, or node_default_domain in the configuration
		node add spare --cluster c1 --secret s --domain x|node spare exists already
		profile add odd --width 321|profile odd: width must be an even number from 320 to 3840
		parameter set OMEGA duration max ten|tenant OMEGA: parameter duration: must be a whole number of up to nine digits
		parameter set NOBODY duration max 10|there is no such tenant: NOBODY duration max 10
		profile attach OMEGA nosuch|secret OMEGA-0: there is no profile nosuch
		cluster remove main|cluster main is still in use
		secret set OMEGA-44 --hold-days 1|there is no such secret: OMEGA-44
	END
}

@test "a control byte in a join URL is refused, and nothing changes" {
	before=$(state)
	run -1 admin node set spare --join-url $'https://meet.example/\x01'
	is "$output" "b3lb-admin: node spare: join_url must be an http or https URL without a query, and with nothing behind /api"
	is "$(state)" "$before"
}

@test "what is no UTF-8 is refused, and nothing is made of what is left" {
	before=$(state)
	for words in "tenant set OMEGA --description" "node set spare --url" "secret add OMEGA --sub-id 3 --secret" "secret roll OMEGA --secret" \
		"group attach g1" "tenant alias OMEGA" "profile attach OMEGA" "parameter set OMEGA welcome set" "cluster add"; do
		run admin $words $'x\xff'
		[ "$status" = 1 ] || { echo "$words: $output"; false; }
	done
	is "$(state)" "$before"
}

@test "a node that is drained to maintenance gets there when its last meeting has ended, and not before" {
	bbb create "meetingID=room&name=Room"
	node=$(sql "select n.slug from b3lb.meeting m join b3lb.node n on n.id = m.node_id")
	sim "$node/users" meetingID="$(sql "select node_meeting_id from b3lb.meeting")" participants=3 >/dev/null
	job poll 2>/dev/null
	run -0 admin node drain "$node" --then-maintenance --message "Ends at six, Größe"
	is "$output" "ACME-0 room: told"
	is "$(asked sendChatMessage "$node")" 1
	is "$(sql "select state || ' ' || drain_to || ' ' || state_meetings from b3lb.node where slug = '$node'")" "draining maintenance 1"
	job poll 2>/dev/null
	is "$(sql "select state from b3lb.node where slug = '$node'")" draining
	run -0 admin node end-meetings "$node"
	is "$output" "ACME-0 room: ended"
	is "$(sql 'select count(*) from b3lb.meeting')" 0
	job poll 2>/dev/null
	is "$(sql "select state || ' ' || (drain_to is null) from b3lb.node where slug = '$node'")" "maintenance true"
	is "$(sql "select actor || ' ' || via || ' ' || changes from b3lb.audit order by id desc limit 1")" \
		"poll job node $node: state \"draining\" -> \"maintenance\": it is empty"
	admin node drain "$node"
	is "$(sql "select drain_to is null from b3lb.node where slug = '$node'")" t
	job poll 2>/dev/null
	is "$(sql "select state from b3lb.node where slug = '$node'")" draining
	# Taken back, nothing happens to it either.
	admin node drain "$node" --then-maintenance
	admin node enable "$node"
	job poll 2>/dev/null
	is "$(sql "select state || ' ' || (drain_to is null) from b3lb.node where slug = '$node'")" "enabled true"
}

@test "a node that does not know the call, or fails, is told of meeting by meeting" {
	bbb create "meetingID=old&name=Old"
	node=$(sql "select n.slug from b3lb.meeting m join b3lb.node n on n.id = m.node_id")
	sim "$node/behave" mode=html calls=sendChatMessage >/dev/null
	run admin node drain "$node" --message "Bye"
	is "$status" 1
	[[ "$output" == *"ACME-0 old: the node does not know sendChatMessage: BigBlueButton 3.0 and later do"* && "$output" == *"1 of 1 meetings were not told"* ]]
	is "$(sql "select state from b3lb.node where slug = '$node'")" draining
	run admin node drain "$node" --message ""
	is "$output" "b3lb-admin: message must be text of 1 to 500 characters"
	run admin node drain "$node" --message "$(printf 'x%.0s' {1..501})"
	is "$status" 1
	run admin node drain "$node" --message $'\xff'
	is "$status" 1
	sim "$node/behave" mode=status500 calls=end >/dev/null
	run admin node end-meetings "$node" --json
	is "$status" 1
	is "$(sed '/^b3lb-admin/d' <<<"$output" | jq -r '[.ended, .failed[0].meeting_id] | map(tostring) | join(" ")')" "0 old"
	is "$(sql 'select count(*) from b3lb.meeting')" 1
	run admin node end-meetings nosuch
	is "$output" "b3lb-admin: there is no such node: nosuch"
}

@test "a node that gets no meetings has no load, in node list as in stats" {
	admin node maintenance n2
	is "$(admin node list --json | jq -r '.[] | select(.node == "n2") | .load')" -1
	is "$(admin node list --json | jq -r '.[] | select(.node == "n1") | .load >= 0')" true
	admin node enable n2
}

@test "status --watch shows one block a round, and ends when it is interrupted" {
	"$B3LB_PREFIX/sbin/b3lb-admin" --config "$H/b3lb.conf" status --watch 1 >"$BATS_TEST_TMPDIR/watch" 3>&- &
	pid=$!
	h_wait eval '[ "$(grep -c "^meetings " "$BATS_TEST_TMPDIR/watch")" -ge 2 ]'
	kill -INT "$pid"
	wait "$pid"
	is "$(grep -c $'\e' "$BATS_TEST_TMPDIR/watch" || true)" 0
	# On a terminal each round takes the place of the last one.
	script -qfec "timeout --preserve-status -s INT 3 $B3LB_PREFIX/sbin/b3lb-admin --config $H/b3lb.conf status --watch 1" "$BATS_TEST_TMPDIR/typed" >/dev/null </dev/null
	grep -q $'\e\[H\e\[2J' "$BATS_TEST_TMPDIR/typed"
	for seconds in 0 -1 x 99999; do
		run admin status --watch -- "$seconds"
		[ "$status" != 0 ]
	done
	run admin status 5
	is "$output" "b3lb-admin: SECONDS is for --watch"
}
