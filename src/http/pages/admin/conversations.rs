//! `/admin/conversations`: all of them, searched and narrowed.

pub(crate) mod filter;
pub(crate) mod rows;

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use crate::http::AppState;
use crate::http::auth::Viewer;
use crate::http::embed::page_file_address;
use crate::http::error::ApiResult;
use crate::http::extract::Query;
use crate::http::pages::admin::conversations::filter::{Wish, href};
use crate::http::pages::admin::conversations::rows::RowView;
use crate::http::pages::admin::page;
use crate::http::pages::admin::shell::{Section, Shell};
use crate::store::{ConversationRow, Page, PageRequest};

/// Conversations on a page.
const ROWS: u32 = 30;

#[derive(Template)]
#[template(path = "admin/conversations.html")]
pub(crate) struct ConversationsPage {
    shell: Shell,
    styles: String,
    wish: Wish,
    is_narrow: bool,
    bots: Vec<(String, String)>,
    thumbs: [(&'static str, &'static str); 3],
    rows: Vec<RowView>,
    is_cut: bool,
    older: String,
    newest: String,
    exports: Vec<(&'static str, String)>,
}

/// `GET /admin/conversations`.
pub(crate) async fn show(
    State(app): State<AppState>,
    Viewer(visit): Viewer,
    Query(wish): Query<Wish>,
) -> ApiResult<Response> {
    let request = PageRequest { after: wish.cursor(), limit: ROWS };
    let found = app.store.conversations(&visit.actor(), wish.filter(), request).await?;
    let shell = Shell::new(&app, &visit, Section::Conversations);
    page(&ConversationsPage::new(shell, wish, found, rows::bots(&app), &app.prices))
}

impl ConversationsPage {
    fn new(
        shell: Shell,
        wish: Wish,
        found: Page<ConversationRow>,
        bots: Vec<(String, String)>,
        prices: &crate::domain::price::Prices,
    ) -> Self {
        let several = bots.len() > 1;
        let row = |row| RowView::new(row, several, prices);
        Self {
            shell,
            styles: page_file_address("records", "css"),
            is_narrow: wish.is_narrow(),
            thumbs: [("", "Any"), ("up", "Liked"), ("down", "Not liked")],
            older: found.next.as_ref().map_or_else(String::new, |cursor| wish.at(Some(cursor))),
            newest: if wish.after.is_empty() { String::new() } else { wish.at(None) },
            is_cut: found.is_cut,
            rows: found.items.into_iter().map(row).collect(),
            exports: exports(&wish),
            bots,
            wish,
        }
    }
}

/// Addresses of what is listed, as files.
fn exports(wish: &Wish) -> Vec<(&'static str, String)> {
    let address = |format| {
        let pairs: Vec<_> = [("format", format)].into_iter().chain(wish.pairs()).collect();
        href("/admin/conversations/export", &pairs)
    };
    [("CSV", "csv"), ("JSON", "json"), ("JSON lines", "jsonl")]
        .into_iter()
        .map(|(name, format)| (name, address(format)))
        .collect()
}

#[cfg(test)]
mod tests;
