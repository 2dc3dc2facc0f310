-- Both give the list l of a secret when it shows every create and end until now. The secret is written out in both: where it
-- is a column of what is joined, as in the first, the planner cannot join meeting_change and asks it for each row. A list whose
-- snapshot lies in this server's future came from another server by a restore: it knows none of the changes made here.

-- meeting_list_read (repeatable) -> @tenant xml: one row, or none: there is no such tenant; xml is null when it must be built.
select {tenant_columns}, l.xml
from {tenant_from}
left join b3lb.meeting_list l on l.secret_id = s.id and pg_snapshot_xmax(l.snapshot) <= pg_snapshot_xmax(pg_current_snapshot())
	and not exists (
	select 1 from b3lb.meeting_change c where c.secret_id = s.id and not pg_visible_in_snapshot(c.xid, l.snapshot))
where {tenant_where};

-- meeting_list_read_known (repeatable) -> xml: of a tenant read before; no row when its version $1 is another now.
select l.xml
from b3lb.tenant_version v
left join b3lb.meeting_list l on l.secret_id = $2::int and pg_snapshot_xmax(l.snapshot) <= pg_snapshot_xmax(pg_current_snapshot())
	and not exists (
	select 1 from b3lb.meeting_change c where c.secret_id = $2::int and not pg_visible_in_snapshot(c.xid, l.snapshot))
where v.version = $1::bigint;

-- meeting_list_build (repeatable) -> xml: null: the secret is gone.
select b3lb.build_meeting_list($1::int) as xml;

-- meeting_list_rebuild (repeatable) -> written: as meeting_list_build, without its text; false: nothing has changed.
select written from b3lb.write_meeting_list($1::int);

-- meeting_list_due (repeatable) -> id: secrets that have a list or meetings. Sub id 0 of a tenant lists what any of its secrets holds.
select s.id
from b3lb.secret s
where exists (select 1 from b3lb.meeting_list l where l.secret_id = s.id)
	or exists (select 1 from b3lb.meeting m where m.tenant_id = s.tenant_id and (m.secret_id = s.id or s.sub_id = 0))
order by s.id;

-- meeting_list_prune (repeatable): drops change marks that every list shows, after a minute: a list that was being built from an
-- older snapshot may still be written. Marks of this server's future came from another one by a restore, and mean nothing here.
delete from b3lb.meeting_change c
where c.xid >= pg_snapshot_xmax(pg_current_snapshot()) or c.changed_at < now() - interval '1 minute' and not exists (
	select 1 from b3lb.meeting_list l where l.secret_id = c.secret_id and not pg_visible_in_snapshot(c.xid, l.snapshot));
