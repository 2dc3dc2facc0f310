# b3lb-admin node proxy: golden files, the web servers' own tests of their configuration, and a client that comes through.
load ../harness/harness.bash

setup_file() {
	h_begin
	h_pg_start
	h_conf
	admin db init >/dev/null
	h_sim_start 2
	admin cluster add main
	admin node add bbb1 --cluster main --secret s --domain bbb1.example.com
	admin node add b.3 --cluster main --secret s --url http://10.0.0.13:8080/bigbluebutton/api --join-url https://b3.example.com:8443
}
teardown_file() { h_stop; }
golden() { diff "$B3LB_SOURCE/tests/admin/golden/$1" - <<<"$output"; }
# Nodes that are there: the simulated ones.
simulated() {
	sql "delete from b3lb.node"
	for n in n1 n2; do admin node add "$n" --cluster main --secret node-secret --url "http://127.0.0.1:$H_SIM_PORT/$n"; done
}
# What the proxy gives for the API of each node is what the node gives.
comes_through() {
	h_wait curl -fsS "http://127.0.0.1:$H_PORT/n1/bigbluebutton/api"
	sim n2/version value=3.0.2
	is "$(curl -sS "http://127.0.0.1:$H_PORT/n2/bigbluebutton/api")" "$(curl -sS "http://127.0.0.1:$H_SIM_PORT/n2/bigbluebutton/api")"
	is "$(curl -sS -o /dev/null -w '%{http_code}' "http://127.0.0.1:$H_PORT/n3/bigbluebutton/api")" 404
}

@test "the blocks of all nodes, for each web server and version" {
	for server in nginx apache; do
		for version in 3.0 2.7; do
			run -0 admin node proxy --for "$server" --bbb "$version"
			golden "proxy-$server-$version.txt"
		done
	done
	run -0 admin node proxy --for nginx
	golden proxy-nginx-3.0.txt
	is "$(admin node proxy --for nginx --json | jq -r .text)" "$output"
	run -1 admin node proxy --for lighttpd
	[[ "$output" == "b3lb-admin: node bbb1: lighttpd reaches no node by https://"* ]]
	admin node set bbb1 --url http://10.0.0.11 --domain "" --join-url https://bbb1.example.com
	run -0 admin node proxy --for lighttpd
	golden proxy-lighttpd-3.0.txt
	admin node set bbb1 --url "" --domain bbb1.example.com --join-url ""
}

@test "what a node behind it needs, for each version" {
	for version in 3.0 2.7; do
		run -0 admin node proxy B.3 --host meet.example.org --bbb "$version"
		golden "proxy-node-$version.txt"
	done
}

@test "what is left out or wrong is said" {
	while IFS='|' read -r status words said; do
		run "-$status" admin node proxy $words
		is "$output" "b3lb-admin: $said"
	done <<-'END'
		1|b9 --host meet.example.org|there is no such node: b9
		1|bbb1 --host https://meet.example.org|--host must be a host name, where a port may follow
	END
	for words in "" bbb1 "bbb1 --for nginx" "--host meet.example.org" "--for nginx --host meet.example.org" "--for iis" "--for nginx --bbb 2.4"; do
		run -2 admin node proxy $words
	done
}

@test "lighttpd takes it, and a client comes through" {
	simulated
	{
		printf 'server.document-root = "%s/empty"\nserver.port = %s\nserver.bind = "127.0.0.1"\nserver.modules = ( "mod_proxy" )\n' "$H" "$H_PORT"
		echo '$HTTP["host"] =~ "." {'
		admin node proxy --for lighttpd
		echo '}'
	} >"$H/proxy.conf"
	run -0 lighttpd -tt -f "$H/proxy.conf"
	is "$output" ""
	h_spawn front lighttpd -D -f "$H/proxy.conf"
	comes_through
	h_kill front
}

@test "Apache takes it, and a client comes through" {
	simulated
	mkdir -p "$H/apache"
	{
		printf 'ServerRoot %s/apache\nPidFile httpd.pid\nMutex file:%s/apache default\nErrorLog error.log\nListen 127.0.0.1:%s\n' "$H" "$H" "$H_PORT"
		[ "$(id -u)" != 0 ] || printf 'User www-data\nGroup www-data\n'
		for m in mpm_event authz_core proxy proxy_http ssl; do echo "LoadModule ${m}_module /usr/lib/apache2/modules/mod_$m.so"; done
		printf 'ServerName localhost\n<VirtualHost *:%s>\n' "$H_PORT"
		# Of a node by https too.
		admin node add https --cluster main --secret s --domain bbb1.example.com
		admin node proxy --for apache
		echo "</VirtualHost>"
	} >"$H/proxy.conf"
	run -0 apache2 -t -f "$H/proxy.conf"
	is "$output" "Syntax OK"
	h_spawn front apache2 -X -f "$H/proxy.conf"
	comes_through
	h_kill front
}
