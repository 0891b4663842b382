//! Files of exchanges: read, and written when something is recorded.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// One file.
#[derive(Debug)]
pub struct Recording {
    /// Where it is.
    pub path: PathBuf,
    /// Lines before the first exchange.
    pub head: String,
    /// What is asked and answered, in order.
    pub exchanges: Vec<Exchange>,
}

/// A request and what is to be answered.
#[derive(Debug)]
pub struct Exchange {
    /// What happens in it.
    pub title: String,
    /// Minutes that pass before it.
    pub idle_minutes: Option<u64>,
    /// The method.
    pub method: String,
    /// Path and query, with placeholders.
    pub target: String,
    /// Headers of the request, with placeholders.
    pub headers: Vec<(String, String)>,
    /// The body, with placeholders; empty for none.
    pub body: String,
    /// What is answered; none as long as it is not recorded.
    pub answer: Option<Expected>,
}

/// An answer as recorded.
#[derive(Debug)]
pub struct Expected {
    /// Its status.
    pub status: u16,
    /// Those of its headers that matter.
    pub headers: Vec<(String, String)>,
    /// Its body, with placeholders.
    pub body: Value,
}

/// All recordings of a folder, by name.
pub fn recordings(folder: &str) -> Vec<Recording> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/compat").join(folder);
    let entries = fs::read_dir(&folder).into_iter().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "http"));
    paths.sort();
    paths.into_iter().map(Recording::read).collect()
}

impl Recording {
    fn read(path: PathBuf) -> Self {
        let text = fs::read_to_string(&path).expect("UTF-8");
        let mut parts = text.split("\n### ");
        let head = parts.next().unwrap_or_default().trim().to_owned();
        Self { head, exchanges: parts.map(Exchange::parse).collect(), path }
    }

    /// Writes it back.
    pub fn write(&self) {
        let mut text = self.head.clone();
        text.push('\n');
        for exchange in &self.exchanges {
            exchange.write(&mut text);
        }
        fs::write(&self.path, text).expect("written");
    }

    /// What stands behind `@word ` in the head.
    pub fn told<'a>(&'a self, word: &str) -> Vec<&'a str> {
        let mark = format!("@{word} ");
        self.head
            .lines()
            .filter_map(|line| Some(line.strip_prefix(mark.as_str())?.trim()))
            .collect()
    }
}

impl Exchange {
    fn parse(text: &str) -> Self {
        let (title, rest) = text.split_once('\n').expect("a title");
        let (asked, answer) = match rest.split_once("\n=> ") {
            Some((asked, answer)) => (asked, Some(Expected::parse(answer))),
            None => (rest, None),
        };
        let (idle, asked) = match asked.trim().strip_prefix("@idle ") {
            Some(rest) => rest.split_once('\n').map(|(minutes, rest)| (Some(minutes), rest)),
            None => Some((None, asked.trim())),
        }
        .expect("a request");
        let (line, rest) = asked.split_once('\n').unwrap_or((asked, ""));
        let (method, target) = line.split_once(' ').expect("method and path");
        let (headers, body) = head_and_body(rest);
        Self {
            title: title.trim().to_owned(),
            idle_minutes: idle.map(|minutes| minutes.trim().parse().expect("minutes")),
            method: method.to_owned(),
            target: target.trim().to_owned(),
            headers,
            body: body.to_owned(),
            answer,
        }
    }

    fn write(&self, text: &mut String) {
        writeln!(text, "\n### {}", self.title).expect("text");
        if let Some(minutes) = self.idle_minutes {
            writeln!(text, "@idle {minutes}").expect("text");
        }
        writeln!(text, "{} {}", self.method, self.target).expect("text");
        write_headers(text, &self.headers);
        if !self.body.is_empty() {
            writeln!(text, "\n{}", self.body).expect("text");
        }
        let Some(answer) = &self.answer else { return };
        writeln!(text, "\n=> {}", answer.status).expect("text");
        write_headers(text, &answer.headers);
        if !answer.body.is_null() {
            let body = serde_json::to_string_pretty(&answer.body).expect("text");
            writeln!(text, "\n{body}").expect("text");
        }
    }

    /// `GET /api/chat/stats/{}/`: which endpoint it asks.
    pub fn endpoint(&self) -> String {
        let path = self.target.split('?').next().unwrap_or_default();
        let is_id = |part: &str| part.contains("{{") || uuid::Uuid::try_parse(part).is_ok();
        let parts: Vec<&str> =
            path.split('/').map(|part| if is_id(part) { "{}" } else { part }).collect();
        let plain = parts.join("/");
        format!("{} {plain}", self.method)
    }
}

impl Expected {
    fn parse(text: &str) -> Self {
        let (status, rest) = text.split_once('\n').unwrap_or((text, ""));
        let (headers, body) = head_and_body(rest);
        let body = match body {
            "" => Value::Null,
            body => serde_json::from_str(body).unwrap_or_else(|why| panic!("{why} in {body}")),
        };
        Self { status: status.trim().parse().expect("a status"), headers, body }
    }
}

fn head_and_body(text: &str) -> (Vec<(String, String)>, &str) {
    let (head, body) = match text.strip_prefix('\n') {
        Some(body) => ("", body),
        None => text.split_once("\n\n").unwrap_or((text, "")),
    };
    let header = |line: &str| {
        let (name, value) = line.split_once(':').expect("a header");
        (name.trim().to_ascii_lowercase(), value.trim().to_owned())
    };
    (head.lines().filter(|line| !line.trim().is_empty()).map(header).collect(), body.trim())
}

fn write_headers(text: &mut String, headers: &[(String, String)]) {
    for (name, value) in headers {
        writeln!(text, "{name}: {value}").expect("text");
    }
}
