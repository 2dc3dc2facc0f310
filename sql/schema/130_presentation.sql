-- Videos that are drawn of a published presentation: profiles of the kind presentation, and how they look.
alter table b3lb.profile drop constraint profile_kind_check;
alter table b3lb.profile
	add constraint profile_kind_check check (kind in ('copy', 'presentation')), -- presentation: drawn of what BigBlueButton published
	-- all of these for kind presentation alone
	add width int not null default 1280 check (width between 320 and 3840 and width % 2 = 0),
	add height int not null default 720 check (height between 320 and 3840 and height % 2 = 0),
	add fps int not null default 15 check (fps between 1 and 60),
	add crf int not null default 25 check (crf between 0 and 51),
	add speed text not null default 'veryfast'
		check (speed in ('ultrafast', 'superfast', 'veryfast', 'faster', 'fast', 'medium', 'slow')),
	add container text not null default 'mp4' check (container in ('mp4', 'webm')),
	add webcams text not null default 'side' check (webcams in ('side', 'none')),
	add cursor boolean not null default true,
	add annotations boolean not null default true,
	add captions boolean not null default true;

-- A fresh installation has both: the video that a node makes where it is set up to, and else one that is drawn. Where
-- something is set up already nothing changes by itself.
update b3lb.profile set source = 'video' where name = 'video' and source = 'any' and not exists (select 1 from b3lb.tenant);
insert into b3lb.profile (name, description, kind, preset)
select 'presentation', 'The lesson, drawn of slides, annotations, webcams and screen share', 'presentation', true
where not exists (select 1 from b3lb.tenant)
on conflict (name) do nothing;
