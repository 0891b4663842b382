//! The audit log: who changed what, the newest first.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;

use super::page;
use super::shell::{Section, Shell};
use crate::domain::account::AuditEntry;
use crate::http::AppState;
use crate::http::auth::Viewer;
use crate::http::error::ApiResult;
use crate::http::extract::Query;
use crate::store::audit::AuditPage;

/// Entries on a page.
const LIMIT: u32 = 50;

#[derive(Template)]
#[template(path = "admin/audit.html")]
struct AuditLogPage {
    shell: Shell,
    entries: Vec<AuditEntry>,
    action: String,
    older: String,
    newer: String,
}

/// Which entries.
#[derive(Deserialize)]
pub(crate) struct Wanted {
    #[serde(default)]
    action: String,
    before: Option<i64>,
}

/// `GET /admin/audit`: a page of the log, all of it or one kind of entry.
pub(crate) async fn show(
    State(app): State<AppState>,
    Viewer(visit): Viewer,
    Query(wanted): Query<Wanted>,
) -> ApiResult<Response> {
    let action = Some(wanted.action.clone()).filter(|action| !action.is_empty());
    let which = AuditPage { action, before: wanted.before, limit: LIMIT + 1 };
    let mut entries = app.audit.entries(&visit.actor(), which).await?;
    let has_more = entries.len() > LIMIT as usize;
    entries.truncate(LIMIT as usize);
    let last = entries.last().filter(|_| has_more).map(|entry| entry.id);
    page(&AuditLogPage {
        shell: Shell::new(&app, &visit, Section::Audit),
        entries,
        older: last.map_or_else(String::new, |last| address(&wanted.action, Some(last))),
        newer: wanted.before.map_or_else(String::new, |_| address(&wanted.action, None)),
        action: wanted.action,
    })
}

/// Where these entries are.
fn address(action: &str, before: Option<i64>) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    if !action.is_empty() {
        query.append_pair("action", action);
    }
    if let Some(before) = before {
        query.append_pair("before", &before.to_string());
    }
    format!("/admin/audit?{}", query.finish())
}

/// What an action's colour is: what was refused or deleted stands out.
fn tone(action: &str) -> &'static str {
    match action.rsplit('.').next().unwrap_or_default() {
        "failed" | "deleted" | "erased" | "deactivated" | "revoked" => "bad",
        _ => "neutral",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::account::{AccountId, Role};
    use crate::domain::clock::Timestamp;
    use crate::http::pages::admin::samples::{HOSTILE, rendered, shell};

    #[test]
    fn entries_are_escaped() {
        for text in HOSTILE {
            let entry = |account| AuditEntry {
                id: 9,
                at: Timestamp::from_ms(1_795_180_800_123),
                account,
                username: (*text).to_owned(),
                action: (*text).to_owned(),
                subject: (*text).to_owned(),
                detail: (*text).to_owned(),
            };
            rendered(&AuditLogPage {
                shell: shell(Section::Audit, Role::Viewer, text),
                entries: vec![entry(None), entry(Some(AccountId::new(3)))],
                action: (*text).to_owned(),
                older: address(text, Some(4)),
                newer: address(text, None),
            });
        }
        let nothing = AuditLogPage {
            shell: shell(Section::Audit, Role::Viewer, "ada"),
            entries: Vec::new(),
            action: String::new(),
            older: String::new(),
            newer: String::new(),
        };
        assert!(rendered(&nothing).contains("Nothing here yet"));
    }

    #[test]
    fn addresses_of_the_log_carry_any_action() {
        assert_eq!(address("", None), "/admin/audit?");
        assert_eq!(address("a&b=c", Some(4)), "/admin/audit?action=a%26b%3Dc&before=4");
    }
}
