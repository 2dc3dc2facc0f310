# b3lb-admin recording import, and what is done to imported recordings.
load ../harness/harness.bash
load ../harness/recording.bash

setup_file() {
	rec_start 1
}
teardown_file() { h_stop; }
setup() {
	h_reset
	sql "delete from b3lb.secret_profile; delete from b3lb.profile where name <> 'video'"
	rm -rf "$H"/recordings/*
	T=$BATS_TEST_TMPDIR
	for n in 1 2 3; do rec_tar "$T/$n.tar" "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-$n" "" "room-$n"; done
	A=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
}
count() { sql "select count(*) from b3lb.record_set ${1:+where $1}"; }

@test "recordings that exist already are imported, with the meetingID and name of their metadata" {
	run -0 admin recording import ACME-5 "$T"/[123].tar
	is "$output" "3 imported, 0 there already, 0 refused"
	is "$(sql "select string_agg(meeting_id || ' ' || name || ' ' || status, ', ' order by meeting_id) from b3lb.record_set")" \
		"room-1 Lesson & More UPLOADED, room-2 Lesson & More UPLOADED, room-3 Lesson & More UPLOADED"
	is "$(sql "select distinct sub_id from b3lb.record_set r join b3lb.secret s on s.id = r.secret_id")" 5
	is "$(sql "select meta ->> 'meetingId' from b3lb.record_set where record_id = '$A-1'")" room-1
	is "$(stored)/$(unfinished)" 3/0
	run -0 job render
	is "$(count "state = 'published'")" 3
	is "$(sql "select count(*) from b3lb.callback")" 0
}

@test "an import that is run again skips what is there" {
	admin recording import ACME "$T/1.tar"
	run -0 admin recording import ACME "$T"/[123].tar
	is "$output" "2 imported, 1 there already, 0 refused"
	# Also where it was broken off between the row and the archive.
	sql "update b3lb.record_set set archive_key = null, uploaded_at = null, status = 'WAITING' where record_id = '$A-2'"
	run -0 admin recording import ACME "$T"/[123].tar
	is "$output" "1 imported, 2 there already, 0 refused"
	is "$(count)" 3
}

@test "what is no recording is refused with its name and reason, the others are in" {
	echo x >"$T/bad.tar"
	tar -C "$T" -cf "$T/nometa.tar" bad.tar
	# Where nothing is stored yet a dry run does not make the directory either.
	sql "alter sequence b3lb.record_id_seq restart"
	B3LB_RECORD_PATH=$H/none run -0 admin recording import ACME "$T/2.tar" --dry-run
	[ ! -e "$H/none" ]
	run admin recording import ACME "$T/bad.tar" "$T/1.tar" "$T/nometa.tar" "$T/missing.tar"
	is "$status" 1
	[[ "$output" == *"bad.tar: it is no whole tar archive"* && "$output" == *"nometa.tar: it holds no metadata.xml"* && "$output" == *"missing.tar: could not open it"* ]]
	[[ "$output" == *"1 imported, 0 there already, 3 refused"* ]]
	is "$(stored)/$(unfinished)" 1/0
	# A dry run refuses the same, and one that ends too early.
	head -c 700 "$T/2.tar" >"$T/cut.tar"
	run admin recording import ACME "$T/bad.tar" "$T/1.tar" "$T/2.tar" "$T/nometa.tar" "$T/missing.tar" "$T/cut.tar" --dry-run
	is "$status" 1
	[[ "$output" == *"$A-1  there already  "* && "$output" == *"$A-2  would be imported  $(stat -c %s "$T/2.tar") bytes  $T/2.tar  Lesson & More"* ]]
	[[ "$output" == *"cut.tar: it is no whole tar archive"*"1 would be imported, 1 there already, 4 refused"* ]]
	is "$(count) $(stored)/$(unfinished)" "1 1/0"
}

@test "an unknown tenant is said at once" {
	run admin recording import NOBODY "$T/1.tar" "$T/2.tar"
	is "$status" 1
	[[ "$output" == *"no such secret"* ]]
	is "$(count)" 0
}

@test "a progress bar only where a terminal is" {
	run -0 admin recording import ACME "$T/1.tar"
	[[ "$output" != *"%"* ]]
	run -0 script -qec "$B3LB_PREFIX/sbin/b3lb-admin --config $H/b3lb.conf recording import ACME $T/2.tar" /dev/null
	[[ "$output" == *"100%  1 of 1"* && "$output" == *"1 imported"* ]]
}

# A directory as of a node: recording 1 in two formats, 2 in one, 3 whose metadata is another's, 4 without any XML.
published() {
	P=$T/published
	rec_publish "$P" "$A-1" "" room-1
	rec_meta "$P/presentation/$A-2" "$A-2" "" false room-2
	rec_meta "$P/presentation/$A-3" "$A-9"
	mkdir -p "$P/podcast/$A-4" "$P/video/half" "$P/.hidden/x"
	echo "no XML" >"$P/podcast/$A-4/metadata.xml"
	echo x >"$P/video/half/video.m4v"
	touch "$P/.hidden/x/metadata.xml"
}

@test "a directory of published recordings: formats of one are one, a bad one costs itself, again skips" {
	published
	run admin recording import --published "$P" --tenant ACME-5 --dry-run
	is "$status" 1
	[[ "$output" == *"$A-1  would be imported  "*" bytes  presentation, video  Lesson & More"* ]]
	[[ "$output" == *"2 would be imported, 0 there already, 2 refused"* ]]
	is "$(count)/$(stored)" 0/0
	run admin recording import --published "$P" --tenant ACME-5
	is "$status" 1
	[[ "$output" == *"$A-3: its metadata.xml is that of recording $A-9"* && "$output" == *"$A-4: "*XML* ]]
	[[ "$output" == *"2 imported, 0 there already, 2 refused"* && "$output" == *"2 of 4 recordings were not imported"* ]]
	is "$(sql "select string_agg(r.record_id || ' ' || meeting_id || ' ' || s.sub_id, ', ' order by record_id)
		from b3lb.record_set r join b3lb.secret s on s.id = r.secret_id")" "$A-1 room-1 5, $A-2 room-2 5"
	is "$(stored)/$(unfinished)" 2/0
	key=$(sql "select archive_key from b3lb.record_set where record_id = '$A-1'")
	is "$(tar -tf "$H/recordings/${key:0:2}/$key" | grep -c metadata.xml)" 2
	run admin recording import ACME-5 --published "$P" --json
	is "$status $(sed '/^b3lb-admin/d' <<<"$output" | jq -c .)" '1 {"imported":0,"present":2,"refused":2}'
	run admin recording import ACME-5 --published "$P" --dry-run
	[[ "$output" == *"$A-2  there already"* ]]
	run -0 job render
	is "$(sql "select status from b3lb.record_set where record_id = '$A-1'")" RENDERED
}

@test "a directory without recordings, and options that do not go together, are said" {
	mkdir "$T/empty"
	run admin recording import --published "$T/empty" --tenant ACME
	is "$status" 1
	[[ "$output" == *"$T/empty holds no FORMAT/RECORDID/metadata.xml"* ]]
	run admin recording import --published "$T/none" --tenant ACME
	[[ "$output" == *"$T/none: No such file or directory"* ]]
	run admin recording import --published "$T/empty"
	[[ "$output" == *"name the tenant"* ]]
	run admin recording import --tenant ACME --published "$T/empty" "$T/1.tar"
	[[ "$output" == *"--published goes with neither"* ]]
	run admin recording import ACME --lost --dry-run
	[[ "$output" == *"--dry-run does not go with --lost"* ]]
	published
	run admin recording import --tenant NOBODY --published "$P"
	[[ "$output" == *"no such secret"*"stopped"* ]]
	run -0 admin recording import --tenant ACME "$T/1.tar"
	is "$output" "1 imported, 0 there already, 0 refused"
}

@test "a killed import of a directory is finished by the next one" {
	published
	rm -r "$P/presentation/$A-3" "$P/podcast"
	for delay in 0.01 0.03 0.05 0.08 0.15; do
		timeout -s KILL "$delay" "$B3LB_PREFIX/sbin/b3lb-admin" --config "$H/b3lb.conf" recording import ACME --published "$P" || true
	done
	run -0 script -qec "$B3LB_PREFIX/sbin/b3lb-admin --config $H/b3lb.conf recording import ACME --published $P" /dev/null
	[[ "$output" == *" of 2"*", 0 refused"* ]]
	is "$(count "status = 'UPLOADED'")" 2
}

@test "a killed import is finished by the next one" {
	for delay in 0.00 0.01 0.02 0.03 0.04 0.05 0.06 0.08 0.10 0.15; do
		timeout -s KILL "$delay" "$B3LB_PREFIX/sbin/b3lb-admin" --config "$H/b3lb.conf" recording import ACME "$T"/[123].tar || true
	done
	run -0 admin recording import ACME "$T"/[123].tar
	is "$(count "status = 'UPLOADED'")" 3
	for key in $(sql "select archive_key from b3lb.record_set"); do [ -s "$H/recordings/${key:0:2}/$key" ]; done
}

@test "one unknown recording among others changes nothing" {
	admin recording import ACME "$T"/[12].tar
	job render
	run admin recording unpublish "$A-1" "$A-9"
	is "$status" 1
	[[ "$output" == *"none was changed"* ]]
	is "$(count "state = 'published'")" 2
}

@test "a profile that is hidden hides the videos that are there" {
	admin recording import ACME "$T/1.tar"
	job render
	admin profile set video --listed off
	is "$(sql "select listed from b3lb.record")" f
	admin profile set video --listed on
	is "$(sql "select listed from b3lb.record")" t
}
