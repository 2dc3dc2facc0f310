# Text that means something to a part behind us: SQL, XML, JSON, logs, nodes. It is kept as it is, or refused by name.
# fronts: lighttpd-socket apache-proxy
load ../harness/harness.bash
load hostile.bash
setup_file() { h_start 2; }
teardown_file() { h_stop; }
setup() { h_reset; }

# As a form: what stands in a URL the web server may refuse before us.
form() { ask "acme.$H_DOMAIN" "/bigbluebutton/api/$1" --data-binary "$2&checksum=$(checksum "$1" "$2" "$ACME_SECRET")"; }
tables() { sql "select count(*) from information_schema.tables where table_schema = 'b3lb'"; }

@test "SQL, array and format metacharacters in ids and names come back as they were sent" {
	local id n=0 before
	before=$(tables)
	for id in "x'; drop table b3lb.meeting; --" '"; select 1' '{"a" NULL}' '\x27\\' '$1 $$ %s %n %1$s' '%_%' 'NULL' '(select 1)' \
		"E'\\\\000'" 'a  b' '<![CDATA[x]]>' ']]><a b="c">&amp;</a>' '&lt;&#0;' '${jndi:ldap://x}' 'ä€😀' ; do
		form create "meetingID=$(enc "$id")&name=$(enc "n$id")&meta_a=$(enc "$id")&welcome=$(enc "$id")"
		answers 200 SUCCESS
		is "$(x /response/meetingID)" "$id"
		n=$((n + 1))
	done
	run -0 job poll
	is "$(sql 'select count(*) from b3lb.meeting where seen')" "$n"
	bbb getMeetings ""
	is "$(x 'count(//meeting)')" "$n"
	for ((i = 1; i <= n; i++)); do is "n$(x "(//meeting)[$i]/meetingID")" "$(x "(//meeting)[$i]/meetingName")"; done
	is "$(tables)" "$before"
	id="x'; drop table b3lb.meeting; --"
	bbb end "meetingID=$(enc "$id")"
	answers 200 SUCCESS
	is "$(sql 'select count(*) from b3lb.meeting')" $((n - 1))
}

@test "SQL metacharacters where a tenant, an alias, a nonce or a token is named" {
	for host in "acme'.$H_DOMAIN" "acme\".$H_DOMAIN" "acme;.$H_DOMAIN" "acme%27.$H_DOMAIN" "'"; do
		ask "$host" "$(signed getMeetings "")"
		[[ "$status" =~ ^(400|401|403|404)$ && "$output" != *SUCCESS* ]]
	done
	for path in "/b3lb/t/acme'/bbb/api/getMeetings" "/b3lb/t/acme%27/bbb/api/getMeetings" "/b3lb/t/acme-0'/bbb/api/getMeetings" \
		"/b3lb/t/acme'--/stats?token='" "/b3lb/r/'or'1'='1" "/b3lb/b/callback/end?nonce='or'1'='1" "/b3lb/t/acme'/logo"; do
		ask "$H_DOMAIN" "$path"
		[[ "$status" =~ ^(400|401|403|404)$ && "$output" != *SUCCESS* ]]
	done
}

@test "control characters are taken out of texts, and no meetingID may have one" {
	for c in 00 01 08 0b 1b 7f c2%85; do
		form create "meetingID=abc&name=Na%${c}me&meta_x=%${c}y&we%${c}lcome=hello"
		answers 200 SUCCESS
		is "$(on_node abc '[.params.name, .params["meta_x"], .params.welcome] | join(" ")')" "Name y hello"
		form end meetingID=abc
		form create "meetingID=a%${c}bc&name=Name"
		answers 400 FAILED validationError
		form isMeetingRunning "meetingID=abc%${c}"
		answers 400 FAILED validationError
	done
	for id in +abc abc%20 a%0Abc %09abc; do
		bbb create "meetingID=$id&name=Name"
		answers 400 FAILED validationError
		is "$(x //message)" "Parameter meetingID must have no control characters and no blanks around it"
	done
	raw 'GET /bigbluebutton/api/create?meetingID=abc&name=Na\0me&checksum=%s HTTP/1.1\r\nHost: acme.bbb.test\r\nConnection: close\r\n\r\n' \
		"$(checksum create "meetingID=abc&name=Na" "$ACME_SECRET")"
	[[ "$output" != *SUCCESS* ]]
	is "$(sql 'select count(*) from b3lb.meeting')" 0
}

@test "what is not percent-encoded is refused by name" {
	for q in "meetingID=abc&name=Name&we=%" "meetingID=abc&name=Name&we%zz=1" "meetingID=abc&name=Name&we=%4"; do
		form create "$q"
		answers 400 FAILED invalidParameters
		[[ "$(x /response/message)" == *we* ]]
	done
}

@test "a NUL in a form ends nothing that the checksum covers" {
	local q="meetingID=abc&name=Name"
	printf '%s&checksum=%s\0&name=Other' "$q" "$(checksum create "$q" "$ACME_SECRET")" >"$BATS_TEST_TMPDIR/form"
	ask "acme.$H_DOMAIN" /bigbluebutton/api/create --data-binary "@$BATS_TEST_TMPDIR/form"
	[[ "$output" != *SUCCESS* ]]
	is "$(sql 'select count(*) from b3lb.meeting')" 0
}

@test "what is not UTF-8 becomes U+FFFD, wherever it stands" {
	local n=0
	for bytes in %ff %c3 %c0%af %e0%80%af %ed%a0%80 %f8%88%80%80%80 %f4%90%80%80; do
		bbb create "meetingID=ab$((n += 1))$bytes&name=Name$bytes&meta_x=a$bytes&parentMeetingID=a$bytes&unknown=$bytes&a$bytes=x"
		answers 200 SUCCESS
		[[ "$(x /response/meetingID)" == "ab$n"*� ]]
		bbb isMeetingRunning "meetingID=ab$n$bytes"
		answers 200 SUCCESS
	done
	form create "meetingID=abc&name=M%FCller"
	answers 200 SUCCESS
	is "$(on_node abc .params.name)" M�ller
	bbb getMeetings ""
	xmllint --noout - <<<"$output"
	run ! grep -q event=failure "$H/api.log"
}

@test "a character that XML forbids does no harm to the node, the tenant or the others" {
	beta create "meetingID=other&name=Other"
	bbb create "meetingID=a%EF%BF%BEb&name=x%EF%BF%BEy&meta_z=%EF%BF%BF"
	answers 200 SUCCESS
	xmllint --noout - <<<"$output"
	for round in before after; do
		bbb getMeetings ""
		answers 200 SUCCESS
		is "$(x 'count(//meeting)')" 1
		bbb getMeetingInfo "meetingID=a%EF%BF%BEb"
		answers 200 SUCCESS
		xmllint --noout - <<<"$output"
		run -0 job poll
		is "$(sql 'select count(*) from b3lb.node where online and failures = 0')" 2
	done
	beta getMeetings ""
	is "$(x //meetingID)" other
	bbb end "meetingID=a%EF%BF%BEb"
	answers 200 SUCCESS
}

@test "a character that XML forbids in a callback's URL breaks no answer and no list" {
	local u=http://lms.example/%EF%BF%BEx
	bbb create "meetingID=zero&name=Name"
	acme5 create "meetingID=abc&name=Name&meta_endCallbackUrl=$u&meta_analytics-callback-url=$u&meta_bbb-recording-ready-url=$u"
	answers 200 SUCCESS
	sql "update b3lb.node set polled_at = null"
	run -0 job poll
	is "$(sql 'select count(*) from b3lb.meeting where seen')" 2
	for call in getMeetings getMeetingInfo; do
		bbb $call "meetingID=abc"
		answers 200 SUCCESS
		is "$(x //metadata/endcallbackurl)" $'http://lms.example/\xef\xbf\xbdx'
	done
}

@test "meta names that clash with ours" {
	bbb create "meetingID=abc&name=Name&record=true&meta_b3lb-recordset=stolen&meta_B3LB-RecordSet=stolen&meta_ENDCALLBACKURL=$(enc http://lms.example/a)&meta_endcallbackurl=$(enc http://lms.example/b)&meta_meetingid=x&meta_meetingName=y"
	answers 200 SUCCESS
	is "$(on_node abc '[.params | to_entries[] | select(.value == "stolen")] | length')" 0
	is "$(on_node abc '[.params | to_entries[] | select(.key | ascii_downcase == "meta_endcallbackurl")] | length')" 1
	is "$(on_node abc '[.params | to_entries[] | select(.key | ascii_downcase == "meta_b3lb-recordset")] | length')" 1
	[[ "$(on_node abc '.params["meta_b3lb-recordset"]')" =~ ^[0-9a-f]{32}$ ]]
	job poll
	bbb getMeetingInfo "meetingID=abc"
	is "$(x //metadata/endcallbackurl)" http://lms.example/a
	[[ "$output" != *recordset* && "$output" != *nonce* ]]
}

@test "a parameter said twice means one thing to us and to the node" {
	bbb create "meetingID=abc&meetingID=def&name=Name&name=Other&meta_x=1&meta_x=2"
	answers 200 SUCCESS
	is "$(sql 'select meeting_id from b3lb.meeting')" abc
	is "$(on_node abc .name)" Name
	ask "acme.$H_DOMAIN" "$(signed end meetingID=abc)&checksum=x"
	answers 401 FAILED checksumError
	ask "acme.$H_DOMAIN" "$(signed end meetingID=abc)&%63hecksum=x"
	answers 401 FAILED checksumError
	ask "acme.$H_DOMAIN" "$(signed end meetingID=abc)&meetingID=def"
	answers 401 FAILED checksumError
}

@test "what a client sends reaches the log as values, never as lines of its own" {
	local evil='x%0Alevel%3Derror event%3Dforged%0D%1B'
	for call in create join end getMeetingInfo; do bbb "$call" "meetingID=${evil// /%20}&name=x&fullName=x%0Aevent=forged&password=x%0Aevent=forged"; done
	ask "acme.$H_DOMAIN" "/bigbluebutton/api/x%0Aevent=forged"
	ask "acme.$H_DOMAIN" /bigbluebutton/api/create -A $'a\x1b[2J' -e $'http://x/\x07'
	! grep -q '^[^ ]*event=forged\|^level=' "$H/api.log" || false
	! grep -q $'[\x01-\x08\x0b-\x1f\x7f]' "$H/api.log" || false
	# Every line is one of ours.
	! grep -v '^[0-9T:.-]*Z b3lb-api level=[a-z]* event=[a-z_]*' "$H/api.log" || false
}

@test "line breaks and tabs are text, in a URL too" {
	bbb create "meetingID=abc&name=Name&welcome=a%0D%0Ab%09c"
	answers 200 SUCCESS
	is "$(on_node abc .params.welcome)" $'a\r\nb\tc'
}

@test "a way to the node that no header and no node takes is refused, and nobody is counted" {
	bbb create "meetingID=abc&name=Name"
	for count in 1 2; do
		form join "meetingID=abc&fullName=$(printf 'x%.0s' $(seq 7000))&role=VIEWER"
		is "$status" 302
		for n in 8200 70000; do
			form join "meetingID=abc&fullName=$(printf 'x%.0s' $(seq $n))&role=VIEWER"
			answers 400 FAILED invalidParameters
		done
		# Each becomes three bytes.
		form join "meetingID=abc&fullName=$(printf '+%.0s' $(seq 3000))&role=VIEWER"
		answers 400 FAILED invalidParameters
		form join "meetingID=none&fullName=x&role=VIEWER&errorRedirectUrl=http://lms.test/$(printf 'x%.0s' $(seq 8200))"
		answers 404 FAILED notFound
		is "$(sql "select count(*) from b3lb.metric_event where name = 'joined'")" "$count"
	done
}
