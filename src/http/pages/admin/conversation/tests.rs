use super::*;
use crate::domain::account::Role;
use crate::domain::clock::Timestamp;
use crate::domain::evidence::{Evidence, Step, StepStatus};
use crate::domain::feedback::{Feedback, Rating};
use crate::domain::id::MessageId;
use crate::domain::message::{FailureCode, Message, MessageStatus, ReplyFacts, Role as Speaker};
use crate::domain::price::Prices;
use crate::domain::table::{QueryResult, Value};
use crate::domain::usage::Usage;
use crate::http::pages::admin::samples::{HOSTILE, rendered, shell};
use crate::service::turn::models::Models;
use crate::store::TranscriptMessage;

fn said(
    role: Speaker,
    text: &str,
    status: MessageStatus,
    reply: Option<ReplyFacts>,
) -> TranscriptMessage {
    TranscriptMessage {
        message: Message {
            id: MessageId::random(),
            number: 1,
            role,
            content: text.to_owned(),
            status,
            created_at: Timestamp::from_ms(10_000),
            reply,
        },
        is_replaced: false,
        first_word_at: Some(Timestamp::from_ms(10_800)),
        ended_at: Some(Timestamp::from_ms(12_100)),
        settled_at: None,
    }
}

fn facts(text: &str) -> ReplyFacts {
    let evidence = Evidence {
        purpose: text.to_owned(),
        sql: format!("select '{text}'"),
        result: QueryResult {
            columns: vec![text.to_owned()],
            rows: vec![vec![Value::Text(text.to_owned())]; 25],
            truncated: false,
        },
        chart: None,
    };
    let step = Step {
        id: "1".to_owned(),
        name: "query_data".to_owned(),
        status: StepStatus::Done,
        title: text.to_owned(),
        source: Some(text.to_owned()),
        evidence: Some(evidence),
        error: Some(text.to_owned()),
    };
    ReplyFacts {
        provider: "openai".to_owned(),
        model: text.to_owned(),
        usage: Usage {
            input_tokens: Some(1_200),
            output_tokens: Some(80),
            cached_input_tokens: None,
        },
        feedback: Feedback::new(Rating::Down, Some(text)).ok(),
        suggestions: vec![text.to_owned()],
        asks_contact: true,
        steps: vec![step],
        unverified: vec![text.to_owned()],
        failure: Some(FailureCode::ModelTimeout),
        ..ReplyFacts::default()
    }
}

fn fragment(messages: Vec<TranscriptMessage>, may_edit: bool) -> TurnsFragment {
    let (models, prices) = (Models::new(Vec::new(), Vec::new()), Prices::default());
    let turns = Turns { models: &models, prices: &prices };
    let turns: Vec<TurnView> = messages.into_iter().map(|one| turns.view(one)).collect();
    TurnsFragment {
        is_running: turns.iter().any(|turn| turn.is_running),
        turns,
        may_edit,
        csrf: "sample-csrf-token".to_owned(),
        session: "s".to_owned(),
    }
}

fn whole(text: &str) -> Vec<TranscriptMessage> {
    vec![
        said(Speaker::User, text, MessageStatus::Complete, None),
        said(Speaker::Assistant, text, MessageStatus::Failed, Some(facts(text))),
        said(Speaker::System, text, MessageStatus::Complete, None),
        said(Speaker::Assistant, "", MessageStatus::Streaming, Some(ReplyFacts::default())),
    ]
}

fn sample(text: &str, role: Role) -> ConversationPage {
    let config = serde_json::json!({ "pageContext": { "title": text, "url": text, "referrer": text }, text: text });
    let config = config.as_object().cloned().unwrap_or_default();
    let details = crate::domain::details::Details::from([(text.to_owned(), text.to_owned())]);
    let fragment = fragment(whole(text), role.includes(Role::Editor));
    ConversationPage {
        shell: shell(Section::Conversations, role, text),
        styles: "/static/pages/records.css".to_owned(),
        script: "/static/pages/live.js".to_owned(),
        path: "/admin/conversations/s".to_owned(),
        delete: "/admin/conversations/s/delete".to_owned(),
        title: facts::title(&fragment.turns),
        bot: text.to_owned(),
        began: "2026-11-20T13:20:00Z".to_owned(),
        last_activity: "2026-11-20T13:20:00Z".to_owned(),
        messages: "4".to_owned(),
        cost: "$0.01".to_owned(),
        is_protected: true,
        account: Some(3),
        user_identifier: text.to_owned(),
        details: facts::details(&details),
        page: facts::page(&config),
        settings: facts::settings(&config),
        files: vec![FileView { name: text.to_owned(), about: text.to_owned(), at: String::new() }],
        fragment,
        is_newest: true,
        older: String::new(),
        newest: String::new(),
    }
}

#[test]
fn a_conversation_escapes_everything_in_it() {
    for text in HOSTILE {
        for role in [Role::Viewer, Role::Editor] {
            let html = rendered(&sample(text, role));
            assert!(html.contains("first word after 800 ms") && html.contains("done after 2.1 s"));
            assert!(html.contains("5 rows more."), "{html}");
        }
    }
}

#[test]
fn only_editors_delete_and_settle() {
    let editor = rendered(&sample("hello", Role::Editor));
    assert!(editor.contains("action=\"/admin/conversations/s/delete\""));
    assert!(editor.contains("action=\"/admin/review/settle\""));
    let viewer = rendered(&sample("hello", Role::Viewer));
    assert!(!viewer.contains("/delete\"") && !viewer.contains("/admin/review/settle"));
}

#[test]
fn a_replaced_try_is_marked_and_a_running_reply_is_said_to_run() {
    let mut messages = whole("hello");
    messages[1].is_replaced = true;
    let html = fragment(messages, true).to_string();
    assert!(html.contains("replaced by a new try") && html.contains("data-running"), "{html}");
    assert!(!html.contains("/admin/review/settle"), "a replaced try needs no work: {html}");
}

#[test]
fn a_failure_is_told_in_the_words_of_the_error_table() {
    let html = fragment(whole("hello"), false).to_string();
    assert!(
        html.contains(crate::http::error::ErrorCode::from(FailureCode::ModelTimeout).sentence())
    );
}
