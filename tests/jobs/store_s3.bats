# The S3 store against a server that checks signatures.
load ../harness/harness.bash
load ../harness/s3.bash

setup_file() {
	H=$(mktemp -d "${TMPDIR:-/tmp}/b3lb-test-XXXXXX")
	export H
	s3_start
}
teardown_file() {
	s3_stop
	rm -rf "$H"
}

@test "what holds for a local store holds for S3: whole or not at all, ranges, parts, lists, presigned URLs" {
	CMOCKA_MESSAGE_OUTPUT=TAP run "$B3LB_BUILD/tests/unit/test_store" "$S3_URL" "$S3_BUCKET" "$S3_ACCESS" "$S3_SECRET"
	echo "$output"
	[ "$status" = 0 ]
	[ "$(grep -c '^ok' <<<"$output")" = 9 ]
}
