# Every statement of sql/statements against a fresh schema.
load ../harness/harness.bash

setup_file() { h_start 1; }
teardown_file() { h_stop; }

@test "each statement can be prepared, takes the parameters and gives the columns that its head names" {
	run "$B3LB_BUILD/tests/api/statements" "host=127.0.0.1 port=$H_PG_PORT user=postgres dbname=b3lb"
	echo "$output"
	[ "$status" = 0 ]
	[[ $output =~ ^[1-9][0-9]*\ statements ]]
}

@test "a column that is renamed is found out" {
	sql "alter table b3lb.tenant_alias rename column host to hostname"
	run "$B3LB_BUILD/tests/api/statements" "host=127.0.0.1 port=$H_PG_PORT user=postgres dbname=b3lb"
	sql "alter table b3lb.tenant_alias rename column hostname to host"
	[ "$status" = 1 ]
	[[ $output == *tenant_show* ]]
}

@test "a column that a list sorts by, and lost, is found out" {
	sql "alter table b3lb.meeting rename column listeners to listening"
	run "$B3LB_BUILD/tests/api/statements" "host=127.0.0.1 port=$H_PG_PORT user=postgres dbname=b3lb"
	sql "alter table b3lb.meeting rename column listening to listeners"
	[ "$status" = 1 ]
	[[ $output == *list_meetings* && $output == *"meetings: "* ]]
}
