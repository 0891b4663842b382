//! API tokens: the own ones, and for owners everybody's. A token is shown once, when it is made.

use std::time::Duration;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use serde::Deserialize;

use super::flash::{self, Done};
use super::form::Checked;
use super::page;
use super::shell::{Section, Shell};
use crate::domain::account::{ApiToken, TokenId};
use crate::http::AppState;
use crate::http::auth::{StaffVisit, Viewer};
use crate::http::error::{ApiError, ApiResult, ErrorCode};
use crate::http::extract::Query;
use crate::store::sign_ins::TokenPage;

/// Tokens on a page.
const LIMIT: u32 = 50;
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

#[derive(Template)]
#[template(path = "admin/tokens.html")]
struct TokensPage {
    shell: Shell,
    tokens: Vec<ApiToken>,
    older: String,
    newer: &'static str,
    /// The token that was just made.
    fresh: Option<String>,
}

/// Where in the list.
#[derive(Deserialize)]
pub(crate) struct Place {
    before: Option<i64>,
}

/// A token that is to be made.
#[derive(Deserialize)]
pub(crate) struct NewToken {
    #[serde(default)]
    name: String,
    days: u16,
}

/// `GET /admin/tokens`: the newest first.
pub(crate) async fn list(
    State(app): State<AppState>,
    Viewer(visit): Viewer,
    Query(place): Query<Place>,
) -> ApiResult<Response> {
    page(&list_page(&app, &visit, place.before.map(TokenId::new), None).await?)
}

/// `POST /admin/tokens`: makes one for whoever asks. It is in this answer and nowhere else.
pub(crate) async fn create(
    State(app): State<AppState>,
    Viewer(visit): Viewer,
    Checked(form): Checked<NewToken>,
) -> ApiResult<Response> {
    let ends = app.clock.now().plus(DAY * u32::from(form.days));
    let ends = (form.days > 0).then_some(ends);
    let (author, account) = (visit.author(), visit.staff.account);
    let name = if form.name.trim().is_empty() { "unnamed" } else { &form.name };
    let token = app.accounts.make_token(&author, account, name, ends).await?;
    page(&list_page(&app, &visit, None, Some(token.expose().to_owned())).await?)
}

/// `POST /admin/tokens/{id}/revoke`: ends one, at once.
pub(crate) async fn revoke(
    State(app): State<AppState>,
    Viewer(visit): Viewer,
    Path(id): Path<String>,
    Checked(super::login::Nothing {}): Checked<super::login::Nothing>,
) -> ApiResult<Response> {
    let id: TokenId = id.parse().map_err(|_| ApiError::from(ErrorCode::TokenNotFound))?;
    app.accounts.revoke_token(&visit.author(), id).await?;
    Ok(flash::redirect("/admin/tokens", Done::Revoked))
}

async fn list_page(
    app: &AppState,
    visit: &StaffVisit,
    before: Option<TokenId>,
    fresh: Option<String>,
) -> ApiResult<TokensPage> {
    let shell = Shell::new(app, visit, Section::Tokens);
    // Only owners can do something about the tokens of others.
    let actor = if shell.is_owner() { visit.actor() } else { visit.own() };
    let limit = LIMIT + 1;
    let mut tokens = app.accounts.tokens(&actor, TokenPage { before, limit }).await?;
    let has_more = tokens.len() > LIMIT as usize;
    tokens.truncate(LIMIT as usize);
    let last = tokens.last().filter(|_| has_more);
    Ok(TokensPage {
        shell,
        older: last.map_or_else(String::new, |last| format!("/admin/tokens?before={}", last.id)),
        newer: if before.is_some() { "/admin/tokens" } else { "" },
        tokens,
        fresh,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::account::{AccountId, Role};
    use crate::domain::clock::Timestamp;
    use crate::http::pages::admin::samples::{HOSTILE, rendered, shell};

    #[test]
    fn names_of_tokens_are_escaped() {
        for text in HOSTILE {
            for role in Role::ALL {
                let at = Timestamp::from_ms(1_795_180_800_123);
                let token = |used: bool| ApiToken {
                    id: TokenId::new(3),
                    account: AccountId::new(7),
                    username: (*text).to_owned(),
                    name: (*text).to_owned(),
                    ending: "wxyz".to_owned(),
                    created_at: at,
                    last_used_at: used.then_some(at),
                    expires_at: used.then_some(at),
                };
                let html = rendered(&TokensPage {
                    shell: shell(Section::Tokens, role, text),
                    tokens: vec![token(true), token(false)],
                    older: String::new(),
                    newer: "",
                    fresh: Some((*text).to_owned()),
                });
                assert!(html.contains("wxyz"));
            }
        }
        let nothing = TokensPage {
            shell: shell(Section::Tokens, Role::Viewer, "ada"),
            tokens: Vec::new(),
            older: String::new(),
            newer: "",
            fresh: None,
        };
        assert!(rendered(&nothing).contains("No API tokens"));
    }
}
