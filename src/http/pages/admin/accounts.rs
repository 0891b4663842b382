//! Accounts: who there is, inviting others, and what one account may do.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use serde::Deserialize;

use super::flash::{self, Done};
use super::form::{Checked, Problems};
use super::shell::{Section, Shell};
use super::{page, page_with};
use crate::domain::account::{Account, AccountId, Registration, Role};
use crate::http::AppState;
use crate::http::auth::{Owner, StaffVisit, Viewer};
use crate::http::error::{ApiError, ApiResult, ErrorCode};
use crate::http::extract::Query;
use crate::service::ServiceError;
use crate::service::accounts::AccountProblem;
use crate::store::accounts::AccountPage;

/// Accounts on a page.
const LIMIT: u32 = 50;

#[derive(Template)]
#[template(path = "admin/accounts.html")]
struct AccountsPage {
    shell: Shell,
    accounts: Vec<Account>,
    /// Where the following page is; empty if there is none.
    more: String,
    is_first: bool,
    registration: Registration,
    roles: Vec<(&'static str, &'static str)>,
    /// What an invitation that was just made leads to; it is shown once.
    invitation: Option<Invitation>,
}

struct Invitation {
    link: String,
    role: Role,
}

#[derive(Template)]
#[template(path = "admin/account.html")]
pub(super) struct AccountPageOf {
    pub shell: Shell,
    pub account: Account,
    pub is_own: bool,
    pub roles: Vec<(&'static str, &'static str)>,
    pub problems: Problems,
}

impl AccountPageOf {
    fn role_hint(&self) -> &'static str {
        match self.is_own {
            true => "With less than owner you can no longer manage accounts yourself.",
            false => "",
        }
    }
}

/// Where in the list.
#[derive(Deserialize)]
pub(crate) struct Place {
    after: Option<i64>,
}

/// An account that is to be invited, or one whose role changes.
#[derive(Deserialize)]
pub(crate) struct RoleForm {
    role: String,
}

/// Whether an account may sign in.
#[derive(Deserialize)]
pub(crate) struct ActiveForm {
    active: bool,
}

/// `GET /admin/accounts`: the accounts, the oldest first.
pub(crate) async fn list(
    State(app): State<AppState>,
    Viewer(visit): Viewer,
    Query(place): Query<Place>,
) -> ApiResult<Response> {
    page(&list_page(&app, &visit, place.after.map(AccountId::new), None).await?)
}

/// `POST /admin/accounts`: invites somebody. The link is in this answer and nowhere else.
pub(crate) async fn invite(
    State(app): State<AppState>,
    Owner(visit): Owner,
    Checked(form): Checked<RoleForm>,
) -> ApiResult<Response> {
    let role = role_of(&form)?;
    let secret = app.accounts.invite(&visit.author(), role).await?;
    let base = app.public_url.as_deref().unwrap_or_default().trim_end_matches('/');
    let link = format!("{base}/admin/invitation?key={}", secret.expose());
    page(&list_page(&app, &visit, None, Some(Invitation { link, role })).await?)
}

async fn list_page(
    app: &AppState,
    visit: &StaffVisit,
    after: Option<AccountId>,
    invitation: Option<Invitation>,
) -> ApiResult<AccountsPage> {
    let limit = LIMIT + 1;
    let mut accounts = app.accounts.accounts(&visit.actor(), AccountPage { after, limit }).await?;
    let has_more = accounts.len() > LIMIT as usize;
    accounts.truncate(LIMIT as usize);
    let last = accounts.last().filter(|_| has_more);
    Ok(AccountsPage {
        shell: Shell::new(app, visit, Section::Accounts),
        more: last.map_or_else(String::new, |last| format!("/admin/accounts?after={}", last.id)),
        accounts,
        is_first: after.is_none(),
        registration: app.accounts.registration(),
        roles: roles(),
        invitation,
    })
}

/// `GET /admin/accounts/{id}`: one account.
pub(crate) async fn show(
    State(app): State<AppState>,
    Viewer(visit): Viewer,
    Path(id): Path<String>,
) -> ApiResult<Response> {
    page(&account_page(&app, &visit, account_id(&id)?, Problems::none()).await?)
}

/// `POST /admin/accounts/{id}/role`: lets it do more or less.
pub(crate) async fn change_role(
    State(app): State<AppState>,
    Owner(visit): Owner,
    Path(id): Path<String>,
    Checked(form): Checked<RoleForm>,
) -> ApiResult<Response> {
    let id = account_id(&id)?;
    let changed = app.accounts.set_role(&visit.author(), id, role_of(&form)?).await;
    changed_or_told(&app, &visit, id, changed, Done::Saved).await
}

/// `POST /admin/accounts/{id}/active`: lets it sign in, or no longer.
pub(crate) async fn change_active(
    State(app): State<AppState>,
    Owner(visit): Owner,
    Path(id): Path<String>,
    Checked(form): Checked<ActiveForm>,
) -> ApiResult<Response> {
    let id = account_id(&id)?;
    let changed = app.accounts.set_active(&visit.author(), id, form.active).await;
    let done = if form.active { Done::Activated } else { Done::Deactivated };
    changed_or_told(&app, &visit, id, changed, done).await
}

async fn changed_or_told(
    app: &AppState,
    visit: &StaffVisit,
    id: AccountId,
    changed: Result<Account, ServiceError>,
    done: Done,
) -> ApiResult<Response> {
    match changed {
        Ok(account) => Ok(flash::redirect(&format!("/admin/accounts/{}", account.id), done)),
        Err(ServiceError::Account(AccountProblem::LastOwner)) => {
            let status = ErrorCode::LastOwner.status();
            let problems = Problems::one("form", format!("{}.", ErrorCode::LastOwner.sentence()));
            page_with(status, &account_page(app, visit, id, problems).await?)
        }
        Err(error) => Err(error.into()),
    }
}

/// The page of one account, as this visit sees it.
pub(super) async fn account_page(
    app: &AppState,
    visit: &StaffVisit,
    id: AccountId,
    problems: Problems,
) -> ApiResult<AccountPageOf> {
    Ok(AccountPageOf {
        shell: Shell::new(app, visit, Section::Accounts),
        account: app.accounts.account(&visit.actor(), id).await?,
        is_own: visit.staff.account == id,
        roles: roles(),
        problems,
    })
}

/// The account a path names. What is no number names none.
pub(super) fn account_id(text: &str) -> ApiResult<AccountId> {
    text.parse().map_err(|_| ErrorCode::AccountNotFound.into())
}

fn role_of(form: &RoleForm) -> ApiResult<Role> {
    form.role.parse().map_err(|error| ApiError::from(ErrorCode::InvalidRequest).because(error))
}

/// The roles to choose from, with what they may do.
fn roles() -> Vec<(&'static str, &'static str)> {
    let words = |role: Role| match role {
        Role::Member => "Member – signs in to chat",
        Role::Viewer => "Viewer – sees everything here",
        Role::Editor => "Editor – changes bots and conversations",
        Role::Owner => "Owner – manages accounts as well",
    };
    Role::ALL.into_iter().map(|role| (role.as_str(), words(role))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::clock::Timestamp;
    use crate::http::pages::admin::samples::{HOSTILE, rendered, shell};

    fn account(text: &str, role: Role, is_active: bool) -> Account {
        Account {
            id: AccountId::new(7),
            username: text.to_owned(),
            email: text.to_owned(),
            role,
            is_active,
            created_at: Timestamp::from_ms(1_795_180_800_123),
            last_login: is_active.then(|| Timestamp::from_ms(1_795_180_800_123)),
        }
    }

    fn list(accounts: Vec<Account>, viewer: Role, link: Option<&str>) -> String {
        rendered(&AccountsPage {
            shell: shell(Section::Accounts, viewer, "ada"),
            accounts,
            more: String::new(),
            is_first: true,
            registration: Registration::Open,
            roles: roles(),
            invitation: link.map(|link| Invitation { link: link.to_owned(), role: Role::Editor }),
        })
    }

    #[test]
    fn the_list_escapes_names_and_lets_only_owners_invite() {
        for text in HOSTILE {
            for role in Role::ALL {
                let accounts = vec![account(text, role, true), account(text, role, false)];
                let html = list(accounts, role, Some(text));
                let may_invite = html.contains("action=\"/admin/accounts\"");
                assert_eq!(may_invite, role == Role::Owner, "{role}");
            }
        }
    }

    #[test]
    fn one_account_shows_only_what_the_reader_may_do() {
        for text in HOSTILE {
            for role in Role::ALL {
                for is_own in [true, false] {
                    let mut problems = Problems::one("current", *text);
                    problems.add("form", *text);
                    let html = rendered(&AccountPageOf {
                        shell: shell(Section::Accounts, role, text),
                        account: account(text, role, is_own),
                        is_own,
                        roles: roles(),
                        problems,
                    });
                    let may_manage = html.contains("/admin/accounts/7/role\"");
                    assert_eq!(may_manage, role == Role::Owner);
                    let may_set = html.contains("/admin/accounts/7/password\"");
                    assert_eq!(may_set, is_own || role == Role::Owner);
                    assert_eq!(html.contains("name=\"current\""), is_own);
                }
            }
        }
    }
}
