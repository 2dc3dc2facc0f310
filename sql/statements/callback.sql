-- callback_end (repeatable) -> result: ended, known, or unknown: a nonce of nobody.
select b3lb.callback_end($1, $2, $3::boolean) as result;

-- callback_meeting (repeatable) -> secret meeting_id node_meeting_id own_params: a meeting, or one that was, by its nonce; one row or none.
select n.secret, x.meeting_id, x.node_meeting_id, x.own_params
from (select node_id, meeting_id, node_meeting_id, own_params from b3lb.meeting where nonce = $1
	union all
	select node_id, meeting_id, node_meeting_id, own_params from b3lb.ended_meeting where nonce = $1
	limit 1) x
join b3lb.node n on n.id = x.node_id;

-- callback_analytics -> queued: false when the client wants none.
select b3lb.callback_analytics($1, $2) as queued;

-- callback_claim -> id kind url body secret secret2 attempts tenant: the rows that are the caller's to send.
select c.id, c.kind, c.url, c.body, s.secret, s.secret2, c.attempts, t.slug as tenant
from b3lb.claim_callbacks($1::int, $2::int * interval '1 second') c
join b3lb.secret s on s.id = c.secret_id
join b3lb.tenant t on t.id = s.tenant_id;

-- callback_finish (repeatable) -> state: one row, or none: it was finished before.
select b3lb.finish_callback($1::bigint, $2::boolean, $3) as state;

-- callback_prune (repeatable): what is long done goes.
select b3lb.prune_callbacks();
