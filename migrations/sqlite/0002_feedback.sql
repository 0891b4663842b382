-- What visitors think of replies.

alter table messages add column rating text check (rating in ('up', 'down'));
alter table messages add column comment text;
alter table messages add column rated_at integer;

-- For the owner, newest first.
create index rated_messages
    on messages (rated_at)
    where rating is not null;
