//! The owner's list of conversations: which ones stand on a page, and what each row shows.

use rusqlite::{Connection, OptionalExtension as _, params};

use crate::domain::clock::Timestamp;
use crate::domain::feedback::Rating;
use crate::domain::usage::Usage;
use crate::store::sqlite::rows::{self, count, impossible};
use crate::store::sqlite::search;
use crate::store::{
    ConversationFilter, ConversationRow, Cursor, ModelUsage, Page, PageRequest, PageSeen,
    StoreResult,
};

const CURSOR: char = 'a';

/// How much of a question is shown, characters.
const SHOWN_CHARS: usize = 160;

/// How much of a message is read to show that much of it, characters.
pub(super) const READ_CHARS: u32 = 2000;

/// Longest title or address of a page that is shown, characters.
const PAGE_CHARS: u32 = 500;

/// Sessions that a page with a filter looks at.
const LOOKED_AT: u32 = 50_000;

const SAID: i64 = 1;
const THUMB_UP: i64 = 2;
const THUMB_DOWN: i64 = 4;
const FAILED: i64 = 8;
const FILES: i64 = 16;
const TOLD: i64 = 32;

/// What a session must be to stand on the list.
pub(super) struct Wanted<'a> {
    marks: i64,
    bot: Option<&'a str>,
}

impl<'a> Wanted<'a> {
    pub(super) fn by(filter: &'a ConversationFilter) -> Self {
        let rating = match filter.rating {
            Some(Rating::Up) => THUMB_UP,
            Some(Rating::Down) => THUMB_DOWN,
            None => 0,
        };
        let asked =
            [(filter.failed, FAILED), (filter.with_files, FILES), (filter.with_details, TOLD)];
        let asked = asked.into_iter().filter(|(is_asked, _)| *is_asked).map(|(_, mark)| mark);
        Self {
            marks: asked.fold(SAID | rating, |marks, mark| marks | mark),
            bot: filter.bot.as_deref(),
        }
    }

    pub(super) fn takes(&self, marks: i64, bot: &str) -> bool {
        marks & self.marks == self.marks && self.bot.is_none_or(|wanted| wanted == bot)
    }
}

/// A conversation that stands on the page.
pub(super) struct Found {
    pub(super) session: i64,
    /// What the row shows in the place of the first question.
    pub(super) excerpt: Option<String>,
}

/// The page.
pub(super) fn list(
    db: &Connection,
    filter: &ConversationFilter,
    page: &PageRequest,
) -> StoreResult<Page<ConversationRow>> {
    let found = match &filter.words {
        Some(words) => search::conversations(db, words, filter, page)?,
        None => by_activity(db, filter, page)?,
    };
    let Page { items, next, is_cut } = found;
    let items: StoreResult<Vec<ConversationRow>> =
        items.into_iter().map(|found| row(db, found)).collect();
    Ok(Page { items: items?, next, is_cut })
}

fn by_activity(
    db: &Connection,
    filter: &ConversationFilter,
    page: &PageRequest,
) -> StoreResult<Page<Found>> {
    let wanted = Wanted::by(filter);
    let from = filter.from.map_or(i64::MIN, Timestamp::as_ms);
    let to = filter.to.map_or(i64::MAX, Timestamp::as_ms);
    let after = page.after.as_ref().and_then(|cursor| cursor.place::<2>(CURSOR));
    let [time, key] = after.filter(|[time, _]| *time < to).unwrap_or([to, i64::MIN]);
    let mut statement = db.prepare_cached(
        "select last_activity, key
         from (
             select last_activity, key, marks, bot
             from sessions
             where last_activity >= ?1 and (last_activity, key) < (?2, ?3)
             order by last_activity desc, key desc
             limit ?4
         )
         where marks & ?5 = ?5 and (?6 is null or bot = ?6)
         limit ?7",
    )?;
    let limit = i64::from(page.limit) + 1;
    let read = params![from, time, key, LOOKED_AT, wanted.marks, wanted.bot, limit];
    let rows = statement.query_map(read, |row| Ok([row.get(0)?, row.get(1)?]))?;
    let places = rows.collect::<rusqlite::Result<Vec<[i64; 2]>>>()?;
    let page = Page::of(places, page.limit, |place| Cursor::of(CURSOR, place));
    let mut page = page.map(|[_, session]| Found { session, excerpt: None });
    if page.next.is_none() {
        page.next = end_of_look(db, (from, time, key))?.map(|place| Cursor::of(CURSOR, &place));
        page.is_cut = page.next.is_some();
    }
    Ok(page)
}

/// The last session looked at, if there are more than so many.
fn end_of_look(
    db: &Connection,
    (from, time, key): (i64, i64, i64),
) -> StoreResult<Option<[i64; 2]>> {
    let place = db
        .prepare_cached(
            "select last_activity, key
             from sessions
             where last_activity >= ?1 and (last_activity, key) < (?2, ?3)
             order by last_activity desc, key desc
             limit 1 offset ?4",
        )?
        .query_row(params![from, time, key, LOOKED_AT - 1], |row| Ok([row.get(0)?, row.get(1)?]))
        .optional()?;
    Ok(place)
}

fn row(db: &Connection, found: Found) -> StoreResult<ConversationRow> {
    let Found { session, excerpt: shown } = found;
    let question = match shown {
        Some(shown) => shown,
        None => first_question(db, session)?,
    };
    let (thumbs_up, thumbs_down, failures, usage) = replies(db, session)?;
    let mut statement = db.prepare_cached(
        "select id, bot, created_at, last_activity, message_count, details, user_identifier,
             substr(coalesce(config ->> '$.pageContext.title', ''), 1, ?2),
             substr(coalesce(config ->> '$.pageContext.url', ''), 1, ?2),
             (select count(*) from files where session = sessions.key and state = 'kept'),
             exists (
                 select 1 from messages where session = sessions.key and status = 'streaming'
             )
         from sessions
         where key = ?1",
    )?;
    let mut rows = statement.query(params![session, PAGE_CHARS])?;
    let Some(row) = rows.next()? else {
        return Err(impossible("sessions", "key", session, "it is in an index only"));
    };
    let (id, details): (String, Option<String>) = (row.get(0)?, row.get(5)?);
    let seen = PageSeen { title: row.get(7)?, url: row.get(8)? };
    Ok(ConversationRow {
        session: id.parse().map_err(|why| impossible("sessions", "id", session, why))?,
        bot: row.get(1)?,
        created_at: Timestamp::from_ms(row.get(2)?),
        last_activity: Timestamp::from_ms(row.get(3)?),
        message_count: count("sessions", "message_count", session, row.get(4)?)?,
        question,
        details: rows::details(session, details.as_deref())?,
        user_identifier: row.get(6)?,
        page: (seen != PageSeen::default()).then_some(seen),
        thumbs_up,
        thumbs_down,
        failures,
        files: count("files", "count(*)", session, row.get(9)?)?,
        usage,
        is_running: row.get(10)?,
    })
}

fn first_question(db: &Connection, session: i64) -> StoreResult<String> {
    let text: Option<String> = db
        .prepare_cached(
            "select substr(content, 1, ?2)
             from messages
             where session = ?1 and role = 'user'
             order by key
             limit 1",
        )?
        .query_row(params![session, READ_CHARS], |row| row.get(0))
        .optional()?;
    Ok(text.map(|text| excerpt(&text, &[])).unwrap_or_default())
}

/// Thumbs up, thumbs down, failures, and what each model took.
fn replies(db: &Connection, session: i64) -> StoreResult<(u64, u64, u64, Vec<ModelUsage>)> {
    let mut statement = db.prepare_cached(
        "select provider, model, count(*), sum(input_tokens is null and output_tokens is null),
             sum(input_tokens), sum(output_tokens), sum(cached_input_tokens),
             count(iif(rating = 'up', 1, null)), count(iif(rating = 'down', 1, null)),
             count(failure)
         from messages
         where session = ?1 and role = 'assistant' and status <> 'streaming'
         group by provider, model",
    )?;
    let mut rows = statement.query([session])?;
    let (mut up, mut down, mut failures, mut usage) = (0, 0, 0, Vec::new());
    while let Some(row) = rows.next()? {
        let number = |place| count("messages", "sums", session, row.get(place)?);
        let sum = |place| match row.get::<_, Option<i64>>(place)? {
            Some(number) => count("messages", "sums", session, number).map(Some),
            None => Ok(None),
        };
        up += number(7)?;
        down += number(8)?;
        failures += number(9)?;
        usage.push(ModelUsage {
            provider: row.get::<_, Option<String>>(0)?.unwrap_or_default(),
            model: row.get::<_, Option<String>>(1)?.unwrap_or_default(),
            replies: number(2)?,
            unmetered_replies: number(3)?,
            usage: Usage {
                input_tokens: sum(4)?,
                output_tokens: sum(5)?,
                cached_input_tokens: sum(6)?,
            },
        });
    }
    Ok((up, down, failures, usage))
}

/// One line of at most 160 characters: the beginning of the text, or what stands around the first
/// of the words in it. The words are in lower case.
pub(super) fn excerpt(text: &str, words: &[String]) -> String {
    let chars: Vec<char> =
        text.split_whitespace().flat_map(|word| word.chars().chain([' '])).collect();
    let chars = chars.strip_suffix(&[' ']).unwrap_or(&chars);
    if chars.len() <= SHOWN_CHARS {
        return chars.iter().collect();
    }
    let start = place_of(chars, words).map_or(0, |place| place.saturating_sub(SHOWN_CHARS / 3));
    // Not beyond what fills the line, and at the beginning of a word.
    let start = start.min(chars.len() - SHOWN_CHARS);
    let start = match start {
        0 => 0,
        start => {
            let word = chars.iter().skip(start).take(30).position(|c| *c == ' ');
            word.map_or(start, |space| start + space + 1)
        }
    };
    let before = (start > 0).then_some('…');
    let room = SHOWN_CHARS - usize::from(start > 0);
    let rest = chars.len() - start;
    let after = (rest > room).then_some('…');
    let taken = if rest > room { room - 1 } else { rest };
    before.into_iter().chain(chars.iter().skip(start).take(taken).copied()).chain(after).collect()
}

/// Where the first of the words begins.
fn place_of(chars: &[char], words: &[String]) -> Option<usize> {
    let lower: Vec<char> = chars.iter().map(|c| c.to_lowercase().next().unwrap_or(*c)).collect();
    let words: Vec<Vec<char>> = words
        .iter()
        .map(|word| word.chars().collect())
        .filter(|w: &Vec<char>| !w.is_empty())
        .collect();
    let begins = |place: usize| {
        let is_beginning = place == 0 || lower.get(place - 1).is_some_and(|c| !c.is_alphanumeric());
        let rest = lower.get(place..).unwrap_or_default();
        is_beginning && words.iter().any(|word| rest.starts_with(word))
    };
    (0..lower.len()).find(|place| begins(*place))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_is_one_short_line() {
        assert_eq!(excerpt("  When are\n\nyou open? ", &[]), "When are you open?");
        assert_eq!(excerpt("", &["x".to_owned()]), "");
        let long = "wörd ".repeat(100);
        let shown = excerpt(&long, &[]);
        assert_eq!(shown.chars().count(), SHOWN_CHARS);
        assert!(shown.starts_with("wörd wörd") && shown.ends_with('…'), "{shown}");
        assert_eq!(excerpt(&"x".repeat(500), &[]).chars().count(), SHOWN_CHARS);
    }

    #[test]
    fn an_excerpt_shows_the_words_looked_for() {
        let text = format!("{}Needle in it {}", "hay ".repeat(100), "hay ".repeat(100));
        for words in [vec!["needle"], vec!["nowhere", "needle"]] {
            let words: Vec<String> = words.into_iter().map(str::to_owned).collect();
            let shown = excerpt(&text, &words);
            assert!(shown.contains("Needle in it"), "{shown}");
            assert!(shown.starts_with('…') && shown.ends_with('…'), "{shown}");
            assert!(shown.chars().count() <= SHOWN_CHARS, "{shown}");
        }
        let at_the_end = format!("{}needle", "hay ".repeat(100));
        assert!(excerpt(&at_the_end, &["needle".to_owned()]).ends_with("hay needle"));
    }
}
