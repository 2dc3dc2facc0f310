-- profile_remove -> id: one row, or none: there is no such profile.
delete from b3lb.profile where name = $1 returning id;

-- profile_list (repeatable): a row a profile, for people.
select p.name, p.description, p.kind, p.source, p.type, p.listed, p.download, p.preset,
	case when p.kind = 'presentation' then p.width || 'x' || p.height || ' ' || p.fps || ' fps ' || p.container end as picture,
	(select string_agg(upper(t.slug) || '-' || s.sub_id, ', ' order by t.slug, s.sub_id) from b3lb.secret_profile x
		join b3lb.secret s on s.id = x.secret_id join b3lb.tenant t on t.id = s.tenant_id where x.profile_id = p.id) as secrets
from b3lb.profile p
order by p.name;
