-- metric_count: counts an event of a secret. One statement is one transaction: the setting ends with it.
select set_config('synchronous_commit', 'off', true), b3lb.count_event($1::int, $2, 1);

-- metric_reader (repeatable) -> id tenant_token secret_token: one row, or none: there is no such tenant, or secret of sub id $3 (-1: none named).
select t.id, t.stats_token as tenant_token, s.stats_token as secret_token
from b3lb.tenant t
left join b3lb.tenant_alias a on a.host = $2
left join b3lb.secret s on s.tenant_id = t.id and s.sub_id = $3::int
where t.slug = $1 and (a.tenant_id is null or a.tenant_id = t.id) and ($3::int = -1 or s.id is not null);

-- metric_stats (repeatable) -> json: of tenant $1 (0: of all), of its secret of sub id $2 (-1: of all).
select b3lb.stats_json(nullif($1::int, 0), nullif($2::int, -1)) as json;

-- metric_samples (repeatable) -> name labels value: scope as of metric_stats.
-- All of a histogram's series for one set of labels stand together, as OpenMetrics wants it.
select name, labels, value::text
from b3lb.metric_samples(nullif($1::int, 0), nullif($2::int, -1))
order by split_part(labels, ',le=', 1), name, bound;

-- metric_rollup (repeatable) -> events: how many were summed up. $1 the zone of months.
select b3lb.rollup($1) as events;

-- metric_request_add: arrays of calls, upper bounds, counts and seconds.
insert into b3lb.request_metric as m (call, le, requests, seconds)
select * from unnest($1::text[], $2::double precision[], $3::bigint[], $4::double precision[])
on conflict (call, le) do update set requests = m.requests + excluded.requests, seconds = m.seconds + excluded.seconds;
