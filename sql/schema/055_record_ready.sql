-- When the client was told that a recording is there: once.
alter table b3lb.record_set add ready_at timestamptz;
