# PostgreSQL goes, hangs, is full or has no place for us, under a steady load: right answers or a clean 503, and right again at once.
load ../harness/harness.bash
load faults.bash

setup_file() {
	h_start 3
	# On a disk of its own, which can be filled.
	mkdir "$H/small"
	if mount -t tmpfs -o size=4m,mode=777 none "$H/small" 2>/dev/null; then
		chown postgres "$H/small"
		sql "create tablespace small location '$H/small'"
		sql "alter table b3lb.meeting set tablespace small"
	fi
	sql "alter system set max_connections = 60"
	h_pg_down fast
	h_pg_up
	# Its first connections after that are broken ones.
	h_wait eval 'bbb getMeetings ""; [ "$status" = 200 ]'
}
teardown_file() {
	h_front_stop
	h_pg_down immediate || true
	umount "$H/small" 2>/dev/null || true
	h_stop
}
setup() {
	h_reset
	# So that creates and ends are under way when it happens.
	for n in 1 2 3; do sim "n$n/behave" mode=slow ms=200 calls=create,end >/dev/null; done
	pids=$(program_pids)
}

stopped() {
	load_start
	h_pg_down "$1"
	sleep 2
	h_pg_up
	all_whole "$(now)"
}
@test "stopped fast" { stopped fast; }
@test "stopped immediately" { stopped immediate; }

@test "killed" {
	load_start
	h_as_postgres kill -9 $(pgrep -P "$(head -1 "$H/pg/postmaster.pid")") "$(head -1 "$H/pg/postmaster.pid")" 2>/dev/null || true
	sleep 2
	h_wait h_pg_up
	all_whole "$(now)"
}

@test "all its processes stand still for ten seconds" {
	load_start
	still=$(head -1 "$H/pg/postmaster.pid")
	still="$still $(pgrep -P "$still" | tr '\n' ' ')"
	kill -STOP $still
	sleep 10
	kill -CONT $still
	all_whole "$(now)"
}

@test "others take every connection, also those that were ours" {
	load_start
	h_spawn taker "$B3LB_SOURCE/tests/faults/taker" "$H_PG_PORT"
	h_wait grep -q full "$H/taker.log"
	# Whoever is quicker has what becomes free.
	lost() {
		kill -TERM $(pgrep -f "postgres: postgres b3lb .* idle" -P "$(head -1 "$H/pg/postmaster.pid")") 2>/dev/null
		load_has away 20
	}
	h_wait lost
	h_kill taker
	all_whole "$(now)"
}

@test "its disk is full for a transaction" {
	mountpoint -q "$H/small" || skip "no file system may be mounted here"
	load_start
	head -c 8000000 /dev/zero >"$H/small/other" 2>/dev/null || true
	h_wait load_has away 3
	sleep 1
	rm "$H/small/other"
	all_whole "$(now)"
}
