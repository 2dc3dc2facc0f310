-- What the checks found.

-- finding_write (repeatable): a row. $1 host; arrays: subjects, levels, messages.
select b3lb.write_findings($1, $2::text[], $3::text[], $4::text[]);

-- finding_is_due (repeatable) -> due: host $1 has looked at nothing for $2 seconds.
select not exists (select 1 from b3lb.finding where host = $1 and at > now() - $2::int * interval '1 second' and at <= now()) as due;

-- finding_ask (repeatable): no row.
update b3lb.finding set at = least(at, now() - interval '1 hour');

-- finding_node_seen (repeatable): no row. $1 node, $2 version, null: it does not tell; $3 days until its certificate expires, -1: none.
update b3lb.node set bbb_version = $2, looked_at = now(), certificate_until = case when $3::int >= 0 then now() + $3::int * interval '1 day' end
where id = $1::int;
