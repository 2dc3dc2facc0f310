-- A further recording of a record set: the nonce that its archive came with. Only that nonce replaces it.
alter table b3lb.record_set
	add column if not exists made_under text;

-- Its result has another type.
drop function if exists b3lb.update_recordings(int, int, text[], jsonb, text[]);
