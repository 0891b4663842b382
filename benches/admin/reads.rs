//! What each read of the store takes, without server and pages.

use std::path::Path;
use std::time::{Duration, Instant};

use alcove::domain::actor::Actor;
use alcove::domain::clock::Timestamp;
use alcove::domain::feedback::Rating;
use alcove::store::sqlite::SqliteReader;
use alcove::store::{ConversationFilter, OwnerStore as _, PageRequest, StoreResult, UsageQuery};

use crate::chance::{Chance, Vocabulary};
use crate::fill::END_MS;
use crate::{Outcome, say};

const ROUNDS: usize = 9;
const DAY_MS: i64 = 86_400_000;

struct Reads {
    store: SqliteReader,
}

impl Reads {
    async fn time<T, F: Future<Output = StoreResult<T>>>(
        &self,
        name: &str,
        read: impl Fn() -> F,
        count: impl Fn(&T) -> usize,
    ) -> Outcome<()> {
        let (mut times, mut rows) = (Vec::new(), 0);
        for _ in 0..ROUNDS {
            let began = Instant::now();
            rows = count(&read().await?);
            times.push(began.elapsed());
        }
        let first = times[0];
        times.sort();
        let ms = |time: Duration| time.as_secs_f64() * 1000.0;
        let (median, most) = (times[times.len() / 2], times[times.len() - 1]);
        say(&format!(
            "{name:44} {:8.2} ms  first {:8.2}  most {:8.2}  {rows} rows",
            ms(median),
            ms(first),
            ms(most),
        ))
    }

    async fn list(&self, name: &str, filter: ConversationFilter) -> Outcome<()> {
        let page = || PageRequest::first(50);
        let read = || self.store.conversations(&Actor::System, filter.clone(), page());
        self.time(name, read, |page| page.items.len()).await?;
        // The tenth page.
        let mut after = None;
        for _ in 0..10 {
            let request = PageRequest { after: after.clone(), limit: 50 };
            let page = self.store.conversations(&Actor::System, filter.clone(), request).await?;
            match page.next {
                Some(next) => after = Some(next),
                None => return Ok(()),
            }
        }
        let page = || PageRequest { after: after.clone(), limit: 50 };
        let read = || self.store.conversations(&Actor::System, filter.clone(), page());
        self.time("  ten pages on", read, |page| page.items.len()).await
    }
}

pub fn measure(path: &Path) -> Outcome<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let reads = Reads { store: SqliteReader::open(path)? };
    runtime.block_on(all(&reads))
}

#[expect(clippy::too_many_lines, reason = "a list of what is measured")]
async fn all(reads: &Reads) -> Outcome<()> {
    let store = &reads.store;
    let any = ConversationFilter::default;
    let bot = || Some("docs".to_owned());
    reads.list("conversations", any()).await?;
    reads.list("of a bot", ConversationFilter { bot: bot(), ..any() }).await?;
    reads.list("failed", ConversationFilter { failed: true, ..any() }).await?;
    let rare = ConversationFilter {
        failed: true,
        with_files: true,
        with_details: true,
        rating: Some(Rating::Down),
        bot: bot(),
        ..any()
    };
    reads.list("all filters at once", rare).await?;
    let nothing = ConversationFilter { bot: Some("none".to_owned()), ..any() };
    reads.list("of a bot that has none", nothing).await?;
    let from = Some(Timestamp::from_ms(END_MS - 300 * DAY_MS));
    let to = Some(Timestamp::from_ms(END_MS - 299 * DAY_MS));
    reads.list("of a day long ago", ConversationFilter { from, to, ..any() }).await?;

    let vocabulary = Vocabulary::new(&mut Chance::new(2026));
    let word = |rank: usize| vocabulary.word(rank).to_owned();
    let two = format!("{} {}", word(900), word(901));
    let three = format!("{} {} {} ", word(0), word(1), word(2));
    for (name, words) in [
        ("search: the commonest word", format!("{} ", word(0))),
        ("search: t…", "th".to_owned()),
        ("search: s…", "sh".to_owned()),
        ("search: con…", "con".to_owned()),
        ("search: parcel…", "parcel".to_owned()),
        ("search: three common words", three),
        ("search: two less common words", two),
        ("search: a rare word", format!("{} ", word(29_000))),
        ("search: rare and common", format!("{} {}", word(29_000), word(0))),
        ("search: no such word", "nosuchword".to_owned()),
        ("search: an e-mail address", "example.com".to_owned()),
        ("search: a customer", "customer-4711".to_owned()),
        ("search: a phrase", "\"where is my parcel\"".to_owned()),
        ("search: a-b-c of common words", "the-to-and-a-of-in".to_owned()),
    ] {
        reads.list(name, ConversationFilter { words: Some(words), ..any() }).await?;
    }
    let words = Some("the ".to_owned());
    let rare = ConversationFilter { failed: true, with_files: true, bot: bot(), words, ..any() };
    reads.list("search: common word, rare filters", rare).await?;
    let words = Some("parcel".to_owned());
    reads
        .list("search: of a day long ago", ConversationFilter { from, to, words, ..any() })
        .await?;

    for (name, days) in [("usage of 30 days", 30), ("of 90 days", 90), ("of a year", 365)] {
        let read = || {
            let from = Timestamp::from_ms(END_MS - days * DAY_MS);
            let query = UsageQuery { from, to: Timestamp::from_ms(END_MS), bot: None };
            store.usage(&Actor::System, query)
        };
        reads.time(name, read, Vec::len).await?;
    }
    let since = Timestamp::from_ms(0);
    let read = || store.top_questions(&Actor::System, None, since, 10);
    reads.time("top questions", read, Vec::len).await?;
    let read = || store.top_questions(&Actor::System, Some("docs"), since, 10);
    reads.time("top questions of a bot", read, Vec::len).await?;
    let page = || PageRequest::first(50);
    let read = || store.replies_to_work_on(&Actor::System, page());
    reads.time("replies to work on", read, |page| page.items.len()).await?;
    let read = || store.leads(&Actor::System, None, page());
    reads.time("leads", read, |page| page.items.len()).await?;
    let read = || store.leads(&Actor::System, Some("example.com"), page());
    reads.time("leads: a common word", read, |page| page.items.len()).await?;
    let read = || store.count_overview(&Actor::System);
    reads.time("counts of the overview", read, |counts| counts.conversations as usize).await?;
    let newest = store.conversations(&Actor::System, any(), page()).await?;
    let longest = newest.items.iter().max_by_key(|row| row.message_count);
    let session = longest.ok_or("no conversation")?.session;
    let read = || store.transcript(&Actor::System, session, PageRequest::first(100));
    let count = |found: &Option<alcove::store::Transcript>| {
        found.as_ref().map_or(0, |transcript| transcript.messages.len())
    };
    reads.time("a transcript", read, count).await
}
