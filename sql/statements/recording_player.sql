-- piece player_shown
from b3lb.record p join b3lb.record_set r on r.id = p.record_set_id join b3lb.tenant t on t.id = r.tenant_id

-- What $1 opens: the nonce of a record that is not protected, or a session of one that is; $2: its SHA-256.
-- piece record_opened
any (array(select s.record_id from b3lb.record_session s where s.hash = $2 and s.expires_at > now()
	union all
	select x.id from b3lb.record x join b3lb.record_set y on y.id = x.record_set_id where x.nonce = $1 and not y.protected))

-- piece player_open
p.id = {record_opened} and p.kind = 'player' and p.listed and r.state = 'published'

-- player_find (repeatable) -> set_id tenant name key size modified protected video download tracks: one row, or none: nothing is shown under that nonce.
-- video: the nonce of a video that old browsers play, null: there is none.
-- tracks: [[language, label, nonce], ...] of text tracks that were uploaded.
select r.id as set_id, t.slug as tenant, r.name, p.storage_key as key, p.size, floor(extract(epoch from p.created_at))::bigint as modified,
	r.protected, v.nonce as video, v.download,
	(select coalesce(json_agg(json_build_array(x.lang, coalesce(nullif(x.label, ''), x.lang), x.nonce) order by x.id), '[]')
		from b3lb.text_track x where x.record_set_id = r.id) as tracks
{player_shown}
left join lateral (select x.nonce, x.download from b3lb.record x
	where x.record_set_id = r.id and x.kind = 'video' and x.listed and x.mime = 'video/mp4' order by x.id limit 1) v on true
where {player_open};

-- player_file (repeatable) -> set_id tenant key at size modified: one row, or none. key: of the archive, in which it stands.
select r.id as set_id, t.slug as tenant, r.archive_key as key, f.at, f.size, floor(extract(epoch from p.created_at))::bigint as modified
{player_shown}
join b3lb.record_file f on f.record_set_id = r.id and f.name = $3
where {player_open};

-- player_of_recording (repeatable) -> nonce: one row, or none: that recording is not shown by the player.
select p.nonce {player_shown}
where r.record_id = $1 and p.kind = 'player' and p.listed and r.state = 'published' and not r.protected order by p.id limit 1;

-- player_finish -> lost garbage: a row for each key that nothing refers to any more, at least one; lost: nothing was changed.
select f.x is null as lost, k as garbage
from (select b3lb.finish_player($1::bigint, $2, $3, $4, $5::bigint, $6::bigint, $7::bigint, $8::jsonb, $9::text[], $10::bigint[],
	$11::bigint[]) as x) f
left join lateral unnest(f.x) k on true;

-- ticket_find (repeatable) -> set_id tenant key player protected: one row, or none: nothing listed and published has that nonce. key: its
-- tickets are signed with it.
select r.id as set_id, t.slug as tenant, r.ticket_key as key, p.kind = 'player' as player, r.protected
{player_shown}
where p.nonce = $1 and p.listed and r.state = 'published';

-- ticket_open -> result: one row; open_ticket says which results.
select b3lb.open_ticket($1, $2, $3::bigint, $4) as result;

-- recording_protect (repeatable) -> result: one row; protect_recordings says which results.
select b3lb.protect_recordings($1::int, nullif($2::int, 0), $3::text[], $4::boolean) as result;
