//! What each of the owner's pages takes over HTTP, beside `/health` asked in turns.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

use crate::Outcome;
use crate::fill::COOKIE;

const ROUNDS: usize = 21;

/// Name, address. `{session}` is the conversation that is listed first.
const PAGES: &[(&str, &str)] = &[
    ("Overview, 7 days", "/admin/?days=7"),
    ("Overview, 30 days", "/admin/?days=30"),
    ("Overview, 90 days", "/admin/?days=90"),
    ("Conversations", "/admin/conversations"),
    ("Conversations that failed", "/admin/conversations?failed=on"),
    (
        "Conversations, all filters at once",
        "/admin/conversations?failed=on&files=on&details=on&thumb=down&bot=docs",
    ),
    ("Search: a common word", "/admin/conversations?q=the"),
    ("Search: a beginning of words", "/admin/conversations?q=parc"),
    ("Search: two words", "/admin/conversations?q=order+parcel"),
    ("Search: no such word", "/admin/conversations?q=nosuchword"),
    ("Search: an e-mail address", "/admin/conversations?q=example.com"),
    ("One conversation", "/admin/conversations/{session}"),
    ("To review", "/admin/review"),
    ("Leads", "/admin/leads"),
    ("Leads: search", "/admin/leads?q=example.com"),
    ("Bots", "/admin/bots"),
    ("A bot", "/admin/bots/default"),
    ("Accounts", "/admin/accounts"),
    ("API tokens", "/admin/tokens"),
    ("Audit log", "/admin/audit"),
    ("Settings", "/admin/settings"),
    ("Health", "/admin/health"),
];

/// A server over the database. Dropping it ends it.
struct Server {
    address: SocketAddr,
    _process: Child,
}

impl Server {
    async fn start(binary: &Path, database: &Path) -> Outcome<Self> {
        let folder = database.parent().ok_or("the database has no folder")?;
        let mut process = Command::new(binary)
            .env_clear()
            .current_dir(folder)
            .env("PORT", "0")
            .env("LOG_LEVEL", "error")
            .env("RATE_LIMITS", "off")
            .env("DATABASE_URL", format!("sqlite://{}", database.canonicalize()?.display()))
            .stdout(std::process::Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let output = process.stdout.take().ok_or("the server has no output")?;
        let mut lines = BufReader::new(output).lines();
        let line = lines.next_line().await?.ok_or("the server ended at once")?;
        let address = line.rsplit("//").next().unwrap_or_default().parse()?;
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Ok(Self { address, _process: process })
    }
}

/// Asks for pages, signed in.
struct Owner {
    client: reqwest::Client,
    base: String,
}

impl Owner {
    async fn get(&self, path: &str) -> Outcome<(Duration, String)> {
        let began = Instant::now();
        let request = self.client.get(format!("{}{path}", self.base));
        let answer = request.header("cookie", format!("__Host-alcove={COOKIE}")).send().await?;
        let status = answer.status();
        let body = answer.text().await?;
        let took = began.elapsed();
        if !status.is_success() {
            return Err(format!("{path}: {status}").into());
        }
        Ok((took, body))
    }

    /// The first conversation on the list.
    async fn session(&self) -> Outcome<String> {
        let (_, page) = self.get("/admin/conversations").await?;
        let mark = "/admin/conversations/";
        let ids = page.split(mark).skip(1).filter_map(|rest| rest.get(..36));
        let is_id = |id: &&str| id.bytes().filter(|b| *b == b'-').count() == 4;
        let id = ids.into_iter().find(is_id).ok_or("no conversation is listed")?;
        Ok(id.to_owned())
    }
}

/// Measures all pages; answers a table.
pub fn measure(binary: &Path, database: &Path) -> Outcome<String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(all(&PathBuf::from(binary).canonicalize()?, database))
}

async fn all(binary: &Path, database: &Path) -> Outcome<String> {
    let server = Server::start(binary, database).await?;
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build()?;
    let owner = Owner { client, base: format!("http://{}", server.address) };
    let session = owner.session().await?;
    let mut table =
        String::from("| page | median | p95 | to `/health` | |\n|---|---|---|---|---|\n");
    for (name, path) in PAGES {
        let path = path.replace("{session}", &session);
        match row(&owner, &path).await {
            Ok(figures) => table.push_str(&format!("| {name} | {figures} |\n")),
            Err(error) => table.push_str(&format!("| {name} | | | | {error} |\n")),
        }
    }
    Ok(table)
}

async fn row(owner: &Owner, path: &str) -> Outcome<String> {
    let (mut pages, mut healths) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        pages.push(owner.get(path).await?.0);
        healths.push(owner.get("/health").await?.0);
    }
    pages.sort();
    healths.sort();
    let ms = |time: Duration| time.as_secs_f64() * 1000.0;
    let (median, most) = (pages[ROUNDS / 2], pages[ROUNDS * 95 / 100]);
    let verdict = if median <= Duration::from_millis(100) { "met" } else { "**missed**" };
    let ratio = ms(median) / ms(healths[ROUNDS / 2]);
    Ok(format!("{:.1} ms | {:.1} ms | {ratio:.1} × | {verdict}", ms(median), ms(most)))
}
