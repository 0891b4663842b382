//! Opening what is there: migrations, copies, files that must not be touched.

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use alcove::domain::actor::Actor;
use alcove::domain::clock::Timestamp;
use alcove::domain::feedback::Rating;
use alcove::domain::id::SessionId;
use alcove::store::sqlite::migrate::{MIGRATIONS, Migration};
use alcove::store::sqlite::{SqliteSettings, SqliteStore};
use alcove::store::{
    ConversationFilter, MessageStore as _, OwnerStore as _, PageRequest, SessionStore as _,
    Store as _, StoreError, StoreResult, UsageQuery,
};
use rusqlite::Connection;
use tempfile::TempDir;

use crate::child;
use crate::sqlite::assert_sound;
use crate::support::{file_in, open_session, texts, whole_turn};

const GOOD: Migration =
    Migration { name: "9991_good.sql", sql: "create table later (key integer primary key);" };
const BROKEN: Migration = Migration {
    name: "9992_broken.sql",
    sql: "update messages set content = 'spoilt'; create table half (key integer); nonsense;",
};

fn with(more: &[Migration]) -> Vec<Migration> {
    [MIGRATIONS, more].concat()
}

fn open_with(folder: &TempDir, migrations: &[Migration]) -> StoreResult<SqliteStore> {
    SqliteStore::open_with(SqliteSettings::new(file_in(folder)), migrations)
}

/// A database of this release in which something was said.
async fn old_database() -> (TempDir, alcove::domain::id::SessionId) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let store = open_with(&folder, MIGRATIONS).expect("a new store");
    let id = open_session(&store).await;
    whole_turn(&store, id, "hello", "answer").await;
    store.close().await;
    (folder, id)
}

fn names_in(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

fn told_by(opened: StoreResult<SqliteStore>) -> String {
    match opened {
        Err(StoreError::Internal(text)) => text,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_migration_keeps_what_was_said_and_a_copy_from_before() {
    let (folder, id) = old_database().await;
    let store = open_with(&folder, &with(&[GOOD])).expect("migrated");
    assert_eq!(texts(&store, id).await, ["hello", "answer"]);
    store.close().await;
    assert_sound(&file_in(&folder));
    let copy = format!("alcove.db.before-migration-from-{}", MIGRATIONS.len());
    assert_eq!(names_in(folder.path()), ["alcove.db", copy.as_str()]);

    // The copy is a whole database: put in the place of the other, the older release runs.
    fs::rename(folder.path().join(copy), file_in(&folder)).expect("restored");
    let store = open_with(&folder, MIGRATIONS).expect("the older release");
    assert_eq!(texts(&store, id).await, ["hello", "answer"]);
    store.close().await;
    assert_sound(&file_in(&folder));
}

#[tokio::test]
async fn only_the_newest_copy_is_kept_and_it_is_private() {
    let (folder, _) = old_database().await;
    open_with(&folder, &with(&[GOOD])).expect("migrated").close().await;
    let another = Migration { name: "9993_more.sql", sql: "create table more (key integer);" };
    open_with(&folder, &with(&[GOOD, another])).expect("migrated").close().await;
    let copy = format!("alcove.db.before-migration-from-{}", MIGRATIONS.len() + 1);
    assert_eq!(names_in(folder.path()), ["alcove.db", copy.as_str()]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let facts = fs::metadata(folder.path().join(copy)).expect("facts");
        assert_eq!(facts.permissions().mode() & 0o777, 0o600);
    }
}

#[tokio::test]
async fn opening_the_same_release_again_copies_nothing() {
    let (folder, _) = old_database().await;
    open_with(&folder, MIGRATIONS).expect("opened").close().await;
    assert_eq!(names_in(folder.path()), ["alcove.db"]);
}

#[tokio::test]
async fn a_broken_migration_leaves_the_old_data_intact() {
    let (folder, id) = old_database().await;
    let text = told_by(open_with(&folder, &with(&[BROKEN])));
    assert!(text.contains("9992_broken.sql"), "{text}");
    assert_sound(&file_in(&folder));
    let store = open_with(&folder, MIGRATIONS).expect("the older release still runs");
    assert_eq!(texts(&store, id).await, ["hello", "answer"]);
    store.close().await;
}

#[tokio::test]
async fn the_migrations_before_a_broken_one_stay() {
    let (folder, id) = old_database().await;
    told_by(open_with(&folder, &with(&[GOOD, BROKEN])));
    let store = open_with(&folder, &with(&[GOOD])).expect("the one before is complete");
    assert_eq!(texts(&store, id).await, ["hello", "answer"]);
    store.close().await;
}

#[tokio::test]
async fn a_newer_schema_is_refused_and_not_touched() {
    let (folder, id) = old_database().await;
    open_with(&folder, &with(&[GOOD])).expect("migrated").close().await;
    let before = fs::read(file_in(&folder)).expect("bytes");
    let text = told_by(open_with(&folder, MIGRATIONS));
    assert!(text.contains("newer release"), "{text}");
    assert_eq!(fs::read(file_in(&folder)).expect("bytes"), before);
    let store = open_with(&folder, &with(&[GOOD])).expect("the newer release runs");
    assert!(store.session(&Actor::System, id).await.expect("read").is_some());
}

#[tokio::test]
async fn another_programs_database_is_refused_and_not_touched() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let other = Connection::open(file_in(&folder)).expect("a database");
    other.execute_batch("create table theirs (key integer)").expect("a table");
    other.close().expect("closed");
    let before = fs::read(file_in(&folder)).expect("bytes");
    let text = told_by(open_with(&folder, MIGRATIONS));
    assert!(text.contains("another program"), "{text}");
    assert_eq!(fs::read(file_in(&folder)).expect("bytes"), before);
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused_and_not_touched() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(file_in(&folder), "Dear diary, ".repeat(1000)).expect("written");
    let before = fs::read(file_in(&folder)).expect("bytes");
    let text = told_by(open_with(&folder, MIGRATIONS));
    assert!(text.contains("alcove.db"), "{text}");
    assert_eq!(fs::read(file_in(&folder)).expect("bytes"), before);
}

#[tokio::test]
async fn two_that_start_at_once_migrate_once() {
    let (folder, id) = old_database().await;
    let migrations = with(&[GOOD]);
    let stores: Vec<_> = std::thread::scope(|scope| {
        let starts: Vec<_> =
            (0..4).map(|_| scope.spawn(|| open_with(&folder, &migrations))).collect();
        starts.into_iter().map(|start| start.join().expect("joined")).collect()
    });
    for store in stores {
        let store = store.expect("opened");
        assert_eq!(texts(&store, id).await, ["hello", "answer"]);
        store.close().await;
    }
    assert_sound(&file_in(&folder));
}

/// What a year of an older release may hold.
const OLD_ROWS: &str = "
    insert into sessions (key, id, bot, user_identifier, config, created_at, last_activity,
        message_count, details, details_at)
    values
        (1, '00000000-0000-4000-8000-000000000001', 'default', null, '{}', 0, 7300000, 4, null, null),
        (2, '00000000-0000-4000-8000-000000000002', 'shop', 'customer-7', '{}', 0, 9000000, 2,
            '{\"name\":\"Adalbert\"}', 9000000),
        (3, '00000000-0000-4000-8000-000000000003', 'default', null, '{}', 0, 9000000, 0, null, null);
    insert into messages (session, id, role, content, status, created_at, provider, model, answers,
        failure, input_tokens, output_tokens, rating, rated_at)
    values
        (1, '00000000-0000-4000-8000-000000000011', 'user', 'a needle', 'complete', 10, null, null,
            null, null, null, null, null, null),
        (1, '00000000-0000-4000-8000-000000000012', 'assistant', 'found', 'complete', 10, 'claude',
            'm', '00000000-0000-4000-8000-000000000011', null, 100, 10, 'up', 20),
        (1, '00000000-0000-4000-8000-000000000013', 'user', 'more', 'complete', 7200000, null, null,
            null, null, null, null, null, null),
        (1, '00000000-0000-4000-8000-000000000014', 'assistant', '', 'failed', 7200000, 'claude',
            'm', '00000000-0000-4000-8000-000000000013', 'model_busy', null, null, null, null),
        (2, '00000000-0000-4000-8000-000000000021', 'user', 'hello', 'complete', 20, null, null,
            null, null, null, null, null, null),
        (2, '00000000-0000-4000-8000-000000000022', 'assistant', 'half', 'streaming', 20, 'demo',
            'm', '00000000-0000-4000-8000-000000000021', null, null, null, null, null);";

#[tokio::test]
async fn what_an_older_release_kept_is_counted_marked_and_found() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    open_with(&folder, &MIGRATIONS[..6]).expect("an older store").close().await;
    let db = Connection::open(file_in(&folder)).expect("opened");
    db.execute_batch(OLD_ROWS).expect("rows");
    drop(db);
    let store = open_with(&folder, MIGRATIONS).expect("migrated");
    let owner = Actor::System;
    let (from, to) = (Timestamp::from_ms(0), Timestamp::from_ms(10_000_000));
    let hours = store.usage(&owner, UsageQuery { from, to, bot: None }).await.expect("hours");
    let counted: Vec<_> = hours
        .iter()
        .map(|hour| (hour.hour.as_ms(), hour.bot.as_str(), hour.sessions, hour.messages))
        .collect();
    // The reply that still runs is counted when it has ended.
    let expected = [(0, "default", 1, 1), (0, "shop", 1, 0), (7_200_000, "default", 0, 1)];
    assert_eq!(counted, expected);
    assert_eq!((hours[0].usage.input_tokens, hours[0].thumbs_up), (Some(100), 1));
    assert_eq!((hours[2].failed_replies, hours[2].unmetered_replies), (1, 1));
    assert_eq!(hours[2].usage.input_tokens, None, "unknown");

    let found = async |filter: ConversationFilter| -> Vec<String> {
        let last = |id: SessionId| id.to_string().chars().last().map(String::from);
        let page = store.conversations(&owner, filter, PageRequest::first(9)).await.expect("read");
        page.items.iter().filter_map(|row| last(row.session)).collect()
    };
    let any = ConversationFilter::default;
    assert_eq!(found(any()).await, ["2", "1"]);
    assert_eq!(found(ConversationFilter { failed: true, ..any() }).await, ["1"]);
    assert_eq!(found(ConversationFilter { rating: Some(Rating::Up), ..any() }).await, ["1"]);
    assert_eq!(found(ConversationFilter { with_details: true, ..any() }).await, ["2"]);
    for (words, session) in [("needle", "1"), ("adalbert", "2"), ("customer-7", "2")] {
        let words = Some(words.to_owned());
        assert_eq!(found(ConversationFilter { words, ..any() }).await, [session]);
    }
    store.interrupt_orphaned_replies().await.expect("interrupted");
    let hours = store.usage(&owner, UsageQuery { from, to, bot: Some("shop".to_owned()) }).await;
    assert_eq!(hours.expect("hours")[0].messages, 1);
    let words = Some("half".to_owned());
    assert_eq!(found(ConversationFilter { words, ..any() }).await, ["2"]);
    store.close().await;
    assert_sound(&file_in(&folder));
}

const SLOW: Migration = Migration {
    name: "9994_slow.sql",
    sql: "update messages set content = content || '!';
          create table later (key integer primary key, filler blob not null);
          insert into later
          with recursive counted (key) as
              (select 1 union all select key + 1 from counted where key < 100000)
          select key, randomblob(100) from counted;",
};

#[test]
fn the_child_migrates_until_it_is_killed() {
    let Some(folder) = child::folder() else { return };
    let settings = SqliteSettings::new(folder.join("alcove.db"));
    SqliteStore::open_with(settings, &with(&[SLOW])).expect("migrated");
}

#[tokio::test]
async fn a_kill_during_a_migration_leaves_the_old_data_or_the_new_never_a_half() {
    let mut interrupted = 0;
    for _ in 0..20 {
        let (folder, id) = old_database().await;
        let test = "migrations::the_child_migrates_until_it_is_killed";
        let mut command = child::command(&[], test, folder.path().to_owned());
        let mut child = command.stdout(Stdio::null()).spawn().expect("a child");
        std::thread::sleep(Duration::from_millis(rand::random_range(5..120)));
        child.kill().expect("killed");
        child.wait().expect("gone");
        assert_sound(&file_in(&folder));
        match open_with(&folder, MIGRATIONS) {
            Ok(store) => {
                assert_eq!(texts(&store, id).await, ["hello", "answer"]);
                store.close().await;
                interrupted += 1;
            }
            refused => assert!(told_by(refused).contains("newer release")),
        }
        let store = open_with(&folder, &with(&[SLOW])).expect("migrated in the end");
        assert_eq!(texts(&store, id).await, ["hello!", "answer!"]);
        store.close().await;
        let copy = format!("alcove.db.before-migration-from-{}", MIGRATIONS.len());
        assert_sound(&folder.path().join(copy));
    }
    assert!(interrupted > 0, "no migration was caught in the middle");
}

#[test]
fn migrations_are_numbered_without_gap_and_none_is_forgotten() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    let embedded: Vec<&str> = MIGRATIONS.iter().map(|migration| migration.name).collect();
    assert_eq!(names_in(&folder.join("sqlite")), embedded);
    for (index, name) in embedded.iter().enumerate() {
        assert!(name.starts_with(&format!("{:04}_", index + 1)), "{name}");
    }
    let others = names_in(&folder).into_iter().filter(|name| folder.join(name).is_dir());
    for backend in others {
        assert_eq!(names_in(&folder.join(&backend)), embedded, "migrations/{backend}");
    }
}

#[test]
fn migrations_leave_transactions_to_the_program() {
    for migration in MIGRATIONS {
        let words: Vec<String> =
            migration.sql.lines().map(|line| line.trim().to_lowercase()).collect();
        for forbidden in ["begin", "commit", "rollback", "vacuum", "pragma"] {
            let found = words.iter().any(|line| line.starts_with(forbidden));
            assert!(!found, "{} says {forbidden}", migration.name);
        }
    }
}
