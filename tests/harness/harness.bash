# What bats files load: a private PostgreSQL, simulated nodes, the programs and a web server, all on loopback.
#
#	setup_file()    { h_start 3; }        three nodes, tenants ACME (sub ids 0, 5) and BETA, one good poll
#	teardown_file() { h_stop; }
#
# Everything lives in $H. B3LB_PREFIX is an installed tree, B3LB_SIM the simulator, B3LB_FRONT one of
# lighttpd-socket (default), lighttpd-binpath, apache-proxy, apache-fcgid.

# Below localhost, so that the simulated nodes reach our own URLs without any DNS.
H_DOMAIN=${H_DOMAIN:-bbb.localhost}
ACME_SECRET=acme-secret-0
ACME5_SECRET=acme-secret-5
BETA_SECRET=beta-secret-0
BETA5_SECRET=beta-secret-5

h_pg_bin() { ls -d /usr/lib/postgresql/*/bin | sort -V | tail -1; }
# psql itself: what Debian has in its place looks for the right one, and takes five times as long as it.
[[ $PATH == /usr/lib/postgresql/* ]] || PATH=$(h_pg_bin):$PATH

# A free port that nobody was given lately, whatever runs at the same time: the next one below those that the kernel gives to
# connections, counted in a file.
h_free_port() {
	perl -MIO::Socket::INET -MFcntl=:flock -e '
		open my $file, "+>>", $ARGV[0] or die "$ARGV[0]: $!";
		flock $file, LOCK_EX;
		seek $file, 0, 0;
		my $n = (<$file> || 0) % 12000;
		do { $n = ($n + 1) % 12000 }
			until IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1", LocalPort => 20000 + $n, ReuseAddr => 1);
		truncate $file, 0;
		print $file $n;
		print 20000 + $n' "${TMPDIR:-/tmp}/b3lb-ports-$(id -u)"
}

# As the user that PostgreSQL may run as.
h_as_postgres() {
	if [ "$(id -u)" = 0 ]; then
		(cd / && setpriv --reuid=postgres --regid=postgres --init-groups "$@")
	else
		"$@"
	fi
}

# Waits until a command succeeds, for H_PATIENCE seconds at most, else ten.
h_wait() {
	local i
	for ((i = 0; i < ${H_PATIENCE:-10} * 20; i++)); do
		if "$@" >/dev/null 2>&1; then return 0; fi
		sleep 0.05
	done
	echo "waited in vain for: $*" >&2
	return 1
}

# Starts a command in the background, without bats' own descriptors, and notes its pid: h_spawn NAME COMMAND...
h_spawn() {
	local name=$1
	shift
	"$@" </dev/null >>"$H/$name.log" 2>&1 3>&- 4>&- &
	echo $! >"$H/$name.pid"
}

# Ends what h_spawn started: h_kill NAME [SIGNAL]; waits until it is gone.
h_kill() {
	local pid state i
	[ -s "$H/$1.pid" ] || return 0
	pid=$(<"$H/$1.pid")
	kill "-${2:-TERM}" "$pid" 2>/dev/null || true
	for ((i = 0; i < 1000; i++)); do
		# A child of this shell stays as a zombie until it is waited for.
		read -r state 2>/dev/null <"/proc/$pid/stat" || break
		[[ ${state##*) } != Z* ]] || break
		sleep 0.01
	done
	kill -9 "$pid" 2>/dev/null || true
	rm -f "$H/$1.pid"
}

# A new cluster in $H/pg, not started yet: h_pg_init [options of initdb]
h_pg_init() {
	mkdir -p "$H/pg"
	[ "$(id -u)" != 0 ] || chown postgres "$H/pg"
	h_as_postgres "$(h_pg_bin)/initdb" --no-sync -D "$H/pg" -U postgres -A trust "$@" >"$H/initdb.log" 2>&1
	{
		echo "listen_addresses = '127.0.0.1'"
		echo "max_connections = 150"
	} >>"$H/pg/postgresql.conf"
}

# Starts it on $H_PG_PORT. Tests kill processes and never the machine, so that nothing waits for the disk; in figures of benches it does.
h_pg_run() {
	{
		echo "port = $H_PG_PORT"
		echo "unix_socket_directories = '$H/pg'"
		[ -z "${BATS_VERSION:-}" ] || printf '%s\n' "fsync = off" "full_page_writes = off"
	} >>"$H/pg/postgresql.conf"
	h_pg_up
}

h_pg_start() { h_pg_init -E UTF8 --locale=C.UTF-8 && h_pg_run; }

# What is made once and kept beside the programs: h_once NAME COMMAND... The command makes the directory that is its last argument.
h_once() {
	local made=$B3LB_PREFIX/made-$1
	shift
	(
		flock 9
		[ -d "$made" ] || { rm -rf "$made.new" && "$@" "$made.new" 9>&- && mv "$made.new" "$made"; }
	) 9>"$made.lock" 3>&- 4>&-
}

# A copy of a cluster with the schema of the installed programs and the tenants.
h_pg_start_made() {
	local name
	name=pg-$({ h_pg_bin && cat "$B3LB_PREFIX/sbin/b3lb-admin"; } | cksum | cut -d' ' -f1)
	h_once "$name" h_pg_make
	cp -a "$B3LB_PREFIX/made-$name" "$H/pg"
	h_pg_run
}

h_pg_make() {
	local H=$H/made H_PG_PORT
	H_PG_PORT=$(h_free_port)
	mkdir -m 755 "$H" && h_pg_start && h_conf && admin db init >/dev/null && h_tenants >/dev/null && h_pg_down || return 1
	# Those of earlier programs are no use any more.
	rm -rf "$H/pg/log" "$B3LB_PREFIX"/made-pg-*/
	sed -i '/^port = /,$d' "$H/pg/postgresql.conf" && cp -a "$H/pg" "$1" && rm -rf "$H"
}

h_pg_up() { h_as_postgres "$(h_pg_bin)/pg_ctl" -D "$H/pg" -l "$H/pg/log" -w -t 30 start >/dev/null 3>&- 4>&-; }
h_pg_down() { h_as_postgres "$(h_pg_bin)/pg_ctl" -D "$H/pg" -w -m "${1:-fast}" stop >/dev/null 2>&1 3>&- 4>&-; }

sql() { psql -X -A -t -q -v ON_ERROR_STOP=1 -h 127.0.0.1 -p "$H_PG_PORT" -U postgres -d b3lb -c "$1"; }

# The configuration; further lines as arguments.
h_conf() {
	{
		echo "api_base_domain = $H_DOMAIN"
		echo "database = host=127.0.0.1 port=$H_PG_PORT user=postgres dbname=b3lb"
		echo "public_url = http://$H_DOMAIN:$H_PORT"
		echo "backend_allow = 127.0.0.1"
		echo "callback_deny ="
		echo "record_path = $H/recordings"
		echo "node_connect_timeout = 1"
		echo "node_request_timeout = 3"
		printf '%s\n' "$@"
	} >"$H/b3lb.conf"
	chmod 644 "$H/b3lb.conf"
}

# Without a terminal what destroys wants --yes; tests of that question call the program themselves.
admin() { "$B3LB_PREFIX/sbin/b3lb-admin" --config "$H/b3lb.conf" --yes "$@"; }
job() {
	local name=$1
	shift
	# mod_fcgid's programs are another user's: they too store below the directories that jobs make.
	(
		[ "${B3LB_FRONT:-}" != apache-fcgid ] || umask 000
		exec "$B3LB_PREFIX/libexec/b3lb/b3lb-$name" --config "$H/b3lb.conf" "$@"
	)
}

h_sim_start() {
	h_spawn sim "$B3LB_SIM" --port "${H_SIM_PORT:-0}" --nodes "$1" --secret node-secret --port-file "$H/sim.port"
	h_wait test -s "$H/sim.port"
	H_SIM_PORT=$(cat "$H/sim.port")
	export H_SIM_PORT
}

# Tells the simulator: sim n1/behave mode=hang calls=create; prints its answer. Values are encoded.
sim() {
	local path=$1
	shift
	local args=()
	for a in "$@"; do args+=(--data-urlencode "$a"); done
	curl -sS -G -X POST "${args[@]}" "http://127.0.0.1:$H_SIM_PORT/_sim/$path"
}

# What arrived at a callback sink, as JSON: sink NAME; sink NAME status=500 count=3 makes the next three fail.
sink() {
	local name=$1
	shift
	sim "sink/$name" "$@"
}
sink_url() { printf 'http://127.0.0.1:%s/_sink/%s' "$H_SIM_PORT" "$1"; }

# How often nodes were asked: asked create [n1]
asked() { sim journal/count "call=$1" ${2:+"node=$2"}; }

# The tenants, and the cluster that they share.
h_tenants() {
	admin cluster add main
	admin group add all
	admin group attach all main
	admin tenant add ACME --group all
	admin tenant add BETA --group all
	admin secret add ACME --secret "$ACME_SECRET"
	admin secret add ACME --sub-id 5 --secret "$ACME5_SECRET"
	admin secret add BETA --secret "$BETA_SECRET"
	admin secret add BETA --sub-id 5 --secret "$BETA5_SECRET"
}

# So many nodes of the simulator.
h_nodes() {
	local n
	for ((n = 1; n <= $1; n++)); do
		admin node add "n$n" --cluster main --secret node-secret --url "http://127.0.0.1:$H_SIM_PORT/n$n"
	done
}

h_programs_start() {
	local p
	for p in api stats assets recordings backend manage; do
		[ -x "$B3LB_PREFIX/libexec/b3lb/b3lb-$p" ] || continue
		# Started already: a second one would be forgotten, and stay.
		[ ! -s "$H/$p.pid" ] || ! kill -0 "$(cat "$H/$p.pid")" 2>/dev/null || continue
		rm -f "$H/run/$p.sock"
		h_spawn "$p" "$B3LB_PREFIX/libexec/b3lb/b3lb-$p" --config "$H/b3lb.conf" --listen "$H/run/$p.sock"
		h_wait test -S "$H/run/$p.sock"
		chmod 666 "$H/run/$p.sock"
	done
}

h_programs_stop() {
	local p
	for p in api stats assets recordings backend manage; do h_kill "$p"; done
}

h_lighttpd_start() {
	cat >"$H/lighttpd.conf" <<-CONF
		server.document-root = "$H/empty"
		server.port = $H_PORT
		server.bind = "127.0.0.1"
		server.errorlog = "$H/lighttpd-error.log"
		server.upload-dirs = ( "$H/tmp" )
		server.modules = ( "mod_access" )
		${H_LIGHTTPD_FIRST:-}
		server.modules += ( "mod_fastcgi", "mod_setenv" )
		var.b3lb_domain = "${H_DOMAIN//./\\.}"
		var.b3lb_run = "$H/run"
		var.b3lb_recordings = "$H/recordings"
		var.b3lb_routes = "$B3LB_PREFIX/share/b3lb/lighttpd/$1"
		include "$B3LB_PREFIX/share/b3lb/lighttpd/b3lb.conf"
		${H_FRONT_EXTRA:-}
	CONF
	B3LB_CONFIG=$H/b3lb.conf h_spawn front lighttpd -D -f "$H/lighttpd.conf"
}

h_apache_start() {
	local m modules=(mpm_event authz_core reqtimeout xsendfile setenvif env alias headers "${@:2}")
	{
		echo "ServerRoot $H/apache"
		echo "PidFile $H/apache/httpd.pid"
		echo "Mutex file:$H/apache default"
		echo "ErrorLog $H/apache/error.log"
		echo "Listen 127.0.0.1:$H_PORT"
		echo "DocumentRoot $H/empty"
		[ "$(id -u)" != 0 ] || printf 'User www-data\nGroup www-data\n'
		[ -z "${H_APACHE_FIRST:-}" ] || echo "$H_APACHE_FIRST"
		for m in "${modules[@]}"; do
			[ ! -e "/usr/lib/apache2/modules/mod_$m.so" ] || echo "LoadModule ${m}_module /usr/lib/apache2/modules/mod_$m.so"
		done
		echo "Define B3LB_DOMAIN $H_DOMAIN"
		echo "Define B3LB_ADDRESS 127.0.0.1:$H_PORT"
		echo "Define B3LB_RUN $H/run"
		echo "Define B3LB_RECORDINGS $H/recordings"
		echo "Define B3LB_CONFIG $H/b3lb.conf"
		echo "Define B3LB_LOG $H/apache/access.log"
		echo "<VirtualHost 127.0.0.1:$H_PORT>"
		echo "	ServerName unknown.invalid"
		echo "	<Location />"
		echo "		Require all denied"
		echo "	</Location>"
		echo "</VirtualHost>"
		[ "$1" != b3lb-fcgid.conf ] || printf 'FcgidIPCDir %s/apache/fcgid\nFcgidProcessTableFile %s/apache/fcgid_shm\n' "$H" "$H"
		echo "Include $B3LB_PREFIX/share/b3lb/apache/$1"
		echo "${H_FRONT_EXTRA:-}"
	} >"$H/apache.conf"
	mkdir -p "$H/apache/fcgid"
	chmod -R 777 "$H/apache"
	h_spawn front apache2 -X -f "$H/apache.conf"
}

h_front_start() {
	case ${B3LB_FRONT:-lighttpd-socket} in
	lighttpd-socket) h_programs_start && h_lighttpd_start b3lb-routes.conf ;;
	lighttpd-binpath) h_lighttpd_start b3lb-binpath-routes.conf ;;
	apache-proxy) h_programs_start && h_apache_start b3lb-proxy-fcgi.conf proxy proxy_fcgi ;;
	apache-fcgid) h_apache_start b3lb-fcgid.conf fcgid ;;
	esac
	h_wait curl -fsS -H "Host: $H_DOMAIN" "http://127.0.0.1:$H_PORT/bigbluebutton/api"
}

h_front_stop() {
	h_kill front
	h_programs_stop
	# What the front started itself.
	pkill -9 -f "^$B3LB_PREFIX/libexec/b3lb/b3lb-[a-z]+$" -P 1 2>/dev/null || true
}

# A copy of the installation, with one of its examples where an administrator copies it; it is gone with $H/prefix:
# h_with_example apache|lighttpd DIRECTORY FILE
h_with_example() {
	mkdir "$H/prefix"
	tar -C "$B3LB_PREFIX" --exclude='./made-*' -cf - . | tar -C "$H/prefix" -xf -
	grep -rlF "$B3LB_PREFIX" "$H/prefix/share/b3lb" | xargs sed -i "s|$B3LB_PREFIX|$H/prefix|g"
	mkdir -p "$H/prefix/etc/b3lb/$2"
	cp "$H/prefix/share/b3lb/$1/$3" "$H/prefix/etc/b3lb/$2/"
	B3LB_PREFIX=$H/prefix
}

# The directory of a test file and its ports; nothing is started yet.
h_begin() {
	H=$(mktemp -d "${TMPDIR:-/tmp}/b3lb-test-XXXXXX")
	chmod 755 "$H"
	mkdir -p "$H/run" "$H/tmp" "$H/empty" "$H/recordings"
	chmod 777 "$H/run" "$H/tmp" "$H/recordings"
	H_PG_PORT=$(h_free_port)
	H_PORT=$(h_free_port)
	export H H_PG_PORT H_PORT
	unset B3LB_CONFIG
}

# h_start NODES [configuration lines...]
h_start() {
	local nodes=$1
	shift
	h_begin
	h_pg_start_made
	h_conf "$@"
	h_sim_start "$nodes"
	h_nodes "$nodes"
	job poll 2>/dev/null
	h_front_start
}

h_stop() {
	local f
	[ -n "${H:-}" ] || return 0
	h_front_stop
	for f in "$H"/*.pid; do
		[ -e "$f" ] || continue
		f=${f##*/}
		h_kill "${f%.pid}"
	done
	h_pg_down immediate || true
	if [ -z "${B3LB_KEEP:-}" ]; then
		rm -rf "$H"
	else
		# What teardown_file says elsewhere bats shows to nobody.
		{ echo "# kept $H" >&3; } 2>/dev/null || echo "kept $H" >&2
	fi
}

# Forgets all meetings, here and on the nodes, and makes every node answer normally.
h_reset() {
	# Rows are deleted, not tables truncated: new files for each of them take longer than most tests.
	sql "delete from b3lb.meeting_change; delete from b3lb.meeting_list; delete from b3lb.ended_meeting; delete from b3lb.attendance; delete from b3lb.attendance_tenant; delete from b3lb.placement;
		delete from b3lb.callback; delete from b3lb.metric; delete from b3lb.metric_event; delete from b3lb.request_metric;
		delete from b3lb.parameter; delete from b3lb.asset; delete from b3lb.tenant_alias; delete from b3lb.meeting;
		delete from b3lb.text_track; delete from b3lb.record; delete from b3lb.record_set;
		update b3lb.node set online = true, state = 'enabled', failures = 0, attendees = 0, meetings = 0, cpu = 0, cpu_load = 0,
			held_meetings = 0, held_attendees = 0, claimed_until = null, weight = 1;
		update b3lb.tenant set meeting_limit = 0, attendee_limit = 0, error_status = null, recording = true;
		update b3lb.secret set meeting_limit = 0, attendee_limit = 0, recording = true"
	sim reset >/dev/null
}

# hex checksum: checksum CALL QUERY SECRET [sha1|sha256|sha384|sha512]
checksum() {
	local sum
	sum=$(printf '%s' "$1$2$3" | "${4:-sha256}sum") && echo "${sum%% *}"
}

# The path with a signed query: signed CALL QUERY [SECRET] [ALGORITHM]
signed() {
	local q=$2
	printf '/bigbluebutton/api/%s?%s%schecksum=%s' "$1" "$q" "${q:+&}" "$(checksum "$1" "$2" "${3:-$ACME_SECRET}" "${4:-sha256}")"
}

# Asks the web server: ask HOST PATH [curl options]; leaves $status (HTTP), $headers, $output. Tests ask some ten thousand times: nothing
# is started here that bash does itself.
ask() {
	output=$(curl -sS -o - -D "$BATS_TEST_TMPDIR/headers" --max-time "${H_ASK_S:-60}" -H "Host: $1" "${@:3}" "http://127.0.0.1:$H_PORT$2")
	headers=
	IFS= read -r -d '' headers <"$BATS_TEST_TMPDIR/headers" || true
	headers=${headers//$'\r'/}
	headers=${headers%"${headers##*[!$'\n']}"}
	# The last one: "100 Continue" may stand before it.
	[[ $headers =~ ^(.*$'\n')?HTTP[^\ ]*\ ([0-9]*) ]] && status=${BASH_REMATCH[2]} || status=
}

# Percent-encodes a value for a query.
enc() { jq -rn --arg v "$1" '$v | @uri'; }

# What a node was given for the meeting of that client id: on_node MEETINGID JQ-FILTER
on_node() {
	local slug id
	slug=$(sql "select n.slug from b3lb.meeting m join b3lb.node n on n.id = m.node_id where m.meeting_id = '$1' order by m.id limit 1")
	id=$(sql "select node_meeting_id from b3lb.meeting where meeting_id = '$1' order by id limit 1")
	sim "$slug/meetings" | jq -r --arg id "$id" ".[] | select(.id == \$id) | $2"
}

# A signed call as ACME (sub id 0): bbb CALL QUERY [SECRET] [HOST]
bbb() { ask "${4:-acme.$H_DOMAIN}" "$(signed "$1" "$2" "${3:-}")"; }
acme5() { bbb "$1" "$2" "$ACME5_SECRET" "acme-5.$H_DOMAIN"; }
beta() { bbb "$1" "$2" "$BETA_SECRET" "beta.$H_DOMAIN"; }

# The text at an XPath of $output: x /response/meetingID
x() { xmllint --xpath "string($1)" - <<<"$output" 2>/dev/null; }
header() { sed -n "s/^$1: //Ip" <<<"$headers"; }

# Assertions that say what they saw.
is() { [ "$1" = "$2" ] || { echo "got '$1', want '$2' in: $status $output" >&2; return 1; }; }
answers() { is "$status" "$1" && is "$(x /response/returncode)" "${2:-SUCCESS}" && { [ -z "${3:-}" ] || is "$(x /response/messageKey)" "$3"; }; }

# N parallel commands; each output to its own file: parallel N COMMAND, {} is the number. Prints the outputs.
parallel_run() {
	local n=$1
	shift
	seq "$n" | xargs -P 64 -I{} bash -c "$*"
}
