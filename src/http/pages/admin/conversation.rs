//! `/admin/conversations/{session}`: one conversation, read live or long after, and deleted.

mod facts;
mod steps;
pub(crate) mod turns;

use askama::Template;
use axum::extract::State;
use axum::http::header::ETAG;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use crate::domain::file::File;
use crate::domain::id::SessionId;
use crate::http::AppState;
use crate::http::api::sessions::erase_session;
use crate::http::auth::{Editor, StaffVisit, Viewer};
use crate::http::embed::page_file_address;
use crate::http::error::{ApiError, ApiResult, ErrorCode};
use crate::http::extract::{PathId, Query};
use crate::http::pages::admin::conversation::facts::{FileView, PageFact, SettingView};
use crate::http::pages::admin::conversation::turns::{TurnView, Turns};
use crate::http::pages::admin::conversations::filter::href;
use crate::http::pages::admin::cost::Cost;
use crate::http::pages::admin::figures::count;
use crate::http::pages::admin::flash::{Done, redirect};
use crate::http::pages::admin::form::Checked;
use crate::http::pages::admin::page;
use crate::http::pages::admin::shell::{Section, Shell};
use crate::store::{Cursor, PageRequest, Transcript};

/// Messages on a page.
const MESSAGES: u32 = 60;

/// Which part of it.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Wish {
    #[serde(default)]
    after: String,
}

/// The messages, as the page shows them and the script asks for them anew.
#[derive(Template)]
#[template(path = "admin/conversation_turns.html")]
struct TurnsFragment {
    turns: Vec<TurnView>,
    is_running: bool,
    may_edit: bool,
    csrf: String,
    session: String,
}

// Its template escapes what it is given.
impl askama::filters::HtmlSafe for TurnsFragment {}

#[derive(Template)]
#[template(path = "admin/conversation.html")]
pub(crate) struct ConversationPage {
    shell: Shell,
    styles: String,
    script: String,
    path: String,
    delete: String,
    title: String,
    bot: String,
    began: String,
    last_activity: String,
    messages: String,
    cost: String,
    is_protected: bool,
    account: Option<i64>,
    user_identifier: String,
    details: Vec<SettingView>,
    page: Vec<PageFact>,
    settings: Vec<SettingView>,
    files: Vec<FileView>,
    fragment: TurnsFragment,
    is_newest: bool,
    older: String,
    newest: String,
}

/// `GET /admin/conversations/{session}`.
pub(crate) async fn show(
    State(app): State<AppState>,
    Viewer(visit): Viewer,
    PathId(id): PathId<SessionId>,
    Query(wish): Query<Wish>,
) -> ApiResult<Response> {
    let actor = visit.actor();
    let transcript = read(&app, &visit, id, &wish).await?;
    let files = app.store.files(&actor, id).await?.unwrap_or_default();
    page(&ConversationPage::new(&app, &visit, transcript, &files, &wish))
}

/// `GET /admin/conversations/{session}/live`: the newest messages as a piece of HTML, or 304 if
/// nothing has changed. The page's script asks every second or so. That is less than a stream, and
/// enough: it shows new messages, the growing reply, thumbs and what was settled alike, passes
/// every proxy, holds no connection open, and the page needs no second way to show a message.
pub(crate) async fn live(
    State(app): State<AppState>,
    Viewer(visit): Viewer,
    PathId(id): PathId<SessionId>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let transcript = read(&app, &visit, id, &Wish::default()).await?;
    let fragment = TurnsFragment::new(&app, &visit, transcript);
    let html =
        fragment.render().map_err(|error| ApiError::from(ErrorCode::Internal).because(error))?;
    let tag = format!("\"{}\"", URL_SAFE_NO_PAD.encode(Sha256::digest(&html)));
    let tag = HeaderValue::from_str(&tag)
        .map_err(|error| ApiError::from(ErrorCode::Internal).because(error))?;
    if headers.get(header::IF_NONE_MATCH) == Some(&tag) {
        return Ok((StatusCode::NOT_MODIFIED, [(ETAG, tag)]).into_response());
    }
    Ok(([(ETAG, tag)], Html(html)).into_response())
}

/// The hidden fields of the form.
#[derive(Deserialize)]
pub(crate) struct Nothing {}

/// `POST /admin/conversations/{session}/delete`: for good, whatever runs in it is stopped first.
pub(crate) async fn delete(
    State(app): State<AppState>,
    Editor(visit): Editor,
    PathId(id): PathId<SessionId>,
    Checked(Nothing {}): Checked<Nothing>,
) -> ApiResult<Response> {
    erase_session(&app, &visit.actor(), id).await?;
    app.audit.note(&visit.author(), "conversation.deleted", id.to_string(), "").await;
    Ok(redirect("/admin/conversations", Done::Deleted))
}

async fn read(
    app: &AppState,
    visit: &StaffVisit,
    id: SessionId,
    wish: &Wish,
) -> ApiResult<Transcript> {
    let request = PageRequest { after: Cursor::parse(&wish.after), limit: MESSAGES };
    let found = app.store.transcript(&visit.actor(), id, request).await?;
    found.ok_or_else(|| ErrorCode::SessionNotFound.into())
}

impl TurnsFragment {
    fn new(app: &AppState, visit: &StaffVisit, transcript: Transcript) -> Self {
        let turns = Turns { models: app.turns.models(), prices: &app.prices };
        let session = transcript.session.id.to_string();
        let turns: Vec<TurnView> =
            transcript.messages.into_iter().map(|one| turns.view(one)).collect();
        Self {
            is_running: turns.iter().any(|turn| turn.is_running),
            turns,
            may_edit: visit.staff.role.includes(crate::domain::account::Role::Editor),
            csrf: visit.csrf.to_string(),
            session,
        }
    }
}

impl ConversationPage {
    fn new(
        app: &AppState,
        visit: &StaffVisit,
        transcript: Transcript,
        files: &[File],
        wish: &Wish,
    ) -> Self {
        let session = transcript.session.clone();
        let path = path_of(session.id);
        let older = transcript.older.as_ref().map(Cursor::to_string).unwrap_or_default();
        let is_newest = wish.after.is_empty();
        let cost = cost(app, &transcript);
        let fragment = TurnsFragment::new(app, visit, transcript);
        Self {
            shell: Shell::new(app, visit, Section::Conversations),
            styles: page_file_address("records", "css"),
            script: page_file_address("live", "js"),
            title: facts::title(&fragment.turns),
            bot: session.bot.clone(),
            began: session.created_at.to_string(),
            last_activity: session.last_activity.to_string(),
            messages: count(session.message_count),
            cost,
            is_protected: session.protected,
            account: session.account.map(|account| account.number()),
            user_identifier: facts::shown(session.user_identifier.as_deref().unwrap_or_default()),
            details: facts::details(&session.details),
            page: facts::page(&session.config),
            settings: facts::settings(&session.config),
            files: files.iter().map(FileView::from).collect(),
            older: if older.is_empty() { older } else { href(&path, &[("after", &older)]) },
            newest: if is_newest { String::new() } else { path.clone() },
            is_newest,
            fragment,
            delete: format!("{path}/delete"),
            path,
        }
    }
}

/// What the shown replies cost.
fn cost(app: &AppState, transcript: &Transcript) -> String {
    let mut sum = Cost::default();
    for facts in transcript.messages.iter().filter_map(|one| one.message.reply.as_ref()) {
        sum.add(Cost::of_reply(&app.prices, (&facts.provider, &facts.model), facts.usage));
    }
    sum.words()
}

fn path_of(id: SessionId) -> String {
    format!("/admin/conversations/{id}")
}

#[cfg(test)]
mod tests;
