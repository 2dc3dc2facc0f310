-- Whether a tenant has a meeting with rooms at all: mostly it has none, and to look for one of them in meeting_rooms costs more.
create index if not exists meeting_with_rooms on b3lb.meeting (tenant_id) where rooms is not null;
