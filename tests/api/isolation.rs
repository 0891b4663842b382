//! Who may touch what: a table with a row for every route, and everybody who should be refused
//! there. A route without a row fails, and so does a row without a route.
//!
//! A refusal for what is somebody else's must look like that for what does not exist, byte for
//! byte, and change nothing.

mod accounts;
mod admin;
mod canaries;
mod compat;
mod first_run;
mod injection;
mod native;
mod passwords;
mod references;
pub mod routes;
mod staff;

use std::collections::BTreeSet;

use rusqlite::types::Value as Cell;

use crate::support::api::Api;
use crate::support::app::TestApp;
use crate::support::http::{Answer, Call};

/// What a request names. For each kind of thing one that exists, or one that does not.
#[derive(Debug, Clone)]
pub struct Names {
    /// A conversation, as it stands in a request.
    pub session: String,
    /// A reply in it, one that has a step.
    pub reply: String,
}

/// Requests of one route, all ways in which it can be asked.
pub type Asks = fn(&Api, &Names) -> Vec<Call>;

/// Who is let through.
pub enum Guard {
    /// Everybody, and why that is right.
    Open(&'static str),
    /// The visitor of a conversation; `asks` names one.
    Visitor {
        /// The requests.
        asks: Asks,
        /// Whether the conversation's own visitor gets through after it has ended.
        after_end: bool,
    },
    /// An account, by its API token.
    Member {
        /// The requests.
        asks: Asks,
        /// Whether they name a conversation, which has to be the account's own.
        names_a_conversation: bool,
    },
    /// Staff, by the cookie of a login.
    Staff {
        /// The least role.
        least: &'static str,
        /// The requests.
        asks: admin::StaffAsks,
    },
}

/// A route and who is let through.
pub struct Row {
    /// Method and path as the router has them.
    pub route: &'static str,
    /// Who.
    pub guard: Guard,
}

/// All of them.
fn rows() -> impl Iterator<Item = &'static Row> {
    // Those of the native API last: they end with the conversation's end.
    let (admin, accounts) = (admin::ROWS.iter(), accounts::ROWS.iter());
    admin.chain(accounts).chain(compat::ROWS).chain(native::ROWS)
}

#[test]
fn every_route_has_a_row_and_every_row_a_route() {
    let routes = routes::served();
    assert!(routes.len() > 20, "the routes were not found: {routes:?}");
    let listed: Vec<String> = rows().map(|row| row.route.to_owned()).collect();
    let rows: BTreeSet<String> = listed.iter().cloned().collect();
    assert_eq!(rows.len(), listed.len(), "a route has two rows");
    let without: Vec<_> = routes.difference(&rows).collect();
    let gone: Vec<_> = rows.difference(&routes).collect();
    assert!(without.is_empty(), "routes that say nowhere who may use them: {without:#?}");
    assert!(gone.is_empty(), "rows whose route is gone: {gone:#?}");
}

#[test]
fn what_is_open_to_everybody_says_why() {
    for row in rows() {
        if let Guard::Open(why) = row.guard {
            assert!(why.len() > 8, "{}", row.route);
        }
    }
}

/// What of an answer may differ from request to request is left out: the id and the date.
#[derive(Debug, PartialEq)]
pub struct Seen {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

impl Seen {
    /// What a client sees.
    pub fn of(answer: &Answer) -> Self {
        let id = answer.header("x-request-id").unwrap_or_default().to_owned();
        let varies = |name: &str| matches!(name, "x-request-id" | "date");
        let mut headers: Vec<(String, String)> = answer
            .headers
            .iter()
            .filter(|(name, _)| !varies(name.as_str()))
            .map(|(name, value)| (name.to_string(), format!("{value:?}")))
            .collect();
        headers.sort();
        Self { status: answer.status, headers, body: answer.text().replace(&id, "<id>") }
    }
}

/// Every row of every table that holds anything of anybody.
pub fn contents(app: &TestApp) -> Vec<String> {
    let db = rusqlite::Connection::open(&app.database).expect("the database");
    let tables: Vec<String> = db
        .prepare("select name from sqlite_master where type = 'table' order by name")
        .and_then(|mut found| found.query_map([], |row| row.get(0))?.collect())
        .expect("its tables");
    let mut lines = Vec::new();
    for table in tables {
        let mut all = db.prepare(&format!("select * from \"{table}\"")).expect("a table");
        let columns = all.column_count();
        let rows = all.query_map([], |row| {
            (0..columns).map(|column| row.get::<_, Cell>(column)).collect::<Result<Vec<_>, _>>()
        });
        for row in rows.expect("rows") {
            lines.push(format!("{table}: {:?}", row.expect("a row")));
        }
    }
    lines
}

/// Fails if a difference can be seen, and shows the first one.
#[track_caller]
pub fn assert_unchanged(before: &[String], after: &[String], what: &str) {
    let gone = before.iter().find(|line| !after.contains(line));
    let came = after.iter().find(|line| !before.contains(line));
    assert!(gone.is_none() && came.is_none(), "{what} changed {gone:?} to {came:?}");
    assert_eq!(before.len(), after.len(), "{what}");
}
