-- A meeting that ended is looked for by the client's name of it, by whoever asks for another's of that name.

create index on b3lb.ended_meeting (secret_id, meeting_id);
drop index b3lb.ended_meeting_secret_id_idx;
