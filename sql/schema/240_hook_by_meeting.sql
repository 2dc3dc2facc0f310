-- The hooks of a secret that hear of one meeting, however many it has.

create index if not exists hook_by_meeting on b3lb.hook (secret_id, meeting_id);
