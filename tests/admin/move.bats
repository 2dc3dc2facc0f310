# Moving here: from the tables of B3LB (Django), and from Scalelite's list of servers.
load ../harness/harness.bash
setup_file() {
	h_start 1
	psql -q -h 127.0.0.1 -p "$H_PG_PORT" -U postgres -d postgres -c "create database django"
	# The columns that matter, as Django makes them.
	django >/dev/null <<-'SQL'
		create table rest_cluster (uuid uuid primary key, name varchar(100) unique, load_a_factor double precision, load_m_factor double precision,
			load_cpu_iterations int, load_cpu_max int, sha_function varchar(6));
		create table rest_clustergroup (uuid uuid primary key, name varchar(100) unique, description varchar(255));
		create table rest_clustergrouprelation (uuid uuid primary key, cluster_group_id uuid references rest_clustergroup, cluster_id uuid references rest_cluster);
		create table rest_node (uuid uuid primary key, slug varchar(100), domain varchar(50), secret varchar(50), cluster_id uuid references rest_cluster,
			attendees int, meetings int, cpu_load int, has_errors boolean, maintenance boolean);
		create table rest_tenant (uuid uuid primary key, slug varchar(10), description varchar(256), stats_token uuid, cluster_group_id uuid references rest_clustergroup,
			attendee_limit int, meeting_limit int, recording_enabled boolean, records_hold_time int);
		create table rest_secret (uuid uuid primary key, tenant_id uuid references rest_tenant, description varchar(256), sub_id smallint, secret varchar(42), secret2 varchar(42),
			attendee_limit int, meeting_limit int, recording_enabled boolean, records_hold_time int);
		create table rest_recordprofile (uuid uuid primary key, description varchar(255), name varchar(32), width int, height int, webcam_size int, crop_webcam boolean,
			stretch_webcam boolean, backdrop varchar(255), annotations boolean, mime_type varchar(32), file_extension varchar(10), is_default boolean);
		create table rest_secretrecordprofilerelation (uuid uuid primary key, record_profile_id uuid references rest_recordprofile, secret_id uuid references rest_secret);
		create table rest_parameter (id bigserial primary key, mode varchar(10), parameter varchar(64), tenant_id uuid references rest_tenant, value varchar(250));
		create table rest_assetslide (id bigserial primary key, blob bytea, filename varchar(255), mimetype varchar(100));
		create table rest_assetlogo (id bigserial primary key, blob bytea, filename varchar(255), mimetype varchar(50));
		create table rest_assetcustomcss (id bigserial primary key, blob bytea, filename varchar(255), mimetype varchar(50));
		create table rest_asset (tenant_id uuid primary key references rest_tenant, slide varchar(100), slide_filename varchar(250), logo varchar(100), custom_css varchar(100));
		insert into rest_cluster values ('00000000-0000-0000-0000-00000000000a', 'East Side', 2, 25, 5, 4000, 'sha512'), ('00000000-0000-0000-0000-00000000000b', 'west', 1, 30, 6, 5000, 'sha256');
		insert into rest_clustergroup values ('00000000-0000-0000-0000-0000000000a0', 'both', null);
		insert into rest_clustergrouprelation select gen_random_uuid(), g.uuid, c.uuid from rest_clustergroup g, rest_cluster c;
		insert into rest_node values (gen_random_uuid(), 'bbb01', 'nodes.example.net', 'secret-of-bbb01', '00000000-0000-0000-0000-00000000000a', 3, 1, 0, false, false),
			(gen_random_uuid(), 'bbb02', 'nodes.example.net', 'secret-of-bbb02', '00000000-0000-0000-0000-00000000000b', 0, 0, 0, true, true);
		insert into rest_tenant values ('00000000-0000-0000-0000-000000000001', 'MOVED', 'Moved "here"', '12345678-1234-1234-1234-123456789012', '00000000-0000-0000-0000-0000000000a0', 100, 10, true, 14);
		insert into rest_secret values (gen_random_uuid(), '00000000-0000-0000-0000-000000000001', 'main', 0, 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', '', 0, 0, true, 14),
			(gen_random_uuid(), '00000000-0000-0000-0000-000000000001', 'seven', 7, 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', 'cccccccccccccccccccccccccccccccccccccccccc', 5, 1, false, 7);
		insert into rest_recordprofile values ('00000000-0000-0000-0000-0000000000b0', 'Presentation Only', 'presentation', 1921, 1080, 0, false, false, '', true, 'video/mp4', 'mp4', true),
			('00000000-0000-0000-0000-0000000000b1', 'With webcams', 'all of it', 1280, 720, 25, false, false, '', false, 'video/webm', 'webm', false);
		insert into rest_secretrecordprofilerelation select gen_random_uuid(), '00000000-0000-0000-0000-0000000000b1', uuid from rest_secret where sub_id = 7;
		insert into rest_parameter (mode, parameter, tenant_id, value) values ('BLOCK', 'record', '00000000-0000-0000-0000-000000000001', ''),
			('SET', 'muteOnStart', '00000000-0000-0000-0000-000000000001', 'true'), ('OVERRIDE', 'userdata-bbb_client_title', '00000000-0000-0000-0000-000000000001', 'Uni');
		-- django-db-file-storage keeps base64 in the bytea.
		insert into rest_assetcustomcss (blob, filename, mimetype) values (convert_to(encode('body { color: red; }', 'base64'), 'UTF8'), 'rest.AssetCustomCSS/blob/filename/mimetype/uni.css', 'text/css');
		insert into rest_asset values ('00000000-0000-0000-0000-000000000001', null, null, null, 'rest.AssetCustomCSS/blob/filename/mimetype/uni.css');
	SQL
}
teardown_file() { h_stop; }
django() { psql -X -A -t -q -v ON_ERROR_STOP=1 -h 127.0.0.1 -p "$H_PG_PORT" -U postgres -d django "$@"; }
from_b3lb() { "$B3LB_PREFIX/share/b3lb/contrib/b3lb-django-export" "host=127.0.0.1 port=$H_PG_PORT user=postgres dbname=django"; }
from_scalelite() { "$B3LB_PREFIX/share/b3lb/contrib/b3lb-scalelite-export" "$@"; }

@test "B3LB: what is in its tables is here, and old secrets sign" {
	from_b3lb >"$BATS_TEST_TMPDIR/state.json"
	run -0 admin state import --dry-run "$BATS_TEST_TMPDIR/state.json"
	[[ "$output" == *"tenant MOVED: added"* ]]
	run -0 admin state import "$BATS_TEST_TMPDIR/state.json"
	is "$(sql "select n.domain || ' ' || n.state || ' ' || n.secret || ' ' || c.name || ' ' || c.sha || ' ' || c.load_m from b3lb.node n join b3lb.cluster c on c.id = n.cluster_id where n.slug = 'bbb01'")" \
		"bbb01.nodes.example.net enabled secret-of-bbb01 East-Side sha512 25"
	is "$(sql "select state from b3lb.node where slug = 'bbb02'")" maintenance
	is "$(admin tenant show MOVED --json | jq -r '[.group, .description, .meeting_limit, .attendee_limit, .recording, .hold_days, .stats_token] | map(tostring) | join("|")')" \
		'both|Moved "here"|10|100|true|14|12345678-1234-1234-1234-123456789012'
	is "$(admin group list --json | jq -r '.[] | select(.name == "both") | .clusters')" "East-Side, west"
	is "$(sql "select string_agg(name || ' ' || mode || ' ' || coalesce(value, '-'), ', ' order by name) from b3lb.parameter")" "muteOnStart set true, record block -, userdata-bbb_client_title override Uni"
	is "$(sql "select convert_from(data, 'UTF8') || ' ' || type || ' ' || name from b3lb.asset")" "body { color: red; } text/css uni.css"
	is "$(sql "select string_agg(concat_ws(' ', name, kind, description, width, height, webcams, annotations, container, preset), ', ' order by name) from b3lb.profile where name in ('presentation', 'all-of-it')")" \
		"all-of-it presentation With webcams 1280 720 side f webm f, presentation presentation Presentation Only 1920 1080 none t mp4 t"
	is "$(sql "select string_agg(s.sub_id || ' ' || p.name, ', ') from b3lb.secret_profile x join b3lb.secret s on s.id = x.secret_id join b3lb.profile p on p.id = x.profile_id")" "7 all-of-it"
	for secret in bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb cccccccccccccccccccccccccccccccccccccccccc; do
		bbb getMeetings "" "$secret" "moved-007.$H_DOMAIN"
		answers 200
	done
	run -0 admin state import "$BATS_TEST_TMPDIR/state.json"
	is "$output" "0 changes"
}

@test "B3LB: an older one without a column for the algorithm and recordings" {
	django -c "drop table rest_secretrecordprofilerelation, rest_recordprofile; alter table rest_cluster drop sha_function; alter table rest_tenant drop recording_enabled, drop records_hold_time; alter table rest_secret drop recording_enabled, drop records_hold_time"
	from_b3lb >"$BATS_TEST_TMPDIR/state.json"
	is "$(jq -r '.clusters[0].sha + " " + (.tenants[0].recording | tostring) + " " + (.profiles | tostring)' "$BATS_TEST_TMPDIR/state.json")" "sha256 false []"
	run -0 admin state import --dry-run "$BATS_TEST_TMPDIR/state.json"
}

@test "B3LB: its database is only read; without one the script fails" {
	before=$(h_as_postgres "$(h_pg_bin)/pg_dump" -h 127.0.0.1 -p "$H_PG_PORT" -U postgres django | grep -v '^\\' | cksum)
	from_b3lb >/dev/null
	is "$(h_as_postgres "$(h_pg_bin)/pg_dump" -h 127.0.0.1 -p "$H_PG_PORT" -U postgres django | grep -v '^\\' | cksum)" "$before"
	run "$B3LB_PREFIX/share/b3lb/contrib/b3lb-django-export" "host=127.0.0.1 port=1 dbname=django"
	[ "$status" != 0 ]
	run -2 "$B3LB_PREFIX/share/b3lb/contrib/b3lb-django-export"
}

@test "Scalelite: its servers become nodes" {
	cat >"$BATS_TEST_TMPDIR/servers.yml" <<-'YAML'
		---
		:servers:
		  bbb1.example.com:
		    :secret: 1bdce5cbab581f3f
		    :url: https://bbb1.example.com/bigbluebutton/api
		    :enabled: true
		    :load_multiplier: !ruby/object:BigDecimal 18:0.2e1
		  02bff3a7-c95f-49d3-b1e5-c53eddd4dd68:
		    secret: "2bdce5cbab581f3f"
		    url: "https://bbb2.example.com/bigbluebutton/api"
		    enabled: false
		    state: enabled
		    load_multiplier: 4
		  bbb1.example.org:
		    secret: "0123"
		    state: cordoned
	YAML
	from_scalelite "$BATS_TEST_TMPDIR/servers.yml" --cluster old --group old >"$BATS_TEST_TMPDIR/state.json"
	run -0 admin state import "$BATS_TEST_TMPDIR/state.json"
	is "$(sql "select string_agg(n.slug || ' ' || n.url || ' ' || n.weight || ' ' || n.state || ' ' || n.secret, ', ' order by n.slug) from b3lb.node n join b3lb.cluster c on c.id = n.cluster_id
		where c.name = 'old'")" "bbb1 https://bbb1.example.com/bigbluebutton/api 0.5 enabled 1bdce5cbab581f3f, bbb1.example.org https://bbb1.example.org/bigbluebutton/api 1 draining 0123, bbb2 https://bbb2.example.com/bigbluebutton/api 0.25 maintenance 2bdce5cbab581f3f"
}

@test "Scalelite: a server with a tag is for those who ask for it" {
	from_scalelite >"$BATS_TEST_TMPDIR/state.json" <<<"servers: {a.example: {secret: x, tag: gpu}, b.example: {secret: y, tag: ''}}"
	admin state import "$BATS_TEST_TMPDIR/state.json" >/dev/null
	is "$(sql "select string_agg(slug || ' ' || tags::text || ' ' || reserved, ', ' order by slug) from b3lb.node where slug in ('a', 'b')")" "a {gpu} true, b {} true"
	# The tag is taken away there: here too.
	from_scalelite >"$BATS_TEST_TMPDIR/state.json" <<<"servers: {a.example: {secret: x}}"
	run -0 admin state import "$BATS_TEST_TMPDIR/state.json"
	[[ "$output" == *"node a: tags: gpu removed"* ]]
}

@test "Scalelite: its tenants with their secrets, host names and settings" {
	echo "servers: {a.example: {secret: x}}" >"$BATS_TEST_TMPDIR/servers.yml"
	cat >"$BATS_TEST_TMPDIR/tenants" <<-'TEXT'
		id: 9a870f45-ec23-4d29-828b-4673f3536d7b
		        name: north-school
		        secrets: secret1
		id: 4f3e4bb8-2a4e-41a6-9af8-0678c651777f
		        name: south
		        secrets: secret2:secret2a:secret2b
	TEXT
	cat >"$BATS_TEST_TMPDIR/settings" <<-'TEXT'
		Tenant: north-school
		  No custom settings are configured
		Tenant: south
		  id: 9867dd51-9065-4486-9216-afb238a04748
			param: welcome
			value: Welcome: to the <b>south</b>
			override: true
		  id: ac7d7443-3515-4b02-bdcf-6f6452a3e00a
			param: muteOnStart
			value: true
			override: false
	TEXT
	run -0 --separate-stderr from_scalelite "$BATS_TEST_TMPDIR/servers.yml" --tenants "$BATS_TEST_TMPDIR/tenants" --settings "$BATS_TEST_TMPDIR/settings" --domain "$H_DOMAIN"
	[[ "$stderr" == *"secret 3 becomes SOUTH-1"* ]]
	admin state import - <<<"$output"
	is "$(admin tenant show NORTHSCHOOL --json | jq -r '[.description, .aliases, .group] | join("|")')" "north-school|north-school.$H_DOMAIN|all"
	is "$(sql "select string_agg(p.name || ' ' || p.mode || ' ' || p.value, ', ' order by p.name) from b3lb.parameter p join b3lb.tenant t on t.id = p.tenant_id where t.slug = 'south'")" \
		"muteOnStart set true, welcome override Welcome: to the <b>south</b>"
	bbb getMeetings "" secret1 "north-school.$H_DOMAIN"
	answers 200
	for secret in secret2 secret2a; do bbb getMeetings "" $secret "south.$H_DOMAIN" && answers 200; done
	bbb getMeetings "" secret2b "south-1.$H_DOMAIN"
	answers 200
	for wrong in "name: 7up" "name: a_" "secrets: :"; do
		run from_scalelite "$BATS_TEST_TMPDIR/servers.yml" --tenants <(sed "0,/${wrong%%:*}:.*/s//$wrong/" "$BATS_TEST_TMPDIR/tenants")
		is "$status" 1
		[[ "$output" == "b3lb-scalelite-export: tenant "* ]]
	done
}

@test "Scalelite: what is no list of servers is refused" {
	for text in "servers: 3" "- a" "servers: {a.example: {url: x}}" "servers: {a.example: {secret: x, load_multiplier: weak}}" ": : :"; do
		run from_scalelite <<<"$text"
		[ "$status" = 1 ]
		[[ "$output" == "b3lb-scalelite-export: "* ]]
	done
}
