-- What the owner's pages count, filter and search, kept as it happens: a page over a million
-- messages must not read them.

-- When a reply's first word came and when it ended; null for replies of before this release.
alter table messages add column first_word_at integer;
alter table messages add column ended_at integer;

-- Settled by staff: no longer on the list of replies to work on.
alter table messages add column settled_at integer;

create index replies_to_work_on
    on messages (key)
    where settled_at is null
    and role = 'assistant'
    and (rating = 'down' or failure is not null or status = 'blocked' or asks_contact = 1);

-- The owner reads replaced messages too, so the index of the visible ones becomes one of all.
drop index visible_messages;

create index messages_by_session
    on messages (session);

-- What the owner filters conversations by, as a sum: 1 something is said in it, 2 a thumb up, 4 a
-- thumb down, 8 a reply failed, 16 files, 32 its visitor told something.
alter table sessions add column marks integer not null default 0;

update sessions
set marks = (message_count > 0)
    + 2 * exists (select 1 from messages where session = sessions.key and rating = 'up')
    + 4 * exists (select 1 from messages where session = sessions.key and rating = 'down')
    + 8 * exists (select 1 from messages where session = sessions.key and failure is not null)
    + 16 * exists (select 1 from files where session = sessions.key and state = 'kept')
    + 32 * (details is not null);

-- A list with any filter reads this index only. The key stands before the marks, so that those
-- active at the same instant have an order.
drop index sessions_by_activity;

create index sessions_by_activity
    on sessions (last_activity, key, marks, bot);

create trigger conversation_begins_or_shrinks
after update of message_count on sessions
when new.message_count < old.message_count or old.message_count = 0 begin
    update sessions
    set marks = marks & 48
        | (new.message_count > 0)
        | 2 * exists (select 1 from messages where session = new.key and rating = 'up')
        | 4 * exists (select 1 from messages where session = new.key and rating = 'down')
        | 8 * exists (select 1 from messages where session = new.key and failure is not null)
    where key = new.key;
end;

create trigger reply_is_rated
after update of rating on messages begin
    update sessions
    set marks = marks & ~6
        | 2 * exists (select 1 from messages where session = new.session and rating = 'up')
        | 4 * exists (select 1 from messages where session = new.session and rating = 'down')
    where key = new.session;
end;

create trigger reply_failed
after update of failure on messages when new.failure is not null begin
    update sessions set marks = marks | 8 where key = new.session;
end;

create trigger files_come_and_go
after update of state on files when (old.state = 'kept') <> (new.state = 'kept') begin
    update sessions
    set marks = marks & ~16
        | 16 * exists (select 1 from files where session = new.session and state = 'kept')
    where key = new.session;
end;

create trigger visitor_told_something
after update of details on sessions when (old.details is null) <> (new.details is null) begin
    update sessions
    set marks = marks & ~32 | 32 * (new.details is not null)
    where key = new.key;
end;

-- What happened within an hour; no words and no visitor, so it stays when conversations go.
create table usage_hours (
    -- Milliseconds since 1970-01-01 UTC at which the hour begins.
    hour integer not null,
    bot text not null,
    provider text not null,
    model text not null,
    -- Conversations that began.
    sessions integer not null default 0,
    -- Messages of visitors, each with its reply.
    messages integer not null default 0,
    failed_replies integer not null default 0,
    -- Replies whose tokens nobody reported.
    unmetered_replies integer not null default 0,
    input_tokens integer not null default 0,
    cached_input_tokens integer not null default 0,
    output_tokens integer not null default 0,
    thumbs_up integer not null default 0,
    thumbs_down integer not null default 0,
    -- How many replies took how long; the borders are in src/domain/timings.rs.
    first_word_0 integer not null default 0,
    first_word_1 integer not null default 0,
    first_word_2 integer not null default 0,
    first_word_3 integer not null default 0,
    first_word_4 integer not null default 0,
    first_word_5 integer not null default 0,
    first_word_6 integer not null default 0,
    first_word_7 integer not null default 0,
    first_word_8 integer not null default 0,
    first_word_9 integer not null default 0,
    first_word_10 integer not null default 0,
    first_word_11 integer not null default 0,
    first_word_12 integer not null default 0,
    first_word_13 integer not null default 0,
    whole_reply_0 integer not null default 0,
    whole_reply_1 integer not null default 0,
    whole_reply_2 integer not null default 0,
    whole_reply_3 integer not null default 0,
    whole_reply_4 integer not null default 0,
    whole_reply_5 integer not null default 0,
    whole_reply_6 integer not null default 0,
    whole_reply_7 integer not null default 0,
    whole_reply_8 integer not null default 0,
    whole_reply_9 integer not null default 0,
    whole_reply_10 integer not null default 0,
    whole_reply_11 integer not null default 0,
    whole_reply_12 integer not null default 0,
    whole_reply_13 integer not null default 0,
    primary key (hour, bot, provider, model)
) strict, without rowid;

insert into usage_hours (hour, bot, provider, model, messages, failed_replies, unmetered_replies,
    input_tokens, cached_input_tokens, output_tokens, thumbs_up, thumbs_down)
select reply.created_at - reply.created_at % 3600000, sessions.bot, reply.provider, reply.model,
    count(*), count(reply.failure),
    sum(reply.input_tokens is null and reply.output_tokens is null),
    coalesce(sum(reply.input_tokens), 0), coalesce(sum(reply.cached_input_tokens), 0),
    coalesce(sum(reply.output_tokens), 0),
    count(iif(reply.rating = 'up', 1, null)), count(iif(reply.rating = 'down', 1, null))
from messages as reply
join sessions on sessions.key = reply.session
where reply.role = 'assistant' and reply.status <> 'streaming'
group by 1, 2, 3, 4;

insert into usage_hours (hour, bot, provider, model, sessions)
select reply.created_at - reply.created_at % 3600000, sessions.bot, reply.provider, reply.model,
    count(*)
from (
    select min(key) as key from messages where role = 'assistant' group by session
) as beginnings
join messages as reply on reply.key = beginnings.key
join sessions on sessions.key = reply.session
where true
group by 1, 2, 3, 4
on conflict do update set sessions = sessions + excluded.sessions;

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

-- What visitors told and what host pages call them.
create virtual table visitor_words using fts5 (
    words,
    content = '',
    tokenize = 'unicode61 remove_diacritics 2'
);

insert into visitor_words (visitor_words, rank) values ('secure-delete', 1);

insert into visitor_words (rowid, words)
select key, concat_ws(' ', user_identifier,
    (select group_concat(value, ' ') from json_each(coalesce(details, '{}'))))
from sessions
where user_identifier is not null or details is not null;

create trigger visitor_is_searched
after insert on sessions when new.user_identifier is not null or new.details is not null begin
    insert into visitor_words (rowid, words)
    values (new.key, concat_ws(' ', new.user_identifier,
        (select group_concat(value, ' ') from json_each(coalesce(new.details, '{}')))));
end;

create trigger visitor_told_something_else
after update of details on sessions begin
    insert into visitor_words (visitor_words, rowid, words)
    select 'delete', old.key, concat_ws(' ', old.user_identifier,
        (select group_concat(value, ' ') from json_each(coalesce(old.details, '{}'))))
    where old.user_identifier is not null or old.details is not null;
    insert into visitor_words (rowid, words)
    select new.key, concat_ws(' ', new.user_identifier,
        (select group_concat(value, ' ') from json_each(coalesce(new.details, '{}'))))
    where new.user_identifier is not null or new.details is not null;
end;

create trigger deleted_visitor_is_not_searched
after delete on sessions when old.user_identifier is not null or old.details is not null begin
    insert into visitor_words (visitor_words, rowid, words)
    values ('delete', old.key, concat_ws(' ', old.user_identifier,
        (select group_concat(value, ' ') from json_each(coalesce(old.details, '{}')))));
end;
