-- The server itself.

-- database_is_fresh (repeatable) -> fresh: one row; false: a standby that is more than $1 seconds behind.
select not pg_is_in_recovery()
	or coalesce(now() - pg_last_xact_replay_timestamp() <= make_interval(secs => $1::int), false) as fresh;

-- database_session (repeatable) -> isolation datestyle: what a session has that was not asked for anything.
select current_setting('transaction_isolation') as isolation, current_setting('datestyle') as datestyle;
