# What hostile tests load beside the harness: bytes that no client library sends, and a node that answers anything.

# Sends bytes as they are: raw FORMAT [ARGUMENTS of printf], where bbb.test stands for the test's domain; leaves the whole answer in $output, $status is its HTTP status
# ("" when the connection was closed without one).
raw() {
	local format=${1//bbb.test/$H_DOMAIN}
	shift
	# shellcheck disable=SC2059
	output=$(printf "$format" "$@" | "$B3LB_SOURCE/tests/hostile/raw" "$H_PORT" | tr -d '\0')
	status=$(sed -n '1s/^HTTP[^ ]* \([0-9]*\).*/\1/p' <<<"$output")
	headers=$(tr -d '\r' <<<"$output" | sed '/^$/q')
}

# A node "evil" of its own cluster, which only tenant EVIL uses, beside those of the harness; ACME and BETA use both.
evil_start() {
	mkdir -p "$H/evil"
	h_spawn evilnode "$B3LB_SOURCE/tests/hostile/evilnode" "$H/evil"
	h_wait test -s "$H/evil/port"
	admin cluster add evil
	admin group add evil
	admin group attach evil evil
	admin node add evil --cluster evil --secret node-secret --url "http://127.0.0.1:$(cat "$H/evil/port")/bigbluebutton"
	admin tenant add EVIL --group evil
	admin secret add EVIL --secret evil-secret >/dev/null
	job poll
}
evil() { bbb "$1" "$2" evil-secret "evil.$H_DOMAIN"; }

# What the evil node answers: evil_says CALL BODY [HEADER-LINES]
evil_says() {
	printf 'HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nConnection: close\r\n%b\r\n%b' "${3:-}" "$2" >"$H/evil/$1"
}
evil_reset() { find "$H/evil" -type f ! -name port -delete; }

# Whether a node is online: t or f.
node_state() { sql "select online from b3lb.node where slug = '$1'"; }
