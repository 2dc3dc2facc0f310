# Recordings as clients see them: lists, changes, files.
# fronts: all
load ../harness/harness.bash
setup_file() { h_start 1; }
teardown_file() { h_stop; }
setup() {
	h_reset
	rm -rf "$H"/recordings/??
}

R1=1111111111111111111111111111111111111111-1700000000001
R2=2222222222222222222222222222222222222222-1700000000002
R3=3333333333333333333333333333333333333333-1700000000003

# A rendered recording with one video: recording ID MEETING [SUB] [TENANT] [META-JSON]; its video's nonce and key are derived of the id.
recording() {
	local key=${1:0:32}
	sql "with s as (insert into b3lb.record_set (tenant_id, secret_id, meeting_id, name, record_id, status, rendered_at, start_time, end_time,
			participants, raw_size, meeting_sha1, meta)
		select t.id, s.id, '$2', 'Übung \"$2\"', '$1', 'RENDERED', now(), ${1##*-}, ${1##*-} + 3600000, 5, 1000, encode(sha256('$2'), 'hex'), '${5:-{\}}'
		from b3lb.tenant t join b3lb.secret s on s.tenant_id = t.id where t.slug = '${4:-acme}' and s.sub_id = ${3:-0} returning id)
		insert into b3lb.record (record_set_id, nonce, profile, type, size, mime, extension, storage_key, duration_ms)
		select id, '$key', 'video', 'video', 100000, 'video/mp4', 'mp4', '$key', 3600000 from s"
	mkdir -p "$H/recordings/${key:0:2}"
	seq 1 20000 | head -c 100000 >"$H/recordings/${key:0:2}/$key"
	chmod -R a+rwX "$H/recordings"
}
file() { echo "$H/recordings/${1:0:2}/${1:0:32}"; }
ids() { xmllint --xpath '//recording/recordID/text()' - <<<"$output" 2>/dev/null | tr '\n' ' ' | sed 's/ $//'; }
get() { ask "$H_DOMAIN" "/b3lb/r/$1" "${@:2}"; }

# As a name of metadata: none is too long.
LONG=$(printf 'l%.0s' {1..300})

@test "an empty list has its element and noRecordings" {
	bbb getRecordings ""
	answers 200 SUCCESS noRecordings
	is "$(x 'count(/response/recordings)')" 1
}

@test "a recording has the elements that clients read" {
	recording $R1 "my room" 0 acme '{"bbb-origin": "greenlight", "gl-listed": "true"}'
	bbb getRecordings ""
	answers 200 SUCCESS ""
	is "$(x //recordID)" $R1
	is "$(x //recording/meetingID)" "my room"
	is "$(x //recording/name)" 'Übung "my room"'
	is "$(x //published) $(x //state) $(x //startTime) $(x //endTime) $(x //participants)" "true published 1700000000001 1700003600001 5"
	is "$(x //metadata/bbb-origin) $(x //metadata/meetingId)" "greenlight my room"
	is "$(x //playback/format/type) $(x //playback/format/length)" "video 60"
	is "$(x //playback/format/url)" "http://$H_DOMAIN:$H_PORT/b3lb/r/${R1:0:32}"
}

@test "filters: recordID by prefix, meetingID, state, metadata with wildcards" {
	recording $R1 one 0 acme '{"course": "physics 1"}'
	recording $R2 two 0 acme '{"course": "physics 2"}'
	recording $R3 three 0 acme '{"course": "law"}'
	bbb getRecordings "recordID=1111,3333"
	is "$(ids)" "$R3 $R1"
	bbb getRecordings "recordID=$R2&meetingID=one"
	is "$(ids)" "$R2"
	for id in %25 _ %27 "%5C" "%27)%20or%20true--" "1111%25"; do
		bbb getRecordings "recordID=$id"
		is "$status $(ids)" "200 "
	done
	bbb getRecordings "meetingID=one,three"
	is "$(ids)" "$R3 $R1"
	bbb getRecordings "meetingID=$R2"
	is "$(ids)" "$R2"
	bbb getRecordings "recordID=$(printf two | sha256sum | cut -c1-40)"
	is "$(ids)" "$R2"
	bbb getRecordings "meta_course=law"
	is "$(ids)" "$R3"
	bbb getRecordings "meta_course=physics%25"
	is "$(ids)" "$R2 $R1"
	bbb getRecordings "meta_Course=%25s+1"
	is "$(ids)" "$R1"
	bbb getRecordings "meta_course=physics%25&meta_x=1"
	is "$(ids)" ""
	# What a recording does not have is not "anything" either.
	bbb getRecordings "meta_nokey=%25"
	is "$(ids)" ""
	bbb getRecordings "meta_$LONG=x"
	is "$(ids)" ""
	bbb getRecordings "meta_course=%25&meta_nokey=%25"
	is "$(ids)" ""
	bbb getRecordings "meta_course=%25"
	is "$(ids)" "$R3 $R2 $R1"
	bbb publishRecordings "recordID=$R1&publish=false"
	bbb getRecordings "state=published"
	is "$(ids)" "$R3 $R2"
	bbb getRecordings "state=unpublished"
	is "$(ids)" "$R1"
	bbb getRecordings "state=any"
	is "$(ids)" "$R3 $R2 $R1"
	bbb deleteRecordings "recordID=$R2"
	bbb getRecordings ""
	is "$(ids)" "$R3 $R1"
	bbb getRecordings "state=deleted"
	is "$(ids) $(x //published)" "$R2 false"
}

@test "paging: limit, offset and totalElements" {
	recording $R1 one
	recording $R2 two
	recording $R3 three
	bbb getRecordings "limit=2"
	is "$(ids) $(x /response/totalElements)" "$R3 $R2 3"
	bbb getRecordings "limit=2&offset=2"
	is "$(ids) $(x /response/totalElements)" "$R1 3"
	bbb getRecordings "limit=x&offset=2"
	is "$(x 'count(//recording)') $(x 'count(/response/totalElements)')" "3 0"
	bbb getRecordings "limit=2&offset=7"
	is "$(ids) $(x /response/messageKey) $(x /response/totalElements)" " noRecordings 3"
	bbb getRecordings "limit=0"
	is "$(x 'count(//recording)')" 1
	bbb getRecordings "limit=-5"
	is "$(x 'count(//recording)') $(x /response/totalElements)" "1 3"
	bbb getRecordings "limit=4294967295"
	is "$(x 'count(//recording)') $(x /response/totalElements)" "3 3"
	bbb getRecordings "limit=2&offset=-1"
	is "$(ids) $(x /response/totalElements)" "$R3 $R2 3"
	bbb getRecordings "offset=2"
	is "$(x 'count(//recording)')" 3
}

@test "sub id 0 sees the tenant, another its own, nobody another tenant's" {
	recording $R1 one
	recording $R2 two 5
	recording $R3 three 0 beta
	bbb getRecordings ""
	is "$(ids)" "$R2 $R1"
	acme5 getRecordings ""
	is "$(ids)" "$R2"
	beta getRecordings "recordID=$R1,$R2"
	is "$(ids)" ""
	acme5 publishRecordings "recordID=$R1&publish=false"
	answers 200 FAILED notFound
}

@test "publish, delete and update do what they name to those that are there" {
	recording $R1 one
	recording $R2 two
	recording $R3 three 0 beta
	for gone in "$R3" nonsense "$R3,nonsense"; do
		bbb publishRecordings "recordID=$gone&publish=false"
		answers 200 FAILED notFound
		bbb deleteRecordings "recordID=$gone"
		answers 200 FAILED notFound
		bbb updateRecordings "recordID=$gone&meta_name=New"
		answers 200 FAILED notFound
	done
	is "$(sql "select string_agg(published || status || name, ',' order by id) from b3lb.record_set")" \
		'trueRENDEREDÜbung "one",trueRENDEREDÜbung "two",trueRENDEREDÜbung "three"'
	bbb publishRecordings "recordID=$R3,$R1,nonsense&publish=false"
	answers 200 SUCCESS
	is "$(x /response/published)" false
	is "$(sql "select string_agg(record_id, ' ' order by id) from b3lb.record_set where published")" "$R2 $R3"
	bbb updateRecordings "recordID=nonsense,$R1,$R3&meta_name=New"
	answers 200 SUCCESS
	is "$(sql "select string_agg(record_id, ' ') from b3lb.record_set where name = 'New'")" "$R1"
	bbb deleteRecordings "recordID=$R1,$R3,nonsense"
	answers 200 SUCCESS
	is "$(x /response/deleted)" true
	is "$(sql "select string_agg(record_id, ' ') from b3lb.record_set where status = 'DELETING'")" "$R1"
	bbb deleteRecordings "recordID=$R1"
	answers 200 FAILED notFound
	acme5 deleteRecordings "recordID=$R2"
	answers 200 FAILED notFound
	acme5 publishRecordings "recordID=$R2&publish=false"
	answers 200 FAILED notFound
}

@test "publish is read as a BBB server reads it" {
	recording $R1 one
	for on in true TRUE y Y 1 %20true; do
		sql "update b3lb.record_set set published = false"
		bbb publishRecordings "recordID=$R1&publish=$on"
		answers 200 SUCCESS
		is "$(x /response/published) $(sql "select published from b3lb.record_set")" "true t"
	done
	for off in false 0 no maybe 11 truey; do
		bbb publishRecordings "recordID=$R1&publish=$off"
		answers 200 SUCCESS
		is "$(x /response/published) $(sql "select published from b3lb.record_set")" "false f"
		bbb publishRecordings "recordID=$R1&publish=true"
	done
}

@test "nobody is told that a recording is protected" {
	recording $R1 one
	bbb getRecordings ""
	is "$(x 'count(//protected)')" 0
	bbb updateRecordings "recordID=$R1&protect=true"
	answers 400 FAILED invalidParameters
	[[ "$(x /response/message)" == *protect* ]]
	bbb updateRecordings "recordID=$R1&protect=true&meta_name=New"
	answers 400 FAILED invalidParameters
	is "$(sql "select name from b3lb.record_set")" 'Übung "one"'
	bbb updateRecordings "recordID=$R1&protect=false"
	answers 200 SUCCESS
}

@test "a recording of which nothing can be shown is in state processing, not published, of type unknown" {
	recording $R1 one
	sql "delete from b3lb.record; update b3lb.record_set set rendered_at = null, status = 'UPLOADED'"
	for status in UPLOADED RENDERING FAILED; do
		sql "update b3lb.record_set set status = '$status'"
		bbb getRecordings "state=any"
		is "$(x //recording/state) $(x //recording/published)" "processing false"
		is "$(x 'count(//playback/format)') $(x //format/type) $(x //format/url) $(x //format/length)" "1 unknown unknown 0"
		bbb getRecordings ""
		is "$(ids)" ""
	done
}

@test "updateRecordings sets and removes metadata, and meta_name is the name" {
	recording $R1 one 0 acme '{"a": "1", "b": "2"}'
	bbb updateRecordings "recordID=$R1&meta_$LONG=long"
	bbb getRecordings "meta_$LONG=l%25"
	is "$(x "//metadata/$LONG")" long
	bbb updateRecordings "recordID=$R1&meta_$LONG=&meta_a=&meta_C=3&meta_name=New+name"
	is "$(x /response/updated)" true
	bbb getRecordings ""
	is "$(x //recording/name) $(x //metadata/c) $(x 'count(//metadata/a)') $(x //metadata/b)" "New name 3 0 2"
}

@test "missing parameters are named" {
	for call in publishRecordings deleteRecordings updateRecordings; do
		bbb $call "publish=true"
		answers 400 FAILED invalidParameters
		[[ "$(x /response/message)" == *recordID* ]]
	done
	bbb publishRecordings "recordID=$R1"
	answers 400 FAILED invalidParameters
	[[ "$(x /response/message)" == *publish* ]]
}

@test "a file comes whole, by ranges, and not again when it is known" {
	recording $R1 "my room"
	n=${R1:0:32}
	curl -sS -D "$BATS_TEST_TMPDIR/h" -o "$BATS_TEST_TMPDIR/f" -H "Host: $H_DOMAIN" "http://127.0.0.1:$H_PORT/b3lb/r/$n"
	cmp "$BATS_TEST_TMPDIR/f" "$(file $R1)"
	headers=$(tr -d '\r' <"$BATS_TEST_TMPDIR/h")
	is "$(header content-type) $(header content-length) $(header accept-ranges)" "video/mp4 100000 bytes"
	[[ "$(header content-disposition)" == "inline; filename="*"; filename*=UTF-8''%C3%9Cbung%20_my%20room_.mp4" ]]
	etag=$(header etag)
	get $n -H "Range: bytes=1000-1009"
	is "$status $(header content-range) $output" "206 bytes 1000-1009/100000 $(tail -c +1001 "$(file $R1)" | head -c 10)"
	get $n -H "Range: bytes=-5"
	is "$status $(header content-range)" "206 bytes 99995-99999/100000"
	get $n -H "Range: bytes=100000-"
	is "$status $(header content-range)" "416 bytes */100000"
	get $n -H "Range: bytes=0-4" -H "If-Range: $etag"
	is "$status" 206
	get $n -H "Range: bytes=0-4" -H 'If-Range: "other"' -o /dev/null
	is "$status" 200
	get $n -H "If-None-Match: $etag"
	is "$status" 304
	get "$n?download=1" -I
	is "$status $(header content-length)" "200 100000"
	[[ "$(header content-disposition)" == attachment* ]]
}

@test "what is unpublished, deleted, unknown or gone is 404" {
	recording $R1 one
	recording $R2 two
	recording $R3 three
	get ${R1:0:32} -o /dev/null
	is "$status" 200
	bbb publishRecordings "recordID=$R1&publish=false"
	bbb deleteRecordings "recordID=$R2"
	rm "$(file $R3)"
	for n in ${R1:0:32} ${R2:0:32} ${R3:0:32} 00000000000000000000000000000000 x ..%2f..%2fetc%2fpasswd; do
		get $n
		[ "$status" = 404 ] || [ "$status" = 403 ]
	done
	get ${R1:0:32} -X POST -d x
	is "$status" 405
}

@test "text tracks are put, listed and served" {
	recording $R1 one
	printf 'WEBVTT\n\n00:00.000 --> 00:01.000\nHallo\n' >"$BATS_TEST_TMPDIR/t.vtt"
	put() { ask "acme.$H_DOMAIN" "$(signed putRecordingTextTrack "$1")" -F "file=@${2:-$BATS_TEST_TMPDIR/t.vtt};type=text/vtt"; }
	key() { jq -r .response.messageKey <<<"$output"; }
	put "recordID=$R1&kind=subtitles&lang=de-DE&label=Deutsch"
	is "$(key)" upload_text_track_success
	put "recordID=$R1&kind=subtitles&lang=de-DE&label=Neu"
	is "$(key)" upload_text_track_success
	bbb getRecordingTextTracks "recordID=$R1"
	is "$(jq -c '.response | [.returncode, (.tracks | length), .tracks[0].kind, .tracks[0].lang, .tracks[0].label, .tracks[0].source]' <<<"$output")" '["SUCCESS",1,"subtitles","de-DE","Neu","upload"]'
	href=$(jq -r '.response.tracks[0].href' <<<"$output")
	is "$(curl -sS -H "Host: $H_DOMAIN" "http://127.0.0.1:$H_PORT/b3lb/r/${href##*/}")" "$(cat "$BATS_TEST_TMPDIR/t.vtt")"
	put "recordID=$R1&kind=x&lang=de"
	is "$(key)" invalidKind
	put "recordID=$R1&kind=captions&lang=-"
	is "$(key)" invalidLang
	put "recordID=none&kind=captions&lang=de"
	is "$(key)" noRecordings
	put "kind=captions&lang=de"
	is "$(key)" paramError
	echo hello >"$BATS_TEST_TMPDIR/x"
	put "recordID=$R1&kind=captions&lang=de" "$BATS_TEST_TMPDIR/x"
	is "$(key)" upload_text_track_failed
	: >"$BATS_TEST_TMPDIR/e"
	put "recordID=$R1&kind=captions&lang=de" "$BATS_TEST_TMPDIR/e"
	is "$(key)" empty_uploaded_text_track
	beta getRecordingTextTracks "recordID=$R1"
	is "$(key)" noRecordings
	is "$(find "$H/recordings" -type f | wc -l)" 2
}

@test "SubRip and SubStation Alpha become WebVTT; what cannot leaves the old track" {
	recording $R1 one
	put() { ask "acme.$H_DOMAIN" "$(signed putRecordingTextTrack "recordID=$R1&kind=subtitles&lang=en_US")" -F "file=@$BATS_TEST_TMPDIR/t"; }
	said() { jq -r '.response | .messageKey + " " + .message' <<<"$output"; }
	served() {
		bbb getRecordingTextTracks "recordID=$R1"
		is "$(jq -r '.response.tracks | map(.lang) | join(" ")' <<<"$output")" en-US
		ask "$H_DOMAIN" "/b3lb/r/$(jq -r '.response.tracks[0].href' <<<"$output" | sed 's:.*/::')"
	}
	printf '1\r\n00:00:01,000 --> 00:00:02,500\r\n<b>Gr\374\337e</b>\r\n' >"$BATS_TEST_TMPDIR/t"
	put
	is "$(said)" "upload_text_track_success Text track uploaded successfully"
	served
	is "$output" "$(printf 'WEBVTT\n\n00:00:01.000 --> 00:00:02.500\n<b>Grüße</b>\n')"
	printf '[Script Info]\n\n[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\nDialogue: 0,0:00:01.00,0:00:02.50,D,,0,0,0,,a, b\\Nc\n' >"$BATS_TEST_TMPDIR/t"
	put
	is "$(said)" "upload_text_track_success Text track uploaded successfully"
	served
	is "$output" "$(printf 'WEBVTT\n\n00:00:01.000 --> 00:00:02.500\na, b\nc\n')"
	printf '1\n00:00:02,000 --> 00:00:01,000\nbackwards\n' >"$BATS_TEST_TMPDIR/t"
	put
	is "$(said)" "upload_text_track_failed Text track upload failed: there is no text with a begin and an end in it"
	echo hello >"$BATS_TEST_TMPDIR/t"
	put
	is "$(said)" "upload_text_track_failed Text track upload failed: the file must be WebVTT, SubRip (SRT) or SubStation Alpha (SSA, ASS)"
	served
	is "$output" "$(printf 'WEBVTT\n\n00:00:01.000 --> 00:00:02.500\na, b\nc\n')"
}

@test "X-Sendfile: the web server sends the file, with ranges of its own" {
	recording $R1 one
	front=${B3LB_FRONT:-lighttpd-socket}
	case $front in lighttpd-socket | apache-proxy) ;; *) front= ;; esac
	if [ -n "$front" ]; then
		h_kill recordings
		rm -f "$H/run/recordings.sock"
		B3LB_SENDFILE=x-sendfile h_spawn recordings "$B3LB_PREFIX/libexec/b3lb/b3lb-recordings" --config "$H/b3lb.conf" --listen "$H/run/recordings.sock"
		h_wait test -S "$H/run/recordings.sock"
		chmod 666 "$H/run/recordings.sock"
	fi
	n=${R1:0:32}
	get $n -H "Range: bytes=1000-1009"
	is "$status $output" "206 $(tail -c +1001 "$(file $R1)" | head -c 10)"
	[[ "$headers" != *[Xx]-[Ss]endfile* ]]
	curl -sS -o "$BATS_TEST_TMPDIR/f" -H "Host: $H_DOMAIN" "http://127.0.0.1:$H_PORT/b3lb/r/$n"
	cmp "$BATS_TEST_TMPDIR/f" "$(file $R1)"
}

# b3lb-api keeps answers in memory. Each of these is asked for before, so that there is one.
@test "a list is right at the very next call, whoever changed what" {
	both() { bbb getRecordings "" && bbb getRecordings ""; }
	recording $R1 one
	recording $R2 two
	both
	is "$(ids)" "$R2 $R1"
	bbb updateRecordings "recordID=$R1&meta_course=law"
	both
	is "$(x "//recording[recordID='$R1']/metadata/course")" law
	sql "update b3lb.record_set set name = 'By hand' where record_id = '$R1'"
	both
	is "$(x "//recording[recordID='$R1']/name")" "By hand"
	bbb publishRecordings "recordID=$R1&publish=false"
	both
	is "$(x "//recording[recordID='$R1']/state") $(x "//recording[recordID='$R2']/state")" "unpublished published"
	admin recording publish $R1 >/dev/null
	both
	is "$(x "//recording[recordID='$R1']/state")" published
	recording $R3 three
	both
	is "$(ids)" "$R3 $R2 $R1"
	sql "insert into b3lb.record (record_set_id, profile, type, size, mime, extension, storage_key)
		select id, 'audio', 'podcast', 5, 'audio/ogg', 'ogg', 'podcast' from b3lb.record_set where record_id = '$R2'"
	both
	is "$(x "count(//recording[recordID='$R2']//format)")" 2
	sql "update b3lb.record set listed = false where profile = 'audio'"
	both
	is "$(x "count(//recording[recordID='$R2']//format)")" 1
	sql "delete from b3lb.record where profile = 'audio'; update b3lb.record set duration_ms = 600000 where nonce = '${R2:0:32}'"
	both
	is "$(x "//recording[recordID='$R2']//length")" 10
	admin tenant set ACME --protected on
	both
	is "$(x 'count(//protected)')" 3
	admin tenant set ACME --protected off
	both
	is "$(x 'count(//protected)')" 0
	bbb deleteRecordings "recordID=$R1"
	both
	is "$(ids)" "$R3 $R2"
	sql "delete from b3lb.record; delete from b3lb.record_set where record_id = '$R2'"
	both
	is "$(ids)" "$R3"
	# All at once, in one transaction that does more than once; and nothing that is given up.
	sql "begin; update b3lb.record_set set name = 'a'; update b3lb.record_set set name = 'b'; commit"
	both
	is "$(x //recording/name)" b
	sql "begin; update b3lb.record_set set name = 'c'; rollback"
	both
	is "$(x //recording/name)" b
	sql "truncate b3lb.record_set cascade"
	both
	is "$(ids)" ""
}

@test "lists of other parameters, secrets and tenants are other lists" {
	recording $R1 one
	recording $R2 two 5
	recording $R3 three 0 beta
	for i in 1 2; do
		bbb getRecordings ""
		is "$(ids)" "$R2 $R1"
		acme5 getRecordings ""
		is "$(ids)" "$R2"
		beta getRecordings ""
		is "$(ids)" "$R3"
		bbb getRecordings "limit=1"
		is "$(ids) $(x //totalElements)" "$R2 2"
		bbb getRecordings "limit=1&offset=1"
		is "$(ids)" "$R1"
		bbb getRecordings "meetingID=one"
		is "$(ids)" "$R1"
		bbb getRecordings "recordID=one"
		is "$(ids)" ""
		bbb getRecordings "state=one"
		is "$(ids)" ""
		bbb getRecordings "meta_a=1"
		is "$(ids)" ""
		bbb getRecordings "meta_a=%25"
		is "$(ids)" ""
	done
	# What is changed of one tenant's is so for all of its lists.
	bbb updateRecordings "recordID=$R1,$R2&meta_a=1"
	bbb getRecordings "meta_a=1"
	is "$(ids)" "$R2 $R1"
	acme5 getRecordings "meta_a=%25"
	is "$(ids)" "$R2"
}

@test "a list that was read before a change is not kept for after it" {
	recording $R1 one
	bbb getRecordings ""
	# The first has begun, and waits for a table; what becomes of it is nobody's matter here.
	h_spawn locker psql -X -q "host=127.0.0.1 port=$H_PG_PORT user=postgres dbname=b3lb" -c "begin; lock table b3lb.record" -c "select pg_sleep(60)"
	waiting() { [ "$(sql "select count(*) from pg_locks where relation = 'b3lb.record'::regclass and ($1)")" = 1 ]; }
	h_wait waiting "mode = 'AccessExclusiveLock'"
	curl -sS -o /dev/null -H "Host: acme.$H_DOMAIN" "http://127.0.0.1:$H_PORT$(signed getRecordings "limit=5")" 3>&- &
	h_wait waiting "not granted"
	sql "update b3lb.record_set set name = 'new'"
	sql "select pg_terminate_backend(pid) from pg_locks where relation = 'b3lb.record'::regclass and mode = 'AccessExclusiveLock'"
	wait $!
	for i in 1 2; do
		bbb getRecordings "limit=5"
		is "$(x //recording/name)" new
	done
}

@test "tickets of protected recordings are new in each list" {
	admin tenant set ACME --protected on
	recording $R1 one
	recording $R2 two
	bbb updateRecordings "recordID=$R1&protect=true"
	for i in 1 2 3; do
		bbb getRecordings ""
		x "//recording[recordID='$R1']//url"
		is "$(x "//recording[recordID='$R2']//url")" "http://$H_DOMAIN:$H_PORT/b3lb/r/${R2:0:32}"
	done >"$H/urls"
	is "$(sort -u "$H/urls" | grep -c "^http://$H_DOMAIN:$H_PORT/b3lb/v/${R1:0:32}/[0-9]*-[0-9a-z]*-[0-9a-f]*$")" 3
	while read -r url; do
		ask "$H_DOMAIN" "/${url#*://*/}"
		is "$status" 302
	done <"$H/urls"
}
