-- Accounts, tokens, sessions.

-- piece access_slugs
-- Slugs of the tenants that x is bound to, as an array; null: all.
case when x.tenant_ids is not null then
	array(select t.slug from b3lb.tenant t where t.id = any(x.tenant_ids) order by t.slug) end

-- piece access_tenants_json
(select to_json(array(select upper(s) from unnest({access_slugs}) s)) where x.tenant_ids is not null)

-- access_tenants (repeatable) -> ids missing: one row. Ids of the tenants whose slugs are $1, in any case, and the first slug that is none.
select coalesce((select array_agg(t.id) from b3lb.tenant t where t.slug = any(lower($1)::text[])), '{}') as ids,
	(select min(s) from unnest($1::text[]) s where not exists (select 1 from b3lb.tenant t where t.slug = lower(s))) as missing;

-- login_attempt -> account_id password wait: one row.
select account_id, password, wait from b3lb.login_attempt($1, $2);

-- login_begin -> done: one row. $7: seconds that a session may last.
select b3lb.login($1::int, $2, $3, $4, $5, $6, make_interval(secs => $7::int)) as done;

-- columns who: name role tenants slugs expires_at expires_in
-- piece who_columns
x.name, x.role, x.tenant_ids as tenants, {access_slugs} as slugs

-- When x ends, and in how many seconds, 60 years at most: the clocks of browsers are not to be relied on.
-- piece who_ends
to_char(x.expires_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as expires_at,
	extract(epoch from least(x.expires_at, now() + interval '60 years') - now())::int as expires_in

-- login_find (repeatable) -> @who: one row, or none: there is no such session any more. $1 hash; $2 and $3: seconds that it may be idle, and last.
with found as (
		select s.hash, s.seen_at, least(s.created_at + make_interval(secs => $3::int), now() + make_interval(secs => $2::int)) as expires_at, a.*
		from b3lb.session s join b3lb.account a on a.id = s.account_id
		where s.hash = $1 and not a.disabled and s.seen_at > now() - make_interval(secs => $2::int)
			and s.created_at > now() - make_interval(secs => $3::int)),
	seen as (update b3lb.session s set seen_at = now() from found f where s.hash = f.hash and f.seen_at < now() - interval '1 minute')
select {who_columns}, {who_ends} from found x;

-- login_remote (repeatable) -> @who: as login_find, of the account $1, whom the web server has let in.
select {who_columns}, null as expires_at, null::int as expires_in from b3lb.account x where x.name = $1 and not x.disabled;

-- login_end -> account: one row, or none. The session $1 is over.
delete from b3lb.session s using b3lb.account a where s.hash = $1 and a.id = s.account_id returning a.name as account;

-- login_list (repeatable) -> session: a row each, JSON; $1: hash of one's own; $2 and $3 as login_find.
select json_build_object('id', left(s.hash, 16), 'account', a.name, 'created_at', to_char(s.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
	'seen_at', to_char(s.seen_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'remote_addr', s.remote_addr, 'agent', s.agent,
	'own', s.hash is not distinct from $1) as session
from b3lb.session s join b3lb.account a on a.id = s.account_id
where s.seen_at > now() - make_interval(secs => $2::int) and s.created_at > now() - make_interval(secs => $3::int)
order by s.seen_at desc, s.hash;

-- login_end_one -> account: one row, or none: no session's hash begins with $1.
delete from b3lb.session s using b3lb.account a where left(s.hash, 16) = $1 and a.id = s.account_id returning a.name as account;

-- account_set -> result: one row. $7: hash of the session that a new password does not end; null: it ends all.
select b3lb.account_change($1, $2, $3, $4::int[], $5::boolean, $6, $7) as result;

-- account_remove -> result: one row.
select b3lb.account_remove($1, $2) as result;

-- account_json (repeatable) -> account: a row each, JSON; $1 null: all of them.
select json_build_object('name', x.name, 'role', x.role, 'tenants', {access_tenants_json}, 'disabled', x.disabled,
	'locked_until', (select to_char(l.locked_until at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') from b3lb.login_attempt l
		where l.key = 'name ' || x.name and l.locked_until > now()),
	'login_at', to_char(x.login_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
	'created_at', to_char(x.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
	'etag', x.etag, 'has_password', x.password is not null) as account
from b3lb.account x where $1::text is null or x.name = $1 order by x.name;

-- account_list (repeatable): a row an account, for people.
select x.name, x.role, array_to_string({access_slugs}, ',') as tenants, not x.disabled as enabled, x.password is not null as password,
	x.login_at::timestamptz(0) as signed_in
from b3lb.account x order by x.name;

-- token_add -> result: one row. $6: when it ends; null: never.
insert into b3lb.token (name, hash, role, tenant_ids, created_by, expires_at) values ($1, $2, $3, $4::int[], $5, $6::timestamptz)
returning 'done' as result;

-- token_remove -> result: one row, or none: there is no such token.
delete from b3lb.token where name = $1 returning 'done' as result;

-- token_find (repeatable) -> @who: as login_find.
with found as (select * from b3lb.token where hash = $1 and (expires_at is null or expires_at > now())),
	used as (update b3lb.token t set used_at = now() from found f
		where t.hash = f.hash and (f.used_at is null or f.used_at < now() - interval '1 minute'))
select {who_columns}, {who_ends} from found x;

-- token_json (repeatable) -> token: a row each, JSON; $1 null: all of them.
select json_build_object('name', x.name, 'role', x.role, 'tenants', {access_tenants_json}, 'created_by', x.created_by,
	'created_at', to_char(x.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
	'expires_at', to_char(x.expires_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
	'used_at', to_char(x.used_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')) as token
from b3lb.token x where $1::text is null or x.name = $1 order by x.name;

-- token_list (repeatable): a row a token, for people.
select x.name, x.role, array_to_string({access_slugs}, ',') as tenants, x.created_by, x.created_at::timestamptz(0) as created,
	x.expires_at::timestamptz(0) as expires, x.used_at::timestamptz(0) as used
from b3lb.token x order by x.name;
