-- Whether what getRecordings shows of a tenant is what it was.

-- Once in a transaction: nobody sees what is between.
create or replace function b3lb.touch_recordings(p_tenant int) returns void language plpgsql as $$
begin
	if not exists (select 1 from b3lb.recording_version v where v.tenant_id = p_tenant and v.xid = pg_current_xact_id()) then
		insert into b3lb.recording_version (tenant_id) select t.id from b3lb.tenant t where t.id = p_tenant
		on conflict (tenant_id) do update set version = excluded.version, xid = excluded.xid;
	end if;
end
$$;

create or replace function b3lb.record_set_changed() returns trigger language plpgsql as $$
begin
	perform b3lb.touch_recordings(new.tenant_id);
	if old.tenant_id is distinct from new.tenant_id then
		perform b3lb.touch_recordings(old.tenant_id);
	end if;
	return null;
end
$$;

create or replace function b3lb.record_changed() returns trigger language plpgsql as $$
begin
	perform b3lb.touch_recordings(r.tenant_id) from b3lb.record_set r where r.id in (old.record_set_id, new.record_set_id);
	return null;
end
$$;

create or replace function b3lb.recordings_gone() returns trigger language plpgsql as $$
begin
	update b3lb.recording_version set version = gen_random_uuid();
	return null;
end
$$;

-- Deferred to the end of the transaction: a tenant's row is held for a moment, and waits for nothing but rows of other tenants. Two that
-- change several tenants in opposite orders may still wait for each other, and one of them is undone.
drop trigger if exists recording_made on b3lb.record_set;
create constraint trigger recording_made after insert on b3lb.record_set deferrable initially deferred
	for each row when (new.state is not null) execute function b3lb.record_set_changed();
drop trigger if exists recording_changed on b3lb.record_set;
create constraint trigger recording_changed after update on b3lb.record_set deferrable initially deferred
	for each row when ((old.state is not null or new.state is not null) and old.* is distinct from new.*)
	execute function b3lb.record_set_changed();
drop trigger if exists recording_removed on b3lb.record_set;
create constraint trigger recording_removed after delete on b3lb.record_set deferrable initially deferred
	for each row when (old.state is not null) execute function b3lb.record_set_changed();
drop trigger if exists recordings_gone on b3lb.record_set;
create trigger recordings_gone after truncate on b3lb.record_set for each statement execute function b3lb.recordings_gone();
drop trigger if exists record_changed on b3lb.record;
create constraint trigger record_changed after insert or update or delete on b3lb.record deferrable initially deferred
	for each row execute function b3lb.record_changed();
drop trigger if exists records_gone on b3lb.record;
create trigger records_gone after truncate on b3lb.record for each statement execute function b3lb.recordings_gone();

-- Not before the triggers are there: without a row nothing is kept.
insert into b3lb.recording_version (tenant_id) select id from b3lb.tenant on conflict do nothing;
