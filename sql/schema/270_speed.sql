-- Films are coded a quarter faster, with a twentieth more bytes, unless their profile was made to be drawn otherwise.
alter table b3lb.profile alter speed set default 'superfast';
update b3lb.profile set speed = 'superfast' where speed = 'veryfast' and (kind <> 'presentation' or name = 'presentation');
