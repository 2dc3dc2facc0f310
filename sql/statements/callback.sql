-- callback_end (repeatable) -> result: ended, known, or unknown: a nonce of nobody.
select b3lb.callback_end($1, $2, $3::boolean) as result;

-- callback_meeting (repeatable) -> secret meeting_id node_meeting_id own_params: a meeting, or one that was, by its nonce; one row or none.
select n.secret, x.meeting_id, x.node_meeting_id, x.own_params
from (select node_id, meeting_id, node_meeting_id, own_params from b3lb.meeting where nonce = $1
	union all
	select node_id, meeting_id, node_meeting_id, own_params from b3lb.ended_meeting where nonce = $1
	limit 1) x
join b3lb.node n on n.id = x.node_id;

-- callback_claim -> id kind url body secret secret2 attempts tenant: the rows that are the caller's to send.
select c.id, c.kind, c.url, c.body, s.secret, s.secret2, c.attempts, t.slug as tenant
from b3lb.claim_callbacks($1::int, $2::int * interval '1 second') c
join b3lb.secret s on s.id = c.secret_id
join b3lb.tenant t on t.id = s.tenant_id;

-- callback_finish (repeatable) -> state: one row, or none: it was finished before.
select s.state from b3lb.finish_callback($1::bigint, $2::boolean, $3) s (state) where s.state is not null;

-- callback_prune (repeatable): what is long done goes.
select b3lb.prune_callbacks();

-- callback_hosts (repeatable) -> host failed waiting error since: the twenty hosts that took the fewest callbacks of the tenants $1 (ids; null: of all).
select c.host, count(*) filter (where c.state = 'failed') as failed, count(*) filter (where c.state = 'waiting') as waiting,
	(array_agg(c.error order by c.id desc) filter (where c.error is not null))[1] as error, min(c.created_at) as since
from b3lb.callback c join b3lb.secret s on s.id = c.secret_id
where (c.state = 'failed' or c.state = 'waiting' and c.attempts > 0) and ($1::int[] is null or s.tenant_id = any ($1::int[]))
group by c.host order by 2 desc, 3 desc, 1 limit 20;

-- callback_retry -> retried: how many that failed or wait are sent at once, and for a day again. Of the tenants $1 (ids; null: all), with the id $2, of the tenant $3, to the host $4 (null: any). Who acts is $5 to $8, as
-- in audit_note.
with again as (
	update b3lb.callback c
	set state = 'waiting', next_at = now(), retry_until = now() + interval '24 hours', claimed_until = null, finished_at = null
	from b3lb.secret s join b3lb.tenant t on t.id = s.tenant_id
	where s.id = c.secret_id and (c.state = 'failed' or c.state = 'waiting' and c.attempts > 0)
		and (c.claimed_until is null or c.claimed_until < now()) and ($1::int[] is null or t.id = any ($1::int[]))
		and ($2::bigint is null or c.id = $2::bigint) and ($3::text is null or t.slug = lower($3))
		and ($4::text is null or c.host = lower($4))
	returning t.slug, c.host),
noted as (
	insert into b3lb.audit (actor, via, remote_addr, request_id, object, name, tenant, changes)
	select $5, $6, $7, $8, 'callback', host, upper(slug), count(*) || case when count(*) = 1 then ' is' else ' are' end || ' tried again'
	from again group by slug, host)
select count(*) as retried from again;
