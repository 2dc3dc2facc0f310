-- What clients do with recordings. p_secret null: the whole tenant (sub id 0).

-- The sets that these ids name exactly, when every one of them is there; none of them when one is not.
create or replace function b3lb.name_recordings(p_tenant int, p_secret int, p_ids text[]) returns setof b3lb.record_set
language plpgsql as $$
begin
	return query
	select r.* from b3lb.record_set r
	where r.tenant_id = p_tenant and (p_secret is null or r.secret_id = p_secret) and r.record_id = any (p_ids)
		and r.state in ('published', 'unpublished', 'processing')
	order by r.id
	for update;
end
$$;

create or replace function b3lb.recordings_are_there(p_tenant int, p_secret int, p_ids text[]) returns boolean
language sql volatile as $$
	select count(distinct r.record_id) = (select count(distinct i) from unnest(p_ids) i) and count(*) > 0
	from b3lb.name_recordings(p_tenant, p_secret, p_ids) r
$$;

create or replace function b3lb.publish_recordings(p_tenant int, p_secret int, p_ids text[], p_publish boolean) returns boolean
language plpgsql as $$
begin
	if not b3lb.recordings_are_there(p_tenant, p_secret, p_ids) then
		return false;
	end if;
	update b3lb.record_set r set published = p_publish
	where r.tenant_id = p_tenant and r.record_id = any (p_ids);
	return true;
end
$$;

-- The files go later: the cleanup deletes them, then the rows.
create or replace function b3lb.delete_recordings(p_tenant int, p_secret int, p_ids text[]) returns boolean
language plpgsql as $$
begin
	if not b3lb.recordings_are_there(p_tenant, p_secret, p_ids) then
		return false;
	end if;
	update b3lb.record_set r set status = 'DELETING', deleted_at = now()
	where r.tenant_id = p_tenant and r.record_id = any (p_ids);
	return true;
end
$$;

-- p_meta: values to set; p_remove: names to take away. "name" is the recording's own name too.
create or replace function b3lb.update_recordings(p_tenant int, p_secret int, p_ids text[], p_meta jsonb, p_remove text[])
returns boolean language plpgsql as $$
begin
	if not b3lb.recordings_are_there(p_tenant, p_secret, p_ids) then
		return false;
	end if;
	update b3lb.record_set r set meta = (r.meta || p_meta) - p_remove, name = coalesce(p_meta ->> 'name', r.name)
	where r.tenant_id = p_tenant and r.record_id = any (p_ids);
	return true;
end
$$;
