-- A node on its way out: since when, with how many meetings it began, and what it becomes once it is empty.
alter table b3lb.node
	add if not exists state_at timestamptz not null default now(),  -- since when it is enabled, draining, in maintenance
	add if not exists state_meetings int not null default 0,        -- meetings that it had then
	add if not exists drain_to text check (drain_to in ('maintenance')), -- what a draining node becomes once it is empty; null: it stays draining
	drop constraint if exists node_drain_to_draining,
	add constraint node_drain_to_draining check (drain_to is null or state = 'draining');

create or replace function b3lb.node_state_changed() returns trigger language plpgsql as $$
begin
	return new;
end
$$;
create or replace trigger state_changed before update of state, drain_to on b3lb.node
	for each row execute function b3lb.node_state_changed();
