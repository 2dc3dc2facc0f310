-- profile_add -> id: one row. With defaults: profile_set follows in the same transaction.
insert into b3lb.profile (name) values ($1) returning id;

-- profile_set (repeatable) -> id: one row, or none: there is no such profile. What is null stays.
update b3lb.profile
set description = coalesce($2, description), source = coalesce($3, source), type = coalesce($4, type),
	listed = coalesce($5 = 'on', listed), download = coalesce($6 = 'on', download), preset = coalesce($7 = 'on', preset),
	kind = coalesce($8, kind), width = coalesce($9::int, width), height = coalesce($10::int, height), fps = coalesce($11::int, fps),
	crf = coalesce($12::int, crf), speed = coalesce($13, speed), container = coalesce($14, container),
	webcams = coalesce($15, webcams), cursor = coalesce($16 = 'on', cursor), annotations = coalesce($17 = 'on', annotations),
	captions = coalesce($18 = 'on', captions)
where name = $1
returning id;

-- profile_spread (repeatable) -> changed: one row: of how many videos that profile $1 made it changed who may see them.
with changed as (
	update b3lb.record r set listed = p.listed, download = p.download
	from b3lb.profile p
	where p.name = $1 and r.profile = p.name and (r.listed, r.download) <> (p.listed, p.download)
	returning 1)
select count(*) as changed from changed;

-- profile_remove -> id: one row, or none: there is no such profile.
delete from b3lb.profile where name = $1 returning id;

-- profile_list (repeatable): a row a profile, for people.
select p.name, p.description, p.kind, p.source, p.type, p.listed, p.download, p.preset,
	case when p.kind = 'presentation' then p.width || 'x' || p.height || ' ' || p.fps || ' fps ' || p.container end as picture,
	(select string_agg(upper(t.slug) || '-' || s.sub_id, ', ' order by t.slug, s.sub_id) from b3lb.secret_profile x
		join b3lb.secret s on s.id = x.secret_id join b3lb.tenant t on t.id = s.tenant_id where x.profile_id = p.id) as secrets
from b3lb.profile p
order by p.name;

-- piece profile_and_secret
-- Profile $3 and the secret of sub id $2 of tenant $1.
select s.id, p.id from b3lb.secret s join b3lb.tenant t on t.id = s.tenant_id, b3lb.profile p
where t.slug = lower($1) and s.sub_id = $2::int and p.name = $3

-- profile_attach (repeatable) -> done: one row, or none: there is no such secret or profile.
insert into b3lb.secret_profile (secret_id, profile_id) {profile_and_secret}
on conflict (secret_id, profile_id) do update set profile_id = excluded.profile_id
returning true as done;

-- profile_detach (repeatable) -> done: one row, or none: there is no such profile at that secret.
delete from b3lb.secret_profile where (secret_id, profile_id) in ({profile_and_secret}) returning true as done;
