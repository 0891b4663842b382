//! Replies to work on, and questions that are asked often.

use std::collections::HashMap;

use rusqlite::{Connection, Row, params};

use crate::domain::clock::Timestamp;
use crate::domain::id::MessageId;
use crate::store::sqlite::conversations::excerpt;
use crate::store::sqlite::rows::impossible;
use crate::store::sqlite::sessions::SessionKey;
use crate::store::{
    Cursor, Page, PageRequest, ReplyToWorkOn, StoreError, StoreResult, TopQuestion, WhyWork,
};

const CURSOR: char = 'w';

/// How much of a question and of a reply is shown, characters.
const SHOWN_CHARS: u32 = 400;

/// Messages that are looked at for questions: 5,000 questions with their replies.
const LOOKED_AT: u32 = 10_000;

/// What a reply to work on is: word for word what the index is made of.
pub(super) const WANTS_WORK: &str = "reply.settled_at is null
     and reply.role = 'assistant'
     and (reply.rating = 'down' or reply.failure is not null or reply.status = 'blocked'
         or reply.asks_contact = 1)
     and (reply.replaced = 0 or reply.rating = 'down')";

/// Replies to work on, the newest first.
pub(super) fn to_work_on(db: &Connection, page: &PageRequest) -> StoreResult<Page<ReplyToWorkOn>> {
    let after = page.after.as_ref().and_then(|cursor| cursor.place::<1>(CURSOR));
    let [before] = after.unwrap_or([i64::MAX]);
    let mut statement = db.prepare_cached(&format!(
        "select reply.key, sessions.id, sessions.bot, reply.id, reply.created_at,
             substr(coalesce(question.content, ''), 1, ?3), substr(reply.content, 1, ?3),
             reply.rating, reply.comment, reply.failure, reply.status, reply.asks_contact
         from messages as reply
         join sessions on sessions.key = reply.session
         left join messages as question
             on question.session = reply.session and question.id = reply.answers
         where {WANTS_WORK}
         and reply.key < ?1
         order by reply.key desc
         limit ?2"
    ))?;
    let mut rows = statement.query(params![before, i64::from(page.limit) + 1, SHOWN_CHARS])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push((row.get(0)?, reply_of(row)?));
    }
    let page = Page::of(found, page.limit, |(key, _)| Cursor::of(CURSOR, &[*key]));
    Ok(page.map(|(_, reply)| reply))
}

fn reply_of(row: &Row<'_>) -> StoreResult<ReplyToWorkOn> {
    let key = row.get(0)?;
    let wrong =
        |column: &str, why: &dyn std::fmt::Display| impossible("messages", column, key, why);
    let (session, reply): (String, String) = (row.get(1)?, row.get(3)?);
    let (rating, failure): (Option<String>, Option<String>) = (row.get(7)?, row.get(9)?);
    let status: String = row.get(10)?;
    let reasons = [
        (WhyWork::Disliked, rating.as_deref() == Some("down")),
        (WhyWork::Failed, failure.is_some()),
        (WhyWork::Blocked, status == "blocked"),
        (WhyWork::AskedContact, row.get(11)?),
    ];
    let failure = failure.map(|code| code.parse()).transpose();
    Ok(ReplyToWorkOn {
        session: session.parse().map_err(|why| wrong("session", &why))?,
        bot: row.get(2)?,
        reply: reply.parse().map_err(|why| wrong("id", &why))?,
        at: Timestamp::from_ms(row.get(4)?),
        question: row.get(5)?,
        text: row.get(6)?,
        why: reasons.into_iter().filter(|(_, holds)| *holds).map(|(why, _)| why).collect(),
        comment: row.get(8)?,
        failure: failure.map_err(|why| wrong("failure", &why))?,
    })
}

/// Takes a reply off the list; `false` if it is not on it.
pub(super) fn settle(
    db: &Connection,
    session: SessionKey,
    reply: MessageId,
    now: Timestamp,
) -> StoreResult<bool> {
    let settled = db
        .prepare_cached(&format!(
            "update messages as reply
             set settled_at = ?3
             where reply.session = ?1 and reply.id = ?2 and {WANTS_WORK}"
        ))?
        .execute(params![session.0, reply.to_string(), now.as_ms()])?;
    Ok(settled > 0)
}

/// What was asked more than once lately, the most often asked first.
pub(super) fn top_questions(
    db: &Connection,
    bot: Option<&str>,
    since: Timestamp,
    limit: u32,
) -> StoreResult<Vec<TopQuestion>> {
    let mut statement = db.prepare_cached(
        "select substr(message.content, 1, ?4), message.created_at
         from messages as message
         join sessions on sessions.key = message.session
         where message.key > (select max(key) from messages) - ?3
         and message.role = 'user'
         and message.created_at >= ?1
         and (?2 is null or sessions.bot = ?2)
         order by message.key desc",
    )?;
    let mut rows = statement.query(params![since.as_ms(), bot, LOOKED_AT, SHOWN_CHARS])?;
    let mut asked: HashMap<String, TopQuestion> = HashMap::new();
    while let Some(row) = rows.next()? {
        let (text, at): (String, i64) = (row.get(0)?, row.get(1)?);
        let folded = folded(&text);
        if folded.is_empty() {
            continue;
        }
        let question = asked.entry(folded).or_insert_with(|| TopQuestion {
            text: excerpt(&text, &[]),
            count: 0,
            last_at: Timestamp::from_ms(at),
        });
        question.count += 1;
    }
    let mut questions: Vec<TopQuestion> =
        asked.into_values().filter(|question| question.count > 1).collect();
    questions.sort_by(|a, b| (b.count, b.last_at, &a.text).cmp(&(a.count, a.last_at, &b.text)));
    questions.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(questions)
}

/// What makes two questions the same: their letters and digits.
fn folded(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let mut folded = String::with_capacity(text.len());
    for word in words {
        folded.extend(word.chars().flat_map(char::to_lowercase));
        folded.push(' ');
    }
    folded
}

/// How many replies are to be worked on, counted up to `most`.
pub(super) fn count_to_work_on(db: &Connection, most: u64) -> StoreResult<u64> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let count: i64 = db
        .prepare_cached(&format!(
            "select count(*)
             from (select 1 from messages as reply where {WANTS_WORK} limit ?1)"
        ))?
        .query_row([most], |row| row.get(0))?;
    u64::try_from(count).map_err(|error| StoreError::Internal(error.to_string()))
}
