-- Accounting.

-- usage_zone (repeatable) -> known: whether the server knows a zone of that name.
select b3lb.zone_is_known($1) as known;

-- usage_count (repeatable) -> sessions: how many were counted. $1 zone, $2 for how many days sessions are kept, $3 with their names.
select b3lb.count_usage($1, $2::int, $3::boolean) as sessions;

-- usage_count_stored (repeatable): a row. $1 zone.
select b3lb.count_stored($1);
