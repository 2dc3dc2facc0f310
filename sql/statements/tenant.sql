-- piece lrs_of_tenant
-- What bbb-webhooks need of the LRS of t, as JSON; null: it has none, or nothing that opens it.
case when t.lrs_endpoint is not null and (t.lrs_token is not null or t.lrs_user is not null and t.lrs_password is not null)
	then json_strip_nulls(json_build_object('lrs_endpoint', t.lrs_endpoint, 'lrs_token', t.lrs_token, 'lrs_username', t.lrs_user,
		'lrs_password', t.lrs_password)) end

-- columns tenant: id secret_id slug sub_id secret secret2 error_status recording limited modules show_node analytics lrs lrs_force parameters assets dial_number own_pins version
-- piece tenant_columns
-- Of a tenant t and its secret s, for tenant_read.
t.id, s.id as secret_id, t.slug, s.sub_id, s.secret, s.secret2, t.error_status, t.recording and s.recording as recording,
(t.attendee_limit > 0 or s.attendee_limit > 0) and t.limit_mode <> 'create' as limited, t.modules, t.show_node, t.analytics_days > 0 as analytics,
{lrs_of_tenant} as lrs, t.lrs_force, {rules_of_tenant} as parameters, {assets_of_tenant} as assets,
split_part(t.dial_numbers, ',', 1) as dial_number, t.own_pins,
(select v.version from b3lb.tenant_version v) as version

-- The tenant t and the secret s that a request names: a tenant by slug $1, or by an additional host name $2 of its own, the
-- secret by sub id $3. With both, slug and host must not disagree; but a slug that is only the host's label ($4) gives way to
-- that name, with what looks like a sub id behind it. In the statement itself: a function would hide from the planner what is
-- one index lookup.
-- piece tenant_from
b3lb.tenant t join b3lb.secret s on s.tenant_id = t.id
	and s.sub_id = case when $4::boolean and t.slug is distinct from $1 then 0 else $3::int end

-- piece tenant_by_host
(select x.slug from b3lb.tenant_alias a join b3lb.tenant x on x.id = a.tenant_id where a.host = $2)

-- piece tenant_where
t.slug = case when $4::boolean then coalesce({tenant_by_host}, $1) else coalesce($1, {tenant_by_host}) end
and not exists (select 1 from b3lb.tenant_alias a where a.host = $2 and a.tenant_id <> t.id)

-- tenant_remove -> recordings: one row, or none: there is no such tenant. A foreign key refuses it while something is in use; its
-- recordings are no reason with $2: they are nobody's then, and the cleanup deletes them. What was counted
-- goes with it: the next one of that name is another.
with doomed as (update b3lb.record_set r set status = 'DELETING', deleted_at = coalesce(r.deleted_at, now()), tenant_id = null, secret_id = null
		from b3lb.tenant t where $2::boolean and t.slug = lower($1) and r.tenant_id = t.id returning r.id),
	gone as (delete from b3lb.tenant where slug = lower($1) returning id, slug),
	counted as (delete from b3lb.metric m using gone where m.tenant = gone.slug),
	events as (delete from b3lb.metric_event e using gone where e.tenant = gone.slug)
select (select count(*) from doomed) as recordings from gone;

-- piece tenant_list_columns
upper(t.slug) as tenant, g.name as group, t.description, t.meeting_limit, t.attendee_limit, t.recording, t.hold_days, t.error_status, t.protected, t.hook_auth, t.hook_sha, t.modules, t.show_node,
array_to_string(t.tags, ',') as tags,
t.limit_mode, t.analytics_days, t.lrs_endpoint, t.lrs_force,
t.dial_numbers, t.own_pins,
(select count(*) from b3lb.secret s where s.tenant_id = t.id) as secrets,
(select count(*) from b3lb.meeting m where m.tenant_id = t.id) as meetings,
(select coalesce(sum(m.attendees), 0) from b3lb.meeting m where m.tenant_id = t.id) as attendees,
(select string_agg(a.host, ', ' order by a.host) from b3lb.tenant_alias a where a.tenant_id = t.id) as aliases

-- tenant_list (repeatable): a row a tenant, for people.
select {tenant_list_columns} from b3lb.tenant t join b3lb.cluster_group g on g.id = t.group_id order by t.slug;

-- tenant_show (repeatable): one row with everything, or none: there is no such tenant.
select {tenant_list_columns}, t.stats_token from b3lb.tenant t join b3lb.cluster_group g on g.id = t.group_id where t.slug = lower($1);

-- tenant_ids (repeatable) -> ids: one row, or none: there is no tenant $1. Its id, as the list of tenants whose rows are meant.
select array[t.id] as ids from b3lb.tenant t where t.slug = lower($1);

-- tenant_alias_complaint (repeatable) -> complaint: null: nothing (b3lb.alias_complaint).
select b3lb.alias_complaint($1, $2) as complaint;
