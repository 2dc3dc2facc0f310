-- A tenant's meetings on one node, for what a create sums up of them while other creates wait.

create index if not exists meeting_tenant_node on b3lb.meeting (tenant_id, node_id);
