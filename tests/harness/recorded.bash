# Recordings without their way through nodes and renderers: rows, and files in the local store. To be sourced after harness.bash.

# Puts a file into the local store and prints its key: stored FILE
stored() {
	local key
	key=$(openssl rand -hex 16)
	mkdir -p "$H/recordings/${key:0:2}"
	cp --sparse=always "$1" "$H/recordings/${key:0:2}/$key"
	chmod -R a+rwX "$H/recordings"
	echo "$key"
}

# A recording that is published: recorded SLUG SUB RECORDID MEETINGID NAME ["column = value, ..."]
recorded() {
	sql "insert into b3lb.record_set (tenant_id, secret_id, meeting_id, name, record_id, status, uploaded_at, rendered_at,
			meeting_sha1, start_time, end_time, participants, raw_size, meta)
		select tenant_id, s.id, '$4', '${5//\'/\'\'}', '$3', 'RENDERED', now(), now(), '$(printf %s "$4" | sha1sum | cut -d' ' -f1)',
			1700000000000 + (select count(*) from b3lb.record_set) * 60000,
			1700000300000 + (select count(*) from b3lb.record_set) * 60000, 3, 4000, '{\"meetingId\": \"$4\"}'
		from b3lb.secret s join b3lb.tenant t on t.id = s.tenant_id where t.slug = '$1' and s.sub_id = $2;
		${6:+update b3lb.record_set set $6 where record_id = '$3'}"
}

# Its video; prints the nonce: video RECORDID FILE [MIME] [EXTENSION] [PROFILE]
video() {
	local key
	key=$(stored "$2")
	sql "insert into b3lb.record (record_set_id, profile, type, duration_ms, size, mime, extension, storage_key, processing_ms, created_at)
		select id, '${5:-video}', '${5:-video}', 150000, $(stat -c %s "$2"), '${3:-video/mp4}', '${4:-mp4}', '$key', 1234,
			'2026-11-24 10:00:00.9+00'
		from b3lb.record_set where record_id = '$1' returning nonce"
}

# Asks for it: fetch NONCE[?query] [curl options]
fetch() { ask "$H_DOMAIN" "/b3lb/r/$1" "${@:2}"; }
# The bytes, as the client gets them: fetched NONCE[?query] FILE [curl options]; leaves curl's exit status in $code.
fetched() {
	code=0
	curl -sS -o "$2" -D "$BATS_TEST_TMPDIR/headers" --max-time 60 -H "Host: $H_DOMAIN" "${@:3}" "http://127.0.0.1:$H_PORT/b3lb/r/$1" || code=$?
	headers=$(tr -d '\r' <"$BATS_TEST_TMPDIR/headers")
	status=$(sed -n '1s/^HTTP[^ ]* \([0-9]*\).*/\1/p' <<<"$headers")
	output=
}
