//! What the owner reads on the command line: feedback for people, leads as a table.

use std::collections::BTreeSet;
use std::path::Path;

use crate::domain::actor::Actor;
use crate::domain::feedback::Rating;
use crate::store::sqlite::SqliteReader;
use crate::store::{JudgedReply, Lead, OwnerStore as _, PageRequest};

/// How much of a question or reply fits a line that people read, characters.
const LINE_CHARS: usize = 160;

/// What visitors think of replies, the newest first.
///
/// # Errors
/// What is wrong with the database, for the owner.
pub(super) fn feedback(database: &Path, limit: u32) -> Result<String, String> {
    let replies = read(database, async |store: &SqliteReader| {
        store.judged_replies(&Actor::System, limit).await
    })?;
    if replies.is_empty() {
        return Ok("No reply has been rated yet.\n".to_owned());
    }
    Ok(replies.iter().map(as_paragraph).collect::<Vec<_>>().join("\n"))
}

/// Who visitors say they are, the newest first, as a table.
///
/// # Errors
/// What is wrong with the database, for the owner.
pub(super) fn leads(database: &Path, limit: u32) -> Result<String, String> {
    let leads = read(database, async |store: &SqliteReader| {
        store.leads(&Actor::System, None, PageRequest::first(limit)).await
    })?;
    as_table(&leads.items).map_err(|error| error.to_string())
}

fn read<T>(
    database: &Path,
    work: impl AsyncFnOnce(&SqliteReader) -> Result<T, crate::store::StoreError>,
) -> Result<T, String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| format!("The runtime cannot start: {error}"))?;
    let told = |error: crate::store::StoreError| error.to_string();
    let store = SqliteReader::open(database).map_err(told)?;
    runtime.block_on(work(&store)).map_err(told)
}

fn as_paragraph(reply: &JudgedReply) -> String {
    let thumb = match reply.feedback.rating {
        Rating::Up => "good",
        Rating::Down => "bad",
    };
    let mut text = format!("{}  {thumb}  session {}\n", reply.at, reply.session);
    let comment = reply.feedback.comment.as_deref().unwrap_or_default();
    for (name, words, max) in [
        ("comment ", comment, usize::MAX),
        ("question", reply.question.as_str(), LINE_CHARS),
        ("reply   ", reply.reply.as_str(), LINE_CHARS),
    ] {
        if !words.is_empty() {
            text.push_str(&format!("  {name}  {}\n", on_a_line(words, max)));
        }
    }
    text
}

/// Text of strangers for a terminal: on one line, without characters that move its cursor or turn
/// its words around.
fn on_a_line(text: &str, max_chars: usize) -> String {
    let turns = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let plain: String =
        text.chars().filter(|c| !turns(*c)).map(|c| if c.is_control() { ' ' } else { c }).collect();
    let line = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= max_chars {
        return line;
    }
    line.chars().take(max_chars).chain(['…']).collect()
}

/// A table by RFC 4180, with a column for each detail that somebody told.
fn as_table(leads: &[Lead]) -> Result<String, csv::Error> {
    const FIRST: [&str; 3] = ["name", "email", "phone"];
    let told: BTreeSet<&str> =
        leads.iter().flat_map(|lead| lead.details.keys().map(String::as_str)).collect();
    let first = FIRST.into_iter().filter(|key| told.contains(key));
    let rest = told.iter().copied().filter(|key| !FIRST.contains(key));
    let columns: Vec<&str> = first.chain(rest).collect();
    let mut table = csv::WriterBuilder::new()
        .quote_style(csv::QuoteStyle::Always)
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    table.write_record(["time", "session"].iter().chain(&columns))?;
    for lead in leads {
        let detail = |key: &&str| lead.details.get(*key).map_or_else(String::new, |d| harmless(d));
        let row = [lead.at.to_string(), lead.session.to_string()];
        table.write_record(row.into_iter().chain(columns.iter().map(detail)))?;
    }
    let bytes = table.into_inner().map_err(|error| error.into_error())?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// A cell that no spreadsheet takes for a formula: what begins like one gets an apostrophe, which
/// spreadsheets do not show. Plain numbers stay numbers.
fn harmless(cell: &str) -> String {
    let begins = |c: char| {
        matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠')
    };
    let is_formula = cell.starts_with(begins) || cell.trim_start().starts_with(begins);
    if is_formula && !is_number(cell) { format!("'{cell}") } else { cell.to_owned() }
}

fn is_number(cell: &str) -> bool {
    let digits = cell.strip_prefix(['+', '-']).unwrap_or(cell);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    all_digits(whole) && all_digits(part)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::clock::Timestamp;
    use crate::domain::feedback::Feedback;
    use crate::domain::id::SessionId;

    fn lead(details: &[(&str, &str)]) -> Lead {
        Lead {
            session: SessionId::random(),
            bot: "default".to_owned(),
            at: Timestamp::from_ms(1_790_000_000_000),
            details: details.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
        }
    }

    #[test]
    fn no_cell_begins_a_formula() {
        for cell in [
            "=1+1",
            "+cmd|' /C calc'!A0",
            "-2+3+cmd",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "\n=1",
            "＝1",
            "＋1",
            "－1",
            "＠x",
            " =1",
            "+41 44 123 45 67",
            "-",
            "+",
            "--1",
            "-1.",
            "=",
            "-1;=2",
        ] {
            assert_eq!(harmless(cell), format!("'{cell}"), "{cell}");
        }
        for cell in ["", "Ada", "-5", "+41441234567", "-1.5", "1=1", "a@b.example", "'=1"] {
            assert_eq!(harmless(cell), cell);
        }
    }

    #[test]
    fn a_table_reads_back_with_the_usual_columns_first() {
        let odd = "say \"hi\", then\nleave";
        let leads = [
            lead(&[("company", "=2"), ("email", "a@b.example")]),
            lead(&[("name", "Ada"), ("need", odd)]),
        ];
        let text = as_table(&leads).expect("a table");
        assert!(
            text.starts_with("\"time\",\"session\",\"name\",\"email\",\"company\",\"need\"\r\n")
        );
        let mut table = csv::Reader::from_reader(text.as_bytes());
        let rows: Vec<csv::StringRecord> = table.records().map(|row| row.expect("a row")).collect();
        let cells: Vec<Vec<&str>> = rows.iter().map(|row| row.iter().skip(2).collect()).collect();
        assert_eq!(cells, [vec!["", "a@b.example", "'=2", ""], vec!["Ada", "", "", odd]]);
        let first = rows.first().expect("a row");
        assert_eq!(first.get(0), Some("2026-09-21T14:13:20Z"));
        assert_eq!(first.get(1), Some(leads[0].session.to_string().as_str()));
        assert_eq!(as_table(&[]).expect("a table"), "\"time\",\"session\"\r\n");
    }

    #[test]
    fn a_strangers_words_stay_on_their_line() {
        let reply = JudgedReply {
            session: SessionId::random(),
            at: Timestamp::from_ms(1_790_000_000_000),
            feedback: Feedback {
                rating: Rating::Down,
                comment: Some("no\u{1b}[2J\n\u{202e}way\u{7}".to_owned()),
            },
            question: "q ".repeat(200),
            reply: String::new(),
        };
        let text = as_paragraph(&reply);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], format!("2026-09-21T14:13:20Z  bad  session {}", reply.session));
        assert_eq!(lines[1], "  comment   no [2J way");
        assert!(lines[2].starts_with("  question  q q") && lines[2].ends_with('…'), "{text}");
        assert_eq!(lines.len(), 3);
        assert!(lines[2].chars().count() < LINE_CHARS + 20);
    }
}
