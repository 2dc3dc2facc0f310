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
				v_node := b3lb.choose_node(v_group, v_tried, w.tags, w.never, w.required);
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
