# Lists of the management API: filtered, sorted, counted, paged, as CSV; what is done to what they show.
load ../harness/harness.bash
load ../harness/recorded.bash
load manage.bash
setup_file() {
	h_start 3
	token_add root admin >"$H/root"
	token_add own operator --tenants ACME >"$H/own"
	token_add look viewer >"$H/look"
}
teardown_file() { h_stop; }
setup() { h_reset; }
# As who has that token: as NAME get PATH
as() { "${@:2}" -H "Authorization: Bearer $(cat "$H/$1")"; }
j() { jq -c "$1" <<<"$output"; }
HOSTILE='<img src=x onerror=alert(1)>"=&;'$'\u00e4'
meetings() {
	bbb create "meetingID=alpha&name=Alpha"
	bbb create "meetingID=$(enc "$HOSTILE")&name=$(enc "$HOSTILE")"
	acme5 create "meetingID=gamma&name=gamma%205%25&record=true"
	beta create "meetingID=alpha&name=Beta"
	sql "update b3lb.meeting set attendees = id % 7, running = name <> 'Alpha'"
}
recordings() {
	recorded acme 0 rec-1 m1 "First"
	recorded acme 5 rec-2 m2 "Second" "status = 'FAILED', rendered_at = null, render_error = 'ffmpeg: killed', archive_key = 'a2'"
	recorded beta 0 rec-3 m3 "=cmd|' /C calc'!A0"
	sql "insert into b3lb.record_set (tenant_id, secret_id, meeting_id, name, record_id, marks, ended_at, start_time)
		select tenant_id, id, 'm4', 'Lost', 'rec-4', true, now() - interval '3 hours', 1 from b3lb.secret where sub_id = 0 limit 1;
		insert into b3lb.record_set (tenant_id, secret_id, meeting_id, name, record_id, marks, ended_at)
		select tenant_id, id, 'm5', 'Nobody recorded', 'rec-5', false, now() from b3lb.secret where sub_id = 0 limit 1"
}
callbacks() {
	sql "insert into b3lb.callback (secret_id, kind, url, state, attempts, error, finished_at)
		select s.id, 'ended', 'https://user:secret@LMS.example.org:8443/hook/$1?token=hidden', 'failed', 9, 'HTTP status 500', now()
		from b3lb.secret s join b3lb.tenant t on t.id = s.tenant_id where s.sub_id = 0;
		insert into b3lb.callback (secret_id, kind, url, state, finished_at)
		select min(id), 'end', 'http://[2001:db8::1]:80/', 'delivered', now() from b3lb.secret"
}

@test "meetings are filtered, sorted, paged and counted; what a client called them stays text" {
	meetings
	as root get "meetings?sort=name"
	is "$status $(j '[.total, .limit, .offset]')" "200 [4,50,0]"
	is "$(j '[.items[].name]')" "$(jq -cn --arg h "$HOSTILE" '[$h, "Alpha", "Beta", "gamma 5%"]')"
	is "$(jq -r --arg h "$HOSTILE" '.items[] | select(.name == $h) | .meeting_id' <<<"$output")" "$HOSTILE"
	[[ "$(jq -r '.items[0].id' <<<"$output")" =~ ^b3lb-[0-9a-f]{32}$ ]]
	[[ "$(jq -r '.items[0].started_at' <<<"$output")" =~ ^20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z$ ]]
	is "$(j '.facets.tenant')" '{"ACME":3,"BETA":1}'
	is "$(j '.items[3] | [.recording, .sub_id, .tenant]')" '[true,5,"ACME"]'
	as root get "meetings?sort=-name&limit=1&offset=1&tenant=acme"
	is "$(j '[.total, .items[].name]')" '[3,"Alpha"]'
	is "$(header link)" '</b3lb/admin/v1/meetings?sort=-name&limit=1&offset=0&tenant=acme>; rel="prev", </b3lb/admin/v1/meetings?sort=-name&limit=1&offset=2&tenant=acme>; rel="next"'
	# A facet counts what one would get: not by its own filter.
	is "$(j '.facets.tenant')" '{"ACME":3,"BETA":1}'
	is "$(j '.facets.state')" '{"running":2,"empty":1}'
	as root get "meetings?state=empty"
	is "$(j '[.items[].name]')" '["Alpha"]'
	as root get "meetings?q=$(enc '5%')"
	is "$(j '[.items[].name]')" '["gamma 5%"]'
	as root get "meetings?q=$(enc '_lpha')"
	is "$(j .total)" 0
	as root get "meetings?q=$(enc "$(sql "select node_meeting_id from b3lb.meeting where name = 'Beta'")")"
	is "$(j '[.items[].name]')" '["Beta"]'
}

@test "a parameter that no list has, a sort that is none: told with its rule, and nothing of it reaches SQL" {
	local list
	for list in nodes tenants meetings recordings callbacks requests audit usage/sessions; do
		as root get "$list?sort=$(enc "id;select pg_sleep(9)")"
		is "$list $status" "$list 422"
		[[ "$(j .detail)" == *"sort: must be one or more"* ]]
		as root get "$list?tenant_id%3D1=x"
		is "$list $status" "$list 422"
		as root get "$list?limit=501"
		is "$(j .detail)" '"limit: must be a number from 1 to 500"'
		as root get "$list?q=$(enc "' or 1=1 --")"
		is "$list $status $(j .total)" "$list 200 0"
	done
}

@test "CSV is the whole match, with numbers as numbers and no formula" {
	recordings
	as root get "recordings?format=csv&limit=1&sort=name"
	is "$status $(header content-type) $(header content-disposition)" '200 text/csv; charset=utf-8; header=present attachment; filename="recordings.csv"'
	is "$(sed 1d <<<"$output" | cut -d, -f3 | paste -sd,)" "'=cmd|' /C calc'!A0,First,Lost,Second"
	[[ "$output" == id,meeting_id,name,tenant,sub_id,*,length,size,status,*$'\r'* ]]
	as root get "recordings?q=first" -H "Accept: text/csv"
	is "$(sed 1d <<<"$output" | tr -d '\r' | cut -d, -f1,3,4,5,9,11)" "rec-1,First,ACME,0,300,published"
}

@test "what did not change is answered 304" {
	recordings
	as root get recordings
	tag=$(header etag)
	as root get recordings -H "If-None-Match: $tag"
	is "$status $output" "304 "
	sql "update b3lb.record_set set published = false where record_id = 'rec-1'"
	as root get recordings -H "If-None-Match: $tag"
	is "$status" 200
}

@test "who is bound to a tenant sees its rows alone, and no node" {
	meetings
	recordings
	callbacks x
	sql "insert into b3lb.refusal (at, request_id, tenant, sub_id, call, node, key, message, remote_addr)
		select now(), 'aaaaaaaaaaaaaaa' || n, t, 0, 'create', 'n1', 'noNodesAvailable', 'No server', '192.0.2.1'
		from (values (1, 'acme'), (2, 'beta')) v (n, t);
		insert into b3lb.refusal (at, request_id, tenant, sub_id, call, node, key, message, remote_addr)
		values (now(), 'bbbbbbbbbbbbbbbb', 'acme', 0, 'create', 'n1', 'retried', 'n1', '192.0.2.1');
		insert into b3lb.usage_session (tenant, sub_id, meeting_id, name, node, started_at, ended_at, peak, attendee_seconds, recorded)
		select t, 0, 'm', 'Was', 'n1', now() - interval '1 minute', now(), 1, 60, false from (values ('acme'), ('beta')) v (t);
		insert into b3lb.audit (actor, via, object, name, tenant, changes) values ('x', 'cli', 'tenant', 'BETA', 'BETA', 'a'), ('x', 'cli', 'node', 'n1', null, 'a')"
	local list
	as own get "meetings/$(sql "select m.node_meeting_id from b3lb.meeting m join b3lb.tenant t on t.id = m.tenant_id where t.slug = 'acme' limit 1")"
	is "$status $(j '[.node, .why]')" '200 ["node",null]'
	for list in meetings recordings callbacks requests usage/sessions audit; do
		as own get "$list"
		is "$list $status $(jq '[.items[].tenant] | unique == ["ACME"] or . == []' <<<"$output")" "$list 200 true"
		is "$list $(jq '[.. | strings | select(test("^n[123]$|BETA|[Bb]eta"))] | length' <<<"$output")" "$list 0"
		as own get "$list?tenant=BETA"
		is "$list $(j .total)" "$list 0"
	done
	as own get "meetings"
	is "$(j '[.total, .facets.node]')" '[3,{"node":3}]'
	theirs=$(sql "select node_meeting_id from b3lb.meeting m join b3lb.tenant t on t.id = m.tenant_id where t.slug = 'beta'")
	sql "update b3lb.tenant set analytics_days = 1; insert into b3lb.analytics (tenant_id, secret_id, nonce, meeting_id, node_meeting_id, internal_id, body)
		select tenant_id, secret_id, nonce, 'same', node_meeting_id, node_meeting_id, '{\"data\":{}}' from b3lb.meeting"
	as own get meetings/same/analytics
	is "$(j '[.tenant, .meeting_id, .analytics]')" '["ACME","same",{"data":{}}]'
	as own get "meetings/$theirs/analytics"
	is "$status" 404
	as root get "meetings/$theirs/analytics"
	is "$(j '[.tenant, .analytics]')" '["BETA",{"data":{}}]'
	for path in "meetings/$theirs" recordings/rec-3 nodes findings jobs health config "history?of=tenant:BETA" "history?of=node:n1" "usage/months?tenant=BETA"; do
		as own get "$path"
		is "$path $status" "$path 404"
	done
	as own post "meetings/$theirs/end" ""
	is "$status" 404
	as own call PATCH recordings/rec-3 '{"published":false}'
	is "$status" 404
	as own post recordings/actions '{"action":"delete","ids":["rec-1","rec-3"]}'
	is "$status" 404
	as own post callbacks/retry '{"tenant":"BETA"}'
	is "$status $(j .retried)" "200 0"
	is "$(sql "select string_agg(status || published, ' ' order by record_id) from b3lb.record_set where record_id in ('rec-1', 'rec-3')")" "RENDEREDtrue RENDEREDtrue"
	as own get overview
	is "$(j '[has("nodes"), has("map"), has("jobs"), has("draining"), .meetings, [.tenants[].slug]]')" '[false,false,false,false,3,["ACME"]]'
	as own get "search?q=a"
	is "$(j '[.items[].kind] | unique')" '["meeting","tenant"]'
	as own get "search?q=$(enc "cmd|")"
	is "$(j .items)" '[]'
	as root get "search?q=$(enc "cmd|")"
	is "$(j '[.items[] | [.kind, .link]]')" '[["recording","#/recordings/rec-3@BETA"]]'
	as own get usage
	is "$status $(jq '[.items[].tenant] | . == ["ACME"] or . == []' <<<"$output")" "200 true"
}

@test "who may only look changes nothing" {
	recordings
	as look post recordings/actions '{"action":"publish","ids":["rec-1"]}'
	is "$status" 403
	as look call DELETE recordings/rec-1
	is "$status" 403
	as look post callbacks/retry ""
	is "$status" 403
	as look get recordings/rec-1
	is "$status $(j '[.videos[].url] | unique')" '200 []'
	# Who may operate gets the address that opens it: the player's is another than a video's.
	sql "insert into b3lb.record (record_set_id, nonce, profile, type, kind, size, mime, extension, storage_key, duration_ms)
		select id, 'n-' || k, k, k, k, 1, 'video/mp4', 'mp4', k, 1 from b3lb.record_set, unnest('{player,video}'::text[]) k where record_id = 'rec-1'"
	as root get recordings/rec-1
	is "$(j '[.videos[].url | sub(".*/b3lb/"; "")]')" '["p/n-player/","r/n-video"]'
}

@test "a meeting is shown with what its client asked for, and ended on its node" {
	bbb create "meetingID=alpha&name=Alpha&meta_endCallbackUrl=$(enc "$(sink_url end)")"
	id=$(sql "select node_meeting_id from b3lb.meeting")
	node=$(sql "select n.slug from b3lb.meeting m join b3lb.node n on n.id = m.node_id")
	as root get "meetings/$id"
	is "$status $(j '[.name, .node]')" "200 [\"Alpha\",\"$node\"]"
	is "$(j '.own_params | has("meta_endcallbackurl")')" true
	is "$(j '.why | [.expected, .known_by, .nodes[0].node, .nodes[0].load, .cut]')" "[15,\"default\",\"$node\",0,[]]"
	as root get "meetings/b3lb-00000000000000000000000000000000"
	is "$status" 404
	as root post "meetings/$id/end" '{"now":true}'
	is "$status $(j '.errors[0].pointer')" '422 "/now"'
	sim "$node/behave" mode=refuse calls=end >/dev/null
	as root post "meetings/$id/end" ""
	is "$status" 503
	[[ "$(j .detail)" == *"node $node did not end it"* ]]
	sim "$node/behave" mode=normal calls=end >/dev/null
	as own post "meetings/$id/end" ""
	is "$status" 204
	is "$(asked end "$node")" 2
	is "$(sql "select count(*) from b3lb.meeting")" 0
	is "$(sql "select actor || ' ' || via || ' ' || object || ' ' || tenant || ' ' || changes from b3lb.audit order by id desc limit 1")" "token:own api meeting ACME meeting alpha: ended"
	as root post "meetings/$id/end" ""
	is "$status" 404
}

@test "all meetings of a node are told something, and ended" {
	admin node drain n2
	admin node drain n3
	bbb create "meetingID=aa&name=Aa"
	bbb create "meetingID=bb&name=Bb"
	answers 200
	as root post nodes/n1/message '{"text":""}'
	is "$status" 422
	sim n1/users meetingID="$(sql "select node_meeting_id from b3lb.meeting where name = 'Aa'")" participants=3 >/dev/null
	as root post nodes/n1/message '{"text":"Please come back at ten."}'
	is "$status $(j '[.sent, .failed[0].error]')" '200 [1,"the node says meetingNotFound"]'
	as root post nodes/n1/end-meetings ""
	is "$status $(j .)" '200 {"ended":2,"failed":[]}'
	as root post nodes/none/end-meetings ""
	is "$status" 404
	as root get "nodes?health=draining&sort=-slug"
	is "$(j '[.items[].slug]')" '["n3","n2"]'
	is "$(j .facets.health)" '{"draining":2,"healthy":1}'
	is "$(j '.items[0] | [.state, .live.health, .live.load, (.live.trend | length)]')" '["draining","draining",-1,24]'
	tag=$(jq -r .items[0].etag <<<"$output")
	as root call PATCH nodes/n3 '{"state":"enabled"}' -H "If-Match: \"$tag\""
	is "$status" 200
}

@test "recordings: their state, their way, and what is done to them, all or none" {
	recordings
	as root get recordings
	is "$(j '[.items[] | [.id, .status]]')" '[["rec-3","published"],["rec-2","failed"],["rec-1","published"],["rec-4","late"]]'
	is "$(j .facets.status)" '{"published":2,"failed":1,"late":1}'
	as root get recordings/rec-2
	is "$(j '[.error, [.way[].step], .metadata.meetingId]')" '["ffmpeg: killed",["ended","arrived","indexed","rendered","told"],"m2"]'
	is "$(j '[.way[] | select(.step == "rendered") | .note]')" '["given up: ffmpeg: killed"]'
	as root post recordings/actions '{"action":"rerender","ids":["rec-2","rec-1"]}'
	is "$status" 404
	is "$(sql "select status from b3lb.record_set where record_id = 'rec-2'")" FAILED
	as root post recordings/actions '{"action":"rerender","ids":["rec-2"]}'
	is "$status $(j .)" '200 {"done":1}'
	is "$(sql "select status from b3lb.record_set where record_id = 'rec-2'")" UPLOADED
	as root post recordings/actions '{"action":"explode","ids":["rec-2"]}'
	is "$status $(j '.errors[0].pointer')" '422 "/action"'
	as root post recordings/actions '{"action":"delete","ids":[]}'
	is "$status $(j '.errors[0].pointer')" '422 "/ids"'
	# The address of each video leads to what shows it; while nothing does, there is none.
	sql "insert into b3lb.record (record_set_id, profile, type, kind, size, mime, extension, storage_key, listed)
		select r.id, v.key, 'x', v.kind, 1, 'x/y', 'mp4', r.id || v.key, v.listed from b3lb.record_set r,
			(values ('player', 'p', true), ('video', 'v', true), ('video', 'h', false)) v (kind, key, listed) where r.record_id = 'rec-1'"
	as own get recordings/rec-1
	is "$(jq -r '.videos[] | .url // "none" | sub("^http.*/b3lb/"; "") | sub("[^/]{20,}"; "NONCE")' <<<"$output" | paste -sd' ')" "p/NONCE/ r/NONCE none"
	ask "$H_DOMAIN" "/$(jq -r '.videos[0].url' <<<"$output" | cut -d/ -f4-)"
	is "$status" 200
	as own call PATCH recordings/rec-1 '{"published":false}'
	is "$status $(j '[.status, .videos[].url]')" '200 ["unpublished",null,null,null]'
	as root call PATCH recordings/rec-1 '{"protected":true}'
	is "$status" 404
	admin tenant set ACME --protected on
	as root call PATCH recordings/rec-1 '{"protected":true,"published":true}'
	is "$status $(j '[.protected, .status]')" '200 [true,"published"]'
	admin tenant set ACME --protected off
	as root call DELETE recordings/rec-3
	is "$status" 204
	is "$(sql "select string_agg(actor || ' ' || name || ' ' || tenant || ' ' || changes, '; ' order by id) from b3lb.audit where object = 'recording'")" \
		"token:root rec-2 ACME rendered anew; token:own rec-1 ACME unpublished; token:root rec-1 ACME published; token:root rec-1 ACME protected; token:root rec-3 BETA deleted"
	as root get "audit?object=recording&actor=token:own"
	is "$(j '[.total, .items[0].changes, .items[0].done]')" '[1,["unpublished"],true]'
	as root get "audit?q=$(j .items[0].request_id | tr -d '"')"
	is "$(j '[.total, .items[0].changes]')" '[1,["unpublished"]]'
	# One can choose of all that there are.
	sql "insert into b3lb.audit (actor, via, object, name, changes) select 'a' || n, 'api', 'x', 'y', 'z' from generate_series(1, 60) n"
	as root get "audit?object=x&limit=1"
	is "$(j '.facets.actor | length')" 60
	# Another tenant has one of the same id.
	recorded beta 0 rec-1 m1 "Theirs"
	as own get recordings/rec-1
	is "$status $(j '[.name, .tenant]')" '200 ["First","ACME"]'
	as own get recordings/rec-1?tenant=BETA
	is "$status" 404
	as root get recordings/rec-1
	is "$status $(j .detail)" '409 "recording rec-1: several tenants have one, ACME, BETA: name the tenant"'
	as root get recordings/rec-1?tenant=beta
	is "$status $(j '[.name, .tenant]')" '200 ["Theirs","BETA"]'
	as root call DELETE recordings/rec-1
	is "$status" 409
	as root post recordings/actions '{"action":"unpublish","ids":["rec-1","rec-2"]}'
	is "$status" 409
	as root post recordings/actions '{"action":"unpublish","ids":["rec-1"],"tenants":["BETA","ACME"]}'
	is "$status $(j '.errors[0].pointer')" '422 "/tenants"'
	as own post recordings/actions '{"action":"unpublish","ids":["rec-1","rec-2"],"tenants":["BETA","ACME"]}'
	is "$status" 404
	is "$(sql "select count(*) from b3lb.record_set where record_id in ('rec-1', 'rec-2') and not published")" 0
	as root post recordings/actions '{"action":"unpublish","ids":["rec-1","rec-2"],"tenants":["BETA","ACME"]}'
	is "$status" 200
	as root call PATCH recordings/rec-1?tenant=beta '{"published":true}'
	is "$status $(j '[.name, .status]')" '200 ["Theirs","published"]'
	is "$(sql "select string_agg(name, ', ' order by name) from b3lb.record_set where record_id in ('rec-1', 'rec-2') and published")" "First, Theirs"
}

@test "callbacks by host, without what their URLs hide; those that failed are tried again" {
	callbacks x
	as root get "callbacks?state=failed"
	is "$status $(j '[.total, .items[0].host, .items[0].path]')" '200 [2,"lms.example.org","/hook/x"]'
	is "$(j .facets.state)" '{"failed":2,"delivered":1}'
	is "$(j '[.hosts[] | [.host, .failed, .waiting, .error]]')" '[["lms.example.org",2,0,"HTTP status 500"]]'
	[[ "$output" != *hidden* && "$output" != *secret* ]]
	# What is shown of a URL is found, what it hides is not.
	as root get "callbacks?state=failed&q=hook/x"
	is "$(j .total)" 2
	as root get "callbacks?q=hidden"
	is "$(j .total)" 0
	as root get "callbacks?host=$(enc '[2001:db8::1]')"
	is "$(j '[.items[].kind]')" '["end"]'
	as root post "callbacks/$(sql "select id from b3lb.callback where state = 'delivered'")/retry" ""
	is "$status" 404
	as root post callbacks/x/retry ""
	is "$status" 404
	as root post "callbacks/$(sql "select min(id) from b3lb.callback where state = 'failed'")/retry" ""
	is "$status" 204
	as root post callbacks/retry '{"host":"LMS.example.org"}'
	is "$status $(j .retried)" "200 2"
	is "$(sql "select count(*) from b3lb.callback where state = 'waiting' and next_at <= now() and retry_until > now() + interval '23 hours'")" 2
	is "$(sql "select count(*) from b3lb.audit where object = 'callback' and name = 'lms.example.org'")" 3
}

# hook TENANT SUB URL [MORE-COLUMNS MORE-VALUES] -> its id
hook() {
	sql "insert into b3lb.hook (secret_id, callback_url${4:+, $4}) select s.id, '$3'${5:+, $5} from b3lb.secret s
		join b3lb.tenant t on t.id = s.tenant_id where t.slug = '$1' and s.sub_id = $2 returning id"
}
@test "webhooks of a tenant, without what their URLs hide; one is tested, one removed" {
	local own kept foreign
	own=$(hook acme 5 'https://lms.example.org/hook?token=hidden' 'meeting_id, events, failing_since, error' "'room 1', '{user-joined}', now() - interval '1 hour', 'HTTP status 500'")
	kept=$(hook acme 0 'https://lms.example.org/all' permanent true)
	foreign=$(hook beta 0 https://beta.example/)
	as own get tenants/ACME/hooks
	is "$status $(j '[.total, (.items[] | [.sub_id, .callback_url, .meeting_id, .events, .permanent, .error, .waiting, .failing_since != null])]')" \
		'200 [2,[5,"https://lms.example.org/hook?...","room 1",["user-joined"],false,"HTTP status 500",0,true],[0,"https://lms.example.org/all","",null,true,null,0,false]]'
	[[ "$output" != *hidden* ]]
	as root get "tenants/ACME/hooks?q=hidden"
	is "$(j .total)" 0
	as root get tenants/GONE/hooks
	is "$status" 404
	as own get tenants/BETA/hooks
	is "$status" 404
	as own post "tenants/ACME/hooks/$own/test" ""
	is "$status $(sql "select hook_id || ' ' || name from b3lb.hook_event")" "204 $own b3lb-test"
	as root get "tenants/ACME/hooks?sort=-waiting&limit=1"
	is "$(j '[.items[0].id, .items[0].waiting]')" "[$own,1]"
	# Another tenant's is none of this one.
	as root post "tenants/ACME/hooks/$foreign/test" ""
	is "$status" 404
	as root call DELETE "tenants/ACME/hooks/$foreign"
	is "$status" 404
	as root call DELETE tenants/ACME/hooks/x
	is "$status" 404
	as own call DELETE "tenants/ACME/hooks/$own"
	is "$status" 403
	# A permanent one is not the tenant's own to remove.
	token_add local admin --tenants ACME >"$H/local"
	as local call DELETE "tenants/ACME/hooks/$kept"
	is "$status" 404
	as local call DELETE "tenants/acme/hooks/$own"
	is "$status" 204
	as root call DELETE "tenants/ACME/hooks/$kept"
	is "$status $(sql 'select count(*) from b3lb.hook')" "204 1"
	is "$(sql "select string_agg(actor || ' ' || name || ' ' || tenant || ' ' || changes, '; ' order by id) from b3lb.audit where object = 'hook'")" \
		"token:own $own ACME test sent; token:local $own ACME removed; token:root $kept ACME removed"
	as look get tenants/ACME/hooks
	is "$status" 200
}

@test "a refused call is found by its request id, with what to do, and counted in bars" {
	bbb create "meetingID=x&name=X" wrong-secret
	id=$(header request-id)
	h_programs_stop
	h_programs_start
	as root get "requests?q=$id"
	is "$(j '[.total, .items[0].key, .items[0].call, .items[0].tenant]')" '[1,"checksumError","create","ACME"]'
	[[ "$(j .items[0].advice)" == *"signed with another secret"* ]]
	is "$(j '[.step, ([.bars[].counts.checksumError] | add)]')" '[21600,1]'
	as root get "requests?from=2000-01-01T00:00:00Z&to=2000-01-02T00:00:00Z"
	is "$(j '[.total, .bars, .step]')" '[0,[],900]'
}

@test "usage by CSV is what SQL says, to the letter" {
	sql "delete from b3lb.usage_month;
		insert into b3lb.usage_month (month, tenant, sub_id, meetings, meeting_seconds, attendee_seconds, peak_meetings, peak_attendees,
			joined, refused, recordings, recording_bytes, stored_byte_days)
		values ('2026-10-01', 'acme', 0, 3, 5400, 36000, 0, 0, 40, 2, 1, 1000, 1500000000), ('2026-10-01', 'acme', 5, 1, 600, 1200, 0, 0, 2, 0, 0, 0, 0),
			('2026-10-01', 'acme', -1, 0, 0, 0, 2, 25, 0, 0, 0, 0, 0), ('2026-10-01', 'beta', 0, 1, 60, 60, 0, 0, 1, 0, 0, 0, 0),
			('2026-09-01', 'acme', 0, 1, 60, 6000, 0, 0, 1, 0, 0, 0, 0)"
	as root get "usage?month=2026-10&format=csv"
	is "$(tr -d '\r' <<<"$output")" "month,tenant,sub_id,description,meetings,meeting_minutes,participant_minutes,peak_participants,peak_meetings,joins,refused,recordings,recording_bytes,stored_gb_days
2026-10,ACME,,$(sql "select description from b3lb.tenant where slug = 'acme'"),4,100,620,25,2,42,2,1,1000,1.500
2026-10,BETA,,,1,1,1,0,0,1,0,0,0,0.000"
	as root get "usage?month=2026-10&by=secret"
	is "$(j '[.items[] | [.tenant, .sub_id, .participant_minutes]]')" '[["ACME",0,600],["ACME",5,20],["BETA",0,1]]'
	is "$(j '[.month, .complete, .time_zone, .total.participant_minutes, .before]')" '["2026-10",true,"UTC",621,{"ACME":100}]'
	as root get "usage/months?tenant=acme&month=2026-10"
	is "$(j '[(.items | length), .items[-1].participant_minutes, .items[-2].month]')" '[13,620,"2026-09"]'
	for month in 2026-13 2026-1 x "2026-10-01"; do
		as root get "usage?month=$month"
		is "$month $status $(j .detail)" "$month 422 \"month: must be a month as 2026-11\""
	done
}

@test "a curve has a figure or null for each step" {
	sql "delete from b3lb.total_sample; delete from b3lb.secret_sample;
		insert into b3lb.total_sample (at, meetings, attendees, listeners, voices, videos, load, cpu, nodes, online)
		values (b3lb.step_of(now(), 300), 2, 30, 0, 4, 5, 12.34, 2500, 3, 1), (b3lb.step_of(now(), 300) - interval '10 minutes', 1, 10, 0, 0, 0, null, null, 3, 1);
		insert into b3lb.secret_sample (secret_id, at, meetings, attendees, listeners, voices, videos)
		select s.id, b3lb.step_of(now(), 300), 1, 20, 0, 1, 1 from b3lb.secret s join b3lb.tenant t on t.id = s.tenant_id where t.slug = 'acme'"
	as root get history
	is "$status $(j '[.step, (.at | length), (.series.attendees[-3:]), .series.load[-1], .series.cpu[-1]]')" '200 [300,289,[10,null,30],12.3,25]'
	as root get "history?of=tenant:ACME"
	is "$(j '[.series.attendees[-3:], .series.load[-1]]')" '[[0,null,40],null]'
	as own get "history?of=secret:ACME-5"
	is "$(j '.series.attendees[-1]')" 20
	as root get "history?of=everything"
	is "$status" 422
	as root get "history?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z"
	is "$status $(j .detail)" '422 "from: must be before to"'
}

@test "the overview, health, findings, jobs and the configuration are there, and tell no secret" {
	meetings
	job poll
	as root get overview
	is "$status $(j '[.nodes.total, .meetings, (.map[0].nodes | length), (.jobs[] | select(.name == "poll") | .state)]')" '200 [3,4,3,"good"]'
	as root post findings/run ""
	is "$status" 202
	sql "insert into b3lb.finding (subject, host, level, message) values ('b', 'h', 'ok', 'fine'), ('a', 'h', 'error', 'broken')"
	as root get findings
	is "$(j '[[.items[].subject], (.looked_at | length)]')" '[["a","b"],20]'
	as root get health
	is "$status $(j '[.storage.kind, (.database.size > 0), .versions.schema > 0]')" '200 ["local",true,true]'
	as root get config
	is "$(j '[.items[] | select(.key == "api_base_domain") | .value]')" '["bbb.localhost"]'
	[[ "$output" != *"port=$H_PG_PORT"* ]]
	is "$(j '[.items[] | select(.key == "database") | .value]')" '["***"]'
	as root get "search?q=n1"
	is "$(j '[.items[] | [.kind, .name, .link]]')" '[["node","n1","#/nodes/n1"]]'
}
