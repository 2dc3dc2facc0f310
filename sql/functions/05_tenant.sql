-- What requests remember of a tenant: b3lb.tenant_version.

-- The trigger of every table that a tenant is read from.
create or replace function b3lb.tenant_changed() returns trigger language plpgsql as $$
begin
	update b3lb.tenant_version set version = version + 1;
	return null;
end
$$;
