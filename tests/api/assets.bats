# Branding: uploaded by b3lb-admin, served by b3lb-assets.
# fronts: all
load ../harness/harness.bash
setup_file() {
	h_start 1
	F=$H/files
	mkdir -p "$F"
	export F
	base64 -d >"$F/logo.png" <<<iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==
	printf '%%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%%%EOF\n' >"$F/slide.pdf"
	printf 'body { color: red; }\n' >"$F/style.css"
	printf '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>' >"$F/logo.svg"
	printf '\177ELF\002\001\001' >"$F/program.png"
}
teardown_file() { h_stop; }
setup() { h_reset; }
get() { ask "$H_DOMAIN" "$@"; }

@test "without one: 404" {
	for kind in logo slide css; do
		get "/b3lb/t/acme/$kind"
		is "$status" 404
	done
	get /b3lb/t/nobody/logo
	is "$status" 404
}

@test "each kind comes back byte for byte with its type" {
	while read -r kind file type; do
		admin asset set ACME "$kind" "$F/$file"
		curl -sS -D "$BATS_TEST_TMPDIR/h" -o "$BATS_TEST_TMPDIR/body" -H "Host: acme.$H_DOMAIN" "http://127.0.0.1:$H_PORT/b3lb/t/acme/$kind"
		cmp "$BATS_TEST_TMPDIR/body" "$F/$file"
		grep -qi "^content-type: $type" "$BATS_TEST_TMPDIR/h"
		grep -qi "^x-content-type-options: nosniff" "$BATS_TEST_TMPDIR/h"
		grep -qi "^content-security-policy: default-src 'none'.*sandbox" "$BATS_TEST_TMPDIR/h"
		grep -qi "^cache-control: public, max-age=" "$BATS_TEST_TMPDIR/h"
	done <<-'CASES'
		logo logo.png image/png
		logo logo.svg image/svg+xml
		slide slide.pdf application/pdf
		css style.css text/css
	CASES
}

@test "ETag and Last-Modified give 304, another tag 200" {
	admin asset set ACME logo "$F/logo.png"
	get /b3lb/t/acme/logo -o /dev/null
	etag=$(header etag)
	modified=$(header last-modified)
	get /b3lb/t/acme/logo -H "If-None-Match: $etag"
	is "$status $(header etag)" "304 $etag"
	get /b3lb/t/acme/logo -H "If-None-Match: \"x\", W/$etag"
	is "$status" 304
	get /b3lb/t/acme/logo -H "If-Modified-Since: $modified"
	is "$status" 304
	get /b3lb/t/acme/logo -o /dev/null -H "If-Modified-Since: Sat, 01 Jan 2000 00:00:00 GMT"
	is "$status" 200
	get /b3lb/t/acme/logo -o /dev/null -H 'If-None-Match: "other"' -H "If-Modified-Since: $modified"
	is "$status" 200
}

@test "HEAD has the length and no body" {
	admin asset set ACME css "$F/style.css"
	get /b3lb/t/acme/css -I
	is "$status" 200
	is "$(header content-length)" "$(wc -c <"$F/style.css")"
}

@test "the type is found by looking at the file, not at its name" {
	cp "$F/logo.png" "$F/innocent.css"
	run admin asset set ACME css "$F/innocent.css"
	is "$status" 1
	[[ "$output" == *"image/png"*"text/css"* ]]
	run admin asset set ACME logo "$F/program.png"
	is "$status" 1
	run admin asset set ACME logo "$F/slide.pdf"
	is "$status" 1
	run admin asset set ACME logo "$F/logo.png" --type image/jpeg
	is "$status" 1
	admin asset set ACME logo "$F/logo.png" --type image/png
}

@test "size limits and missing files are refused with the limit named" {
	head -c 1048577 /dev/zero >"$F/big.css"
	: >"$F/empty.css"
	run admin asset set ACME css "$F/big.css"
	is "$status" 1
	[[ "$output" == *1048576* ]]
	run admin asset set ACME css "$F/empty.css"
	is "$status" 1
	run admin asset set ACME css "$F/none.css"
	is "$status" 1
	run admin asset set NOBODY css "$F/style.css"
	is "$status" 1
	run admin asset set ACME banner "$F/style.css"
	is "$status" 1
}

@test "assets are listed and removed" {
	admin asset set ACME logo "$F/logo.png"
	run -0 admin asset list ACME
	[[ "$output" == *logo*image/png*logo.png* ]]
	admin asset remove ACME logo --yes
	get /b3lb/t/acme/logo
	is "$status" 404
	run admin asset remove ACME logo --yes
	is "$status" 1
}

@test "another tenant's path on a tenant's own host is nothing" {
	admin asset set ACME logo "$F/logo.png"
	ask "beta.$H_DOMAIN" /b3lb/t/acme/logo
	is "$status" 404
	get /b3lb/t/acme/logo -X POST -d x
	is "$status" 405
}

@test "what is kept in memory is not sent any more once it was changed, removed, or another's" {
	both() { get "$1" && get "$1"; }
	admin asset set ACME css "$F/style.css"
	both /b3lb/t/acme/css
	is "$status $output" "200 $(cat "$F/style.css")"
	echo "body { color: blue; }" >"$F/blue.css"
	admin asset set ACME css "$F/blue.css"
	both /b3lb/t/acme/css
	is "$status $output" "200 $(cat "$F/blue.css")"
	admin asset set BETA css "$F/style.css"
	both /b3lb/t/beta/css
	is "$output" "$(cat "$F/style.css")"
	both /b3lb/t/acme/css
	is "$output" "$(cat "$F/blue.css")"
	sql "insert into b3lb.tenant_alias select '$H_DOMAIN', id from b3lb.tenant where slug = 'beta'"
	both /b3lb/t/acme/css
	is "$status" 404
	both /b3lb/t/beta/css
	is "$status" 200
	sql "delete from b3lb.tenant_alias"
	both /b3lb/t/acme/css
	is "$status" 200
	admin asset remove ACME css --yes
	both /b3lb/t/acme/css
	is "$status" 404
}
