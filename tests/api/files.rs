//! Files: each line of the contract, over HTTP.

mod hostile;
mod queries;
mod ready;
mod slow;

use serde_json::{Value, json};

use crate::support::api::{Visit, text_of};
use crate::support::app::TestApp;
use crate::support::form::Form;

const SALES: &str =
    "Region,Amount,Day\nNorth,10,2024-01-01\nSouth,20.5,2024-01-02\nNorth,5,2024-01-03\n";

async fn app() -> TestApp {
    TestApp::setup().start().await
}

async fn uploaded(app: &TestApp, visit: &Visit, name: &str, text: &str) -> Value {
    app.upload(visit, name, text.as_bytes()).await.ok()
}

#[tokio::test]
async fn a_csv_file_is_uploaded_and_told_about() {
    let app = app().await;
    let visit = app.open().await;
    let told = uploaded(&app, &visit, "Sales 2024.csv", SALES).await;
    assert_eq!(told["success"], true);
    assert_eq!(told["fileName"], "Sales 2024.csv");
    assert_eq!(told["fileType"], "csv");
    assert_eq!(told["fileSize"], SALES.len());
    assert_eq!(told["sessionId"], visit.id.as_str());
    assert!(told["message"].as_str().is_some_and(|message| message.contains("Sales 2024.csv")));
    let summary = &told["summary"];
    assert_eq!((&summary["rowCount"], &summary["columnCount"]), (&json!(3), &json!(3)));
    assert_eq!(summary["columns"][1]["name"], "Amount");
    assert_eq!(summary["columns"][1]["sqlName"], "amount");
    assert_eq!(summary["columns"][1]["type"], "decimal");
    assert_eq!(summary["table"], "sales_2024");
    assert_eq!(told["tables"][0]["name"], "sales_2024");
    let info = app.file_info(&visit).await.ok();
    for same in ["fileId", "fileName", "fileType", "fileSize", "summary", "tables"] {
        assert_eq!(info[same], told[same], "{same}");
    }
    assert_eq!(info["uploadedAt"], "2026-09-21T14:13:20Z");
    assert_eq!(info["files"][0]["fileId"], told["fileId"]);
    let brief = json!([{ "name": "sales_2024", "rowCount": 3, "columnCount": 3 }]);
    assert_eq!(info["files"][0]["tables"], brief);
}

#[tokio::test]
async fn a_json_file_tells_its_type_and_length() {
    let app = app().await;
    let visit = app.open().await;
    let array = uploaded(&app, &visit, "a.json", r#"[{"a":1},{"a":2}]"#).await;
    assert_eq!(array["fileType"], "json");
    assert_eq!(
        (&array["summary"]["type"], &array["summary"]["length"]),
        (&json!("array"), &json!(2))
    );
    let object = uploaded(&app, &visit, "b.json", r#"{"x":[{"a":1}],"y":[{"b":1}]}"#).await;
    assert_eq!(object["summary"]["type"], "object");
    assert_eq!(object["tables"].as_array().map(Vec::len), Some(2));
    let info = app.file_info(&visit).await.ok();
    assert_eq!(info["summary"], object["summary"], "it is kept");
    let lines = uploaded(&app, &visit, "c.jsonl", "{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n").await;
    assert_eq!((&lines["fileType"], &lines["summary"]["length"]), (&json!("json"), &json!(3)));
}

#[tokio::test]
async fn what_is_missing_in_an_upload_is_said_in_the_known_words() {
    let app = app().await;
    let visit = app.open().await;
    let form = Form::default;
    let cases = [
        (form().file("a.csv", b"a\n1\n").end(), 400, "missing_session_id", "Missing sessionId"),
        (form().field("sessionId", " ").end(), 400, "missing_session_id", "Missing sessionId"),
        (form().end(), 400, "missing_session_id", "Missing sessionId"),
        (form().field("sessionId", &visit.id).end(), 400, "missing_file", "No file uploaded"),
        (
            form().field("sessionId", &visit.id).file("", b"").end(),
            400,
            "missing_file",
            "No file uploaded",
        ),
        (
            form().field("sessionId", &visit.id).field("file", "a").end(),
            400,
            "missing_file",
            "No file uploaded",
        ),
        (
            form().field("sessionId", "nonsense").file("a.csv", b"a\n1\n").end(),
            404,
            "session_not_found",
            "Session not found",
        ),
        (
            form().field("sessionId", &crate::sending::new_id()).file("a.csv", b"a\n1\n").end(),
            404,
            "session_not_found",
            "Session not found",
        ),
    ];
    for (body, status, code, sentence) in cases {
        let shown = String::from_utf8_lossy(&body).into_owned();
        let told = app.uploading(&visit, body).send().await.refused(status, code);
        assert_eq!(told["error"], sentence, "{shown}");
    }
    for name in ["a.txt", "a.exe", "a.xlsx", "a", "a.csv.gz", "a.csv\u{202e}.exe"] {
        let told = app.upload(&visit, name, b"a\n1\n").await.refused(400, "file_type_refused");
        assert_eq!(told["error"], "Only JSON and CSV files are allowed", "{name}");
    }
    app.file_info(&visit).await.refused(404, "file_not_found");
}

#[tokio::test]
async fn the_file_may_stand_before_the_session() {
    let app = app().await;
    let visit = app.protected().await;
    let form = Form::default().field("other", "x").file("a.csv", b"a\n1\n2\n");
    let body = form.field("sessionId", &visit.id).end();
    assert_eq!(app.uploading(&visit, body).send().await.ok()["summary"]["rowCount"], 2);
}

#[tokio::test]
async fn a_session_without_files_says_so() {
    let app = app().await;
    let visit = app.open().await;
    let told = app.file_info(&visit).await.refused(404, "file_not_found");
    assert_eq!(told["error"], "No file uploaded for this session");
    let told = app.delete_file(&visit).await.refused(404, "file_not_found");
    assert_eq!(told["error"], "No file data to delete");
    let told = app.ask_file(&visit, &json!({ "query": "north" })).await;
    assert_eq!(told.refused(404, "file_not_found")["error"], "No file uploaded for this session");
    let unknown = Visit { id: crate::sending::new_id(), token: None };
    app.file_info(&unknown).await.refused(404, "session_not_found");
    app.delete_file(&unknown).await.refused(404, "session_not_found");
    app.ask_file(&unknown, &json!({ "query": "x" })).await.refused(404, "session_not_found");
}

#[tokio::test]
async fn words_find_rows_and_sql_computes() {
    let app = app().await;
    let visit = app.open().await;
    uploaded(&app, &visit, "sales.csv", SALES).await;
    let found = app.ask_file(&visit, &json!({ "query": "south" })).await.ok();
    assert_eq!(found["query"], "south");
    assert_eq!((&found["fileName"], &found["fileType"]), (&json!("sales.csv"), &json!("csv")));
    assert_eq!(
        found["results"],
        json!([{ "region": "South", "amount": 20.5, "day": "2024-01-02" }])
    );
    assert_eq!(found["rowCount"], 1);
    let sql = "select region, sum(amount) as total from sales group by region order by total";
    let found = app.ask_file(&visit, &json!({ "sql": sql })).await.ok();
    assert_eq!(found["query"], sql);
    assert_eq!(found["columns"], json!(["region", "total"]));
    let expected =
        json!([{ "region": "North", "total": 15.0 }, { "region": "South", "total": 20.5 }]);
    assert_eq!(found["results"], expected);
    assert_eq!(found.get("truncated"), None);
    let none = app.ask_file(&visit, &json!({ "query": "zebra" })).await.ok();
    assert_eq!((&none["results"], &none["rowCount"]), (&json!([]), &json!(0)));
    let twice = app.ask_file(&visit, &json!({ "sql": "select 1 as a, 2 as a" })).await.ok();
    assert_eq!(twice["results"], json!([{ "a": 1, "a_2": 2 }]));
}

#[tokio::test]
async fn a_query_that_cannot_be_run_is_refused_with_a_sentence() {
    let app = TestApp::setup().set("QUERY_MAX_ROWS", "10").start().await;
    let visit = app.open().await;
    uploaded(&app, &visit, "sales.csv", SALES).await;
    for missing in [json!({}), json!({ "query": "" }), json!({ "query": null, "sql": " " })] {
        let told = app.ask_file(&visit, &missing).await.refused(400, "missing_query");
        assert_eq!(told["error"], "Missing query parameter");
    }
    for sql in ["delete from sales", "select nothing from sales", "select", "attach 'x' as y"] {
        let told = app.ask_file(&visit, &json!({ "sql": sql })).await.refused(400, "query_refused");
        assert!(told["error"].as_str().is_some_and(|sentence| sentence.len() > 10), "{told}");
    }
    let endless =
        "with recursive n(i) as (select 1 union all select i + 1 from n) select max(i) from n";
    app.ask_file(&visit, &json!({ "sql": endless })).await.refused(400, "query_too_slow");
    let many =
        "with recursive n(i) as (select 1 union all select i + 1 from n limit 20) select i from n";
    let cut = app.ask_file(&visit, &json!({ "sql": many })).await.ok();
    assert_eq!((&cut["rowCount"], &cut["truncated"]), (&json!(10), &json!(true)));
    let long = json!({ "query": "x".repeat(20_000) });
    app.ask_file(&visit, &long).await.refused(400, "query_refused");
    app.ask_file(&visit, &json!({ "query": 5 })).await.refused(400, "invalid_request");
}

#[tokio::test]
async fn the_latest_file_is_meant_unless_another_is_named() {
    let app = app().await;
    let visit = app.open().await;
    let first = uploaded(&app, &visit, "sales.csv", SALES).await;
    let second = uploaded(&app, &visit, "sales.csv", "a\n1\n2\n").await;
    assert_eq!(second["summary"]["table"], "sales_2", "each table has a name of its own");
    let info = app.file_info(&visit).await.ok();
    assert_eq!(info["fileId"], second["fileId"]);
    assert_eq!(info["files"].as_array().map(Vec::len), Some(2));
    let named = format!("?file={}", text_of(&first["fileId"]));
    let path = format!("/api/files/info/{}{named}", visit.id);
    assert_eq!(app.get(&path).await.ok()["fileId"], first["fileId"]);
    let path = format!("/api/files/query/{}{named}", visit.id);
    let found = app.post(&path, &json!({ "query": "south" })).await.ok();
    assert_eq!((&found["fileId"], &found["rowCount"]), (&first["fileId"], &json!(1)));
    let both = "select (select count(*) from sales) + (select count(*) from sales_2) as n";
    let found = app.ask_file(&visit, &json!({ "sql": both })).await.ok();
    assert_eq!(found["results"], json!([{ "n": 5 }]), "SQL sees all tables of the session");
    for other in [crate::sending::new_id(), "nonsense".to_owned()] {
        let path = format!("/api/files/info/{}?file={other}", visit.id);
        app.get(&path).await.refused(404, "file_not_found");
    }
    let path = format!("/api/files/{}{named}", visit.id);
    assert_eq!(app.call("DELETE", &path).send().await.ok()["success"], true);
    let told = app.call("DELETE", &path).send().await.refused(404, "file_not_found");
    assert_eq!(told["error"], "No file data to delete");
    assert_eq!(app.file_info(&visit).await.ok()["files"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn the_table_of_a_deleted_file_is_gone_at_once() {
    let app = app().await;
    let visit = app.open().await;
    uploaded(&app, &visit, "sales.csv", SALES).await;
    let count = json!({ "sql": "select count(*) as n from sales" });
    app.ask_file(&visit, &count).await.ok();
    assert_eq!(app.delete_file(&visit).await.ok()["success"], true);
    uploaded(&app, &visit, "other.csv", "a\n1\n").await;
    let told = app.ask_file(&visit, &count).await.refused(400, "query_refused");
    assert!(told["error"].as_str().is_some_and(|error| error.contains("other")), "{told}");
}

#[tokio::test]
async fn data_of_the_page_is_a_table_beside_the_files_and_follows_changes() {
    let app = app().await;
    let rows = json!([{ "sku": "a", "price": 2 }, { "sku": "b", "price": 3 }]);
    let visit = app.begin(&json!({ "config": { "jsonData": { "sales": rows } } })).await;
    uploaded(&app, &visit, "sales.csv", SALES).await;
    let sum = json!({ "sql": "select sum(price) as n from sales_2" });
    assert_eq!(app.ask_file(&visit, &sum).await.ok()["results"], json!([{ "n": 5 }]));
    let rows = json!([{ "sku": "a", "price": 20 }, { "sku": "b", "price": 30 }]);
    let change = json!({ "config": { "jsonData": { "sales": rows } } });
    let path = format!("/api/sessions/{}/config", visit.id);
    app.call("PUT", &path).json(&change).send().await.ok();
    assert_eq!(app.ask_file(&visit, &sum).await.ok()["results"], json!([{ "n": 50 }]));
    let change = json!({ "config": { "jsonData": null } });
    app.call("PUT", &path).json(&change).send().await.ok();
    app.ask_file(&visit, &sum).await.refused(400, "query_refused");
}

#[tokio::test]
async fn files_are_their_visitors_alone() {
    let app = app().await;
    let (visit, other) = (app.protected().await, app.protected().await);
    let told = uploaded(&app, &visit, "secret.csv", "word\nSECRET-CELL\n").await;
    app.ask_file(&visit, &json!({ "sql": "select * from secret" })).await.ok();
    let id = text_of(&told["fileId"]);
    for token in [None, other.token.clone(), Some("wrong".to_owned())] {
        let thief = Visit { id: visit.id.clone(), token };
        for answer in [
            app.file_info(&thief).await,
            app.ask_file(&thief, &json!({ "sql": "select * from secret" })).await,
            app.ask_file(&thief, &json!({ "query": "secret" })).await,
            app.delete_file(&thief).await,
            app.upload(&thief, "a.csv", b"a\n1\n").await,
        ] {
            assert!(!answer.text().contains("SECRET"), "{}", answer.text());
            answer.refused(404, "session_not_found");
        }
    }
    uploaded(&app, &other, "own.csv", "a\n1\n").await;
    for (method, path) in [("GET", "/api/files/info/"), ("DELETE", "/api/files/")] {
        let path = format!("{path}{}?file={id}", other.id);
        app.as_visitor(&other, method, &path).send().await.refused(404, "file_not_found");
    }
    let stolen = app.ask_file(&other, &json!({ "sql": "select * from secret" })).await;
    stolen.refused(400, "query_refused");
    assert_eq!(app.file_info(&visit).await.ok()["fileId"], told["fileId"], "it is still there");
}

#[tokio::test]
async fn an_ended_session_takes_no_file_and_shows_a_protected_ones() {
    let app = app().await;
    let (open, protected) = (app.open().await, app.protected().await);
    for visit in [&open, &protected] {
        uploaded(&app, visit, "sales.csv", SALES).await;
    }
    app.clock.advance_minutes(31);
    app.upload(&open, "a.csv", b"a\n1\n").await.refused(404, "session_expired");
    app.upload(&protected, "a.csv", b"a\n1\n").await.refused(404, "session_expired");
    app.file_info(&open).await.refused(404, "session_expired");
    app.file_info(&protected).await.ok();
    app.ask_file(&protected, &json!({ "query": "north" })).await.ok();
    app.delete_file(&protected).await.ok();
}

#[tokio::test]
async fn an_upload_counts_as_activity() {
    let app = app().await;
    let visit = app.open().await;
    app.clock.advance_minutes(20);
    uploaded(&app, &visit, "sales.csv", SALES).await;
    app.clock.advance_minutes(20);
    app.file_info(&visit).await.ok();
}

#[tokio::test]
async fn erasing_the_session_erases_its_files() {
    let app = app().await;
    let visit = app.open().await;
    uploaded(&app, &visit, "secret.csv", "word\nERASED-CELL\n").await;
    app.ask_file(&visit, &json!({ "query": "erased" })).await.ok();
    let path = format!("/api/sessions/{}", visit.id);
    app.call("DELETE", &path).send().await.ok();
    app.file_info(&visit).await.refused(404, "session_not_found");
    for file in std::fs::read_dir(app.database.parent().expect("a folder")).expect("files") {
        let bytes = std::fs::read(file.expect("a file").path()).expect("read");
        assert!(!String::from_utf8_lossy(&bytes).contains("ERASED-CELL"));
    }
}

#[tokio::test]
async fn bot_config_tells_the_limits_and_off_is_off() {
    let app = TestApp::setup().set("MAX_UPLOAD_MB", "3").start().await;
    let config = app.get("/api/sessions/bot-config").await.ok();
    let accept = [".csv", ".tsv", ".json", ".jsonl", ".ndjson"];
    let expected = json!({ "maxBytes": 3 << 20, "maxFiles": 5, "accept": accept });
    assert_eq!(config["files"], expected);
    let app = TestApp::setup().set("BOT_FILES", "off").start().await;
    let config = app.get("/api/sessions/bot-config").await.ok();
    assert_eq!(config["files"], Value::Null);
    let visit = app.open().await;
    app.upload(&visit, "a.csv", b"a\n1\n").await.refused(403, "files_off");
}

#[tokio::test]
async fn uploads_and_questions_are_limited_by_visitor_and_address() {
    let setup = TestApp::setup().set("RATE_LIMITS", "on").set("LIMIT_UPLOADS_PER_MINUTE", "2");
    let setup = setup.set("LIMIT_ADDRESS_UPLOADS_PER_MINUTE", "3");
    let app = setup.set("LIMIT_ADDRESS_QUERIES_PER_MINUTE", "2").start().await;
    let (visit, other) = (app.open().await, app.open().await);
    uploaded(&app, &visit, "a.csv", SALES).await;
    uploaded(&app, &visit, "b.csv", SALES).await;
    let third = app.upload(&visit, "c.csv", SALES.as_bytes()).await;
    assert!(third.header("retry-after").is_some());
    third.refused(429, "rate_limited");
    uploaded(&app, &other, "a.csv", SALES).await;
    app.upload(&other, "b.csv", SALES.as_bytes()).await.refused(429, "rate_limited");
    for _ in 0..2 {
        app.ask_file(&other, &json!({ "query": "north" })).await.ok();
    }
    app.ask_file(&other, &json!({ "query": "north" })).await.refused(429, "rate_limited");
}

#[tokio::test]
async fn a_restart_keeps_files() {
    use crate::support::process::Program;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let program = Program::start(folder.path(), &[]);
    let visit = program.protected().await;
    let told = program.upload(&visit, "sales.csv", SALES.as_bytes()).await.ok();
    program.kill();
    let program = Program::start(folder.path(), &[]);
    assert_eq!(program.file_info(&visit).await.ok()["fileId"], told["fileId"]);
    let sum = json!({ "sql": "select sum(amount) as n from sales" });
    assert_eq!(program.ask_file(&visit, &sum).await.ok()["results"], json!([{ "n": 35.5 }]));
}
