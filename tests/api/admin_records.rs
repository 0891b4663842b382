//! The owner's pages about conversations: what they show, to whom, and what they change.

use alcove::domain::secret::TokenHash;
use rusqlite::{Connection, params};
use serde_json::json;

use crate::support::api::Visit;
use crate::support::app::{BEGINNING, TestApp};
use crate::support::http::{Answer, Call};
use crate::support::upstream::{Reply, Upstream};

/// Signs somebody of this role in; answers what their browser sends.
fn staff(app: &TestApp, role: &str) -> String {
    let db = Connection::open(&app.database).expect("the database");
    let sql = "insert into accounts (username, username_folded, email, password_hash, role, created_at) \
         values (?1, ?1, '', 'none', ?1, ?2)";
    db.execute(sql, params![role, BEGINNING]).expect("an account");
    let sql = "insert into logins (account, hash, created_at, last_seen_at, expires_at) \
         values (?1, ?2, ?3, ?3, ?4)";
    let hash = TokenHash::of(role);
    let login = params![db.last_insert_rowid(), hash.as_bytes(), BEGINNING, BEGINNING * 2];
    db.execute(sql, login).expect("a login");
    format!("__Host-alcove={role}")
}

fn as_staff(app: &TestApp, cookie: &str, method: &str, path: &str) -> Call {
    app.call(method, path).header("cookie", cookie)
}

async fn page(app: &TestApp, cookie: &str, path: &str) -> String {
    let answer = as_staff(app, cookie, "GET", path).send().await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    answer.text()
}

async fn send(app: &TestApp, cookie: &str, path: &str, fields: &str, csrf: &str) -> Answer {
    as_staff(app, cookie, "POST", path)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(format!("csrf={csrf}&{fields}"))
        .send()
        .await
}

fn token_in(html: &str) -> String {
    let rest = html.split("name=\"csrf\" value=\"").nth(1).expect("a form");
    rest.split('"').next().expect("a token").to_owned()
}

/// A server without a model, on which something was asked that the page does not say.
async fn asked() -> (TestApp, Visit) {
    let app = TestApp::setup().start().await;
    let visit = app.begin(&json!({ "protected": true, "config": { "pageContext": {
        "title": "<b>Hours</b>", "url": "https://shop.example/hours", "referrer": "javascript:alert(1)" } } })).await;
    app.say(&visit, "When do you open, <script>alert(1)</script>?").await;
    (app, visit)
}

#[tokio::test]
async fn a_conversation_is_found_read_and_escaped() {
    let (app, visit) = asked().await;
    let viewer = staff(&app, "viewer");
    let path = format!("/admin/conversations/{}", visit.id);
    let list = page(&app, &viewer, "/admin/conversations?q=open").await;
    assert!(list.contains(&format!("href=\"{path}\"")), "{list}");
    assert!(list.contains("&#60;b&#62;Hours&#60;/b&#62;") && !list.contains("<script>"), "{list}");
    let read = page(&app, &viewer, &path).await;
    assert!(read.contains("When do you open, &#60;script&#62;"), "{read}");
    assert!(read.contains("href=\"https://shop.example/hours\""), "{read}");
    assert!(
        !read.contains("href=\"javascript")
            && !read.contains(visit.token.as_deref().expect("a token"))
    );
    let overview = page(&app, &viewer, "/admin/").await;
    assert!(overview.contains("Day by day") && overview.contains("No model is connected"));
}

#[tokio::test]
async fn a_live_view_is_told_when_nothing_has_changed() {
    let (app, visit) = asked().await;
    let viewer = staff(&app, "viewer");
    let path = format!("/admin/conversations/{}/live", visit.id);
    let first = as_staff(&app, &viewer, "GET", &path).send().await;
    let tag = first.headers["etag"].to_str().expect("a tag").to_owned();
    let again = as_staff(&app, &viewer, "GET", &path).header("if-none-match", &tag).send().await;
    assert_eq!((again.status, again.text().as_str()), (304, ""));
    app.say(&visit, "And on Sunday?").await;
    let changed = as_staff(&app, &viewer, "GET", &path).header("if-none-match", &tag).send().await;
    assert_eq!(changed.status, 200);
    assert!(changed.text().contains("And on Sunday?") && !changed.text().contains("<html"));
}

#[tokio::test]
async fn only_editors_delete_and_what_runs_is_stopped_first() {
    let upstream = Upstream::start(vec![Reply::events("").silence()]).await;
    let app = TestApp::with(&upstream).await;
    let visit = app.protected().await;
    let _running = app.ask(&visit, "Hello?").await;
    let path = format!("/admin/conversations/{}", visit.id);
    let (viewer, editor) = (staff(&app, "viewer"), staff(&app, "editor"));
    let csrf = token_in(&page(&app, &editor, &path).await);
    let delete = format!("{path}/delete");
    let refused = send(&app, &viewer, &delete, "", &csrf).await;
    assert!(matches!(refused.status, 401 | 403), "{}", refused.status);
    assert_eq!(send(&app, &editor, &delete, "", "wrong").await.status, 403);
    assert!(page(&app, &viewer, &path).await.contains("data-running"), "a reply runs");
    let db = Connection::open(&app.database).expect("the database");
    send(&app, &editor, &delete, "", &csrf).await;
    assert_eq!(as_staff(&app, &viewer, "GET", &path).send().await.status, 404);
    let left = "select count(*) from messages";
    let left: i64 = db.query_row(left, [], |row| row.get(0)).expect("a count");
    assert_eq!(left, 0);
    let noted: String = db
        .query_row("select action from audit where subject = ?1", [&visit.id], |row| row.get(0))
        .expect("an entry");
    assert_eq!(noted, "conversation.deleted");
}

#[tokio::test]
async fn an_export_is_whole_in_each_format() {
    let (app, visit) = asked().await;
    let viewer = staff(&app, "viewer");
    for (format, start) in [("csv", "\u{feff}\"conversation\""), ("json", "["), ("jsonl", "{")] {
        for path in [
            "/admin/conversations/export".to_owned(),
            format!("/admin/conversations/{}/export", visit.id),
        ] {
            let answer =
                as_staff(&app, &viewer, "GET", &format!("{path}?format={format}")).send().await;
            let text = answer.text();
            assert!(text.starts_with(start) && text.contains(&visit.id), "{text}");
            let name = answer.headers["content-disposition"].to_str().expect("a name");
            assert!(name.starts_with("attachment") && name.contains(format), "{name}");
        }
    }
    let wrong = as_staff(&app, &viewer, "GET", "/admin/leads/export?format=exe").send().await;
    assert_eq!(wrong.status, 400);
}

#[tokio::test]
async fn nobody_else_sees_any_of_it() {
    let (app, visit) = asked().await;
    for path in [
        "/admin/",
        "/admin/conversations",
        "/admin/leads",
        "/admin/review",
        "/admin/leads/export?format=csv",
    ] {
        for cookie in ["", "__Host-alcove=guessed"] {
            let answer = as_staff(&app, cookie, "GET", path).send().await;
            assert!(
                !answer.text().contains(&visit.id) && !answer.text().contains("When do you open")
            );
            assert!(
                answer.status != 200 || answer.text().contains("login"),
                "{path} {}",
                answer.status
            );
        }
    }
}
