-- What lists of the management API are filtered and sorted by.

-- Whom a callback goes to: the host of its URL, without user and port.
alter table b3lb.callback
	add host text not null generated always as
		(lower(coalesce(substring(url from '^[A-Za-z]+://(?:[^/?#]*@)?(\[[^]/?#]*\]|[^:/?#]*)'), ''))) stored;
create index callback_open on b3lb.callback (state) where state <> 'delivered';
create index on b3lb.callback (created_at desc, id desc);

create index record_set_newest on b3lb.record_set (start_time desc, id desc);
create index record_set_by_record_id on b3lb.record_set (record_id text_pattern_ops);
create index record_set_open on b3lb.record_set (status) where status in ('WAITING', 'UPLOADED', 'RENDERING', 'FAILED');
create index record_sizes on b3lb.record (record_set_id) include (size);
