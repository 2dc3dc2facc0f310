# Any of our processes is killed every second, under load: nothing is lost, nothing is twice.
# B3LB_FAULT_SECONDS: for so long, else a quarter of a minute.
# fronts: lighttpd-socket apache-proxy
load ../harness/harness.bash
load ../harness/recording.bash
load ../harness/killed.bash
load faults.bash

JOBS="poll meetings rollup callbacks"
# How each dies: the API more often than the others.
VICTIMS=(api backend api poll api callbacks api rollup api recordings api meetings api stats api assets)

setup_file() {
	rec_start 3
	h_front_stop
	supervise_start
	h_front_start
}
teardown_file() { h_stop; }
stored_keys() { find "$H/recordings" -type f -not -path "$H/recordings/tmp/*" -not -path "$H/recordings/lost/*" -printf '%f\n'; }

job_start() { h_spawn "$1" "$B3LB_PREFIX/libexec/b3lb/b3lb-$1" --config "$H/b3lb.conf" --every 1 --for 3600; }
kill_one() {
	case " $JOBS " in
	*" $1 "*) h_kill "$1" KILL && job_start "$1" ;;
	# Its supervisor starts it again, a second later.
	*) kill -9 "$(cat "$H/run/$1.pid")" 2>/dev/null || true ;;
	esac
}

# A node that sends its recordings until it is told that they arrived: node_sends COUNT, of meetings rec-1 ...
node_sends() {
	local n code
	for n in $(seq "$1"); do
		for _ in $(seq 100); do
			code=$(curl -sS -o /dev/null -w '%{http_code}' --limit-rate 8M -H "Host: $H_DOMAIN" -F "meta=@$H/up/$n.tar.xml" -F "file=@$H/up/$n.tar" \
				"http://127.0.0.1:$H_PORT/b3lb/b/recording/upload?nonce=$(cat "$H/up/$n.nonce")" 2>/dev/null) || true
			[ "$code" != 200 ] || break
			sleep 0.3
		done
		echo "$code"
	done >"$H/sent.log"
}

# Meetings whose end a client wants to hear of.
ended() { sql "select meeting_id from b3lb.ended_meeting where own_params ? 'meta_endcallbackurl' order by 1"; }
metric() { sql "select coalesce(sum(value), 0) from (select name, value from b3lb.metric union all select name, value from b3lb.metric_event) x where name = '$1'"; }

@test "for a while" {
	mkdir -p "$H/up"
	for n in 1 2 3 4 5; do
		rec_meeting "rec-$n"
		big_tar "$H/up/$n.tar" "$internal" "$nonce" "$node_id"
		echo "$nonce" >"$H/up/$n.nonce"
	done
	for j in $JOBS; do job_start "$j"; done
	# So that much is under way when it is killed.
	for n in 1 2 3; do sim "n$n/behave" mode=slow ms=400 calls=create,end,isMeetingRunning >/dev/null; done
	load_start --query "&meta_endCallbackUrl=$(enc "$(sink_url end)")"
	h_spawn sends node_sends 5
	until=$((SECONDS + ${B3LB_FAULT_SECONDS:-15})) killed=0
	# A slow machine gets a minute more to have something to look at.
	while [ $SECONDS -lt $until ] || { [ $SECONDS -lt $((until + 60)) ] && [ "$(ended | wc -l)" -le 20 ]; }; do
		kill_one "${VICTIMS[killed++ % ${#VICTIMS[@]}]}"
		sleep 1
	done
	load_end
	wait "$(cat "$H/sends.pid")"
	rm -f "$H/sends.pid"
	for j in $JOBS; do h_kill "$j" KILL; done
	echo "# $killed killed: $(grep -c ' right$' "$H/load.log") right, $(grep -c ' away$' "$H/load.log") away, $(grep -c ' gone$' "$H/load.log") lost their program," \
		"slowest $(cut -d' ' -f2 "$H/load.log" | sort -n | tail -1) ms" >&3
	# Whoever got an answer of ours got a right one.
	is "$(grep -v -E ' (right|gone)$' "$H/load.log" | head -5)" ""
	load_has gone 1
}

@test "a create that was lost is sent again, and finds its node" {
	read -r room slug host secret <<<"$(sql "select m.meeting_id, n.slug, t.slug || '-' || s.sub_id, s.secret from b3lb.meeting m
		join b3lb.node n on n.id = m.node_id join b3lb.tenant t on t.id = m.tenant_id join b3lb.secret s on s.id = m.secret_id
		where not m.confirmed limit 1" | tr '|' ' ')"
	[ -n "$room" ]
	bbb create "meetingID=$room&name=$room" "$secret" "$host.$H_DOMAIN"
	answers 200 SUCCESS
	is "$(sql "select confirmed::text || n.slug from b3lb.meeting m join b3lb.node n on n.id = m.node_id where m.meeting_id = '$room'")" "true$slug"
}

@test "no meeting is on two nodes, no row is half" {
	is "$(on_nodes | cut -d' ' -f3- | sort | uniq -d)" ""
	# What only the poll finds out it may find out now.
	sql "update b3lb.meeting set confirmed_at = confirmed_at - interval '1 minute' where confirmed"
	rows_whole
}

@test "no event is lost or counted twice" {
	job rollup
	is "$(sql "select count(*) from b3lb.metric_event")" 0
	is "$(metric created)" "$(sql "select (select count(*) from b3lb.meeting where confirmed) + (select count(*) from b3lb.ended_meeting)")"
	joined=$(metric joined) sent=$(grep -c ' join ' "$H/load.log") moved=$(awk '$3 == "join" && $5 == 302' "$H/load.log" | wc -l)
	[ "$joined" -ge "$moved" ] && [ "$joined" -le "$sent" ] || { echo "$moved were sent on, $joined counted, $sent asked" >&2; return 1; }
	is "$(sql "select count(*) from b3lb.ended_meeting")" "$(sql "select count(distinct nonce) from b3lb.ended_meeting")"
}

@test "no callback is lost" {
	# The time that a dead sender keeps a row, and that a node has to call back, is over.
	sql "update b3lb.ended_meeting set tell_at = now() where tell_at is not null"
	sleep 0.1
	sql "update b3lb.callback set claimed_until = null, next_at = now() where state = 'waiting'"
	job callbacks
	is "$(sql "select count(*) from b3lb.callback where state <> 'delivered'")" 0
	ended=$(ended)
	[ "$(wc -l <<<"$ended")" -gt 20 ]
	is "$(sql "select split_part(url, 'meetingID=', 2) from b3lb.callback where kind = 'end' order by 1")" "$ended"
	is "$(comm -13 <(sink end | jq -r '.[].query' | sed 's/.*meetingID=//' | sort -u) <(sort <<<"$ended"))" ""
}

@test "no recording is lost" {
	is "$(sort -u "$H/sent.log")" 200
	is "$(sql "select count(*) from b3lb.record_set where status = 'UPLOADED' and archive_key is not null")" 5
	nothing_lost
	nothing_left
	is "$(referenced | wc -l)" 5
}
