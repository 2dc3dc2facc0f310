# Videos by their URL as the packages set it up: the web server sends what it can, the program the rest.
# fronts: lighttpd-socket apache-proxy apache-fcgid
load delivery.bash
setup_file() { delivery_start; }
teardown_file() { h_stop; }
setup() { delivery_reset; }

@test "the whole file, and no path of ours" { whole_file; }
@test "a range is that part of the file" { ranges; }
@test "a file that is gone is 404, and the next one is served" { file_gone; }

# The bytes that the program sent, of fronts whose programs have a log of their own.
sent_here() { [ ! -e "$H/recordings.log" ] || is "$(sed -n 's/.* bytes=\([0-9]*\).*/\1/p' "$H/recordings.log" | tail -1)" "$1"; }

@test "the web server sends what it may read, the program what only it may read" {
	fetched "$nonce" "$got"
	cmp "$got" "$H/a.mp4"
	sent_here 0
	find "$H/recordings" -type f -exec chmod o-r {} +
	# Whom mod_fcgid starts runs as Apache does.
	[ "${B3LB_FRONT:-}" != apache-fcgid ] || find "$H/recordings" -type f -exec chown www-data {} +
	whole_file
	sent_here 300000
}

@test "a client does not say where files are sent from" {
	fetched "$nonce" "$got" -H "B3LB_SENDFILE: /" -H "B3lb-Sendfile: /etc"
	is "$status" 200
	cmp "$got" "$H/a.mp4"
}
