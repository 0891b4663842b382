-- What models write behind their answers.

-- A JSON list of texts; null for none.
alter table messages add column suggestions text;
alter table messages add column asks_contact integer not null default 0 check (asks_contact in (0, 1));
