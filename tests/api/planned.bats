# What calls ask of PostgreSQL is planned once by a connection, not each time, as a null in it would have it. And a create
# costs the same when others have come since.
load ../harness/harness.bash
bats_require_minimum_version 1.5.0

setup_file() {
	h_start 2
	h_programs_stop
	h_pg_down fast
	printf '%s\n' "shared_preload_libraries = 'pg_stat_statements'" "pg_stat_statements.track = all" \
		"pg_stat_statements.track_planning = on" "autovacuum = off" >>"$H/pg/postgresql.conf"
	h_pg_up
	h_programs_start
	sql "create extension pg_stat_statements"
}
teardown_file() { h_stop; }

# CALL PARAMETERS for each of forty meetings; then what was planned more often than half of the times that it ran.
planned() {
	local i
	sql "select pg_stat_statements_reset()" >/dev/null
	for ((i = 0; i < 40; i++)); do
		bbb "$1" "meetingID=m$i$2"
		# Told, not failed: who compares what is told with nothing would not see that.
		[ "$status" = 302 ] || [[ "$status $output" == "200 "*SUCCESS* ]] || echo "$1: $status $output"
	done
	[ "$(sql "select count(*) from pg_stat_statements where query like '%b3lb.%' and calls >= 40")" != 0 ] || echo "$1: nothing ran"
	sql "select calls || ' ' || plans || ' ' || query from pg_stat_statements where calls >= 40 and plans > calls / 2"
}

@test "create" {
	is "$(planned create "&name=Room&moderatorPW=mp&attendeePW=ap")" ""
}

@test "create of a known meeting" {
	is "$(planned create "&name=Room&moderatorPW=mp&attendeePW=ap")" ""
}

@test "join" {
	is "$(planned join "&fullName=Name&password=mp")" ""
}

@test "end" {
	is "$(planned end "&password=mp")" ""
}

@test "a create among two thousand meetings that came since its statements were planned" {
	# The plan is of a time when there were few.
	is "$(planned create "-first&name=Room&moderatorPW=mp&attendeePW=ap")" ""
	sql "update b3lb.node set state = 'draining' where slug = 'n2';
		insert into b3lb.meeting (tenant_id, secret_id, meeting_id, node_id, node_meeting_id, name, confirmed, confirmed_at, seen, internal_id)
		select s.tenant_id, s.id, 'old' || i, n.id, 'b3lb-x' || i, 'Name', true, now(), true, 'x' || i
		from generate_series(1, 2000) i cross join b3lb.node n cross join b3lb.secret s join b3lb.tenant t on t.id = s.tenant_id
		where n.slug = 'n2' and t.slug = 'acme' and s.sub_id = 0"
	is "$(planned create "-new&name=Room&moderatorPW=mp&attendeePW=ap")" ""
	looked="calls >= 40 and query like '%internal\\_id = p%' and query not like 'update%'"
	is "$(sql "select count(*) > 0 from pg_stat_statements where $looked and query like '%exists%'")" t
	# Each row of those would be a block or more.
	is "$(sql "select shared_blks_hit / calls || ' ' || query from pg_stat_statements where $looked and shared_blks_hit / calls > 60")" ""
}
