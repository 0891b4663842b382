//! `kill -9` at any moment: what was acknowledged is there once, what was not can be sent again.
//!
//! A child process writes turns from six threads and says what it tries and what the store has
//! acknowledged. `ALCOVE_KILL_ROUNDS` sets how often it is killed.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use alcove::domain::actor::Actor;
use alcove::domain::id::{MessageId, SessionId};
use alcove::domain::message::MessageStatus;
use alcove::store::sqlite::{SqliteSettings, SqliteStore};
use alcove::store::{BeginTurn, BegunTurn, MessageStore as _, Store as _};
use rusqlite::Connection;

use crate::child;
use crate::sqlite::assert_sound;
use crate::support::{end, message, open_session, partial, turn};

const WRITERS: usize = 6;
const ROUNDS: u32 = 20;
const PARTS: usize = 4;

/// What a reply says after so many parts.
fn text_of(reply: MessageId, parts: usize) -> String {
    format!("{reply} ").repeat(parts)
}

#[test]
fn the_child_writes_turns_until_it_is_killed() {
    let Some(folder) = child::folder() else { return };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(WRITERS)
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let settings = SqliteSettings::new(folder.join("alcove.db"));
        let store = std::sync::Arc::new(SqliteStore::open(settings).expect("opened"));
        let writers: Vec<_> =
            (0..WRITERS).map(|_| tokio::spawn(write_turns(store.clone()))).collect();
        for writer in writers {
            writer.await.expect("it never ends");
        }
    });
}

async fn write_turns(store: std::sync::Arc<SqliteStore>) {
    loop {
        let session = open_session(&*store).await;
        for _ in 0..3 {
            let turn = turn(session, "");
            let turn = BeginTurn { text: turn.message.to_string(), ..turn };
            let name = format!("{session} {} {}", turn.message, turn.reply);
            say(&format!("tried {name} 0"));
            let begun = store.begin_turn(&Actor::ANONYMOUS, turn.clone()).await.expect("begun");
            assert_eq!(begun, BegunTurn::Started);
            say(&format!("begun {name} 0"));
            for parts in 1..PARTS {
                let text = text_of(turn.reply, parts);
                store.save_partial(session, turn.reply, partial(text)).await.expect("saved");
                say(&format!("saved {name} {parts}"));
            }
            let end = end(session, turn.reply, &text_of(turn.reply, PARTS));
            store.finish_turn(end).await.expect("ended");
            say(&format!("ended {name} {PARTS}"));
        }
    }
}

/// One line at once, so that lines of several threads do not mix.
fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}").and_then(|()| out.flush()).expect("the parent listens");
}

/// A turn of the child, as far as the parent has heard of it.
#[derive(Clone)]
struct Heard {
    session: SessionId,
    message: MessageId,
    reply: MessageId,
    is_begun: bool,
    parts: usize,
}

/// Runs the child until it has said something, and a random moment longer.
fn turns_of_a_killed_child(folder: &Path) -> Vec<Heard> {
    let test = "kill::the_child_writes_turns_until_it_is_killed";
    let mut child = child::command(&[], test, folder.to_owned())
        .stdout(Stdio::piped())
        .spawn()
        .expect("a child");
    let mut lines = BufReader::new(child.stdout.take().expect("a pipe"));
    let listener = std::thread::spawn(move || {
        let mut turns = HashMap::new();
        let mut line = String::new();
        // A last line without its end was cut by the kill: it was not said.
        while lines.read_line(&mut line).expect("text") > 0 && line.ends_with('\n') {
            hear(&mut turns, line.trim_end());
            line.clear();
        }
        turns
    });
    std::thread::sleep(Duration::from_millis(rand::random_range(20..400)));
    assert_eq!(child.try_wait().expect("a state"), None, "the child ended by itself");
    child.kill().expect("killed");
    child.wait().expect("gone");
    listener.join().expect("heard").into_values().collect()
}

fn hear(turns: &mut HashMap<MessageId, Heard>, line: &str) {
    let words: Vec<&str> = line.split(' ').collect();
    let [what @ ("tried" | "begun" | "saved" | "ended"), session, message, reply, parts] =
        words[..]
    else {
        return;
    };
    let heard = Heard {
        session: session.parse().expect("an id"),
        message: message.parse().expect("an id"),
        reply: reply.parse().expect("an id"),
        is_begun: what != "tried",
        parts: parts.parse().expect("a number"),
    };
    turns.insert(heard.reply, heard);
}

async fn assert_kept(store: &SqliteStore, heard: &Heard) {
    let said = message(store, heard.session, heard.message).await;
    assert_eq!(said.content, heard.message.to_string());
    let reply = message(store, heard.session, heard.reply).await;
    let parts = reply.content.split_whitespace().count();
    assert_eq!(reply.content, text_of(heard.reply, parts), "a text is whole parts");
    assert!(parts >= heard.parts, "{parts} parts of {} acknowledged", heard.parts);
    // An end whose acknowledgement the kill cut off may be there, too.
    let status = if parts == PARTS { MessageStatus::Complete } else { MessageStatus::Interrupted };
    assert_eq!(reply.status, status);
}

/// Sends the turn again, as a client does that heard no answer.
async fn send_again(store: &SqliteStore, heard: &Heard) {
    let again = BeginTurn {
        message: heard.message,
        reply: heard.reply,
        ..turn(heard.session, &heard.message.to_string())
    };
    let begun = store.begin_turn(&Actor::ANONYMOUS, again).await.expect("begun");
    assert!(matches!(begun, BegunTurn::Joined(_)) || !heard.is_begun, "lost: {begun:?}");
    let text = text_of(heard.reply, PARTS);
    store.finish_turn(end(heard.session, heard.reply, &text)).await.expect("ended");
}

fn copies(db: &Connection, id: MessageId) -> i64 {
    db.prepare_cached("select count(*) from messages where id = ?1")
        .and_then(|mut count| count.query_row([id.to_string()], |row| row.get(0)))
        .expect("a count")
}

#[tokio::test]
async fn kills_lose_nothing_acknowledged_and_double_nothing() {
    let rounds = std::env::var("ALCOVE_KILL_ROUNDS").ok();
    let rounds = rounds.map_or(ROUNDS, |rounds| rounds.parse().expect("ALCOVE_KILL_ROUNDS"));
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("alcove.db");
    let mut begun = 0;
    for _ in 0..rounds {
        let turns = turns_of_a_killed_child(folder.path());
        assert_sound(&path);
        let store = SqliteStore::open(SqliteSettings::new(&path)).expect("opened");
        let orphans = store.interrupt_orphaned_replies().await.expect("interrupted");
        assert!(orphans <= u64::try_from(WRITERS).expect("few"));
        for heard in turns.iter().filter(|heard| heard.is_begun) {
            assert_kept(&store, heard).await;
            begun += 1;
        }
        for heard in &turns {
            send_again(&store, heard).await;
        }
        let db = Connection::open(&path).expect("a second connection");
        for heard in &turns {
            assert_eq!((copies(&db, heard.message), copies(&db, heard.reply)), (1, 1));
        }
        drop(db);
        store.close().await;
    }
    assert!(begun > rounds, "the children wrote too little to prove anything: {begun} turns");
}
