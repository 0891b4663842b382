//! However many rows there are, no read of the owner's looks at all of them. Times differ from
//! machine to machine; what SQLite plans to do does not.

use alcove::store::Store as _;
use alcove::store::sqlite::{SqliteSettings, SqliteStore};
use rusqlite::Connection;

use crate::support::file_in;

/// Reads as `src/store/sqlite/` has them, with a value in the place of each parameter.
const READS: &[&str] = &[
    // conversations.rs
    "select last_activity, key
     from (
         select last_activity, key, marks, bot
         from sessions
         where last_activity >= 1 and (last_activity, key) < (9, 9)
         order by last_activity desc, key desc
         limit 50000
     )
     where marks & 9 = 9 and ('x' is null or bot = 'x')
     limit 51",
    "select last_activity, key from sessions
     where last_activity >= 1 and (last_activity, key) < (9, 9)
     order by last_activity desc, key desc limit 1 offset 9",
    "select substr(content, 1, 9) from messages where session = 1 and role = 'user'
     order by key limit 1",
    "select count(*) from files where session = 1 and state = 'kept'",
    "select 1 from messages where session = 1 and status = 'streaming'",
    // search.rs
    "select rowid from message_words
     where message_words match '\"x\"' and rowid >= 1 and rowid < 9 order by rowid desc",
    "select rowid from message_words
     where message_words match '\"x\"' and rowid >= 9 order by rowid limit 9",
    "select rowid from visitor_words
     where visitor_words match '\"x\"' and rowid < 9 order by rowid desc",
    "select key, created_at from messages where session = 1 and key >= 9",
    "select key, created_at from messages where key >= 9 order by key limit 1",
    // review.rs
    "select reply.key from messages as reply
     join sessions on sessions.key = reply.session
     left join messages as question
         on question.session = reply.session and question.id = reply.answers
     where reply.settled_at is null
     and reply.role = 'assistant'
     and (reply.rating = 'down' or reply.failure is not null or reply.status = 'blocked'
         or reply.asks_contact = 1)
     and (reply.replaced = 0 or reply.rating = 'down')
     and reply.key < 9
     order by reply.key desc
     limit 9",
    "select message.key from messages as message
     join sessions on sessions.key = message.session
     where message.key > (select max(key) from messages) - 9 and message.role = 'user'
     order by message.key desc",
    // leads.rs
    "select key from sessions where details is not null and (details_at, key) < (9, 9)
     order by details_at desc, key desc limit 9",
    // transcript.rs
    "select * from messages where session = 1 and key < 9 order by key desc limit 9",
    // usage.rs
    "select * from usage_hours where hour >= 1 and hour < 9 and (null is null or bot = null)
     order by hour, bot, provider, model",
    // purge.rs
    "select key from sessions where last_activity < 9 and (null is null or bot = null)
     order by last_activity, key limit 9",
];

fn plan(db: &Connection, sql: &str) -> String {
    let mut plan = db.prepare(&format!("explain query plan {sql}")).expect("a plan");
    let steps = plan.query_map([], |row| row.get::<_, String>(3)).expect("steps");
    steps.map(|step| step.expect("a step")).collect::<Vec<_>>().join("; ")
}

#[tokio::test]
async fn no_read_of_the_owners_looks_at_all_rows() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let store = SqliteStore::open(SqliteSettings::new(file_in(&folder))).expect("a new store");
    store.close().await;
    let db = Connection::open(file_in(&folder)).expect("opened");
    for sql in READS {
        let plan = plan(&db, sql);
        // A virtual table is searched by what stands behind its name; a subquery is bounded.
        let scans = |part: &str| {
            part.contains("SCAN")
                && !part.contains("VIRTUAL TABLE INDEX")
                && !part.contains("(subquery")
                && !part.contains("CONSTANT ROW")
        };
        assert!(!plan.split("; ").any(scans), "{sql}: {plan}");
        assert!(!plan.contains("TEMP B-TREE"), "{sql}: {plan}");
        if sql.contains(" match ") {
            // M: the expression; < and >: the range of rows.
            let index = plan.split("INDEX ").nth(1).unwrap_or_default();
            assert!(index.contains('M') && index.contains(['<', '>']), "{sql}: {plan}");
        }
    }
}

#[tokio::test]
async fn the_check_finds_a_read_that_looks_at_all_rows() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let store = SqliteStore::open(SqliteSettings::new(file_in(&folder))).expect("a new store");
    store.close().await;
    let db = Connection::open(file_in(&folder)).expect("opened");
    assert!(plan(&db, "select * from messages where content like '%x%'").contains("SCAN"));
}
