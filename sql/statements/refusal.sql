-- Calls that were refused.

-- refusal_add: a row. Arrays: ages in seconds, times, request ids, tenants, sub ids, calls, meetings, nodes, keys, messages, addresses, strangers.
select b3lb.add_refusals($1::double precision[], $2::int[], $3::text[], $4::text[], $5::int[], $6::text[], $7::text[], $8::text[], $9::text[],
	$10::text[], $11::text[], $12::boolean[]);

-- refusal_prune (repeatable): a row.
select b3lb.prune_refusals();
