-- audit_note: who acts is $1 actor, $2 via, $3 remote_addr, $4 request_id here and below. $8: it was done.
insert into b3lb.audit (actor, via, remote_addr, request_id, object, name, tenant, done, changes)
values ($1, $2, $3, $4, $5, $6, upper($7), $8::boolean, $9);

-- audit_lines: a row for each object of the lines $5 of a difference, "tenant ACME, secret 5: secret changed". What belongs to no object is
-- the state's own.
insert into b3lb.audit (actor, via, remote_addr, request_id, object, name, tenant, changes)
select $1, $2, $3, $4, coalesce(m[2], 'state'),
	case m[2] when 'secret' then m[1] || '-' || m[3] when 'tenant' then upper(m[3]) else coalesce(m[3], '') end,
	case m[2] when 'tenant' then upper(m[3]) else m[1] end, string_agg(line, E'\n' order by n)
from (select n, line, regexp_match(line, '^(?:tenant ([A-Za-z0-9]+), )?([a-z]+) ([^:,]+)(?:, hook [^ ]+)?: ') as m
	from regexp_split_to_table($5, E'\n') with ordinality x (line, n) where line <> '') l
group by m order by min(n);

-- audit_list (repeatable): rows for people; what is null takes any. $7: how many, the newest.
select at::timestamptz(0), actor, via, object, name, done, changes, tenant, remote_addr, request_id
from b3lb.audit
where ($1::text is null or actor = $1) and ($2::text is null or object = $2) and ($3::text is null or lower(name) = lower($3))
	and ($4::text is null or tenant = upper($4)) and ($5::timestamptz is null or at >= $5::timestamptz)
	and ($6::timestamptz is null or at < $6::timestamptz)
order by id desc limit $7::int;

-- audit_prune (repeatable): what is older than $1 days goes, so much of it at once that nobody waits.
delete from b3lb.audit where id in (select id from b3lb.audit where at < now() - $1::int * interval '1 day' order by at limit 10000);
