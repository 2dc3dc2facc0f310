# The units as they are installed.

units() { ls "$B3LB_PREFIX"/lib/systemd/system/*; }

@test "systemd finds nothing wrong with a unit" {
	mkdir -p "$BATS_TEST_TMPDIR/units"
	cp $(units) "$BATS_TEST_TMPDIR/units"
	cd "$BATS_TEST_TMPDIR/units"
	for i in api assets backend recordings stats; do cp b3lb@.service "b3lb@$i.service"; done
	for unit in b3lb@*.service *.timer b3lb-*.service; do
		[ "$unit" != b3lb@.service ] || continue
		SYSTEMD_UNIT_PATH="$PWD:" run systemd-analyze verify --man=no "./$unit"
		[[ "$output" != *"$unit"* ]] || { echo "$output"; false; }
	done
}

@test "every service is hardened: an exposure of 2.5 at most" {
	for unit in $(units); do
		case $unit in *.service) ;; *) continue ;; esac
		name=${unit##*/}
		cp "$unit" "$BATS_TEST_TMPDIR/${name/@./@x.}"
		run systemd-analyze security --offline=yes --threshold=25 "$BATS_TEST_TMPDIR/${name/@./@x.}"
		[ "$status" = 0 ] || { echo "$name: $(tail -1 <<<"$output")"; false; }
	done
}

@test "every job and every program has its unit, and every job its cron line" {
	for program in "$B3LB_PREFIX"/libexec/b3lb/*; do
		name=${program##*/}
		case $name in
		b3lb-api | b3lb-assets | b3lb-backend | b3lb-recordings | b3lb-stats) ;;
		*)
			[ -f "$B3LB_PREFIX/lib/systemd/system/$name.timer" ] || { echo "no timer for $name"; false; }
			grep -q "/$name\b" "$B3LB_PREFIX/share/b3lb/cron/b3lb-fcgi" || { echo "no cron line for $name"; false; }
			;;
		esac
	done
}
