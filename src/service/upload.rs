//! Uploads: a visitor brings a file, it is read, kept, told about, taken away again.

mod problem;
mod room;

use std::sync::Arc;

use bytes::Bytes;
use tracing::Instrument as _;

use crate::domain::actor::Actor;
use crate::domain::clock::Clock;
use crate::domain::file::{File, FileKind, FileName};
use crate::domain::id::{FileId, SessionId};
use crate::domain::session::Session;
use crate::domain::table::{QueryResult, TableProfile};
use crate::files::{summary, unused_table_name};
use crate::service::guard::{AddressKey, Guard};
use crate::service::sessions::Sessions;
use crate::service::tables::{TableScope, Tables};
pub use crate::service::upload::problem::FileProblem;
use crate::service::upload::room::Budget;
pub use crate::service::upload::room::{RECEIVED_AT_ONCE_BYTES, Room};
use crate::service::{ServiceError, ServiceResult};
use crate::store::{AddedFile, FileQuota, NewFile, Store};

/// Rows that a search in words answers at most.
pub const SEARCH_ROWS: usize = 100;

/// What may be uploaded.
#[derive(Debug, Clone, Copy)]
pub struct UploadLimits {
    /// Whether files are taken at all.
    pub enabled: bool,
    /// The largest file.
    pub max_bytes: u64,
    /// What is kept.
    pub quota: FileQuota,
}

/// What uploads stand on.
pub struct UploadParts {
    /// Where files are kept.
    pub store: Arc<dyn Store>,
    /// The sessions they belong to.
    pub sessions: Arc<Sessions>,
    /// What is made of them.
    pub tables: Arc<Tables>,
    /// How fast visitors may upload.
    pub guard: Arc<Guard>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Bounds.
    pub limits: UploadLimits,
}

/// The uploads of this server.
pub struct Uploads {
    parts: UploadParts,
    budget: Budget,
}

/// A file as it came.
#[derive(Debug)]
pub struct Upload {
    /// Its name.
    pub name: FileName,
    /// What it holds.
    pub bytes: Bytes,
    /// The memory it takes.
    pub room: Room,
}

/// An answer to a question about a file.
#[derive(Debug)]
pub struct Found {
    /// The rows.
    pub result: QueryResult,
    /// How many rows there are in all.
    pub total: usize,
    /// The table they are from, if it is one.
    pub table: Option<String>,
}

impl Uploads {
    /// No file is being received yet.
    #[must_use]
    pub fn new(parts: UploadParts) -> Self {
        Self { parts, budget: Budget::default() }
    }

    /// What may be uploaded.
    #[must_use]
    pub fn limits(&self) -> &UploadLimits {
        &self.parts.limits
    }

    /// Whether this visitor may upload a file into that session now. Asked before the file is
    /// read where the request allows it.
    ///
    /// # Errors
    /// Files are off, there is no open session for this actor, or too many files.
    pub async fn admit(
        &self,
        actor: &Actor,
        address: AddressKey,
        session: SessionId,
    ) -> ServiceResult<()> {
        if !self.parts.limits.enabled {
            return Err(FileProblem::Off.into());
        }
        self.parts.sessions.open(actor, session).await?;
        let admitted = self.parts.guard.admit_upload(address, session);
        admitted.map_err(|retry_after| ServiceError::RateLimited { retry_after })
    }

    /// Takes memory for a file that has `bytes` by now.
    ///
    /// # Errors
    /// Too much is being received at once.
    pub fn make_room(&self, room: &mut Room, bytes: usize) -> ServiceResult<()> {
        self.budget.make_room(room, bytes)
    }

    /// Reads a file and keeps it. A file that is being stored is stored to its end, even if the
    /// caller goes away.
    ///
    /// # Errors
    /// It is no table, or too much, or no database.
    pub async fn keep(
        &self,
        actor: &Actor,
        session: SessionId,
        upload: Upload,
    ) -> ServiceResult<File> {
        let Upload { name, bytes, room } = upload;
        let known = self.list(actor, session).await?;
        self.check_quota(&known, bytes.len())?;
        let read = self.parts.tables.understand(name.as_str().to_owned(), bytes.clone()).await?;
        let (found, mut tables) = read.map_err(FileProblem::from)?;
        name_apart(&mut tables, &known);
        let new = NewFile {
            session,
            id: FileId::random(),
            name,
            kind: found.kind,
            shape: found.shape,
            tables,
            bytes,
            now: self.parts.clock.now(),
        };
        let file = File {
            id: new.id,
            name: new.name.clone(),
            kind: new.kind,
            shape: new.shape,
            size_bytes: u64::try_from(new.bytes.len()).unwrap_or(u64::MAX),
            uploaded_at: new.now,
            tables: new.tables.clone(),
        };
        self.store(actor, new, room).await?;
        Ok(file)
    }

    async fn store(&self, actor: &Actor, new: NewFile, room: Room) -> ServiceResult<()> {
        let (store, actor) = (Arc::clone(&self.parts.store), *actor);
        let quota = self.parts.limits.quota;
        let storing = async move {
            let added = store.add_file(&actor, new, quota).await;
            drop(room);
            added
        };
        let stored = tokio::spawn(storing.in_current_span()).await;
        let most = &self.parts.limits.quota;
        match stored.map_err(|error| ServiceError::Internal(error.to_string()))?? {
            AddedFile::Added => Ok(()),
            AddedFile::TooMany => Err(FileProblem::TooMany { most: most.session_files }.into()),
            AddedFile::SessionFull => {
                Err(FileProblem::SessionFull { most_bytes: most.session_bytes }.into())
            }
            AddedFile::StoreFull => Err(FileProblem::StoreFull.into()),
            AddedFile::NoSession => Err(ServiceError::SessionNotFound),
        }
    }

    /// Refuses what the store would refuse, before it is read.
    fn check_quota(&self, known: &[File], bytes: usize) -> ServiceResult<()> {
        let quota = &self.parts.limits.quota;
        let count = u64::try_from(known.len()).unwrap_or(u64::MAX);
        let held: u64 = known.iter().map(|file| file.size_bytes).sum();
        if count >= quota.session_files {
            return Err(FileProblem::TooMany { most: quota.session_files }.into());
        }
        if held.saturating_add(u64::try_from(bytes).unwrap_or(u64::MAX)) > quota.session_bytes {
            return Err(FileProblem::SessionFull { most_bytes: quota.session_bytes }.into());
        }
        Ok(())
    }

    async fn list(&self, actor: &Actor, session: SessionId) -> ServiceResult<Vec<File>> {
        let files = self.parts.store.files(actor, session).await?;
        files.ok_or(ServiceError::SessionNotFound)
    }

    /// The files of a readable session, oldest first.
    ///
    /// # Errors
    /// There is none for this actor.
    pub async fn files(&self, actor: &Actor, session: SessionId) -> ServiceResult<Vec<File>> {
        self.parts.sessions.readable(actor, session).await?;
        self.list(actor, session).await
    }

    /// Answers a question to a file in SQL, or `words` to look for in its cells.
    ///
    /// # Errors
    /// The question is refused or took too long, or the tables cannot be built now.
    pub async fn ask(
        &self,
        (actor, address): (&Actor, AddressKey),
        session: Session,
        file: &File,
        question: Question,
    ) -> ServiceResult<Found> {
        let admitted = self.parts.guard.admit_query(address);
        admitted.map_err(|retry_after| ServiceError::RateLimited { retry_after })?;
        let scope = TableScope { actor: *actor, session: session.id, config: session.config };
        let answer = match question {
            Question::Sql(sql) => self.parts.tables.run(&scope, &sql).await?.map(|result| Found {
                total: result.rows.len(),
                table: None,
                result,
            }),
            Question::Words(words) => {
                let names = file.tables.iter().map(|table| table.name.clone()).collect();
                let found = self.parts.tables.search(&scope, names, &words, SEARCH_ROWS).await?;
                found.map(|matches| match matches.into_iter().next() {
                    Some(best) => {
                        Found { total: best.total, table: Some(best.table), result: best.result }
                    }
                    None => Found { result: QueryResult::default(), total: 0, table: None },
                })
            }
        };
        answer.map_err(ServiceError::from)
    }

    /// Deletes a file of a readable session for good, and lets go of its tables.
    ///
    /// # Errors
    /// There is none for this actor.
    pub async fn delete(&self, actor: &Actor, session: SessionId, id: FileId) -> ServiceResult<()> {
        let is_deleted = self.parts.store.delete_file(actor, session, id).await?;
        self.parts.tables.forget(session);
        if is_deleted { Ok(()) } else { Err(FileProblem::NotFound.into()) }
    }
}

/// A question about a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// Words to look for in its cells.
    Words(String),
    /// One statement over the session's tables.
    Sql(String),
}

/// What a file's summary says.
#[must_use]
pub fn summary_of(file: &File) -> serde_json::Value {
    summary(file.shape, &file.tables)
}

/// Names the tables of a new file so that no other file of the session has them.
fn name_apart(tables: &mut [TableProfile], known: &[File]) {
    let mut taken: Vec<String> =
        known.iter().flat_map(|file| &file.tables).map(|table| table.name.clone()).collect();
    for table in tables {
        table.name = unused_table_name(&table.name, taken.iter().map(String::as_str));
        taken.push(table.name.clone());
    }
}

/// The kind of file that a name promises.
///
/// # Errors
/// None that is taken.
pub fn promised_kind(name: &FileName) -> ServiceResult<FileKind> {
    name.kind().ok_or_else(|| FileProblem::Kind(String::new()).into())
}
