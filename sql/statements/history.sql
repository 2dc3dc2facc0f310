-- Curves.

-- history_keep (repeatable): a row. $1: for how many days hours are kept; 0: nothing is.
select b3lb.keep_history($1::int);
