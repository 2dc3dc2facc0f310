-- Calls that were refused, as processes report them every few seconds.

-- Arrays with an entry for each: how many seconds ago it was, how often since. What was said within a minute before is counted there; a
-- tenant gets twenty rows a minute, five of them for strangers, whom no secret vouches for. They prove nothing of what stands beside it:
-- one row a minute, call and key. All are counted, those of nobody known (tenant '') only so.
create or replace function b3lb.add_refusals(p_ages double precision[], p_times int[], p_request_ids text[], p_tenants text[], p_subs int[],
	p_calls text[], p_meetings text[], p_nodes text[], p_keys text[], p_messages text[], p_addresses text[],
	p_strangers boolean[]) returns void
language plpgsql as $$
declare
	r record;
begin
	perform set_config('synchronous_commit', 'off', true);
	perform pg_advisory_xact_lock(4742351);
	insert into b3lb.metric_event (tenant, sub_id, name, value)
	select u.tenant, u.sub_id, 'refused', sum(u.times)
	from unnest(p_tenants, p_subs, p_keys, p_times) as u (tenant, sub_id, key, times)
	where u.key not in ('retried', 'limitPassed')
	group by u.tenant, u.sub_id;
	for r in
		select * from unnest(p_ages, p_times, p_request_ids, p_tenants, p_subs, p_calls, p_meetings, p_nodes, p_keys, p_messages,
			p_addresses, p_strangers) as u (age, times, request_id, tenant, sub_id, call, meeting_id, node, key, message, address, stranger)
		where u.tenant <> ''
	loop
		update b3lb.refusal f set repeated = f.repeated + r.times
		where f.tenant = r.tenant and f.at > now() - interval '1 minute' and f.sub_id = r.sub_id and f.call = r.call and f.key = r.key
			and f.stranger = r.stranger and (r.stranger or f.meeting_id is not distinct from r.meeting_id and f.node is not distinct from r.node);
		if found then
			continue;
		end if;
		insert into b3lb.refusal (at, request_id, tenant, sub_id, call, meeting_id, node, key, message, remote_addr, repeated, stranger)
		select now() - r.age * interval '1 second', r.request_id, r.tenant, r.sub_id, r.call, r.meeting_id, r.node, r.key,
			r.message, r.address, r.times - 1, r.stranger
		where (select count(*) < 20 and (not r.stranger or count(*) filter (where f.stranger) < 5)
			from b3lb.refusal f where f.tenant = r.tenant and f.at > now() - interval '1 minute');
	end loop;
end
$$;

-- As programs of before call it until they are upgraded: a wrong checksum is a stranger's.
create or replace function b3lb.add_refusals(p_ages double precision[], p_times int[], p_request_ids text[], p_tenants text[], p_subs int[],
	p_calls text[], p_meetings text[], p_nodes text[], p_keys text[], p_messages text[], p_addresses text[]) returns void
language plpgsql as $$
begin
	perform b3lb.add_refusals(p_ages, p_times, p_request_ids, p_tenants, p_subs, p_calls, p_meetings, p_nodes, p_keys, p_messages,
		p_addresses, array(select u.key = 'checksumError' from unnest(p_keys) with ordinality as u (key, i) order by i));
end
$$;

-- Two weeks are kept, and of them the newest 200,000.
create or replace function b3lb.prune_refusals() returns void language sql as $$
	delete from b3lb.refusal where id <= (select max(id) - 200000 from b3lb.refusal) or at < now() - interval '14 days'
$$;
