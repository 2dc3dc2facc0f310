-- status_ping (repeatable) -> one: the database answers.
select 1 as one;

-- status_meetings (repeatable): a row a meeting, for people; $1 null: of all tenants.
select upper(t.slug) as tenant, s.sub_id, m.meeting_id, m.name, n.slug as node, m.confirmed, m.running, m.attendees, m.voices,
	m.videos, extract(epoch from now() - m.created_at)::int as age, d.pin, m.internal_id, m.node_meeting_id
from b3lb.meeting m
left join b3lb.dial_pin d on d.secret_id = m.secret_id and d.meeting_id = m.meeting_id
join b3lb.secret s on s.id = m.secret_id
join b3lb.tenant t on t.id = m.tenant_id
join b3lb.node n on n.id = m.node_id
where $1::text is null or t.slug = lower($1)
order by 1, 2, 3;

-- status_jobs (repeatable) -> job host started_ago good_ago state message: a row a job.
select name as job, host, extract(epoch from now() - started_at)::int as started_ago,
	extract(epoch from now() - good_at)::int as good_ago,
	case when finished_at is null or finished_at < started_at then 'running' when good_at = finished_at then 'good'
		else 'failed' end as state, message
from b3lb.job
order by name;

-- status_totals (repeatable): one row, for people.
select (select count(*) from b3lb.meeting where confirmed) as meetings,
	(select coalesce(sum(attendees), 0) from b3lb.meeting) as attendees,
	(select count(*) from b3lb.node) as nodes, (select count(*) from b3lb.node where online) as nodes_online,
	(select count(*) from b3lb.callback where state = 'waiting') as callbacks_waiting,
	(select count(*) from b3lb.callback where state = 'failed') as callbacks_failed;
