-- What the owner's pages count and search, kept as it happens: a page over a million messages
-- must not read them.

-- How long the reply took, from the visitor's message to its end; null before this release.
alter table messages add column ended_at integer;
-- Until its first word.
alter table messages add column first_word_at integer;

-- Settled by staff: no longer on the list of answers to work on.
alter table messages add column settled_at integer;

create index replies_to_work_on
    on messages (key)
    where settled_at is null
    and role = 'assistant'
    and (rating = 'down' or failure is not null or status = 'blocked' or asks_contact = 1);

create table usage_hours (
    -- Milliseconds since 1970-01-01 UTC at which the hour begins.
    hour integer not null,
    bot text not null,
    provider text not null,
    model text not null,
    sessions integer not null default 0,
    messages integer not null default 0,
    replies integer not null default 0,
    failed_replies integer not null default 0,
    input_tokens integer not null default 0,
    cached_input_tokens integer not null default 0,
    output_tokens integer not null default 0,
    -- Sums over the replies that have these times.
    timed_replies integer not null default 0,
    first_word_ms integer not null default 0,
    reply_ms integer not null default 0,
    thumbs_up integer not null default 0,
    thumbs_down integer not null default 0,
    primary key (hour, bot, provider, model)
) strict, without rowid;

-- Words of ended messages. The text itself stays in messages.
create virtual table message_words using fts5 (
    content,
    content = 'messages',
    content_rowid = 'key',
    tokenize = 'unicode61 remove_diacritics 2'
);

insert into message_words (message_words, rank) values ('secure-delete', 1);

insert into message_words (rowid, content)
select key, content
from messages
where status <> 'streaming';

create trigger message_is_searched
after insert on messages when new.status <> 'streaming' begin
    insert into message_words (rowid, content) values (new.key, new.content);
end;

create trigger ended_message_is_searched
after update of status on messages when old.status = 'streaming' and new.status <> 'streaming' begin
    insert into message_words (rowid, content) values (new.key, new.content);
end;

create trigger deleted_message_is_not_searched
after delete on messages when old.status <> 'streaming' begin
    insert into message_words (message_words, rowid, content)
    values ('delete', old.key, old.content);
end;
