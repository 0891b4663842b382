//! What the owner reads, in SQLite; also beside a running server, by a reader that cannot write.

use std::fmt;
use std::path::Path;

use async_trait::async_trait;
use rusqlite::{Connection, OpenFlags};

use crate::domain::actor::Actor;
use crate::domain::clock::Timestamp;
use crate::domain::feedback::Feedback;
use crate::store::sqlite::migrate::{Found, MIGRATIONS, inspect};
use crate::store::sqlite::readers::Readers;
use crate::store::sqlite::rows::{self, impossible};
use crate::store::sqlite::{SqliteSettings, SqliteStore};
use crate::store::{JudgedReply, Lead, OwnerStore, StoreError, StoreResult};

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

fn leads(db: &Connection, limit: u32) -> StoreResult<Vec<Lead>> {
    let mut statement = db.prepare_cached(
        "select key, id, details_at, details
         from sessions
         where details is not null
         order by details_at desc, key desc
         limit ?1",
    )?;
    let mut found = statement.query([limit])?;
    let mut leads = Vec::new();
    while let Some(row) = found.next()? {
        let (key, session): (i64, String) = (row.get(0)?, row.get(1)?);
        let details: Option<String> = row.get(3)?;
        leads.push(Lead {
            session: session.parse().map_err(|why| impossible("sessions", "id", key, why))?,
            at: Timestamp::from_ms(row.get(2)?),
            details: rows::details(key, details.as_deref())?,
        });
    }
    Ok(leads)
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

/// Both have the same readers, so both read in the same way.
macro_rules! reads_for_the_owner {
    ($($store:ty)+) => {
        $(
            #[async_trait]
            impl OwnerStore for $store {
                async fn judged_replies(
                    &self,
                    actor: &Actor,
                    limit: u32,
                ) -> StoreResult<Vec<JudgedReply>> {
                    if !actor.sees_all() {
                        return Ok(Vec::new());
                    }
                    self.readers.run("judged_replies", move |db| judged(db, limit)).await
                }

                async fn leads(&self, actor: &Actor, limit: u32) -> StoreResult<Vec<Lead>> {
                    if !actor.sees_all() {
                        return Ok(Vec::new());
                    }
                    self.readers.run("leads", move |db| leads(db, limit)).await
                }
            }
        )+
    };
}

reads_for_the_owner!(SqliteStore SqliteReader);
