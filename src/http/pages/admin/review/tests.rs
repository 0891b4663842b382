use super::*;
use crate::domain::account::Role;
use crate::domain::clock::Timestamp;
use crate::domain::message::FailureCode;
use crate::http::pages::admin::samples::{HOSTILE, rendered, shell};

fn answer(text: &str) -> ReplyToWorkOn {
    ReplyToWorkOn {
        session: SessionId::random(),
        bot: "default".to_owned(),
        reply: MessageId::random(),
        at: Timestamp::from_ms(0),
        question: text.to_owned(),
        text: text.to_owned(),
        why: vec![WhyWork::Disliked, WhyWork::Failed, WhyWork::Blocked, WhyWork::AskedContact],
        comment: Some(text.to_owned()),
        failure: Some(FailureCode::ModelTimeout),
    }
}

fn page_for(role: Role, text: &str) -> String {
    let found = Page { items: vec![answer(text)], next: Cursor::parse("w1"), is_cut: false };
    rendered(&ReviewPage::new(shell(Section::Review, role, text), Wish::default(), found))
}

#[test]
fn answers_are_escaped_whoever_wrote_them() {
    for text in HOSTILE {
        let html = page_for(Role::Editor, text);
        assert!(html.contains("thumb down") && html.contains("asked for contact"));
        assert!(html.contains("href=\"/admin/bots/default\""));
    }
}

#[test]
fn viewers_read_and_cannot_settle() {
    assert!(page_for(Role::Editor, "x").contains("action=\"/admin/review/settle\""));
    assert!(!page_for(Role::Viewer, "x").contains("/admin/review/settle"));
}

#[test]
fn a_settled_answer_leads_back_to_where_it_was() {
    let session = SessionId::random();
    let form = |back: &str, after: &str| Settle {
        session,
        reply: MessageId::random(),
        back: back.to_owned(),
        after: after.to_owned(),
    };
    assert_eq!(back(&form("conversation", "")), format!("/admin/conversations/{session}"));
    assert_eq!(back(&form("", "w7")), "/admin/review?after=w7");
    assert_eq!(back(&form("https://evil.example", "//evil.example")), "/admin/review");
}
