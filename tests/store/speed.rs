//! How fast durable writes are on this machine. Not part of the tests, since it proves nothing:
//! `cargo test --release --test store speed -- --ignored --nocapture`

use std::fs::{self, File};
use std::io::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use alcove::domain::actor::Actor;
use alcove::store::sqlite::{SqliteSettings, SqliteStore};
use alcove::store::{MessageStore as _, Store as _};

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
