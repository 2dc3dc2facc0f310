-- recording_operator_list (repeatable): a row a recording, the newest first, for people; $1 null: of all tenants.
select upper(t.slug) as tenant, s.sub_id, r.record_id, r.meeting_id, r.name, r.status, r.published,
	to_timestamp(r.start_time / 1000)::timestamp(0) as started,
	(select count(*) from b3lb.record v where v.record_set_id = r.id) as videos,
	(select coalesce(sum(v.size), 0) from b3lb.record v where v.record_set_id = r.id) as bytes, r.render_error as error
from b3lb.record_set r join b3lb.tenant t on t.id = r.tenant_id join b3lb.secret s on s.id = r.secret_id
where $1::text is null or t.slug = lower($1)
order by r.start_time desc, r.id desc;

-- Recordings are named by ids $1 of which each is one's alone among the tenants $2 (their ids; null: all), or $3 says beside it whose it
-- is; several tenants may have the same.
-- piece recordings_named
from unnest($1::text[], $3::text[]) with ordinality w (id, tenant, place)
join b3lb.record_set r on r.record_id = w.id and ($2::int[] is null or r.tenant_id = any ($2::int[]))
join b3lb.tenant t on t.id = r.tenant_id and t.slug = coalesce(lower(w.tenant), t.slug)

-- recording_operator_shared (repeatable) -> id tenants: the first of them that several tenants have, or none.
select w.id, string_agg(upper(t.slug), ', ' order by t.slug) as tenants
{recordings_named}
group by w.place, w.id having count(*) > 1 order by w.place limit 1;

-- piece recording_one
r.record_id = $1 and ($2::int[] is null or r.tenant_id = any ($2::int[]))

-- recording_operator_show (repeatable) -> tenant sub_id record_id meeting_id name status state published marks started ended participants raw_size archive_size uploaded_at rendered_at render_tries render_error meta: one row with everything of recording $1 of one of the tenants $2, or none.
select upper(t.slug) as tenant, s.sub_id, r.record_id, r.meeting_id, r.name, r.status, r.state, r.published, r.marks,
	to_timestamp(r.start_time / 1000)::timestamp(0) as started, to_timestamp(r.end_time / 1000)::timestamp(0) as ended,
	r.participants, r.raw_size, r.archive_size, r.uploaded_at::timestamp(0), r.rendered_at::timestamp(0), r.render_tries,
	r.render_error, r.meta::text
from b3lb.record_set r join b3lb.tenant t on t.id = r.tenant_id join b3lb.secret s on s.id = r.secret_id
where {recording_one}
order by r.id limit 1;

-- recording_operator_videos (repeatable) -> profile type kind listed download open seconds size mime nonce: a row a video of that recording, for people.
-- open: its address alone shows it now.
select v.profile, v.type, v.kind, v.listed, v.download, v.listed and r.state = 'published' and not r.protected as open,
	v.duration_ms / 1000 as seconds, v.size, v.mime, v.nonce
from b3lb.record v join b3lb.record_set r on r.id = v.record_set_id
where {recording_one}
order by v.id;

-- The five steps s of that recording; where one has not been taken, s.why is why.
-- piece recording_way
with r as (select r.* from b3lb.record_set r where {recording_one} order by r.id limit 1),
asked as (
	select coalesce(r.own_params ->> 'meta_bbb-recording-ready-url', r.own_params ->> 'meta_bn-recording-ready-url',
			r.own_params ->> 'meta_canvas-recording-ready-url') is not null as ready,
		exists (select 1 from b3lb.profile p where p.kind = 'player'
			and case when exists (select 1 from b3lb.secret_profile x where x.secret_id = r.secret_id)
				then exists (select 1 from b3lb.secret_profile x where x.secret_id = r.secret_id and x.profile_id = p.id)
				else p.preset end) as player
	from r),
made as (
	select min(v.created_at) filter (where v.kind = 'player') as player, min(v.created_at) filter (where v.kind = 'video') as video,
		count(*) filter (where v.kind = 'video') as videos
	from r join b3lb.record v on v.record_set_id = r.id),
told as (
	select c.state, c.finished_at, c.attempts, c.error
	from r join b3lb.callback c on c.secret_id = r.secret_id and c.kind = 'ready'
		and c.body::json ->> 'record_id' = r.record_id
	order by c.id desc limit 1),
halt as (
	select case when r.status = 'DELETING' then 'it is being deleted'
		when r.uploaded_at is null then 'nothing has arrived'
		when r.status = 'FAILED' then 'given up: ' || coalesce(r.render_error, 'no reason is known')
		when r.status = 'RENDERING' then 'b3lb-render has it in its hands'
		when r.status = 'UPLOADED' and r.render_error is not null then 'is tried again: ' || r.render_error
		when r.status = 'UPLOADED' then 'waits for b3lb-render' end as why
	from r),
s as (select s.*
from r cross join asked cross join made cross join halt left join told on true
cross join lateral (values
	(1, 'ended', coalesce(to_timestamp(r.end_time / 1000.0), r.ended_at), null, 'its node has not said so'),
	(2, 'arrived', r.uploaded_at, null, case when r.marks = false then 'nobody has pressed record'
		when r.ended_at is null then 'the meeting has not ended' else 'its node has not sent it: b3lb-push list there' end),
	(3, 'indexed', made.player, null, coalesce(halt.why, case when asked.player then 'the archive holds no presentation'
		else 'the secret has no profile of kind player' end)),
	(4, 'rendered', made.video, made.videos || case when made.videos = 1 then ' video' else ' videos' end,
		coalesce(halt.why, 'no profile makes a video of this archive')),
	(5, 'told', case when told.state is distinct from 'waiting' and told.state is distinct from 'failed' and asked.ready
			then coalesce(told.finished_at, r.ready_at) end, null,
		case when not asked.ready then 'the platform has asked for no callback'
			when told.state = 'waiting' and told.attempts > 0 then 'is tried again: ' || coalesce(told.error, 'no answer')
			when told.state = 'waiting' then 'waits for b3lb-callbacks'
			when told.state = 'failed' then 'given up: ' || coalesce(told.error, 'no answer')
			when r.rendered_at is not null and not r.published then 'it is not published' else coalesce(halt.why, 'nothing to show')
		end)) as s (place, step, at, note, why))

-- recording_operator_way (repeatable): five rows, for people.
{recording_way}
select s.step, s.at::timestamp(0), case when s.at is null then s.why else s.note end as note from s order by s.place;

-- recording_operator_steps (repeatable) -> steps: the same, for programs.
{recording_way}
select jsonb_agg(jsonb_build_object('step', s.step, 'at', to_char(s.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
	'note', case when s.at is null then s.why else s.note end) order by s.place) as steps
from s;

-- Those that follow change all recordings named or, when one is not there, is several tenants' or cannot be changed so, none: no row
-- then. Who acts is $4 to $7, as $1 to $4 in audit_note: a row is noted for each.
-- piece recordings_if
with chosen (place, id, fits) as (select w.place, r.id,

-- piece recordings_all
	where id in (select c.id from chosen c)
		and (select bool_and(c.fits) and count(*) = cardinality($1::text[]) and count(distinct c.place) = count(*) from chosen c)
	returning record_id, tenant_id)
insert into b3lb.audit (actor, via, remote_addr, request_id, object, name, tenant, changes)
select $4, $5, $6, $7, 'recording', c.record_id, upper(t.slug),

-- piece recordings_noted
from changed c join b3lb.tenant t on t.id = c.tenant_id
returning true as done

-- recording_operator_publish (repeatable) -> done: a row a recording.
{recordings_if} r.status <> 'DELETING' {recordings_named}),
changed as (update b3lb.record_set set published = true {recordings_all} 'published' {recordings_noted};

-- recording_operator_unpublish (repeatable) -> done: a row a recording.
{recordings_if} r.status <> 'DELETING' {recordings_named}),
changed as (update b3lb.record_set set published = false {recordings_all} 'unpublished' {recordings_noted};

-- recording_operator_protect (repeatable) -> done: a row a recording of a tenant that has protected ones.
{recordings_if} r.status <> 'DELETING' and t.protected <> 'off' {recordings_named}),
changed as (update b3lb.record_set set protected = true {recordings_all} 'protected' {recordings_noted};

-- recording_operator_unprotect (repeatable) -> done: a row a recording.
{recordings_if} r.status <> 'DELETING' {recordings_named}),
changed as (update b3lb.record_set set protected = false {recordings_all} 'not protected' {recordings_noted};

-- recording_operator_delete (repeatable) -> done: a row a recording, which the cleanup then removes.
{recordings_if} true {recordings_named}),
changed as (update b3lb.record_set set status = 'DELETING', deleted_at = coalesce(deleted_at, now()) {recordings_all} 'deleted' {recordings_noted};

-- recording_operator_rerender (repeatable) -> done: a row a recording that has its archive.
{recordings_if} r.archive_key is not null and r.status in ('UPLOADED', 'RENDERED', 'FAILED') {recordings_named}),
changed as (update b3lb.record_set set status = 'UPLOADED', render_tries = 0, render_error = null, render_until = null
	{recordings_all} 'rendered anew' {recordings_noted};
