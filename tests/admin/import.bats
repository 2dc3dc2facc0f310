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
	run admin recording import ACME "$T/bad.tar" "$T/1.tar" "$T/nometa.tar" "$T/missing.tar"
	is "$status" 1
	[[ "$output" == *"bad.tar: it is no whole tar archive"* && "$output" == *"nometa.tar: it holds no metadata.xml"* && "$output" == *"missing.tar: could not open it"* ]]
	[[ "$output" == *"1 imported, 0 there already, 3 refused"* ]]
	is "$(stored)/$(unfinished)" 1/0
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
