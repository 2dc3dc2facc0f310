# Man pages: one for each program, clean, and true to the tables in the code.

pages() { ls "$B3LB_SOURCE"/man/*; }

@test "mandoc finds nothing to say" {
	for page in $(pages); do
		run -0 mandoc -Tlint -W warning "$page"
		[ "$output" = "" ]
	done
}

@test "every program has its page" {
	for program in "$B3LB_PREFIX"/libexec/b3lb/* "$B3LB_PREFIX"/sbin/*; do
		[ -f "$B3LB_PREFIX/share/man/man8/${program##*/}.8" ] || { echo "no page for $program"; false; }
	done
}

@test "every option of a program is on its page, and four are every program's" {
	for program in "$B3LB_PREFIX"/libexec/b3lb/*; do
		help=$("$program" --help)
		for option in "config FILE" verbose help version; do [[ "$help" == *$'\n'"  --$option "* ]] || { echo "$program: no --$option"; false; }; done
		[[ "$("$program" --config /dev/null --verbose --version)" == "${program##*/} "[0-9]* ]]
		for option in $(sed -n 's/^  --\([a-z-]*\).*/\1/p' <<<"$help"); do
			grep -q -e "Fl -$option" "$B3LB_SOURCE/man/${program##*/}.8" || { echo "$program --$option"; false; }
		done
	done
}

@test "b3lb.conf(5) has every key with its default" {
	while read -r key preset; do
		grep -q -F "Cm $key Pq" "$B3LB_SOURCE/man/b3lb.conf.5" || { echo "no $key"; false; }
		[ -z "$preset" ] || grep -q -F "Cm $key Pq default: $preset" "$B3LB_SOURCE/man/b3lb.conf.5" || { echo "$key: not $preset"; false; }
	done < <(sed -n 's/^#\([a-z0-9_]*\) = \{0,1\}\(.*\)$/\1 \2/p' "$B3LB_SOURCE/etc/b3lb.conf.sample")
	[ "$(grep -c '^.It Cm' "$B3LB_SOURCE/man/b3lb.conf.5")" = "$(grep -c '^#\{0,1\}[a-z0-9_]* =' "$B3LB_SOURCE/etc/b3lb.conf.sample")" ]
}

@test "b3lb.conf(5) says of every key what the sample says" {
	diff <(sed -n '/^# /{s/^# //;h};/^#\{0,1\}[a-z0-9_]* =/{s/^#\{0,1\}\([a-z0-9_]*\) =.*/\1: /;G;s/\n//p}' "$B3LB_SOURCE/etc/b3lb.conf.sample") \
		<(sed -n '/^\.It Cm/{s/^\.It Cm \([a-z0-9_]*\) .*/\1: /;N;s/\n//p}' "$B3LB_SOURCE/man/b3lb.conf.5")
}

@test "b3lb-admin(8) has every command with its options, and says of each what --help says" {
	page=$B3LB_SOURCE/man/b3lb-admin.8
	said() { grep -q -x -F -e "$1" "$page" || { echo "not on the page: $1"; false; }; }
	while read -r line; do
		said ".It Ql $line"
		read -r object action _ <<<"$line"
		case $object in setup | check | config | status | history | usage) action= ;; esac
		help=$("$B3LB_PREFIX/sbin/b3lb-admin" $object $action --help)
		said "$(sed -n 2p <<<"$help")"
		# Each option, and its sentence below it.
		while read -r option value; do said ".It Fl -${option#--}${value:+ Ar $value}"; done < <(sed -n '/^Options of every/q;s/^  --/--/p' <<<"$help")
		while read -r sentence; do said "$sentence"; done < <(sed -n 's/^      //p' <<<"$help")
		# The example is one of this command that its own table takes.
		[[ "$(tail -1 <<<"$help")" == "  b3lb-admin $object${action:+ $action}"* ]]
	done < <("$B3LB_PREFIX/sbin/b3lb-admin" --help | sed -n 's/^  //p')
}

@test "b3lb-stats(8) has every family of metrics" {
	while read -r family; do
		grep -q -F ".It Li $family Pq" "$B3LB_SOURCE/man/b3lb-stats.8" || { echo "no $family"; false; }
	done < <(sed -n 's/^# TYPE \([^ ]*\) .*/\1/p' "$B3LB_SOURCE/tests/api/golden/metrics.txt")
}
