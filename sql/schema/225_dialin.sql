-- People on the phone: PINs of rooms, numbers of tenants, who dials wrong ones.

-- Numbers of people who dial in, separated by commas, the first one shown, null: none; whether a client may choose a room's PIN.
alter table b3lb.tenant
	add if not exists dial_numbers text,
	add if not exists own_pins boolean not null default false;

-- Where the gateway calls it; null: the host that browsers join at.
alter table b3lb.node
	add if not exists sip_host text;

-- A room's PIN, the same in each of its sessions, until nothing was created under it for half a year (b3lb.take_pin). A digit behind
-- it is one of its breakout rooms.
create table if not exists b3lb.dial_pin (
	secret_id int not null references b3lb.secret on delete cascade,
	meeting_id text not null,      -- the client's
	pin text collate "C" not null unique check (pin ~ '^[1-9][0-9]{4,9}$' and pin <> '99999'),
	used_at timestamptz not null default now(), -- to the day
	primary key (secret_id, meeting_id)
);
create index if not exists dial_pin_used_at on b3lb.dial_pin (used_at);

-- PINs that were none, by caller, of this minute: what is older goes with the next one (b3lb.dial_in).
create table if not exists b3lb.dial_failure (
	caller text collate "C" primary key,
	minute timestamptz not null,
	failed int not null
);

-- For gateways that ask by SQL: the PINs that lead into a meeting now. sip_host is null where the configuration makes the name.
create or replace view b3lb.dialin as
select d.pin, t.dial_numbers, upper(t.slug) as tenant, n.slug as node,
	coalesce(n.sip_host, substring(coalesce(n.join_url, n.url) from '^[^:]+://(\[[^]]+\]|[^/:]+)'), substring(n.domain from '^(\[[^]]+\]|[^:]+)')) as sip_host
from b3lb.dial_pin d
join b3lb.meeting m on m.secret_id = d.secret_id and m.meeting_id = d.meeting_id and m.confirmed
	and strpos(m.fragment, '<voiceBridge>' || d.pin || '</voiceBridge>') > 0
join b3lb.tenant t on t.id = m.tenant_id
join b3lb.node n on n.id = m.node_id and n.online;
