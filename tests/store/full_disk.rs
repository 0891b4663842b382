//! A disk that is full, as the system tells it: a process whose files may not grow.

use std::fs;
use std::process::Command;

use alcove::store::sqlite::{SqliteSettings, SqliteStore};
use alcove::store::{SessionStore as _, Store as _};
use rusqlite::Connection;

use crate::child;
use crate::sqlite::{assert_sound, fill};
use crate::support::{at, open_session, texts, whole_turn};

#[test]
fn a_full_disk_is_told_as_full_and_the_store_recovers_without_a_restart() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    // Files may grow to 1 MiB; a write beyond fails instead of ending the process.
    let through = ["sh", "-c", "trap '' XFSZ; exec prlimit --fsize=1048576:unlimited \"$@\"", "sh"];
    let test = "full_disk::the_starved_child_fills_its_disk_and_recovers";
    let status = child::command(&through, test, folder.path().to_owned()).status();
    assert!(status.expect("prlimit, of util-linux, starts").success());
    let path = folder.path().join("alcove.db");
    assert_sound(&path);
    let kept: i64 = Connection::open(path)
        .and_then(|db| db.query_row("select count(*) from sessions", [], |row| row.get(0)))
        .expect("a count");
    assert!(kept > 1, "the child did not run");
}

#[tokio::test]
async fn the_starved_child_fills_its_disk_and_recovers() {
    let Some(folder) = child::folder() else { return };
    let path = folder.join("alcove.db");
    let store = SqliteStore::open(SqliteSettings::new(&path)).expect("opened");
    let told = open_session(&store).await;
    whole_turn(&store, told, "hello", "answer").await;
    let filled = fill(&store).await;
    assert!(filled.len() > 5);
    assert_eq!(texts(&store, told).await, ["hello", "answer"], "reads go on");

    let size = fs::metadata(&path).expect("a file").len();
    assert!(size > 512 << 10, "the log was not folded to make room: {size} bytes");

    let pid = std::process::id().to_string();
    let freed = Command::new("prlimit").args(["--pid", &pid, "--fsize=unlimited"]).status();
    assert!(freed.expect("prlimit").success());
    store.check_writable().await.expect("writable again");
    whole_turn(&store, told, "hello again", "answer").await;
    let stats = store.session_stats(at(0)).await.expect("counted");
    assert_eq!(stats.total, 1 + u64::try_from(filled.len()).expect("few"), "no half sessions");
    store.close().await;
}
