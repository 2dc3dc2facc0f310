# b3lb-cleanup.
load ../harness/harness.bash
load ../harness/recording.bash

setup_file() {
	rec_start 1
}
teardown_file() { h_stop; }
setup() {
	h_reset
	sql "update b3lb.tenant set hold_days = 0; update b3lb.secret set hold_days = 0"
	rm -rf "$H"/recordings/* "$H"/render/*
	T=$BATS_TEST_TMPDIR
	A=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
}
# N rendered recordings of ACME.
have() {
	local n
	for n in $(seq "$1"); do rec_tar "$T/$n.tar" "$A-$n" "" "room-$n"; done
	admin recording import ACME "$T"/*.tar >/dev/null
	job render 2>/dev/null
}
sets() { sql "select coalesce(string_agg(right(record_id, 1) || ' ' || status, ', ' order by record_id), 'none') from b3lb.record_set"; }
age() { sql "update b3lb.record_set set created_at = now() - interval '$2' where record_id = '$A-$1'"; }
old() { find "$H/recordings" "$H/render" -mindepth 1 -exec touch -h -d '2 days ago' {} +; }

@test "a deleted recording leaves neither row nor file" {
	have 2
	sql "insert into b3lb.text_track (record_set_id, kind, lang, size, storage_key)
		select id, 'subtitles', 'de', 1, '${A:0:32}' from b3lb.record_set where record_id = '$A-1'"
	admin recording delete "$A-1" --yes
	run -0 job cleanup
	[[ "$output" == *"1 recordings and 0 files deleted"* ]]
	is "$(sets)" "2 RENDERED"
	is "$(sql "select (select count(*) from b3lb.record) || ' ' || (select count(*) from b3lb.text_track)")" "1 0"
	is "$(stored)" 2
}

@test "a tenant is removed with its recordings: they are nobody's at once, and the cleanup deletes them" {
	have 1
	admin tenant add GONE --group all
	admin secret add GONE >/dev/null
	rec_tar "$T/g.tar" "$A-7" "" room
	admin recording import GONE "$T/g.tar" >/dev/null
	job render 2>/dev/null
	nonce=$(sql "select nonce from b3lb.record_set where record_id = '$A-7'")
	run -1 admin tenant remove GONE
	[[ "$output" == *"tenant GONE is still in use"* ]]
	before=$(sql "select status, tenant_id, secret_id from b3lb.record_set")
	run -0 admin tenant remove GONE --recordings --dry-run
	[[ "$output" == *"tenant GONE: 1 recordings deleted"*"tenant GONE: removed"* ]]
	is "$(sql "select status, tenant_id, secret_id from b3lb.record_set")" "$before"
	# With a meeting it stays, and so do they.
	bbb create "meetingID=abc&name=Test" "$(sql "select s.secret from b3lb.secret s join b3lb.tenant t on t.id = s.tenant_id where t.slug = 'gone'")" "gone.$H_DOMAIN"
	answers 200 SUCCESS
	run -1 admin tenant remove GONE --recordings
	is "$(sets)" "1 RENDERED, 7 RENDERED"
	sql "delete from b3lb.meeting"
	run -0 admin tenant remove GONE --recordings
	is "$(sql "select string_agg(changes, ' ' order by id) from b3lb.audit where name = 'GONE' and changes like '%recordings%'" | grep -c "1 recordings deleted")" 1
	is "$(sets)" "1 RENDERED, 7 DELETING"
	[ "$(stored)" -gt 2 ]
	run -1 admin recording show "$A-7"
	# What its node sends late is not taken, under another name neither.
	for id in "$A-7" "$A-8"; do
		is "$(sql "select result from b3lb.take_archive('$nonce', '$id', '${A:0:32}', 1, null, '', '{}', true, 0, 0, 0, 0)")" deleting
	done
	# Another of that name begins with nothing.
	admin tenant add GONE --group all
	is "$(sql "select count(*) from b3lb.record_set r join b3lb.tenant t on t.id = r.tenant_id where t.slug = 'gone'")" 0
	run -0 job cleanup --dry-run
	[[ "$output" == *"$A-7 of a removed tenant"* ]]
	run -0 job cleanup
	is "$(sets) $(stored)" "1 RENDERED 2"
	admin tenant remove GONE
}

@test "the smaller hold time of tenant and secret counts, 0 is for ever" {
	have 1
	age 1 "31 days"
	check() {
		sql "update b3lb.tenant set hold_days = $1 where slug = 'acme'; update b3lb.secret set hold_days = $2 where sub_id = 0"
		run -0 job cleanup --dry-run
		[[ "$output" == *"$3 recordings and 0 files would be deleted"* ]] || { echo "$1 $2: $output"; return 1; }
	}
	check 0 0 0
	check 32 0 0
	check 30 0 1
	check 0 30 1
	check 0 32 0
	check 32 30 1
	check 30 32 1
	check 32 33 0
	# The most that can be set, above what a timestamp reaches back.
	check 999999999 0 0
	check 0 999999999 0
	check 999999999 30 1
	is "$(sets)" "1 RENDERED"
	sql "update b3lb.tenant set hold_days = 30 where slug = 'acme'"
	job cleanup
	is "$(sets) $(stored)" "none 0"
}

@test "a set whose meeting still runs is left alone" {
	rec_meeting abc
	sql "update b3lb.tenant set hold_days = 1; update b3lb.record_set set created_at = now() - interval '3 days', marks = false, ended_at = now() - interval '1 day'"
	run -0 job cleanup
	is "$(sql 'select count(*) from b3lb.record_set')" 1
}

@test "the set of a meeting that ended without recording marks goes, one with marks waits" {
	rec_meeting abc
	rec_meeting def
	bbb end "meetingID=abc"
	bbb end "meetingID=def"
	h_wait bash -c "[ \$(psql -X -A -t -q -h 127.0.0.1 -p $H_PG_PORT -U postgres -d b3lb -c \"select count(*) from b3lb.record_set where ended_at is not null\") = 2 ]"
	sql "update b3lb.record_set set marks = (meeting_id = 'def'), ended_at = now() - interval '1 hour'"
	run -0 job cleanup
	is "$(sql "select string_agg(meeting_id, ' ') from b3lb.record_set")" def
	sql "update b3lb.record_set set marks = false, ended_at = now()"
	run -0 job cleanup
	is "$(sql "select count(*) from b3lb.record_set")" 1
}

@test "files that nothing refers to go when they are old, with what was never finished and what a renderer left" {
	have 1
	mkdir -p "$H/recordings/ab" "$H/recordings/tmp" "$H/render/render-abcdef" "$H/render/mine"
	head -c 1000 /dev/zero >"$H/recordings/ab/ab000000000000000000000000000000"
	head -c 100 /dev/zero >"$H/recordings/tmp/cd000000000000000000000000000000"
	head -c 10 /dev/zero >"$H/render/render-abcdef/in-0"
	echo "not ours" >"$H/recordings/ab/README"
	run -0 job cleanup
	[[ "$output" == *"0 recordings and 0 files deleted, 0 bytes freed"* ]]
	old
	run -0 job cleanup --dry-run
	[[ "$output" == *"would put aside file ab000000000000000000000000000000 (nothing refers to it), 1000 bytes"* ]]
	[[ "$output" == *"would delete file cd000000000000000000000000000000 (never finished), 100 bytes"* ]]
	[[ "$output" == *"would delete directory render-abcdef (left by a renderer), 10 bytes"* ]]
	[[ "$output" == *"0 recordings and 2 files would be deleted, 110 bytes would be freed, 1 put aside"* ]]
	[ -e "$H/recordings/ab/ab000000000000000000000000000000" ]
	run -0 job cleanup
	[[ "$output" == *"0 recordings and 2 files deleted, 110 bytes freed, 1 put aside"* ]]
	is "$(find "$H/recordings/lost" -type f)" "$H/recordings/lost/ab000000000000000000000000000000"
	age_files "29 days"
	run -0 job cleanup
	is "$(lost)" 1
	age_files "25 hours"
	run -0 job cleanup
	[[ "$output" == *"0 recordings and 1 files deleted, 1000 bytes freed"* ]]
	is "$(lost)" 0
	is "$(find "$H/render" -mindepth 1)" "$H/render/mine"
	is "$(cat "$H/recordings/ab/README")" "not ours"
	is "$(sets) $(stored) $(unfinished)" "1 RENDERED 3 0"
}

@test "a dry run is no run: status does not show it, and nobody has to wait for it" {
	sql "delete from b3lb.job where name = 'cleanup'"
	run -0 job cleanup --dry-run
	is "$(admin status --json | jq '[.jobs[] | select(.job == "cleanup")] | length')" 0
	run -0 job cleanup
	before=$(sql "select started_at, good_at, message from b3lb.job where name = 'cleanup'")
	sql "update b3lb.job set lease = 'other:1', lease_until = now() + interval '1 hour' where name = 'cleanup'"
	run -0 job cleanup --dry-run
	[[ "$output" == *"would be deleted"* ]]
	is "$(sql "select started_at, good_at, message from b3lb.job where name = 'cleanup'")" "$before"
	sql "update b3lb.job set lease = null, lease_until = null"
}

@test "a dry run says what would go and how much space that frees, and changes nothing" {
	have 2
	admin recording delete "$A-1" --yes
	sql "update b3lb.tenant set hold_days = 1"
	age 2 "2 days"
	bytes=$(sql "select sum(archive_size) + (select sum(size) from b3lb.record) from b3lb.record_set")
	run -0 job cleanup --dry-run
	[[ "$output" == *"would delete recording $A-1 of ACME-0 (deleted)"* ]]
	[[ "$output" == *"would delete recording $A-2 of ACME-0 (hold time)"* ]]
	[[ "$output" == *"2 recordings and 0 files would be deleted, $bytes bytes would be freed"* ]]
	is "$(sets) $(stored)" "1 DELETING, 2 RENDERED 4"
	run -0 job cleanup
	[[ "$output" == *"2 recordings and 0 files deleted, $bytes bytes freed"* ]]
	is "$(sets) $(stored)" "none 0"
}

@test "more recordings than are taken at once" {
	have 1
	sql "insert into b3lb.record_set (tenant_id, secret_id, meeting_id, name, record_id, status)
		select tenant_id, secret_id, 'x', 'x', 'many-' || n, 'DELETING' from b3lb.record_set, generate_series(1, 250) n"
	run -0 job cleanup
	[[ "$output" == *"250 recordings"* ]]
	is "$(sets)" "1 RENDERED"
}

@test "while the store is away nothing is forgotten" {
	have 1
	admin recording delete "$A-1" --yes
	mv "$H/recordings" "$H/gone"
	run job cleanup
	is "$status" 1
	[[ "$output" == *record_path* ]]
	mv "$H/gone" "$H/recordings"
	is "$(sets)" "1 DELETING"
	run -0 job cleanup
	is "$(sets) $(stored)" "none 0"
}

@test "a file that cannot be deleted holds up no other" {
	have 2
	admin recording delete "$A-1" "$A-2" --yes
	key=$(sql "select archive_key from b3lb.record_set where record_id = '$A-1'")
	bad=$H/recordings/${key:0:2}/$key
	rm "$bad"
	mkdir -p "$bad/x" "$H/recordings/ab"
	touch -d "3 days ago" "$H/recordings/ab/ab000000000000000000000000000000"
	run job cleanup
	is "$status" 1
	[[ "$output" == *"could not delete a file"* ]]
	is "$(sets)" "1 DELETING"
	is "$(stored)" 1
	rm -r "$bad"
	run -0 job cleanup
	is "$(sets) $(stored)" "none 0"
}

@test "what a renderer works on for a long time is left alone" {
	mkdir -p "$H/render/render-abcdef"
	echo video >"$H/render/render-abcdef/in-0"
	# Files that grow leave their directory as it was.
	touch -d '2 days ago' "$H/render/render-abcdef"
	run -0 job cleanup
	[ -e "$H/render/render-abcdef/in-0" ]
	old
	run -0 job cleanup
	[ ! -e "$H/render/render-abcdef" ]
}

@test "after a restore nothing is deleted in haste, and an import takes back what lies in lost" {
	have 3
	old
	# The dump was made when there was the first alone.
	sql "delete from b3lb.record where record_set_id in (select id from b3lb.record_set where record_id <> '$A-1');
		delete from b3lb.record_set where record_id <> '$A-1'"
	run job cleanup
	is "$status" 1
	[[ "$output" == *"the database does not know 4 of 6 stored files, more than a tenth: none was put aside or deleted"* ]]
	is "$(stored)/$(lost)" 6/0
	run job cleanup --dry-run
	is "$status" 1
	run -0 job cleanup --force
	[[ "$output" == *"0 bytes freed, 4 put aside"* ]]
	is "$(stored)/$(lost)" 2/4
	run admin recording import ACME --lost nosuch
	is "$status" 1
	[[ "$output" == *"1 of 1 recordings are not among what was put aside"* ]]
	run -0 admin recording import ACME --lost "$A-3"
	is "$output" "$A-3
1 imported, 0 there already, 0 refused"
	run -0 admin recording import ACME --lost
	[[ "$output" == *"$A-2"*"1 imported, 0 there already, 0 refused" ]]
	run -0 job render
	is "$(sets)" "1 RENDERED, 2 RENDERED, 3 RENDERED"
	is "$(stored)/$(lost)" 6/2
	age_files "31 days"
	run -0 job cleanup
	is "$(stored)/$(lost)" 6/0
}

@test "a database that knows no archive has nothing deleted, whatever is forced" {
	have 2
	mkdir -p "$H/recordings/lost"
	echo x >"$H/recordings/lost/ab000000000000000000000000000000"
	age_files "40 days"
	sql "delete from b3lb.record; delete from b3lb.record_set"
	sql "insert into b3lb.dial_failure (caller, minute, failed) values ('+49', now() - interval '1 day', 1)"
	for option in "" --force; do
		run job cleanup $option
		is "$status" 1
		[[ "$output" == *"the database knows no archive at all: none of 5 stored files was put aside or deleted"* ]]
		is "$(stored)/$(lost)" 4/1
	done
	# What is kept of people goes all the same.
	is "$(sql "select count(*) from b3lb.dial_failure")" 0
}

@test "what a recording refers to again comes back from lost by itself" {
	have 1
	mkdir -p "$H/recordings/lost"
	find "$H/recordings" -type f -exec mv {} "$H/recordings/lost/" \;
	age_files "40 days"
	run -0 job cleanup
	[[ "$output" == *"0 files deleted, 0 bytes freed, 0 put aside, 2 taken back"* ]]
	is "$(stored)/$(lost)" 2/0
}

@test "a host whose clock is two days fast takes no young file for old" {
	have 1
	mkdir -p "$H/recordings/ab" "$H/render/render-abcdef"
	echo x >"$H/recordings/ab/ab000000000000000000000000000000"
	run -0 env LD_PRELOAD="$(dpkg -L libfaketime | grep 'libfaketime.so')" FAKETIME=+2d FAKETIME_DONT_FAKE_MONOTONIC=1 \
		ASAN_OPTIONS="${ASAN_OPTIONS:-}:verify_asan_link_order=0" "$B3LB_PREFIX/libexec/b3lb/b3lb-cleanup" --config "$H/b3lb.conf"
	[[ "$output" == *"clock is 1728"*"seconds from the database's"* ]]
	is "$(stored)/$(lost)" 3/0
	[ -d "$H/render/render-abcdef" ]
}

@test "what was waited for in vain goes after thirty days, with a callback or without, but not while its meeting runs" {
	for id in one two three; do rec_meeting $id; done
	bbb end "meetingID=one"
	bbb end "meetingID=two"
	h_wait bash -c "[ \$(psql -X -A -t -q -h 127.0.0.1 -p $H_PG_PORT -U postgres -d b3lb -c \"select count(*) from b3lb.record_set where ended_at is not null\") = 2 ]"
	sql "update b3lb.record_set set marks = case when meeting_id = 'one' then true end, created_at = now() - interval '40 days',
			ended_at = ended_at - interval '29 days'"
	run -0 job cleanup
	is "$(sql "select count(*) from b3lb.record_set")" 3
	sql "update b3lb.record_set set ended_at = ended_at - interval '2 days'"
	run -0 job cleanup
	is "$(sql "select string_agg(meeting_id, ' ') from b3lb.record_set")" three
}
