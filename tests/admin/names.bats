# The rules of names stand in lib/base/name.c and as check constraints: the vectors of the unit test, tried on the database.
load ../harness/harness

setup_file() {
	h_begin
	h_pg_start
	h_conf
	admin db init >/dev/null
	sql "insert into b3lb.cluster (name) values ('c'); insert into b3lb.cluster_group (name) values ('g');
		insert into b3lb.tenant (slug, group_id) select 'holder', id from b3lb.cluster_group" >/dev/null
}
teardown_file() { h_stop; }

# taken KIND NAME: whether the database takes it, in a transaction that is rolled back.
taken() {
	local statement
	case $1 in
	object) statement="insert into b3lb.cluster (name) values (:'name'); insert into b3lb.cluster_group (name) values (:'name'); insert into b3lb.profile (name) values (:'name')" ;;
	node) statement="insert into b3lb.node (slug, cluster_id, secret) select lower(:'name'), id, 's' from b3lb.cluster where name = 'c'" ;;
	tenant) statement="insert into b3lb.tenant (slug, group_id) select lower(:'name'), id from b3lb.cluster_group where name = 'g'" ;;
	host) statement="insert into b3lb.tenant_alias (host, tenant_id) select lower(:'name'), id from b3lb.tenant" ;;
	format) statement="insert into b3lb.profile (name, type) values ('p', :'name')" ;;
	esac
	psql -X -q -v ON_ERROR_STOP=1 -v name="$2" -h 127.0.0.1 -p "$H_PG_PORT" -U postgres -d b3lb >/dev/null 2>&1 <<<"begin; $statement; rollback;"
}

@test "what is a name is one for the database, and what is none is none" {
	checked=0
	while IFS=$'\t' read -r kind is name; do
		case $kind in object | node | tenant | host | format) ;; *) continue ;; esac
		[[ $name != \** ]] || name=$(printf "%${name//[!0-9]/}s" "" | tr ' ' x)
		checked=$((checked + 1))
		if [ "$is" = yes ]; then
			taken "$kind" "$name" || { echo "$kind '$name' is refused by the database"; false; }
		elif [ "$kind" != host ]; then
			# The column of host names is wider: aliases come through the rule alone.
			run taken "$kind" "$name"
			[ "$status" != 0 ] || { echo "$kind '$name' is taken by the database"; false; }
		fi
	done <"$B3LB_SOURCE/tests/unit/vectors/name.tsv"
	[ "$checked" -gt 30 ]
}
