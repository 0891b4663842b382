//! The shape of the program: which layer may use which, where SQL and vendors' words may stand,
//! how long a file may be. `ARCHITECTURE.md` tells the same to people.
//!
//! Each rule is a function from files to complaints, so that a test can also show it broken code.

#![expect(
    clippy::expect_used,
    reason = "reading the repository may fail loudly; clippy's own exception ends at #[test]"
)]

use std::fs;
use std::path::Path;

/// Who may use whom, by the first folder or file below `src/`. `http` uses the store's trait for
/// reads that need no deed, and of `config` only who may embed.
const LAYERS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("files", &["domain"]),
    ("config", &["domain"]),
    ("telemetry", &["config"]),
    ("store", &["domain"]),
    ("providers", &["domain"]),
    ("service", &["domain", "files", "store", "providers"]),
    ("http", &["domain", "service", "store", "config"]),
    ("app", &["domain", "files", "config", "store", "providers", "service", "http"]),
    ("cli", &["app", "config", "telemetry", "domain", "store", "service"]),
    ("main", &["cli"]),
    ("lib", &[]),
];

/// Concrete parts: outside of their own layer only `app` and `cli` choose them.
const CONCRETE: &[&str] = &[
    "store::sqlite",
    "store::postgres",
    "providers::claude",
    "providers::openai",
    "providers::gemini",
    "providers::compatible",
    "providers::demo",
    "providers::transport",
];

/// Where a crate may be used; a crate that is not listed is free.
const CRATES: &[(&str, &[&str])] = &[
    ("rusqlite", &["src/store/sqlite/", "src/files/sql"]),
    ("reqwest", &["src/providers/"]),
    ("eventsource_stream", &["src/providers/guard.rs"]),
    ("axum", &["src/http/", "src/app.rs"]),
    ("http_body", &["src/http/"]),
    ("hyper", &["src/http/listener"]),
    ("hyper_util", &["src/http/listener"]),
    ("tower", &["src/http/"]),
    ("tower_http", &["src/http/"]),
    ("askama", &["src/http/"]),
    ("ammonia", &["src/http/pages/admin/safe_text"]),
    ("pulldown_cmark", &["src/http/pages/admin/safe_text"]),
    ("rust_embed", &["src/http/"]),
    ("utoipa", &["src/http/"]),
    ("clap", &["src/cli"]),
    ("dotenvy", &["src/config"]),
    ("tracing_subscriber", &["src/telemetry.rs"]),
    ("tokio", &["src/store/", "src/providers/", "src/service/", "src/http/", "src/app", "src/cli"]),
];

/// Files that see no network, disk or clock, by their beginning or end.
const PURE: &[&str] = &[
    "src/domain/",
    "src/files/",
    "src/providers/demo/ask/",
    "src/service/turn/appendix.rs",
    "src/service/turn/prompt.rs",
    "src/service/turn/budget.rs",
    "src/service/turn/reply.rs",
    "src/service/turn/round.rs",
    "src/service/turn/steps.rs",
    "src/service/turn/table.rs",
    "src/service/turn/tables_text.rs",
    "src/service/turn/toolbox.rs",
    "/decode.rs",
    "/wire.rs",
];
const IMPURE: &[&str] =
    &["async fn", ".await", "tokio::", "std::fs", "std::env", "std::net::Tcp", "Instant::now"];

/// Words that only a vendor knows, and the vendor's folder.
const VENDOR_WORDS: &[(&str, &str)] = &[
    ("x-api-key", "src/providers/claude/"),
    ("anthropic-version", "src/providers/claude/"),
    ("message_start", "src/providers/claude/"),
    ("content_block_delta", "src/providers/claude/"),
    ("response.output_text.delta", "src/providers/openai/"),
    ("\"completions\"", "src/providers/openai/"),
    ("x-goog-api-key", "src/providers/gemini/"),
    ("streamGenerateContent", "src/providers/gemini/"),
    ("prompt_feedback", "src/providers/gemini/"),
];

/// How SQL begins.
const SQL: &[&str] =
    &["select ", "insert into ", "delete from ", "create table ", "pragma ", "begin immediate"];

const MAX_LINES: usize = 300;

/// Files that may be longer without their tests: how long, and why.
const LONGER: &[(&str, usize, &str)] =
    &[("src/http/error.rs", 520, "the table of all public errors stands on one page")];

/// A rule finds complaints in files.
type Rule = fn(&[Source]) -> Vec<String>;

struct Source {
    path: String,
    text: String,
}

impl Source {
    fn new(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned() }
    }

    /// The layer: `src/http/sse.rs` is of `http`, `src/app.rs` of `app`.
    fn layer(&self) -> &str {
        let below = self.path.strip_prefix("src/").unwrap_or(&self.path);
        below.split(['/', '.']).next().unwrap_or_default()
    }

    /// Its lines up to the tests in it, without comments.
    fn code(&self) -> impl Iterator<Item = &str> {
        self.before_tests().map(|line| match line.trim_start() {
            comment if comment.starts_with("//") => "",
            _ => line.split(" // ").next().unwrap_or_default(),
        })
    }

    /// Its lines without the tests in it. Where tests are in a file of their own, code goes on.
    fn before_tests(&self) -> impl Iterator<Item = &str> {
        let is_test_file = self.path.ends_with("/tests.rs");
        let mut lines = self.text.lines().peekable();
        std::iter::from_fn(move || {
            let line = lines.next().filter(|_| !is_test_file)?;
            if line.trim() != "#[cfg(test)]" {
                return Some(line);
            }
            let next = lines.next()?;
            next.ends_with(';').then_some("")
        })
    }

    /// What its code takes from the crate's root: `crate::store::Store` is `store::Store`.
    fn uses(&self) -> Vec<String> {
        let code: String = self.code().flat_map(|line| [line.trim(), " "]).collect();
        let mut found = Vec::new();
        for rest in code.split("crate::").skip(1) {
            match rest.strip_prefix('{') {
                Some(group) => found.extend(members(group)),
                None => found.push(path_at(rest)),
            }
        }
        found
    }
}

/// The path at the beginning of `text`.
fn path_at(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || matches!(c, '_' | ':')).collect()
}

/// The paths of a `use` group whose opening brace is cut off.
fn members(group: &str) -> Vec<String> {
    let mut depth = 1;
    let mut parts = vec![String::new()];
    for c in group.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 1 => parts.push(String::new()),
            _ => {}
        }
        if depth == 0 {
            break;
        }
        if let Some(part) = parts.last_mut().filter(|_| c != ',') {
            part.push(c);
        }
    }
    parts.iter().map(|part| path_at(part.trim())).filter(|path| !path.is_empty()).collect()
}

fn wrong_layers(files: &[Source]) -> Vec<String> {
    let mut wrong = Vec::new();
    for file in files {
        let layer = file.layer();
        let Some((_, allowed)) = LAYERS.iter().find(|(name, _)| *name == layer) else {
            wrong.push(format!("{} is in no known layer", file.path));
            continue;
        };
        for path in file.uses() {
            let used = path.split(':').next().unwrap_or_default();
            if used != layer && !used.is_empty() && !allowed.contains(&used) {
                wrong.push(format!("{}: {layer} may not use {used} (crate::{path})", file.path));
            }
            let is_foreign = used != layer && !matches!(layer, "app" | "cli");
            if is_foreign && CONCRETE.iter().any(|part| path.starts_with(part)) {
                wrong.push(format!("{}: only app chooses crate::{path}", file.path));
            }
        }
        let is_root = file.path.matches('/').count() == 1 || file.path.ends_with("/mod.rs");
        let climbs = |line: &str| {
            line.contains("super::super")
                || is_root && file.path.matches('/').count() <= 2 && line.contains("super::")
        };
        if file.code().any(climbs) {
            wrong.push(format!("{}: super:: leads out of the layer", file.path));
        }
    }
    wrong
}

fn misplaced_crates(files: &[Source]) -> Vec<String> {
    let mut wrong = Vec::new();
    for file in files {
        for (name, places) in CRATES {
            let is_allowed = places.iter().any(|place| file.path.starts_with(place));
            if !is_allowed && file.code().any(|line| has_crate(line, name)) {
                wrong.push(format!("{} may not use {name}", file.path));
            }
        }
    }
    wrong
}

/// Whether `name::` stands in the line as a path's beginning.
fn has_crate(line: &str, name: &str) -> bool {
    line.match_indices(&format!("{name}::")).any(|(at, _)| {
        let before = line.get(..at).unwrap_or_default();
        !before.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | ':'))
    })
}

fn impure(files: &[Source]) -> Vec<String> {
    let is_pure = |file: &&Source| {
        PURE.iter().any(|place| file.path.starts_with(place) || file.path.ends_with(place))
    };
    files.iter().filter(is_pure).flat_map(|file| found_in(file, IMPURE, "is pure")).collect()
}

fn misplaced_sql(files: &[Source]) -> Vec<String> {
    let is_backend = |file: &&Source| {
        // The demo writes queries over visitors' tables, as a model would.
        ["src/store/sqlite/", "src/store/postgres/", "src/files/", "src/providers/demo/ask/sql.rs"]
            .iter()
            .any(|backend| file.path.starts_with(backend))
    };
    let strings: Vec<String> = SQL.iter().map(|sql| format!("\"{sql}")).collect();
    let strings: Vec<&str> = strings.iter().map(String::as_str).collect();
    files
        .iter()
        .filter(|file| !is_backend(file))
        .flat_map(|file| found_in(file, &strings, "is no backend of the store"))
        .collect()
}

fn found_in(file: &Source, words: &[&str], rule: &str) -> Vec<String> {
    let mut found = Vec::new();
    for line in file.code() {
        let line = line.to_ascii_lowercase();
        for word in words.iter().filter(|word| line.contains(&word.to_ascii_lowercase())) {
            found.push(format!("{} {rule}, but has `{}`", file.path, word.trim_matches('"')));
        }
    }
    found
}

fn misplaced_vendor_words(files: &[Source]) -> Vec<String> {
    let mut wrong = Vec::new();
    for (word, folder) in VENDOR_WORDS {
        for file in files.iter().filter(|file| file.code().any(|line| line.contains(word))) {
            if !file.path.starts_with(folder) {
                wrong.push(format!("{}: `{word}` belongs to {folder}", file.path));
            }
        }
    }
    wrong
}

fn too_long(files: &[Source]) -> Vec<String> {
    let mut wrong = Vec::new();
    for file in files {
        let lines = file.before_tests().count();
        let exception = LONGER.iter().find(|(path, ..)| *path == file.path);
        let max = exception.map_or(MAX_LINES, |(_, max, _)| *max);
        if lines > max {
            wrong.push(format!("{} has {lines} lines without tests, at most {max}", file.path));
        }
        if exception.is_some() && lines <= MAX_LINES {
            wrong.push(format!("{} needs its exception in LONGER no more", file.path));
        }
    }
    wrong
}

fn without_a_first_sentence(files: &[Source]) -> Vec<String> {
    let says_what_it_is_for = |file: &&Source| {
        file.path.ends_with("/tests.rs")
            || file.text.strip_prefix("//! ").is_some_and(|rest| rest.contains('.'))
    };
    let silent = files.iter().filter(|file| !says_what_it_is_for(file));
    silent.map(|file| format!("{} does not open with a //! sentence", file.path)).collect()
}

/// The only place where a handler becomes a route, as only there it must say who is asking.
const ROUTES: &str = "src/http/asked.rs";
/// Other ways in which axum takes handlers.
const BACK_DOORS: &[&str] = &[
    "axum::routing",
    "MethodRouter",
    "route_service(",
    "nest_service(",
    "fallback_service(",
    ".method_not_allowed_fallback(",
];

fn routes_beside_the_door(files: &[Source]) -> Vec<String> {
    let others = files.iter().filter(|file| file.path != ROUTES);
    let mut wrong: Vec<String> =
        others.clone().flat_map(|file| found_in(file, BACK_DOORS, "makes no routes")).collect();
    for file in others {
        let code: String = file.code().collect();
        let groups = code.split("axum::{").skip(1).flat_map(members);
        if groups.into_iter().any(|path| path.starts_with("routing")) {
            wrong.push(format!("{} makes no routes, but uses axum::routing", file.path));
        }
    }
    wrong
}

/// Extractors that find out who is asking about rows.
const ASKERS: &[&str] = &["Visitor", "Member", "Viewer", "Editor", "Owner"];
/// Actors that are not asking: they see every row, or none that is protected.
const NO_ASKERS: &[&str] = &["Actor::System", "Actor::Staff", "Actor::Member"];
/// Where actors are made, of what a request proves.
const MAKES_ACTORS: &[&str] = &["src/http/auth"];
/// What a handler for everybody may not use: rows.
const ROWS: &[&str] = &["app.store.", ".store."];
/// Handlers for everybody that read rows all the same, and why that is right.
const READ_BY_ANYONE: &[(&str, &str)] =
    &[("show", "`/health` asks whether the database can be written")];

/// Handlers that let staff in and then ask nothing of who it is, and why that is right.
const LETS_STAFF_IN: &[(&str, &str)] =
    &[("src/http/pages/admin/bots.rs", "staff of every role sees the same bots")];

/// Who is asking is used, not thrown away, where rows are read.
fn forgotten_askers(files: &[Source]) -> Vec<String> {
    let mut wrong = Vec::new();
    for file in files.iter().filter(|file| file.layer() == "http") {
        let code: String = file.code().flat_map(|line| [line.trim(), "\n"]).collect();
        for function in code.split("async fn ").skip(1) {
            let (name, _) = function.split_once(['(', '<']).unwrap_or_default();
            let (head, body) = function.split_once("{\n").unwrap_or((function, ""));
            let lets_in = LETS_STAFF_IN.iter().any(|(path, _)| *path == file.path);
            let is_thrown = |asker: &&&str| head.contains(&format!("{asker}(_")) && !lets_in;
            for asker in ASKERS.iter().filter(is_thrown) {
                wrong.push(format!("{}: {name} throws its {asker} away", file.path));
            }
            let is_allowed = READ_BY_ANYONE.iter().any(|(own, _)| *own == name);
            let reads_rows = ROWS.iter().any(|word| body.contains(word));
            if head.contains("Anyone: Anyone") && reads_rows && !is_allowed {
                wrong.push(format!("{}: {name} reads rows for everybody", file.path));
            }
        }
        if !MAKES_ACTORS.iter().any(|place| file.path.starts_with(place)) {
            wrong.extend(found_in(file, NO_ASKERS, "makes no actors"));
        }
    }
    wrong
}

/// What is to be done has a number under which it is discussed.
fn unnumbered_todos(files: &[Source]) -> Vec<String> {
    let marks = [["TO", "DO"].concat(), ["FIX", "ME"].concat()];
    let is_numbered = |rest: &str| {
        rest.strip_prefix("(#").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    };
    let mut wrong = Vec::new();
    for file in files {
        for mark in &marks {
            if file.text.split(mark.as_str()).skip(1).any(|rest| !is_numbered(rest)) {
                wrong.push(format!("{}: {mark} without an issue's number", file.path));
            }
        }
    }
    wrong
}

/// Numbers from 0001 on without a gap, the same names in every backend.
fn unpaired_migrations(backends: &[(String, Vec<String>)]) -> Vec<String> {
    let mut wrong = Vec::new();
    for (backend, names) in backends {
        for (place, name) in names.iter().enumerate() {
            if !name.starts_with(&format!("{:04}_", place + 1)) {
                wrong.push(format!("{backend}/{name} should be number {:04}", place + 1));
            }
        }
        if let Some((first, expected)) = backends.first().filter(|(_, first)| first != names) {
            wrong.push(format!("{backend} has {names:?}, {first} has {expected:?}"));
        }
    }
    wrong
}

/// Paths in code spans and in the tree of a document that lead nowhere.
fn dead_paths(document: &str, exists: &dyn Fn(&str) -> bool) -> Vec<String> {
    const ROOTS: [&str; 11] = [
        "src/",
        "widget/",
        "templates/",
        "assets/",
        "migrations/",
        "tests/",
        "docs/",
        "scripts/",
        "benches/",
        ".ci/",
        "build.rs",
    ];
    let is_path = |word: &&str| {
        ROOTS.iter().any(|root| word.starts_with(root)) && !word.contains(['<', '*', '{', '…'])
    };
    let mut words: Vec<&str> = document.split('`').collect();
    words.extend(document.lines().filter_map(|line| line.split("  ").next()));
    let words = words.iter().flat_map(|span| span.split([' ', ',', '\n']));
    let mut dead: Vec<String> =
        words.filter(|word| is_path(word) && !exists(word)).map(str::to_owned).collect();
    dead.sort_unstable();
    dead.dedup();
    dead
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).expect(path)
}

/// The names in a folder, sorted; none if there is no such folder.
fn names_in(folder: &str) -> Vec<String> {
    let entries = fs::read_dir(root().join(folder)).into_iter().flatten();
    let mut names: Vec<String> = entries
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8"))
        .collect();
    names.sort_unstable();
    names
}

/// All files below `folder` with one of these endings.
fn files_below(folder: &str, endings: &[&str]) -> Vec<Source> {
    let mut files = Vec::new();
    for name in names_in(folder).iter().filter(|name| *name != "node_modules") {
        let path = format!("{folder}/{name}");
        if root().join(&path).is_dir() {
            files.extend(files_below(&path, endings));
        } else if endings.iter().any(|ending| name.ends_with(ending)) {
            files.push(Source { text: read(&path), path });
        }
    }
    files
}

fn program() -> Vec<Source> {
    let files = files_below("src", &[".rs"]);
    assert!(files.len() > 50, "the program was not found");
    files
}

#[track_caller]
fn assert_none(complaints: &[String]) {
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}

/// A file of tests that `main` does not name is compiled by nobody, and nobody misses it.
#[test]
fn every_file_of_tests_is_run() {
    let mut left_out = Vec::new();
    for folder in names_in("tests") {
        let Ok(main) = fs::read_to_string(root().join(format!("tests/{folder}/main.rs"))) else {
            continue;
        };
        for name in names_in(&format!("tests/{folder}")) {
            let is_named = |name: &str| main.contains(&format!("mod {name};"));
            if name.strip_suffix(".rs").is_some_and(|name| name != "main" && !is_named(name)) {
                left_out.push(format!("tests/{folder}/{name}"));
            }
        }
    }
    assert_none(&left_out);
}

#[test]
fn layers_are_used_by_those_above_only() {
    assert_none(&wrong_layers(&program()));
}

#[test]
fn crates_stay_in_their_layer() {
    assert_none(&misplaced_crates(&program()));
}

#[test]
fn pure_files_see_no_network_disk_or_clock() {
    assert_none(&impure(&program()));
}

#[test]
fn sql_stands_in_a_backend_of_the_store_only() {
    assert_none(&misplaced_sql(&program()));
}

#[test]
fn a_vendors_words_stay_in_its_folder() {
    let files = program();
    assert_none(&misplaced_vendor_words(&files));
    for (word, _) in VENDOR_WORDS {
        let is_used = files.iter().any(|file| file.text.contains(word));
        assert!(is_used, "no vendor says `{word}` any more: choose another word for the list");
    }
}

#[test]
fn every_route_goes_through_the_door_that_asks_who_is_there() {
    assert_none(&routes_beside_the_door(&program()));
    let door = read(ROUTES);
    assert!(door.contains("```compile_fail"), "{ROUTES} shows that forgetting does not compile");
}

#[test]
fn who_is_asking_is_not_thrown_away_where_rows_are_read() {
    assert_none(&forgotten_askers(&program()));
    for (name, why) in READ_BY_ANYONE.iter().chain(LETS_STAFF_IN) {
        assert!(!why.is_empty(), "{name}");
    }
}

#[test]
fn files_are_short() {
    let files = program();
    assert_none(&too_long(&files));
    for (path, _, reason) in LONGER {
        assert!(files.iter().any(|file| file.path == *path), "{path} is gone");
        assert!(!reason.is_empty());
    }
}

#[test]
fn every_file_says_what_it_is_for() {
    assert_none(&without_a_first_sentence(&program()));
}

#[test]
fn what_is_to_be_done_has_a_number() {
    let folders = ["src", "tests", "widget", "templates", "migrations", "scripts", "benches"];
    let endings = [".rs", ".ts", ".mjs", ".html", ".css", ".sql", ".md", "test", "check"];
    for folder in folders {
        assert_none(&unnumbered_todos(&files_below(folder, &endings)));
    }
}

#[test]
fn lints_forbid_what_a_server_must_not_do() {
    let manifest = read("Cargo.toml");
    let forbidden = ["unsafe_code = \"forbid\"", "unwrap_used = \"deny\"", "panic = \"deny\""];
    for lint in forbidden {
        assert!(manifest.contains(lint), "Cargo.toml does not say {lint}");
    }
    let lenient = "#![allow(";
    for file in program() {
        assert!(!file.text.contains(lenient), "{}: {lenient}", file.path);
    }
}

#[test]
fn migrations_are_numbered_paired_and_applied() {
    let mut backends = Vec::new();
    for backend in names_in("migrations").into_iter().filter(|name| !name.ends_with(".md")) {
        let names = names_in(&format!("migrations/{backend}"));
        let list = read(&format!("src/store/{backend}/migrate.rs"));
        for name in &names {
            assert!(list.contains(name.as_str()), "{backend} does not apply {name}");
        }
        backends.push((backend, names));
    }
    assert!(!backends.is_empty());
    assert_none(&unpaired_migrations(&backends));
}

#[test]
fn the_map_is_true() {
    let map = read("ARCHITECTURE.md");
    let exists = |path: &str| root().join(path).exists();
    assert_none(&dead_paths(&map, &exists));
    for name in names_in("src") {
        assert!(map.contains(&format!("src/{name}")), "ARCHITECTURE.md does not name src/{name}");
    }
}

#[test]
fn each_rule_notices_when_it_is_broken() {
    let at = |path: &str, text: &str| [Source::new(path, text)];
    let breaks: &[(Rule, &str, &str)] = &[
        (wrong_layers, "src/domain/bot.rs", "use crate::store::Store;"),
        (wrong_layers, "src/service/turn.rs", "use crate::{domain::bot::Bot, http::App};"),
        (wrong_layers, "src/service/turn.rs", "fn f(s: crate::store::sqlite::SqliteStore) {}"),
        (wrong_layers, "src/http/sse.rs", "use crate::providers::ProviderEvent;"),
        (wrong_layers, "src/store/mod.rs", "use super::service::Turns;"),
        (wrong_layers, "src/utils.rs", ""),
        (misplaced_crates, "src/http/api/chat.rs", "use rusqlite::Connection;"),
        (misplaced_crates, "src/service/guard.rs", "fn f(r: axum::http::Request<()>) {}"),
        (misplaced_crates, "src/domain/clock.rs", "use tokio::time::Instant;"),
        (impure, "src/domain/clock.rs", "pub async fn now() {}"),
        (impure, "src/providers/claude/decode.rs", "let text = std::fs::read(path);"),
        (misplaced_sql, "src/service/sessions.rs", "let sql = \"SELECT id from sessions\";"),
        (misplaced_vendor_words, "src/http/auth.rs", "const KEY: &str = \"x-api-key\";"),
        (without_a_first_sentence, "src/http/auth.rs", "use std::fmt;\n"),
        (routes_beside_the_door, "src/http/mod.rs", "use axum::routing::get;"),
        (routes_beside_the_door, "src/http/pages/mod.rs", "use axum::{Router, routing::get};"),
        (routes_beside_the_door, "src/http/mod.rs", "router.route_service(\"/a\", files)"),
        (
            forgotten_askers,
            "src/http/api/chat.rs",
            "async fn all(State(app): State<AppState>, Visitor(_actor): Visitor) -> Rows {\n}",
        ),
        (
            forgotten_askers,
            "src/http/api/chat.rs",
            "async fn all(State(app): State<AppState>, Anyone: Anyone) -> Rows {\napp.store.all()\n}",
        ),
        (forgotten_askers, "src/http/api/chat.rs", "let all = store.all(&Actor::System).await;"),
        (unnumbered_todos, "src/http/auth.rs", concat!("// TO", "DO: later")),
    ];
    for (rule, path, text) in breaks {
        assert!(!rule(&at(path, text)).is_empty(), "nothing noticed in {path}: {text}");
    }
    assert!(!too_long(&at("src/http/auth.rs", &"\n".repeat(MAX_LINES + 1))).is_empty());
    let backend = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let after_tests = "#[cfg(test)]\nmod tests;\nuse rusqlite::Connection;\n";
    assert!(!misplaced_crates(&at("src/http/auth.rs", after_tests)).is_empty());
    let gap = [("sqlite".to_owned(), backend(&["0001_a.sql", "0003_b.sql"]))];
    assert!(!unpaired_migrations(&gap).is_empty());
    assert_eq!(dead_paths("see `src/gone.rs` and `src/<layer>/`", &|_| false), ["src/gone.rs"]);
}

#[test]
fn rules_leave_comments_tests_and_neighbours_alone() {
    let file = |path: &str, text: &str| [Source::new(path, text)];
    let fine = "//! See [`crate::app`].\nuse crate::domain::{bot::Bot, id};\n#[cfg(test)]\nmod tests {\n    use crate::http::App;\n}\n";
    assert_none(&wrong_layers(&file("src/store/mod.rs", fine)));
    assert_none(&misplaced_crates(&file("src/domain/id.rs", "fn f() { my_tokio::x(); }")));
    assert_none(&unnumbered_todos(&file("src/a.rs", concat!("// TO", "DO(#12): later"))));
}
