# The pages in doc/: what they name is there. Installation, backup and restore are run in tests/deploy/packages.bats.
# Those for who changes the source speak of much besides keys.
operators() { ls "$B3LB_SOURCE"/doc/* | grep -v -e /architecture$ -e /bbb-api$; }
bats_require_minimum_version 1.5.0

@test "every command of b3lb-admin in doc/ is one, with these options" {
	help=$("$B3LB_PREFIX/sbin/b3lb-admin" --help)
	while read -r object action rest; do
		case $object in
		setup | check | config | status | history | usage) line=$(grep "^  $object" <<<"$help") ;;
		*) line=$(grep "^  $object $action" <<<"$help") ;;
		esac || { echo "no: $object $action"; false; }
		for option in $(grep -o -e '--[a-z-]*' <<<"$action $rest"); do
			[ "$option" = --yes ] || grep -q -e "$option\\b" <<<"$line" || { echo "$object $action: no $option"; false; }
		done
	done < <(grep -h -o 'b3lb-admin [a-z][a-z -]*[A-Za-z0-9 ./:-]*' "$B3LB_SOURCE"/doc/* "$B3LB_SOURCE/README" | sed 's/^b3lb-admin //')
}

@test "every file below share that doc/ names is there" {
	for file in $(grep -h -o '/usr/share/b3lb/[A-Za-z0-9/.-]*[A-Za-z0-9]' "$B3LB_SOURCE"/doc/* "$B3LB_SOURCE/README" | sort -u); do
		[ -e "$B3LB_PREFIX/${file#/usr/}" ] || { echo "no $file"; false; }
	done
}

@test "every key of b3lb.conf that doc/ names is one" {
	for key in $(grep -h -o -w -E '[a-z0-9]+(_[a-z0-9]+)+' $(operators) | grep -v -e ^conf_keys$ -e ^dry_run$ -e ^meta_ -e ^b3lb_ -e ^pg_ -e ^mod_ -e ^synchronous_ -e ^target_session_ -e ^default_transaction_ -e ^dial_numbers$ -e ^sip_host$ -e ^xml_curl$ -e ^func_odbc$ -e ^autoload_configs$ |
		grep -v -x -F -f <(sed -n 's/^create table .*b3lb\.\([a-z_]*\) .*/\1/p' "$B3LB_SOURCE"/sql/schema/*.sql) | sort -u); do
		grep -q "^#\{0,1\}$key =" "$B3LB_SOURCE/etc/b3lb.conf.sample" || { echo "no $key"; false; }
	done
}

@test "README names every page, and the package has them" {
	for page in "$B3LB_SOURCE"/doc/*; do
		grep -q "doc/${page##*/}\b" "$B3LB_SOURCE/README" || { echo "README: no ${page##*/}"; false; }
	done
	grep -qxF "doc/*" "$B3LB_SOURCE/debian/b3lb-fcgi.docs"
}

@test "HACKING, doc/architecture and tests/README name files that are there" {
	for file in $(grep -h -o -E '\b(lib|fcgi|sql|tests|build-aux|etc|man|doc|node|jobs|admin)/[A-Za-z0-9_/.-]*[A-Za-z0-9]' "$B3LB_SOURCE/HACKING" \
		"$B3LB_SOURCE/doc/architecture" "$B3LB_SOURCE/doc/contract" "$B3LB_SOURCE/doc/bbb-api" "$B3LB_SOURCE/tests/README" | sort -u); do
		case $file in sql/statements/MODULE.sql | sql/statements.h | sql/schema/NNN_what.sql | doc/PAGE | etc/b3lb/b3lb.conf | tests/sim/b3lb-sim | admin/v1*) continue ;; esac
		# Patterns of ./check are beginnings.
		compgen -G "$B3LB_SOURCE/$file*" >/dev/null || { echo "no $file"; false; }
	done
}

@test "what comments cite of doc/ by number is there" {
	while IFS=: read -r file page number; do
		grep -q -E "^$number[. ]" "$B3LB_SOURCE/$page" || { echo "$file: no $number in $page"; false; }
	done < <(cd "$B3LB_SOURCE" && grep -r -o -E 'doc/(bbb-api|contract), [0-9]+(\.[0-9]+)?' lib fcgi jobs admin sql tests/sim tests/unit | sed 's/, /:/')
	[ "$(cd "$B3LB_SOURCE" && grep -r -l 'doc/bbb-api, ' lib fcgi | wc -l)" -gt 5 ]
	run grep -r -n -e 'bbb-api\.md' -e 'contract, section' "$B3LB_SOURCE"/{lib,fcgi,jobs,admin,sql,tests/sim,tests/unit,tests/api}
	[ "$status" = 1 ] || { echo "$output"; false; }
}

@test "no file has the marks of a merge that was not finished" {
	run -1 grep -rlE '^(<<<<<<<|>>>>>>>) ' "$B3LB_SOURCE" --exclude-dir=.git --exclude-dir=.check --exclude-dir=corpus --exclude-dir=node_modules
	[ -z "$output" ]
}
