-- Signing in, and what must stay true of accounts.

-- An attempt, counted before the password is looked at: what is tried at the same moment counts too. From the fifth in vain a name
-- is shut for 2, 4, 8 ... seconds, 15 minutes at most; an address has twenty a minute. wait: seconds until it may be tried again;
-- null: now, and password is what must fit (null: none does).
create or replace function b3lb.login_attempt(p_name text, p_addr text, out account_id int, out password text, out wait int)
language plpgsql as $$
begin
	delete from b3lb.login_attempt where at < now() - interval '1 hour';
	insert into b3lb.login_attempt as t (key, attempts, at) values ('addr ' || p_addr, 1, now())
	on conflict (key) do update set attempts = case when t.at < now() - interval '1 minute' then 1 else t.attempts + 1 end,
		at = case when t.at < now() - interval '1 minute' then now() else t.at end
	returning case when t.attempts > 20 then greatest(1, ceil(extract(epoch from t.at + interval '1 minute' - now()))) end into wait;
	if wait is not null then
		return;
	end if;
	insert into b3lb.login_attempt as t (key, attempts, at) values ('name ' || p_name, 1, now())
	on conflict (key) do update set attempts = t.attempts + 1, at = now(),
		locked_until = case when t.attempts >= 4 then now() + make_interval(secs => least(900, 2 ^ least(t.attempts - 3, 10))) end
		where t.locked_until is null or t.locked_until <= now();
	if not found then
		select greatest(1, ceil(extract(epoch from t.locked_until - now()))) into wait
		from b3lb.login_attempt t where t.key = 'name ' || p_name;
		return;
	end if;
	select a.id, a.password into account_id, password from b3lb.account a where a.name = p_name and not a.disabled;
end
$$;

-- The password was right: a session begins, the one before it (p_old, null: none) ends. False: the account is another meanwhile.
create or replace function b3lb.login(p_account int, p_password text, p_hash text, p_old text, p_addr text, p_agent text, p_max interval)
returns boolean language plpgsql as $$
declare
	v_name text;
begin
	update b3lb.account set login_at = now() where id = p_account and not disabled and password = p_password returning name into v_name;
	if not found then
		return false;
	end if;
	delete from b3lb.login_attempt where key = 'name ' || v_name;
	delete from b3lb.session where hash = p_old or created_at < now() - p_max;
	insert into b3lb.session (hash, account_id, remote_addr, agent) values (p_hash, p_account, p_addr, p_agent);
	return true;
end
$$;

-- Whether the account of that name is the last one that may administer all.
create or replace function b3lb.is_last_admin(p_name text) returns boolean language sql stable as $$
	select exists (select 1 from b3lb.account where name = p_name and role = 'admin' and tenant_ids is null and not disabled)
		and not exists (select 1 from b3lb.account where name <> p_name and role = 'admin' and tenant_ids is null and not disabled)
$$;

-- Makes the account (p_etag null), or changes it when it is still what p_etag says. p_password null: stays. A new password, and an end
-- of its use, end its sessions; of a new password's the one with the hash p_session stays, which asked for it (null: none).
-- Results: done; there: it exists; stale: it is another, or gone; last: nobody would be left who may administer all.
create or replace function b3lb.account_change(p_name text, p_etag text, p_role text, p_tenants int[], p_disabled boolean, p_password text,
	p_session text) returns text language plpgsql as $$
declare
	v_etag text;
begin
	lock table b3lb.account in share row exclusive mode;
	select etag into v_etag from b3lb.account where name = p_name;
	if v_etag is distinct from p_etag then
		return case when p_etag is null then 'there' else 'stale' end;
	end if;
	if (p_role <> 'admin' or p_tenants is not null or p_disabled) and b3lb.is_last_admin(p_name) then
		return 'last';
	end if;
	insert into b3lb.account as a (name, role, tenant_ids, disabled, password) values (p_name, p_role, p_tenants, p_disabled, p_password)
	on conflict (name) do update set role = p_role, tenant_ids = p_tenants, disabled = p_disabled,
		password = coalesce(p_password, a.password), etag = excluded.etag;
	if p_password is not null or p_disabled then
		delete from b3lb.session s using b3lb.account a
		where a.id = s.account_id and a.name = p_name and (p_disabled or s.hash is distinct from p_session);
		delete from b3lb.login_attempt where key = 'name ' || p_name;
	end if;
	return 'done';
end
$$;

-- As programs call it that know no session to be spared.
create or replace function b3lb.account_set(p_name text, p_etag text, p_role text, p_tenants int[], p_disabled boolean, p_password text)
returns text language sql as $$
	select b3lb.account_change(p_name, p_etag, p_role, p_tenants, p_disabled, p_password, null)
$$;

-- As account_change; p_etag null: whatever it is.
create or replace function b3lb.account_remove(p_name text, p_etag text) returns text language plpgsql as $$
begin
	lock table b3lb.account in share row exclusive mode;
	if not exists (select 1 from b3lb.account where name = p_name and etag = coalesce(p_etag, etag)) then
		return 'stale';
	end if;
	if b3lb.is_last_admin(p_name) then
		return 'last';
	end if;
	delete from b3lb.account where name = p_name;
	return 'done';
end
$$;
