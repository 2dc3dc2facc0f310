-- The ledger of the jobs. $1 job, $2 this process.

-- job_begin (repeatable) -> lease: no row: it is noted; one row with who holds the job's lease, null: another host did a moment ago.
-- $3: the job needs the lease, for $4 seconds.
with mine as (
	insert into b3lb.job as j (name, host, lease, lease_until)
	values ($1, $2, case when $3::boolean then $2 end, case when $3::boolean then now() + $4::int * interval '1 second' end)
	on conflict (name) do update
	set host = excluded.host, started_at = now(), lease = excluded.lease, lease_until = excluded.lease_until
	where not $3::boolean or j.lease is null or j.lease = excluded.lease or j.lease_until < now()
		-- of a clock that was set back since
		or j.lease_until > now() + interval '1 hour'
	returning 1)
select j.lease from b3lb.job j where j.name = $1 and not exists (select 1 from mine);

-- job_end (repeatable): no row. $3: it was good.
update b3lb.job
set finished_at = now(), good_at = case when $3::boolean then now() else good_at end, message = $4,
	lease = case when lease = $2 then null else lease end
where name = $1 and (lease is null or lease = $2);
