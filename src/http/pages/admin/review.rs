//! `/admin/review`: answers nobody liked or the bot could not give, to be worked on one by one.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;

use crate::domain::id::{MessageId, SessionId};
use crate::http::AppState;
use crate::http::auth::{Editor, Viewer};
use crate::http::embed::page_file_address;
use crate::http::error::{ApiResult, ErrorCode};
use crate::http::extract::Query;
use crate::http::pages::admin::conversation::turns::failure;
use crate::http::pages::admin::conversations::filter::href;
use crate::http::pages::admin::flash::{Done, redirect};
use crate::http::pages::admin::form::Checked;
use crate::http::pages::admin::page;
use crate::http::pages::admin::safe_text::{SafeHtml, begin, cleaned};
use crate::http::pages::admin::shell::{Section, Shell};
use crate::store::{Cursor, Page, PageRequest, ReplyToWorkOn, WhyWork};

/// Answers on a page.
const ROWS: u32 = 20;
const QUESTION_CHARS: usize = 240;

/// Where the page begins.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Wish {
    #[serde(default)]
    after: String,
}

/// An answer.
struct AnswerView {
    session: String,
    reply: String,
    href: String,
    bot: String,
    bot_href: String,
    at: String,
    question: String,
    answer: SafeHtml,
    why: Vec<(&'static str, &'static str)>,
    failure: &'static str,
    comment: String,
}

#[derive(Template)]
#[template(path = "admin/review.html")]
pub(crate) struct ReviewPage {
    shell: Shell,
    styles: String,
    answers: Vec<AnswerView>,
    after: String,
    older: String,
    newest: String,
}

/// `GET /admin/review`.
pub(crate) async fn show(
    State(app): State<AppState>,
    Viewer(visit): Viewer,
    Query(wish): Query<Wish>,
) -> ApiResult<Response> {
    let request = PageRequest { after: Cursor::parse(&wish.after), limit: ROWS };
    let found = app.store.replies_to_work_on(&visit.actor(), request).await?;
    page(&ReviewPage::new(Shell::new(&app, &visit, Section::Review), wish, found))
}

/// The form beside an answer.
#[derive(Debug, Deserialize)]
pub(crate) struct Settle {
    session: SessionId,
    reply: MessageId,
    /// `conversation` leads back to it, anything else to the list.
    #[serde(default)]
    back: String,
    #[serde(default)]
    after: String,
}

/// `POST /admin/review/settle`: takes an answer off the list.
pub(crate) async fn settle(
    State(app): State<AppState>,
    Editor(visit): Editor,
    Checked(form): Checked<Settle>,
) -> ApiResult<Response> {
    let (session, reply) = (form.session, form.reply);
    if !app.sessions.settle(&visit.actor(), (session, reply)).await? {
        return Err(ErrorCode::ReplyNotFound.into());
    }
    let detail = format!("of conversation {session}");
    app.audit.note(&visit.author(), "reply.settled", reply.to_string(), detail).await;
    Ok(redirect(&back(&form), Done::Settled))
}

/// Back to where the form was.
fn back(form: &Settle) -> String {
    let after = Cursor::parse(&form.after).map(|cursor| cursor.to_string()).unwrap_or_default();
    match form.back.as_str() {
        "conversation" => format!("/admin/conversations/{}", form.session),
        _ => href("/admin/review", &[("after", &after)]),
    }
}

impl ReviewPage {
    fn new(shell: Shell, wish: Wish, found: Page<ReplyToWorkOn>) -> Self {
        let at = |after: &str| href("/admin/review", &[("after", after)]);
        Self {
            shell,
            styles: page_file_address("records", "css"),
            older: found.next.as_ref().map_or_else(String::new, |next| at(&next.to_string())),
            newest: if wish.after.is_empty() { String::new() } else { at("") },
            answers: found.items.iter().map(AnswerView::from).collect(),
            after: wish.after,
        }
    }
}

impl From<&ReplyToWorkOn> for AnswerView {
    fn from(one: &ReplyToWorkOn) -> Self {
        Self {
            session: one.session.to_string(),
            reply: one.reply.to_string(),
            href: format!("/admin/conversations/{}#m-{}", one.session, one.reply),
            bot: begin(&one.bot, 60),
            bot_href: format!("/admin/bots/{}", one.bot),
            at: one.at.to_string(),
            question: begin(&one.question, QUESTION_CHARS),
            answer: SafeHtml::of_markdown(one.text.trim()),
            why: one.why.iter().map(|why| reason(*why)).collect(),
            failure: one.failure.map_or("", failure),
            comment: one.comment.as_deref().map(cleaned).unwrap_or_default(),
        }
    }
}

const fn reason(why: WhyWork) -> (&'static str, &'static str) {
    match why {
        WhyWork::Disliked => ("thumb down", "bad"),
        WhyWork::Failed => ("failed", "warn"),
        WhyWork::Blocked => ("refused by the vendor", "warn"),
        WhyWork::AskedContact => ("asked for contact", "accent"),
    }
}

#[cfg(test)]
mod tests;
