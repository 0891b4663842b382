//! A database as a busy year leaves it, made at once: the same for the same number of messages.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use alcove::domain::secret::TokenHash;
use alcove::domain::timings::Timings;
use alcove::store::Store as _;
use alcove::store::sqlite::{SqliteSettings, SqliteStore};
use rusqlite::{Connection, params, params_from_iter};

use crate::Outcome;
use crate::chance::{Chance, Vocabulary, pick};

/// The year ends on 24 November 2026, 0:00 UTC.
pub const END_MS: i64 = 1_795_478_400_000;
const DAY_MS: i64 = 86_400_000;
const HOUR_MS: i64 = 3_600_000;

/// Messages of a conversation, on average, as a thousandth.
const MESSAGES_OF_A_SESSION: u64 = 8333;

/// The cookie of the owner in it.
pub const COOKIE: &str = "bench-owner-cookie";

/// Provider, model, whether it tells tokens; in order of use.
const MODELS: [(&str, &str, bool); 4] = [
    ("claude", "claude-haiku-5-5", true),
    ("openai", "gpt-6-luna", true),
    ("gemini", "gemini-3.8-flash", true),
    ("compatible", "llama3.3", false),
];

/// What is counted of an hour: as the columns of usage_hours.
#[derive(Default)]
struct Hour {
    counts: [i64; 9],
    first_word: [i64; Timings::BUCKETS],
    whole_reply: [i64; Timings::BUCKETS],
}

type Hours = BTreeMap<(i64, &'static str, &'static str, &'static str), Hour>;

/// Makes the database at `path` with so many messages.
pub fn fill(path: &Path, messages: u64) -> Outcome<()> {
    for suffix in ["", "-wal", "-shm"] {
        let _absent = fs::remove_file(format!("{}{suffix}", path.display()));
    }
    let store = SqliteStore::open(SqliteSettings::new(path))?;
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(store.close());
    let db = Connection::open(path)?;
    db.execute_batch(
        "pragma journal_mode = off;
         pragma synchronous = off;
         pragma locking_mode = exclusive;
         pragma cache_size = -400000;
         begin",
    )?;
    let mut chance = Chance::new(2026);
    let vocabulary = Vocabulary::new(&mut chance);
    let mut year = Year { db: &db, chance, vocabulary, hours: Hours::new(), said: 0 };
    let sessions = messages * 1000 / MESSAGES_OF_A_SESSION;
    for number in 0..sessions {
        year.session(number, sessions, messages)?;
    }
    year.store_hours()?;
    owner(&db)?;
    db.execute_batch("commit; analyze sqlite_schema; pragma journal_mode = wal")?;
    Ok(())
}

/// Somebody who may see everything, signed in.
fn owner(db: &Connection) -> Outcome<()> {
    db.execute(
        "insert into accounts
         (username, username_folded, email, password_hash, role, created_at)
         values ('owner', 'owner', 'owner@example.com', '', 'owner', ?1)",
        [END_MS],
    )?;
    let far = END_MS + 3650 * DAY_MS;
    db.execute(
        "insert into logins (account, hash, created_at, last_seen_at, expires_at)
         values (?1, ?2, ?3, ?4, ?4)",
        params![db.last_insert_rowid(), TokenHash::of(COOKIE).as_bytes(), END_MS, far],
    )?;
    Ok(())
}

struct Year<'a> {
    db: &'a Connection,
    chance: Chance,
    vocabulary: Vocabulary,
    hours: Hours,
    said: u64,
}

/// A conversation being made.
struct Talk {
    key: i64,
    bot: &'static str,
    at: i64,
    visible: i64,
}

impl Year<'_> {
    fn session(&mut self, number: u64, sessions: u64, messages: u64) -> Outcome<()> {
        let chance = &mut self.chance;
        let bot = *pick(&["default", "default", "default", "shop", "docs"], chance);
        let at = instant(number, sessions);
        let page = self.vocabulary.text(chance, 150);
        let title = self.vocabulary.text(chance, 3);
        let config = serde_json::json!({ "pageContext": {
            "title": title, "url": format!("https://shop.example/{title}"), "pageContent": page,
        } });
        let config = if chance.in_thousand(800) { config.to_string() } else { "{}".to_owned() };
        let user = chance.in_thousand(150).then(|| format!("customer-{}", chance.below(50_000)));
        let user = user.as_deref();
        self.db
            .prepare_cached(
                "insert into sessions
                 (id, bot, user_identifier, config, created_at, last_activity)
                 values (?1, ?2, ?3, ?4, ?5, ?5)",
            )?
            .execute(params![chance.uuid(), bot, user, config, at])?;
        let mut talk = Talk { key: self.db.last_insert_rowid(), bot, at, visible: 0 };
        // What is left is shared out evenly, so that the number comes out exactly.
        let left = (messages - self.said) / 2;
        let others = sessions - number - 1;
        let mean = left as f64 / (others + 1) as f64;
        let turns = (1.0 + self.chance.around(mean - 1.0)).round() as u64;
        let turns = if others == 0 { left } else { turns.clamp(1, left - others) };
        for turn in 0..turns {
            self.turn(&mut talk, turn)?;
        }
        self.end(&talk)
    }

    #[expect(clippy::too_many_lines, reason = "a turn has so many columns")]
    fn turn(&mut self, talk: &mut Talk, number: u64) -> Outcome<()> {
        let chance = &mut self.chance;
        let (provider, model, is_metered) = MODELS[match chance.below(100) {
            0..60 => 0,
            60..85 => 1,
            85..95 => 2,
            _ => 3,
        }];
        talk.at += chance.around(40_000.0) as i64;
        let (question_id, reply_id) = (chance.uuid(), chance.uuid());
        let words = 3 + chance.around(8.0) as usize;
        let question = match chance.below(1000) {
            0..120 => QUESTIONS[chance.below(QUESTIONS.len() as u64) as usize].to_owned(),
            _ => self.vocabulary.text(chance, words.min(200)),
        };
        let failed = chance.in_thousand(10);
        let words = 15 + chance.around(45.0) as usize;
        let answer =
            if failed { String::new() } else { self.vocabulary.text(chance, words.min(600)) };
        let first_word = talk.at + 150 + chance.around(900.0) as i64;
        let ended = first_word + chance.around(4000.0) as i64;
        let replaced = chance.in_thousand(10);
        self.db
            .prepare_cached(
                "insert into messages (session, id, role, content, status, created_at, replaced)
                 values (?1, ?2, 'user', ?3, 'complete', ?4, ?5)",
            )?
            .execute(params![talk.key, question_id, question, talk.at, replaced])?;
        let rating = match chance.below(1000) {
            0..40 => Some("up"),
            40..55 => Some("down"),
            _ => None,
        };
        let steps = (number > 0 && chance.in_thousand(30)).then(|| {
            let sql = self.vocabulary.text(chance, 300);
            format!(r#"[{{"id":"1","name":"query_data","status":"done","title":"{sql}"}}]"#)
        });
        let input = is_metered.then(|| 400 + number as i64 * 150 + chance.below(800) as i64);
        let cached = input.map(|tokens| tokens * chance.below(80) as i64 / 100);
        let output = is_metered.then(|| 20 + chance.around(90.0) as i64);
        let is_old = talk.at < END_MS - 60 * DAY_MS;
        self.db
            .prepare_cached(
                "insert into messages (session, id, role, content, status, created_at, replaced,
                     answers, provider, model, finish_reason, failure, input_tokens,
                     output_tokens, cached_input_tokens, rating, rated_at, asks_contact, steps,
                     first_word_at, ended_at, settled_at)
                 values (?1, ?2, 'assistant', ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14,
                     ?15, ?16, ?17, ?18, ?19, ?20, ?21)",
            )?
            .execute(params![
                talk.key,
                reply_id,
                answer,
                if failed { "failed" } else { "complete" },
                talk.at,
                replaced,
                question_id,
                provider,
                model,
                if failed { "error" } else { "stop" },
                failed.then_some("model_busy"),
                input,
                output,
                cached,
                rating,
                rating.map(|_| ended),
                chance.in_thousand(5),
                steps,
                (!failed).then_some(first_word),
                ended,
                is_old.then_some(ended + DAY_MS),
            ])?;
        self.said += 2;
        talk.visible += if replaced { 0 } else { 2 };
        let hour = self.hours.entry((talk.at - talk.at % HOUR_MS, talk.bot, provider, model));
        let hour = hour.or_default();
        let rated = |thumb| i64::from(rating == Some(thumb));
        let added = [
            i64::from(number == 0),
            1,
            i64::from(failed),
            i64::from(!is_metered),
            input.unwrap_or(0),
            cached.unwrap_or(0),
            output.unwrap_or(0),
            rated("up"),
            rated("down"),
        ];
        for (sum, more) in hour.counts.iter_mut().zip(added) {
            *sum += more;
        }
        if !failed {
            hour.first_word[Timings::bucket((first_word - talk.at) as u64)] += 1;
            hour.whole_reply[Timings::bucket((ended - talk.at) as u64)] += 1;
        }
        talk.at = ended;
        Ok(())
    }

    /// What stands with the session itself.
    fn end(&mut self, talk: &Talk) -> Outcome<()> {
        let chance = &mut self.chance;
        self.db
            .prepare_cached(
                "update sessions set last_activity = ?2, message_count = ?3 where key = ?1",
            )?
            .execute(params![talk.key, talk.at, talk.visible])?;
        self.db
            .prepare_cached(
                "update sessions
                 set marks = marks
                     | 8 * exists (select 1 from messages where session = ?1 and failure is not null)
                 where key = ?1",
            )?
            .execute([talk.key])?;
        if chance.in_thousand(60) {
            let name = format!("{} {}", self.vocabulary.text(chance, 1), chance.below(100_000));
            let email = format!("{}@example.com", name.replace(' ', "."));
            let told = serde_json::json!({ "name": name, "email": email }).to_string();
            self.db
                .prepare_cached("update sessions set details = ?2, details_at = ?3 where key = ?1")?
                .execute(params![talk.key, told, talk.at])?;
        }
        if chance.in_thousand(20) {
            self.file(talk)?;
        }
        Ok(())
    }

    fn file(&mut self, talk: &Talk) -> Outcome<()> {
        self.db
            .prepare_cached(
                "insert into files
                 (session, id, name, kind, shape, size_bytes, uploaded_at, tables, state)
                 values (?1, ?2, 'sales.csv', 'csv', '\"rows\"', 200, ?3, '[]', 'arriving')",
            )?
            .execute(params![talk.key, self.chance.uuid(), talk.at])?;
        let key = self.db.last_insert_rowid();
        self.db
            .prepare_cached("insert into file_pieces (file, number, bytes) values (?1, 0, ?2)")?
            .execute(params![key, vec![b'x'; 200]])?;
        self.db.prepare_cached("update files set state = 'kept' where key = ?1")?.execute([key])?;
        Ok(())
    }

    fn store_hours(&mut self) -> Outcome<()> {
        let columns = 4 + 9 + 2 * Timings::BUCKETS;
        let places = vec!["?"; columns].join(", ");
        let mut insert = self.db.prepare(&format!("insert into usage_hours values ({places})"))?;
        for ((hour, bot, provider, model), counted) in &self.hours {
            let place: [&dyn rusqlite::ToSql; 4] = [hour, bot, provider, model];
            let counts =
                counted.counts.iter().chain(&counted.first_word).chain(&counted.whole_reply);
            let counts = counts.map(|count| count as &dyn rusqlite::ToSql);
            insert.execute(params_from_iter(place.into_iter().chain(counts)))?;
        }
        Ok(())
    }
}

/// When the session of this number begins: more by day than by night.
fn instant(number: u64, sessions: u64) -> i64 {
    let days = 365.0 * number as f64 / sessions as f64;
    let part = days.fract();
    let part = part - 0.12 * (part * std::f64::consts::TAU).sin();
    END_MS - 365 * DAY_MS + ((days.floor() + part) * DAY_MS as f64) as i64
}

/// What many visitors ask.
const QUESTIONS: [&str; 12] = [
    "Where is my parcel?",
    "How can I return my order?",
    "What does shipping cost?",
    "Do you ship to Switzerland?",
    "When will my order arrive?",
    "How do I reset my password?",
    "What are your opening hours?",
    "Do you have this in blue?",
    "Can I pay by invoice?",
    "Is there a student discount?",
    "How do I change my address?",
    "What size do I need?",
];
