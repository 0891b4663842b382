//! SQL that is meant to do harm: refused or ended in time, and nobody else notices.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use serde_json::json;

use super::hostile::{all_files, p95_until};
use crate::support::api::Visit;
use crate::support::process::Program;

const MB: usize = 1024 * 1024;

const REFUSED: &[&str] = &[
    "attach database 'leak.db' as leak",
    "attach database ':memory:' as leak",
    "attach 'file:leak.db?mode=rwc' as leak",
    "select 1; attach 'leak.db' as leak",
    "detach database main",
    "vacuum into 'leak.db'",
    "pragma database_list",
    "pragma writable_schema = on",
    "pragma temp_store_directory = '.'",
    "select * from pragma_database_list",
    "select * from pragma_table_info('sales')",
    "select * from sqlite_schema",
    "select content from messages",
    "select * from sessions",
    "select * from main.sessions",
    "select randomblob(1e9)",
    "select length(hex(randomblob(1000000000)))",
    "select zeroblob(1000000000)",
    "select printf('%.*c', 1000000000, 'x')",
    "select load_extension('leak.so')",
    "select readfile('/etc/passwd')",
    "select writefile('leak.txt', 'x')",
    "select fts3_tokenizer('x')",
    "create table leak(a)",
    "create temp table leak as select * from sales",
    "create virtual table leak using fts5(a)",
    "create trigger leak after insert on sales begin select 1; end",
    "insert into sales values (1, 'x')",
    "update sales set amount = 0",
    "delete from sales",
    "drop table sales",
    "begin",
    "reindex",
    "explain select 1",
    "with gone as (select 1) delete from sales",
];

const BOMBS: &[&str] = &[
    "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n",
    "with recursive n(i) as (select 1 union select i + 1 from n) select i from n order by 1 desc",
    "select a.word from sales a, sales b, sales c order by a.word || b.amount || c.amount",
    "select group_concat(distinct a.word || b.amount || c.amount) from sales a, sales b, sales c",
    "select count(*) from sales a, sales b, sales c, sales d",
];

async fn with_sales(program: &Program) -> Visit {
    let visit = program.open().await;
    let rows: Vec<String> = (0..2000).map(|n| format!("{n},word-{}\n", n * 7919)).collect();
    let table = format!("amount,word\n{}", rows.concat());
    program.upload(&visit, "sales.csv", table.as_bytes()).await.ok();
    count(program, &visit).await;
    visit
}

async fn count(program: &Program, visit: &Visit) {
    let sql = json!({ "sql": "select count(*) as n from sales" });
    assert_eq!(program.ask_file(visit, &sql).await.ok()["results"], json!([{ "n": 2000 }]));
}

/// Asks everything; the table answers as before.
async fn attack(program: &Program, visit: &Visit) {
    for sql in REFUSED {
        let told = program.ask_file(visit, &json!({ "sql": sql })).await;
        let told = told.refused(400, "query_refused");
        assert!(told["error"].as_str().is_some_and(|error| error.len() < 400), "{sql}: {told}");
    }
    for sql in BOMBS {
        let told = program.ask_file(visit, &json!({ "sql": sql })).await;
        assert_eq!(told.json()["code"], "query_too_slow", "{sql}");
    }
    count(program, visit).await;
}

#[tokio::test]
async fn hostile_queries_end_in_their_documented_errors_and_leave_nothing() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let program = Program::start(folder.path(), &[("RATE_LIMITS", "off")]);
    let (one, other) = (with_sales(&program).await, with_sales(&program).await);
    let bystander = program.open().await;
    let begun = Instant::now();
    program.say(&bystander, "Hello").await.ok();
    let undisturbed = begun.elapsed();
    let (files, before) = (all_files(folder.path()), program.resident_bytes());
    let (stop, stopped) = tokio::sync::watch::channel(());
    let health = p95_until(stopped.clone(), async || {
        assert_eq!(program.get("/health").await.status, 200);
    });
    let chat = p95_until(stopped, async || {
        program.say(&bystander, "Hello").await.ok();
    });
    let attacks = async {
        join_all([attack(&program, &one), attack(&program, &other)]).await;
        drop(stop);
    };
    let (health, chat, ()) = tokio::join!(health, chat, attacks);
    assert!(health < Duration::from_secs(1), "health: {health:?}");
    // The demo types at a pace of its own, which is no delay.
    assert!(chat < undisturbed + Duration::from_secs(1), "chat: {chat:?}, before {undisturbed:?}");
    let growth = program.resident_bytes().saturating_sub(before) / MB;
    assert!(growth < 150, "{growth} MB stay");
    assert_eq!(all_files(folder.path()), files);
}

#[tokio::test]
async fn a_stop_ends_a_query_that_runs() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let program = Program::start(folder.path(), &[("QUERY_TIMEOUT_MS", "10000")]);
    let visit = with_sales(&program).await;
    let endless = json!({ "sql": BOMBS[0] });
    let asking = program.ask_file(&visit, &endless);
    let stopping = async {
        // Were the query not yet running then, the stop would only be easier.
        tokio::time::sleep(Duration::from_millis(300)).await;
        program.terminate();
    };
    let (answer, ()) = tokio::join!(asking, stopping);
    assert!(answer.header("retry-after").is_some());
    answer.refused(503, "server_busy");
    let (ended, took) = program.wait();
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(took < Duration::from_secs(5), "{took:?}");
}
