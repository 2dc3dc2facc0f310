# b3lb-admin setup: from an empty PostgreSQL to a create and a join, with every answer as an option.
load ../harness/harness.bash
# A machine where nothing is set up yet, but for PostgreSQL, a node, and the configuration as it is installed.
setup_file() {
	h_begin
	h_pg_start
	h_sim_start 2
}
teardown_file() { h_stop; }
setup() {
	H_DOMAIN=bbb.example.com h_conf
	sed -i '/^backend_allow/d; /^public_url/d' "$H/b3lb.conf"
	H_DOMAIN=bbb.localhost
	psql -q -h 127.0.0.1 -p "$H_PG_PORT" -U postgres -d postgres -c "drop database if exists b3lb with (force)"
	rm -f "$H"/*-domain.conf
}
node() { echo "http://127.0.0.1:$H_SIM_PORT/n$1"; }
# What is given stands for what it would give.
first() {
	local option options=()
	for option in --domain="$H_DOMAIN" --node-url="$(node 1)" --node-secret=node-secret --tenant=acme; do
		[[ " $*" == *" ${option%%=*}"[\ =]* ]] || options+=("$option")
	done
	admin setup "${options[@]}" --yes "$@"
}

@test "without a terminal every missing option is named at once, and nothing is made" {
	before=$(cat "$H/b3lb.conf")
	run admin setup --yes
	is "$status" 2
	[[ "$output" == *"--domain, --node-url, --node-secret, --tenant"* ]]
	is "$(cat "$H/b3lb.conf")" "$before"
	is "$(psql -At -h 127.0.0.1 -p "$H_PG_PORT" -U postgres -d postgres -c "select count(*) from pg_database where datname = 'b3lb'")" 0
	run admin setup --domain x.example --tenant acme </dev/null
	is "$status" 2
	[[ "$output" == *"missing options: --node-url, --node-secret;"* ]]
}

@test "one command makes database, schema, cluster, group, node, tenant and secret, and says URL, secret and link" {
	run -0 first
	[[ "$output" == *"https://acme.bbb.localhost/bigbluebutton/"* && "$output" == *"api-mate/#server="* ]]
	secret=$(sql "select s.secret from b3lb.secret s join b3lb.tenant t on t.id = s.tenant_id where t.slug = 'acme' and sub_id = 0")
	[[ "$output" == *"secret: $secret"* ]]
	is "$(sql "select n.slug || ' ' || c.name || ' ' || g.name from b3lb.node n join b3lb.cluster c on c.id = n.cluster_id
		join b3lb.cluster_group_member m on m.cluster_id = c.id join b3lb.cluster_group g on g.id = m.group_id
		join b3lb.tenant t on t.group_id = g.id")" "node1 main all"
	grep -qx "api_base_domain = bbb.localhost" "$H/b3lb.conf"
	grep -qx "backend_allow = 127.0.0.1" "$H/b3lb.conf"
}

@test "after it a create and a join work, also where the domain was given with its last dot" {
	first --domain "${H_DOMAIN^^}." --secret "$ACME_SECRET" >/dev/null
	job poll 2>/dev/null
	h_front_start
	bbb create "meetingID=abc&name=Test"
	answers 200
	bbb join "meetingID=abc&fullName=Me&password=$(x /response/attendeePW)"
	is "$status" 302
	h_front_stop
}

@test "running it again changes nothing, and says what is there" {
	first >/dev/null
	dump() { h_as_postgres "$(h_pg_bin)/pg_dump" -h 127.0.0.1 -p "$H_PG_PORT" -U postgres b3lb | grep -v '^\\'; }
	before=$(dump; cat "$H"/*.conf)
	run -0 first
	is "$(dump; cat "$H"/*.conf)" "$before"
	run -0 admin setup --yes
	[[ "$output" == *"there already"* && "$output" == *"secret list acme --show"* ]]
	[[ "$output" != *"$(sql 'select secret from b3lb.secret')"* ]]
	is "$(dump; cat "$H"/*.conf)" "$before"
}

@test "a second node and a second tenant are made beside the first" {
	first >/dev/null
	run -0 admin setup --yes --node second --node-url "$(node 2)" --node-secret node-secret --tenant beta
	is "$(sql 'select count(*) from b3lb.node')" 2
	is "$(sql "select string_agg(slug, ' ' order by slug) from b3lb.tenant")" "acme beta"
	run -0 admin setup --yes --node second --node-url "$(node 1)x" --node-secret node-secret
	[[ "$output" == *"warning  node: second is there already, at $(node 2)"* ]]
}

@test "a wrong secret of the node is said before anything is written" {
	before=$(cat "$H/b3lb.conf")
	run admin setup --domain "$H_DOMAIN" --node-url "$(node 1)" --node-secret wrong --tenant acme --yes
	is "$status" 1
	[[ "$output" == *"refuses the secret"* && "$output" == *"nothing was set up"* ]]
	is "$(cat "$H/b3lb.conf")" "$before"
	is "$(psql -At -h 127.0.0.1 -p "$H_PG_PORT" -U postgres -d postgres -c "select count(*) from pg_database where datname = 'b3lb'")" 0
	run admin setup --domain "$H_DOMAIN" --node-url "http://127.0.0.1:1" --node-secret wrong --tenant acme --yes
	is "$status" 1
	[[ "$output" == *"does not answer"* ]]
}

@test "a secret is taken from standard input" {
	run -0 admin setup --domain "$H_DOMAIN" --node-url "$(node 1)" --node-secret - --tenant acme --yes <<<node-secret
	is "$(sql 'select secret from b3lb.node')" node-secret
}

@test "no database: the commands that make it, exit 1" {
	B3LB_DATABASE="host=127.0.0.1 port=1 user=lb dbname=balancer" run first
	is "$status" 1
	[[ "$output" == *"createuser --pwprompt lb"* && "$output" == *"createdb --owner=lb balancer"* ]]
	B3LB_DATABASE="host=/nowhere dbname=balancer" run first
	is "$status" 1
	[[ "$output" == *"createuser $(id -un)"* && "$output" == *"createdb --owner=$(id -un) balancer"* ]]
}

@test "a connection string that works is written down, and only then" {
	run -1 admin setup --domain "$H_DOMAIN" --node-url "$(node 1)" --node-secret node-secret --tenant acme --yes --database "host=127.0.0.1 port=1 dbname=x"
	! grep -q "port=1 " "$H/b3lb.conf" || false
	good="host=127.0.0.1 port=$H_PG_PORT user=postgres dbname=b3lb connect_timeout=7"
	run -0 first --database "$good"
	grep -qx "database = $good" "$H/b3lb.conf"
	run -1 first --database "$good"$'\nuser=postgres'
	[[ "$output" == *"database must be one line"* ]]
}

@test "the configuration keeps its comments, owner and mode" {
	printf '# mine\n#node_protocol = https\n' >>"$H/b3lb.conf"
	chmod 640 "$H/b3lb.conf"
	first >/dev/null
	is "$(stat -c %a "$H/b3lb.conf")" 640
	grep -qx "# mine" "$H/b3lb.conf"
	is "$(grep -c api_base_domain "$H/b3lb.conf")" 1
	ls "$H"/*.new 2>/dev/null && false
	run -0 admin config
}

@test "Apache and lighttpd take the domain files" {
	first --domain lb.uni-test.example >/dev/null
	printf 'var.b3lb_domain = "bbb\\.example\\.com"\ninclude "%s/lighttpd-domain*.conf"\nserver.document-root = "/tmp"\n$HTTP["host"] =~ var.b3lb_domain { server.max-request-size = 3 }\n' \
		"$H" >"$H/l.conf"
	run -0 lighttpd -p -f "$H/l.conf"
	[[ "$output" == *'=~ "lb\.uni-test\.example"'* ]]
	printf 'ServerRoot %s\nPidFile %s/a.pid\nErrorLog %s/a.log\nListen 127.0.0.1:1\n%s\nIncludeOptional %s/apache2-domain*.conf\nServerName ${B3LB_DOMAIN}\n<VirtualHost *:1>\nServerName x.${B3LB_DOMAIN}\n</VirtualHost>\n' "$H" "$H" "$H" \
		"$(for m in mpm_event authz_core; do echo "LoadModule ${m}_module /usr/lib/apache2/modules/mod_$m.so"; done)" "$H" >"$H/a.conf"
	run -0 apache2 -f "$H/a.conf" -t -D DUMP_VHOSTS
	[[ "$output" == *"x.lb.uni-test.example"* ]]
}

@test "bad values are refused by rule" {
	for args in "--domain .bad" "--domain a/b" "--tenant 1x" "--tenant acme-5" "--node-url ftp://x" "--secret="; do
		run first $args
		is "$status" 1
		[[ "$output" == *"must"* ]]
	done
}

@test "a name that the database would refuse is said before anything is written" {
	before=$(cat "$H/b3lb.conf")
	for args in "--node bbb_1" "--node bbb-" "--cluster a/b" "--group -all" "--node-url http://bbb_1.localhost:$H_SIM_PORT/n1"; do
		run first $args
		is "$status" 1
		[[ "$output" == *"must"* ]] || { echo "$output"; false; }
		is "$(cat "$H/b3lb.conf")" "$before"
		is "$(psql -At -h 127.0.0.1 -p "$H_PG_PORT" -U postgres -d postgres -c "select count(*) from pg_database where datname = 'b3lb'")" 0
	done
	run -0 first --node "BBB-1.Example" --cluster a_B.c- --group 1
}

@test "a dry run says what would be made, and makes nothing: of no database, and beside what is there" {
	databases() { psql -At -h 127.0.0.1 -p "$H_PG_PORT" -U postgres -d postgres -c "select count(*) from pg_database where datname = 'b3lb'"; }
	files=$(cat "$H"/*.conf)
	run -0 first --secret not-to-be-said --dry-run
	[[ "$output" == "configuration: api_base_domain = $H_DOMAIN"*"web server: domain $H_DOMAIN"*"backend_allow = 127.0.0.1"*"created the database"*"applied 001_core"*"applied functions"* ]]
	[[ "$output" == *"cluster main: added"*"group all: added"*"node node1: added"*"tenant ACME: added"*"tenant ACME, secret 0: added"*"account admin: added"*"none of them made" ]]
	[[ "$output" != *not-to-be-said* && "$output" != *password* ]]
	run -0 admin db init --dry-run
	[[ "$output" == "created the database"*"applied 001_core"*"applied functions"* ]]
	is "$(databases) $(cat "$H"/*.conf)" "0 $files"
	run first --node-secret wrong --dry-run
	[[ "$status" == 1 && "$output" == *"refuses the secret"* ]]
	first >/dev/null
	before=$(cat "$H"/*.conf; admin state export --secrets; sql "select count(*) from b3lb.audit")
	# Two nodes in a cluster of its own beside the first: asks nothing where a terminal is.
	run -0 script -qec "$B3LB_PREFIX/sbin/b3lb-admin --config $H/b3lb.conf setup --cluster two --node second --node-url $(node 2) --node-secret node-secret --tenant beta --json --dry-run" /dev/null </dev/null
	is "$(jq -r '.changes[]' <<<"$output" | grep -v ' tags: ')" "cluster two: added
group all: clusters: two added
node second: added
tenant BETA: added
tenant BETA, secret 0: added"
	run -0 first --dry-run
	is "$output" "0 changes, none of them made"
	is "$(cat "$H"/*.conf; admin state export --secrets; sql "select count(*) from b3lb.audit")" "$before"
	run -0 admin setup --yes --cluster two --node second --node-url "$(node 2)" --node-secret node-secret --tenant beta
	is "$(admin group list --json | jq -r '.[] | select(.name == "all") | .clusters')" "main, two"
	# db says the same steps of a schema that is not there, and of one without functions.
	sql "update b3lb.migration set functions = 'other' where functions is not null"
	is "$(admin db migrate --dry-run)" "applied functions
1 change, none of them made"
	run -1 first --dry-run
	[[ "$output" == *"run b3lb-admin db migrate"* ]]
	is "$(sql "select count(*) from b3lb.migration where functions = 'other'")" 1
}

@test "its report is JSON where that is wanted" {
	run -0 --separate-stderr first --json
	jq -e 'map(select(.subject == "secret" and .level == "ok")) | length == 1' <<<"$output"
}

@test "on a terminal it asks for what is missing" {
	command -v script
	printf 'bbb.localhost\n%s\nnode-secret\n\nnextcloud\n' "$(node 1)" >"$BATS_TEST_TMPDIR/typed"
	run -0 script -qec "$B3LB_PREFIX/sbin/b3lb-admin --config $H/b3lb.conf setup" /dev/null <"$BATS_TEST_TMPDIR/typed"
	[[ "$output" == *"First tenant"* && "$output" == *"https://acme.bbb.localhost/bigbluebutton/"* ]]
	is "$(sql 'select slug from b3lb.tenant')" acme
	[[ "$output" == *"What it uses: moodle|"* && "$output" == *"next     nextcloud: Administration settings"* ]]
	is "$(sql 'select error_status from b3lb.tenant')" bbb
}

@test "run by root it works as the user b3lb, and writes the configuration as root" {
	first >/dev/null
	mkdir -m 755 "$BATS_TEST_TMPDIR/recordings"
	chmod 600 "$H/b3lb.conf"
	if [ "$(id -u)" = 0 ]; then
		{ cat /etc/passwd; grep -q '^b3lb:' /etc/passwd || echo "b3lb:x:54321:54321::/nowhere:/bin/false"; } >"$BATS_TEST_TMPDIR/passwd"
		# The leak sanitizer cannot look at a process that has changed its user.
		export ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0
		as_b3lb=(unshare -m sh -c "mount --bind $BATS_TEST_TMPDIR/passwd /etc/passwd && exec \"\$@\"" sh)
		B3LB_RECORD_PATH=$BATS_TEST_TMPDIR/recordings run "${as_b3lb[@]}" "$B3LB_PREFIX/sbin/b3lb-admin" --config "$H/b3lb.conf" check --url "http://127.0.0.1:1"
		[[ "$output" == *"error    storage: "*"Permission denied"* ]]
		run -0 "${as_b3lb[@]}" "$B3LB_PREFIX/sbin/b3lb-admin" --config "$H/b3lb.conf" setup --yes --domain other.localhost
		grep -qx "api_base_domain = other.localhost" "$H/b3lb.conf"
		is "$(stat -c '%U %a' "$H/b3lb.conf")" "root 600"
	else
		run -0 admin setup --yes --domain other.localhost
		grep -qx "api_base_domain = other.localhost" "$H/b3lb.conf"
	fi
}
