-- poll_bad knows when its poll began.

drop function if exists b3lb.poll_bad(int, int, text);
