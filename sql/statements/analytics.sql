-- Learning analytics of meetings that have ended, kept for as many days as their tenant wants.

-- analytics_take -> queued kept: what a node says of the session of nonce $1. queued: the client wants it too. kept: null: its tenant
-- keeps none; false: there is too much of it.
select b3lb.callback_analytics($1, $2) as queued, b3lb.keep_analytics($1, $2) as kept;

-- piece analytics_of
-- What is kept of the meeting $2: by its internal id, which a recording has too, by ours, or the newest by its client's; of the tenants
-- $1 (ids; null: all).
(select x.*, t.slug, s.sub_id, x.received_at + t.analytics_days * interval '1 day' as until
	from b3lb.analytics x join b3lb.tenant t on t.id = x.tenant_id join b3lb.secret s on s.id = x.secret_id
	where (x.internal_id = $2 or x.node_meeting_id = $2 or x.meeting_id = $2) and ($1::int[] is null or x.tenant_id = any ($1::int[]))
		and x.received_at > now() - t.analytics_days * interval '1 day'
	order by x.internal_id = $2 desc, x.node_meeting_id is not distinct from $2 desc, x.received_at desc, x.id desc limit 1)

-- analytics_read (repeatable) -> tenant sub_id meeting_id internal_id received_at kept_until analytics: one row, or none.
select upper(a.slug) as tenant, a.sub_id, a.meeting_id, a.internal_id, a.received_at, a.until as kept_until, a.body as analytics
from {analytics_of} a;

-- analytics_people (repeatable): a row for each who was there, for people.
select p ->> 'name' as name, p ->> 'moderator' as moderator, p ->> 'duration' as seconds, p #>> '{engagement,talk_time}' as talk_time,
	p #>> '{engagement,talks}' as talks, p #>> '{engagement,chats}' as chats, p #>> '{engagement,raisehand}' as raisehand,
	p #>> '{engagement,emojis}' as emojis, p #>> '{engagement,poll_votes}' as poll_votes
from {analytics_of} a
cross join lateral json_array_elements(case when json_typeof(a.body #> '{data,attendees}') = 'array' then a.body #> '{data,attendees}'
	else '[]' end) p;

-- analytics_prune (repeatable): what its tenant keeps no longer goes.
delete from b3lb.analytics a using b3lb.tenant t
where t.id = a.tenant_id and a.received_at < now() - t.analytics_days * interval '1 day';
