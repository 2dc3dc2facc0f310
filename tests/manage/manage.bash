# What the tests of the management API share. $H/cookie is the session of who is signed in.

# An account with the password "correct horse NAME": account_add NAME ROLE [options]
account_add() { echo "correct horse $1" | admin account add "$1" --role "$2" --password - "${@:3}" >/dev/null; }
# A token's text: token_add NAME ROLE [options]
token_add() { admin token add "$1" --role "$2" "${@:3}"; }

# The session of who is signed in, unless the arguments name another or a token: curl would send both. Who signs in has none,
# it would end.
cookie_for() {
	case " $* " in
	*" -b "* | *" Authorization:"* | " POST session "*) cookie=() ;;
	*) cookie=(-b "$(cat "$H/cookie" 2>/dev/null)") ;;
	esac
}
# call METHOD PATH [BODY] [curl options]: as the console calls, with the session; leaves what ask leaves.
call() {
	local method=$1 path=$2 body=() cookie
	shift 2
	if [ $# -gt 0 ] && [[ "$1" != -* ]]; then
		body=(--data-binary "$1" -H "Content-Type: application/json")
		shift
	fi
	cookie_for "$method" "$path" "$@"
	ask "${ADMIN_HOST:-$H_DOMAIN}" "/b3lb/admin/v1/$path" -X "$method" -H "Sec-Fetch-Site: same-origin" "${cookie[@]}" "${body[@]}" "$@"
}
get() {
	local cookie
	cookie_for "$@"
	ask "${ADMIN_HOST:-$H_DOMAIN}" "/b3lb/admin/v1/$1" -H "Sec-Fetch-Site: same-origin" "${cookie[@]}" "${@:2}"
}
post() { call POST "$@"; }
sign_in() {
	BATS_TEST_TMPDIR=${BATS_TEST_TMPDIR:-$H}
	: >"$H/cookie"
	post session "{\"name\":\"$1\",\"password\":\"correct horse $1\"}"
	header set-cookie | sed 's/;.*//' >"$H/cookie"
	[ -s "$H/cookie" ]
}
session_hash() { sed 's/.*=//' "$H/cookie" | tr -d '\n' | sha256sum | cut -d' ' -f1; }
