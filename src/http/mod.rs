//! HTTP: every route on one page.

pub mod api;
pub mod asked;
pub mod auth;
pub mod compat;
pub mod csrf;
pub mod embed;
pub mod error;
pub mod extract;
pub mod listener;
pub mod multipart;
pub mod openapi;
pub mod pages;
pub mod security;
pub mod sse;
mod upload;

use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use ipnet::IpNet;
use tokio_util::sync::CancellationToken;
use tower_http::catch_panic::CatchPanicLayer;

use crate::config::{AllowedHosts, AllowedOrigins, SeenGroup};
use crate::domain::clock::Clock;
use crate::domain::price::Prices;
use crate::domain::secret::ServerKey;
use crate::http::asked::{Routes, delete, get, post, put};
use crate::http::embed::Widget;
use crate::http::error::ErrorCode;
use crate::http::openapi::Documents;
use crate::service::accounts::Accounts;
use crate::service::audit::Audit;
use crate::service::bots::Bots;
use crate::service::sessions::Sessions;
use crate::service::tables::Tables;
use crate::service::turn::Turns;
use crate::service::upload::Uploads;
use crate::store::Store;

/// What handlers stand on.
pub type AppState = Arc<App>;

/// Everything handlers may use: deeds, reads, and what was settled at start.
pub struct App {
    /// Bots.
    pub bots: Arc<Bots>,
    /// Sessions.
    pub sessions: Arc<Sessions>,
    /// Turns.
    pub turns: Arc<Turns>,
    /// Uploaded files.
    pub uploads: Uploads,
    /// Tables of files and pages.
    pub tables: Arc<Tables>,
    /// Accounts and sign-ins.
    pub accounts: Arc<Accounts>,
    /// What was done by whom.
    pub audit: Arc<Audit>,
    /// What forms of the admin pages are signed with.
    pub csrf_key: ServerKey,
    /// Reads that need no deed.
    pub store: Arc<dyn Store>,
    /// What models cost.
    pub prices: Prices,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The widget's files.
    pub widget: Widget,
    /// The API described by itself, made when it is first asked for.
    pub documents: Documents,
    /// Who may embed.
    pub origins: AllowedOrigins,
    /// Whether pages of those sites may send cookies along.
    pub cors_credentials: bool,
    /// Names it answers to.
    pub allowed_hosts: AllowedHosts,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Longest message, characters.
    pub max_message_chars: usize,
    /// Address for visitors, if the owner set one.
    pub public_url: Option<String>,
    /// The settings, as staff may see them.
    pub settings_seen: Vec<SeenGroup>,
    /// When the server started.
    pub started: Instant,
    /// Cancelled when the server stops.
    pub shutdown: CancellationToken,
}

/// All routes.
pub fn router(app: AppState) -> Router {
    let api = Routes::new()
        .route("/health", get(api::health::show))
        .route("/api/sessions/create", post(api::sessions::create))
        .route("/api/sessions/stats/summary", get(api::sessions::stats))
        .route("/api/sessions/bot-config", get(api::bots::bot_config))
        .route("/api/sessions/{id}", get(api::sessions::show).delete(api::sessions::erase))
        .route("/api/sessions/{id}/config", put(api::sessions::update_config))
        .route("/api/sessions/{id}/details", post(api::details::save))
        .route("/api/sessions/{id}/export", get(api::export::export))
        .route("/api/chat/message", post(api::chat::send))
        .route("/api/chat/history/{id}", get(api::chat::history).delete(api::chat::clear_history))
        .route("/api/chat/replies/{id}", get(api::replies::resume))
        .route("/api/chat/replies/{id}/steps/{step}/csv", get(api::replies::step_csv))
        .route("/api/chat/replies/{id}/stop", post(api::replies::stop))
        .route("/api/chat/replies/{id}/feedback", post(api::feedback::save))
        .route("/api/files/upload", post(api::files::upload))
        .route("/api/files/info/{id}", get(api::files::info))
        .route("/api/files/query/{id}", post(api::files::query))
        .route("/api/files/{id}", delete(api::files::delete))
        .route("/api/openapi.json", get(openapi::show))
        .into_router()
        .merge(compat::routes())
        .fallback(|| async { error::ApiError::from(ErrorCode::NotFound) })
        .layer(from_fn(security::api_headers))
        .layer(security::cors(&app.origins, app.cors_credentials));
    let widget = Routes::new()
        .route("/widget.js", get(embed::loader))
        .route("/static/widget/chatbot.js", get(embed::loader))
        .route("/embed", get(embed::panel))
        .route("/embed/words", get(embed::words::show))
        .route("/static/widget/chatbot.html", get(embed::panel))
        .route("/static/widget/{file}", get(embed::file))
        .into_router();
    let own_pages = Routes::new()
        .route("/", get(pages::demo::show))
        .route("/api/docs", get(openapi::page::show))
        .route("/static/pages/{file}", get(embed::page_file))
        .into_router()
        .layer(from_fn(security::page_headers));
    let admin = pages::admin::routes()
        .into_router()
        .layer(from_fn_with_state(Arc::clone(&app), pages::admin::refuse_other_sites));
    Router::new()
        .merge(api)
        .merge(widget)
        .merge(own_pages)
        .merge(admin)
        .layer(from_fn_with_state(Arc::clone(&app), security::refuse_when_stopping))
        .layer(from_fn_with_state(Arc::clone(&app), security::refuse_foreign_hosts))
        .layer(CatchPanicLayer::custom(security::panicked))
        .layer(from_fn(pages::admin::speak_html))
        .layer(from_fn(security::identify))
        .with_state(app)
}
