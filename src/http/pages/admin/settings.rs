//! The settings the server was started with, and where each comes from. Secrets are only `set`.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::page;
use super::shell::{Section, Shell};
use crate::config::SeenGroup;
use crate::http::AppState;
use crate::http::auth::Viewer;
use crate::http::error::ApiResult;

#[derive(Template)]
#[template(path = "admin/settings.html")]
struct SettingsPage<'a> {
    shell: Shell,
    groups: &'a [SeenGroup],
}

/// `GET /admin/settings`.
pub(crate) async fn show(
    State(app): State<AppState>,
    Viewer(visit): Viewer,
) -> ApiResult<Response> {
    page(&SettingsPage {
        shell: Shell::new(&app, &visit, Section::Settings),
        groups: &app.settings_seen,
    })
}

/// A heading as a part of an address.
fn anchor(name: &str) -> String {
    name.chars()
        .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Origin, SeenSetting};
    use crate::domain::account::Role;
    use crate::http::pages::admin::samples::{HOSTILE, rendered, shell};

    #[test]
    fn values_of_settings_are_escaped() {
        for text in HOSTILE {
            let setting = |origin| SeenSetting {
                name: "BOT_NAME",
                help: "Name in the widget's header.",
                value: (*text).to_owned(),
                origin,
            };
            let settings = vec![setting(None), setting(Some(Origin::File))];
            let groups = vec![SeenGroup { name: "Who may embed", settings }];
            let html = rendered(&SettingsPage {
                shell: shell(Section::Settings, Role::Viewer, text),
                groups: &groups,
            });
            assert!(html.contains("id=\"who-may-embed\""));
        }
    }
}
