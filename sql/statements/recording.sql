-- Recordings as clients see them. $1 tenant, $2 secret: 0 is the whole tenant.

-- While it is the same getRecordings of tenant $2 shows the same: what is so of the recordings (sql/functions/87_recording_version.sql), and
-- of the tenant v.
-- piece recording_version
v.version || ' ' || (select r.version::text from b3lb.recording_version r where r.tenant_id = $2::int)

-- recording_version (repeatable) -> version: null when none is written down yet; no row when the tenant's own version $1 is another now.
select {recording_version} as version from b3lb.tenant_version v where v.version = $1::bigint;

-- recording_list (repeatable) -> total record_id meeting_id name state published start_time end_time raw_size participants meta formats protected ticket_key version: a row each, newest first; without a record_id in the only row: none.
-- $1 the secret, $2 the tenant. The function sees what this statement sees: the version is that of the rows.
select total, record_id, meeting_id, name, state, published, start_time, end_time, raw_size, participants, meta, formats, protected, ticket_key,
	(select {recording_version} from b3lb.tenant_version v) as version
from b3lb.list_recordings($2::int, nullif($1::int, 0), $3::text[], $4::text[], $5::text[], $6::jsonb, $7::text[], $8::text[],
	nullif($9::int, 0), $10::bigint);

-- recording_publish (repeatable) -> there: one row; false: none of them is there.
select b3lb.publish_recordings($1::int, nullif($2::int, 0), $3::text[], $4::boolean) as there;

-- recording_delete -> there: as recording_publish.
select b3lb.delete_recordings($1::int, nullif($2::int, 0), $3::text[]) as there;

-- recording_update (repeatable) -> result: one row; update_recordings says which results.
select b3lb.update_recordings($1::int, nullif($2::int, 0), $3::text[], $4::jsonb, $5::text[], $6::int) as result;

-- columns sent: key mime name download size modified duration_ms set_id tenant extension protected

-- A video has its set's name; a text track its language too.
-- piece file_video
select v.storage_key as key, v.mime, r.name, v.download, v.size, floor(extract(epoch from v.created_at))::bigint as modified,
	v.duration_ms, r.id as set_id, n.slug as tenant, v.extension, r.protected
from b3lb.record v join b3lb.record_set r on r.id = v.record_set_id join b3lb.tenant n on n.id = r.tenant_id
where v.kind = 'video' and v.listed and r.state = 'published'

-- piece file_track
select t.storage_key, 'text/vtt; charset=utf-8', r.name || '_' || t.lang, false, t.size, floor(extract(epoch from t.created_at))::bigint,
	0, r.id, n.slug, 'vtt', r.protected
from b3lb.text_track t join b3lb.record_set r on r.id = t.record_set_id join b3lb.tenant n on n.id = r.tenant_id
where r.state = 'published'

-- recording_file (repeatable) -> @sent: one row, or none: no such nonce, not published or not listed.
{file_video} and v.id = {record_opened}
union all
{file_track} and t.nonce = $1 and not r.protected;

-- recording_file_beside (repeatable) -> @sent: the same for the nonce $3 of a file of what the player shows under $1.
{file_video} and v.nonce = $3 and exists (select 1 from b3lb.record p where p.record_set_id = r.id and {player_open})
union all
{file_track} and t.nonce = $3 and exists (select 1 from b3lb.record p where p.record_set_id = r.id and {player_open});

-- piece the_recording
from b3lb.record_set r
where r.tenant_id = $1::int and ($2::int = 0 or r.secret_id = $2::int) and r.record_id = $3 and r.state in ('published', 'unpublished')

-- recording_tracks (repeatable) -> tracks: one row with an array of BBB's tracks below the URL $4, or none: there is no such recording.
select (select coalesce(json_agg(json_build_object('href', $4 || '/b3lb/r/' || t.nonce, 'kind', t.kind, 'label', t.label,
		'lang', t.lang, 'source', t.source) order by t.id), '[]')
	from b3lb.text_track t where t.record_set_id = r.id) as tracks
{the_recording};

-- recording_exists (repeatable): one row, or none: there is no such recording.
select 1 {the_recording};

-- recording_put_track -> result old_key: one row; put_track says which results.
select result, old_key from b3lb.put_track($1::int, nullif($2::int, 0), $3, $4, $5, $6, $7::bigint, $8, $9::int);
