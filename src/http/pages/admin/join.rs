//! Making an account by a link that holds once: the first owner's, and invitations.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::form::{Checked, Problems};
use super::login::{signed_in, words};
use super::shell::PageFiles;
use super::{page, page_with};
use crate::domain::account::{Account, Role};
use crate::domain::secret::Secret;
use crate::http::AppState;
use crate::http::auth::ClientAddress;
use crate::http::auth::guest::Guest;
use crate::http::error::{ApiError, ApiResult, ErrorCode};
use crate::http::extract::Query;
use crate::service::ServiceError;
use crate::service::accounts::{AccountProblem, NewAccount};
use crate::service::guard::AddressKey;

#[derive(Template)]
#[template(path = "admin/join.html")]
struct JoinPage<'a> {
    files: PageFiles,
    csrf: String,
    action: &'static str,
    role: Role,
    form: &'a JoinForm,
    problems: Problems,
}

#[derive(Template)]
#[template(path = "admin/joined.html")]
struct JoinedPage {
    files: PageFiles,
    username: String,
}

/// What the link carries.
#[derive(Deserialize)]
pub(crate) struct Link {
    #[serde(default)]
    key: String,
}

/// What is filled in.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct JoinForm {
    key: String,
    username: String,
    email: String,
    password: String,
    repeated: String,
}

/// `GET /admin/setup?key=…`: the form that makes the first owner.
pub(crate) async fn show_setup(
    State(app): State<AppState>,
    guest: Guest,
    Query(link): Query<Link>,
) -> ApiResult<Response> {
    show(&app, &guest, link, "/admin/setup").await
}

/// `GET /admin/invitation?key=…`: the form for somebody who was invited.
pub(crate) async fn show_invitation(
    State(app): State<AppState>,
    guest: Guest,
    Query(link): Query<Link>,
) -> ApiResult<Response> {
    show(&app, &guest, link, "/admin/invitation").await
}

/// `POST /admin/setup`: the first owner, signed in.
pub(crate) async fn set_up(
    State(app): State<AppState>,
    guest: Guest,
    ClientAddress(address): ClientAddress,
    Checked(form): Checked<JoinForm>,
) -> ApiResult<Response> {
    join(&app, &guest, address, &form, "/admin/setup").await
}

/// `POST /admin/invitation`: an account, signed in if it is staff's.
pub(crate) async fn accept(
    State(app): State<AppState>,
    guest: Guest,
    ClientAddress(address): ClientAddress,
    Checked(form): Checked<JoinForm>,
) -> ApiResult<Response> {
    join(&app, &guest, address, &form, "/admin/invitation").await
}

async fn show(
    app: &AppState,
    guest: &Guest,
    link: Link,
    action: &'static str,
) -> ApiResult<Response> {
    let form = JoinForm { key: link.key, ..JoinForm::default() };
    answer(app, guest, action, &form, (StatusCode::OK, Problems::none())).await
}

async fn join(
    app: &AppState,
    guest: &Guest,
    address: AddressKey,
    form: &JoinForm,
    action: &'static str,
) -> ApiResult<Response> {
    if form.password != form.repeated {
        let problems = Problems::one("repeated", "The two passwords differ.");
        return answer(app, guest, action, form, (UNPROCESSABLE, problems)).await;
    }
    let new = NewAccount {
        username: form.username.clone(),
        email: form.email.clone(),
        password: Secret::new(form.password.clone()),
    };
    let (problems, status) = match app.accounts.accept_invitation(address, &form.key, new).await {
        Ok(account) => return joined(app, account).await,
        Err(ServiceError::Account(AccountProblem::Refused(found))) => {
            (Problems::of_sign_up(&found), UNPROCESSABLE)
        }
        Err(ServiceError::RateLimited { retry_after }) => {
            let sentence = format!("Too many tries. Please wait {}.", words(retry_after));
            (Problems::one("form", sentence), StatusCode::TOO_MANY_REQUESTS)
        }
        Err(error) => return Err(error.into()),
    };
    answer(app, guest, action, form, (status, problems)).await
}

/// Staff is signed in; a member has nothing to do on these pages.
async fn joined(app: &AppState, account: Account) -> ApiResult<Response> {
    if account.role.includes(Role::Viewer) {
        let login = app.accounts.log_in(&account).await?;
        return Ok(signed_in(app, &login, "/admin/"));
    }
    page(&JoinedPage { files: PageFiles::of_this_build(), username: account.username })
}

async fn answer(
    app: &AppState,
    guest: &Guest,
    action: &'static str,
    form: &JoinForm,
    (status, problems): (StatusCode, Problems),
) -> ApiResult<Response> {
    let Some(role) = app.accounts.invitation(&form.key).await? else {
        return Err(ApiError::from(ErrorCode::InvitationInvalid).saying(OVER));
    };
    let page = JoinPage {
        files: PageFiles::of_this_build(),
        csrf: guest.csrf.to_string(),
        action,
        role,
        form,
        problems,
    };
    Ok(guest.take_along(page_with(status, &page)?))
}

const UNPROCESSABLE: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;
const OVER: &str = "This link is used up or over. Ask for a new one; for the first owner, start \
    the server anew or run `alcove createsuperuser`";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::pages::admin::samples::{HOSTILE, rendered};

    #[test]
    fn the_form_escapes_what_was_typed_and_never_shows_a_password() {
        for text in HOSTILE {
            for role in Role::ALL {
                let form = JoinForm {
                    key: (*text).to_owned(),
                    username: (*text).to_owned(),
                    email: (*text).to_owned(),
                    password: "canary-password".to_owned(),
                    repeated: "canary-password".to_owned(),
                };
                let mut problems = Problems::one("username", *text);
                problems.add("form", *text);
                let html = rendered(&JoinPage {
                    files: PageFiles::of_this_build(),
                    csrf: "token".to_owned(),
                    action: "/admin/setup",
                    role,
                    form: &form,
                    problems,
                });
                assert!(!html.contains("canary-password"));
            }
            let username = (*text).to_owned();
            rendered(&JoinedPage { files: PageFiles::of_this_build(), username });
        }
    }
}
