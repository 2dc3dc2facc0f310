-- A join is one INSERT that finds the meeting's node: what it counts holds where the browser goes. Programs keep what they read of
-- nodes under the number that tenants are kept under.
alter table b3lb.metric_event add column if not exists node_id int, add column if not exists node_meeting_id text;

create or replace trigger changed after update of sha on b3lb.cluster
	for each statement execute function b3lb.tenant_changed();
