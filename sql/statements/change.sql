-- The way of one change (core/change.h); what writes it is that of state.sql.

-- change_lock: until the transaction ends no other change, import or drain's end begins.
select pg_advisory_xact_lock(4742352);

-- change_objects (repeatable) -> doc seen: of kind $1, of tenant $2, with name $3; null: all of them.
select doc, seen from b3lb.state_objects($1, $2, $3);

-- change_objects_named (repeatable) -> doc seen: of kind $1 those with the names $2, in that order.
select o.doc, o.seen from unnest($2::text[]) with ordinality n (name, place) cross join lateral b3lb.state_objects($1, null, n.name) o
order by n.place;

-- change_trim: lists of the document's objects are whole.
select b3lb.state_trim($1::jsonb);

-- change_users (repeatable) -> who: what uses the object, so that it cannot be removed.
select who from b3lb.state_users($1, $2, $3) as u (who);
