# b3lb-admin recording and profile.
load ../harness/harness.bash
bats_require_minimum_version 1.5.0
setup_file() { h_start 1; }
teardown_file() { h_stop; }
setup() { h_reset; }
ID=1111111111111111111111111111111111111111-1700000000001
make() {
	sql "insert into b3lb.record_set (tenant_id, secret_id, meeting_id, name, record_id, status, rendered_at, archive_key)
		select t.id, s.id, 'abc', 'Name', '$ID', '${1:-RENDERED}', now(), 'k-' || t.slug from b3lb.tenant t join b3lb.secret s on s.tenant_id = t.id
		where t.slug = '${2:-acme}' and s.sub_id = 0"
}

@test "recordings are listed and shown" {
	make
	run -0 admin recording list ACME
	[[ "$output" == *$ID*RENDERED* ]]
	run -0 admin recording list BETA --json
	is "$output" "[]"
	run -0 admin recording show $ID --json
	is "$(jq -r '.recording.meeting_id + " " + (.videos | length | tostring)' <<<"$output")" "abc 0"
	run admin recording show nothing
	is "$status" 1
}

@test "the way of a recording is shown with times, or what it waits for" {
	way() { admin recording show $ID --json | jq -r '.way[] | .step + ": " + (if .at then "yes" else "no" end) + " " + (.note // "-")' | tee /dev/stderr; }
	url="own_params = '{\"meta_bbb-recording-ready-url\": \"http://lms.test/\"}'"
	make WAITING
	sql "update b3lb.record_set set rendered_at = null, archive_key = null"
	is "$(way)" "ended: no its node has not said so
arrived: no the meeting has not ended
indexed: no nothing has arrived
rendered: no nothing has arrived
told: no the platform has asked for no callback"
	sql "update b3lb.record_set set ended_at = now()"
	is "$(way | sed -n 1,2p)" "ended: yes -
arrived: no its node has not sent it: b3lb-push list there"
	sql "update b3lb.record_set set marks = false"
	is "$(way | sed -n 2p)" "arrived: no nobody has pressed record"
	sql "update b3lb.record_set set marks = true, uploaded_at = now(), status = 'UPLOADED', $url"
	is "$(way | sed -n '2,$p')" "arrived: yes -
indexed: no waits for b3lb-render
rendered: no waits for b3lb-render
told: no waits for b3lb-render"
	sql "update b3lb.record_set set render_error = 'odd', status = 'FAILED'"
	is "$(way | sed -n '3,$p')" "indexed: no given up: odd
rendered: no given up: odd
told: no given up: odd"
	sql "insert into b3lb.record (record_set_id, profile, type, size, mime, extension, storage_key, kind)
		select id, 'player', 'presentation', 1, 'x/y', 'json', 'a', 'player' from b3lb.record_set"
	sql "update b3lb.record_set set status = 'RENDERED', render_error = null, rendered_at = now()"
	is "$(way | sed -n '3,$p')" "indexed: yes -
rendered: no no profile makes a video of this archive
told: no waits for b3lb-callbacks"
	sql "insert into b3lb.record (record_set_id, profile, type, size, mime, extension, storage_key)
		select id, 'video', 'video', 1, 'x/y', 'mp4', 'b' from b3lb.record_set"
	sql "update b3lb.callback set state = 'failed', error = 'HTTP 500'"
	is "$(way | sed -n '4,$p')" "rendered: yes 1 video
told: no given up: HTTP 500"
	sql "update b3lb.callback set state = 'delivered', finished_at = now()"
	is "$(way | sed -n 5p)" "told: yes -"
	run -0 admin recording show $ID
	[[ "$output" == *"rendered  2"*"1 video"* ]]
}

@test "publish, unpublish, delete and rerender" {
	make FAILED
	admin recording unpublish $ID
	is "$(sql 'select published from b3lb.record_set')" f
	admin recording publish $ID
	is "$(sql 'select published from b3lb.record_set')" t
	admin recording rerender $ID
	is "$(sql "select status || ' ' || render_tries from b3lb.record_set")" "UPLOADED 0"
	admin recording delete $ID --yes
	is "$(sql "select status from b3lb.record_set")" DELETING
	run admin recording rerender $ID
	is "$status" 1
	[[ "$output" == *$ID* ]]
}

@test "an id that several tenants have is nobody's until the tenant is named" {
	make RENDERED
	make RENDERED beta
	sql "insert into b3lb.record (record_set_id, profile, type, size, mime, extension, storage_key)
		select id, archive_key, 'video', 1, 'x/y', 'mp4', archive_key from b3lb.record_set"
	for words in "show $ID" "publish $ID" "unpublish $ID" "rerender $ID" "delete $ID --yes"; do
		run -1 admin recording $words
		is "$output" "b3lb-admin: recording $ID: several tenants have one, ACME, BETA: name the tenant"
	done
	run -0 admin recording show $ID --tenant beta --json
	is "$(jq -c '[.recording.tenant, [.videos[].profile]]' <<<"$output")" '["BETA",["k-beta"]]'
	admin recording delete $ID --tenant BETA --yes
	is "$(sql "select string_agg(archive_key || ' ' || status, ', ' order by archive_key) from b3lb.record_set")" "k-acme RENDERED, k-beta DELETING"
	run -1 admin recording delete $ID --tenant nobody --yes
	# One that can be changed in one tenant alone is not chosen by that.
	run -1 admin recording unpublish $ID
	is "$(sql "select string_agg(tenant, ' ') from b3lb.audit where object = 'recording' and name = '$ID' and changes = 'deleted' and at >= (select max(created_at) from b3lb.record_set)")" BETA
}

@test "a profile that plays is of the type that nodes give it, unless another is asked for" {
	admin profile add watch --kind player
	admin profile add lesson --kind player --type lesson
	admin profile add drawn --kind presentation
	is "$(admin profile list --json | jq -r '[.[] | select(.name | IN("watch", "lesson", "drawn")) | .name + " " + .type] | sort | join(", ")')" \
		"drawn video, lesson lesson, watch presentation"
	# What is there keeps its type.
	admin profile set watch --type video
	admin profile set watch --listed off
	is "$(sql "select type from b3lb.profile where name = 'watch'")" video
	admin state import - <<<'{"b3lb_state":1,"profiles":[{"name":"watch","kind":"player"},{"name":"other","kind":"player"},{"name":"plain"}]}'
	is "$(sql "select string_agg(name || ' ' || type, ', ' order by name) from b3lb.profile where name in ('watch', 'other', 'plain')")" \
		"other presentation, plain video, watch video"
	for name in watch lesson drawn other plain; do admin profile remove $name --yes; done
}

@test "profiles are added, set, attached, detached and removed" {
	admin profile add audio --source podcast --type podcast --download on --description "Sound only"
	is "$(admin profile list --json | jq -c '.[] | select(.name == "audio") | [.source, .type, .listed, .download, .preset]')" '["podcast","podcast",true,true,false]'
	admin profile set audio --listed off
	admin profile attach ACME-5 audio
	admin profile attach ACME-5 audio
	is "$(admin profile list --json | jq -r '.[] | select(.name == "audio") | .secrets')" ACME-5
	admin profile detach ACME-5 audio
	run admin profile detach ACME-5 audio
	is "$status" 1
	admin profile remove audio --yes
	run admin profile remove audio --yes
	is "$status" 1
	run admin profile add "a b"
	is "$status" 1
	run admin profile add x --source nothing
	is "$status" 2
}
