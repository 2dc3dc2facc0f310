-- poll_clock (repeatable) -> clock: when a round began.
select clock_timestamp() as clock;

-- poll_claim -> started @node: the nodes that are the caller's now.
select clock_timestamp() as started, {node_columns}
from b3lb.claim_nodes($1::timestamptz - $2::double precision * interval '1 second', $3::int, $4::int * interval '1 second') n
join b3lb.cluster c on c.id = n.cluster_id;

-- poll_rows (repeatable) -> id meeting_id own_params: our meetings on a node, sorted as C compares. Also those that are being placed anew:
-- one that comes back to this node meanwhile has not ended.
select x.id, x.meeting_id, x.own_params
from (select node_meeting_id as id, meeting_id, own_params from b3lb.meeting where node_id = $1::int and confirmed
	union all
	select was_node_meeting_id, meeting_id, own_params from b3lb.meeting where was_node_id = $1::int) x
order by x.id collate "C";

-- poll_good (repeatable) -> result: good, online or late. A load of -1 is none.
select b3lb.poll_good($1::int, $2::timestamptz, $3::int, $4::int, $5::int, nullif($6::int, -1), $7::text[], $8::text[], $9::int[], $10::int[],
	$11::int[], $12::int[], $13::int[], $14::boolean[], $15::text[], $16::text[], nullif($17, '')) as result;

-- poll_unpolled (repeatable) -> nodes: how many there are that nobody polled in this round.
select b3lb.unpolled_nodes($1::timestamptz - $2::double precision * interval '1 second') as nodes;

-- poll_tidy -> lost: how many meetings were lost with their nodes.
select b3lb.tidy_meetings($1::int * interval '1 hour') as lost;

-- poll_bad -> went_offline: it was online before.
select b3lb.poll_bad($1::int, $2::timestamptz, $3::int, $4) as went_offline;
