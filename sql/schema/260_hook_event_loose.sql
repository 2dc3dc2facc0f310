-- An event is put down without a look at its hook's row: a lock of that by each of a thousand events a second, and another one by the
-- key, was a third of what an event cost. One of a hook that goes at that moment is never sent (hook_claim) and soon goes too (hook_prune).
alter table b3lb.hook_event drop constraint if exists hook_event_hook_id_fkey;
