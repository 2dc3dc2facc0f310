# What the tests of faults share: a steady load, what it must have seen, and what must be left. To be sourced after harness.bash.

# Starts the load: load_start [options of tests/faults/load]
load_start() {
	# Of a test that failed.
	h_kill load
	rm -f "$H/load.log"
	h_spawn load "$B3LB_SOURCE/tests/faults/load" "$H_PORT" "$H_DOMAIN" --tenant "acme:$ACME_SECRET" --tenant "acme-5:$ACME5_SECRET" \
		--tenant "beta:$BETA_SECRET" --tenant "beta-5:$BETA5_SECRET" --name "t$BATS_TEST_NUMBER" "$@"
	# It has begun, and everything works.
	h_wait load_has right 20
}
load_has() { [ "$(grep -c " $1" "$H/load.log")" -ge "$2" ]; }

# Ends it when it has gone on for two seconds.
load_end() {
	sleep 2
	kill -TERM "$(cat "$H/load.pid")"
	wait "$(cat "$H/load.pid")" || true
	rm -f "$H/load.pid"
}

now() { date +%s.%N; }

# Every answer was right, or a clean 503, and none took longer than three seconds; sanitizers take their time.
load_was_clean() {
	local max=3000

	[ -z "${B3LB_SANITIZED:-}" ] || max=10000
	is "$(grep -v -E ' (right|away)$' "$H/load.log" | head -5)" ""
	is "$(awk -v max=$max '$2 > max' "$H/load.log" | head -3)" ""
}

# Seconds from a moment until the service was right again: no call that was asked later got a 503. load_recovered MOMENT MAX
load_recovered() {
	local after
	after=$(awk -v at="$1" '$7 == "away" && $1 - at > last { last = $1 - at } END { printf "%.2f", last }' "$H/load.log")
	echo "# $BATS_TEST_DESCRIPTION: $(grep -c ' right$' "$H/load.log") right, $(grep -c ' away$' "$H/load.log") away," \
		"slowest $(cut -d' ' -f2 "$H/load.log" | sort -n | tail -1) ms, right again after $after s" >&3
	awk -v after="$after" -v max="$2" 'BEGIN { exit !(after < max) }' || { echo "right again only after $after s" >&2; return 1; }
	# And it was asked after that.
	awk -v at="$1" -v after="$after" '$1 > at + after && $7 == "right" { n++ } END { exit !(n > 10) }' "$H/load.log"
}

program_pids() {
	local p
	for p in api stats assets recordings backend; do cat "$H/$p.pid"; done
}

# Connections of one program that are more than it may have.
connections_within() {
	is "$(sql "select application_name || ' ' || count(*) from pg_stat_activity where application_name like 'b3lb-%'
		group by application_name having count(*) > 8")" ""
}

# Rows are whole: on a node that exists, none half placed once the poll has looked, weights as the rows say.
rows_whole() {
	local slug id
	# A create that nobody finished: nobody comes to the meeting, its node ends it, and five minutes pass.
	while read -r slug id; do
		[ -z "$slug" ] || sim "$slug/vanish" "meetingID=$id" >/dev/null
	done <<<"$(sql "select n.slug || ' ' || node_meeting_id from b3lb.meeting m join b3lb.node n on n.id = m.node_id where not confirmed")"
	sql "update b3lb.meeting set created_at = created_at - interval '6 minutes' where not confirmed; update b3lb.node set polled_at = null"
	job poll 2>/dev/null
	is "$(sql "select count(*) from b3lb.meeting where not confirmed or internal_id is null or fragment is null or was_node_id is not null")" 0
	is "$(sql "select count(*) from b3lb.node n where not online or abs(held_meetings - (select count(*) from b3lb.meeting m
		where m.node_id = n.id and not seen)) > 0")" 0
	is "$(sql "select count(*) from (select meeting_id from b3lb.meeting union all select meeting_id from b3lb.ended_meeting) m
		group by meeting_id having count(*) > 1")" ""
	# Each row's meeting is on its node.
	is "$(comm -23 <(sql "select n.slug || ' ' || node_meeting_id from b3lb.meeting m join b3lb.node n on n.id = m.node_id" | sort) <(on_nodes | cut -d' ' -f1,2 | sort))" ""
}

# After a fault that is over since MOMENT: all_whole MOMENT; $pids were the programs' before.
all_whole() {
	load_end
	load_was_clean
	load_has away 1
	load_recovered "$1" 5
	is "$(program_pids)" "$pids"
	kill -0 $pids
	connections_within
	rows_whole
}

# Lines "NODE ID NAME" of all meetings on the simulated nodes.
on_nodes() {
	local n
	for n in $(sql "select slug from b3lb.node"); do sim "$n/meetings" | jq -r --arg n "$n" '.[] | "\($n) \(.id) \(.name)"'; done
}

# The programs behind sockets that outlive them, in place of h_programs_start: pids of the programs are in $H/run/NAME.pid.
supervise_start() {
	local p
	for p in api stats assets recordings backend; do
		h_spawn "$p" "$B3LB_SOURCE/tests/faults/supervise" "$H/run/$p.sock" "$H/run/$p.pid" "$B3LB_PREFIX/libexec/b3lb/b3lb-$p" --config "$H/b3lb.conf"
		h_wait test -s "$H/run/$p.pid"
	done
}
supervised_pids() {
	local p
	for p in api stats assets recordings backend; do cat "$H/run/$p.pid"; done
}
# restarted NAME OLD-PID
restarted() { [ "$(cat "$H/run/$1.pid")" != "$2" ]; }
