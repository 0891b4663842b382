-- What visitors tell about themselves.

-- A JSON object of texts; null until there is any.
alter table sessions add column details text;
alter table sessions add column details_at integer;

-- For the owner, newest first.
create index sessions_with_details
    on sessions (details_at)
    where details is not null;
