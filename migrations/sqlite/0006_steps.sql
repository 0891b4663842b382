-- How replies were computed.

-- A JSON list of steps, each with what it found; null for none.
alter table messages add column steps text;
-- A JSON list of the numbers, as written, that no query found; null for none.
alter table messages add column unverified text;
