//! How the server is: database, disk, providers, what is running.

use std::time::Duration;

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::page;
use super::shell::{Section, Shell};
use crate::domain::bot::ProviderName;
use crate::http::AppState;
use crate::http::auth::Viewer;
use crate::http::error::ApiResult;
use crate::service::turn::models::ProviderHealth;
use crate::store::{Room, SessionStats};

/// A database that is busy for longer is not well.
const PATIENCE: Duration = Duration::from_millis(900);
/// With less room than this the disk is soon full.
const LITTLE_ROOM: u64 = 1024 * 1024 * 1024;

#[derive(Template)]
#[template(path = "admin/health.html")]
struct HealthPage {
    shell: Shell,
    /// What is wrong with the database; empty if it takes writes.
    database_problem: &'static str,
    room: Room,
    uptime: String,
    running: usize,
    sessions: SessionStats,
    providers: Vec<ProviderHealth>,
    default_provider: ProviderName,
    version: &'static str,
}

impl HealthPage {
    fn is_short_of_room(&self) -> bool {
        self.room.free_bytes.is_some_and(|free| free < LITTLE_ROOM)
    }

    fn file_size(&self) -> String {
        bytes(self.room.file_bytes)
    }

    fn log_size(&self) -> String {
        bytes(self.room.log_bytes)
    }

    fn free_size(&self) -> Option<String> {
        self.room.free_bytes.map(bytes)
    }

    fn is_well(&self) -> bool {
        self.database_problem.is_empty() && !self.is_short_of_room()
    }
}

/// `GET /admin/health`.
pub(crate) async fn show(
    State(app): State<AppState>,
    Viewer(visit): Viewer,
) -> ApiResult<Response> {
    let written = tokio::time::timeout(PATIENCE, app.store.check_writable()).await;
    let database_problem = match written {
        Ok(Ok(())) => "",
        Ok(Err(error)) => {
            tracing::warn!(%error, "Health: the database does not take writes");
            "It does not take writes; the log says why."
        }
        Err(_elapsed) => "It is busy.",
    };
    page(&HealthPage {
        shell: Shell::new(&app, &visit, Section::Health),
        database_problem,
        room: app.store.room().await?,
        uptime: span(app.started.elapsed()),
        running: app.turns.running_count(),
        sessions: app.sessions.stats().await?,
        providers: app.turns.models().health(),
        default_provider: app.sessions.bot(None)?.provider,
        version: env!("CARGO_PKG_VERSION"),
    })
}

/// A span in its two largest units.
fn span(span: Duration) -> String {
    let minutes = span.as_secs() / 60;
    let (days, hours, minutes) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
    match (days, hours) {
        (0, 0) => format!("{minutes} min"),
        (0, _) => format!("{hours} h {minutes} min"),
        _ => format!("{days} d {hours} h"),
    }
}

/// Bytes as people say them.
#[expect(clippy::cast_precision_loss, reason = "one digit behind the point is shown")]
fn bytes(count: u64) -> String {
    let mut size = count as f64;
    let mut unit = "bytes";
    for larger in ["KB", "MB", "GB", "TB"] {
        if size < 1000.0 {
            break;
        }
        size /= 1024.0;
        unit = larger;
    }
    if unit == "bytes" || size >= 100.0 {
        format!("{size:.0} {unit}")
    } else {
        format!("{size:.1} {unit}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::account::Role;
    use crate::domain::clock::Timestamp;
    use crate::http::pages::admin::samples::{HOSTILE, rendered, shell};
    use crate::service::turn::models::LastFailure;

    fn sample(text: &str, free_bytes: Option<u64>, database_problem: &'static str) -> HealthPage {
        let at = Timestamp::from_ms(1_795_180_800_123);
        let provider = |failed: bool| ProviderHealth {
            name: ProviderName::Demo,
            display_name: text.to_owned(),
            model: text.to_owned(),
            fallback_place: failed.then_some(0),
            last_failure: failed.then_some(LastFailure {
                at,
                what: "The key was refused",
                status: Some(401),
            }),
        };
        HealthPage {
            shell: shell(Section::Health, Role::Viewer, text),
            database_problem,
            room: Room { file_bytes: 123_456_789, log_bytes: 0, free_bytes, readers: 2 },
            uptime: span(Duration::from_secs(90_000)),
            running: 3,
            sessions: SessionStats { total: 10, active: 2 },
            providers: vec![provider(false), provider(true)],
            default_provider: ProviderName::Demo,
            version: "0.1.0",
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        for text in HOSTILE {
            let html = rendered(&sample(text, Some(1 << 40), ""));
            assert!(html.contains("Everything works"));
            assert!(html.contains("The key was refused"));
        }
        assert!(rendered(&sample("x", Some(1 << 20), "")).contains("The disk is almost full"));
        assert!(rendered(&sample("x", None, "It is busy.")).contains("It is busy."));
    }

    #[test]
    fn sizes_and_spans_are_said_as_people_do() {
        assert_eq!(bytes(0), "0 bytes");
        assert_eq!(bytes(1536), "1.5 KB");
        assert_eq!(bytes(1023 * 1024), "1.0 MB");
        assert_eq!(bytes(120 * 1024 * 1024), "120 MB");
        assert_eq!(span(Duration::from_secs(59)), "0 min");
        assert_eq!(span(Duration::from_secs(3 * 3600 + 60)), "3 h 1 min");
        assert_eq!(span(Duration::from_secs(90_000)), "1 d 1 h");
    }
}
