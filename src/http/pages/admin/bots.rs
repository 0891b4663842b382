//! The bots: listed, made, changed beside a preview, gone back with, taken along.

mod fields;
pub(super) mod history;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;

use super::flash::{self, Done};
use super::form::Checked;
use super::shell::{Section, Shell};
use super::{page, page_with};
use crate::domain::bot::ProviderName;
use crate::domain::bot::file;
use crate::domain::bot::settings::BotSettings;
use crate::domain::bot::slug::DEFAULT_SLUG;
use crate::http::AppState;
use crate::http::auth::{Editor, StaffVisit, Viewer};
use crate::http::embed::page_file_address;
use crate::http::error::{ApiError, ApiResult, ErrorCode};
use crate::http::pages::admin::bots::fields::{FieldView, Given, views};
use crate::http::pages::demo::{Snippets, snippets};
use crate::service::bots::{BotChangeError, KnownBot, SaveChanges};

#[derive(Template)]
#[template(path = "admin/bots/list.html")]
struct ListPage {
    shell: Shell,
    bots: Vec<BotRow>,
}

/// A bot in the list.
struct BotRow {
    slug: String,
    name: String,
    color: String,
    model: String,
    is_active: bool,
    is_default: bool,
    changed_at: Option<String>,
    budget: String,
}

/// `GET /admin/bots`.
pub(super) async fn list(
    State(app): State<AppState>,
    Viewer(visit): Viewer,
) -> ApiResult<Response> {
    let budgets = app.bots.budget_state();
    let row = |known: Arc<KnownBot>| {
        let own = budgets.iter().find(|state| state.bot.as_deref() == Some(&known.bot.slug));
        BotRow {
            slug: known.bot.slug.clone(),
            name: known.bot.looks.name.clone(),
            color: known.bot.looks.color.clone(),
            model: model_of(&app, &known),
            is_active: known.is_active,
            is_default: known.is_default,
            changed_at: known.changed_at.map(|at| at.to_string()),
            budget: own.map_or_else(String::new, |state| {
                format!("{} of {} tokens today", state.spent, state.limit)
            }),
        }
    };
    let bots = app.bots.list().into_iter().map(row).collect();
    page(&ListPage { shell: Shell::new(&app, &visit, Section::Bots), bots })
}

/// Who answers, in words.
fn model_of(app: &AppState, known: &KnownBot) -> String {
    if known.bot.provider == ProviderName::Demo {
        return "demo mode, no model".to_owned();
    }
    let provider = app.turns.models().get(known.bot.provider);
    let model = known.bot.model.as_deref().or_else(|| provider.map(|provider| provider.model()));
    format!("{} {}", known.bot.provider, model.unwrap_or_default())
}

#[derive(Template)]
#[template(path = "admin/bots/edit.html")]
struct EditPage {
    shell: Shell,
    styles: String,
    script: String,
    /// Empty for a new bot.
    slug: String,
    /// What a new bot is to be called.
    wanted_slug: String,
    name: String,
    fields: Vec<FieldView>,
    is_active: bool,
    is_default: bool,
    may_delete: bool,
    based_on: u32,
    snippets: Option<Snippets>,
    /// What is wrong with the form as a whole.
    problem: String,
}

impl EditPage {
    fn new(app: &AppState, visit: &StaffVisit, known: &KnownBot, given: &Given) -> Self {
        Self {
            shell: Shell::new(app, visit, Section::Bots),
            styles: page_file_address("bots", "css"),
            script: page_file_address("bots", "js"),
            slug: known.bot.slug.clone(),
            wanted_slug: given.slug.clone(),
            name: known.bot.looks.name.clone(),
            fields: views(app, &known.settings, given),
            is_active: given.is_active,
            is_default: known.is_default,
            may_delete: !known.is_default && known.bot.slug != DEFAULT_SLUG,
            based_on: given.based_on,
            snippets: None,
            problem: String::new(),
        }
    }

    fn delete_address(&self) -> String {
        format!("/admin/bots/{}/delete", self.slug)
    }

    /// A bot that is not there yet.
    fn of_new(app: &AppState, visit: &StaffVisit, given: &Given) -> Self {
        let blank = KnownBot {
            bot: Arc::new(app.bots.basis().bot("", &BotSettings::default())),
            settings: BotSettings::default(),
            is_active: true,
            is_default: false,
            revision: 0,
            changed_at: None,
        };
        Self { may_delete: false, ..Self::new(app, visit, &blank, given) }
    }
}

/// `GET /admin/bots/new`.
pub(super) async fn show_new(
    State(app): State<AppState>,
    Editor(visit): Editor,
) -> ApiResult<Response> {
    page(&EditPage::of_new(&app, &visit, &Given::blank()))
}

/// `POST /admin/bots/new`.
pub(super) async fn make(
    State(app): State<AppState>,
    Editor(visit): Editor,
    Checked(fields): Checked<Vec<(String, String)>>,
) -> ApiResult<Response> {
    let mut given = Given::read(fields);
    given.based_on = 0;
    match change(&app, &visit, &given.slug.clone(), &mut given).await? {
        None => Ok(flash::redirect(&format!("/admin/bots/{}", given.slug), Done::Created)),
        Some(problem) => {
            let page = EditPage { problem, ..EditPage::of_new(&app, &visit, &given) };
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
}

/// `GET /admin/bots/{slug}`.
pub(super) async fn show(
    State(app): State<AppState>,
    Viewer(visit): Viewer,
    Path(slug): Path<String>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let known = app.bots.known(&slug)?;
    let edit = EditPage::new(&app, &visit, &known, &Given::of(&known));
    let snippets = Some(snippets(&app, &headers, &known.bot, known.is_default)?);
    page(&EditPage { snippets, ..edit })
}

/// `POST /admin/bots/{slug}`: all of its values; those that are empty come from the configuration.
pub(super) async fn save(
    State(app): State<AppState>,
    Editor(visit): Editor,
    Path(slug): Path<String>,
    Checked(fields): Checked<Vec<(String, String)>>,
) -> ApiResult<Response> {
    let known = app.bots.known(&slug)?;
    let mut given = Given::read(fields);
    match change(&app, &visit, &slug, &mut given).await? {
        None => Ok(flash::redirect(&format!("/admin/bots/{slug}"), Done::Saved)),
        Some(problem) => {
            let page = EditPage { problem, ..EditPage::new(&app, &visit, &known, &given) };
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
}

/// Saves what the form says; answers what is wrong with it, if anything is.
async fn change(
    app: &AppState,
    visit: &StaffVisit,
    slug: &str,
    given: &mut Given,
) -> ApiResult<Option<String>> {
    const SEE_BELOW: &str = "Nothing was saved yet: please look at the fields marked below.";
    let Some(settings) = given.settings() else { return Ok(Some(SEE_BELOW.to_owned())) };
    let before = app
        .bots
        .known(slug)
        .map_or_else(|_| BotSettings::default(), |known| known.settings.clone());
    let changed: Vec<&str> =
        settings.changes_since(&before).iter().map(|change| change.field.as_str()).collect();
    let changes = SaveChanges {
        slug,
        settings,
        is_active: given.is_active,
        based_on: Some(given.based_on),
        by: &visit.username,
    };
    match app.bots.save(changes).await {
        Ok(_) => {
            let action = if given.based_on == 0 { "bot.made" } else { "bot.changed" };
            app.audit.note(&visit.author(), action, slug, changed.join(", ")).await;
            Ok(None)
        }
        Err(BotChangeError::Values(problems)) => {
            given.problems.extend(problems);
            Ok(Some(SEE_BELOW.to_owned()))
        }
        Err(BotChangeError::Service(error)) => Err(error.into()),
        Err(other) => Ok(Some(sentence(&other))),
    }
}

fn sentence(error: &BotChangeError) -> String {
    let text = error.to_string();
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}

/// A form that only has a button.
#[derive(Deserialize)]
pub(crate) struct Nothing {}

/// `POST /admin/bots/{slug}/default`.
pub(super) async fn make_default(
    State(app): State<AppState>,
    Editor(visit): Editor,
    Path(slug): Path<String>,
    Checked(Nothing {}): Checked<Nothing>,
) -> ApiResult<Response> {
    app.bots.make_default(&slug).await?;
    app.audit.note(&visit.author(), "bot.made_default", &slug, "").await;
    Ok(flash::redirect(&format!("/admin/bots/{slug}"), Done::DefaultChanged))
}

/// `POST /admin/bots/{slug}/delete`.
pub(super) async fn delete(
    State(app): State<AppState>,
    Editor(visit): Editor,
    Path(slug): Path<String>,
    Checked(Nothing {}): Checked<Nothing>,
) -> ApiResult<Response> {
    match app.bots.delete(&slug, &visit.username).await {
        Ok(()) => {
            app.audit.note(&visit.author(), "bot.deleted", &slug, "").await;
            Ok(flash::redirect("/admin/bots", Done::Deleted))
        }
        Err(BotChangeError::Service(error)) => Err(error.into()),
        Err(other) => Err(ApiError::from(ErrorCode::InvalidRequest).saying(sentence(&other))),
    }
}

/// `GET /admin/bots/export`: all of them as a file.
pub(super) async fn export(State(app): State<AppState>, Viewer(_): Viewer) -> Response {
    let headers = [
        (CONTENT_TYPE, "application/json"),
        (CONTENT_DISPOSITION, "attachment; filename=\"alcove-bots.json\""),
    ];
    (headers, file::write(&app.bots.in_file())).into_response()
}
