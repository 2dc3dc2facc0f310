# What a BBB server reads in more than one spelling: paths, booleans, bodies.
# fronts: all
load ../harness/harness.bash
setup_file() { h_start 2; }
teardown_file() { h_stop; }
setup() { h_reset; }

post() { ask "acme.$H_DOMAIN" "$1" -H "Content-Type: $2" --data-binary "$3"; }

@test "the root says the version, with and without a slash, by host and by path" {
	for path in /bigbluebutton /bigbluebutton/ //bigbluebutton/ /bigbluebutton/api /bigbluebutton/api/ /bigbluebutton//api; do
		ask "acme.$H_DOMAIN" "$path"
		answers 200 SUCCESS
		is "$(x /response/version)" 2.0
	done
	for path in /b3lb/t/acme/bbb /b3lb/t/acme/bbb/ /b3lb/t/acme-5/bbb/ /b3lb//t/acme/bbb/api; do
		ask "$H_DOMAIN" "$path"
		answers 200 SUCCESS
		is "$(x /response/version)" 2.0
	done
	ask "acme.$H_DOMAIN" /bigbluebuttons
	is "${status:0:1}" 4
}

@test "several slashes are one, and one at the end is none" {
	local q path
	q=$(signed create "meetingID=abc&name=Name")
	q=${q#*\?}
	for path in /bigbluebutton/api/create/ /bigbluebutton/api//create /bigbluebutton//api/create //bigbluebutton/api/create /bigbluebutton///api//create//; do
		ask "acme.$H_DOMAIN" "$path?$q"
		answers 200 SUCCESS
		is "$(x /response/meetingID)" abc
	done
	ask "$H_DOMAIN" "/b3lb/t/acme/bbb//api/create/?$q"
	answers 200 SUCCESS
	is "$(asked create)" 6
	ask "acme.$H_DOMAIN" "/bigbluebutton/api/nothing/?$q"
	answers 404 FAILED unsupportedRequest
}

@test "redirect is false when it is anything but true" {
	bbb create "meetingID=abc&name=Name&moderatorPW=mp"
	for no in false FALSE 0 no x; do
		bbb join "meetingID=abc&fullName=A&password=mp&redirect=$no"
		answers 200 SUCCESS
	done
	for yes in true TRUE True ""; do
		bbb join "meetingID=abc&fullName=A&password=mp&redirect=$yes"
		is "$status" 302
	done
}

@test "multipart/form-data is a form, covered as one; files in it mean nothing" {
	local sum
	# No body to speak of.
	ask "acme.$H_DOMAIN" "$(signed create "meetingID=abc&name=Name")" -H "Content-Type: multipart/form-data; boundary=xx" --data-binary $'--xx--\r\n'
	answers 200 SUCCESS
	sum=$(checksum isMeetingRunning meetingID=abc "$ACME_SECRET")
	ask "acme.$H_DOMAIN" /bigbluebutton/api/isMeetingRunning -F meetingID=abc -F "checksum=$sum"
	answers 200 SUCCESS
	is "$(x /response/running)" false
	ask "acme.$H_DOMAIN" "/bigbluebutton/api/isMeetingRunning?checksum=$sum" -F meetingID=abc -F "meetingID=@$H/b3lb.conf"
	answers 200 SUCCESS
	sum=$(checksum create "meetingID=two&name=A%20B" "$ACME_SECRET")
	ask "acme.$H_DOMAIN" /bigbluebutton/api/create -F "name=A B" -F meetingID=two -F "checksum=$sum"
	answers 200 SUCCESS
	is "$(on_node two .params.name)" "A B"
	# What nothing covers.
	ask "acme.$H_DOMAIN" "$(signed end meetingID=abc)" -F password=x
	answers 401 FAILED checksumError
	ask "acme.$H_DOMAIN" /bigbluebutton/api/isMeetingRunning -F meetingID=abd -F "checksum=$(checksum isMeetingRunning meetingID=abc "$ACME_SECRET")"
	answers 401 FAILED checksumError
	post /bigbluebutton/api/end "multipart/form-data" "x"
	answers 400 FAILED invalidParameters
}

@test "slides whose Content-Type says form are slides, behind a signed URL" {
	local xml='<?xml version="1.0" encoding="UTF-8"?><modules><module name="presentation"><document url="http://x/a.pdf"/></module></modules>'
	post "$(signed create "meetingID=abc&name=Name")" "application/x-www-form-urlencoded" "$xml"
	answers 200 SUCCESS
	is "$(sim journal call=create | jq '.[-1].body_bytes')" ${#xml}
	post "$(signed create "meetingID=abd&name=Name")" "application/x-www-form-urlencoded" $'\xef\xbb\xbf\r\n'"$xml"
	answers 200 SUCCESS
	post "$(signed create "meetingID=abe&name=Name" wrong)" "application/x-www-form-urlencoded" "$xml"
	answers 401 FAILED checksumError
	post "$(signed create "meetingID=abe&name=Name")" "application/x-www-form-urlencoded" "record=true"
	answers 401 FAILED checksumError
	post "/bigbluebutton/api/create?checksum=$(checksum create "" "$ACME_SECRET")" "application/x-www-form-urlencoded" "$xml"
	[[ "$output" != *SUCCESS* ]]
	is "$(sql 'select count(*) from b3lb.meeting')" 2
}

@test "bytes that are no UTF-8 reach the program" {
	for bytes in %FC %E4 %C0%AF; do
		bbb create "meetingID=abc&name=M${bytes}ller"
		answers 200 SUCCESS
	done
	[[ "$(on_node abc .params.name)" == M�*ller ]]
}

@test "a wrong checksum and a name that is no tenant's are told the same" {
	local one two
	sql "update b3lb.tenant set error_status = null"
	for call in create getMeetings join; do
		for _ in 1 2; do
			ask "acme.$H_DOMAIN" "$(signed $call "meetingID=abc&name=Name&fullName=x&password=y" wrong)"
			one="$output $(grep -vi '^request-id\|^date' <<<"$headers")"
			ask "nobody.$H_DOMAIN" "$(signed $call "meetingID=abc&name=Name&fullName=x&password=y" wrong)"
			two="$output $(grep -vi '^request-id\|^date' <<<"$headers")"
			is "$one" "$two"
			ask "$H_DOMAIN" "/b3lb/t/nobody/bbb/api/${call}?checksum=$(checksum x y z)"
			one=$output
			ask "$H_DOMAIN" "/b3lb/t/acme/bbb/api/${call}?checksum=$(checksum x y z)"
			is "$one" "$output"
		done
	done
}
