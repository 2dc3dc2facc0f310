# What runs on a BigBlueButton node: b3lb-load and b3lb-push.
load ../harness/harness.bash

ID=4d7c4b3f965fc189d9c6cb8ab68b0b07550bfb03-1699343312797
NONCE=0123456789abcdef0123456789abcdef

setup_file() {
	H=$(mktemp -d "${TMPDIR:-/tmp}/b3lb-test-XXXXXX")
	export H
	h_sim_start 1
}
teardown_file() {
	h_kill sim
	rm -rf "$H"
}
setup() {
	T=$BATS_TEST_TMPDIR
	# What a test's command leaves behind stays in here.
	cd "$T"
	SINK=$BATS_TEST_NUMBER
	export B3LB_NODE_CONF=$T/node.conf
	cat >"$T/node.conf" <<-CONF
		B3LB_URL=http://127.0.0.1:$H_SIM_PORT/_sink/$SINK
		PUBLISHED=$T/published
		QUEUE=$T/queue
		SETTLE=0
		RETRY_MIN=1
		RETRY_MAX=4
	CONF
	publish presentation "<meta><b3lb-recordset>$NONCE</b3lb-recordset></meta>"
}
publish() {
	mkdir -p "$T/published/$1/$ID"
	echo "<recording><id>$ID</id>$2</recording>" >"$T/published/$1/$ID/metadata.xml"
}
push() { "$B3LB_SOURCE/node/b3lb-push" "$@"; }
load() { "$B3LB_SOURCE/node/b3lb-load" --interval 0 --file "$T/load" "$@"; }
sink() { sim "sink/$SINK/b3lb/b/recording/upload" "$@"; }

@test "a published recording is sent once, with its metadata and every format" {
	publish podcast ""
	push enqueue "$ID"
	run -0 push run
	[[ "$output" == *"$ID is sent"* ]]
	run -0 push run
	is "$(sink | jq length)" 1
	[[ "$(sink)" == *"nonce=$NONCE"* && "$(sink)" == *'name=\"meta\"'* && "$(sink)" == *'name=\"file\"'*"podcast/$ID/"* ]]
	run -0 push list
	is "$output" ""
}

@test "what is not taken is sent again, later, until it is" {
	sink status=503 count=2
	push enqueue "$ID"
	push run
	run -0 push list
	[[ "$output" == "waiting $ID "*" 1" ]]
	run -0 timeout 30 "$B3LB_SOURCE/node/b3lb-push" run --wait
	is "$(sink | jq length)" 3
	[ -f "$T/queue/sent/$ID" ]
}

@test "nobody there: it stays in the queue, with the reason in the log" {
	echo "B3LB_URL=http://127.0.0.1:1" >>"$T/node.conf"
	push enqueue "$ID"
	run -0 push run
	[[ "$output" == *"was not taken"*"onnect"* ]]
	[ -f "$T/queue/waiting/$ID" ]
}

@test "a refusal that no repetition changes is given up with its reason, and retry queues it again" {
	sink status=422 count=1
	push enqueue "$ID"
	push run
	run -0 push list
	[[ "$output" == "failed $ID HTTP 422"* ]]
	push retry "$ID"
	push run
	[ -f "$T/queue/sent/$ID" ]
}

@test "a load balancer that is set up wrongly is asked again" {
	sink status=403 count=1
	push enqueue "$ID"
	push run
	run -0 push list
	[[ "$output" == "waiting $ID "* ]]
}

@test "a recording of another origin is not sent" {
	publish presentation "<meta><x>1</x></meta>"
	push enqueue "$ID"
	run -0 push run
	is "$(sink)" "[]"
	[ -f "$T/queue/failed/$ID" ]
}

@test "it is deleted on the node only after a 2xx" {
	echo "DELETE_COMMAND='touch $T/deleted-'" >>"$T/node.conf"
	sink status=503 count=1
	push enqueue "$ID"
	push run
	[ ! -e "$T/deleted-" ]
	timeout 30 "$B3LB_SOURCE/node/b3lb-push" run --wait
	[ -e "$T/deleted-" ]
}

@test "an id that is no record id is refused" {
	for id in "" ../../etc/passwd '$(id)' -x "a b"; do
		run push enqueue "$id"
		[ "$status" != 0 ]
	done
}

@test "two runs at once send it once" {
	push enqueue "$ID"
	push run & push run & wait
	is "$(sink | jq length)" 1
}

@test "a format that is published while the others are sent is sent too, and before anything is deleted" {
	echo "DELETE_COMMAND='touch $T/deleted-'" >>"$T/node.conf"
	push enqueue "$ID"
	kill -STOP "$(cat "$H/sim.pid")"
	push run &
	h_wait test -e "$T/queue/new/$ID.tar"
	publish podcast ""
	push enqueue "$ID"
	kill -CONT "$(cat "$H/sim.pid")"
	wait $!
	[ ! -e "$T/deleted-" ]
	run -0 push list
	[[ "$output" == "waiting $ID "* ]]
	push run
	[[ "$(sink | jq -r '.[1].body')" == *"podcast/$ID/"* ]]
	[ -e "$T/deleted-" ]
	run -0 push list
	is "$output" ""
}

@test "an entry survives a killed run" {
	push enqueue "$ID"
	sink status=503 count=1
	timeout -s KILL 0.05 "$B3LB_SOURCE/node/b3lb-push" run || true
	run -0 timeout 30 "$B3LB_SOURCE/node/b3lb-push" run --wait
	[ -f "$T/queue/sent/$ID" ]
}

@test "the load is the larger of the last ten and the last sixty samples" {
	for i in $(seq 0 70); do
		# 100 ticks a round: busy for the first 55 rounds only.
		busy=$((i < 55 ? i * 100 : 5500))
		echo "cpu $busy 0 0 $((i * 100 - busy)) 0 0 0 0 0 0"
	done >"$T/all"
	# A pipe gives a line to each round.
	cat "$T/all" | load --rounds 71 --stat /dev/stdin
	# Sixty samples back, at round 10, 1000 of 1000 ticks were busy: 4500 of 6000 since.
	is "$(cat "$T/load")" 7500
}

@test "the load of this machine is an integer from 0 to 10000" {
	"$B3LB_SOURCE/node/b3lb-load" --interval 0.2 --rounds 3 --file "$T/load"
	[[ "$(cat "$T/load")" =~ ^[0-9]+$ ]]
	[ "$(cat "$T/load")" -le 10000 ]
}

@test "wrong usage is exit 2" {
	run load --nonsense
	is "$status" 2
	run push
	is "$status" 2
	run push nonsense
	is "$status" 2
	echo "B3LB_URL=" >>"$T/node.conf"
	run push run
	is "$status" 2
}

@test "the programs of a node say help and version, and more with --verbose" {
	for p in load push; do
		run -0 "$B3LB_SOURCE/node/b3lb-$p" --version
		is "$output" "$("$B3LB_PREFIX/sbin/b3lb-admin" --version | sed "s/admin/$p/")"
		run -0 "$B3LB_SOURCE/node/b3lb-$p" --help
		[[ "$output" == "usage: b3lb-$p"*--verbose* ]]
		run -2 "$B3LB_SOURCE/node/b3lb-$p" --nonsense
	done
	run -0 load --rounds 1 --verbose
	is "$output" "b3lb-load: $(cat "$T/load")"
	# Its configuration, which options beat.
	printf 'LOAD_FILE=%s\nLOAD_INTERVAL=0\n' "$T/said" >"$T/load.conf"
	"$B3LB_SOURCE/node/b3lb-load" --config "$T/load.conf" --rounds 2
	[[ "$(cat "$T/said")" =~ ^[0-9]+$ ]]
	rm "$T/said"
	load --config "$T/load.conf" --rounds 1
	[ ! -e "$T/said" ]
	run -2 load --config "$T/none" --rounds 1
	is "$output" "b3lb-load: could not read configuration $T/none"
	push enqueue $ID
	run -0 push --verbose run
	[[ "$output" == *"$ID waits, 0 attempts so far"* ]]
}

@test "b3lb-push --config beats the environment, and must be there" {
	sed "s|^QUEUE=.*|QUEUE=$T/other|" node.conf >other.conf
	push --config other.conf enqueue $ID
	[ -e "$T/other/waiting/$ID" ]
	[ ! -e "$T/queue/waiting/$ID" ]
	run -2 push --config "$T/none" list
	[[ "$output" == *"could not read configuration $T/none"* ]]
}
