# The packages, from apt-get install to apt-get purge, in a clean Debian with systemd, PostgreSQL, Apache and lighttpd.
# The tests are one story each web server, in this order.
load ../harness/harness.bash
load ../harness/tree.bash
bats_require_minimum_version 1.5.0

setup_file() {
	H=$(mktemp -d "${TMPDIR:-/tmp}/b3lb-test-XXXXXX")
	chmod 755 "$H"
	T=$H/tree
	H_PORT=80
	export H T H_PORT
	build before "$(git -C "$B3LB_SOURCE" rev-parse -q --verify HEAD~1 2>/dev/null)" 0.1.0~before & old=$!
	build now "" "" & new=$!
	tree_base >/dev/null || no_tree
	wait $old || { tail -40 "$H/before.build"; false; }
	wait $new || { tail -40 "$H/now.build"; false; }
}
# What no machine of the tests should be: without the right to make or start a Debian of its own.
no_tree() {
	tail -n 20 "$H"/tree.*log "$H/tree.base" >&2 2>/dev/null || true
	touch "$H/no_tree"
}
setup() { [[ ! -e $H/no_tree || $BATS_TEST_DESCRIPTION == lintian* ]] || skip "no Debian can be started here"; }
teardown_file() {
	rm -f "$H/go"
	tree_stop
	h_kill sim
	if [ -n "${B3LB_KEEP:-}" ]; then echo "kept $H" >&2; else rm -rf "$H"; fi
}

# Packages of a commit into $H/NAME: build NAME COMMIT VERSION. The unit tests have run elsewhere.
build() { DEB_BUILD_OPTIONS=nocheck "$B3LB_SOURCE/build-aux/build-deb" "$H/$1" "$2" "$3" >"$H/$1.build" 2>&1 3>&- 4>&-; }

# A fresh tree with the packages and two nodes: new_tree PACKAGES
new_tree() {
	h_kill sim
	[ ! -e "$H/tree.leader" ] || tree_stop
	rm -f "$H"/typed*
	tree_start "$T" || { no_tree && skip "no Debian can be started here"; }
	cp "$H/before"/*.deb "$T/root/"
	! find "$T" -xdev -name '*b3lb*' -not -path "$T/root/*" | grep . || false
	H_SIM_PORT=8090
	h_spawn sim nsenter --target "$(cat "$H/tree.leader")" --net -- "$B3LB_SIM" --port $H_SIM_PORT --nodes 2 --secret node-secret
	tree_wait curl -sS "http://127.0.0.1:$H_SIM_PORT/"
}

# What an administrator types, counted.
types() {
	echo "$*" >>"$H/typed"
	tree sh -c "cd && $*" >>"$H/typed.out" 2>&1 || { tail -40 "$H/typed.out"; return 1; }
}

# The commands of doc/install for Apache; lighttpd's are the same with its name.
commands() {
	sed -n '/^With Apache/,/^With lighttpd/s/^\t\(\(apt\|su\|b3lb-admin\|systemctl\) .*\)/\1/p' "$B3LB_SOURCE/doc/install" | sed "s/apache2/$1/"
}

# From nothing to a service, as doc/install says: set_up apache2|lighttpd
set_up() {
	local begun=$SECONDS command
	while read -r command; do
		[ "$command" != "b3lb-admin setup" ] || command+=" --domain $H_DOMAIN --node-url http://127.0.0.1:$H_SIM_PORT/n1
			--node-secret node-secret --node n1 --tenant ACME --secret $ACME_SECRET --yes"
		types "${command//$'\n'/ }" </dev/null
	done < <(commands "$1")
	echo "# $1: $(wc -l <"$H/typed") commands, $((SECONDS - begun)) s without downloads" >&3
	tree_wait tree sh -c "b3lb-admin node list | grep -w yes"
}

curl() { tree_net curl "$@"; }
nothing_failed() { is "$(tree systemctl list-units --failed --plain --no-legend)" ""; }

# Creates, joins and lists through port 80 as long as $H/go is there; each answer's status is a line.
put_load() {
	local worker=$1 n=0
	while [ -e "$H/go" ]; do
		n=$((n + 1))
		for call in "create meetingID=u$worker-$n&name=Upgrade" "join meetingID=u$worker-$n&fullName=Somebody&role=VIEWER" "getMeetings "; do
			curl -sS -m 60 -o "$H/answer.$worker" -w "${call%% *} %{http_code}\n" -H "Host: acme.$H_DOMAIN" \
				"http://127.0.0.1$(signed "${call%% *}" "${call#* }")" >>"$H/answers.$worker" 2>&1 ||
				echo "no answer" >>"$H/answers.$worker"
		done
	done
}

main_pid() { tree systemctl show --property=MainPID --value b3lb-api.service; }

# Installs the new packages while requests come: upgrade apache2|lighttpd
upgrade() {
	local before worker pids=()
	before=$(main_pid)
	rm -f "$H"/answers.*
	touch "$H/go"
	cp "$H/now"/*.deb "$T/root/"
	for worker in 1 2 3; do put_load $worker 3>&- 4>&- & pids+=($!); done
	tree_wait grep -q getMeetings "$H/answers.3"
	run -0 tree sh -c "apt-get install -y ~/b3lb-fcgi_0.1.0_*.deb ~/b3lb-fcgi-$1_0.1.0_all.deb"
	# When the new programs need another schema, it says what to do.
	todo=$(sed -n 's/^b3lb-fcgi: the database needs this: //p' <<<"$output")
	todo=${todo%$'\r'} # apt gives maintainer scripts a terminal
	[ -z "$todo" ] || tree b3lb-admin db migrate
	[ -z "$todo" ] || tree sh -c "${todo#*&& }"
	tree_wait eval '[ "$(main_pid)" != "'"$before"'" ] && [ "$(main_pid)" != 0 ]'
	# Each worker has its answers of what runs now.
	for worker in 1 2 3; do
		before=$(wc -l <"$H/answers.$worker")
		tree_wait eval '[ $(wc -l <"$H/answers.$worker") -gt $((before + 6)) ]'
	done
	rm "$H/go"
	wait "${pids[@]}"
	is "$(cat "$H"/answers.* | grep -v -x -e "create 200" -e "join 302" -e "getMeetings 200")" ""
	echo "# $1: upgrade under load, $(cat "$H"/answers.* | wc -l) requests answered" >&3
	nothing_failed
}

# TLS by the command of doc/install, which needs a certificate before: with_tls apache2|lighttpd
with_tls() {
	mkdir -p "$T/etc/b3lb/tls"
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "/CN=$H_DOMAIN" \
		-addext "subjectAltName=DNS:$H_DOMAIN,DNS:*.$H_DOMAIN" -keyout "$T/etc/b3lb/tls/privkey.pem" \
		-out "$T/etc/b3lb/tls/fullchain.pem" 2>/dev/null
	command=$(sed -n '/^TLS/,/^Limits/s/^\t\(.* systemctl restart '"$1"'\)$/\1/p' "$B3LB_SOURCE/doc/install")
	tree sh -c "$command"
	# lighttpd says that it is up before it listens.
	tree_wait curl -sS -o "$H/answer" http://127.0.0.1/ || { tree journalctl -u "$1" -n 20; false; }
	ask "acme.$H_DOMAIN" /bigbluebutton/api
	is "$status $(header location)" "308 https://acme.$H_DOMAIN/bigbluebutton/api"
	run -0 curl -sS --cacert "$T/etc/b3lb/tls/fullchain.pem" "https://acme.$H_DOMAIN$(signed getMeetingInfo "meetingID=first")"
	is "$(x /response/returncode)" SUCCESS
}

# Names with b3lb anywhere; the database and the journal are not files of ours, downloads are the administrator's.
left() { (cd "$T" && find . -xdev -name '*b3lb*' -not -path './root/*' -not -path './var/lib/postgresql/*' -not -path './var/log/journal/*' -not -path './tmp/*' -not -path './run/*' | sort | paste -sd ' '); }

@test "lintian, pedantic, finds nothing in the packages" {
	is "$(lintian --allow-root --display-info --pedantic "$H"/now/*.changes 2>&1)" ""
}

@test "Apache: the packages install in a clean tree, say the one command, and touch no database" {
	new_tree
	set_up apache2
	grep -q "b3lb-admin setup" "$H/typed.out"
	nothing_failed
}

@test "Apache: a create and a join through port 80" {
	bbb create "meetingID=first&name=First"
	answers 200
	bbb join "meetingID=first&fullName=Somebody&role=VIEWER"
	is "$status" 302
	[[ $(header location) == http://127.0.0.1:8090/n1/* ]]
}

@test "Apache: b3lb-admin check finds no error" {
	tree_wait tree b3lb-admin check
}

@test "Apache: backup and restore as doc/operate says" {
	operate=$(sed -n "s/^\t\(su postgres .*\)/\1/p" "$B3LB_SOURCE/doc/operate")
	is "$(wc -l <<<"$operate")" 3
	tree sh -c "cd && $(head -1 <<<"$operate")"
	tree systemctl stop 'b3lb-*.timer' 'b3lb-*.service'
	tree sh -c "cd && su postgres -c 'dropdb b3lb && dropuser b3lb'"
	bbb getMeetingInfo "meetingID=first"
	answers 503 FAILED internalError
	while read -r command; do tree sh -c "cd && $command" </dev/null; done < <(tail -2 <<<"$operate")
	tree systemctl start --all 'b3lb-*.timer'
	# What found no database a moment ago says so for three tenths of a second more.
	known() { bbb getMeetingInfo "meetingID=first" && [ "$status" != 503 ]; }
	h_wait known
	answers 200
}

@test "Apache: an upgrade from the previous commit under load: every request is answered" {
	upgrade apache2
	bbb getMeetingInfo "meetingID=first"
	answers 200
}

@test "Apache: TLS with the command of doc/install" {
	with_tls apache2
}

@test "Apache: purge leaves recordings and the database, and nothing else" {
	tree runuser -u b3lb -- touch /var/lib/b3lb/recordings/one.mp4
	tree systemctl reload apache2
	run -0 tree apt-get purge -y b3lb-fcgi b3lb-fcgi-apache2
	# The certificate is the administrator's.
	is "$(left)" "./etc/b3lb ./var/lib/b3lb"
	is "$(ls "$T/etc/b3lb")" tls
	[ -f "$T/var/lib/b3lb/recordings/one.mp4" ]
	is "$(tree su postgres -c 'psql -At -d b3lb -c "select count(*) from b3lb.meeting where meeting_id = '"'first'"'"')" 1
	tree apachectl configtest
	ask "acme.$H_DOMAIN" /bigbluebutton/api
	is "$status" 404
	nothing_failed
}

@test "lighttpd: the packages install in a clean tree" {
	new_tree
	set_up lighttpd
	nothing_failed
}

@test "lighttpd: a create and a join through port 80" {
	bbb create "meetingID=first&name=First"
	answers 200
	bbb join "meetingID=first&fullName=Somebody&role=VIEWER"
	is "$status" 302
}

@test "lighttpd: an upgrade from the previous commit under load: every request is answered" {
	upgrade lighttpd
	bbb getMeetingInfo "meetingID=first"
	answers 200
}

@test "lighttpd: TLS with the command of doc/install" {
	with_tls lighttpd
}

@test "lighttpd: purge without recordings takes its directories and the user too" {
	# As the store leaves them: b3lb-check has put a file there and taken it away.
	mkdir -p "$T/var/lib/b3lb/recordings/tmp" "$T/var/lib/b3lb/recordings/ab"
	run -0 tree apt-get purge -y b3lb-fcgi b3lb-fcgi-lighttpd
	is "$(left)" "./etc/b3lb"
	is "$(ls "$T/etc/b3lb")" tls
	run ! tree getent passwd b3lb
	is "$(tree su postgres -c 'psql -At -d b3lb -c "select count(*) from b3lb.meeting where meeting_id = '"'first'"'"')" 1
	tree lighttpd -tt -f /etc/lighttpd/lighttpd.conf
	nothing_failed
}
