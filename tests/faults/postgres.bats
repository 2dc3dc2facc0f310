# PostgreSQL goes, hangs, is full or has no place for us, under a steady load: right answers or a clean 503, and right again at once.
# fronts: lighttpd-socket apache-proxy
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
	h_pg_down fast && h_pg_up
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

# What holds after each of them.
all_whole() {
	load_end
	load_was_clean
	load_has away "${2:-1}"
	load_recovered "$1" 5
	is "$(program_pids)" "$pids"
	kill -0 $pids
	connections_within
	rows_whole
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

@test "a table is locked for longer than a request waits: who does not need it notices nothing" {
	load_start --rate 8 --clients 6
	h_spawn locker psql -X -q -h 127.0.0.1 -p "$H_PG_PORT" -U postgres -d b3lb -c "begin; lock table b3lb.meeting_list; select pg_sleep(6)"
	wait "$(cat "$H/locker.pid")"
	all_whole "$(now)"
	is "$(grep ' away$' "$H/load.log" | cut -d' ' -f3 | sort -u)" getMeetings
}

@test "jobs that run go on when it is back" {
	for j in poll meetings rollup callbacks cleanup; do
		h_spawn "job-$j" "$B3LB_PREFIX/libexec/b3lb/b3lb-$j" --config "$H/b3lb.conf" --every 1 --for 60
	done
	ran() { is "$(sql "select count(*) from b3lb.job where good_at > to_timestamp($1)")" 5; }
	h_wait ran 0
	h_pg_down immediate
	sleep 2
	h_pg_up
	h_wait ran "$(now)"
	for j in poll meetings rollup callbacks cleanup; do
		grep -q 'result=failed' "$H/job-$j.log"
		h_kill "job-$j"
	done
	is "$(sql "select count(*) from b3lb.job where lease is not null")" 0
}
