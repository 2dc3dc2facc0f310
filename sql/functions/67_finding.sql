-- What the checks found, a row for each thing and host.

-- All that this host found. since stays while the level does. What hosts found that nobody heard of for a week goes.
create or replace function b3lb.write_findings(p_host text, p_subjects text[], p_levels text[], p_messages text[]) returns void
language plpgsql as $$
begin
	delete from b3lb.finding where host = p_host and subject <> all (p_subjects) or at < now() - interval '7 days';
	insert into b3lb.finding as f (subject, host, level, message)
	select u.subject, p_host, u.level, u.message from unnest(p_subjects, p_levels, p_messages) as u (subject, level, message)
	on conflict (subject, host) do update set level = excluded.level, message = excluded.message, at = excluded.at,
		since = case when f.level = excluded.level then f.since else excluded.since end;
end
$$;
