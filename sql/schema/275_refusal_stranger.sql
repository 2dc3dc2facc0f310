-- Whether no secret vouched for a refused call: of those few rows are kept, so that they crowd out no others.
alter table b3lb.refusal add column if not exists stranger boolean not null default false;
