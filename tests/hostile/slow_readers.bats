# Who reads slowly holds no thread; nor does an upload that is not allowed. mod_fcgid takes whole bodies itself and gives a process one request at a
# time: there it is sendfile that helps, and it is not among these.
# fronts: lighttpd-socket lighttpd-binpath apache-proxy
load ../harness/harness.bash
load ../harness/recorded.bash
load ../harness/slow.bash

@test "forty uploads from an address that is no node's" {
	sed -i 's/^backend_allow.*/backend_allow = 192.0.2.1/' "$H/b3lb.conf"
	h_front_stop
	h_front_start
	drip 40 POST "/b3lb/b/recording/upload?nonce=00000000000000000000000000000000" "$H_DOMAIN" "Content-Type: multipart/form-data; boundary=x"
	others_are_served 403
	sed -i 's/^backend_allow.*/backend_allow = 127.0.0.1/' "$H/b3lb.conf"
	h_front_stop
	h_front_start
}

@test "sixty readers of a large file who do not read" {
	local nonce
	head -c 5000000 /dev/urandom >"$H/big.mp4"
	recorded acme 0 rec-1 m1 Lecture
	nonce=$(video rec-1 "$H/big.mp4")
	lurk 60 "/b3lb/r/$nonce" "$H_DOMAIN"
	is "$(whole "/b3lb/r/$nonce")" 200
	cmp "$BATS_TEST_TMPDIR/got" "$H/big.mp4"
	is "$(whole "/b3lb/r/$nonce" -H "Range: bytes=100-199")" 206
	cmp "$BATS_TEST_TMPDIR/got" <(tail -c +101 "$H/big.mp4" | head -c 100)
}

@test "sixty readers of a large slide who do not read" {
	head -c 4000000 /dev/urandom >"$H/slide.pdf"
	sql "insert into b3lb.asset (tenant_id, kind, type, name, data, etag) select id, 'slide', 'application/pdf', 'default.pdf', pg_read_binary_file('$H/slide.pdf'), 'e'
		from b3lb.tenant where slug = 'acme' on conflict do nothing"
	lurk 60 /b3lb/t/acme/slide "$H_DOMAIN"
	is "$(whole /b3lb/t/acme/slide)" 200
	cmp "$BATS_TEST_TMPDIR/got" "$H/slide.pdf"
}
