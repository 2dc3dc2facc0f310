-- The lists that getMeetings answers.

-- The list of one secret as getMeetings answers it, written down with the snapshot it was read in.
create or replace function b3lb.build_meeting_list(p_secret int) returns text language plpgsql as $$
declare
	v_xml text;
begin
	insert into b3lb.meeting_list as l (secret_id, xml, meetings, snapshot)
	select p_secret, case when count(m.id) = 0 then
			'<response><returncode>SUCCESS</returncode><meetings/><messageKey>noMeetings</messageKey>'
			'<message>no meetings were found on this server</message></response>'
		else '<response><returncode>SUCCESS</returncode><meetings>'
			|| string_agg(m.fragment, '' order by m.id) || '</meetings></response>' end,
		count(m.id), pg_current_snapshot()
	from b3lb.secret s
	left join b3lb.meeting m on m.tenant_id = s.tenant_id and (m.secret_id = s.id or s.sub_id = 0)
		and m.confirmed and m.fragment is not null
	where s.id = p_secret
	group by s.id
	on conflict (secret_id) do update
	set xml = excluded.xml, meetings = excluded.meetings, snapshot = excluded.snapshot, built_at = now()
	returning l.xml into v_xml;
	return v_xml;
end
$$;
