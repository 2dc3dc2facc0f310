-- What requests know of a tenant (its secrets, host names, rules and assets) is as it is in the database while this number is
-- the same: b3lb-api keeps tenants in memory, and each of its statements compares the number.
create table if not exists b3lb.tenant_version (
	one boolean primary key default true check (one),
	version bigint not null
);
insert into b3lb.tenant_version (version) values (1) on conflict do nothing;

create or replace function b3lb.tenant_changed() returns trigger language plpgsql as $$
begin
	update b3lb.tenant_version set version = version + 1;
	return null;
end
$$;

do $$
declare
	v_table text;
begin
	foreach v_table in array array['tenant', 'secret', 'tenant_alias', 'parameter', 'asset'] loop
		execute format('create or replace trigger changed after insert or update or delete or truncate on b3lb.%I '
			'for each statement execute function b3lb.tenant_changed()', v_table);
	end loop;
end
$$;
