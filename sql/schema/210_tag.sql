-- Which nodes a meeting may ask for, which a tenant may ask for, and how much a node takes.
alter table b3lb.node
	add if not exists tags text[] not null default '{}'    -- what a create may ask for by meta_server-tag
		check (tags = '{}' or array_to_string(tags, ';') || ';' ~ '^((?!none;)[a-z0-9][a-z0-9._-]{0,31};)*$'),
	add if not exists reserved boolean not null default true, -- one with tags takes only meetings that ask for one of them
	add if not exists max_users int not null default 0 check (max_users >= 0),       -- with that many it takes no new meeting; 0: with any
	add if not exists max_meetings int not null default 0 check (max_meetings >= 0);
alter table b3lb.tenant
	add if not exists tags text[] not null default '{*}';  -- that its creates may ask for; *: any but node-SLUG
