-- piece secret_named
-- The secret s of sub id $2 of tenant $1.
t.id = s.tenant_id and t.slug = lower($1) and s.sub_id = $2::int

-- secret_remove -> id: one row, or none: there is no such secret. A foreign key refuses it while it is in use. What was counted goes
-- with it: the next one of that sub id is another.
with gone as (delete from b3lb.secret s using b3lb.tenant t where {secret_named} returning s.id, t.slug, s.sub_id),
	counted as (delete from b3lb.metric m using gone g where m.tenant = g.slug and m.sub_id = g.sub_id),
	events as (delete from b3lb.metric_event e using gone g where e.tenant = g.slug and e.sub_id = g.sub_id)
select id from gone;

-- piece secret_list_columns
upper(t.slug) as tenant, s.sub_id, s.description, s.meeting_limit, s.attendee_limit, s.recording, s.hold_days,
s.secret2 is not null as rolling

-- piece secret_list_from
b3lb.secret s join b3lb.tenant t on t.id = s.tenant_id where $1::text is null or t.slug = lower($1) order by 1, 2

-- secret_list (repeatable): a row a secret without the secret itself, for people; $1 null: of all tenants.
select {secret_list_columns} from {secret_list_from};

-- secret_show (repeatable): as secret_list, with the secrets and tokens.
select {secret_list_columns}, s.secret, s.secret2, s.stats_token from {secret_list_from};

-- secret_get (repeatable) -> secret recording slide: one row, or none: there is no such secret. What a link that tries it needs.
select s.secret, s.recording and t.recording as recording,
	exists (select 1 from b3lb.asset a where a.tenant_id = t.id and a.kind = 'slide') as slide
from b3lb.secret s, b3lb.tenant t where {secret_named};
