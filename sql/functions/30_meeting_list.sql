-- The lists that getMeetings answers.

-- The list of one secret as getMeetings answers it; meetings of a node that is offline are gone until it is back. It is written down
-- with the snapshot it was read in, where it is another, or that one does not show every change or is another server's (a restore).
create or replace function b3lb.write_meeting_list(p_secret int, out xml text, out written boolean) language plpgsql as $$
#variable_conflict use_column
declare
	v_count bigint;
	v_snapshot pg_snapshot;
begin
	select case when count(m.id) = 0 then
			'<response><returncode>SUCCESS</returncode><meetings/><messageKey>noMeetings</messageKey>'
			'<message>no meetings were found on this server</message></response>'
		else '<response><returncode>SUCCESS</returncode><meetings>'
			|| string_agg(m.fragment, '' order by m.id) || '</meetings></response>' end,
		count(m.id), pg_current_snapshot()
	into write_meeting_list.xml, v_count, v_snapshot
	from b3lb.secret s
	left join (b3lb.meeting m join b3lb.node n on n.id = m.node_id and n.online)
		on m.tenant_id = s.tenant_id and (m.secret_id = s.id or s.sub_id = 0) and m.confirmed and m.fragment is not null
	where s.id = p_secret
	group by s.id;
	written := false;
	if write_meeting_list.xml is null then
		return;
	end if;
	insert into b3lb.meeting_list as l (secret_id, xml, meetings, snapshot)
	values (p_secret, write_meeting_list.xml, v_count, v_snapshot)
	on conflict (secret_id) do update
	set xml = excluded.xml, meetings = excluded.meetings, snapshot = excluded.snapshot, built_at = now()
	where l.xml <> excluded.xml or pg_snapshot_xmax(l.snapshot) > pg_snapshot_xmax(excluded.snapshot) or exists (select 1 from b3lb.meeting_change c
		where c.secret_id = p_secret and not pg_visible_in_snapshot(c.xid, l.snapshot))
	returning true into written;
	written := coalesce(written, false);
end
$$;

create or replace function b3lb.build_meeting_list(p_secret int) returns text language plpgsql as $$
begin
	return (select l.xml from b3lb.write_meeting_list(p_secret) l);
end
$$;
