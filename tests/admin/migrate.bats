# b3lb-admin db: the schema made and brought up to date.
load ../harness/harness.bash
setup_file() { h_start 1; }
teardown_file() { h_stop; }
fresh() { B3LB_DATABASE="host=127.0.0.1 port=$H_PG_PORT user=postgres dbname=$1" admin db "$2"; }
schema() { h_as_postgres "$(h_pg_bin)/pg_dump" -h 127.0.0.1 -p "$H_PG_PORT" -U postgres -s -n b3lb "$1" | grep -v '^\\'; }

@test "init makes database and schema, and says the steps" {
	run -0 fresh made1 init
	[[ "$output" == *"created the database"* && "$output" == *"applied 001_core"* && "$output" == *"applied functions"* ]]
	run -0 fresh made1 check
}

@test "init makes the database of a server that speaks another language" {
	h_pg_down
	LANGUAGE=de h_pg_up
	sed -i 's/dbname=b3lb/dbname=other/' "$H/b3lb.conf"
	run admin db init
	h_pg_down
	h_pg_up
	sed -i 's/dbname=other/dbname=b3lb/' "$H/b3lb.conf"
	is "$status ${output%%$'\n'*}" "0 created the database"
}

@test "init makes a database in UTF-8 also where the server prefers another encoding" {
	(
		mkdir -m 755 "$H/latin1"
		cp "$H/b3lb.conf" "$H/latin1"
		H=$H/latin1 H_PG_PORT=$(h_free_port)
		h_pg_init -E LATIN1 --locale=C
		h_pg_run
		fresh latin init >/dev/null
		psql -X -A -t -h 127.0.0.1 -p "$H_PG_PORT" -U postgres -d latin -c "show server_encoding" >"$H/encoding"
		h_pg_down
	)
	is "$(cat "$H/latin1/encoding")" UTF8
}

@test "repeating init and migrate changes nothing" {
	fresh made2 init
	before=$(schema made2)
	run -0 fresh made2 init
	[[ "$output" == *already* ]]
	run -0 fresh made2 migrate
	is "$(schema made2)" "$before"
}

@test "two at once do no harm" {
	fresh made3 init & fresh made3 init & wait
	run -0 fresh made3 check
}

@test "a newer schema is refused, and left as it is" {
	fresh made4 init
	psql -q -h 127.0.0.1 -p "$H_PG_PORT" -U postgres -d made4 -c "insert into b3lb.migration (number, name) values (9999, 'later')"
	run fresh made4 migrate
	is "$status" 1
	[[ "$output" == *newer* ]]
	run fresh made4 check
	is "$status" 1
}

@test "a migration that fails leaves nothing of itself" {
	psql -q -h 127.0.0.1 -p "$H_PG_PORT" -U postgres -d postgres -c "create database made5"
	psql -q -h 127.0.0.1 -p "$H_PG_PORT" -U postgres -d made5 -c "create schema b3lb; create table b3lb.tenant_alias (x int)"
	run fresh made5 migrate
	is "$status" 1
	is "$(psql -At -h 127.0.0.1 -p "$H_PG_PORT" -U postgres -d made5 -c "select to_regclass('b3lb.cluster') is null")" t
	psql -q -h 127.0.0.1 -p "$H_PG_PORT" -U postgres -d made5 -c "drop table b3lb.tenant_alias"
	run -0 fresh made5 migrate
}

@test "a changed function is brought back, and check says so" {
	fresh made6 init
	psql -q -h 127.0.0.1 -p "$H_PG_PORT" -U postgres -d made6 -c "update b3lb.migration set functions = 'other'"
	run fresh made6 check
	is "$status" 1
	run -0 fresh made6 migrate
	[[ "$output" == *"applied functions"* ]]
}

@test "functions that are not this program's any more are dropped, in this schema alone" {
	local at="psql -q -A -t -h 127.0.0.1 -p $H_PG_PORT -U postgres -d made7"
	fresh made7 init
	$at -c "create function b3lb.left_behind(int) returns int language sql as 'select 1'" \
		-c "create function b3lb.left_behind(text) returns int language sql as 'select 2'" \
		-c "create procedure b3lb.left_procedure() language sql as 'select 3'" \
		-c "create function b3lb.publish_recordings() returns int language sql as 'select 4'" \
		-c "create function public.of_others() returns int language sql as 'select 5'" \
		-c "update b3lb.migration set functions = 'other'"
	functions() { $at -c "select oid::regprocedure from pg_proc where pronamespace = 'b3lb'::regnamespace order by 1"; }
	[[ $(functions) == *left_behind* ]]
	run -0 fresh made7 migrate
	fresh made8 init
	is "$(functions)" "$(at=${at/made7/made8} functions)"
	[[ $(functions) == *"b3lb.publish_recordings(integer,integer,text[],boolean)"* && $(functions) == *b3lb.tenant_changed* ]]
	is "$($at -c "select public.of_others()")" 5
}

@test "a function that somebody else's view uses is not dropped: that is said, and nothing is changed" {
	local at="psql -q -A -t -h 127.0.0.1 -p $H_PG_PORT -U postgres -d made9"
	fresh made9 init
	$at -c "create function b3lb.left_behind() returns int language sql as 'select 1'" -c "create view public.theirs as select b3lb.left_behind()" \
		-c "update b3lb.migration set functions = 'other'"
	run fresh made9 migrate
	is "$status" 1
	[[ $output == *"cannot drop function b3lb.left_behind()"* ]]
	is "$($at -c "select max(functions) from b3lb.migration")" other
	$at -c "drop view public.theirs"
	run -0 fresh made9 migrate
	run -0 fresh made9 check
}

@test "a migration and functions may take longer than a statement of that pool may, and a second runner waits for them" {
	local db="host=127.0.0.1 port=$H_PG_PORT user=postgres dbname=slow"
	psql -q -h 127.0.0.1 -p "$H_PG_PORT" -U postgres -d postgres -c "create database slow"
	"$B3LB_BUILD/tests/admin/slow_migration" "$db" >"$BATS_TEST_TMPDIR/first" 3>&- & local pid=$!
	for _ in $(seq 100); do
		[ "$(psql -A -t "$db" -c "select count(*) from pg_locks where locktype = 'advisory' and granted")" = 0 ] || break
		sleep 0.05
	done
	run -0 "$B3LB_BUILD/tests/admin/slow_migration" "$db"
	wait "$pid"
	is "$(cat "$BATS_TEST_TMPDIR/first")" "applied 001_slow
applied functions"
}

@test "a schema that was made for the role is enough: it needs no right on the database" {
	local at="psql -q -A -t -h 127.0.0.1 -p $H_PG_PORT -U postgres"
	$at -d postgres -c "create role tenantless login" -c "create database given" -c "revoke create on database given from public"
	$at -d given -c "create schema b3lb authorization tenantless"
	run -0 env B3LB_DATABASE="host=127.0.0.1 port=$H_PG_PORT user=tenantless dbname=given" "$B3LB_PREFIX/sbin/b3lb-admin" --config "$H/b3lb.conf" db init
	[[ $output == *"applied functions"* ]]
	$at -d postgres -c "create database refused"
	run env B3LB_DATABASE="host=127.0.0.1 port=$H_PG_PORT user=tenantless dbname=refused" "$B3LB_PREFIX/sbin/b3lb-admin" --config "$H/b3lb.conf" db init
	is "$status" 1
	[[ $output == *"permission denied for database refused"* ]]
}

@test "a program on an empty database answers an error that tells nothing" {
	psql -q -h 127.0.0.1 -p "$H_PG_PORT" -U postgres -d postgres -c "create database empty"
	run -0 env -i B3LB_CONFIG="$H/b3lb.conf" B3LB_DATABASE="host=127.0.0.1 port=$H_PG_PORT user=postgres dbname=empty" REQUEST_METHOD=GET \
		HTTP_HOST="acme.$H_DOMAIN" REQUEST_URI="$(signed getMeetings "")" sh -c "exec $B3LB_PREFIX/libexec/b3lb/b3lb-api 2>/dev/null"
	[[ "$output" == *internalError* && "$output" != *relation* ]]
}

@test "migrations run while the service runs" {
	for i in 1 2 3 4 5 6 7 8 9 10; do bbb create "meetingID=m$i&name=Name" && is "$status" 200; done & pid=$!
	sql "update b3lb.migration set functions = 'other'"
	run -0 admin db migrate
	wait $pid
	is "$(sql 'select count(*) from b3lb.meeting')" 10
}
