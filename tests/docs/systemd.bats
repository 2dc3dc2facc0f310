# The units as they are installed.

units() { ls "$B3LB_PREFIX"/lib/systemd/system/*; }

@test "systemd finds nothing wrong with a unit" {
	mkdir -p "$BATS_TEST_TMPDIR/units"
	cp $(units) "$BATS_TEST_TMPDIR/units"
	cd "$BATS_TEST_TMPDIR/units"
	for unit in *; do
		SYSTEMD_UNIT_PATH="$PWD:" run systemd-analyze verify --man=no "./$unit"
		[[ "$output" != *"$unit"* ]] || { echo "$output"; false; }
	done
}

@test "every service is hardened: an exposure of 2.5 at most" {
	for unit in $(ls "$B3LB_PREFIX"/lib/systemd/system/*.service); do
		run systemd-analyze security --offline=yes --threshold=25 "$unit"
		[ "$status" = 0 ] || { echo "${unit##*/}: $(tail -1 <<<"$output")"; false; }
	done
}

@test "every program has a socket and a service, every job a timer, a service and a cron line" {
	cd "$B3LB_PREFIX"
	for program in libexec/b3lb/*; do
		name=${program##*/}
		# b3lb-render starts it.
		[ "$name" != b3lb-compose ] || continue
		[ -f "lib/systemd/system/$name.service" ] || { echo "no service for $name"; false; }
		case $("./$program" --help) in
		*--listen*)
			[ -f "lib/systemd/system/$name.socket" ] || { echo "no socket for $name"; false; }
			;;
		*)
			[ -f "lib/systemd/system/$name.timer" ] || { echo "no timer for $name"; false; }
			grep -q "/$name\b" share/b3lb/cron/b3lb-fcgi || { echo "no cron line for $name"; false; }
			;;
		esac
	done
}
