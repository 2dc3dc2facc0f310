# What a browser gets whose join failed: where it is sent, else a page for people; everybody else gets XML.
load ../harness/harness.bash
setup_file() { h_start 1; }
teardown_file() { h_stop; }
setup() { h_reset; }

HTML="text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
join() { ask "acme.$H_DOMAIN" "$(signed join "$1")" -H "Accept: $HTML" -H "Accept-Language: ${2:-en}"; }
sent_to() { is "$status" 302 && [[ "$(header location)" == $1 ]] || { echo "sent to $(header location)"; false; }; }
page() { is "$status" "$1" && is "$(header content-type)" "text/html; charset=utf-8" && is "$(xmllint --html --xpath 'string(//h1)' - <<<"$output" 2>/dev/null)" "$2"; }
full() {
	admin tenant set ACME --attendee-limit 1
	sql "update b3lb.meeting set attendees = 1"
}
GONE="meetingID=gone&fullName=A&role=VIEWER"

@test "errorRedirectUrl first, then the client's logoutURL, with errors= in the query" {
	out=$(enc "http://lms.example/back?a=1#top") err=$(enc "https://lms.example/err")
	join "$GONE&logoutURL=$out"
	sent_to "http://lms.example/back?a=1&errors="*"#top"
	errors=$(header location | sed 's/.*errors=//; s/#.*//' | python3 -c 'import sys, urllib.parse; print(urllib.parse.unquote(sys.stdin.read()))')
	is "$(jq -r '.[0].key, .[0].message' <<<"$errors" | paste -sd' ')" "notFound A meeting with that ID does not exist"
	join "$GONE&logoutURL=$out&errorRedirectUrl=$err"
	sent_to "https://lms.example/err?errors="*
	# What is no URL to send a browser to is passed over.
	for bad in "javascript:alert(1)" "//lms.example/" "http://" "https:///x" "ftp://lms.example/" "http://lms.example/ a"; do
		join "$GONE&logoutURL=$out&errorRedirectUrl=$(enc "$bad")"
		sent_to "http://lms.example/back?a=1&errors="*
	done
	# A program sees where it would be sent too.
	bbb join "$GONE&logoutURL=$out"
	sent_to "http://lms.example/back?a=1&errors="*
}

@test "bytes outside ASCII go out percent-encoded, who joins is left out" {
	join "$GONE&logoutURL=$(enc "https://lms.example/ü?user=%%USERNAME%%&m=%%MEETINGID%%")"
	sent_to "https://lms.example/%C3%BC?user=&m=&errors="*
}

@test "the meeting's logoutURL where the request has none, however it was created" {
	bbb create "meetingID=abc&name=Test&logoutURL=$(enc "https://lms.example/after")"
	is "$(on_node abc .params.logoutURL)" https://lms.example/after
	full
	join "meetingID=abc&fullName=A&role=VIEWER"
	sent_to "https://lms.example/after?errors="*maxParticipantsReached*
	# Its node is down.
	sql "update b3lb.node set online = false"
	join "meetingID=abc&fullName=A&role=VIEWER"
	sent_to "https://lms.example/after?errors="*notFound*
	# A tenant's rule made it.
	h_reset
	admin parameter set ACME logoutURL override https://tenant.example/out
	bbb create "meetingID=abc&name=Test&logoutURL=$(enc "https://lms.example/after")"
	admin parameter remove ACME logoutURL
	full
	join "meetingID=abc&fullName=A&role=VIEWER"
	sent_to "https://tenant.example/out?errors="*
}

@test "a tenant's rules on errorRedirectUrl and logoutURL hold for a join that fails before them" {
	admin parameter set ACME errorRedirectUrl set https://tenant.example/err
	join "$GONE"
	sent_to "https://tenant.example/err?errors="*
	admin parameter set ACME errorRedirectUrl block
	join "$GONE&errorRedirectUrl=$(enc https://lms.example/err)"
	page 404 "This meeting is not open"
}

@test "with redirect=false a program asks: logoutURL does not send it away" {
	join "$GONE&redirect=false&logoutURL=$(enc https://lms.example/out)"
	answers 404 FAILED notFound
}

@test "a browser without a way back gets a page, with the status and the reason" {
	join "$GONE"
	page 404 "This meeting is not open"
	bbb create "meetingID=abc&name=Test"
	join "meetingID=abc&fullName=A"
	page 400 "This link does not work"
	full
	join "meetingID=abc&fullName=A&role=VIEWER"
	page 403 "This meeting is full"
	ask "acme.$H_DOMAIN" "/bigbluebutton/api/join?meetingID=abc&fullName=A&role=VIEWER&checksum=0" -H "Accept: $HTML"
	page 401 "This link does not work"
	# The right status whatever programs are to see.
	admin tenant set ACME --error-status bbb
	join "$GONE"
	page 404 "This meeting is not open"
	bbb join "$GONE"
	answers 200 FAILED notFound
}

@test "the database away: a page that says to wait, with Retry-After" {
	h_pg_down
	join "$GONE"
	h_pg_up
	page 503 "The service cannot be reached at the moment"
	is "$(header retry-after)" 5
}

@test "who accepts no HTML gets XML, on join; every other call is XML for browsers too" {
	for accept in "*/*" "text/xml" "text/html;q=0, */*" "text/htmlx" ""; do
		ask "acme.$H_DOMAIN" "$(signed join "$GONE")" -H "Accept: $accept"
		answers 404 FAILED notFound
	done
	ask "acme.$H_DOMAIN" "$(signed getMeetingInfo meetingID=gone)" -H "Accept: $HTML"
	answers 200 FAILED notFound
	ask "acme.$H_DOMAIN" "$(signed nothing "")" -H "Accept: $HTML"
	answers 404 FAILED unsupportedRequest
}

@test "the page speaks nine languages" {
	for line in "en:This meeting is not open" "de:Diese Konferenz ist nicht geöffnet" "fr:Cette réunion n’est pas ouverte" "es:Esta reunión no está abierta" \
		"it:Questa riunione non è aperta" "nl:Deze vergadering is niet geopend" "pt:Esta reunião não está aberta" "pl:To spotkanie nie jest otwarte" \
		"cs:Tato schůzka není otevřená"; do
		join "$GONE" "${line%%:*}-XX,en;q=0.5"
		page 404 "${line#*:}"
		is "$(xmllint --html --xpath 'string(/html/@lang)' - <<<"$output" 2>/dev/null)" "${line%%:*}"
	done
	join "$GONE" "ja,de;q=0.2"
	page 404 "Diese Konferenz ist nicht geöffnet"
	join "$GONE" "ja"
	page 404 "This meeting is not open"
}

@test "the page has the request's id, no script, and nothing of the request" {
	join "meetingID=%3Cscript%3Ealert(1)%3C/script%3E&fullName=%3Cb%3E%22'&role=VIEWER&logoutURL=javascript:alert(2)" "<script>,\"'"
	page 404 "This meeting is not open"
	[[ "$output" == *"$(header request-id)"* ]]
	for word in "<script" alert "<b>" javascript: on=; do
		[[ "$output" != *"$word"* ]] || { echo "it holds $word"; false; }
	done
	is "$(header x-content-type-options) $(header referrer-policy) $(header cache-control)" "nosniff no-referrer no-store"
	policy=$(header content-security-policy)
	[[ "$policy" == "default-src 'none'; style-src 'sha256-"*"'; img-src 'none'; base-uri 'none'; form-action 'none'" ]]
	style=$(xmllint --html --xpath 'string(//style)' - <<<"$output" 2>/dev/null)
	[[ "$policy" == *"sha256-$(printf %s "$style" | openssl dgst -sha256 -binary | base64)'"* ]]
}

@test "the tenant's logo is on the page where it has one, and not where its secret was wrong" {
	base64 -d >"$BATS_TEST_TMPDIR/logo.png" <<<iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==
	admin asset set ACME logo "$BATS_TEST_TMPDIR/logo.png" --type image/png
	url=http://$H_DOMAIN:$H_PORT/b3lb/t/acme/logo
	join "$GONE"
	is "$(xmllint --html --xpath 'string(//img/@src)' - <<<"$output" 2>/dev/null)" "$url"
	[[ "$(header content-security-policy)" == *"; img-src $url; "* ]]
	ask "acme.$H_DOMAIN" "/b3lb/t/acme/logo"
	is "$status" 200
	ask "acme.$H_DOMAIN" "/bigbluebutton/api/join?$GONE&checksum=0" -H "Accept: $HTML"
	[[ "$output" != *"<img"* ]]
	wrong=${output//$(header request-id)/}
	ask "nobody.$H_DOMAIN" "/bigbluebutton/api/join?$GONE&checksum=0" -H "Accept: $HTML"
	is "${output//$(header request-id)/}" "$wrong"
}
