# A tenant's rules on parameters, its branding, recording flags.
load ../harness/harness.bash
setup_file() { h_start 2; }
teardown_file() { h_stop; }
setup() { h_reset; }
rule() { admin parameter set ACME "$@"; }
# create meetingID=abc with further parameters; a parameter as the node got it, null without.
create() { bbb create "meetingID=abc&name=Test&$1" && answers 200 SUCCESS; }
sent() { on_node abc ".params[\"$1\"]"; }
joined() { header location | tr '?&' '\n\n' | sed -n "s/^$1=//p"; }

@test "block removes a parameter" {
	rule welcome block
	create "welcome=Hello"
	is "$(sent welcome)" null
}

@test "set fills in what is absent, and only that" {
	rule muteOnStart set true
	create ""
	is "$(sent muteOnStart)" true
	bbb end "meetingID=abc"
	create "muteOnStart=false"
	is "$(sent muteOnStart)" false
}

@test "override always sets" {
	rule guestPolicy override ASK_MODERATOR
	create "guestPolicy=ALWAYS_ACCEPT"
	is "$(sent guestPolicy)" ASK_MODERATOR
}

@test "max caps a number, fills it in, and takes 0 for unlimited" {
	rule duration max 60
	create "duration=90"
	is "$(sent duration)" 60
	for given in "" "duration=0" "duration=61"; do
		bbb end "meetingID=abc"
		create "$given"
		is "$(sent duration)" 60
	done
	bbb end "meetingID=abc"
	create "duration=30"
	is "$(sent duration)" 30
}

@test "max caps what a node takes for no number" {
	rule duration max 60
	# A blank in front, and a node's own default applies: no limit.
	for given in "%205" "%095" "5%20" "%2B5" "-5" "5x"; do
		create "duration=$given"
		is "$(sent duration)" 60
		bbb end "meetingID=abc"
	done
}

@test "append adds to a comma list" {
	rule disabledFeatures append chat,polls
	create "disabledFeatures=captions"
	is "$(sent disabledFeatures)" captions,chat,polls
	bbb end "meetingID=abc"
	create ""
	is "$(sent disabledFeatures)" chat,polls
}

@test "meta_ and userdata- names are taken generically" {
	rule meta_faculty override physics
	rule userdata-bbb_skip_check_audio set true
	create "meta_faculty=law"
	is "$(sent meta_faculty)" physics
	bbb join "meetingID=abc&fullName=Me&role=VIEWER"
	is "$(joined userdata-bbb_skip_check_audio)" true
}

@test "rules of join do not reach create, and the other way round" {
	rule avatarURL override http://x.example/a.png
	rule welcome set Hi
	create ""
	is "$(sent avatarURL)" null
	bbb join "meetingID=abc&fullName=Me&role=VIEWER"
	is "$(joined welcome)" ""
	is "$(joined avatarURL)" "http%3A%2F%2Fx.example%2Fa.png"
}

@test "a rule of one tenant does not touch another's" {
	rule welcome override Acme
	beta create "meetingID=abc&name=Test"
	is "$(sent welcome)" null
}

@test "values are checked when they are set: type and rule are named" {
	while read -r name mode value; do
		run admin parameter set ACME "$name" "$mode" $value
		[ "$status" = 1 ] || { echo "$name $mode $value was taken"; false; }
		[[ "$output" == *"$name"* || "$output" == *"$mode"* ]]
	done <<-'CASES'
		muteOnStart set maybe
		duration set many
		duration max -1
		bannerColor set red
		userdata-bbb_override_default_locale set 1x
		logoutURL set javascript:alert(1)
		guestPolicy set NEVER
		welcome max 5
		nonsense set x
		meta_ set x
		welcome explode x
		welcome set
		welcome block x
	CASES
	is "$(sql 'select count(*) from b3lb.parameter')" 0
}

@test "rules are listed and removed" {
	rule welcome set Hello
	run -0 admin parameter list ACME
	[[ "$output" == *welcome*set*Hello* ]]
	admin parameter remove ACME welcome
	run admin parameter remove ACME welcome
	is "$status" 1
}

@test "dialNumber and voiceBridge of a client are dropped unless a rule names them" {
	create "dialNumber=123&voiceBridge=70000"
	is "$(sent dialNumber) $(sent voiceBridge)" "null null"
	bbb end "meetingID=abc"
	rule voiceBridge max 99999
	create "dialNumber=123&voiceBridge=70000"
	is "$(sent dialNumber) $(sent voiceBridge)" "null 70000"
}

@test "parameters that nobody here knows go to the node unchanged" {
	create "someFutureThing=a%20b%2Bc%26d&empty="
	is "$(sent someFutureThing)" "a b+c&d"
	is "$(sent empty)" ""
}

asset() { sql "insert into b3lb.asset (tenant_id, kind, type, name, data, etag) select id, '$1', '$2', '$3', $4, 'e' from b3lb.tenant where slug = 'acme'"; }

@test "the tenant's logo and style sheet are injected, and the client's own win" {
	asset logo image/png logo.png "'x'"
	asset css text/css style.css "'x'"
	create ""
	is "$(sent logo)" "http://$H_DOMAIN:$H_PORT/b3lb/t/acme/logo"
	bbb join "meetingID=abc&fullName=Me&role=VIEWER"
	is "$(joined userdata-bbb_custom_style_url)" "$(enc "http://$H_DOMAIN:$H_PORT/b3lb/t/acme/css")"
	bbb end "meetingID=abc"
	create "logo=http%3A%2F%2Fx%2Fl.png"
	is "$(sent logo)" "http://x/l.png"
	bbb join "meetingID=abc&fullName=Me&role=VIEWER&userdata-bbb_custom_style_url=http%3A%2F%2Fx%2Fs.css"
	is "$(joined userdata-bbb_custom_style_url)" "http%3A%2F%2Fx%2Fs.css"
}

@test "the default slide goes along in the body while it is small" {
	asset slide application/pdf default.pdf "decode(repeat('00', 768 * 1024), 'hex')"
	create ""
	is "$(on_node abc '.documents | join(" ")')" default.pdf
}

@test "a large default slide goes by URL" {
	asset slide application/pdf default.pdf "decode(repeat('00', 768 * 1024 + 1), 'hex')"
	create ""
	is "$(on_node abc '.documents | join(" ")')" "http://$H_DOMAIN:$H_PORT/b3lb/t/acme/slide"
}

@test "parameters too long for a URL and the default slide both reach the node" {
	asset slide application/pdf default.pdf "'x'"
	long=$(printf 'x%.0s' {1..9000})
	q="meetingID=abc&name=Test&welcome=$long"
	ask "acme.$H_DOMAIN" /bigbluebutton/api/create --data "$q&checksum=$(checksum create "$q" "$ACME_SECRET")"
	answers 200 SUCCESS
	is "$(on_node abc '.params.welcome | length')" 9000
	is "$(sent preUploadedPresentation) $(sent preUploadedPresentationName)" "http://$H_DOMAIN:$H_PORT/b3lb/t/acme/slide default.pdf"
}

@test "the client's own slides stay alone, settings in its body get the slide in front" {
	asset slide application/pdf default.pdf "'x'"
	post() { ask "acme.$H_DOMAIN" "$(signed create "meetingID=abc&name=Test")" -H "Content-Type: application/xml" --data-binary "$1"; }
	post '<modules><module name="presentation"><document url="http://x/own.pdf"/></module></modules>'
	answers 200 SUCCESS
	is "$(on_node abc '.documents | join(" ")')" http://x/own.pdf
	bbb end "meetingID=abc"
	post '<modules><module name="clientSettingsOverride">{}</module></modules>'
	answers 200 SUCCESS
	is "$(on_node abc '.documents | join(" ")')" default.pdf
	bbb end "meetingID=abc"
	create "preUploadedPresentation=http%3A%2F%2Fx%2Fo.pdf"
	is "$(on_node abc '.documents | join(" ")')" ""
}

@test "client settings in the body go the way of clientSettingsOverrideJsonUrl" {
	post() { ask "acme.$H_DOMAIN" "$(signed create "meetingID=abc&name=Test")" -H "Content-Type: application/xml" --data-binary "$1"; }
	body='<modules><module name="clientSettingsOverride"><![CDATA[{"public":{}}]]></module><module name="presentation"><document url="http://x/own.pdf"/></module></modules>'
	given() { sim journal call=create | jq 'max_by(.seq).body_bytes'; }
	post "$body"
	answers 200 SUCCESS
	is "$(given)" ${#body}
	for mode in "block" "override https://acme.example/settings.json"; do
		h_reset
		rule clientSettingsOverrideJsonUrl $mode
		post "$body"
		answers 200 SUCCESS
		[ "$(given)" -lt ${#body} ]
		is "$(on_node abc '.documents | join(" ")')" http://x/own.pdf
		# Nothing is left for the node: the tenant's slide still comes in.
		asset slide application/pdf default.pdf "'x'"
		bbb end "meetingID=abc"
		post '<modules><module name="clientSettingsOverride">{}</module></modules>'
		answers 200 SUCCESS
		is "$(on_node abc '.documents | join(" ")')" default.pdf
	done
	# What we cannot read a node might.
	bbb end "meetingID=abc"
	post '<modules><module name="clientSettingsOverride">'
	answers 400 FAILED invalidParameters
	rule clientSettingsOverrideJsonUrl set https://acme.example/settings.json
	post "$body"
	answers 200 SUCCESS
	is "$(given)" ${#body}
}

@test "a module of create's body that the tenant may not send is cut; its own slide still comes in" {
	post() { ask "acme.$H_DOMAIN" "$(signed create "meetingID=abc&name=Test")" -H "Content-Type: application/xml" --data-binary "$1" && answers 200 SUCCESS; }
	# What the node was sent: other.pdf stands for a module, whatever else it holds.
	body='<modules><module name="clientSettingsOverride"><![CDATA[{"a":"<document/>"}]]></module><module name="presentation"><document url="http://x/own.pdf"/></module></modules>'
	given() { sim journal call=create | jq 'max_by(.seq).body_bytes'; }
	while IFS='|' read -r modules cut documents; do
		h_reset
		asset slide application/pdf default.pdf "'x'"
		admin tenant set ACME --modules "$modules"
		post "$body"
		is "$modules $(on_node abc '.documents | join(" ")') $([ "$(given)" = ${#body} ] && echo whole || echo cut)" "$modules $documents $cut"
	done <<-'END'
		*|whole|http://x/own.pdf
		presentation,clientSettingsOverride|whole|http://x/own.pdf
		presentation|cut|http://x/own.pdf
		clientSettingsOverride|cut|default.pdf
		none|cut|default.pdf
	END
	# insertDocument's body is no create's, and gets no slide of ours.
	ask "acme.$H_DOMAIN" "$(signed insertDocument meetingID=abc)" -H "Content-Type: text/xml" --data-binary '<modules><module name="presentation"><document url="http://x/new.pdf"/></module></modules>'
	answers 200 SUCCESS
	is "$(on_node abc '.documents | join(" ")')" http://x/new.pdf
	admin tenant set ACME --modules "*"
}

@test "<document in the JSON of settings is no slide of the client's" {
	asset slide application/pdf default.pdf "'x'"
	ask "acme.$H_DOMAIN" "$(signed create "meetingID=abc&name=Test")" -H "Content-Type: application/xml" \
		--data-binary '<modules><module name="clientSettingsOverride"><![CDATA[{"help":"<document url=1>"}]]></module></modules>'
	answers 200 SUCCESS
	is "$(on_node abc '.documents | join(" ")')" default.pdf
}

@test "a create that makes the node fetch manifests of plug-ins has longer" {
	sim n1/behave mode=slow ms=3500 calls=create
	sim n2/behave mode=slow ms=3500 calls=create
	bbb create "meetingID=abc&name=Test&pluginManifests=$(enc '[{"url":"https://x.example/manifest.json"}]')"
	answers 200 SUCCESS
	is "$(asked create)" 1
	bbb create "meetingID=abd&name=Test&pluginManifests="
	answers 503 FAILED noNodesAvailable
}

@test "a join whose rules make the URL too long is not counted" {
	create ""
	joins() { sql "select count(*) from b3lb.metric_event where name = 'joined'"; }
	rule userdata-long set "$(printf 'ä%.0s' {1..1900})"
	for i in 1 2 3; do
		bbb join "meetingID=abc&fullName=Me&role=VIEWER"
		answers 400 FAILED invalidParameters
	done
	is "$(joins)" 0
	admin parameter remove ACME userdata-long
	for i in 1 2 3; do
		bbb join "meetingID=abc&fullName=Me&role=VIEWER"
		is "$status" 302
	done
	is "$(joins)" 3
}

@test "recording switched off for tenant or secret: the three flags go out as false" {
	for off in "tenant set ACME --recording off" "secret set ACME --recording off"; do
		h_reset
		admin $off
		create "record=true&autoStartRecording=true&allowStartStopRecording=true"
		is "$(sent record) $(sent autoStartRecording) $(sent allowStartStopRecording)" "false false false"
		is "$(sql 'select count(*) from b3lb.record_set')" 0
	done
}

@test "recording switched on: a record set is made with the meeting and its nonce goes out" {
	create "record=true"
	is "$(sent meta_b3lb-recordset)" "$(sql "select nonce from b3lb.record_set")"
	is "$(sql "select record_id = internal_id from b3lb.record_set r join b3lb.meeting m on m.record_set_id = r.id")" t
	bbb end "meetingID=abc"
	create "record=false"
	is "$(sent meta_b3lb-recordset)" null
	is "$(sql 'select count(*) from b3lb.record_set')" 1
}

@test "a create that fails leaves no record set" {
	for n in n1 n2; do sim "$n/behave" mode=rubbish calls=create; done
	bbb create "meetingID=abc&name=Test&record=true"
	answers 503 FAILED noNodesAvailable
	for n in n1 n2; do sim "$n/behave" mode=failed key=idNotUnique calls=create; done
	bbb create "meetingID=abc&name=Test&record=true"
	answers 200 FAILED idNotUnique
	is "$(sql 'select count(*) from b3lb.record_set')" 0
}

@test "a client cannot pass a record set's nonce of its own" {
	create "record=true&meta_b3lb-recordset=00000000000000000000000000000000"
	is "$(sent meta_b3lb-recordset)" "$(sql "select nonce from b3lb.record_set")"
	bbb end "meetingID=abc"
	create "meta_B3LB-recordset=00000000000000000000000000000000"
	is "$(sent meta_B3LB-recordset) $(sent meta_b3lb-recordset)" "null null"
}
