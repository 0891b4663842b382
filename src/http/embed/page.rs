//! The panel's page.

use askama::Template;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};
use serde::Deserialize;

use crate::http::AppState;
use crate::http::api::sessions::public_bot;
use crate::http::embed::assets::{Assets, hashed};
use crate::http::embed::script_safe;
use crate::http::error::{ApiError, ApiResult, ErrorCode};
use crate::http::extract::Query;

#[derive(Template)]
#[template(path = "embed.html")]
struct PanelPage<'a> {
    language: &'a str,
    name: &'a str,
    script: String,
    styles: String,
    config: String,
}

#[derive(Deserialize)]
pub(crate) struct PanelQuery {
    bot: Option<String>,
}

/// `GET /embed`, and under its older name: the chat, for an iframe.
pub(crate) async fn panel(
    State(app): State<AppState>,
    Query(query): Query<PanelQuery>,
) -> ApiResult<Response> {
    let bot = app.sessions.bot(query.bot.as_deref())?;
    let mut config = public_bot(&app, bot);
    if let Some(fields) = config.as_object_mut() {
        fields.insert("allowedOrigins".into(), app.widget.allowed_origins.clone());
        let strings = Assets::get("widget/strings/en.json").ok_or(ErrorCode::NotFound)?;
        let strings = serde_json::from_slice(&strings.data).unwrap_or_default();
        fields.insert("strings".into(), strings);
    }
    let page = PanelPage {
        language: if bot.looks.language == "auto" { "en" } else { &bot.looks.language },
        name: &bot.looks.name,
        script: hashed("panel", "js"),
        styles: hashed("panel", "css"),
        config: script_safe(&config),
    };
    let html = page.render().map_err(|error| ApiError::from(ErrorCode::Internal).because(error))?;
    let mut response = Html(html).into_response();
    app.widget.policy.apply(response.headers_mut());
    Ok(response)
}
