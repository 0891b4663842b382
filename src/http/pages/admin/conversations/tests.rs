use super::*;
use crate::domain::account::Role;
use crate::domain::clock::Timestamp;
use crate::domain::details::Details;
use crate::domain::id::SessionId;
use crate::domain::price::Prices;
use crate::domain::usage::Usage;
use crate::http::pages::admin::samples::{HOSTILE, rendered, shell};
use crate::store::{Cursor, ModelUsage, PageSeen};

fn row(text: &str) -> ConversationRow {
    ConversationRow {
        session: SessionId::random(),
        bot: text.to_owned(),
        created_at: Timestamp::from_ms(0),
        last_activity: Timestamp::from_ms(60_000),
        message_count: 4,
        question: text.to_owned(),
        details: Details::from([("name".to_owned(), text.to_owned())]),
        user_identifier: Some(text.to_owned()),
        page: Some(PageSeen { title: text.to_owned(), url: text.to_owned() }),
        thumbs_up: 1,
        thumbs_down: 2,
        failures: 1,
        files: 3,
        usage: vec![ModelUsage {
            provider: text.to_owned(),
            model: text.to_owned(),
            replies: 2,
            unmetered_replies: 0,
            usage: Usage {
                input_tokens: Some(10),
                output_tokens: Some(5),
                cached_input_tokens: None,
            },
        }],
        is_running: true,
    }
}

fn sample(wish: Wish, items: Vec<ConversationRow>, text: &str) -> String {
    let next = Cursor::parse("c1.2");
    let found = Page { next: next.filter(|_| !items.is_empty()), items, is_cut: true };
    let bots = vec![("default".to_owned(), "Ada".to_owned()), (text.to_owned(), text.to_owned())];
    let shell = shell(Section::Conversations, Role::Viewer, text);
    rendered(&ConversationsPage::new(shell, wish, found, bots, &Prices::default()))
}

#[test]
fn the_list_escapes_what_visitors_pages_and_the_owner_wrote() {
    for text in HOSTILE {
        let wish = Wish { q: (*text).to_owned(), bot: (*text).to_owned(), ..Wish::default() };
        let html = sample(wish, vec![row(text)], text);
        for part in
            ["2 thumbs down", "1 failure", "1 thumb up", "3 files", "4 messages", "replying now"]
        {
            assert!(html.contains(part), "{part} in {html}");
        }
    }
}

#[test]
fn the_pager_and_the_exports_keep_what_was_looked_for() {
    let wish = Wish { q: "opening hours".into(), thumb: "down".into(), ..Wish::default() };
    let html = sample(wish, vec![row("x")], "x");
    let query = "q=opening+hours&#38;thumb=down";
    assert!(html.contains(&format!("/admin/conversations?{query}&#38;after=c1.2")), "{html}");
    assert!(
        html.contains(&format!("/admin/conversations/export?format=csv&#38;{query}")),
        "{html}"
    );
}

#[test]
fn nothing_yet_and_nothing_found_are_told_apart() {
    assert!(sample(Wish::default(), vec![], "x").contains("No conversations yet"));
    let wish = Wish { failed: "on".into(), ..Wish::default() };
    assert!(sample(wish, vec![], "x").contains("Nothing found"));
}
