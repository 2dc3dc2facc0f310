-- Statements look the secret up themselves.
drop function if exists b3lb.find_secret(text, text, int);
