//! `GET /health`: whether the server can do its work.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;

use crate::http::AppState;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Health {
    status: &'static str,
    version: &'static str,
    database: &'static str,
    uptime_seconds: u64,
}

/// 200 while the database takes writes, else 503 with the same shape.
pub(crate) async fn show(State(app): State<AppState>) -> (StatusCode, Json<Health>) {
    let writable = app.store.check_writable().await;
    if let Err(error) = &writable {
        tracing::warn!(%error, "Health: the database does not take writes");
    }
    let (code, status, database) = match writable {
        Ok(()) => (StatusCode::OK, "ok", "ok"),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "degraded", "unwritable"),
    };
    let uptime_seconds = app.started.elapsed().as_secs();
    (code, Json(Health { status, version: env!("CARGO_PKG_VERSION"), database, uptime_seconds }))
}
