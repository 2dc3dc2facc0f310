-- What getRecordings shows of a tenant is as it is in the database while this is the same: b3lb-api keeps answers in memory under it.
-- A random one each time: a backup that is restored has another future.
create table if not exists b3lb.recording_version (
	tenant_id int primary key references b3lb.tenant on delete cascade,
	version uuid not null default gen_random_uuid(),
	xid xid8 not null default pg_current_xact_id() -- of the transaction that made it
) with (fillfactor = 50);
