-- The schema is made and brought up to date: these run before there is one.

-- migration_has_database (repeatable): one row, or none: the server has no database of that name.
select 1 from pg_database where datname = $1;

-- migration_create_database (repeatable) -> command: one row with what makes the database.
-- Names are in every script: an encoding that the server prefers may not hold them.
select 'create database ' || quote_ident($1) || case current_setting('server_encoding') when 'UTF8' then ''
	else ' encoding ''UTF8'' lc_collate ''C'' lc_ctype ''C'' template template0' end as command;

-- migration_be_patient: one row. A migration takes as long as it takes.
select set_config('statement_timeout', '0', true), set_config('lock_timeout', '0', true);

-- migration_be_alone: one row. A second runner waits for the first; from here on each table is waited for two seconds at most.
select pg_advisory_xact_lock(4742348), set_config('lock_timeout', '2s', true);

-- migration_exists (repeatable) -> schema ledger: one row: whether there is a schema, and the table of what was applied.
select to_regnamespace('b3lb') is not null as schema, to_regclass('b3lb.migration') is not null as ledger;

-- migration_make_schema (repeatable): no row. Needs a right on the database that who has the schema need not have.
create schema if not exists b3lb;

-- migration_make_ledger (repeatable): no row.
create table if not exists b3lb.migration (
	number int primary key, name text not null, applied_at timestamptz not null default now(), functions text);

-- migration_state (repeatable) -> number functions: one row: the last one that was applied, the hash of the functions' texts.
select coalesce(max(number), 0) as number, max(functions) as functions from b3lb.migration;

-- migration_add: no row.
insert into b3lb.migration (number, name) values ($1::int, $2);

-- migration_set_functions (repeatable): no row.
update b3lb.migration set functions = case when number = (select max(number) from b3lb.migration) then $1 end;

-- migration_old_functions (repeatable) -> command: a row for each function of the schema that this transaction has not made, with what drops it.
select format('drop %s %s', case p.prokind when 'p' then 'procedure' when 'a' then 'aggregate' else 'function' end, p.oid::regprocedure) as command
from pg_proc p
where p.pronamespace = 'b3lb'::regnamespace and p.xmin <> pg_current_xact_id()::xid
	and not exists (select 1 from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
order by 1;
