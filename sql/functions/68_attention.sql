-- What somebody should look at.

-- Each job: when it ran, and whether that is too long ago. How long ago its last good round may be, and how long one may take, in
-- seconds, stands here. state: never, running, good, failed.
create or replace function b3lb.job_states()
returns table (name text, host text, state text, started_ago int, good_ago int, good_age int, late boolean, severity text, message text)
language sql stable as $$
	select y.name, y.host, y.state, y.started_ago, y.good_ago, y.good_age,
		not (y.state = 'running' and y.started_ago <= y.busy) and coalesce(y.good_ago > y.good_age, true), y.severity, y.message
	from (select a.name, j.host, a.good_age, a.busy, a.severity, j.message,
			case when j.name is null then 'never' when j.finished_at is null or j.finished_at < j.started_at then 'running'
				when j.good_at = j.finished_at then 'good' else 'failed' end as state,
			extract(epoch from now() - j.started_at)::int as started_ago, extract(epoch from now() - j.good_at)::int as good_ago
		from (values ('poll', 120, 120, 'error'), ('meetings', 120, 120, 'error'), ('callbacks', 300, 600, 'error'),
			('hooks', 300, 300, 'warning'),
			('rollup', 600, 600, 'warning'), ('render', 600, 86400, 'warning'), ('cleanup', 7800, 86400, 'warning'),
			('check', 1800, 3600, 'warning')) a (name, good_age, busy, severity)
		left join b3lb.job j on j.name = a.name) y
$$;

-- The host of a URL, without user and port.
create or replace function b3lb.url_host(p_url text) returns text language sql immutable parallel safe as $$
	select lower(substring(p_url from '^[A-Za-z]+://(?:[^/?#]*@)?(\[[^]/?#]*\]|[^:/?#]*)'))
$$;

-- Everything, in no order; p_tenants null: of all, else of these, and nothing of nodes, jobs and findings. weight: within a kind the
-- heavier is worse.
create or replace function b3lb.attention_all(p_tenants int[])
returns table (kind text, severity text, title text, detail text, link text, weight double precision)
language plpgsql stable as $$
#variable_conflict use_column
begin
	if p_tenants is null then
		return query
		select 'node', case when n.polled_at is null then 'warning' else 'error' end,
			n.slug || case when n.polled_at is null then ' was not polled yet' else ' does not answer' end,
			n.meetings || ' meetings, ' || n.attendees || ' people' || coalesce('; ' || n.error, ''), '#/nodes/' || n.slug,
			(n.attendees + n.meetings)::double precision
		from b3lb.node n where not n.online and n.state <> 'maintenance'
		union all
		select 'node', 'warning', n.slug || ' answers now and then, or in part', coalesce(n.error, ''), '#/nodes/' || n.slug,
			n.attendees::double precision
		from b3lb.node n where n.online and n.state <> 'maintenance' and (n.failures > 0 or n.unsteady)
		union all
		select 'node', 'warning', n.slug || ': its webhooks refuse its secret', 'bbb-webhooks has another one than bbb-web', '#/nodes/' || n.slug,
			0::double precision
		from b3lb.node n where n.hook_state = 'refused' and n.state <> 'maintenance'
		union all
		select 'certificate', case when n.certificate_until < now() + interval '3 days' then 'error' else 'warning' end,
			n.slug || ': its certificate ' || case when n.certificate_until < now() then 'has run out'
				else 'runs out in ' || extract(day from n.certificate_until - now()) || ' days' end,
			'', '#/nodes/' || n.slug, -extract(epoch from n.certificate_until - now())::double precision
		from b3lb.node n where n.state <> 'maintenance' and n.certificate_until < now() + interval '14 days'
		union all
		select 'job', j.severity, 'b3lb-' || j.name || case j.state when 'failed' then ' fails' when 'never' then ' never ran'
				else ' is late' end,
			case when j.state = 'never' then 'no host runs it'
				else coalesce('last good round ' || j.good_ago || ' seconds ago', 'no good round yet') || ', on ' || j.host
				|| coalesce(': ' || nullif(j.message, ''), '') end, '#/health', coalesce(j.good_ago, 1e9)::double precision
		from b3lb.job_states() j where j.late or j.state = 'failed'
		union all
		-- Of several hosts that see the same the worst speaks. What the rows above say is not said twice.
		select case f.subject when 'certificate' then 'certificate' else 'finding' end, f.level, f.subject, f.message || ' (' || f.host || ')',
			case when n.id is null then '#/health' else '#/nodes/' || n.slug end, extract(epoch from now() - f.since)::double precision
		from (select distinct on (x.subject) x.* from b3lb.finding x
			where x.level <> 'ok' and x.at > now() - interval '1 day'
			order by x.subject, x.level, x.since) f
		left join b3lb.node n on f.subject = 'node ' || n.slug
		where f.subject not like 'job %' and (n.id is null or n.online and n.state <> 'maintenance');
	end if;
	return query
	select 'callback', 'warning', c.host || ' did not take ' || c.failed || case c.failed when 1 then ' callback' else ' callbacks' end,
		coalesce(c.error, ''), '#/callbacks?state=failed&q=' || b3lb.url_encode(c.host), c.failed::double precision
	from (select b.host, count(*) as failed, (array_agg(b.error order by b.finished_at desc))[1] as error
		from b3lb.callback b join b3lb.secret s on s.id = b.secret_id
		where b.state = 'failed' and b.finished_at > now() - interval '3 days' and (p_tenants is null or s.tenant_id = any (p_tenants))
		group by 1) c
	union all
	select 'callback', 'warning', upper(t.slug) || ': ' || coalesce(b3lb.url_host(h.callback_url), '?') || ' takes no webhooks',
		coalesce(h.error, ''), '#/tenants/' || upper(t.slug), extract(epoch from now() - h.failing_since)::double precision
	from b3lb.hook h join b3lb.secret s on s.id = h.secret_id join b3lb.tenant t on t.id = s.tenant_id
	where h.failing_since < now() - interval '15 minutes' and (p_tenants is null or t.id = any (p_tenants))
	union all
	select 'recording', 'warning', upper(t.slug) || ': ' || r.failed || case r.failed when 1 then ' recording' else ' recordings' end || ' failed',
		coalesce(r.error, ''), '#/recordings?status=failed&tenant=' || upper(t.slug), r.failed::double precision
	from (select x.tenant_id, count(*) as failed, (array_agg(x.render_error order by x.id desc))[1] as error
		from b3lb.record_set x where x.status = 'FAILED' and (p_tenants is null or x.tenant_id = any (p_tenants))
		group by x.tenant_id) r join b3lb.tenant t on t.id = r.tenant_id
	union all
	select 'limit', case when l.used >= l.most then 'error' else 'warning' end,
		l.who || ' at ' || floor(l.used * 100 / l.most) || ' % of its ' || l.what || ' limit', l.used || ' of ' || l.most,
		'#/tenants/' || split_part(l.who, '-', 1), l.used::double precision / l.most
	from (with m as materialized (
			select x.tenant_id, x.secret_id, count(*) as meetings, coalesce(sum(x.attendees), 0) as attendees
			from b3lb.meeting x join b3lb.node n on n.id = x.node_id and n.online
			where p_tenants is null or x.tenant_id = any (p_tenants)
			group by x.tenant_id, x.secret_id)
		select upper(t.slug) as who, v.what, v.used, v.most
		from b3lb.tenant t
		join (select m.tenant_id, sum(m.meetings) as meetings, sum(m.attendees) as attendees from m group by m.tenant_id) u on u.tenant_id = t.id
		cross join lateral (values ('meeting', u.meetings, t.meeting_limit), ('attendee', u.attendees, t.attendee_limit)) v (what, used, most)
		union all
		select upper(t.slug) || '-' || s.sub_id, v.what, v.used, v.most
		from m join b3lb.secret s on s.id = m.secret_id join b3lb.tenant t on t.id = s.tenant_id
		cross join lateral (values ('meeting', m.meetings, s.meeting_limit), ('attendee', m.attendees, s.attendee_limit)) v (what, used, most)) l
	where l.most > 0 and l.used * 10 >= l.most::bigint * 9;
end
$$;

-- The worst twenty, worst first.
create or replace function b3lb.attention(p_tenants int[])
returns table (kind text, severity text, title text, detail text, link text) language sql stable as $$
	select a.kind, a.severity, a.title, a.detail, a.link from b3lb.attention_all(p_tenants) a
	order by a.severity, array_position(array['node', 'job', 'limit', 'certificate', 'finding', 'callback', 'recording'], a.kind),
		a.weight desc, a.title
	limit 20
$$;
