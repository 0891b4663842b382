//! Ids of others inside a request about one's own conversation: replies, messages, files, tables.

use serde_json::{Value, json};

use super::native::Scene;
use super::{Names, Seen, assert_unchanged, contents};
use crate::sending::new_id;
use crate::support::api::{Api, Visit, text_of};
use crate::support::http::Call;

/// Something of somebody else's conversation, or nothing at all.
struct Foreign {
    names: Names,
    question: String,
    file: String,
}

/// Requests about `own` that name what is `foreign`, and the code of their refusal.
fn requests(
    api: &Api,
    own: &Visit,
    foreign: &Foreign,
) -> Vec<(&'static str, (u16, &'static str), Call)> {
    let id = &own.id;
    let reply = format!("/api/chat/replies/{}", foreign.names.reply);
    let rating = json!({ "sessionId": id, "rating": "up" });
    let query = json!({ "query": "SECRET" });
    let get = |path: &str| api.call("GET", path);
    let no_reply = (404, "reply_not_found");
    let no_file = (404, "file_not_found");
    let file = &foreign.file;
    vec![
        ("resume", no_reply, get(&format!("{reply}?sessionId={id}"))),
        ("step", no_reply, get(&format!("{reply}/steps/1/csv?sessionId={id}"))),
        ("stop", no_reply, api.call("POST", &format!("{reply}/stop?sessionId={id}"))),
        ("rate", no_reply, api.call("POST", &format!("{reply}/feedback")).json(&rating)),
        ("file", no_file, get(&format!("/api/files/info/{id}?file={file}"))),
        (
            "ask a file",
            no_file,
            api.call("POST", &format!("/api/files/query/{id}?file={file}")).json(&query),
        ),
        ("delete a file", no_file, api.call("DELETE", &format!("/api/files/{id}?file={file}"))),
    ]
}

/// A scene, the second visitor on it, and what the first one has.
async fn two() -> (Scene, Visit, Foreign) {
    let scene = Scene::new(true).await;
    let (own, _) = Scene::talk(&scene.app, true).await;
    let question = text_of(&scene.app.history(&scene.visit).await[0]["id"]);
    let file = text_of(&scene.app.file_info(&scene.visit).await.ok()["fileId"]);
    let foreign = Foreign { names: scene.names.clone(), question, file };
    (scene, own, foreign)
}

#[tokio::test]
async fn what_is_somebody_elses_is_not_found_through_ones_own_conversation() {
    let (scene, own, foreign) = two().await;
    let nothing = Foreign {
        names: Names { session: new_id(), reply: new_id() },
        question: new_id(),
        file: new_id(),
    };
    let before = contents(&scene.app);
    let foreign = requests(&scene.app, &own, &foreign);
    let unknown = requests(&scene.app, &own, &nothing);
    for ((name, (status, code), call), (.., nowhere)) in foreign.into_iter().zip(unknown) {
        let answer = call.token(own.token.as_deref()).send().await;
        let expected = nowhere.token(own.token.as_deref()).send().await;
        assert_eq!(Seen::of(&answer), Seen::of(&expected), "{name}");
        answer.refused(status, code);
    }
    assert_unchanged(&before, &contents(&scene.app), "a foreign id");
}

#[tokio::test]
async fn a_foreign_place_in_history_is_no_place() {
    let (scene, own, foreign) = two().await;
    for id in [&foreign.names.reply, &foreign.question, &new_id()] {
        let path = format!("/api/chat/history/{}?before={id}", own.id);
        let page = scene.app.as_visitor(&own, "GET", &path).send().await.ok();
        assert_eq!((&page["messages"], &page["hasMore"]), (&json!([]), &json!(false)));
    }
}

#[tokio::test]
async fn a_reply_under_a_foreign_id_is_ones_own_and_joins_nothing() {
    let (scene, own, foreign) = two().await;
    let theirs = scene.app.history(&scene.visit).await;
    let own_reply = json!({ "message": "Mine", "messageId": foreign.names.reply });
    let answer = scene.app.send(&own, &own_reply).await.ok();
    assert_eq!(answer["sessionId"], own.id.as_str());
    assert_eq!(scene.app.history(&scene.visit).await, theirs, "theirs stays");
    let mine = scene.app.history(&own).await;
    let last: Vec<&Value> = mine.iter().rev().take(2).map(|message| &message["content"]).collect();
    assert_eq!(last[1], "Mine");
    let rating = json!({ "sessionId": own.id, "rating": "down" });
    let path = format!("/api/chat/replies/{}/feedback", foreign.names.reply);
    scene.app.as_visitor(&own, "POST", &path).json(&rating).send().await.ok();
    assert_eq!(scene.app.history(&scene.visit).await, theirs, "a rating is for one's own");
}

#[tokio::test]
async fn nothing_of_others_is_replaced() {
    let (scene, own, foreign) = two().await;
    let theirs = scene.app.history(&scene.visit).await;
    for target in [&foreign.names.reply, &foreign.question, &new_id()] {
        let before = scene.app.history(&own).await.len();
        let again = json!({ "message": "Again", "replaces": target });
        let count = scene.app.send(&own, &again).await.ok()["messageCount"].clone();
        assert_eq!(count, before + 2, "a foreign id replaces what an unknown one does: nothing");
        assert_eq!(scene.app.history(&scene.visit).await, theirs);
    }
}

#[tokio::test]
async fn tables_of_others_are_in_no_query() {
    let (scene, _, _) = two().await;
    let empty = scene.app.protected().await;
    scene.app.upload(&empty, "mine.csv", b"a\n1\n").await.ok();
    for sql in [
        "select * from sales",
        "select * from main.sales",
        "select * from sessions",
        "select * from mine union select region from sales",
        "select name from sqlite_master where name = 'sales'",
    ] {
        let answer = scene.app.ask_file(&empty, &json!({ "sql": sql })).await;
        assert!(!answer.text().contains("SECRET"), "{sql}");
        answer.refused(400, "query_refused");
    }
}
