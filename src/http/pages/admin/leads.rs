//! `/admin/leads`: visitors who said who they are.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;

use crate::domain::details::Details;
use crate::http::AppState;
use crate::http::auth::Viewer;
use crate::http::embed::page_file_address;
use crate::http::error::ApiResult;
use crate::http::extract::Query;
use crate::http::pages::admin::conversations::filter::href;
use crate::http::pages::admin::page;
use crate::http::pages::admin::safe_text::{begin, cleaned};
use crate::http::pages::admin::shell::{Section, Shell};
use crate::store::{Cursor, Lead, Page, PageRequest};

/// Leads on a page.
const ROWS: u32 = 50;
const NAME_CHARS: usize = 80;

/// Which of them.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Wish {
    #[serde(default)]
    q: String,
    #[serde(default)]
    after: String,
}

/// A visitor.
struct LeadView {
    href: String,
    name: String,
    email: String,
    phone: String,
    others: Vec<(String, String)>,
    bot: String,
    at: String,
}

#[derive(Template)]
#[template(path = "admin/leads.html")]
pub(crate) struct LeadsPage {
    shell: Shell,
    styles: String,
    q: String,
    leads: Vec<LeadView>,
    is_cut: bool,
    older: String,
    newest: String,
    exports: [(&'static str, String); 2],
}

/// `GET /admin/leads`.
pub(crate) async fn show(
    State(app): State<AppState>,
    Viewer(visit): Viewer,
    Query(wish): Query<Wish>,
) -> ApiResult<Response> {
    let request = PageRequest { after: Cursor::parse(&wish.after), limit: ROWS };
    let words = Some(wish.q.trim()).filter(|words| !words.is_empty());
    let found = app.store.leads(&visit.actor(), words, request).await?;
    page(&LeadsPage::new(Shell::new(&app, &visit, Section::Leads), &wish, found))
}

impl LeadsPage {
    fn new(shell: Shell, wish: &Wish, found: Page<Lead>) -> Self {
        let q = wish.q.trim();
        let at = |after: &str| href("/admin/leads", &[("q", q), ("after", after)]);
        let export = |format| href("/admin/leads/export", &[("format", format), ("q", q)]);
        Self {
            shell,
            styles: page_file_address("records", "css"),
            older: found.next.as_ref().map_or_else(String::new, |next| at(&next.to_string())),
            newest: if wish.after.is_empty() { String::new() } else { at("") },
            is_cut: found.is_cut,
            leads: found.items.iter().map(LeadView::from).collect(),
            exports: [("CSV", export("csv")), ("JSON", export("json"))],
            q: q.to_owned(),
        }
    }
}

impl From<&Lead> for LeadView {
    fn from(lead: &Lead) -> Self {
        let told = |key: &str| {
            begin(lead.details.get(key).map(String::as_str).unwrap_or_default(), NAME_CHARS)
        };
        Self {
            href: format!("/admin/conversations/{}", lead.session),
            name: told("name"),
            email: told("email"),
            phone: told("phone"),
            others: others(&lead.details),
            bot: begin(&lead.bot, NAME_CHARS),
            at: lead.at.to_string(),
        }
    }
}

fn others(details: &Details) -> Vec<(String, String)> {
    details
        .iter()
        .filter(|(key, _)| !matches!(key.as_str(), "name" | "email" | "phone"))
        .map(|(key, value)| (begin(key, NAME_CHARS), cleaned(value)))
        .collect()
}

#[cfg(test)]
mod tests;
