//! Staff of every role on a server, and requests as a browser with their cookie sends them.

use alcove::domain::secret::TokenHash;
use rusqlite::{Connection, params};

use crate::support::api::Api;
use crate::support::app::{BEGINNING, TestApp};
use crate::support::http::{Answer, Call};

/// The cookie of a sign-in to the admin pages.
pub const COOKIE: &str = "__Host-alcove";
const URLENCODED: &str = "application/x-www-form-urlencoded";
const MONTH_MS: i64 = 30 * 24 * 60 * 60 * 1000;

/// A hash that no password has.
const NO_PASSWORD: &str = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$\
    AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Roles from least to most.
pub const ROLES: [&str; 4] = ["member", "viewer", "editor", "owner"];

/// A request of an admin page.
#[derive(Debug, Clone)]
pub struct Ask {
    /// Its method.
    pub method: &'static str,
    /// Its address.
    pub path: String,
    /// What its form holds.
    pub fields: Vec<(&'static str, String)>,
}

impl Ask {
    /// A page.
    pub fn page(path: impl Into<String>) -> Self {
        Self { method: "GET", path: path.into(), fields: Vec::new() }
    }

    /// A form.
    pub fn form(path: impl Into<String>, fields: &[(&'static str, &str)]) -> Self {
        let fields = fields.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        Self { method: "POST", path: path.into(), fields }
    }

    /// The form's body, with these further fields.
    pub fn body(&self, more: &[(&str, &str)]) -> String {
        let own = self.fields.iter().map(|(name, value)| (*name, value.as_str()));
        url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(own.chain(more.iter().copied()))
            .finish()
    }

    /// The request without any cookie.
    pub fn plain(&self, api: &Api, csrf: Option<&str>) -> Call {
        let call = api.call(self.method, &self.path);
        if self.method == "GET" {
            return call;
        }
        let csrf: Vec<_> = csrf.map(|csrf| ("csrf", csrf)).into_iter().collect();
        call.header("content-type", URLENCODED).body(self.body(&csrf))
    }
}

/// Somebody signed in.
pub struct SignedIn {
    /// Their account.
    pub account: i64,
    /// Their cookie's value.
    pub cookie: String,
    /// What their forms show.
    pub csrf: String,
}

impl SignedIn {
    /// The request as their browser sends it.
    pub fn ask(&self, api: &Api, ask: &Ask) -> Call {
        ask.plain(api, Some(&self.csrf)).header("cookie", &self.header())
    }

    /// What their browser sends along.
    pub fn header(&self) -> String {
        format!("{COOKIE}={}", self.cookie)
    }
}

/// Makes an account and signs it in, in the tables themselves: who tests locks needs a key that
/// does not come from the locksmith.
pub fn sign_in(app: &TestApp, username: &str, role: &str) -> SignedIn {
    let db = Connection::open(&app.database).expect("the database");
    db.execute(
        "insert into accounts (username, username_folded, email, password_hash, role, created_at)
         values (?1, lower(?1), ?1 || '@example.com', ?2, ?3, ?4)",
        params![username, NO_PASSWORD, role, BEGINNING],
    )
    .expect("an account");
    let account = db.last_insert_rowid();
    let cookie = format!("cookie-of-{username}-0123456789abcdefghijklmnop");
    db.execute(
        "insert into logins (account, hash, created_at, last_seen_at, expires_at)
         values (?1, ?2, ?3, ?3, ?4)",
        params![account, TokenHash::of(&cookie).as_bytes(), BEGINNING, BEGINNING + MONTH_MS],
    )
    .expect("a sign-in");
    SignedIn { account, cookie, csrf: String::new() }
}

/// The same with a page open, whose forms they can send.
pub async fn at_work(app: &TestApp, username: &str, role: &str) -> SignedIn {
    let mut staff = sign_in(app, username, role);
    let page = app.call("GET", "/admin/").header("cookie", &staff.header()).send().await;
    assert_eq!(page.status, 200, "{username} is signed in: {}", page.text());
    staff.csrf = csrf_of(&page);
    staff
}

/// The token in a page's forms.
pub fn csrf_of(page: &Answer) -> String {
    let text = page.text();
    let (_, rest) = text.split_once("name=\"csrf\" value=\"").expect("a form with a token");
    rest.split('"').next().unwrap_or_default().to_owned()
}
