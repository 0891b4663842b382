//! `docs/limits.md` tells the limits that the code has.

use std::time::Duration;

use alcove::config::settings::{self, GROUPS};
use alcove::domain::details::{MAX_DETAIL_CHARS, MAX_DETAILS};
use alcove::domain::feedback::MAX_COMMENT_CHARS;
use alcove::domain::file::MAX_FILE_NAME_CHARS;
use alcove::domain::lead::MAX_FIELDS;
use alcove::domain::sign_up::{MAX_USERNAME_CHARS, PASSWORD_CHARS};
use alcove::files::ParseLimits;
use alcove::http::api::files::MAX_QUESTION_BYTES;
use alcove::http::error::ErrorCode;
use alcove::http::extract::MAX_BODY_BYTES;
use alcove::http::listener::Timers;
use alcove::providers::guard::{MAX_EVENT_BYTES, MAX_LINE_BYTES};
use alcove::providers::transport::TransportSettings;
use alcove::service::accounts::{FIRST_RUN, INVITATION, LOGIN_IDLE};
use alcove::service::passwords::{self, AT_ONCE};
use alcove::service::sessions::{MAX_CONFIG_BYTES, MAX_USER_IDENTIFIER_CHARS};
use alcove::service::tables::{IDLE_TABLES, MAX_WAITING, QUERIES_AT_ONCE, READ_AT_ONCE, READ_TIME};
use alcove::service::turn::appendix::MAX_QUESTION_CHARS;
use alcove::service::turn::reply::MAX_REPLY_BYTES;
use alcove::service::turn::table::MAX_WHOLE_TOKENS;
use alcove::service::turn::toolbox::{
    DRAWN_ROWS, KEPT_BYTES, KEPT_ROWS, MAX_CALLS, MODEL_BYTES, MODEL_ROWS,
};
use alcove::service::upload::{RECEIVED_AT_ONCE_BYTES, SEARCH_ROWS};
use alcove::store::sign_ins::MAX_TOKENS;
use alcove::store::sqlite::SqliteSettings;

use crate::pages::{code_spans, read, table_rows};

fn size(bytes: usize) -> String {
    const KIB: usize = 1024;
    match bytes {
        whole if whole % (KIB * KIB) == 0 => format!("{} MiB", whole / KIB / KIB),
        other => format!("{} KiB", other / KIB),
    }
}

fn rows_and_size(rows: usize, bytes: usize) -> String {
    format!("{rows} rows, {}", size(bytes))
}

fn span(span: Duration) -> String {
    format!("{} s", span.as_secs())
}

fn days(span: Duration) -> String {
    format!("{} days", span.as_secs() / 86_400)
}

/// Limits without a setting, as the page words them.
fn fixed() -> Vec<(&'static str, String)> {
    let timers = Timers::default();
    let transport = TransportSettings::default();
    let store = SqliteSettings::new("unused");
    let tables = ParseLimits::default();
    vec![
        ("Time of an upload", span(timers.body)),
        ("Files being received at once", size(RECEIVED_AT_ONCE_BYTES)),
        ("File name", format!("{MAX_FILE_NAME_CHARS} characters")),
        ("Columns of a table", tables.columns.to_string()),
        ("Rows of a table", tables.rows.to_string()),
        ("Cells of a table", tables.cells.to_string()),
        ("Tables of a file", tables.tables.to_string()),
        ("Cell", size(tables.cell_bytes)),
        ("Name of a column", format!("{} characters", tables.name_chars)),
        ("Reading a file", span(READ_TIME)),
        ("Files read and tables built at once", READ_AT_ONCE.to_string()),
        ("Files waiting to be read", MAX_WAITING.to_string()),
        ("Queries at once", QUERIES_AT_ONCE.to_string()),
        ("Query, length", size(MAX_QUESTION_BYTES)),
        ("Rows that words find", SEARCH_ROWS.to_string()),
        ("Tables nobody asks about", span(IDLE_TABLES)),
        ("JSON body of a request", size(MAX_BODY_BYTES)),
        ("Settings and page data of a conversation", size(MAX_CONFIG_BYTES)),
        ("Name the site gives its user", format!("{MAX_USER_IDENTIFIER_CHARS} characters")),
        ("Detail a visitor tells", format!("{MAX_DETAIL_CHARS} characters")),
        ("Details in one request", MAX_DETAILS.to_string()),
        ("Fields of the lead form", MAX_FIELDS.to_string()),
        ("Comment on a reply", format!("{MAX_COMMENT_CHARS} characters")),
        ("Question to go on with", format!("{MAX_QUESTION_CHARS} characters")),
        ("Reply", size(MAX_REPLY_BYTES)),
        ("Table that is also sent whole", format!("{MAX_WHOLE_TOKENS} tokens")),
        ("Calls of tools in one round", MAX_CALLS.to_string()),
        ("Result of a query, for the model", rows_and_size(MODEL_ROWS, MODEL_BYTES)),
        ("Result of a query, kept as proof", rows_and_size(KEPT_ROWS, KEPT_BYTES)),
        ("Rows of a chart", rows_and_size(DRAWN_ROWS, KEPT_BYTES)),
        ("Username", format!("{MAX_USERNAME_CHARS} characters")),
        ("Password", format!("{} to {} characters", PASSWORD_CHARS.start(), PASSWORD_CHARS.end())),
        ("Passwords checked at once", AT_ONCE.to_string()),
        ("Passwords waiting to be checked", passwords::MAX_WAITING.to_string()),
        ("API tokens of an account", MAX_TOKENS.to_string()),
        ("Login to the admin pages that is not used", days(LOGIN_IDLE)),
        ("Invitation", days(INVITATION)),
        ("Link for the first owner", format!("{} minutes", FIRST_RUN.as_secs() / 60)),
        ("Line of a vendor's stream", size(MAX_LINE_BYTES)),
        ("Event of a vendor's stream", size(MAX_EVENT_BYTES)),
        ("First byte of a connection", span(timers.first_byte)),
        ("Head of a request, time", span(timers.head)),
        ("Body of a request, time", span(timers.body)),
        ("Connection without a request", span(timers.idle)),
        ("Reader that takes nothing", span(timers.write)),
        ("Retries of a vendor", transport.max_retries.to_string()),
        ("Wait that a vendor asks for", span(transport.longest_wait)),
        ("Writes that wait for the database", store.queue_capacity.to_string()),
        ("Lock of another process on the database", span(store.busy_timeout)),
    ]
}

/// Limits that are private to a file: the page's row, the file, the line in it.
const PRIVATE: &[(&str, &str, &str)] = &[
    ("Head of a request, size", "src/http/listener.rs", "HEAD_BUFFER_BYTES: usize = 32 * 1024;"),
    ("Parts of an upload", "src/http/multipart.rs", "MAX_PARTS: usize = 16;"),
    ("Field of an upload that is no file", "src/http/upload.rs", "MAX_FIELD_BYTES: usize = 1024;"),
    ("Text within a query, while it runs", "src/files/sql/guard.rs", "MAX_LENGTH: i32 = 300_000;"),
    (
        "Conversations whose tables are kept ready",
        "src/service/tables/shelf.rs",
        "MAX_THINGS: usize = 1000;",
    ),
    ("Words that are looked for", "src/files/search.rs", "MAX_WORDS: usize = 8;"),
    ("Headers of a part", "src/http/multipart.rs", "MAX_HEAD_BYTES: usize = 8 * 1024;"),
    (
        "Messages in one page of history",
        "src/http/api/chat.rs",
        "HISTORY_LIMIT: (u32, u32) = (100, 500);",
    ),
    (
        "Conversations in one page of an account's list",
        "src/http/compat/accounts.rs",
        "LIST_LIMIT: (u32, u32) = (100, 500);",
    ),
    ("Messages looked at for a prompt", "src/service/turn/mod.rs", "HISTORY_MESSAGES: u32 = 100;"),
    (
        "Silence of an event stream",
        "src/http/sse.rs",
        "KEEP_ALIVE: Duration = Duration::from_secs(15);",
    ),
    ("Time to stop", "src/app.rs", "DRAIN: Duration = Duration::from_secs(9);"),
];

fn rows() -> Vec<[String; 4]> {
    let rows = table_rows(&read("docs/limits.md"));
    assert!(rows.len() > 25, "the tables were not found");
    rows.into_iter().map(|row| row.try_into().expect("four cells")).collect()
}

#[test]
fn limits_with_a_setting_have_its_default() {
    let rows = rows();
    for [what, limit, by, _] in &rows {
        let Some(name) = code_spans(by).into_iter().next() else { continue };
        let setting = settings::find(&name).unwrap_or_else(|| panic!("{name} is no setting"));
        assert!(limit.starts_with(setting.default), "{what}: {limit}, but {}", setting.default);
    }
    let groups = GROUPS.iter().filter(|(name, _)| ["Limits", "Files", "Accounts"].contains(name));
    for setting in groups.flat_map(|(_, settings)| settings.iter()) {
        let span = format!("`{}`", setting.name);
        let is_told = rows.iter().any(|[_, _, by, _]| by.contains(&span))
            || read("docs/limits.md").contains(&format!("`{}=off`", setting.name));
        assert!(is_told, "docs/limits.md does not tell {}", setting.name);
    }
}

#[test]
fn fixed_limits_are_those_of_the_code() {
    let rows = rows();
    for (what, limit) in fixed() {
        let row = rows.iter().find(|row| row[0] == what).unwrap_or_else(|| panic!("no row {what}"));
        assert_eq!(row[1], limit, "{what}");
    }
    for (what, file, line) in PRIVATE {
        assert!(rows.iter().any(|[row, ..]| row == what), "no row {what}");
        assert!(read(file).contains(line), "{file} says no more {line}: correct the row {what}");
    }
    for [what, _, by, _] in rows.iter().filter(|row| row[2] == "fixed") {
        let is_checked = fixed().iter().any(|(known, _)| known == what)
            || PRIVATE.iter().any(|(known, ..)| known == what);
        assert!(is_checked, "nobody checks the row {what} ({by})");
    }
}

#[test]
fn codes_on_the_page_exist() {
    for [what, _, _, then] in rows() {
        for code in code_spans(&then).iter().filter(|span| is_code(span)) {
            let exists = ErrorCode::ALL.iter().any(|known| known.as_str() == code);
            assert!(exists, "{what}: no error has the code {code}");
        }
    }
}

/// Codes are the only words in lower case with an underscore.
fn is_code(span: &str) -> bool {
    span.contains('_') && span.chars().all(|c| c.is_ascii_lowercase() || c == '_')
}
