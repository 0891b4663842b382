//! How fast durable writes are on this machine. Not part of the tests, since it proves nothing:
//! `cargo test --release --test store speed -- --ignored --nocapture`

use std::fs::{self, File};
use std::io::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use alcove::domain::actor::Actor;
use alcove::store::sqlite::{SqliteSettings, SqliteStore};
use alcove::store::{FileStore as _, MessageStore as _, Store as _};

use crate::files::{PLENTY, new_file};
use crate::support::{ALL, end, file_in, message, open_session, turn, whole_turn};

/// Processor time this process has used.
fn cpu() -> Duration {
    let text = fs::read_to_string("/proc/self/stat").expect("facts");
    let ticks: u64 = text.split(' ').skip(13).take(2).map(|n| n.parse::<u64>().expect("n")).sum();
    Duration::from_millis(ticks * 10)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "prints figures, proves nothing"]
async fn speed_of_turns() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut file = File::create(folder.path().join("fsync")).expect("a file");
    let begun = Instant::now();
    for _ in 0..200 {
        file.write_all(&[7; 4096]).and_then(|()| file.sync_data()).expect("written");
    }
    println!("write of 4 KiB and fdatasync: {:?}", begun.elapsed() / 200);

    let store = Arc::new(SqliteStore::open(SqliteSettings::new(file_in(&folder))).expect("opened"));
    for callers in [1_u32, 16, 128] {
        let turns: u32 = if callers == 1 { 2000 } else { 40_000 };
        let (commits, used, begun) = (store.commits(), cpu(), Instant::now());
        let tasks: Vec<_> = (0..callers)
            .map(|_| {
                let store = Arc::clone(&store);
                tokio::spawn(async move {
                    let session = open_session(&*store).await;
                    let text = "What does the blue one cost, and when can it be here?";
                    for _ in 0..turns / callers {
                        let turn = turn(session, text);
                        store.begin_turn(&Actor::ANONYMOUS, turn.clone()).await.expect("begun");
                        let end = end(session, turn.reply, &text.repeat(12));
                        store.finish_turn(end).await.expect("ended");
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.expect("done");
        }
        let (took, used) = (begun.elapsed(), cpu() - used);
        println!(
            "{callers} callers: {:.0} writes/s, {:.1} writes a commit, {:?} of CPU a turn",
            f64::from(turns * 2) / took.as_secs_f64(),
            f64::from(turns * 2) / (store.commits() - commits) as f64,
            used / turns,
        );
    }
    store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "prints figures, proves nothing"]
async fn speed_of_reads() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let store = SqliteStore::open(SqliteSettings::new(file_in(&folder))).expect("opened");
    let session = open_session(&store).await;
    let told = whole_turn(&store, session, "hello", "answer").await;
    let (used, begun) = (cpu(), Instant::now());
    for _ in 0..10_000 {
        store.history(&Actor::ANONYMOUS, session, ALL).await.expect("read");
        message(&store, session, told.reply).await;
    }
    println!("a read: {:?}, {:?} of CPU", begun.elapsed() / 20_000, (cpu() - used) / 20_000);
    store.close().await;
}

/// How long other writes wait while a large file is stored and deleted.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "prints figures, proves nothing"]
async fn speed_of_files() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let store = Arc::new(SqliteStore::open(SqliteSettings::new(file_in(&folder))).expect("opened"));
    let session = open_session(&*store).await;
    let bytes: Vec<u8> = (0..10 << 20).map(|n: u32| (n % 251) as u8).collect();
    for _ in 0..3 {
        let others = tokio::spawn({
            let store = Arc::clone(&store);
            async move {
                let (mut waits, begun) = (Vec::new(), Instant::now());
                while begun.elapsed() < Duration::from_millis(1500) {
                    let begun = Instant::now();
                    open_session(&*store).await;
                    waits.push(begun.elapsed());
                }
                waits.sort();
                waits
            }
        });
        let file = new_file(session, bytes.clone().into());
        let (id, begun) = (file.id, Instant::now());
        store.add_file(&Actor::System, file, PLENTY).await.expect("stored");
        let stored = begun.elapsed();
        store.file_bytes(&Actor::System, session, id).await.expect("read");
        let read = begun.elapsed() - stored;
        store.delete_file(&Actor::System, session, id).await.expect("deleted");
        let deleted = begun.elapsed() - stored - read;
        let waits = others.await.expect("done");
        let (middle, last) = (waits[waits.len() / 2], waits[waits.len() - 1]);
        println!("10 MiB: stored {stored:?}, read {read:?}, deleted {deleted:?}");
        println!("others meanwhile: median {middle:?}, longest {last:?}");
    }
    store.close().await;
}
