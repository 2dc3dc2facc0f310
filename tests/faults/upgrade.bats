# An upgrade while the service runs: not one request fails.
# fronts: lighttpd-socket apache-proxy
load ../harness/harness.bash
load faults.bash

setup_file() {
	h_start 3
	h_front_stop
	supervise_start
	h_front_start
}
teardown_file() { h_stop; }
setup() { h_reset; }

# Every answer was right: no 503 either.
nothing_failed() {
	load_end
	is "$(grep -v ' right$' "$H/load.log" | head -5)" ""
	load_has right 60
	rows_whole
}

# The schema as it was before the migrations from NUMBER on, with as many of the functions as it can have.
schema_before() {
	local f number
	{
		echo "drop schema b3lb cascade; create schema b3lb; set check_function_bodies = off;"
		echo "create table b3lb.migration (number int primary key, name text not null, applied_at timestamptz not null default now(), functions text);"
		for f in "$B3LB_SOURCE"/sql/schema/[0-9]*.sql; do
			number=${f##*/} number=$((10#${number%%_*}))
			[ "$number" -lt "$1" ] || break
			cat "$f"
			echo "insert into b3lb.migration (number, name) values ($number, 'earlier');"
		done
		# Without them no statement of a request runs: programs that need them are started after they are there.
		cat "$B3LB_SOURCE"/sql/schema/{091,092,160,162,2??}_*.sql "$B3LB_SOURCE"/sql/functions/*.sql
	} | psql -X -q -h 127.0.0.1 -p "$H_PG_PORT" -U postgres -d b3lb >"$H/schema.log" 2>&1
	is "$(sql "select max(number) < $1 and to_regproc('b3lb.place_create') is not null from b3lb.migration")" t
}

@test "b3lb-admin db migrate from an earlier schema" {
	# Old programs run on it as they will on the new one. These here are new: it must have what they need.
	schema_before 185
	h_tenants >/dev/null
	h_nodes 3
	job poll 2>/dev/null
	load_start
	# Somebody reads what it changes, for longer than it waits.
	h_spawn reader psql -X -q -h 127.0.0.1 -p "$H_PG_PORT" -U postgres -d b3lb -c "begin; table b3lb.node; select pg_sleep(4)"
	run admin db check
	is "$status" 1
	run -0 admin db migrate
	[[ "$output" == *"applied 185"* && "$output" == *"applied functions"* ]]
	run -0 admin db check
	nothing_failed
}

@test "tables that every request reads get a column" {
	load_start
	for table in meeting node tenant secret cluster record_set meeting_list ended_meeting; do
		sql "begin; set local lock_timeout = '2s'; alter table b3lb.$table add later int not null default 0; commit"
	done
	nothing_failed
}

@test "the functions are replaced again and again" {
	load_start
	for i in 1 2 3 4 5; do
		sql "update b3lb.migration set functions = 'other'"
		run -0 admin db migrate
		[[ "$output" == *"applied functions"* ]]
	done
	nothing_failed
}

@test "the programs are restarted one after the other" {
	load_start
	before=$(supervised_pids)
	for i in 1 2 3; do
		for p in api stats assets recordings backend; do
			old=$(cat "$H/run/$p.pid")
			kill -HUP "$(cat "$H/$p.pid")"
			h_wait restarted "$p" "$old"
		done
	done
	is "$(comm -12 <(sort <<<"$before") <(supervised_pids | sort))" ""
	nothing_failed
}
