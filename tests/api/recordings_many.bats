# Ten thousand recordings of a tenant, and how they are read: the plan is that of the very statement that getRecordings runs.
load ../harness/harness.bash
setup_file() {
	h_start 1
	sql "set session_replication_role = replica;
		insert into b3lb.record_set (tenant_id, secret_id, meeting_id, name, record_id, status, rendered_at, start_time, end_time, meeting_sha1, meta)
		select s.tenant_id, s.id, 'room ' || n % 500, 'Lesson ' || n, encode(sha256(convert_to(t.slug || n, 'UTF8')), 'hex') || '-' || n,
			'RENDERED', now(), 1700000000000 + n, 1700003600000 + n, encode(sha256(convert_to('room ' || n % 500, 'UTF8')), 'hex'),
			jsonb_build_object('course', 'c' || n % 100, 'bbb-origin', 'moodle', 'bbb-recording-ready-url', 'https://lms.example.org/ready')
		from generate_series(1, 10000) n, b3lb.tenant t join b3lb.secret s on s.tenant_id = t.id and s.sub_id = 0;
		insert into b3lb.record (record_set_id, profile, type, size, mime, extension, storage_key)
		select id, 'video', 'video', 1000, 'video/mp4', 'mp4', md5(id::text) from b3lb.record_set"
	sql "vacuum analyze b3lb.record_set"
	sql "vacuum analyze b3lb.record"
}
teardown_file() { h_stop; }

# The plan of list_recordings with these arguments, after tenant and secret, for ACME: plan ARGUMENTS
plan() {
	psql -X -A -t -q -h 127.0.0.1 -p "$H_PG_PORT" -U postgres -d b3lb -o /dev/null -c "load 'auto_explain'" -c "set auto_explain.log_nested_statements = on" \
		-c "set auto_explain.log_analyze = on" -c "set auto_explain.log_min_duration = 0" -c "set client_min_messages = log" \
		-c "select * from b3lb.list_recordings((select id from b3lb.tenant where slug = 'acme'), null, $1)" 2>&1 | sed '/Query Text: select \*/,$d'
}
states="'{published,unpublished}'"

@test "a page of 25 in the middle: the right ones, the total, in one statement" {
	bbb getRecordings "limit=25&offset=5000"
	is "$(x 'count(//recording)') $(x /response/totalElements)" "25 10000"
	is "$(x '//recording[1]/name') $(x '//recording[25]/name')" "Lesson 5000 Lesson 4976"
}

@test "page and total come out of the index: no row of another page is looked at" {
	run plan "null, null, $states, '{}', '{}', '{}', 25, 100"
	is "$(grep -c 'Index Only Scan using record_set_of_tenant' <<<"$output")" 2
	! grep -q 'Seq Scan' <<<"$output" || false
	is "$(grep -c 'Heap Fetches: 0' <<<"$output")" 2
	# What is shown of a row is read for those of the page alone.
	[[ "$output" == *"Index Scan using record_set_pkey on record_set r"*"loops=25"* ]]
}

@test "record ids are found by their first characters through an index" {
	run plan "'{abc,0123456}', null, $states, '{}', '{}', '{}', null, 0"
	grep -qE 'record_set_(by_)?record_id' <<<"$output"
	grep -q 'record_set_meeting_sha1' <<<"$output"
	! grep -q 'Seq Scan' <<<"$output" || false
}

@test "meeting ids are found through an index" {
	run plan "null, '{room 1,room 2}', $states, '{}', '{}', '{}', null, 0"
	grep -q 'record_set_meeting_id' <<<"$output"
	! grep -q 'Seq Scan on record_set' <<<"$output" || false
	bbb getRecordings "meetingID=room+1,room+2"
	is "$(x 'count(//recording)')" 40
}

@test "25 record ids, as Moodle asks" {
	ids=$(sql "select string_agg(record_id, ',') from (select record_id from b3lb.record_set r join b3lb.tenant t on t.id = r.tenant_id
		where t.slug = 'acme' order by r.id limit 25) x")
	bbb getRecordings "state=any&recordID=$ids"
	is "$(x 'count(//recording)')" 25
}

@test "a thousand record ids are looked up, more are refused by name" {
	sql "select string_agg(record_id, '%2C') from (select record_id from b3lb.record_set r join b3lb.tenant t on t.id = r.tenant_id
		where t.slug = 'acme' order by r.id limit 1000) x" >"$BATS_TEST_TMPDIR/ids"
	form="recordID=$(cat "$BATS_TEST_TMPDIR/ids")"
	ask "acme.$H_DOMAIN" "/bigbluebutton/api/getRecordings" --data "$form&checksum=$(checksum getRecordings "$form" "$ACME_SECRET")"
	is "$(x 'count(//recording)')" 1000
	form="$form%2Cone-more"
	ask "acme.$H_DOMAIN" "/bigbluebutton/api/getRecordings" --data "$form&checksum=$(checksum getRecordings "$form" "$ACME_SECRET")"
	answers 400 FAILED invalidParameters
	[[ "$(x /response/message)" == *recordID*1000* ]]
}

@test "metadata: exact, by its start, by its end, by what stands in it" {
	for filter in meta_course=c7 meta_course=c7%25\&limit=5 meta_course=%257\&limit=1; do
		bbb getRecordings "$filter"
		case $filter in
		*=c7) is "$(x 'count(//recording)')" 100 ;;
		*c7%25*) is "$(x /response/totalElements)" 1100 ;;
		*) is "$(x /response/totalElements)" 1000 ;;
		esac
	done
}

@test "all ten thousand at once are one whole answer" {
	bbb getRecordings ""
	is "$(x 'count(//recording)')" 10000
}
