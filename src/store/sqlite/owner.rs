//! What the owner reads, in SQLite; also beside a running server, by a reader that cannot write.

use std::fmt;
use std::path::Path;

use async_trait::async_trait;
use rusqlite::{Connection, OpenFlags};

use crate::domain::actor::Actor;
use crate::domain::clock::Timestamp;
use crate::domain::feedback::Feedback;
use crate::domain::id::{MessageId, SessionId};
use crate::store::sqlite::migrate::{Found, MIGRATIONS, inspect};
use crate::store::sqlite::readers::Readers;
use crate::store::sqlite::rows::{self, impossible};
use crate::store::sqlite::sessions::opened;
use crate::store::sqlite::{SqliteSettings, SqliteStore};
use crate::store::sqlite::{conversations, leads, purge, review, transcript, usage};
use crate::store::{
    ConversationFilter, ConversationRow, JudgedReply, Lead, OverviewCounts, OwnerStore, Page,
    PageRequest, ReplyToWorkOn, ReviewStore, StoreError, StoreResult, TopQuestion, Transcript,
    UsageHour, UsageQuery,
};

/// How much of a question and of a reply is shown, characters.
const SHOWN_CHARS: u32 = 400;

fn judged(db: &Connection, limit: u32) -> StoreResult<Vec<JudgedReply>> {
    let mut statement = db.prepare_cached(
        "select reply.key, sessions.id, reply.rated_at, reply.rating, reply.comment,
             substr(coalesce(question.content, ''), 1, ?2), substr(reply.content, 1, ?2)
         from messages as reply
         join sessions on sessions.key = reply.session
         left join messages as question
             on question.session = reply.session and question.id = reply.answers
         where reply.rating is not null
         order by reply.rated_at desc, reply.key desc
         limit ?1",
    )?;
    let mut found = statement.query((limit, SHOWN_CHARS))?;
    let mut replies = Vec::new();
    while let Some(row) = found.next()? {
        let key = row.get(0)?;
        let (session, rating): (String, String) = (row.get(1)?, row.get(3)?);
        replies.push(JudgedReply {
            session: session.parse().map_err(|why| impossible("sessions", "id", key, why))?,
            at: Timestamp::from_ms(row.get(2)?),
            feedback: Feedback {
                rating: rating.parse().map_err(|why| impossible("messages", "rating", key, why))?,
                comment: row.get(4)?,
            },
            question: row.get(5)?,
            reply: row.get(6)?,
        });
    }
    Ok(replies)
}

fn counts(db: &Connection) -> StoreResult<OverviewCounts> {
    let one = |sql: &str| -> StoreResult<u64> {
        let number: i64 = db.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
        rows::count("overview", "counts", 0, number)
    };
    Ok(OverviewCounts {
        conversations: one("select count(*) from sessions where marks & 1")?,
        leads: one("select count(*) from sessions where details is not null")?,
        replies_to_work_on: review::count_to_work_on(db, OverviewCounts::MOST)?,
        running: one("select count(*) from messages where status = 'streaming'")?,
        file_bytes: one("select stored_bytes from file_totals")?,
    })
}

/// Reads the database of a server, running or not, and cannot change it.
pub struct SqliteReader {
    readers: Readers,
}

impl fmt::Debug for SqliteReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteReader").finish_non_exhaustive()
    }
}

impl SqliteReader {
    /// Opens the database at `path`. Nothing is made or migrated.
    ///
    /// # Errors
    /// There is none, or not one of this release.
    pub fn open(path: &Path) -> StoreResult<Self> {
        let refused = |why: &str| Err(StoreError::Internal(format!("{}: {why}", path.display())));
        if !path.is_file() {
            return refused("there is no such file");
        }
        let db = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        if inspect(&db, MIGRATIONS)? != Found::Version(MIGRATIONS.len()) {
            return refused("start the server once, to bring the database up to date");
        }
        let settings = SqliteSettings::new(path);
        Ok(Self { readers: Readers::new(settings.path, 1, settings.busy_timeout) })
    }
}

/// Both have the same readers, so both read in the same way: those who see all rows, nobody else.
macro_rules! reads_for_the_owner {
    ($($store:ty)+) => {
        $(
            impl $store {
                async fn read_all<T: Send + 'static>(
                    &self,
                    actor: &Actor,
                    what: &'static str,
                    nothing: T,
                    read: impl FnOnce(&Connection) -> StoreResult<T> + Send + 'static,
                ) -> StoreResult<T> {
                    if actor.sees_all() { self.readers.run(what, read).await } else { Ok(nothing) }
                }
            }

            #[async_trait]
            impl OwnerStore for $store {
                async fn judged_replies(
                    &self,
                    actor: &Actor,
                    limit: u32,
                ) -> StoreResult<Vec<JudgedReply>> {
                    let read = move |db: &Connection| judged(db, limit);
                    self.read_all(actor, "judged_replies", Vec::new(), read).await
                }

                async fn leads(
                    &self,
                    actor: &Actor,
                    words: Option<&str>,
                    page: PageRequest,
                ) -> StoreResult<Page<Lead>> {
                    let words = words.map(str::to_owned);
                    let read = move |db: &Connection| match &words {
                        Some(words) => leads::found(db, words, &page),
                        None => leads::all(db, &page),
                    };
                    self.read_all(actor, "leads", Page::empty(), read).await
                }

                async fn conversations(
                    &self,
                    actor: &Actor,
                    filter: ConversationFilter,
                    page: PageRequest,
                ) -> StoreResult<Page<ConversationRow>> {
                    let read = move |db: &Connection| conversations::list(db, &filter, &page);
                    self.read_all(actor, "conversations", Page::empty(), read).await
                }

                async fn transcript(
                    &self,
                    actor: &Actor,
                    session: SessionId,
                    page: PageRequest,
                ) -> StoreResult<Option<Transcript>> {
                    let owner = *actor;
                    let read = move |db: &Connection| {
                        let key = opened(db, &owner, session)?;
                        key.map(|key| transcript::read(db, key, &page)).transpose()
                    };
                    self.read_all(actor, "transcript", None, read).await
                }

                async fn usage(
                    &self,
                    actor: &Actor,
                    query: UsageQuery,
                ) -> StoreResult<Vec<UsageHour>> {
                    let read = move |db: &Connection| usage::read(db, &query);
                    self.read_all(actor, "usage", Vec::new(), read).await
                }

                async fn top_questions(
                    &self,
                    actor: &Actor,
                    bot: Option<&str>,
                    since: Timestamp,
                    limit: u32,
                ) -> StoreResult<Vec<TopQuestion>> {
                    let bot = bot.map(str::to_owned);
                    let read = move |db: &Connection| {
                        review::top_questions(db, bot.as_deref(), since, limit)
                    };
                    self.read_all(actor, "top_questions", Vec::new(), read).await
                }

                async fn replies_to_work_on(
                    &self,
                    actor: &Actor,
                    page: PageRequest,
                ) -> StoreResult<Page<ReplyToWorkOn>> {
                    let read = move |db: &Connection| review::to_work_on(db, &page);
                    self.read_all(actor, "replies_to_work_on", Page::empty(), read).await
                }

                async fn count_conversations_before(
                    &self,
                    actor: &Actor,
                    before: Timestamp,
                    bot: Option<&str>,
                ) -> StoreResult<u64> {
                    let bot = bot.map(str::to_owned);
                    let read = move |db: &Connection| {
                        purge::count_before(db, before, bot.as_deref())
                    };
                    self.read_all(actor, "count_conversations_before", 0, read).await
                }

                async fn count_overview(&self, actor: &Actor) -> StoreResult<OverviewCounts> {
                    self.read_all(actor, "count_overview", OverviewCounts::default(), counts).await
                }
            }
        )+
    };
}

reads_for_the_owner!(SqliteStore SqliteReader);

#[async_trait]
impl ReviewStore for SqliteStore {
    async fn settle_reply(
        &self,
        actor: &Actor,
        session: SessionId,
        reply: MessageId,
        now: Timestamp,
    ) -> StoreResult<bool> {
        if !actor.sees_all() {
            return Ok(false);
        }
        let actor = *actor;
        self.writer
            .run("settle_reply", move |db| match opened(db, &actor, session)? {
                Some(key) => review::settle(db, key, reply, now),
                None => Ok(false),
            })
            .await
    }

    async fn purge_conversations(
        &self,
        actor: &Actor,
        before: Timestamp,
        bot: Option<&str>,
    ) -> StoreResult<u64> {
        if !actor.sees_all() {
            return Ok(0);
        }
        let of = bot.map(str::to_owned);
        let bot = of.clone();
        self.sweep_files(move |db| purge::dismiss_files(db, before, of.as_deref())).await?;
        self.writer
            .erase("purge_conversations", move |db| purge::delete(db, before, bot.as_deref()))
            .await
    }
}
