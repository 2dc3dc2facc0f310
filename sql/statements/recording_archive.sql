-- Archives on their way to their record sets.

-- recording_store_used (repeatable) -> used: one row. Whether anything was ever stored: rows go, what their sequence has counted does not.
select exists (select 1 from b3lb.record_set where archive_key is not null)
	or pg_sequence_last_value(pg_get_serial_sequence('b3lb.record', 'id')) is not null
	or exists (select 1 from b3lb.text_track) as used;

-- recording_target_find (repeatable) -> meeting_id status: one row, or none: there is no such nonce.
select meeting_id, status from b3lb.record_set where nonce = $1;

-- recording_target_import (repeatable) -> nonce meeting_id status present: one row, or none: there is no such secret.
-- The name and the meetingID of what comes from elsewhere are what its metadata says.
with secret as (select s.id, s.tenant_id from b3lb.secret s join b3lb.tenant t on t.id = s.tenant_id where t.slug = $1 and s.sub_id = $2::int),
made as (insert into b3lb.record_set (tenant_id, secret_id, meeting_id, name, record_id, ended_at)
	select tenant_id, id, $4, $5, $3, now() from secret
	on conflict (tenant_id, record_id) do nothing returning nonce, meeting_id, status)
select nonce, meeting_id, status, false as present from made
union all
select r.nonce, r.meeting_id, r.status, r.archive_key is not null or r.status = 'DELETING'
from b3lb.record_set r join secret s on s.tenant_id = r.tenant_id where r.record_id = $3 limit 1;

-- recording_target_present (repeatable) -> present: one row, or none: there is no such secret. Whether recording_target_import
-- would find recording $3 there already.
select exists (select 1 from b3lb.record_set r where r.tenant_id = s.tenant_id and r.record_id = $3
	and (r.archive_key is not null or r.status = 'DELETING')) as present
from b3lb.secret s join b3lb.tenant t on t.id = s.tenant_id where t.slug = $1 and s.sub_id = $2::int;

-- recording_archive_take (repeatable) -> result old_key: one row; take_archive says which results.
select result, old_key from b3lb.take_archive($1, $2, $3, $4::bigint, $5, $6, $7::jsonb, $8::boolean, $9::bigint, $10::bigint, $11::int,
	$12::bigint);
