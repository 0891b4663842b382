//! `GET /api/health/`: whether the server is well, as the AI-chat backend says it.
//!
//! ```text
//! GET /api/health/
//!
//! 200 {"status": "healthy", "database": "ok", "version": "0.1.0", "timestamp": "2026-09-21T14:13:20Z"}
//! ```
//! Error: 503 when nothing can be stored.

use axum::Json as Body;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::clock::Timestamp;
use crate::http::AppState;
use crate::http::api;
use crate::http::auth::Anyone;
use crate::http::error::{ApiError, ApiResult, ErrorCode};
use crate::http::openapi::refusals;

/// How the server is, in this family's words.
#[derive(Serialize, ToSchema)]
#[schema(as = OlderHealth)]
pub(crate) struct Health {
    status: &'static str,
    database: &'static str,
    version: &'static str,
    #[schema(value_type = String, format = DateTime)]
    timestamp: Timestamp,
}

/// Whether the server can do its work
#[utoipa::path(get, path = "/api/health/", operation_id = "aiChatHealth", tag = "Older: AI chat",
    responses(refusals::OlderHealth, (status = 200, description = "All is well", body = Health)))]
pub(crate) async fn show(State(app): State<AppState>, Anyone: Anyone) -> ApiResult<Body<Health>> {
    let health = api::health::examine(&app).await;
    if !health.is_well() {
        let sentence = "unhealthy: messages cannot be stored at the moment";
        return Err(ApiError::from(ErrorCode::StorageUnavailable).saying(sentence).retry_after(5));
    }
    Ok(Body(Health {
        status: "healthy",
        database: "ok",
        version: env!("CARGO_PKG_VERSION"),
        timestamp: app.clock.now(),
    }))
}
