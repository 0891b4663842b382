//! Counts of what happened, kept as it happens, in the transaction in which it happens.

use std::sync::LazyLock;

use rusqlite::types::Value;
use rusqlite::{Connection, Row, params, params_from_iter};

use crate::domain::clock::Timestamp;
use crate::domain::message::FinishReason;
use crate::domain::timings::Timings;
use crate::domain::usage::Usage;
use crate::store::sqlite::rows::count;
use crate::store::sqlite::sessions::SessionKey;
use crate::store::{BeginTurn, FinishTurn, StoreResult, UsageHour, UsageQuery};

const HOUR_MS: i64 = 3_600_000;

/// The columns of counts that are no buckets.
const COUNTS: [&str; 9] = [
    "sessions",
    "messages",
    "failed_replies",
    "unmetered_replies",
    "input_tokens",
    "cached_input_tokens",
    "output_tokens",
    "thumbs_up",
    "thumbs_down",
];

/// All columns of counts, in their order.
static COLUMNS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let buckets = |name: &'static str| (0..Timings::BUCKETS).map(move |n| format!("{name}_{n}"));
    let counts = COUNTS.into_iter().map(str::to_owned);
    counts.chain(buckets("first_word")).chain(buckets("whole_reply")).collect()
});

static ADD: LazyLock<String> = LazyLock::new(|| {
    let places: Vec<String> = (5..COLUMNS.len() + 5).map(|n| format!("?{n}")).collect();
    let sums: Vec<String> =
        COLUMNS.iter().map(|name| format!("{name} = {name} + excluded.{name}")).collect();
    format!(
        "insert into usage_hours (hour, bot, provider, model, {})
         select ?2, bot, ?3, ?4, {}
         from sessions
         where key = ?1
         on conflict do update set {}",
        COLUMNS.join(", "),
        places.join(", "),
        sums.join(", "),
    )
});

static READ: LazyLock<String> = LazyLock::new(|| {
    format!(
        "select hour, bot, provider, model, {}
         from usage_hours
         where hour >= ?1 and hour < ?2 and (?3 is null or bot = ?3)
         order by hour, bot, provider, model",
        COLUMNS.join(", "),
    )
});

/// What is added to an hour.
#[derive(Debug, Default)]
struct Added {
    counts: [i64; COUNTS.len()],
    first_word: Option<usize>,
    whole_reply: Option<usize>,
}

impl Added {
    fn values(&self) -> impl Iterator<Item = Value> {
        let bucket = |own: Option<usize>| {
            (0..Timings::BUCKETS).map(move |n| Value::Integer(i64::from(own == Some(n))))
        };
        let counts = self.counts.into_iter().map(Value::Integer);
        counts.chain(bucket(self.first_word)).chain(bucket(self.whole_reply))
    }
}

/// Adds to the hour of `at`.
fn add(
    db: &Connection,
    session: SessionKey,
    at: Timestamp,
    (provider, model): (&str, &str),
    added: &Added,
) -> StoreResult<()> {
    let hour = at.as_ms() - at.as_ms().rem_euclid(HOUR_MS);
    let place = [
        Value::Integer(session.0),
        Value::Integer(hour),
        Value::Text(provider.to_owned()),
        Value::Text(model.to_owned()),
    ];
    let values = params_from_iter(place.into_iter().chain(added.values()));
    db.prepare_cached(&ADD)?.execute(values)?;
    Ok(())
}

/// A conversation has begun with this turn.
pub(super) fn record_beginning(
    db: &Connection,
    session: SessionKey,
    turn: &BeginTurn,
) -> StoreResult<()> {
    let added = Added { counts: [1, 0, 0, 0, 0, 0, 0, 0, 0], ..Added::default() };
    add(db, session, turn.now, (&turn.provider, &turn.model), &added)
}

/// A turn that began at `begun_at` has ended. It counts for the hour in which it began.
pub(super) fn record_end(
    db: &Connection,
    session: SessionKey,
    end: &FinishTurn,
    begun_at: Timestamp,
) -> StoreResult<()> {
    let Usage { input_tokens, output_tokens, cached_input_tokens } = end.usage;
    let tokens = |number: Option<u64>| i64::try_from(number.unwrap_or(0)).unwrap_or(i64::MAX);
    let is_unmetered = input_tokens.is_none() && output_tokens.is_none();
    let bucket = |at: Timestamp| {
        let ms = at.as_ms().saturating_sub(begun_at.as_ms());
        Timings::bucket(u64::try_from(ms).unwrap_or(0))
    };
    // How long a reply takes that was cut off says nothing.
    let is_whole = matches!(end.finish_reason, FinishReason::Stop | FinishReason::Length);
    let added = Added {
        counts: [
            0,
            1,
            i64::from(end.failure.is_some()),
            i64::from(is_unmetered),
            tokens(input_tokens),
            tokens(cached_input_tokens),
            tokens(output_tokens),
            0,
            0,
        ],
        first_word: end.first_word_at.map(bucket),
        whole_reply: is_whole.then(|| bucket(end.now)),
    };
    add(db, session, begun_at, (&end.provider, &end.model), &added)
}

/// All replies that are marked as running are about to be ended: nobody produces them.
pub(super) fn record_orphans(db: &Connection) -> StoreResult<()> {
    db.prepare_cached(
        "insert into usage_hours (hour, bot, provider, model, messages, unmetered_replies)
         select reply.created_at - reply.created_at % 3600000, sessions.bot, reply.provider,
             reply.model, count(*), count(*)
         from messages as reply
         join sessions on sessions.key = reply.session
         where reply.status = 'streaming'
         group by 1, 2, 3, 4
         on conflict do update set messages = messages + excluded.messages,
             unmetered_replies = unmetered_replies + excluded.unmetered_replies",
    )?
    .execute([])?;
    Ok(())
}

/// A reply that was rated as the first of `ratings` is about to be rated as the second. That counts
/// for the hour in which it began.
pub(super) fn record_rating(
    db: &Connection,
    session: SessionKey,
    reply: &str,
    ratings: (Option<&str>, Option<&str>),
) -> StoreResult<()> {
    let change = |thumb| i64::from(ratings.1 == Some(thumb)) - i64::from(ratings.0 == Some(thumb));
    let (up, down) = (change("up"), change("down"));
    if (up, down) == (0, 0) {
        return Ok(());
    }
    let (at, provider, model): (i64, String, String) = db
        .prepare_cached(
            "select created_at, coalesce(provider, ''), coalesce(model, '')
             from messages
             where session = ?1 and id = ?2",
        )?
        .query_row(params![session.0, reply], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let added = Added { counts: [0, 0, 0, 0, 0, 0, 0, up, down], ..Added::default() };
    add(db, session, Timestamp::from_ms(at), (&provider, &model), &added)
}

/// The hours asked for, the oldest first.
pub(super) fn read(db: &Connection, query: &UsageQuery) -> StoreResult<Vec<UsageHour>> {
    let from = query.from.as_ms() - query.from.as_ms().rem_euclid(HOUR_MS);
    let mut statement = db.prepare_cached(&READ)?;
    let mut rows = statement.query(params![from, query.to.as_ms(), query.bot])?;
    let mut hours = Vec::new();
    while let Some(row) = rows.next()? {
        hours.push(hour_of(row)?);
    }
    Ok(hours)
}

fn hour_of(row: &Row<'_>) -> StoreResult<UsageHour> {
    let hour: i64 = row.get(0)?;
    let mut place = 4;
    let mut next = || {
        // A thumb that was up before this release and taken back since may count below zero.
        let number = row.get_ref(place)?.as_i64().map_err(rusqlite::Error::from)?.max(0);
        place += 1;
        count("usage_hours", "counts", hour, number)
    };
    let mut counts = [0; COUNTS.len()];
    for number in &mut counts {
        *number = next()?;
    }
    let mut buckets = || -> StoreResult<Timings> {
        let mut counts = [0; Timings::BUCKETS];
        for number in &mut counts {
            *number = next()?;
        }
        Ok(Timings::new(counts))
    };
    let (first_word, whole_reply) = (buckets()?, buckets()?);
    let [sessions, messages, failed_replies, unmetered_replies, input, cached, output, up, down] =
        counts;
    // Unknown is not nothing; an hour in which nobody asked has nothing.
    let is_known = messages == 0 || unmetered_replies < messages;
    let tokens = |number: u64| is_known.then_some(number);
    Ok(UsageHour {
        hour: Timestamp::from_ms(hour),
        bot: row.get(1)?,
        provider: row.get(2)?,
        model: row.get(3)?,
        sessions,
        messages,
        failed_replies,
        unmetered_replies,
        usage: Usage {
            input_tokens: tokens(input),
            output_tokens: tokens(output),
            cached_input_tokens: tokens(cached),
        },
        first_word,
        whole_reply,
        thumbs_up: up,
        thumbs_down: down,
    })
}
