# A presentation on its way, and kill -9 of each program at ten random points: afterwards it is finished, once, and nothing is left.
load ../harness/harness.bash
load ../harness/recording.bash
load ../harness/killed.bash
load ../player/presentation.bash
load ../player/player.bash
bats_require_minimum_version 1.5.0

setup_file() {
	rec_start 1
	pres_media
	player_small
}
teardown_file() { h_stop; }
setup() {
	h_reset
	rm -rf "$H"/recordings/* "$H"/render/* "$H/queue" "$H/published"
	rec_meeting abc "meta_bbb-recording-ready-url=$(enc "$(sink_url ready)")"
	rec_node_conf
	pres_publish "$H/published" "$internal" "$nonce" "$node_id"
	push=("$B3LB_SOURCE/node/b3lb-push")
	export B3LB_NODE_CONF=$H/node.conf
	"${push[@]}" enqueue "$internal"
}
stored_keys() { find "$H/recordings" -type f -not -path "$H/recordings/tmp/*" -not -path "$H/recordings/lost/*" -printf '%f\n'; }
# Whoever held the set is dead; the tries are another test's business.
again() { sql "update b3lb.record_set set render_until = null, render_tries = 0 where status in ('RENDERING', 'UPLOADED')"; }

# The recording is as if nothing had happened, and was told once.
finished() {
	again
	run -0 job render
	is "$(sql "select status from b3lb.record_set")" RENDERED
	is "$(sql "select string_agg(kind, ' ' order by kind) from b3lb.record")" "player video"
	is "$(sql "select count(*) from b3lb.record_file where name = 'video/webcams.webm'")" 1
	is "$(sql "select count(*) from b3lb.callback where kind = 'ready'")" 1
	is "$(pgrep -c -f "(ffmpeg|b3lb-compose) .*$H/render" || true)" 0
	nothing_lost
	nothing_left
	is "$(referenced | wc -l)" 3
}

# Kills the first of our processes whose command line looks so, once it is there: strike PATTERN SECONDS; false: it never was.
strike() {
	local pid i
	for ((i = 0; i < 400; i++)); do
		pid=$(pgrep -f "$1" | head -1) && sleep "$(some "$2")" && kill -9 "$pid" 2>/dev/null && return 0
		kill -0 "$renderer" 2>/dev/null || return 1
		sleep 0.01
	done
	return 1
}
# b3lb-render, ten times, one of whose programs is killed.
struck_renders() {
	local n=0 i
	"${push[@]}" run
	for ((i = 0; i < 60 && n < 10; i++)); do
		again
		sql "update b3lb.record_set set status = 'UPLOADED'"
		"$B3LB_PREFIX/libexec/b3lb/b3lb-render" --config "$H/b3lb.conf" 2>/dev/null 3>&- &
		renderer=$!
		strike "$1" 0.3 && n=$((n + 1))
		wait "$renderer" || true
		nothing_lost
	done
	is "$n" 10
	sql "update b3lb.record_set set status = 'UPLOADED'"
	finished
}

@test "b3lb-push, while it packs and sends" {
	local n
	for n in $(seq 10); do
		timeout -s KILL "$(some 0.4)" "${push[@]}" run 2>/dev/null || true
		nothing_lost
	done
	"${push[@]}" run --wait
	finished
}

@test "b3lb-render, while it indexes and draws" {
	local n
	"${push[@]}" run
	for n in $(seq 10); do
		timeout -s KILL "$(some 1.5)" "$B3LB_PREFIX/libexec/b3lb/b3lb-render" --config "$H/b3lb.conf" 2>/dev/null || true
		nothing_lost
		again
	done
	finished
}

@test "b3lb-compose" { struck_renders "^[^ ]*b3lb-compose .*$H/render"; }
@test "ffmpeg" { struck_renders "^ffmpeg .*$H/render"; }

@test "b3lb-recordings, while it delivers: who asks for the rest gets it" {
	local n size of resumed=0
	"${push[@]}" run
	job render
	nonce=$(sql "select nonce from b3lb.record where kind = 'player'")
	# So large that it is delivered for a while.
	of=$H/recordings/$(sql "select left(archive_key, 2) || '/' || archive_key from b3lb.record_set")
	seq 1 12000000 | tail -c 80000000 >>"$of"
	size=$(($(stat -c %s "$of") - 80000000))
	sql "update b3lb.record_file set at = $size, size = 80000000 where name = 'video/webcams.webm'"
	for n in $(seq 10); do
		rm -f "$BATS_TEST_TMPDIR/got"
		(sleep "$(some 0.15)" && kill -9 "$(cat "$H/recordings.pid")") &
		curl -sf -o "$BATS_TEST_TMPDIR/got" -H "Host: $H_DOMAIN" "http://127.0.0.1:$H_PORT/b3lb/p/$nonce/f/video/webcams.webm" || true
		wait $! || true
		h_kill recordings KILL
		h_programs_start
		while [ "$(stat -c %s "$BATS_TEST_TMPDIR/got" 2>/dev/null || echo 0)" -lt 80000000 ]; do
			resumed=$((resumed + 1))
			# For a second lighttpd does not ask a program that was killed under it.
			curl -sf -C - -o "$BATS_TEST_TMPDIR/got" -H "Host: $H_DOMAIN" "http://127.0.0.1:$H_PORT/b3lb/p/$nonce/f/video/webcams.webm" || sleep 0.2
			[ "$resumed" -lt 300 ]
		done
		cmp "$BATS_TEST_TMPDIR/got" <(tail -c 80000000 "$of")
	done
	[ "$resumed" -gt 0 ]
}
