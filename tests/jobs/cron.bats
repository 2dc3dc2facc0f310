# The lines for cron, run as cron runs them; what they print it would mail, each minute.
load ../harness/harness.bash
bats_require_minimum_version 1.5.0

setup_file() {
	h_start 1 "render_path = /tmp"
	sed -i "s|^render_path.*|render_path = $H/tmp|" "$H/b3lb.conf"
}
teardown_file() { h_stop; }

# The command of each line, but for the test for systemd: cron_lines FILE
cron_lines() { sed -n 's/^[0-9*][^\t]*\tb3lb\t\[ -d [^ ]* \] || //p' "$1"; }
as_cron() { env -i $(grep -E '^[A-Z0-9_]+=' "$1") B3LB_CONFIG="$H/b3lb.conf" sh -c "$2" 2>&1; }

@test "a good round mails nothing" {
	file=$H/cron
	sed "s|/run/lock|$H|" "$B3LB_PREFIX/share/b3lb/cron/b3lb-fcgi" >"$file"
	is "$(cron_lines "$file" | wc -l)" 8
	while read -r line; do
		# One round is enough.
		run -0 as_cron "$file" "${line/ --every * --for */}"
		is "$output" ""
	done < <(cron_lines "$file")
	is "$(sql "select count(*) from b3lb.job where good_at is not null")" 8
}

@test "where the package is removed and the file is still there they mail nothing" {
	sed "s|$B3LB_PREFIX/libexec|$H/removed|" "$B3LB_PREFIX/share/b3lb/cron/b3lb-fcgi" >"$H/cron"
	while read -r line; do
		run -0 as_cron "$H/cron" "$line"
		is "$output" ""
	done < <(cron_lines "$H/cron")
}
