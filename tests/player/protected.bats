# Protected recordings: what opens them, for how long, and that nothing else does.
bats_require_minimum_version 1.5.0
load ../harness/harness.bash
load ../harness/recording.bash
load presentation.bash
load player.bash

setup_file() {
	rec_start 1
	pres_media
	player_small
}
teardown_file() { h_stop; }
setup() {
	h_reset
	sql "update b3lb.tenant set protected = 'off'; truncate b3lb.record_ticket, b3lb.record_session"
	admin tenant set ACME --protected on
}

# The address of format N as the list tells it: address N; the path is in $ticket.
address() {
	bbb getRecordings "recordID=$internal"
	ticket=$(x "//format[$1]/url")
	ticket=/${ticket#http://*/}
}
# Opens it: open [curl options]; where it leads is in $led.
open() {
	ask "$H_DOMAIN" "$ticket" "$@"
	led=$(header location)
}

@test "only where a tenant has them: <protected> says so, and protect= works" {
	player_recording some
	bbb getRecordings ""
	is "$(x //protected) $(x '//format[1]/url')" "false http://$H_DOMAIN:$H_PORT$page"
	bbb updateRecordings "recordID=$internal&protect=true&meta_name=New"
	answers 200 SUCCESS
	bbb getRecordings ""
	is "$(x //protected) $(x //recording/name) $(x 'count(//preview)')" "true New 0"
	[[ "$(x '//format[1]/url')" == "http://$H_DOMAIN:$H_PORT/b3lb/v/"* ]]
	bbb updateRecordings "recordID=$internal&protect=false"
	answers 200 SUCCESS
	bbb getRecordings ""
	is "$(x //protected) $(x '//format[1]/url')" "false http://$H_DOMAIN:$H_PORT$page"
	beta getRecordings ""
	is "$(x 'count(//protected)')" 0
	beta updateRecordings "recordID=$internal&protect=false"
	answers 200 FAILED notFound
	is "$(sql "select protected from b3lb.record_set")" f
	bbb updateRecordings "recordID=gone&protect=true"
	answers 200 FAILED notFound
	admin tenant set ACME --protected off
	bbb getRecordings ""
	is "$(x 'count(//protected)')" 0
	bbb updateRecordings "recordID=$internal&protect=true"
	answers 400 FAILED invalidParameters
	is "$(sql "select protected from b3lb.record_set")" f
}

@test "at create by the client, or by the tenant's rule" {
	PRES_META="<b3lb-protect>true</b3lb-protect>" player_recording asked "meta_b3lb-protect=true"
	is "$(sql "select protected from b3lb.record_set where record_id = '$internal'")" t
	player_recording plain
	is "$(sql "select protected from b3lb.record_set where record_id = '$internal'")" f
	admin tenant set ACME --protected always
	player_recording always
	is "$(sql "select protected from b3lb.record_set where record_id = '$internal'")" t
	# What is there keeps what it is.
	is "$(sql "select count(*) from b3lb.record_set where protected")" 2
}

@test "a ticket opens a session, in whose path everything is, and nothing else opens anything" {
	player_recording other
	player_track
	local other
	other=$(sql "select nonce from b3lb.text_track")
	player_recording closed
	player_track
	track_of="select t.nonce from b3lb.text_track t join b3lb.record_set r on r.id = t.record_set_id where r.record_id = '$internal'"
	video=/b3lb/r/$(sql "select p.nonce from b3lb.record p join b3lb.record_set r on r.id = p.record_set_id where p.kind = 'video' and r.record_id = '$internal'")
	bbb updateRecordings "recordID=$internal&protect=true"
	for path in "$page" "${page}timeline.json" "${page}f/video/webcams.webm" "$video" "/playback/presentation/2.3/$internal"; do
		ask "$H_DOMAIN" "$path"
		is "$status" 404
	done
	address 1
	open
	is "$status" 302
	[[ "$led" =~ ^/b3lb/p/[0-9a-f]{32}/$ && "$led" != "$page" ]]
	for name in "" timeline.json f/video/webcams.webm f/presentation/pres-1/thumbnails/thumb-1.png; do
		ask "$H_DOMAIN" "$led$name" -o /dev/null -w '%{http_code}'
		is "$status" 200
	done
	# Videos and tracks beside it are below the session, and nowhere else.
	local beside track
	beside=$(basename "$video") track=$(sql "$track_of")
	ask "$H_DOMAIN" "$led"
	[[ "$output" == *"data-beside=\"r/\" data-video=\"$beside\""*"$track"* ]]
	ask "$H_DOMAIN" "${led}r/$track"
	is "$status $(header content-type) $(tail -1 <<<"$output")" "200 text/vtt; charset=utf-8 Jetzt die zweite"
	ask "$H_DOMAIN" "${led}r/$beside?download=1" -H "Range: bytes=4-7"
	is "$status $output" "206 ftyp"
	[[ "$(header content-disposition)" == attachment* ]]
	for path in "${page}r/$track" "${page}r/$beside" "/b3lb/r/$track" "${led}r/$(basename "$page")" "${led}r/$other" "${led}r/" "${led}r/x"; do
		ask "$H_DOMAIN" "$path"
		is "$status" 404
	done
	local session=$led
	# A session of the page opens no video by itself, nor the other way round.
	ask "$H_DOMAIN" "/b3lb/r/$(basename "$led")"
	is "$status" 404
	address 2
	open
	[[ "$led" =~ ^/b3lb/r/[0-9a-f]{32}$ ]]
	ask "$H_DOMAIN" "$led" -H "Range: bytes=0-9" -o /dev/null
	is "$status" 206
	ask "$H_DOMAIN" "/b3lb/p/$(basename "$led")/"
	is "$status" 404
	# What is unpublished is closed for sessions too.
	bbb publishRecordings "recordID=$internal&publish=false"
	ask "$H_DOMAIN" "$led"
	is "$status" 404
	ask "$H_DOMAIN" "${session}r/$track"
	is "$status" 404
	open
	is "$status" 404
}

@test "a ticket is used once, within an hour, and a double click is none" {
	player_recording once
	bbb updateRecordings "recordID=$internal&protect=true"
	address 1
	open -I
	is "$status $(sql 'select count(*) from b3lb.record_ticket')" "200 0"
	open
	is "$status" 302
	open
	is "$status" 302
	sql "update b3lb.record_ticket set used_at = now() - interval '61 seconds'"
	open
	is "$status $(header content-type)" "404 text/html; charset=utf-8"
	[[ "$output" == *"anew from your course"* ]]
	# Another list, another ticket.
	address 1
	open
	is "$status" 302
	# Changed in any place, of another recording, or run out: none.
	for changed in "${ticket%?}x" "${ticket%-*}-${ticket##*-}0" "${ticket/-/-0}" "${ticket%-*}" "${ticket%/*}/1" "${ticket%/*}/9999999999${ticket#*/v/*/??????????}"; do
		ticket=$changed open
		is "$status" 404
	done
	address 1
	sql "update b3lb.record_set set ticket_key = replace(gen_random_uuid()::text, '-', '')"
	open
	is "$status" 404
}

@test "sessions end, and what has run out is forgotten" {
	player_recording ends
	bbb updateRecordings "recordID=$internal&protect=true"
	address 1
	open
	is "$(sql "select round(extract(epoch from expires_at - now()) / 3600) from b3lb.record_session")" 6
	sql "update b3lb.record_session set expires_at = now() - interval '1 second'; update b3lb.record_ticket set expires_at = now() - interval '1 second'"
	ask "$H_DOMAIN" "$led"
	is "$status" 404
	address 1
	open
	is "$(sql "select (select count(*) from b3lb.record_session) || ' ' || (select count(*) from b3lb.record_ticket)")" "1 1"
	# A recording of ten hours can be watched as a whole.
	sql "update b3lb.record set duration_ms = 36000000"
	address 1
	open
	is "$(sql "select max(round(extract(epoch from expires_at - now()) / 3600)) from b3lb.record_session")" 30
	bbb deleteRecordings "recordID=$internal"
	job cleanup
	is "$(sql "select count(*) from b3lb.record_session")" 0
}

@test "a ticket that comes after the recording is open to all leads there" {
	player_recording opened
	bbb updateRecordings "recordID=$internal&protect=true"
	address 1
	bbb updateRecordings "recordID=$internal&protect=false"
	open
	is "$status $led" "302 $page"
}

@test "neither tickets nor sessions are in the database or in a log" {
	player_recording secret
	bbb updateRecordings "recordID=$internal&protect=true"
	address 1
	open
	ask "$H_DOMAIN" "$led"
	is "$status" 200
	session=$(basename "$led")
	run -0 bash -c "PGPASSWORD= pg_dump -h 127.0.0.1 -p $H_PG_PORT -U postgres b3lb | grep -c -e $session -e ${ticket##*-} || true"
	is "$output" 0
	run bash -c "cat '$H'/*.log '$H'/apache/*.log 2>/dev/null | grep -c -e $session -e ${ticket##*-}"
	is "$output" 0
	is "$(sql "select hash from b3lb.record_session")" "$(printf %s "$session" | sha256sum | cut -d' ' -f1)"
}
