# b3lb-admin recording and profile.
load ../harness/harness.bash
setup_file() { h_start 1; }
teardown_file() { h_stop; }
setup() { h_reset; }
ID=1111111111111111111111111111111111111111-1700000000001
make() {
	sql "insert into b3lb.record_set (tenant_id, secret_id, meeting_id, name, record_id, status, rendered_at, archive_key)
		select t.id, s.id, 'abc', 'Name', '$ID', '${1:-RENDERED}', now(), 'k' from b3lb.tenant t join b3lb.secret s on s.tenant_id = t.id
		where t.slug = 'acme' and s.sub_id = 0"
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
