//! A conversation in the list, readable at a glance.

use crate::domain::details::Details;
use crate::domain::price::Prices;
use crate::http::AppState;
use crate::http::pages::admin::cost::Cost;
use crate::http::pages::admin::figures::counted;
use crate::http::pages::admin::safe_text::{begin, web_address};
use crate::store::{ConversationRow, PageSeen};

const QUESTION_CHARS: usize = 160;
const NAME_CHARS: usize = 60;
const PAGE_CHARS: usize = 60;

/// A row.
pub(super) struct RowView {
    /// Where the conversation is.
    pub href: String,
    /// What it was about; never empty.
    pub question: String,
    /// Who asked; empty if nobody said.
    pub visitor: String,
    /// Where they asked; empty if nobody said.
    pub page: String,
    /// The bot, where there are several.
    pub bot: String,
    /// When the visitor last did something.
    pub at: String,
    /// How many messages.
    pub messages: String,
    /// Thumbs, failures, files: words and tone.
    pub badges: Vec<(String, &'static str)>,
    /// What it cost; empty if nothing was said.
    pub cost: String,
    /// A reply is being produced.
    pub is_running: bool,
}

impl RowView {
    /// Shows the bot if there are `several`.
    pub(super) fn new(row: ConversationRow, several: bool, prices: &Prices) -> Self {
        let question = begin(&row.question, QUESTION_CHARS);
        Self {
            href: format!("/admin/conversations/{}", row.session),
            question: if question.is_empty() { "(nothing to show)".to_owned() } else { question },
            visitor: visitor(&row.details, row.user_identifier.as_deref()),
            page: row.page.as_ref().map(page_name).unwrap_or_default(),
            bot: if several { begin(&row.bot, NAME_CHARS) } else { String::new() },
            at: row.last_activity.to_string(),
            messages: counted(row.message_count, "message", "messages"),
            badges: badges(&row),
            cost: Cost::sum(prices, &row.usage).words(),
            is_running: row.is_running,
        }
    }
}

fn badges(row: &ConversationRow) -> Vec<(String, &'static str)> {
    let mut badges = Vec::new();
    let mut add = |number: u64, one, many, tone| {
        if number > 0 {
            badges.push((counted(number, one, many), tone));
        }
    };
    add(row.thumbs_down, "thumb down", "thumbs down", "bad");
    add(row.failures, "failure", "failures", "warn");
    add(row.thumbs_up, "thumb up", "thumbs up", "good");
    add(row.files, "file", "files", "neutral");
    badges
}

/// What the visitor, or the page on their behalf, says who they are.
pub(crate) fn visitor(details: &Details, user_identifier: Option<&str>) -> String {
    let told = ["name", "email", "phone"].iter().find_map(|key| details.get(*key));
    begin(told.map(String::as_str).or(user_identifier).unwrap_or_default(), NAME_CHARS)
}

/// The page's title, or the end of its address.
pub(crate) fn page_name(page: &PageSeen) -> String {
    let title = begin(&page.title, PAGE_CHARS);
    if !title.is_empty() {
        return title;
    }
    let address = web_address(&page.url).map(|url| {
        format!("{}{}", url.host_str().unwrap_or_default(), url.path().trim_end_matches('/'))
    });
    begin(&address.unwrap_or_default(), PAGE_CHARS)
}

/// Slugs and names of the bots to choose from.
pub(super) fn bots(app: &AppState) -> Vec<(String, String)> {
    let bots = app.bots.list();
    bots.iter()
        .map(|known| (known.bot.slug.clone(), begin(&known.bot.looks.name, NAME_CHARS)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_visitor_is_called_by_what_says_most() {
        let details = |pairs: &[(&str, &str)]| {
            pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect::<Details>()
        };
        let both = details(&[("email", "ada@example.com"), ("name", "Ada\u{202e}")]);
        assert_eq!(visitor(&both, Some("user-7")), "Ada");
        assert_eq!(visitor(&details(&[("email", "ada@example.com")]), None), "ada@example.com");
        assert_eq!(visitor(&details(&[]), Some("user-7")), "user-7");
        assert_eq!(visitor(&details(&[("company", "Ada Ltd")]), None), "");
    }

    #[test]
    fn a_page_is_called_by_its_title_or_its_address() {
        let name =
            |title: &str, url: &str| page_name(&PageSeen { title: title.into(), url: url.into() });
        assert_eq!(name("Prices", "https://shop.example/prices"), "Prices");
        assert_eq!(name(" ", "https://shop.example/prices/?a=b"), "shop.example/prices");
        assert_eq!(name("", "javascript:alert(1)"), "");
    }
}
