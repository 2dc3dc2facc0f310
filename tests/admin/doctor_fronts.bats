# fronts: all
# b3lb-admin check through each web server, with its configuration as shipped.
load ../harness/harness.bash
setup_file() { h_start 1; }
teardown_file() { h_stop; }

@test "check has nothing to say against this web server" {
	run admin check --url "http://127.0.0.1:$H_PORT"
	is "$(grep '^error  *web server' <<<"$output")" ""
	is "$(grep -c '^ok  *web server' <<<"$output")" 10
}
