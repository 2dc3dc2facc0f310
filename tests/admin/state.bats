# b3lb-admin state: the whole configuration out, and into another database.
load ../harness/harness.bash
setup_file() {
	h_start 2
	admin cluster add c2 --load-a 2.5 --cpu-iterations 3 --sha sha512
	admin group add g2
	admin group attach g2 c2
	admin node add spare --cluster c2 --secret spare-secret --domain spare.example.net --weight 2
	admin node drain spare
	admin profile add cut --source deskshare --download on
	admin tenant add GAMMA --group g2 --description 'Größe "9"' --attendee-limit 7 --hold-days 3 --recording off --error-status bbb
	admin secret add GAMMA --sub-id 3 --secret gamma-secret-3
	admin secret roll GAMMA-3 --secret gamma-secret-new
	admin secret set GAMMA-3 --description three --meeting-limit 4
	admin profile attach GAMMA-3 cut
	admin hook add GAMMA-3 'https://lms.example:8443/Hook?key=k3y' --events user-joined,meeting-ended >/dev/null
	admin hook add GAMMA-3 'https://lms.example:8443/Hook?key=k3y' --meeting 'Room 1' >/dev/null
	admin hook add GAMMA-3 'https://lms.example:8443/hook?key=k3y' --meeting 'room 1' >/dev/null
	# A client's own is its to make again.
	sql "insert into b3lb.hook (secret_id, callback_url) select id, 'https://own.example/' from b3lb.secret where sub_id = 3"
	admin tenant alias GAMMA bbb.uni.example
	admin parameter set GAMMA welcome override "Hello, you"
	admin parameter set GAMMA record block
	printf 'body { color: red; }\n' >"$H/style.css"
	admin asset set GAMMA css "$H/style.css"
	# What the tests begin with.
	admin state export --secrets >"$H/all.json"
	admin state export >"$H/open.json"
}
teardown_file() { h_stop; }
setup() { fresh; }
# Another, empty database, which `there` asks.
fresh() {
	psql -q -h 127.0.0.1 -p "$H_PG_PORT" -U postgres -d postgres -c "drop database if exists other with (force)"
	there db init >/dev/null
}
there() { B3LB_DATABASE="host=127.0.0.1 port=$H_PG_PORT user=postgres dbname=other" admin "$@"; }
asks() { psql -X -A -t -q -h 127.0.0.1 -p "$H_PG_PORT" -U postgres -d other -c "$1"; }
# all.json changed by jq: edited FILTER [FILE]
edited() { jq "$1" "${2:-$H/all.json}" >"$BATS_TEST_TMPDIR/edited.json" && echo "$BATS_TEST_TMPDIR/edited.json"; }

@test "an export is JSON of everything; secrets and tokens only when asked for" {
	is "$(jq -r '[.clusters, .groups, .nodes, .tenants] | map(length) | join(" ")' "$H/all.json")" "2 2 3 3"
	is "$(jq -r '.tenants[] | select(.slug == "GAMMA") | .assets[0].data' "$H/all.json" | base64 -d)" "$(cat "$H/style.css")"
	is "$(jq -r '.tenants[] | select(.slug == "GAMMA") | .secrets[0] | .secret + " " + .secret2' "$H/all.json")" "gamma-secret-new gamma-secret-3"
	for word in "$ACME_SECRET" node-secret spare-secret gamma-secret "$(sql 'select stats_token from b3lb.tenant limit 1')" "$(sql 'select stats_token from b3lb.secret limit 1')"; do
		grep -q "$word" "$H/all.json"
		! grep -q "$word" "$H/open.json" || false
	done
}

@test "what is exported with secrets and imported elsewhere is the same" {
	run -0 there state import "$H/all.json"
	there state export --secrets | diff "$H/all.json" -
}

@test "a profile that was removed stays removed over export and import" {
	admin profile remove video
	admin state export --secrets >"$BATS_TEST_TMPDIR/without.json"
	sql "insert into b3lb.profile (name, description, source, preset) values ('video', 'The video that the node has made', 'video', true)"
	run -0 there state import "$BATS_TEST_TMPDIR/without.json"
	[[ "$output" == *"removed_profiles: video added"* ]]
	is "$(asks "select count(*) from b3lb.profile where name = 'video'")" 0
	there state export --secrets | diff "$BATS_TEST_TMPDIR/without.json" -
	run -0 there state import "$BATS_TEST_TMPDIR/without.json"
	is "$output" "0 changes"
	# A file that names it makes it again; one that says nothing of it leaves it.
	there state import "$H/all.json" >/dev/null
	is "$(asks "select preset from b3lb.profile where name = 'video'")" t
}

@test "importing twice changes nothing, through standard input too" {
	there state import "$H/all.json" >/dev/null
	run -0 there state import - <"$H/all.json"
	is "$output" "0 changes"
}

@test "a dry run says what it would do, and does none of it" {
	before=$(there state export --secrets)
	run -0 there state import --dry-run "$H/all.json"
	[[ "$output" == *"node n1: added"* && "$output" == *"tenant GAMMA, secret 3: added"* && "$output" == *", none of them made"* ]]
	is "$(there state export --secrets)" "$before"
	is "$(asks 'select count(*) from b3lb.tenant')" 0
}

@test "changes are named by field; secrets are not told" {
	there state import "$H/all.json" >/dev/null
	run -0 there state import "$(edited '(.nodes[] | select(.slug == "spare")) |= (.weight = 3 | .state = "enabled" | .secret = "s3cr3t-new") | (.tenants[] | select(.slug == "GAMMA")).meeting_limit = 9')"
	[[ "$output" == *'node spare: weight 2 -> 3'* || "$output" == *'node spare: weight 2.0 -> 3'* ]]
	[[ "$output" == *'node spare: state "draining" -> "enabled"'* && "$output" == *"node spare: secret changed"* && "$output" == *"tenant GAMMA: meeting_limit 0 -> 9"* ]]
	[[ "$output" == *"4 changes"* && "$output" != *s3cr3t* ]]
	is "$(asks "select weight || ' ' || state || ' ' || secret from b3lb.node where slug = 'spare'")" "3 enabled s3cr3t-new"
}

@test "without secrets the old ones stay, a new one is made and printed, a new node without one is refused" {
	there state import "$H/all.json" >/dev/null
	run -0 there state import "$H/open.json"
	is "$output" "0 changes"
	run -0 there state import "$(edited '(.tenants[] | select(.slug == "BETA")).secrets += [{sub_id: 77}]' "$H/open.json")"
	secret=$(asks 'select secret from b3lb.secret where sub_id = 77')
	[[ "$output" == *"tenant BETA, secret 77: added"* && "$output" == *"BETA-77 $secret"* && ${#secret} = 48 ]]
	run there state import "$(edited '.nodes += [{slug: "n9", cluster: "main", url: "http://x"}]' "$H/open.json")"
	is "$status" 1
	[[ "$output" == *"node n9"*"no secret"* ]]
	is "$(there state import --json "$(edited '(.tenants[] | select(.slug == "BETA")).secrets += [{sub_id: 78}]' "$H/open.json")" | jq -r '.secrets[0] | .tenant + " " + (.sub_id | tostring)')" "BETA 78"
}

@test "permanent webhooks go along, and what stands behind a URL's path is told to nobody" {
	is "$(jq -c '[.tenants[] | select(.slug == "GAMMA").secrets[] | select(.sub_id == 3).hooks[] | [.url, .meeting, .events]]' "$H/open.json")" \
		'[["https://lms.example:8443/Hook?key=k3y","",["user-joined","meeting-ended"]],["https://lms.example:8443/Hook?key=k3y","Room 1",[]],["https://lms.example:8443/hook?key=k3y","room 1",[]]]'
	run -0 there state import "$H/all.json"
	[[ "$output" == *"tenant GAMMA, secret 3, hook https://lms.example:8443/Hook: added"* && "$output" != *k3y* ]]
	is "$(asks "select object || ' ' || name || ' ' || tenant from b3lb.audit where changes like '%hook https%'")" "secret GAMMA-3 GAMMA"
	is "$(asks "select count(*) from b3lb.audit where changes like '%k3y%' or name like '%hook%'")" 0
	# What is not named stays; what is there is changed, a client's own too.
	asks "insert into b3lb.hook (secret_id, callback_url) select id, 'https://own.example/' from b3lb.secret where sub_id = 3"
	run -0 there state import "$(edited 'del(.tenants[].secrets[].hooks)')"
	is "$output" "0 changes"
	run -0 there state import "$(edited '(.tenants[] | select(.slug == "GAMMA").secrets[] | select(.sub_id == 3)).hooks = [{url: "https://own.example/"}, {url: "https://lms.example:8443/Hook?key=k3y", events: ["Meeting-Ended"]}]')"
	[[ "$output" == *"hook https://own.example/: added"* && "$output" == *"Hook: events: user-joined removed"* && "$output" == *"2 changes"* ]]
	is "$(asks "select count(*) || ' ' || bool_and(permanent) from b3lb.hook")" "4 true"
}

@test "what a file does not name stays; null takes away" {
	there state import "$H/all.json" >/dev/null
	run -0 there state import - <<<'{"b3lb_state": 1, "nodes": [{"slug": "spare", "cluster": "c2"}, {"slug": "N1", "cluster": "main"}]}'
	is "$output" "0 changes"
	run -0 there state import - <<<'{"b3lb_state": 1, "nodes": [{"slug": "spare", "cluster": "c2", "domain": null, "url": "https://spare.example.net/bigbluebutton"}]}'
	is "$(asks "select domain is null and url is not null from b3lb.node where slug = 'spare'")" t
	is "$(asks 'select count(*) from b3lb.node')" 3
}

@test "bad files are refused by place and rule, and nothing is half done" {
	before=$(there state export --secrets)
	while IFS='|' read -r filter text; do
		run there state import "$(edited "$filter")"
		is "$status" 1
		[[ "$output" == *"$text"* ]] || { echo "$filter: $output is not $text"; false; }
		is "$(there state export --secrets)" "$before"
	done <<'CASES'
.b3lb_state = 2|b3lb_state must be
del(.b3lb_state)|b3lb_state is missing
.nodes[1].wieght = 2|nodes[1].wieght: there is no such field
.nodes[1].weight = "2"|nodes[1].weight must be a number
.nodes[1].weight = 0|weight must be greater than 0
.nodes[1].slug = "a b"|nodes[1].slug must be
.nodes[1].state = "asleep"|must be one of enabled|draining|maintenance
.nodes[1].cluster = "nowhere"|there is no cluster nowhere
.nodes += [.nodes[0]]|is the second node
.nodes = {}|nodes must be a list
.groups[0].clusters = ["gone"]|group all: there is no cluster gone
.tenants[0].group = "gone"|tenant ACME: there is no group gone
.tenants[0].secrets[0].sub_id = 1000|sub_id must be a whole number from 0 to 999
.tenants[0].secrets[0].secret = ""|must not be empty
.tenants[0].secrets[0].profiles = ["gone"]|there is no profile gone
.tenants[0].slug = "1abc"|tenants[0].slug must be a letter
.tenants[2].parameters[0].mode = "maybe"|tenant GAMMA:
.tenants[2].parameters[0].name = "nonsense"|tenant GAMMA:
.tenants[2].assets[0].data = "%%%%"|base64
.tenants[2].assets[0].kind = "logo"|logo
.tenants[0,1].aliases = ["new.example"]|only one tenant can have it
.tenants[0].secrets[0].hooks = [{url: "ftp://x/"}]|hooks[0].url must be an http or https URL
.tenants[0].secrets[0].hooks = [{url: "https://x/", events: ["a,b"]}]|must be the name of an event
.tenants[0].secrets[0].hooks = [{url: "https://x/?k"}, {url: "https://x/?k", meeting: ""}]|is the second hook https://x/
.tenants[0].aliases = ["x y"]|aliases[0] must be a host name
.tenants[0].aliases = ["ACME.bbb.localhost."]|aliases[0] must be a host name
.tenants[0].aliases = [".x"]|aliases[0] must be a host name
.tenants[0].aliases = ["a..b"]|aliases[0] must be a host name
.tenants[0].aliases = ["bbb.localhost"]|bbb.localhost is the base domain, which all tenants use
.tenants[0].aliases = ["Beta.bbb.localhost"]|beta.bbb.localhost is an alias of tenant ACME, and a host name of tenant BETA
.tenants[0].aliases = ["beta-07.bbb.localhost"]|beta-07.bbb.localhost is an alias of tenant ACME, and a host name of tenant BETA
CASES
	run there state import - <<<'{"b3lb_state": 1, "nodes": ['
	is "$status" 1
	[[ "$output" == *"it is no JSON: line"* ]]
	run there state import /nowhere.json
	is "$status" 1
	[[ "$output" == *"could not read /nowhere.json"* ]]
}

@test "another tenant's host name is not taken away from it" {
	there state import "$H/all.json" >/dev/null
	run there state import - <<<'{"b3lb_state": 1, "tenants": [{"slug": "ACME", "group": "all", "aliases": ["BBB.uni.example"]}]}'
	is "$status" 1
	[[ "$output" == *"is an alias of GAMMA"* ]]
}

@test "names and values that look like SQL or a terminal's are text" {
	run -0 there state import "$(edited '.tenants[0].description = "'"'"'; drop table b3lb.tenant; -- \u001b[2J"')"
	[[ "$output" != *$'\e'* ]]
	is "$(asks "select description like '%drop table%' from b3lb.tenant where slug = 'acme'")" t
}

@test "two imports at once: one after the other, or one of them says so" {
	there state import "$H/all.json" >/dev/null
	for i in 1 2 3 4 5 6; do there state import "$H/all.json" >"$BATS_TEST_TMPDIR/out.$i" 2>&1 & done
	wait
	there state export --secrets | diff "$H/all.json" -
}

@test "a running service goes on with what was imported" {
	fresh
	edited '.tenants[0].secrets += [{sub_id: 44, secret: "imported-secret-44"}]' >/dev/null
	run -0 admin state import "$BATS_TEST_TMPDIR/edited.json"
	[[ "$output" == *"tenant ACME, secret 44: added"*"1 change"* ]]
	bbb getMeetings "" imported-secret-44 "acme-44.$H_DOMAIN"
	answers 200
}
