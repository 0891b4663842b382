//! Changing a password: the own one, with the old one as a proof, or as an owner anybody's.

use axum::extract::{Path, State};
use axum::response::Response;
use serde::Deserialize;

use super::accounts::{account_id, account_page};
use super::flash::{self, Done};
use super::form::{Checked, Problems};
use super::login::{signed_in, words};
use super::refused;
use crate::domain::secret::{Secret, TokenHash};
use crate::http::AppState;
use crate::http::auth::{ClientAddress, StaffVisit, Viewer};
use crate::http::error::{ApiError, ApiResult};
use crate::service::ServiceError;
use crate::service::accounts::AccountProblem;
use crate::service::guard::AddressKey;

/// What is filled in.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct PasswordForm {
    current: String,
    password: String,
    repeated: String,
}

/// `POST /admin/accounts/{id}/password`: ends all sign-ins of the account; whoever changed the own
/// one stays signed in here.
pub(crate) async fn change(
    State(app): State<AppState>,
    Viewer(visit): Viewer,
    ClientAddress(address): ClientAddress,
    Path(id): Path<String>,
    Checked(form): Checked<PasswordForm>,
) -> ApiResult<Response> {
    let id = account_id(&id)?;
    let is_own = visit.staff.account == id;
    if let Err(problem) = try_change(&app, &visit, address, &id, form).await {
        return match problem {
            Problem::Form(problems) => refused(&account_page(&app, &visit, id, problems).await?),
            Problem::Other(error) => Err(error),
        };
    }
    let path = format!("/admin/accounts/{id}?done={}", Done::PasswordChanged.word());
    if is_own {
        let account = app.accounts.account(&visit.actor(), id).await?;
        let login = app.accounts.log_in(&account).await?;
        return Ok(signed_in(&app, &login, &path));
    }
    Ok(flash::see_other(&path))
}

enum Problem {
    Form(Problems),
    Other(ApiError),
}

impl From<ServiceError> for Problem {
    fn from(error: ServiceError) -> Self {
        match error {
            ServiceError::Account(AccountProblem::Refused(found)) => {
                Self::Form(Problems::of_sign_up(&found))
            }
            ServiceError::Account(AccountProblem::WrongCredentials) => {
                Self::Form(Problems::one("current", "This is not the password."))
            }
            ServiceError::RateLimited { retry_after } => {
                let sentence = format!("Too many tries. Please wait {}.", words(retry_after));
                Self::Form(Problems::one("current", sentence))
            }
            error => Self::Other(error.into()),
        }
    }
}

async fn try_change(
    app: &AppState,
    visit: &StaffVisit,
    address: AddressKey,
    id: &crate::domain::account::AccountId,
    form: PasswordForm,
) -> Result<(), Problem> {
    if form.password != form.repeated {
        return Err(Problem::Form(Problems::one("repeated", "The two passwords differ.")));
    }
    if visit.staff.account == *id {
        // Whoever sits down at a browser that was left open must not get the account.
        let current = Secret::new(form.current);
        let (_, login) = app.accounts.sign_in_to_pages(address, &visit.username, current).await?;
        app.accounts.sign_out_login(TokenHash::of(login.expose())).await?;
    }
    let password = Secret::new(form.password);
    Ok(app.accounts.set_password(&visit.author(), *id, password).await?)
}
