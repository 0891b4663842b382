//! `GET /health`: whether the server can do its work.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::AppState;
use crate::http::auth::Anyone;
use crate::http::error::ErrorBody;
use crate::http::openapi::refusals;

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Health {
    /// `ok` or `degraded`.
    #[schema(pattern = "^(ok|degraded)$")]
    status: &'static str,
    version: &'static str,
    /// `ok`, `unwritable` or `busy`.
    #[schema(pattern = "^(ok|unwritable|busy)$")]
    database: &'static str,
    uptime_seconds: u64,
}

/// What a server that is not well answers: its health, or that it has too many connections to look.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "described, never made")]
pub(crate) enum HealthRefused {
    Ill(Health),
    Crowded(ErrorBody<'static>),
}

/// Whoever asks has little patience: a database that is busy for longer is not well.
const PATIENCE: Duration = Duration::from_millis(900);

impl Health {
    /// Whether the server can do its work.
    pub(crate) fn is_well(&self) -> bool {
        self.status == "ok"
    }
}

/// Whether the server can do its work
///
/// 200 while the database takes writes, else 503 with the same shape.
#[utoipa::path(get, path = "/health", operation_id = "health", tag = "Server",
    responses(
        refusals::Nothing,
        (status = 200, description = "All is well", body = Health),
        (status = 503, description = "The database does not take writes; or `too_many_connections`",
            body = HealthRefused),
    ))]
pub(crate) async fn show(
    State(app): State<AppState>,
    Anyone: Anyone,
) -> (StatusCode, Json<Health>) {
    let health = examine(&app).await;
    let code = if health.is_well() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (code, Json(health))
}

/// Finds out how the server is.
pub(crate) async fn examine(app: &AppState) -> Health {
    let (status, database) = match tokio::time::timeout(PATIENCE, app.store.check_writable()).await
    {
        Ok(Ok(())) => ("ok", "ok"),
        Ok(Err(error)) => {
            tracing::warn!(%error, "Health: the database does not take writes");
            ("degraded", "unwritable")
        }
        Err(_elapsed) => {
            tracing::warn!("Health: the database is busy");
            ("degraded", "busy")
        }
    };
    let uptime_seconds = app.started.elapsed().as_secs();
    Health { status, version: env!("CARGO_PKG_VERSION"), database, uptime_seconds }
}
