use serde_json::Map;

use super::*;
use crate::domain::clock::Timestamp;
use crate::domain::details::Details;
use crate::domain::feedback::{Feedback, Rating};
use crate::domain::id::{MessageId, SessionId};
use crate::domain::message::{MessageStatus, ReplyFacts, Role};

fn session() -> Session {
    Session {
        id: "6f0c2c7e-8c7e-4d65-9e6b-1d6a3b1f0a01".parse().expect("an id"),
        number: 1,
        bot: "default".to_owned(),
        user_identifier: Some("=cmd|'/c calc'!A0".to_owned()),
        config: Map::from_iter([(
            "pageContext".to_owned(),
            json!({ "title": "@SUM(1)", "url": "https://shop.example/" }),
        )]),
        details: Details::from([("name".to_owned(), "Ada, \"A\"".to_owned())]),
        protected: true,
        account: None,
        created_at: Timestamp::from_ms(0),
        last_activity: Timestamp::from_ms(60_000),
        message_count: 2,
    }
}

fn message(role: Role, content: &str) -> TranscriptMessage {
    let facts = ReplyFacts {
        provider: "openai".to_owned(),
        model: "test-model".to_owned(),
        feedback: Some(Feedback { rating: Rating::Down, comment: Some("-no".to_owned()) }),
        ..ReplyFacts::default()
    };
    TranscriptMessage {
        message: Message {
            id: MessageId::random(),
            number: 1,
            role,
            content: content.to_owned(),
            status: MessageStatus::Complete,
            created_at: Timestamp::from_ms(1_000),
            reply: (role == Role::Assistant).then_some(facts),
        },
        is_replaced: role == Role::Assistant,
        first_word_at: None,
        ended_at: Some(Timestamp::from_ms(2_000)),
        settled_at: None,
    }
}

fn written(format: Format, conversations: usize) -> String {
    let mut lines = Lines::new(format);
    let mut text = lines.begin_conversations();
    for _ in 0..conversations {
        let messages = vec![message(Role::User, "=1+1\nline"), message(Role::Assistant, "2")];
        text.push_str(&lines.begin_conversation(&Beginning::of(&session())));
        text.push_str(&lines.messages(&Transcript { session: session(), messages, older: None }));
        text.push_str(&lines.end_conversation());
    }
    text.push_str(&lines.end_conversations());
    text
}

#[test]
fn json_is_one_list_however_many_there_are() {
    for count in 0..3 {
        let list: Vec<Value> = serde_json::from_str(&written(Format::Json, count)).expect("JSON");
        assert_eq!(list.len(), count);
        for one in list {
            assert_eq!(one["details"]["name"], "Ada, \"A\"");
            assert_eq!(one["messages"][0]["content"], "=1+1\nline");
            assert_eq!(one["messages"][0].get("provider"), None);
            assert_eq!(one["messages"][1]["rating"], "down");
            assert_eq!(one["messages"][1]["replaced"], true);
            assert_eq!(one["messages"][1].get("failure"), None);
        }
    }
}

#[test]
fn each_line_is_a_conversation_of_its_own() {
    let text = written(Format::JsonLines, 3);
    assert_eq!(text.lines().count(), 3);
    for line in text.lines() {
        let one: Value = serde_json::from_str(line).expect("JSON");
        assert_eq!(one["messages"].as_array().map(Vec::len), Some(2));
    }
    assert_eq!(written(Format::JsonLines, 0), "");
}

#[test]
fn no_cell_is_a_formula_and_every_line_is_as_wide() {
    let text = written(Format::Csv, 2);
    let text = text.strip_prefix('\u{feff}').expect("the mark");
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a row")).collect();
    assert_eq!(rows.len(), 5);
    for row in &rows {
        assert_eq!(row.len(), MESSAGE_COLUMNS.len());
        for cell in row {
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell}");
        }
    }
    assert_eq!(&rows[1][4], "Ada, \"A\"");
    assert_eq!(&rows[1][12], "'=1+1\nline");
    assert_eq!(&rows[2][21], "'-no");
}

#[test]
fn leads_are_written_in_each_format() {
    let lead = Lead {
        session: SessionId::random(),
        bot: "default".to_owned(),
        at: Timestamp::from_ms(0),
        details: [("email", "a@b.example"), ("company", "=X"), ("need", "a lot")]
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .into(),
    };
    let written = |format| {
        let mut lines = Lines::new(format);
        [lines.begin_leads(), lines.lead(&lead), lines.lead(&lead), lines.end_leads()].concat()
    };
    let list: Vec<Value> = serde_json::from_str(&written(Format::Json)).expect("JSON");
    assert_eq!(list[1]["details"]["company"], "=X");
    assert_eq!(written(Format::JsonLines).lines().count(), 2);
    let csv = written(Format::Csv);
    assert!(csv.contains("\"a@b.example\",,,\"company: =X\nneed: a lot\"\r\n"), "{csv}");
}
