-- What lists of the management API are filtered and sorted by.

-- Whom a callback goes to: host and port, without a user's name.
alter table b3lb.callback
	add host text not null generated always as (lower(coalesce(substring(url from '^[^:]*://(?:[^/?#]*@)?([^/?#]*)'), ''))) stored;
create index on b3lb.callback (created_at desc, id desc);

create index record_set_newest on b3lb.record_set (start_time desc, id desc);
create index record_set_by_record_id on b3lb.record_set (record_id text_pattern_ops);
