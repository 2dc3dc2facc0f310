# People on the phone: PINs of rooms, and what a gateway is told; it is played by harness/dialplan.py.
load ../harness/harness.bash
setup_file() {
	h_start 2 "dialin_allow = 127.0.0.1" "dialin_password = gate" "dialin_tries = 5" "dialin_numbers = +49 800 1"
	admin tenant set ACME --dial-numbers "+49 30 123-4, +49 30 1235"
	admin tenant set BETA --dial-numbers "+49 40 99"
	export H_DOMAIN DIALPLAN_URL="http://127.0.0.1:$H_PORT/b3lb/b/dialin/dialplan"
}
teardown_file() { h_stop; }
setup() {
	h_reset
	sql "delete from b3lb.dial_pin; delete from b3lb.dial_failure; update b3lb.tenant set own_pins = false; update b3lb.node set sip_host = null"
}

create() { bbb create "meetingID=$1&name=Room&${2:-}"; }
pin_of() { sql "select pin from b3lb.dial_pin d join b3lb.secret s on s.id = d.secret_id join b3lb.tenant t on t.id = s.tenant_id
	where t.slug = '${2:-acme}' and meeting_id = '$1'"; }
# call NUMBER [FIELD=VALUE...] [PIN...]
call() { python3 "$BATS_TEST_DIRNAME/../harness/dialplan.py" "$DIALPLAN_URL" "$@"; }
# The raw answer: form FIELD=VALUE...
form() {
	local args=() f
	for f in "$@"; do args+=(--data-urlencode "$f"); done
	ask "$H_DOMAIN" /b3lb/b/dialin/dialplan -u fsapi:gate "${args[@]}"
}
not_found() { is "$status" 200 && is "$(x '/document/section[@name="result"]/result/@status')" "not found"; }

@test "a room has a PIN that stays; the node is given it with the tenant's first number, and answers show both" {
	create room
	answers 200 SUCCESS
	pin=$(pin_of room)
	[[ $pin =~ ^[1-9][0-9]{8}$ ]]
	is "$(x //voiceBridge) $(x //dialNumber)" "$pin +49 30 123-4"
	is "$(on_node room '.params | "\(.voiceBridge) \(.dialNumber)"')" "$pin +49 30 123-4"
	create room
	is "$(x //voiceBridge) $(x //messageKey)" "$pin duplicateWarning"
	for call in getMeetings getMeetingInfo; do
		bbb $call "meetingID=room"
		is "$(x //voiceBridge) $(x //dialNumber)" "$pin +49 30 123-4"
	done
	is "$(admin meeting list --json | jq -r '.[].pin')" "$pin"
	is "$(sql "select pin || ' ' || tenant || ' ' || node || ' ' || sip_host from b3lb.dialin")" \
		"$pin ACME $(sql 'select slug from b3lb.node n join b3lb.meeting m on m.node_id = n.id') 127.0.0.1"
	bbb end "meetingID=room"
	create room
	is "$(x //voiceBridge)" "$pin"
	create other
	[ "$(x //voiceBridge)" != "$pin" ]
	acme5 create "meetingID=room&name=Room"
	[ "$(x //voiceBridge)" != "$pin" ]
}

@test "a tenant without numbers shows that of all; a rule on voiceBridge leaves it without a PIN" {
	admin tenant set ACME --dial-numbers ''
	create room
	is "$(x //dialNumber)" "+49 800 1"
	is "$(x //voiceBridge)" "$(pin_of room)"
	admin parameter set ACME voiceBridge block
	create other
	is "$(on_node other '.params | "\(.voiceBridge) \(.dialNumber)"')" "null null"
	is "$(pin_of other)" ""
	admin tenant set ACME --dial-numbers "+49 30 123-4, +49 30 1235"
}

@test "a client's voiceBridge is dropped; with --own-pins it is the PIN where no other has it, or one beside it" {
	create aa "voiceBridge=71234"
	[ "$(x //voiceBridge)" != 71234 ]
	admin tenant set ACME --own-pins on
	create bb "voiceBridge=71234"
	is "$(x //voiceBridge)" 71234
	# While it runs, the node knows that one.
	create bb "voiceBridge=71299"
	is "$(x //voiceBridge) $(pin_of bb)" "71234 71234"
	bbb end "meetingID=bb"
	create bb "voiceBridge=71299"
	is "$(x //voiceBridge)" 71299
	bbb end "meetingID=bb"
	create bb
	is "$(x //voiceBridge)" 71299
	for taken in 71299 712993 7129 099999 99999 71234567890123456789 7129a '71299 ' ''; do
		create "$(enc "c$taken.")" "voiceBridge=$(enc "$taken")"
		answers 200 SUCCESS
		[[ $(x //voiceBridge) =~ ^[1-9][0-9]{8}$ ]]
	done
	create dd "voiceBridge=812345"
	for taken in 81234 812345 8123456; do
		create "e$taken" "voiceBridge=$taken"
		[ "$(x //voiceBridge)" != "$taken" ]
	done
	grep -q "voiceBridge asked for is another room's" "$H/api.log"
	run grep -c 71299 "$H/api.log"
	is "$output" 0
}

@test "16 creates at once of one room: one PIN; 16 rooms at once: 16 PINs, none beginning another" {
	parallel_run 16 "curl -sS -H 'Host: acme.$H_DOMAIN' 'http://127.0.0.1:$H_PORT$(signed create 'meetingID=one&name=Room')'" >"$BATS_TEST_TMPDIR/out"
	is "$(grep -o '<voiceBridge>[0-9]*' "$BATS_TEST_TMPDIR/out" | sort | uniq -c | awk '{ print $1 }')" 16
	is "$(sql "select count(*) from b3lb.dial_pin")" 1
	# By the function itself, where there are hardly any.
	sql "insert into b3lb.dial_pin (secret_id, meeting_id, pin) select (select min(id) from b3lb.secret), 'x' || i, i::text
		from generate_series(10000, 80000) i on conflict do nothing"
	for i in $(seq 16); do create "r$i"; done
	parallel_run 16 "psql -X -A -t -q -h 127.0.0.1 -p $H_PG_PORT -U postgres -d b3lb -c \"
		delete from b3lb.dial_pin where meeting_id = 'r{}'; select b3lb.take_pin(id, 5, null) from b3lb.meeting where meeting_id = 'r{}'\"" >"$BATS_TEST_TMPDIR/pins"
	is "$(sort -u "$BATS_TEST_TMPDIR/pins" | grep -c '^[89][0-9][0-9][0-9][0-9]$')" 16
	is "$(grep -c 99999 "$BATS_TEST_TMPDIR/pins" || true)" 0
	is "$(sql "select count(*) from b3lb.dial_pin a join b3lb.dial_pin b on b.pin = left(a.pin, -1)")" 0
}

@test "a node that has the PIN in use gets the meeting without; nobody is led there by phone" {
	create room
	pin=$(pin_of room)
	# The mapping forgets it, the node does not.
	sql "delete from b3lb.meeting; update b3lb.node set online = slug = '$(sql 'select n.slug from b3lb.node n join b3lb.meeting m on m.node_id = n.id')'"
	create room
	answers 200 SUCCESS
	[ "$(x //voiceBridge)" != "$pin" ]
	is "$(pin_of room)" "$pin"
	is "$(call 49301234 "$pin" | tail -1)" "prompt conference/conf-enter_conf_pin.wav"
}

@test "a call: number, PIN, the node; its own SIP host, what is left of the meeting, a name" {
	create room "duration=60"
	pin=$(pin_of room)
	run call +49301234 "$pin" Caller-Caller-ID-Name="Ana Müller" Caller-Caller-ID-Number=0171
	is "$(sed 's/sched_hangup +3[0-9]* /sched_hangup LEFT /' <<<"$output")" "answer 
sched_hangup +28800 normal_clearing
sleep 500
set b3lb_number=49301234
playback ivr/ivr-welcome.wav
set b3lb_asked=1
prompt conference/conf-enter_conf_pin.wav
set effective_caller_id_name=Ana Müller
set hangup_after_bridge=true
sched_hangup LEFT normal_clearing
bridge sofia/external/$pin@127.0.0.1"
	for n in n1 n2; do admin node set $n --sip-host "sip-$n.example:5080"; done
	create other
	is "$(call 49301235 "$(pin_of other)" | tail -2 | sed 's/n[12]/N/')" "sched_hangup +28800 normal_clearing
bridge sofia/external/$(pin_of other)@sip-N.example:5080"
	# Without one, the host that browsers join at.
	for n in n1 n2; do admin node set $n --sip-host '' --join-url "https://join.$n.example:8443/bigbluebutton/api"; done
	is "$(call 49301235 "$(pin_of other)" | tail -1 | sed 's/n[12]/N/')" "bridge sofia/external/$(pin_of other)@join.N.example"
	is "$(sql "select distinct regexp_replace(sip_host, 'n[12]', 'N') from b3lb.dialin")" join.N.example
	for n in n1 n2; do admin node set $n --join-url ''; done
	run -1 admin node set n1 --sip-host 'a b'
	run -1 admin node set n1 --sip-host 'h;x=y'
	admin node set n1 --sip-host ''
	is "$(sql "select sip_host is null from b3lb.node where slug = 'n1'")" t
}

@test "a number leads to its tenants' rooms alone, one of all to everybody's" {
	create room
	beta create "meetingID=room&name=Room"
	acme=$(pin_of room acme) beta=$(pin_of room beta)
	[ -n "$beta" ]
	is "$(call 49301234 "$beta" | grep -c "bridge sofia" || true)" 0
	is "$(call 494099 "$acme" | grep -c "bridge sofia" || true)" 0
	is "$(call 494099 "$beta" | grep -c "bridge sofia")" 1
	is "$(call 498001 "$beta" | grep -c "bridge sofia")" 1
	is "$(call 498001 "$acme" | grep -c "bridge sofia")" 1
	is "$(call 49409 "$beta")" "not found"
	# A number that two share.
	admin tenant set BETA --dial-numbers "+49 40 99,+4930 1234"
	is "$(call 49301234 "$beta" | grep -c "bridge sofia")" 1
	admin tenant set BETA --dial-numbers "+49 40 99"
	# What the gateway says of the number is believed only where it is one.
	form section=dialplan "Caller-Destination-Number=$acme" variable_b3lb_number=494099 variable_b3lb_asked=1
	is "$(x 'count(//action[@application="bridge"])')" 0
	form section=dialplan "Caller-Destination-Number=$acme" variable_b3lb_number=1
	not_found
}

@test "a PIN is asked for three times, then the call is over; a room of digits is its breakout room" {
	create room
	pin=$(pin_of room)
	run call 49301234 123456789 123456788 123456787 "$pin" Caller-Caller-ID-Number=1
	is "$(grep -c '^prompt' <<<"$output") $(tail -1 <<<"$output")" "3 hangup NORMAL_CLEARING"
	is "$(call 49301234 1 12345 "$pin" Caller-Caller-ID-Number=2 | tail -1)" "bridge sofia/external/$pin@127.0.0.1"
	is "$(call 49301234 | grep -c 'bridge\|hangup NORMAL' || true)" 0
	is "$(call 49301234 "${pin}1" Caller-Caller-ID-Number=3 | grep -c "bridge sofia" || true)" 0
	sim "$(sql 'select slug from b3lb.node n join b3lb.meeting m on m.node_id = n.id')/room" "meetingID=$(sql 'select node_meeting_id from b3lb.meeting')" >/dev/null
	job poll
	is "$(call 49301234 "${pin}1" | tail -1)" "bridge sofia/external/${pin}1@127.0.0.1"
	for none in 0 2; do is "$(call 49301234 "$pin$none" | grep -c "bridge sofia" || true)" 0; done
	# Its node is away, and then the meeting over.
	sql "update b3lb.node set online = false"
	is "$(call 49301234 "$pin" Caller-Caller-ID-Number=4 | grep -c "bridge sofia" || true)" 0
	sql "update b3lb.node set online = true"
	bbb end "meetingID=room"
	is "$(call 49301234 "$pin" Caller-Caller-ID-Number=4 | grep -c "bridge sofia" || true)" 0
}

@test "who guesses PINs is refused for a minute, with the right one too; nobody else is" {
	create room
	pin=$(pin_of room)
	guess() { form section=dialplan "Caller-Destination-Number=$1" variable_b3lb_number=49301234 variable_b3lb_asked=1 "Caller-Caller-ID-Number=$2"; }
	# A minute may end in between.
	for i in $(seq 12); do guess "12345678$((i % 10))" 666; done
	not_found
	guess "$pin" 666
	not_found
	form section=dialplan Caller-Destination-Number=49301234 Caller-Caller-ID-Number=666
	not_found
	guess "$pin" 667
	is "$(x 'count(//action[@application="bridge"])')" 1
	is "$(sql "select count(*) from b3lb.dial_failure")" 1
	sql "update b3lb.dial_failure set minute = minute - interval '2 minutes'"
	guess "$pin" 666
	is "$(x 'count(//action[@application="bridge"])')" 1
	guess 123456789 668
	is "$(sql "select caller from b3lb.dial_failure")" 668
}

@test "who may not ask is told nothing" {
	data=(-d section=dialplan -d Caller-Destination-Number=49301234)
	for wrong in fsapi:Gate fsapi: other:gate :gate; do
		ask "$H_DOMAIN" /b3lb/b/dialin/dialplan -u "$wrong" "${data[@]}"
		is "$status" 401
	done
	[[ "$(header WWW-Authenticate)" == "Basic realm="* ]]
	ask "$H_DOMAIN" /b3lb/b/dialin/dialplan "${data[@]}"
	is "$status" 401
	ask "$H_DOMAIN" /b3lb/b/dialin/dialplan -H "Authorization: Bearer gate" "${data[@]}"
	is "$status" 401
	ask "$H_DOMAIN" /b3lb/b/dialin/dialplan -u fsapi:gate
	is "$status" 405
	ask "$H_DOMAIN" /b3lb/b/dialin/dialplan -u fsapi:gate -d "a=%zz"
	is "$status" 400
	head -c 300000 /dev/zero | tr '\0' a >"$BATS_TEST_TMPDIR/long"
	ask "$H_DOMAIN" /b3lb/b/dialin/dialplan -u fsapi:gate --data-binary "@$BATS_TEST_TMPDIR/long"
	is "$status" 413
	# From elsewhere, with a node's rights alone, and where there is no password.
	body="section=dialplan&Caller-Destination-Number=49301234"
	cgi() { env -i B3LB_CONFIG="$H/b3lb.conf" "$@" REQUEST_METHOD=POST HTTP_HOST="$H_DOMAIN" REQUEST_URI=/b3lb/b/dialin/dialplan CONTENT_LENGTH=${#body} \
		"$B3LB_PREFIX/libexec/b3lb/b3lb-backend" <<<"$body" 2>/dev/null | sed -n 's/^Status: \([0-9]*\).*/\1/p'; }
	is "$(cgi REMOTE_ADDR=192.0.2.1)" 403
	is "$(cgi REMOTE_ADDR=127.0.0.1 B3LB_DIALIN_ALLOW=192.0.2.1)" 403
	is "$(cgi REMOTE_ADDR=127.0.0.1 B3LB_DIALIN_PASSWORD=)" 404
	known="Basic $(printf fsapi:gate | base64)"
	is "$(cgi REMOTE_ADDR=127.0.0.1 HTTP_AUTHORIZATION="$known")" 200
	is "$(cgi REMOTE_ADDR=127.0.0.1 HTTP_AUTHORIZATION="$known" B3LB_DATABASE="host=127.0.0.1 port=1 user=postgres dbname=b3lb" B3LB_DATABASE_TIMEOUT=500ms)" 503
	run grep -c "gate" "$H/backend.log"
	is "$output" 0
}

@test "what a caller is called carries nothing, whatever it is" {
	create room
	pin=$(pin_of room)
	named() {
		form section=dialplan "Caller-Destination-Number=$pin" variable_b3lb_number=49301234 variable_b3lb_asked=1 "Caller-Caller-ID-Name=$1" "${@:2}"
		x '//action[1]/@data' | sed 's/^effective_caller_id_name=//'
	}
	is "$(named '${system(id)}')" "system(id)"
	is "$(named '\${system(id)}')" "system(id)"
	is "$(named '$${hostname}')" hostname
	is "$(named '%{api sofia}')" "api sofia"
	is "$(named $'a\nb')" ab
	is "$(named "'\"<&>;,|a\`b\\c")" abc
	is "$(named $'\xff\xfeZo\xc3\xab\xe2\x80\xae')" "Zoë"
	is "$(named '  ')" Unavailable
	is "$(named '()')" Unavailable
	is "$(named 'Ana 2')" "Ana 2"
	is "$(named +49171234567)" +4917123XXXX
	is "$(named '(0171) 12-34')" "(0171) XX-XX"
	is "$(named 123)" XXX
	is "$(named 'Ana 0171 234567')" "Ana 0171 23XXXX"
	is "$(named 'Ana' Caller-Privacy-Hide-Name=true)" Unavailable
	is "$(named '0171234567' Caller-Privacy-Hide-Number=true)" Unavailable
	is "$(named 'Ana' Caller-Privacy-Hide-Number=true)" Ana
	is "$(named "$(printf 'ä%.0s' $(seq 60))")" "$(printf 'ä%.0s' $(seq 48))"
	# NUL, which no argument can hold.
	ask "$H_DOMAIN" /b3lb/b/dialin/dialplan -u fsapi:gate \
		-d "section=dialplan&Caller-Destination-Number=$pin&variable_b3lb_number=49301234&variable_b3lb_asked=1&Caller-Caller-ID-Name=A%00\${na}"
	is "$(x '//action[1]/@data')" "effective_caller_id_name=Ana"
}

@test "numbers that are none are not found, and every answer is sound XML" {
	for to in '' a '49 30' '49301234;x' '${uuid}' '49301234$' '*' "$(printf '1%.0s' $(seq 33))" '<x>' '.*' '+'; do
		form section=dialplan "Caller-Destination-Number=$to"
		not_found
		form section=dialplan "Caller-Destination-Number=$to" variable_b3lb_number=49301234 variable_b3lb_asked=1
		xmllint --noout - <<<"$output"
		[[ "$output" != *bridge* ]]
		form section=dialplan Caller-Destination-Number=12345 "variable_b3lb_number=$to" variable_b3lb_asked=1
		not_found
	done
	form section=directory Caller-Destination-Number=49301234
	not_found
	form section=dialplan Caller-Destination-Number=+49301234
	is "$(x '//condition/@expression')" '^\+49301234$'
	for asked in 9 99 x ''; do
		form section=dialplan Caller-Destination-Number=12345 variable_b3lb_number=49301234 "variable_b3lb_asked=$asked" Caller-Caller-ID-Number="a$asked"
		is "$(x '//action[last()]/@application')" hangup
	done
}

@test "PINs that nobody uses for half a year are freed by b3lb-cleanup, those of meetings that run are not" {
	create running
	create over
	bbb end meetingID=over
	create young
	bbb end meetingID=young
	sql "update b3lb.dial_pin set used_at = now() - interval '181 days' where meeting_id <> 'young'; insert into b3lb.dial_failure values ('1', now() - interval '1 day', 1)"
	run -0 job cleanup
	is "$(sql "select string_agg(meeting_id, ',' order by meeting_id) from b3lb.dial_pin")" running,young
	is "$(sql "select count(*) from b3lb.dial_failure")" 0
	# A secret's PINs go with it.
	admin secret add BETA --sub-id 7 >/dev/null
	sql "insert into b3lb.dial_pin (secret_id, meeting_id, pin) select id, 'x', '55555' from b3lb.secret where sub_id = 7"
	admin secret remove BETA-7
	is "$(sql "select count(*) from b3lb.dial_pin where pin = '55555'")" 0
	create running
	is "$(sql "select used_at > now() - interval '1 day' from b3lb.dial_pin where meeting_id = 'running'")" t
}

@test "numbers, own PINs and SIP hosts are part of the state; what is no number is refused" {
	admin node set n1 --sip-host sip.example
	admin tenant set BETA --own-pins on
	admin state export --secrets >"$BATS_TEST_TMPDIR/state.json"
	is "$(jq -r '(.tenants[] | select(.slug == "BETA") | "\(.dial_numbers) \(.own_pins)"), (.nodes[] | select(.slug == "n1") | .sip_host)' "$BATS_TEST_TMPDIR/state.json")" \
		$'+49 40 99 true\nsip.example'
	admin tenant set BETA --own-pins off --dial-numbers +1234
	admin node set n1 --sip-host ''
	admin state import "$BATS_TEST_TMPDIR/state.json" >/dev/null
	is "$(sql "select dial_numbers || ' ' || own_pins from b3lb.tenant where slug = 'beta'")" "+49 40 99 true"
	is "$(sql "select sip_host from b3lb.node where slug = 'n1'")" sip.example
	for bad in 1 +4930a '+49--1' ',1234' '1234,' "$(printf '1%.0s' $(seq 33))" '${a}'; do
		run -1 admin tenant set BETA --dial-numbers "$bad"
		[[ "$output" == *"telephone numbers"* ]]
	done
	is "$(sql "select dial_numbers from b3lb.tenant where slug = 'beta'")" "+49 40 99"
}
