-- piece player_shown
from b3lb.record p join b3lb.record_set r on r.id = p.record_set_id join b3lb.tenant t on t.id = r.tenant_id

-- piece player_open
p.nonce = $1 and p.kind = 'player' and p.listed and r.state = 'published'

-- player_find (repeatable) -> set_id tenant name key size modified video download: one row, or none: nothing is shown under that nonce.
-- video: the nonce of a video that old browsers play, null: there is none.
select r.id as set_id, t.slug as tenant, r.name, p.storage_key as key, p.size, floor(extract(epoch from p.created_at))::bigint as modified,
	v.nonce as video, v.download
{player_shown}
left join lateral (select x.nonce, x.download from b3lb.record x
	where x.record_set_id = r.id and x.kind = 'video' and x.listed and x.mime = 'video/mp4' order by x.id limit 1) v on true
where {player_open};

-- player_file (repeatable) -> set_id tenant key at size modified: one row, or none. key: of the archive, in which it stands.
select r.id as set_id, t.slug as tenant, r.archive_key as key, f.at, f.size, floor(extract(epoch from p.created_at))::bigint as modified
{player_shown}
join b3lb.record_file f on f.record_set_id = r.id and f.name = $2
where {player_open};

-- player_of_recording (repeatable) -> nonce: one row, or none: that recording is not shown by the player.
select p.nonce {player_shown}
where r.record_id = $1 and p.kind = 'player' and p.listed and r.state = 'published' order by p.id limit 1;

-- player_finish -> lost garbage: a row for each key that nothing refers to any more, at least one; lost: nothing was changed.
select f.x is null as lost, k as garbage
from (select b3lb.finish_player($1::bigint, $2, $3, $4, $5::bigint, $6::bigint, $7::bigint, $8::jsonb, $9::text[], $10::bigint[],
	$11::bigint[]) as x) f
left join lateral unnest(f.x) k on true;
