-- Sessions and their messages. Times are milliseconds since 1970-01-01 UTC.

create table sessions (
    key integer primary key,
    id text not null unique,
    bot text not null,
    user_identifier text,
    -- A JSON object; the server reads it only to show or send it, so it has no columns.
    config text not null,
    -- SHA-256 of the visitor token; null: whoever knows the id may come in.
    token_hash blob check (length(token_hash) = 32),
    created_at integer not null,
    last_activity integer not null,
    -- How many rows of messages have replaced = 0: kept here, because every read of a session shows it.
    message_count integer not null default 0 check (message_count >= 0)
) strict;

-- For the counts of active sessions and for retention.
create index sessions_by_activity
    on sessions (last_activity);

-- For the clean-up of sessions in which nothing was ever said.
create index empty_sessions_by_activity
    on sessions (last_activity)
    where message_count = 0;

create table messages (
    -- The order of a conversation: clocks jump, keys only grow.
    key integer primary key,
    session integer not null references sessions (key) on delete cascade,
    id text not null,
    role text not null check (role in ('user', 'assistant', 'system')),
    content text not null,
    status text not null,
    created_at integer not null,
    -- 1: a new try took its place, only the owner sees it.
    replaced integer not null default 0 check (replaced in (0, 1)),
    -- From here on only replies have values. answers is the id of the message it replies to,
    -- without a reference: that message may be cleared before its reply.
    answers text,
    provider text,
    model text,
    finish_reason text,
    failure text,
    input_tokens integer,
    output_tokens integer,
    cached_input_tokens integer,
    unique (session, id)
) strict;

-- Two turns of one session cannot run at once, whatever the code above does.
create unique index one_streaming_reply
    on messages (session)
    where status = 'streaming';

-- A page of a conversation, newest first; the key is part of every index.
create index visible_messages
    on messages (session)
    where replaced = 0;

-- One row that is written to prove that the database takes writes.
create table heartbeat (
    key integer primary key check (key = 1),
    filler blob not null
) strict;
