-- Bots: what the owner set on the admin pages. What is not set comes from the configuration.

create table bots (
    key integer primary key,
    slug text not null unique,
    -- A JSON object of the values set.
    settings text not null,
    is_active integer not null default 1 check (is_active in (0, 1)),
    -- The one that answers where no bot is named.
    is_default integer not null default 0 check (is_default in (0, 1)),
    -- Counts the changes; the number of the newest one.
    revision integer not null,
    changed_at integer not null
) strict;

create unique index one_default_bot
    on bots (is_default)
    where is_default = 1;

-- Every change, to be read and gone back to. Kept when the bot is deleted.
create table bot_revisions (
    key integer primary key,
    slug text not null,
    revision integer not null,
    settings text not null,
    is_active integer not null check (is_active in (0, 1)),
    changed_at integer not null,
    -- The name of who changed it, at that time.
    changed_by text not null,
    -- What was done: made, changed, rolled back, deleted.
    note text not null,
    unique (slug, revision)
) strict;
