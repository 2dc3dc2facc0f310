-- Record sets that wait to be rendered. $1 set, $2 the archive that the renderer works on.

-- render_claim -> id record_id archive_key archive_size tries secret_id: one row for $1 seconds, or none waits.
select id, record_id, archive_key, archive_size, render_tries as tries, secret_id
from b3lb.claim_render($1::int * interval '1 second', $2::int);

-- render_profiles (repeatable) -> name kind source type width height fps crf speed container webcams cursor annotations captions: a row each.
-- Those of the secret, or else the preset ones.
select name, kind, source, type, width, height, fps, crf, speed, container, webcams = 'side' as webcams, cursor, annotations, captions
from b3lb.profile p
where case when exists (select 1 from b3lb.secret_profile where secret_id = $1::int)
	then exists (select 1 from b3lb.secret_profile where secret_id = $1::int and profile_id = p.id)
	else preset end
order by name;

-- render_keep (repeatable) -> kept: one row, null: the set is not the renderer's any more.
select b3lb.keep_render($1::bigint, $2, $3::int * interval '1 second') as kept;

-- render_give_back: the set is as if nobody had tried; nothing, where it is not the renderer's any more. $3: why it has to wait for ten
-- minutes, null: the next one may take it.
update b3lb.record_set set render_until = clock_timestamp() + case when $3::text is null then interval '0' else interval '10 minutes' end,
	render_error = coalesce($3, render_error), status = 'UPLOADED', render_tries = render_tries - 1
where id = $1::bigint and archive_key = $2 and status = 'RENDERING';

-- render_finish -> lost garbage: a row for each key that nothing refers to any more, at least one; lost: nothing was changed.
select f.x is null as lost, k as garbage
from (select b3lb.finish_render($1::bigint, $2, $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::text[], $8::text[], $9::bigint[]) as x) f
left join lateral unnest(f.x) k on true;

-- render_fail -> status: one row; null: the set is not the renderer's any more.
select b3lb.fail_render($1::bigint, $2, $3, $4::int) as status;
