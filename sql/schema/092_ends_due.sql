-- A node calls back at the end of each session, also of one that a create has replaced since.

alter table b3lb.meeting
	add column if not exists ends_due int not null default 0; -- earlier sessions under the same nonce that it may still call back about
