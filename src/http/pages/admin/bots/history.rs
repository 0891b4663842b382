//! What a bot was: every change with who and when, and the way back.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use serde::Deserialize;

use super::fields::label;
use super::sentence;
use crate::domain::bot::settings::BotSettings;
use crate::http::AppState;
use crate::http::auth::{Editor, Viewer};
use crate::http::error::{ApiError, ApiResult, ErrorCode};
use crate::http::pages::admin::flash::{self, Done};
use crate::http::pages::admin::form::Checked;
use crate::http::pages::admin::page;
use crate::http::pages::admin::shell::{Section, Shell};
use crate::service::bots::BotChangeError;
use crate::store::bots::BotRevision;

#[derive(Template)]
#[template(path = "admin/bots/revisions.html")]
pub(super) struct HistoryPage {
    pub shell: Shell,
    pub slug: String,
    pub revisions: Vec<RevisionView>,
}

/// One change.
pub(super) struct RevisionView {
    revision: u32,
    at: String,
    by: String,
    note: String,
    is_active: bool,
    is_newest: bool,
    changes: Vec<ChangeView>,
}

/// One value that changed.
struct ChangeView {
    label: &'static str,
    before: String,
    after: String,
}

/// The changes of a bot, the newest first.
pub(super) fn views(revisions: &[BotRevision]) -> Vec<RevisionView> {
    let nothing = BotSettings::default();
    let view = |(place, revision): (usize, &BotRevision)| {
        let before = revisions.get(place + 1).map_or(&nothing, |before| &before.settings);
        let changes = revision.settings.changes_since(before).into_iter();
        RevisionView {
            revision: revision.revision,
            at: revision.at.to_string(),
            by: revision.by.clone(),
            note: revision.note.clone(),
            is_active: revision.is_active,
            is_newest: place == 0,
            changes: changes
                .map(|change| ChangeView {
                    label: label(change.field),
                    before: change.before.unwrap_or_default(),
                    after: change.after.unwrap_or_default(),
                })
                .collect(),
        }
    };
    revisions.iter().enumerate().map(view).collect()
}

/// `GET /admin/bots/{slug}/revisions`.
pub(crate) async fn show(
    State(app): State<AppState>,
    Viewer(visit): Viewer,
    Path(slug): Path<String>,
) -> ApiResult<Response> {
    let revisions = views(&app.bots.revisions(&slug).await?);
    page(&HistoryPage { shell: Shell::new(&app, &visit, Section::Bots), slug, revisions })
}

/// Which change to go back to.
#[derive(Deserialize)]
pub(crate) struct Back {
    revision: u32,
}

/// `POST /admin/bots/{slug}/rollback`.
pub(crate) async fn roll_back(
    State(app): State<AppState>,
    Editor(visit): Editor,
    Path(slug): Path<String>,
    Checked(Back { revision }): Checked<Back>,
) -> ApiResult<Response> {
    match app.bots.roll_back(&slug, revision, &visit.username).await {
        Ok(_) => {
            let detail = format!("to {revision}");
            app.audit.note(&visit.author(), "bot.rolled_back", &slug, detail).await;
            Ok(flash::redirect(&format!("/admin/bots/{slug}"), Done::RolledBack))
        }
        Err(BotChangeError::Service(error)) => Err(error.into()),
        Err(other) => Err(ApiError::from(ErrorCode::InvalidRequest).saying(sentence(&other))),
    }
}
