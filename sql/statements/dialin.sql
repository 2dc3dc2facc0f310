-- dialin_call -> result seconds sip_host @node: one row; b3lb.dial_in says which results. Not repeatable: it counts who dials wrong.
select d.result, d.seconds, n.sip_host, {node_columns}
from b3lb.dial_in($1, $2::boolean, $3, $4, $5::int) d
left join b3lb.node n on n.id = d.node
left join b3lb.cluster c on c.id = n.cluster_id;

-- dialin_prune (repeatable) -> freed: PINs whose room nobody has created for half a year and does not run; of callers nothing stays.
with failures as (delete from b3lb.dial_failure where minute < now() - interval '1 hour'),
	pins as (delete from b3lb.dial_pin d where d.used_at < now() - interval '180 days'
		and not exists (select 1 from b3lb.meeting m where m.secret_id = d.secret_id and m.meeting_id = d.meeting_id) returning 1)
select count(*) as freed from pins;

-- dialin_share (repeatable) -> share: how many of a hundred PINs of $1 digits are taken.
select count(*) * 100 / (9 * 10::bigint ^ ($1::int - 1))::bigint as share from b3lb.dial_pin where length(pin) = $1::int;
