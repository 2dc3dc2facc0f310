# What holds for /b3lb/r/, whoever sends the bytes. To be sourced by bats files.
load ../harness/harness.bash
load ../harness/recorded.bash

delivery_start() {
	h_start 1 "$@"
	head -c 300000 /dev/urandom >"$H/a.mp4"
}

delivery_reset() {
	h_reset
	rm -rf "$H"/recordings/*
	recorded acme 0 rec-1 m1 "Übung & more"
	nonce=$(video rec-1 "$H/a.mp4")
	got=$BATS_TEST_TMPDIR/got
}

# part FIRST LAST: the bytes that came are those of the file
part() { cmp "$got" <(tail -c +$(($1 + 1)) "$H/a.mp4" | head -c $(($2 - $1 + 1))); }

whole_file() {
	fetched "$nonce" "$got"
	is "$status" 200
	cmp "$got" "$H/a.mp4"
	is "$(header Content-Type)" video/mp4
	is "$(header Content-Length)" 300000
	is "$(header Last-Modified)" "Tue, 24 Nov 2026 10:00:00 GMT"
	is "$(header Content-Disposition)" "inline; filename=\"_bung & more.mp4\"; filename*=UTF-8''%C3%9Cbung%20%26%20more.mp4"
	is "$(header Cache-Control)" "private, no-cache"
	is "$(header X-Content-Type-Options)" nosniff
	is "$(header X-Sendfile)" ""
	[[ "$(header ETag)" =~ ^\"[0-9a-f]{16}\"$ ]]
	[ -n "$(header Request-Id)" ]
}

single_range() {
	fetched "$nonce" "$got" -H "Range: bytes=$1"
	is "$status" 206
	is "$(header Content-Range)" "bytes $2-$3/300000"
	is "$(header Content-Length)" $(($3 - $2 + 1))
	is "$(header Content-Type)" video/mp4
	part "$2" "$3"
}

ranges() {
	single_range 0-99 0 99
	single_range 1000-200000 1000 200000
	single_range 299999- 299999 299999
	single_range -500 299500 299999
	single_range 100- 100 299999
	single_range 250000-99999999 250000 299999
}

unsatisfiable_range() {
	fetched "$nonce" "$got" -H "Range: bytes=300000-"
	is "$status" 416
	is "$(header Content-Range)" "bytes */300000"
}

malformed_ranges() {
	local r
	for r in "bytes=a-b" "bytes=5-4" "seconds=0-5" "bytes"; do
		fetched "$nonce" "$got" -H "Range: $r"
		is "$status" 200
		cmp "$got" "$H/a.mp4"
	done
}

if_range() {
	local etag
	fetch "$nonce" -I
	etag=$(header ETag)
	fetched "$nonce" "$got" -H "Range: bytes=5-9" -H "If-Range: $etag"
	is "$status" 206
	part 5 9
	fetched "$nonce" "$got" -H "Range: bytes=5-9" -H 'If-Range: "another"'
	is "$status" 200
	cmp "$got" "$H/a.mp4"
	fetched "$nonce" "$got" -H "Range: bytes=5-9" -H "If-Range: Tue, 24 Nov 2026 09:59:59 GMT"
	is "$status" 200
	cmp "$got" "$H/a.mp4"
}

conditions() {
	local etag
	fetch "$nonce" -I
	etag=$(header ETag)
	fetch "$nonce" -H "If-None-Match: $etag"
	is "$status" 304
	is "$output" ""
	is "$(header ETag)" "$etag"
	fetch "$nonce" -H "If-None-Match: \"x\", W/$etag"
	is "$status" 304
	fetched "$nonce" "$got" -H 'If-None-Match: "x"'
	is "$status" 200
	fetch "$nonce" -H "If-Modified-Since: Tue, 24 Nov 2026 10:00:00 GMT"
	is "$status" 304
	fetched "$nonce" "$got" -H "If-Modified-Since: Tue, 24 Nov 2026 09:59:59 GMT"
	is "$status" 200
	fetch "$nonce" -H 'If-Match: "x"'
	is "$status" 412
	fetched "$nonce" "$got" -H "If-Match: $etag" -H "Range: bytes=0-9"
	is "$status" 206
	# Conditions come before ranges.
	fetch "$nonce" -H "If-None-Match: $etag" -H "Range: bytes=0-9"
	is "$status" 304
}

head_request() {
	fetch "$nonce" -I -H "Range: bytes=0-9"
	is "$status" 200
	is "$(header Content-Length)" 300000
	is "$(header Content-Type)" video/mp4
	[ -n "$(header ETag)" ]
}

download_name() {
	fetch "$nonce?download=1" -I
	is "$(header Content-Disposition)" "attachment; filename=\"_bung & more.mp4\"; filename*=UTF-8''%C3%9Cbung%20%26%20more.mp4"
	fetch "$nonce?download=0" -I
	[[ "$(header Content-Disposition)" == inline* ]]
	sql "update b3lb.record set download = true"
	fetch "$nonce" -I
	[[ "$(header Content-Disposition)" == attachment* ]]
}

# Nobody learns why there is nothing.
nothing() {
	fetch "$nonce"
	is "$status" 404
	is "$output" "no such recording"
	is "$(header X-Sendfile)" ""
	fetch "$nonce" -H "Range: bytes=0-9"
	is "$status" 404
	fetch "$nonce" -I
	is "$status" 404
}

not_public() {
	local was
	for was in "record_set set published = false" "record_set set status = 'DELETING', deleted_at = now()" "record_set set rendered_at = null" \
		"record set listed = false"; do
		delivery_reset
		sql "update b3lb.$was"
		nothing
	done
}

file_gone() {
	find "$H/recordings" -type f -delete
	nothing
	delivery_reset
	fetched "$nonce" "$got"
	is "$status" 200
	cmp "$got" "$H/a.mp4"
}
