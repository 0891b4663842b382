-- Accounts: who signs in, with what, and what they changed. No table holds a password or token,
-- only hashes of them.

create table accounts (
    key integer primary key autoincrement,
    username text not null,
    -- What makes names the same: lower case.
    username_folded text not null unique,
    email text not null,
    -- Argon2id in PHC form.
    password_hash text not null,
    role text not null check (role in ('member', 'viewer', 'editor', 'owner')),
    is_active integer not null default 1 check (is_active in (0, 1)),
    created_at integer not null,
    last_login integer
) strict;

-- Sessions of an account are seen by it alone and do not end; null for all others.
alter table sessions add column account integer references accounts (key) on delete cascade;

create index sessions_by_account
    on sessions (account, created_at)
    where account is not null;

-- API tokens: each made by a sign-in over the API, on the admin pages or on the command line.
create table tokens (
    key integer primary key,
    account integer not null references accounts (key) on delete cascade,
    -- SHA-256 of the token.
    hash blob not null unique check (length(hash) = 32),
    -- Its last four characters, to tell tokens apart.
    ending text not null,
    name text not null,
    created_at integer not null,
    last_used_at integer,
    -- Null: it holds until it is revoked.
    expires_at integer
) strict;

create index tokens_by_account
    on tokens (account);

-- Sign-ins to the admin pages.
create table logins (
    key integer primary key,
    account integer not null references accounts (key) on delete cascade,
    -- SHA-256 of the cookie.
    hash blob not null unique check (length(hash) = 32),
    created_at integer not null,
    last_seen_at integer not null,
    expires_at integer not null
) strict;

create index logins_by_account
    on logins (account);

create index logins_by_expiry
    on logins (expires_at);

-- Links that make an account, once: the first owner's, and those sent to others.
create table invitations (
    key integer primary key,
    hash blob not null unique check (length(hash) = 32),
    role text not null check (role in ('member', 'viewer', 'editor', 'owner')),
    -- Null: the server made it for the first owner.
    invited_by integer references accounts (key) on delete cascade,
    created_at integer not null,
    expires_at integer not null
) strict;

-- What staff changed, and what concerns accounts. Kept when the account goes.
create table audit (
    key integer primary key,
    at integer not null,
    account integer,
    -- The name at that time.
    username text not null,
    -- What was done, as a word: bot.changed, login.failed, session.erased.
    action text not null,
    -- What it was done to, for people.
    subject text not null,
    -- More about it, or empty.
    detail text not null
) strict;

create index audit_by_action
    on audit (action, key);

-- What the server makes for itself and keeps: the key that signs what it gives out.
create table server_secrets (
    name text primary key,
    value blob not null
) strict, without rowid;
