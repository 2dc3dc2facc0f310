-- Who may administer: by password, by the web server's word (REMOTE_USER), or by token.
create table b3lb.account (
	id int generated always as identity primary key,
	name text not null unique check (name ~ '^[a-z0-9][a-z0-9@._-]{0,63}$'),
	role text not null check (role in ('admin', 'operator', 'viewer')),
	tenant_ids int[],              -- null: all tenants; else only these, and nothing that is global
	password text,                 -- crypt(3), yescrypt; null: cannot sign in by password
	disabled boolean not null default false,
	etag text not null default left(replace(gen_random_uuid()::text, '-', ''), 16), -- another after each change
	created_at timestamptz not null default now(),
	login_at timestamptz
);
create table b3lb.token (
	name text primary key check (name ~ '^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$'),
	hash text not null unique,     -- SHA-256 of its text, which has 32 random bytes: nothing to guess, nothing to stretch
	role text not null check (role in ('admin', 'operator', 'viewer')),
	tenant_ids int[],
	created_by text not null,
	created_at timestamptz not null default now(),
	expires_at timestamptz,
	used_at timestamptz            -- to the minute: not each request writes a row
);
create table b3lb.session (
	hash text primary key,         -- SHA-256 of the cookie
	account_id int not null references b3lb.account on delete cascade,
	created_at timestamptz not null default now(),
	seen_at timestamptz not null default now(), -- to the minute
	remote_addr text not null,
	agent text not null
);
create index on b3lb.session (account_id);
-- Attempts to sign in: 'name anna' until one was good, 'addr 192.0.2.1' of a minute. A name need not be an account's: nobody learns from
-- it which are.
create table b3lb.login_attempt (
	key text primary key,
	attempts int not null,
	at timestamptz not null,
	locked_until timestamptz
);
create index on b3lb.login_attempt (at);
