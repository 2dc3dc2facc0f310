-- recording_operator_list (repeatable): a row a recording, the newest first, for people; $1 null: of all tenants.
select upper(t.slug) as tenant, s.sub_id, r.record_id, r.meeting_id, r.name, r.status, r.published,
	to_timestamp(r.start_time / 1000)::timestamp(0) as started,
	(select count(*) from b3lb.record v where v.record_set_id = r.id) as videos,
	(select coalesce(sum(v.size), 0) from b3lb.record v where v.record_set_id = r.id) as bytes, r.render_error as error
from b3lb.record_set r join b3lb.tenant t on t.id = r.tenant_id join b3lb.secret s on s.id = r.secret_id
where $1::text is null or t.slug = lower($1)
order by r.start_time desc, r.id desc;

-- recording_operator_show (repeatable): one row with everything of recording $1, or none.
select upper(t.slug) as tenant, s.sub_id, r.record_id, r.meeting_id, r.name, r.status, r.state, r.published, r.marks,
	to_timestamp(r.start_time / 1000)::timestamp(0) as started, to_timestamp(r.end_time / 1000)::timestamp(0) as ended,
	r.participants, r.raw_size, r.archive_size, r.uploaded_at::timestamp(0), r.rendered_at::timestamp(0), r.render_tries,
	r.render_error, r.meta::text
from b3lb.record_set r join b3lb.tenant t on t.id = r.tenant_id join b3lb.secret s on s.id = r.secret_id
where r.record_id = $1
order by r.id limit 1;

-- recording_operator_videos (repeatable): a row a video of recording $1, for people.
select v.profile, v.type, v.listed, v.download, v.duration_ms / 1000 as seconds, v.size, v.mime, v.nonce
from b3lb.record v join b3lb.record_set r on r.id = v.record_set_id
where r.record_id = $1
order by v.id;

-- Those that follow change all recordings of the array $1 or, when one is not there or cannot be changed so, none: no row then.
-- piece recordings_wanted
with wanted as (select distinct unnest($1::text[]) as id),
chosen as (select id, record_id from b3lb.record_set where record_id in (select id from wanted) and

-- piece recordings_all
where id in (select id from chosen) and (select count(distinct record_id) from chosen) = (select count(*) from wanted)
returning true as done

-- recording_operator_publish (repeatable) -> done: a row a recording.
{recordings_wanted} status <> 'DELETING')
update b3lb.record_set set published = true {recordings_all};

-- recording_operator_unpublish (repeatable) -> done: a row a recording.
{recordings_wanted} status <> 'DELETING')
update b3lb.record_set set published = false {recordings_all};

-- recording_operator_delete (repeatable) -> done: a row a recording, which the cleanup then removes.
{recordings_wanted} true)
update b3lb.record_set set status = 'DELETING', deleted_at = coalesce(deleted_at, now()) {recordings_all};

-- recording_operator_rerender (repeatable) -> done: a row a recording that has its archive.
{recordings_wanted} archive_key is not null and status in ('UPLOADED', 'RENDERED', 'FAILED'))
update b3lb.record_set set status = 'UPLOADED', render_tries = 0, render_error = null, render_until = null {recordings_all};
