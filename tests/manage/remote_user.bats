# Who the web server let in by its own means (here: Basic) is who asks the management API.
# fronts: lighttpd-socket apache-proxy apache-fcgid
load ../harness/harness.bash
load manage.bash

setup_file() {
	export H_FRONT_EXTRA H_LIGHTTPD_FIRST
	users=$(mktemp "${TMPDIR:-/tmp}/b3lb-users-XXXXXX")
	chmod 644 "$users"
	for name in anna vera nobody; do echo "$name:$(openssl passwd -apr1 "door $name")"; done >"$users"
	case ${B3LB_FRONT:-lighttpd-socket} in
	lighttpd*)
		# Before mod_fastcgi, which takes the request from modules behind it.
		H_LIGHTTPD_FIRST='server.modules += ( "mod_auth", "mod_authn_file" )
			auth.backend = "htpasswd"
			auth.backend.htpasswd.userfile = "'$users'"
			$HTTP["url"] =^ "/b3lb/admin/" { auth.require = ( "" => ( "method" => "basic", "realm" => "b3lb", "require" => "valid-user" ) ) }'
		;;
	*)
		H_FRONT_EXTRA=$(
			for m in auth_basic authn_core authn_file authz_user; do echo "LoadModule ${m}_module /usr/lib/apache2/modules/mod_$m.so"; done
			printf '<Location /b3lb/admin/>\nAuthType Basic\nAuthName b3lb\nAuthUserFile %s\nRequire valid-user\n</Location>\n' "$users"
		)
		;;
	esac
	echo "$users" >"$BATS_FILE_TMPDIR/users"
	h_start 1 "admin_remote_user = yes"
	account_add anna admin
	account_add vera viewer --tenant ACME
}
teardown_file() {
	h_stop
	rm -f "$(cat "$BATS_FILE_TMPDIR/users")"
}

# As somebody who has passed the web server: as NAME METHOD PATH [BODY] [curl options]
as() {
	local body=()
	[ $# -lt 4 ] || body=(--data-binary "$4" -H "Content-Type: application/json")
	ask "$H_DOMAIN" "/b3lb/admin/v1/$3" -X "$2" -u "$1:door $1" -H "Sec-Fetch-Site: ${SITE:-same-origin}" "${body[@]}"
}

@test "an account of that name is signed in, with its role and its tenants; others are not" {
	as anna GET session
	is "$status $(jq -r '.name + " " + .role + " " + .via' <<<"$output")" "200 anna admin remote_user"
	as vera GET session
	is "$(jq -c '[.name, .role, .tenants]' <<<"$output")" '["vera","viewer",["ACME"]]'
	as nobody GET session
	is "$status" 401
	ask "$H_DOMAIN" /b3lb/admin/v1/session -H "Sec-Fetch-Site: same-origin"
	is "$status" 401
	ask "$H_DOMAIN" /b3lb/admin/v1/session -u "anna:wrong" -H "Sec-Fetch-Site: same-origin"
	is "$status" 401
}

@test "what changes something must come from the console itself, and stands in the audit under that name" {
	SITE=same-site as anna PATCH clusters/main '{"load_a":3}'
	is "$status" 403
	as vera PATCH clusters/main '{"load_a":3}'
	is "$status" 403
	as anna PATCH clusters/main '{"load_a":3}'
	is "$status" 200
	is "$(sql "select actor || ' ' || object || ' ' || name from b3lb.audit order by id desc limit 1")" "anna cluster main"
	admin account set vera --disabled on
	as vera GET session
	is "$status" 401
}
