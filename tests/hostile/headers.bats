# Values of a client that reach a header of an answer: Location, Content-Disposition, Allow.
load ../harness/harness.bash
load hostile.bash
setup_file() {
	h_start 1
	bbb create "meetingID=abc&name=Name"
}
teardown_file() { h_stop; }
form() { ask "acme.$H_DOMAIN" "/bigbluebutton/api/$1" --data-binary "$2&checksum=$(checksum "$1" "$2" "$ACME_SECRET")"; }
# One Location, and nothing that the value smuggled in.
one_location() {
	is "$(grep -ci '^location:' <<<"$headers")" 1
	is "$(grep -ci '^x-evil\|^set-cookie' <<<"$headers" || true)" 0
}
evil='x%0D%0AX-Evil:%201%0D%0A%0D%0A%3Cscript%3E'

@test "join: every parameter goes on percent-encoded" {
	for p in fullName password userID avatarURL userdata-x createTime unknown; do
		form join "meetingID=abc&fullName=Me&role=VIEWER&$p=$evil"
		is "$status" 302
		one_location
		[[ "$(header location)" == *"%0D%0AX-Evil"* ]]
		[[ "$output" != *script* ]]
	done
	form join "meetingID=abc&fullName=Me&role=VIEWER&x%0D%0AX-Evil:%201=y"
	is "$status" 302
	one_location
}

@test "errorRedirectUrl: only http and https, and no way out of the line" {
	local to
	for to in "http://x/$evil" 'http://x/%0AX-Evil:1' 'javascript:alert(1)' 'data:text/html,x' '//evil.test' '/x' 'ftp://x' ' http://x' 'http://x/%20y' \
		'http://x/%09y' 'http:\\evil' 'httpx://y'; do
		form join "meetingID=none&fullName=Me&role=VIEWER&errorRedirectUrl=$to"
		is "$status" 404
		is "$(header location)" ""
		is "$(header x-evil)" ""
	done
	form join "meetingID=none&fullName=Me&role=VIEWER&errorRedirectUrl=http://lms.test/a%3Fb=c%23frag%22%3E"
	is "$status" 302
	one_location
	[[ "$(header location)" == 'http://lms.test/a?b=c&errors='*'#frag">' ]]
}

@test "the error text that a client influences stays inside its JSON and XML" {
	form create "meetingID=abc&name=Name&%3C/message%3E%3Cx%3E=%zz"
	answers 400 FAILED invalidParameters
	is "$(x 'count(//x)')" 0
	xmllint --noout - <<<"$output"
	ask "acme.$H_DOMAIN" '/bigbluebutton/api/x<y>'
	[[ "$output" != *'<y>'* ]]
}

@test "no answer is taken for another type than it is" {
	bbb getMeetings ""
	[[ "$(header content-type)" == "text/xml; charset=utf-8" ]]
	form getMeetingInfo "meetingID=abc"
	[[ "$(header content-type)" == "text/xml; charset=utf-8" ]]
}

@test "the Request-Id of a request that is none stands in the log too" {
	for at in "api /bigbluebutton/api/a%20b" "stats /b3lb/t/a%20b/stats" "assets /b3lb/t/a%20b/logo" "recordings /b3lb/r/a%20b" "backend /b3lb/b/a%20b"; do
		ask "$H_DOMAIN" "${at#* }"
		is "$status" 404
		is "$(grep -c "event=request.*$(header request-id).*status=404" "$H/${at%% *}.log")" 1
	done
}
