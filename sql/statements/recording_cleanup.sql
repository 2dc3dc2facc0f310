-- What b3lb-cleanup takes away.

-- cleanup_expire (repeatable): no row.
update b3lb.record_set r set status = 'DELETING', deleted_at = now() from b3lb.expired_sets() e
where r.id = e.set_id and r.status <> 'DELETING';

-- cleanup_sets (repeatable) -> id record_id secret reason bytes keys: at most $2 sets above the id $1 that are being deleted, $3: or would be.
select r.id, coalesce(r.record_id, '-') as record_id, coalesce(upper(t.slug) || '-' || s.sub_id, 'a removed tenant') as secret, coalesce(e.reason, 'deleted') as reason,
	coalesce(r.archive_size, 0) + coalesce(f.bytes, 0) as bytes, concat_ws(',', r.archive_key, f.keys) as keys
from b3lb.record_set r left join b3lb.tenant t on t.id = r.tenant_id left join b3lb.secret s on s.id = r.secret_id
left join b3lb.expired_sets() e on e.set_id = r.id and $3::boolean
cross join lateral (select sum(x.size)::bigint as bytes, string_agg(x.storage_key, ',') as keys
	from (select size, storage_key from b3lb.record where record_set_id = r.id
		union all select size, storage_key from b3lb.text_track where record_set_id = r.id) x) f
where r.id > $1::bigint and (r.status = 'DELETING' or e.set_id is not null)
order by r.id limit $2::int;

-- cleanup_forget (repeatable): one row.
select b3lb.forget_set($1::bigint);

-- cleanup_orphans (repeatable) -> key: a row for each of these keys that nothing refers to.
select k as key from b3lb.unreferenced_keys($1::text[]) k;

-- cleanup_attendance (repeatable): one row.
select b3lb.forget_attendance();

-- cleanup_clock (repeatable) -> now: one row.
select floor(extract(epoch from clock_timestamp()))::bigint as now;

-- cleanup_knows_archives (repeatable) -> knows: one row.
select exists (select 1 from b3lb.record_set where archive_key is not null) as knows;
