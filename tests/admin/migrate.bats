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
	eval "$(declare -f h_pg_start | sed 's/h_pg_start/latin1_start/; s/-E UTF8 --locale=C.UTF-8/-E LATIN1 --locale=C/')"
	(
		mkdir -m 755 "$H/latin1"
		cp "$H/b3lb.conf" "$H/latin1"
		H=$H/latin1 H_PG_PORT=$(h_free_port)
		latin1_start
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
