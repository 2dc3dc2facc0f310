-- Nodes that are gone, whose webhooks still tell us: until they have destroyed ours, a day at most.
create table if not exists b3lb.hook_left (
	id int primary key,            -- the node's
	node jsonb not null,           -- its row
	left_at timestamptz not null default now(),
	asked_at timestamptz
);
