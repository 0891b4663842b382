//! Staff: whoever signed in to the admin pages, and shows its cookie.

use axum::extract::FromRequestParts;
use axum::http::header::{COOKIE, LOCATION};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use cookie::Cookie;

use crate::domain::account::{Role, Staff};
use crate::domain::actor::Actor;
use crate::domain::secret::TokenHash;
use crate::http::AppState;
use crate::http::asked::WhoAsks;
use crate::http::csrf::CsrfToken;
use crate::http::error::{ApiError, ErrorCode};
use crate::http::pages::admin::flash::Done;
use crate::service::audit::Author;

/// The cookie that a login is. Its prefix makes browsers take it from this host alone, for all
/// paths, and over a safe connection only.
pub const LOGIN_COOKIE: &str = "__Host-alcove";
/// Where people sign in.
pub const LOGIN_PAGE: &str = "/admin/login";

/// A request of somebody who signed in to the admin pages.
#[derive(Debug, Clone)]
pub struct StaffVisit {
    /// Who they are and what they may do.
    pub staff: Staff,
    /// Their name.
    pub username: String,
    /// What the forms of this login show.
    pub csrf: CsrfToken,
    /// Hash of the cookie, to end it.
    pub login: TokenHash,
    /// What was done before this page.
    pub done: Option<Done>,
}

impl StaffVisit {
    /// What they have proven.
    #[must_use]
    pub const fn actor(&self) -> Actor {
        Actor::Staff(self.staff)
    }

    /// The same person, for what is shown of their own rows alone.
    #[must_use]
    pub const fn own(&self) -> Actor {
        Actor::Member(self.staff.account)
    }

    /// Who they are in the audit log.
    #[must_use]
    pub fn author(&self) -> Author {
        Author { actor: self.actor(), username: self.username.clone() }
    }

    /// The visit, if there is one and it may do what `needed` may.
    async fn of(parts: &mut Parts, app: &AppState, needed: Role) -> Result<Self, Refused> {
        let Some(cookie) = login_cookie(&parts.headers) else {
            return Err(Refused::unknown(parts));
        };
        let login = TokenHash::of(&cookie);
        let found = app.accounts.staff_of_login(login).await;
        let account = match found.map_err(ApiError::from)? {
            Some(account) => account,
            None => return Err(Refused::unknown(parts)),
        };
        if !account.role.includes(needed) {
            return Err(Refused::Error(ErrorCode::NotAllowed.into()));
        }
        let csrf = CsrfToken::of(app.csrf_key.expose(), &login);
        // For the form behind it, which has to show it.
        parts.extensions.insert(csrf.clone());
        Ok(Self {
            staff: Staff { account: account.id, role: account.role },
            username: account.username,
            csrf,
            login,
            done: Done::in_query(parts.uri.query()),
        })
    }
}

/// What the login cookie holds, if the browser sent one.
#[must_use]
pub fn login_cookie(headers: &HeaderMap) -> Option<String> {
    let lines = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    lines
        .flat_map(Cookie::split_parse)
        .filter_map(Result::ok)
        .find(|cookie| cookie.name() == LOGIN_COOKIE)
        .map(|cookie| cookie.value().to_owned())
}

/// Why a page of the admin is not shown.
#[derive(Debug)]
pub enum Refused {
    /// Nobody has signed in: the login page leads back to this path afterwards.
    ToLogin(String),
    /// Anything else.
    Error(ApiError),
}

impl Refused {
    /// A page can be come back to after the login; what a form wanted to do is gone.
    fn unknown(parts: &Parts) -> Self {
        match parts.method {
            Method::GET | Method::HEAD => Self::ToLogin(
                parts.uri.path_and_query().map_or("/admin/", |p| p.as_str()).to_owned(),
            ),
            _ => Self::Error(ErrorCode::NotAuthenticated.into()),
        }
    }
}

impl From<ApiError> for Refused {
    fn from(error: ApiError) -> Self {
        Self::Error(error)
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let path = match self {
            Self::ToLogin(path) => path,
            Self::Error(error) => return error.into_response(),
        };
        let next: String = url::form_urlencoded::byte_serialize(path.as_bytes()).collect();
        let login = HeaderValue::from_str(&format!("{LOGIN_PAGE}?next={next}"));
        let login = login.unwrap_or(HeaderValue::from_static(LOGIN_PAGE));
        (StatusCode::SEE_OTHER, [(LOCATION, login)]).into_response()
    }
}

macro_rules! staff_extractors {
    ($($(#[$doc:meta])* $name:ident)+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone)]
            pub struct $name(pub StaffVisit);

            impl FromRequestParts<AppState> for $name {
                type Rejection = Refused;

                async fn from_request_parts(
                    parts: &mut Parts,
                    app: &AppState,
                ) -> Result<Self, Refused> {
                    StaffVisit::of(parts, app, Role::$name).await.map(Self)
                }
            }

            impl WhoAsks for $name {}
        )+
    };
}

staff_extractors!(
    /// Staff who may see everything in the admin pages.
    Viewer
    /// Staff who may change bots, delete conversations and settle answers.
    Editor
    /// Staff who may manage accounts, tokens and invitations.
    Owner
);
