# Which nodes a meeting may go to: tags that nodes have and creates ask for, and how much a node takes.
bats_require_minimum_version 1.5.0
load ../harness/harness.bash
setup_file() { h_start 3; }
teardown_file() { h_stop; }
setup() {
	h_reset
	sql "update b3lb.node set tags = '{}', reserved = true, max_users = 0, max_meetings = 0; update b3lb.tenant set tags = '{*}'"
}
placed() { sql "select n.slug from b3lb.meeting m join b3lb.node n on n.id = m.node_id where m.meeting_id = '$1'"; }
# meta_server-tag as the node got it.
sent() { on_node "$1" '.params["meta_server-tag"]'; }

@test "where a meeting may go, by nodes' tags, what is asked, and what the tenant may ask for" {
	sql "create schema test;
		create table test.line (n int generated always as identity, nodes text, asked text, allowed text, want text);
		insert into b3lb.cluster (name) values ('test');
		insert into b3lb.cluster_group (name) values ('test');
		insert into b3lb.cluster_group_member (group_id, cluster_id)
		select g.id, c.id from b3lb.cluster_group g join b3lb.cluster c using (name) where g.name = 'test';
		-- All nodes that choose_node names, one after the other: those that have a tag asked for > those that the rest goes to.
		create function test.places(l test.line) returns text language plpgsql as \$\$
		declare
			v_group int = (select id from b3lb.cluster_group where name = 'test');
			v_tried int[] = '{}';
			v_node int;
			w record;
		begin
			delete from b3lb.node where cluster_id = (select id from b3lb.cluster where name = 'test');
			insert into b3lb.node (slug, cluster_id, secret, online, tags, reserved, max_meetings, meetings, attendees)
			select substring(x from '^[a-z]'), c.id, 's', true,
				coalesce(string_to_array(substring(x from '=([^/]*)'), ','), '{}'), x not like '%/off%',
				case when x like '%/full%' then 2 else 0 end, 2,
				case when x like '%=%' then 9 else 0 end -- more load than those without
			from b3lb.cluster c, regexp_split_to_table(l.nodes, ' ') x where c.name = 'test';
			select * into w from b3lb.read_wish(nullif(l.asked, '-'), string_to_array(l.allowed, ','));
			loop
				v_node := (b3lb.choose_node(v_group, v_tried, '{}', '{}', w.tags, w.never, w.required)).node;
				exit when v_node is null;
				v_tried := v_tried || v_node;
			end loop;
			return (select coalesce(string_agg(part, '>' order by at), '')
				from (select min(array_position(v_tried, n.id)) as at, string_agg(n.slug, ' ' order by n.slug) as part
					from b3lb.node n where n.id = any (v_tried) group by b3lb.has_tag(n, w.tags)) p);
		end \$\$"
	grep -v '^#' "$B3LB_SOURCE/tests/api/tags.tsv" |
		psql -X -q -v ON_ERROR_STOP=1 -h 127.0.0.1 -p "$H_PG_PORT" -U postgres -d b3lb -c "copy test.line (nodes, asked, allowed, want) from stdin"
	run -0 sql "select format('%s | %s | %s: got %s, want %s', nodes, asked, allowed, got, want)
		from (select l.*, test.places(l) as got from test.line l order by n) x where got <> want"
	wrong=$output
	[ "$(sql "select count(*) from test.line")" -ge 60 ]
	sql "drop schema test cascade; delete from b3lb.node where length(slug) = 1; delete from b3lb.cluster_group where name = 'test';
		delete from b3lb.cluster where name = 'test'"
	is "$wrong" ""
}

# n2 has that tag, the others none.
tagged() { admin node set n2 --tags "$1"; }

@test "Greenlight's two forms: a tag that would do good, and one that must be" {
	tagged gpu
	bbb create "meetingID=may&name=Test&meta_server-tag=gpu"
	answers 200 SUCCESS
	bbb create "meetingID=must&name=Test&meta_Server-Tag=GPU!"
	answers 200 SUCCESS
	is "$(placed may) $(placed must)" "n2 n2"
	is "$(sent may) $(sent must)" "gpu gpu"
	bbb create "meetingID=other&name=Test&meta_server-tag=us"
	answers 200 SUCCESS
	[[ "$(placed other)" != n2 ]]
	is "$(sent other)" none
	is "$(sql "select sum(value) from b3lb.metric_event where name = 'tag_fallback'")" 1
	bbb create "meetingID=plain&name=Test&meta_server-tag="
	[[ "$(placed plain)" != n2 ]]
	is "$(sent plain)" null
}

@test "required and nothing free: serverTagUnavailable, in both modes" {
	tagged gpu
	bbb create "meetingID=abc&name=Test&meta_server-tag=us%3Beu!"
	answers 503 FAILED serverTagUnavailable
	is "$(x //message)" "There is no available server with the required tag=us;eu."
	admin node drain n2
	admin tenant set ACME --error-status bbb
	bbb create "meetingID=abc&name=Test&meta_server-tag=gpu+!"
	answers 200 FAILED serverTagUnavailable
	is "$(x //message)" "There is no available server with the required tag=gpu ."
	bbb create "meetingID=abc&name=Test&meta_server-tag=%3Ca%3E!"
	is "$(x //message)" "There is no available server with the required tag=<a>."
	is "$(sql "select count(*) from b3lb.meeting")" 0
}

@test "a value of more than 512 bytes is none" {
	bbb create "meetingID=abc&name=Test&meta_server-tag=$(printf 'x%.0s' $(seq 513))"
	answers 400 FAILED invalidParameters
	[[ "$(x //message)" == *"meta_server-tag must have 512 bytes at most"* ]]
	bbb create "meetingID=abc&name=Test&meta_server-tag=$(printf 'x%.0s' $(seq 512))"
	answers 200 SUCCESS
	bbb create "meetingID=def&name=Test&meta_server-tag=$(printf 'x%.0s' $(seq 511))!"
	answers 503 FAILED serverTagUnavailable
}

@test "without any tag or limit the least loaded node is chosen, as ever" {
	run -0 sql "
		create function pg_temp.differ() returns int language plpgsql as \$\$
		declare
			v_group int = (select id from b3lb.cluster_group where name = 'all');
			v_tried int[];
			v_want int;
			v_differ int = 0;
		begin
			insert into b3lb.node (slug, cluster_id, secret)
			select 'p' || i, (select id from b3lb.cluster where name = 'main'), 's' from generate_series(1, 12) i;
			for i in 1..200 loop
				update b3lb.node set online = random() < 0.8, state = (array['enabled', 'enabled', 'draining', 'maintenance'])[1 + floor(random() * 4)],
					attendees = 1000 * random(), held_attendees = random(), weight = 0.5 + random();
				v_tried := array(select id from b3lb.node where random() < 0.2);
				select n.id into v_want
				from b3lb.cluster_group_member g join b3lb.cluster c on c.id = g.cluster_id join b3lb.node n on n.cluster_id = c.id
				where g.group_id = v_group and n.online and n.state = 'enabled' and n.id <> all (v_tried)
				order by b3lb.node_load(n, c) limit 1;
				v_differ := v_differ + ((b3lb.choose_node(v_group, v_tried)).node is distinct from v_want)::int;
			end loop;
			delete from b3lb.node where slug like 'p%';
			return v_differ;
		end \$\$;
		select pg_temp.differ()"
	is "$output" 0
}

@test "what the tenant may ask for, and what its rules ask for in its place" {
	tagged gpu
	admin node set n3 --tags eu
	admin tenant set ACME --tags 'EU, node-n1'
	is "$(admin tenant show ACME --json | jq -r .tags)" "eu,node-n1"
	bbb create "meetingID=aa&name=Test&meta_server-tag=gpu!"
	answers 503 FAILED serverTagUnavailable
	run -1 admin parameter set ACME meta_server-tag override "$(printf 'x%.0s' $(seq 513))"
	[[ "$output" == *"longer than 512 bytes"* ]]
	admin parameter set ACME meta_server-tag override 'eu!'
	acme5 create "meetingID=bb&name=Test&meta_server-tag=gpu!&moderatorPW=m&attendeePW=a"
	answers 200 SUCCESS
	is "$(placed bb) $(sent bb)" "n3 eu"
	admin parameter set ACME meta_server-tag set node-n1
	bbb create "meetingID=cc&name=Test"
	is "$(placed cc) $(sent cc)" "n1 node-n1"
	beta create "meetingID=dd&name=Test&meta_server-tag=node-n1!"
	answers 503 FAILED serverTagUnavailable
	beta create "meetingID=dd&name=Test&meta_server-tag=gpu!"
	is "$(placed dd)" n2
}

@test "answers show what the client asked for, or nothing of it; never ours" {
	tagged gpu
	bbb create "meetingID=asks&name=Test&meta_server-tag=us%3BGPU!&meta_x=1"
	bbb create "meetingID=asksnot&name=Test&meta_x=1"
	is "$(sent asks) $(sent asksnot)" "gpu null"
	# A node may show one that nobody asked for.
	bbb getMeetings ""
	is "$(x "//meeting[meetingID='asks']/metadata/server-tag")" "us;GPU!"
	job poll
	job meetings
	bbb getMeetings ""
	is "$(x "//meeting[meetingID='asks']/metadata/server-tag") $(x "count(//server-tag)")" "us;GPU! 1"
	bbb getMeetingInfo "meetingID=asks"
	is "$(x //metadata/server-tag)" "us;GPU!"
	bbb getMeetingInfo "meetingID=asksnot"
	is "$(x "count(//server-tag)")" 0
	recorded() {
		sql "select coalesce(b3lb.record_meta(r, '{\"server-tag\": \"gpu\", \"x\": \"1\"}') ->> 'server-tag', '-') from b3lb.record_set r where meeting_id = '$1'"
	}
	for id in asks asksnot; do
		sql "insert into b3lb.record_set (tenant_id, secret_id, meeting_id, name, own_params) select tenant_id, secret_id, meeting_id, name, own_params from b3lb.meeting where meeting_id = '$id'"
	done
	is "$(recorded asks) $(recorded asksnot)" "us;GPU! -"
	is "$(sql "select b3lb.hook_metadata('{\"server-tag\": \"gpu\", \"server_tag\": \"gpu\", \"x\": \"1\"}', '{\"meta_server-tag\": \"us\"}', 'b3lb-recordset')")" '{"x": "1", "server-tag": "us"}'
}

@test "a meeting that is placed anew goes where it asked to be, and a running one stays" {
	tagged gpu
	admin node set n3 --tags gpu
	bbb create "meetingID=abc&name=Test&meta_server-tag=gpu!"
	was=$(placed abc)
	bbb create "meetingID=abc&name=Test&meta_server-tag=us!"
	answers 200 SUCCESS duplicateWarning
	sql "update b3lb.node set online = false where slug = '$was'"
	bbb create "meetingID=abc&name=Test"
	answers 200 SUCCESS
	is "$(placed abc) $was" "$([ "$was" = n2 ] && echo n3 n2 || echo n2 n3)"
	is "$(sent abc)" gpu
	job poll
	bbb getMeetingInfo "meetingID=abc"
	is "$(x //metadata/server-tag)" "gpu!"
	sql "update b3lb.node set online = false where 'gpu' = any (tags)"
	bbb create "meetingID=abc&name=Test"
	answers 503 FAILED serverTagUnavailable
	is "$(x //message)" "There is no available server with the required tag=gpu."
	# What it asks for now counts before that.
	bbb create "meetingID=abc&name=Test&meta_server-tag=none"
	answers 200 SUCCESS
	is "$(placed abc)" n1
}

@test "a tagged node that fails gives way to another one with the tag, then to one without" {
	tagged gpu
	sim n2/behave mode=rubbish calls=create
	bbb create "meetingID=abc&name=Test&meta_server-tag=gpu"
	answers 200 SUCCESS
	[[ "$(placed abc)" != n2 ]]
	is "$(sent abc)" none
	bbb create "meetingID=def&name=Test&meta_server-tag=gpu!"
	answers 503 FAILED serverTagUnavailable
	is "$(sql "select count(*) || ' ' || sum(n.held_meetings) from b3lb.node n where slug = 'n2'")" "1 0"
}

@test "twenty creates at once do not pass what nodes may hold" {
	admin node set n1 --max-meetings 3
	admin node set n2 --max-meetings 4
	admin node set n3 --max-meetings 1
	for ((i = 1; i <= 20; i++)); do
		echo "url = \"http://127.0.0.1:$H_PORT$(signed create "meetingID=m$i&name=Test")\""
		echo "output = \"$BATS_TEST_TMPDIR/answer.$i\""
	done >"$BATS_TEST_TMPDIR/curlrc"
	curl -sS --parallel --parallel-immediate --max-time 60 -H "Host: acme.$H_DOMAIN" -K "$BATS_TEST_TMPDIR/curlrc"
	is "$(cat "$BATS_TEST_TMPDIR"/answer.* | grep -o SUCCESS | wc -l)" 8
	is "$(cat "$BATS_TEST_TMPDIR"/answer.* | grep -o noNodesAvailable | wc -l)" 12
	is "$(sql "select string_agg(c::text, ' ' order by slug) from (select n.slug, count(*) as c from b3lb.meeting m join b3lb.node n on n.id = m.node_id group by 1) x")" "3 4 1"
	# One that ends makes room.
	id=$(sql "select meeting_id from b3lb.meeting limit 1")
	bbb end "meetingID=$id"
	job poll
	bbb create "meetingID=new&name=Test"
	answers 200 SUCCESS
	bbb create "meetingID=new2&name=Test"
	answers 503 FAILED noNodesAvailable
}

@test "a node that is full takes its meetings' rooms, and the refusal says that all are" {
	h_programs_stop
	h_programs_start
	sql 'delete from b3lb.refusal'
	admin node maintenance n3
	admin node set n1 --max-users 15
	admin node set n2 --max-meetings 1
	for id in aa bb; do bbb create "meetingID=$id&name=Test" && answers 200 SUCCESS; done
	bbb create "meetingID=cc&name=Test"
	answers 503 FAILED noNodesAvailable
	for id in aa bb; do
		bbb create "meetingID=room-$id&name=Room&isBreakout=true&sequence=1&parentMeetingID=$id"
		answers 200 SUCCESS
		is "$(placed "room-$id")" "$(placed "$id")"
	done
	h_programs_stop
	h_programs_start
	is "$(sql "select key || ': ' || message from b3lb.refusal where meeting_id = 'cc'")" "noNodesAvailable: Every server that could take the meeting has reached its max_meetings or max_users"
	grep -q "max_meetings or max_users" "$H/api.log"
}

@test "tags and limits go round with the state, and lists show them" {
	admin node set n1 --tags 'gpu,EU,gpu' --reserved off --max-users 500 --max-meetings 7
	admin tenant set ACME --tags 'node-n1,*'
	admin tenant set BETA --tags ''
	admin state export --secrets >"$BATS_TEST_TMPDIR/state.json"
	is "$(jq -c '.nodes[0] | [.tags, .reserved, .max_users, .max_meetings]' "$BATS_TEST_TMPDIR/state.json")" '[["eu","gpu"],false,500,7]'
	is "$(jq -c '[.tenants[].tags]' "$BATS_TEST_TMPDIR/state.json")" '[["*","node-n1"],[]]'
	is "$(admin node list --json | jq -c '.[0] | [.tags, .reserved, .max_meetings, .max_users]')" '["eu,gpu",false,7,500]'
	admin node set n1 --tags '' --reserved on --max-users 0 --max-meetings 0
	admin tenant set BETA --tags '*'
	run -0 admin state import "$BATS_TEST_TMPDIR/state.json"
	[[ "$output" == *"tags: gpu added"* && "$output" == *"reserved true -> false"* && "$output" == *"max_users 0 -> 500"* && "$output" == *"tenant BETA: tags: * removed"* ]]
	admin state export --secrets | diff "$BATS_TEST_TMPDIR/state.json" -
	# A state that says nothing of them leaves them as they are.
	jq 'del(.nodes[].tags, .nodes[].reserved, .nodes[].max_users, .nodes[].max_meetings, .tenants[].tags)' "$BATS_TEST_TMPDIR/state.json" >"$BATS_TEST_TMPDIR/old.json"
	run -0 admin state import "$BATS_TEST_TMPDIR/old.json"
	[[ "$output" == *"0 changes"* ]]
	run -1 admin node set n1 --tags none
	[[ "$output" == *"tags[0] must be a letter or digit"*"and not none"* ]]
	run -1 admin node set n1 --tags 'a!b'
	run -2 admin node set n1 --max-users -1
	run -1 admin tenant set ACME --tags 'gpu!'
	is "$(sql "select array_to_string(tags, ' ') from b3lb.node where slug = 'n1'")" "eu gpu"
}
