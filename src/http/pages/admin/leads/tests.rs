use super::*;
use crate::domain::account::Role;
use crate::domain::clock::Timestamp;
use crate::domain::id::SessionId;
use crate::http::pages::admin::samples::{HOSTILE, rendered, shell};

fn page_of(text: &str, keys: &[&str]) -> String {
    let lead = Lead {
        session: SessionId::random(),
        bot: text.to_owned(),
        at: Timestamp::from_ms(0),
        details: keys.iter().map(|key| ((*key).to_owned(), text.to_owned())).collect(),
    };
    let found = Page { items: vec![lead], next: Cursor::parse("l1"), is_cut: false };
    let wish = Wish { q: text.to_owned(), after: "l2".to_owned() };
    rendered(&LeadsPage::new(shell(Section::Leads, Role::Viewer, text), &wish, found))
}

#[test]
fn leads_are_escaped_whatever_visitors_told() {
    for text in HOSTILE {
        let html = page_of(text, &["name", "email", "phone", "company", "need"]);
        assert!(!html.contains("href=\"javascript"), "{html}");
    }
}

#[test]
fn a_lead_is_called_by_the_best_it_told() {
    assert!(page_of("Ada", &["name", "email"]).contains("<bdi>Ada</bdi></a>"));
    let html = page_of("ada+x@example.com?bcc=all", &["email"]);
    assert!(html.contains("href=\"mailto:ada%2Bx%40example.com%3Fbcc%3Dall\""), "{html}");
    assert!(page_of("x", &["company"]).contains(">Visitor</a>"));
}
