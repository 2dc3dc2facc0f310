-- Webhooks of clients, and their way out.

-- hook_make -> result id: one row; b3lb.hook_make says which results. $4: the names of events, null: all.
select result, id from b3lb.hook_make($1::int, $2, $3, $4::text[], false, $5::int);

-- hook_list (repeatable) -> id url meeting_id events permanent: those of secret $2, 0: of the whole tenant $1, in the order in which
-- they were made; $3: those of every meeting and of that one, null: all.
select h.id, h.callback_url as url, h.meeting_id, array_to_string(h.events, ',') as events, h.permanent
from b3lb.hook h join b3lb.secret s on s.id = h.secret_id
where s.tenant_id = $1::int and ($2::int = 0 or s.id = $2::int) and ($3::text is null or h.meeting_id in ('', $3))
order by h.id;

-- hook_destroy -> id: one row, or none: there is no such hook of secret $2, 0: of the tenant $1, or it is permanent.
delete from b3lb.hook h using b3lb.secret s
where s.id = h.secret_id and s.tenant_id = $1::int and ($2::int = 0 or s.id = $2::int) and h.id = $3::int and not h.permanent
returning h.id;

-- hook_add -> result id: as hook_make, of a permanent one for sub id $2 of tenant $1; none: there is no such secret.
-- Found first, whatever the plan: the function makes something.
with o as materialized (
	select s.id from b3lb.secret s join b3lb.tenant t on t.id = s.tenant_id where t.slug = lower($1) and s.sub_id = $2::int)
select m.result, m.id from o cross join lateral b3lb.hook_make(o.id, $3, $4, $5::text[], true, 1000) m;

-- hook_show (repeatable): a row a hook, for people; $1 null: of all tenants.
select h.id, upper(t.slug) as tenant, s.sub_id, h.callback_url as url, h.meeting_id, array_to_string(h.events, ',') as events, h.permanent,
	h.created_at::timestamp(0) as created,
	(select count(*) from b3lb.hook_event e where e.hook_id = h.id) as waiting,
	extract(epoch from now() - h.failing_since)::int as failing_for, h.error
from b3lb.hook h join b3lb.secret s on s.id = h.secret_id join b3lb.tenant t on t.id = s.tenant_id
where $1::text is null or t.slug = lower($1)
order by h.id;

-- hook_remove -> tenant: one row, or none: there is no such hook of tenant $2, null: of any; or it is permanent, and $3: those stay.
delete from b3lb.hook h using b3lb.secret s join b3lb.tenant t on t.id = s.tenant_id
where s.id = h.secret_id and h.id = $1::int and t.slug = coalesce(lower($2), t.slug) and not ($3::boolean and h.permanent)
returning t.slug as tenant;

-- hook_test -> id: one row, or none: there is no such hook of tenant $2, null: of any.
insert into b3lb.hook_event (hook_id, lane, ts, name, body, next_at)
select h.id, 'b3lb-test', b3lb.now_ms(), 'b3lb-test', b3lb.hook_body('b3lb-test', '{}', b3lb.now_ms()), clock_timestamp()
from b3lb.hook h join b3lb.secret s on s.id = h.secret_id join b3lb.tenant t on t.id = s.tenant_id
where h.id = $1::int and t.slug = coalesce(lower($2), t.slug)
returning id;

-- hook_claim -> id hook_id lane url body stamp auth sha secret secret2 tenant sub_id: events to send, those of a lane behind each other
-- in their order: at most $2 of $1 lanes, for $3 seconds. $4: our own URL, for links.
select e.id, e.hook_id, e.lane, h.callback_url as url,
	case when e.link is null then e.body
		else jsonb_set(e.body::jsonb, '{data,attributes,recording,playback,link}', to_jsonb($4 || e.link))::text end as body,
	e.stamp, t.hook_auth as auth, t.hook_sha as sha, s.secret, s.secret2, t.slug as tenant, s.sub_id
from b3lb.hook_claim($1::int, $2::int, $3::int * interval '1 second') e
join b3lb.hook h on h.id = e.hook_id
join b3lb.secret s on s.id = h.secret_id
join b3lb.tenant t on t.id = s.tenant_id
order by e.hook_id, e.lane, e.ts, e.id;

-- hook_finish (repeatable): $1 were taken, $2 were not, for the reasons $3; $4 were not tried.
select b3lb.hook_finish($1::bigint[], $2::bigint[], $3::text[], $4::bigint[]);

-- hook_prune (repeatable) -> hook url lost removed: a row for each hook that has lost events, or was removed.
select hook, url, lost, removed from b3lb.hook_prune($1::int);

-- hook_drop (repeatable): webhooks are off: nothing waits for them, and none has failed.
with untried as (update b3lb.hook set failing_since = null, error = null where failing_since is not null)
delete from b3lb.hook_event;

-- hook_node (repeatable) -> id secret weak version: the node of nonce $1, or no row. version: as long as b3lb.tenant_version says it, the
-- node's secret is this.
select n.id, n.secret, n.hook_weak as weak, v.version from b3lb.node n cross join b3lb.tenant_version v where n.hook_nonce = $1;

-- hook_weak (repeatable): whether node $1 signs its events without looking at them.
update b3lb.node set hook_weak = $2::boolean where id = $1::int;

-- hook_take -> place told: of the lists of events $3, in their order, each of a node $1 that was read under the version $2: how many of
-- them somebody is told; -1: it is no list of events; -2: the version is another now.
-- $4: names that nobody is told, $5: what is not said of users, $6: the metadata key of a record set's nonce.
select t.place, t.told
from unnest(b3lb.hook_take_all($1::int[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6)) with ordinality t (told, place);

-- hook_nodes -> @node nonce wanted: nodes whose webhooks are to be asked now, which are the caller's from here on. wanted: some tenant
-- that may have a meeting there has a hook, and $1: nodes are to tell us. One without webhooks is asked each hour, others every five
-- minutes, which mends what a node has forgotten; one that was removed each minute, until it has answered.
with asked as (update b3lb.node n
set hook_at = now()
from b3lb.cluster c, (
	select d.id, $1::boolean and exists (
		select 1 from b3lb.hook h join b3lb.secret s on s.id = h.secret_id join b3lb.tenant t on t.id = s.tenant_id
		join b3lb.cluster_group_member g on g.group_id = t.group_id where g.cluster_id = d.cluster_id) as wanted
	from b3lb.node d) w
where c.id = n.cluster_id and w.id = n.id and n.online and (w.wanted or n.hook_state = 'on')
	and (n.hook_at is null or n.hook_at > now() or n.hook_at < now() - interval '1 second'
		* case when n.hook_state = 'absent' then 3600 when n.hook_state = 'unknown' or not w.wanted then 60 else 300 end)
returning {node_columns}, n.hook_nonce as nonce, w.wanted),
gone as (update b3lb.hook_left l
set asked_at = now()
from b3lb.hook_left x
cross join lateral jsonb_populate_record(null::b3lb.node, x.node) n
join b3lb.cluster c on c.id = n.cluster_id
where x.id = l.id and (l.asked_at is null or l.asked_at not between now() - interval '1 minute' and now())
returning {node_columns}, n.hook_nonce as nonce, false as wanted)
select * from asked union all select * from gone;

-- hook_node_state (repeatable) -> was: one row, or none: the node is gone. $2: the state; $3: it is asked at once when it is wanted again.
-- One that was removed is forgotten, unless it still tells us.
with gone as (delete from b3lb.hook_left where id = $1::int and $2 <> 'on')
update b3lb.node n set hook_state = $2, hook_at = case when $3::boolean then null else n.hook_at end
from (select id, hook_state from b3lb.node where id = $1::int) w where n.id = w.id
returning w.hook_state as was;
