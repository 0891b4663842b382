//! What the disk does, for context: every durable write waits for it.

use std::fs::File;
use std::io::{Seek as _, SeekFrom, Write as _};
use std::sync::Arc;
use std::time::{Duration, Instant};

use alcove::domain::clock::{Clock as _, SystemClock};
use alcove::domain::id::SessionId;
use alcove::store::sqlite::{SqliteSettings, SqliteStore};
use alcove::store::{NewSession, SessionStore as _};

use crate::Outcome;
use crate::options::Options;
use crate::report::{Figure, median_ms, ms, percentile_ms};
use crate::server::new_folder;

pub async fn speed(options: &Options) -> Outcome<Vec<Figure>> {
    let folder = new_folder(options)?;
    let mut syncs = fsyncs(&mut File::create(folder.path().join("sync"))?, options.count(300))?;
    syncs.sort();
    let detail = format!("4 KB appended; p95 {}", ms(percentile_ms(&syncs, 95)));
    let mut figures =
        vec![Figure::new("fsync of the disk".into(), "ms", median_ms(&syncs)).detail(detail)];
    let store = Arc::new(SqliteStore::open(SqliteSettings::new(folder.path().join("db")))?);
    for writers in [1, 16, 128] {
        let (writes, commits) = (options.count(100) * writers.min(32), store.commits());
        let took = write(&store, writers, writes).await?;
        let commits = store.commits() - commits;
        let detail = format!("{writes} writes in {commits} commits");
        let name = format!("durable writes, {writers} writers");
        let per_second = writes as f64 / took.as_secs_f64();
        figures.push(Figure::new(name, "/s", per_second).detail(detail));
    }
    Ok(figures)
}

fn fsyncs(file: &mut File, count: usize) -> Outcome<Vec<Duration>> {
    let mut took = Vec::with_capacity(count);
    for _ in 0..count {
        file.seek(SeekFrom::End(0))?;
        file.write_all(&[1; 4096])?;
        let began = Instant::now();
        file.sync_data()?;
        took.push(began.elapsed());
    }
    Ok(took)
}

async fn write(store: &Arc<SqliteStore>, writers: usize, writes: usize) -> Outcome<Duration> {
    let began = Instant::now();
    let mut running = Vec::new();
    for _ in 0..writers {
        let store = Arc::clone(store);
        running.push(tokio::spawn(async move {
            for _ in 0..writes / writers {
                store.create_session(session()).await?;
            }
            Outcome::Ok(())
        }));
    }
    for task in running {
        task.await??;
    }
    Ok(began.elapsed())
}

fn session() -> NewSession {
    NewSession {
        id: SessionId::random(),
        bot: "default".to_owned(),
        user_identifier: None,
        config: serde_json::Map::new(),
        token: None,
        account: None,
        now: SystemClock.now(),
    }
}
