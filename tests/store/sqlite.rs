//! What only the SQLite backend promises: one file, one writer, locks, limits, wiping.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use alcove::domain::actor::Actor;
use alcove::domain::id::SessionId;
use alcove::store::sqlite::{SqliteSettings, SqliteStore};
use alcove::store::{
    AddedFile, FileStore as _, MessageStore as _, SessionStore as _, Store as _, StoreError,
};
use futures_util::future::join_all;
use rusqlite::Connection;
use tempfile::TempDir;

use crate::files::{PLENTY, new_file};
use crate::support::{
    ALL, at, end, file_in, new_session, open_session, partial, running_turn, texts, turn,
    whole_turn,
};

/// A store whose file can be looked at.
struct Opened {
    store: Arc<SqliteStore>,
    folder: TempDir,
}

fn opened(change: impl FnOnce(&mut SqliteSettings)) -> Opened {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut settings = SqliteSettings::new(file_in(&folder));
    change(&mut settings);
    Opened { store: Arc::new(SqliteStore::open(settings).expect("a new store")), folder }
}

impl Opened {
    /// Another program's connection to the same file.
    fn foreign(&self) -> Connection {
        Connection::open(file_in(&self.folder)).expect("a second connection")
    }

    fn bytes_with(&self, needle: &str) -> Vec<String> {
        files_with(self.folder.path(), needle)
    }

    async fn close(self) {
        self.store.close().await;
        assert_sound(&file_in(&self.folder));
    }
}

/// Fails unless SQLite finds nothing wrong with the file.
pub fn assert_sound(path: &Path) {
    let db = Connection::open(path).expect("the database opens");
    let report: String =
        db.query_row("pragma integrity_check", [], |row| row.get(0)).expect("a report");
    assert_eq!(report, "ok");
    let strays: i64 = db
        .query_row("select count(*) from pragma_foreign_key_check", [], |row| row.get(0))
        .expect("a count");
    assert_eq!(strays, 0);
}

/// Names of the files in the folder that hold the text.
fn files_with(folder: &Path, needle: &str) -> Vec<String> {
    let files =
        fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    files
        .filter(|path| {
            memchr::memmem::find(&fs::read(path).expect("bytes"), needle.as_bytes()).is_some()
        })
        .map(|path| path.display().to_string())
        .collect()
}

#[tokio::test]
async fn many_writes_at_once_share_few_commits() {
    let opened = opened(|_| {});
    let before = opened.store.commits();
    let writes = (0..500).map(|_| opened.store.create_session(new_session()));
    for written in join_all(writes).await {
        written.expect("written");
    }
    let commits = opened.store.commits() - before;
    assert!(commits <= 50, "{commits} commits for 500 writes");
    let stats = opened.store.session_stats(at(0)).await.expect("counted");
    assert_eq!(stats.total, 500);
    opened.close().await;
}

#[tokio::test]
async fn what_is_acknowledged_is_seen_by_the_next_read() {
    let opened = opened(|settings| settings.readers = 4);
    for _ in 0..200 {
        let id = open_session(&*opened.store).await;
        assert!(opened.store.session(&Actor::System, id).await.expect("read").is_some());
    }
    opened.close().await;
}

#[tokio::test]
async fn reads_go_on_and_writes_are_busy_while_another_process_holds_the_lock() {
    let patience = Duration::from_millis(800);
    let opened = opened(|settings| settings.busy_timeout = patience);
    let id = open_session(&*opened.store).await;
    let foreign = opened.foreign();
    foreign.execute_batch("begin immediate").expect("the lock");

    let begun = Instant::now();
    let writes: Vec<_> = (0..40)
        .map(|_| {
            let store = Arc::clone(&opened.store);
            tokio::spawn(async move {
                let asked = Instant::now();
                (store.create_session(new_session()).await, asked.elapsed())
            })
        })
        .collect();
    while !writes.iter().all(tokio::task::JoinHandle::is_finished) {
        let asked = Instant::now();
        opened.store.session(&Actor::System, id).await.expect("read").expect("there");
        assert!(asked.elapsed() < Duration::from_secs(1));
        assert!(begun.elapsed() < Duration::from_secs(10), "writes never gave up");
        tokio::task::yield_now().await;
    }
    for write in writes {
        let (answer, waited) = write.await.expect("answered");
        assert!(matches!(answer, Err(StoreError::Busy(_))), "{answer:?}");
        assert!(waited >= patience && waited < patience * 3, "{waited:?}");
    }

    foreign.execute_batch("rollback").expect("the lock is free");
    opened.store.check_writable().await.expect("writable again");
    let stats = opened.store.session_stats(at(0)).await.expect("counted");
    assert_eq!(stats.total, 1, "what was refused is not stored");
    drop(foreign);
    opened.close().await;
}

#[tokio::test]
async fn a_write_waits_for_a_lock_that_is_held_shortly() {
    let opened = opened(|_| {});
    let foreign = opened.foreign();
    foreign.execute_batch("begin immediate").expect("the lock");
    let store = Arc::clone(&opened.store);
    let write = tokio::spawn(async move { store.create_session(new_session()).await });
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(!write.is_finished());
    foreign.execute_batch("commit").expect("the lock is free");
    write.await.expect("answered").expect("written");
    drop(foreign);
    opened.close().await;
}

/// Tells whether there was room, and fails on any other trouble.
fn had_room<T>(answer: Result<T, StoreError>) -> bool {
    match answer {
        Ok(_) => true,
        Err(StoreError::Full(_)) => false,
        Err(error) => panic!("full, but told as: {error}"),
    }
}

/// Fills the store until it takes no more, and answers the sessions that were filled.
pub async fn fill(store: &SqliteStore) -> Vec<SessionId> {
    let mut filled = Vec::new();
    for bytes in [70_000, 10] {
        let text = "x".repeat(bytes);
        loop {
            assert!(filled.len() < 50_000, "it never was full");
            let session = new_session();
            let id = session.id;
            if !had_room(store.create_session(session).await) {
                break;
            }
            filled.push(id);
            if !had_room(store.begin_turn(&Actor::System, turn(id, &text)).await) {
                break;
            }
        }
    }
    // What needs several pages at once fails while one is left. A config a little larger than a
    // page takes exactly one more: for what is behind the row.
    for id in &filled {
        let config = [("filler".to_owned(), "x".repeat(4040).into())].into_iter().collect();
        if !had_room(store.merge_config(&Actor::System, *id, config, at(0)).await) {
            break;
        }
    }
    filled
}

#[tokio::test]
async fn a_full_database_says_so_reads_on_and_recovers() {
    let opened = opened(|settings| settings.max_bytes = Some(2 << 20));
    let store = &*opened.store;
    let told = open_session(store).await;
    whole_turn(store, told, "hello", "answer").await;
    let filled = fill(store).await;
    assert!(filled.len() > 5);
    assert!(!had_room(store.check_writable().await));
    assert_eq!(texts(store, told).await, ["hello", "answer"]);
    for id in filled {
        store.erase_session(&Actor::System, id).await.expect("erasing makes room");
    }
    store.check_writable().await.expect("writable again");
    whole_turn(store, told, "hello again", "answer").await;
    opened.close().await;
}

#[tokio::test]
async fn one_write_too_big_does_not_fail_those_beside_it() {
    let opened = opened(|settings| settings.max_bytes = Some(1 << 20));
    let store = &*opened.store;
    let id = open_session(store).await;
    let huge = "x".repeat(2 << 20);
    let small = (0..20).map(|_| store.create_session(new_session()));
    let (big, small) =
        tokio::join!(store.begin_turn(&Actor::System, turn(id, &huge)), join_all(small));
    assert!(matches!(big, Err(StoreError::Full(_))), "{big:?}");
    assert!(small.iter().all(Result::is_ok), "{small:?}");
    assert_eq!(store.session_stats(at(0)).await.expect("counted").total, 21);
    opened.close().await;
}

#[tokio::test]
async fn what_is_erased_is_nowhere_on_the_disk() {
    let opened = opened(|_| {});
    let store = &*opened.store;
    let secrets = ["erased-with-its-session", "cleared-by-its-visitor", "stale-and-swept"];
    let [erased, cleared, swept] =
        [open_session(store).await, open_session(store).await, open_session(store).await];
    for (id, secret) in [erased, cleared, swept].into_iter().zip(secrets) {
        let running = running_turn(store, id, &format!("{secret} ").repeat(3000)).await;
        store.save_partial(id, running.reply, partial(secret)).await.expect("saved");
        store.finish_turn(end(id, running.reply, &secret.repeat(2))).await.expect("ended");
        assert!(!opened.bytes_with(secret).is_empty());
    }
    assert!(store.erase_session(&Actor::System, erased).await.expect("erased"));
    store.clear_history(&Actor::System, cleared, at(99)).await.expect("cleared");
    assert_eq!(store.delete_stale_sessions(at(0), Some(at(50))).await.expect("swept"), 1);
    for secret in secrets {
        assert_eq!(opened.bytes_with(secret), Vec::<String>::new(), "{secret}");
    }
    opened.close().await;
}

#[tokio::test]
async fn words_of_what_is_erased_are_not_left_in_the_index() {
    let opened = opened(|_| {});
    let store = &*opened.store;
    let kept = open_session(store).await;
    whole_turn(store, kept, "a kept zzzz question", "a kept answer").await;
    // Within the index a word stands without what it shares with the one before it.
    let words = ["qerasedword", "xclearedword", "vsweptword", "jtoldword"];
    let [erased, cleared, swept] =
        [open_session(store).await, open_session(store).await, open_session(store).await];
    for (id, word) in [erased, cleared, swept].into_iter().zip(words) {
        for _ in 0..20 {
            whole_turn(store, id, &format!("please {word}"), &format!("{word} indeed")).await;
        }
    }
    let told = [("name".to_owned(), Some(words[3].to_owned()))].into();
    store.merge_details(&Actor::System, erased, told, at(30)).await.expect("told");
    for word in words {
        assert!(!opened.bytes_with(word.split_at(1).1).is_empty(), "{word}");
    }
    assert!(store.erase_session(&Actor::System, erased).await.expect("erased"));
    store.clear_history(&Actor::System, cleared, at(99)).await.expect("cleared");
    assert_eq!(store.delete_stale_sessions(at(0), Some(at(30))).await.expect("swept"), 2);
    for word in words {
        assert_eq!(opened.bytes_with(word.split_at(1).1), Vec::<String>::new(), "{word}");
    }
    let db = opened.foreign();
    for index in ["message_words", "visitor_words"] {
        let check = format!("insert into {index} ({index}) values ('integrity-check')");
        db.execute(&check, []).expect("the index fits what it was made of");
    }
    opened.close().await;
}

#[tokio::test]
async fn erasing_gives_the_room_back() {
    let opened = opened(|_| {});
    let store = &*opened.store;
    let size = || fs::metadata(file_in(&opened.folder)).expect("a file").len();
    let empty = size();
    let id = open_session(store).await;
    whole_turn(store, id, &"x".repeat(2 << 20), "answer").await;
    store.erase_session(&Actor::System, id).await.expect("erased");
    assert!(size() <= empty + (64 << 10), "{} bytes, {empty} when it was empty", size());
    opened.close().await;
}

#[tokio::test]
async fn what_a_deleted_file_held_is_nowhere_on_the_disk_and_its_room_is_given_back() {
    let opened = opened(|_| {});
    let store = &*opened.store;
    let size = || fs::metadata(file_in(&opened.folder)).expect("a file").len();
    let empty = size();
    let secrets = ["deleted-by-its-visitor", "gone-with-its-session", "swept-with-its-session"];
    let [deleted, erased, swept] =
        [open_session(store).await, open_session(store).await, open_session(store).await];
    let mut ids = Vec::new();
    for (session, secret) in [deleted, erased, swept].into_iter().zip(secrets) {
        let file = new_file(session, format!("{secret} ").repeat(200_000).into());
        ids.push(file.id);
        let added = store.add_file(&Actor::System, file, PLENTY).await.expect("added");
        assert_eq!(added, AddedFile::Added);
        assert!(!opened.bytes_with(secret).is_empty());
    }
    assert!(size() > empty + (10 << 20), "{} bytes", size());
    assert!(store.delete_file(&Actor::System, deleted, ids[0]).await.expect("deleted"));
    assert!(store.erase_session(&Actor::System, erased).await.expect("erased"));
    assert_eq!(store.delete_stale_sessions(at(6), None).await.expect("swept"), 2);
    for secret in secrets {
        assert_eq!(opened.bytes_with(secret), Vec::<String>::new(), "{secret}");
    }
    assert!(size() <= empty + (64 << 10), "{} bytes, {empty} when it was empty", size());
    opened.close().await;
}

#[tokio::test]
async fn what_a_crash_left_of_a_file_is_deleted_at_the_next_start() {
    let opened = opened(|_| {});
    let store = &*opened.store;
    let session = open_session(store).await;
    for state in ["arriving", "leaving", "kept"] {
        let file = new_file(session, state.repeat(100_000).into());
        let id = file.id.to_string();
        store.add_file(&Actor::System, file, PLENTY).await.expect("added");
        let crash = "update files set state = ?1 where id = ?2";
        opened.foreign().execute(crash, [state, &id]).expect("as if it had crashed");
    }
    let listed = async || store.files(&Actor::System, session).await.expect("a list");
    assert_eq!(listed().await.map(|files| files.len()), Some(1), "beginnings are not seen");
    assert_eq!(store.delete_unfinished_files().await.expect("deleted"), 2);
    assert_eq!(listed().await.map(|files| files.len()), Some(1));
    for (state, is_there) in [("arriving", false), ("leaving", false), ("kept", true)] {
        let bytes = opened.bytes_with(&state.repeat(20));
        assert_eq!(!bytes.is_empty(), is_there, "{state}: {bytes:?}");
    }
    let total = "select stored_bytes = (select sum(size_bytes + length(tables)) from files) \
                 from file_totals";
    let is_right: bool = opened.foreign().query_row(total, [], |row| row.get(0)).expect("a total");
    assert!(is_right, "the total is that of the files there are");
    opened.close().await;
}

#[tokio::test]
async fn erased_text_is_wiped_later_if_somebody_still_reads() {
    let opened = opened(|_| {});
    let store = &*opened.store;
    let id = open_session(store).await;
    whole_turn(store, id, "held-by-a-reader", "answer").await;
    let foreign = opened.foreign();
    foreign.execute_batch("begin; select * from messages").expect("a snapshot");
    assert!(store.erase_session(&Actor::System, id).await.expect("erased"));
    assert!(!opened.bytes_with("held-by-a-reader").is_empty(), "the reader needs it");
    foreign.execute_batch("commit").expect("read");
    let begun = Instant::now();
    while !opened.bytes_with("held-by-a-reader").is_empty() {
        assert!(begun.elapsed() < Duration::from_secs(10), "it stays for ever");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    drop(foreign);
    opened.close().await;
}

#[tokio::test]
async fn closing_folds_the_log_into_the_file() {
    let opened = opened(|_| {});
    let id = open_session(&*opened.store).await;
    opened.store.session(&Actor::System, id).await.expect("read");
    opened.store.close().await;
    let names: Vec<_> = fs::read_dir(opened.folder.path())
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name())
        .collect();
    assert_eq!(names, ["alcove.db"]);
    let store = SqliteStore::open(SqliteSettings::new(file_in(&opened.folder))).expect("again");
    assert!(store.session(&Actor::System, id).await.expect("read").is_some());
}

#[cfg(unix)]
#[tokio::test]
async fn the_files_are_private_to_their_user() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("made").join("for it").join("alcove.db");
    let store = SqliteStore::open(SqliteSettings::new(&path)).expect("a new store");
    open_session(&store).await;
    for entry in fs::read_dir(path.parent().expect("a folder")).expect("a folder") {
        let entry = entry.expect("an entry");
        let mode = entry.metadata().expect("facts").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{}", entry.path().display());
    }
    store.close().await;
}

#[tokio::test]
async fn an_impossible_row_is_an_error_that_says_where_it_stands() {
    let opened = opened(|_| {});
    let store = &*opened.store;
    let id = open_session(store).await;
    whole_turn(store, id, "hello", "answer").await;
    let foreign = opened.foreign();
    foreign.execute_batch("update messages set status = 'odd' where key = 2").expect("spoilt");
    let read = store.history(&Actor::System, id, ALL).await;
    let Err(StoreError::Internal(text)) = read else { panic!("{read:?}") };
    for word in ["history", "messages.status", "key = 2", "odd"] {
        assert!(text.contains(word), "`{word}` is missing in: {text}");
    }
    assert!(!text.contains("answer"), "what was said is not for logs: {text}");
    drop(foreign);
    opened.close().await;
}

#[tokio::test]
async fn every_query_of_the_visitors_uses_an_index() {
    let opened = opened(|_| {});
    let db = opened.foreign();
    for sql in [
        "select key from sessions where id = 'x' and (1 or token_hash is null)",
        "select * from messages where session = 1 and id = 'x'",
        "select id from messages where session = 1 and status = 'streaming'",
        "select * from messages where session = 1 and replaced = 0 order by key desc limit 9",
        "select * from messages where session = 1 and replaced = 0 and key < 5 order by key desc",
        "select key from sessions where message_count = 0 and last_activity < 5",
        "select count(*) from sessions where last_activity >= 5",
        "update messages set status = 'x' where status = 'streaming'",
        "select * from files where session = 1 and state = 'kept' order by key",
        "select bytes from file_pieces where file = 1 order by number",
        "select file_pieces.key from files join file_pieces on file_pieces.file = files.key \
         where files.state = 'leaving' limit 4",
        "delete from files where state = 'leaving'",
    ] {
        let mut plan = db.prepare(&format!("explain query plan {sql}")).expect("a plan");
        let steps: Vec<String> = plan
            .query_map([], |row| row.get(3))
            .expect("steps")
            .map(|step| step.expect("a step"))
            .collect();
        let plan = steps.join("; ");
        assert!(plan.contains("INDEX") && !plan.contains("TEMP B-TREE"), "{sql}: {plan}");
    }
}
