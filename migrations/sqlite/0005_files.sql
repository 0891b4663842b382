-- Files that visitors upload. Their tables are made from the bytes when they are first asked about.

create table files (
    key integer primary key,
    session integer not null references sessions (key) on delete cascade,
    id text not null unique,
    -- What the visitor called it: shown, never a path.
    name text not null,
    kind text not null check (kind in ('csv', 'json')),
    -- JSON: what it is made of.
    shape text not null,
    size_bytes integer not null check (size_bytes >= 0),
    uploaded_at integer not null,
    -- A JSON list: what is known of each table in it.
    tables text not null,
    -- Only kept files are seen: bytes come and go in pieces.
    state text not null check (state in ('arriving', 'kept', 'leaving'))
) strict;

-- The files of a session, oldest first; the key is part of every index.
create index files_by_session
    on files (session, state);

create index leaving_files
    on files (key)
    where state = 'leaving';

-- A file's bytes in pieces, so that writing and deleting a large one holds up nobody for long.
create table file_pieces (
    key integer primary key,
    file integer not null references files (key) on delete cascade,
    number integer not null check (number >= 0),
    bytes blob not null,
    unique (file, number)
) strict;

-- How much all files hold together: counted here, because every upload asks for it.
create table file_totals (
    key integer primary key check (key = 1),
    stored_bytes integer not null check (stored_bytes >= 0)
) strict;

insert into file_totals values (1, 0);

create trigger file_adds_to_total
after insert on files begin
    update file_totals set stored_bytes = stored_bytes + new.size_bytes + length(new.tables);
end;

create trigger file_leaves_total
after delete on files begin
    update file_totals set stored_bytes = stored_bytes - old.size_bytes - length(old.tables);
end;
