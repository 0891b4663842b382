//! Files: kept with their session, listed, read, deleted.

use async_trait::async_trait;
use bytes::Bytes;

use crate::domain::actor::Actor;
use crate::domain::clock::Timestamp;
use crate::domain::file::{File, FileKind, FileName};
use crate::domain::id::{FileId, SessionId};
use crate::domain::table::{Shape, TableProfile};
use crate::store::StoreResult;

/// A file about to be stored.
#[derive(Debug, Clone)]
pub struct NewFile {
    /// The session it belongs to.
    pub session: SessionId,
    /// Its name for programs, made by the service.
    pub id: FileId,
    /// Its name for people.
    pub name: FileName,
    /// What it is written in.
    pub kind: FileKind,
    /// What it is made of.
    pub shape: Shape,
    /// What is known of the tables in it.
    pub tables: Vec<TableProfile>,
    /// What it holds.
    pub bytes: Bytes,
    /// When it came.
    pub now: Timestamp,
}

/// How much may be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileQuota {
    /// Files of one session.
    pub session_files: u64,
    /// Bytes of all files of one session.
    pub session_bytes: u64,
    /// Bytes of all files, with what is known of them.
    pub total_bytes: u64,
}

/// What became of [`FileStore::add_file`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddedFile {
    /// It is stored.
    Added,
    /// The session has as many files as it may have: nothing was stored.
    TooMany,
    /// The session's files would hold too much: nothing was stored.
    SessionFull,
    /// All files together would hold too much: nothing was stored.
    StoreFull,
    /// No such session for this actor.
    NoSession,
}

/// Files, as far as the actor may see their session.
#[async_trait]
pub trait FileStore: Send + Sync {
    /// Stores a file and notes activity, if the quota allows it; of several at once only those
    /// that fit together. Until it resolves nobody sees the file. Its id is new.
    ///
    /// Run it to its end: a caller that goes away in the middle leaves an unseen beginning, which
    /// counts as kept until [`Self::delete_unfinished_files`].
    async fn add_file(
        &self,
        actor: &Actor,
        file: NewFile,
        quota: FileQuota,
    ) -> StoreResult<AddedFile>;

    /// The session's files, oldest first; `None` if the actor may not see it.
    async fn files(&self, actor: &Actor, session: SessionId) -> StoreResult<Option<Vec<File>>>;

    /// What a file holds; `None` if there is none in that session or the actor may not see it.
    async fn file_bytes(
        &self,
        actor: &Actor,
        session: SessionId,
        id: FileId,
    ) -> StoreResult<Option<Bytes>>;

    /// Deletes a file for good. `false` if there is none in that session that the actor may touch.
    async fn delete_file(&self, actor: &Actor, session: SessionId, id: FileId)
    -> StoreResult<bool>;

    /// Deletes what a crash left of files that were being stored or deleted. For the start of the
    /// only process that writes to this database. Answers how many there were.
    async fn delete_unfinished_files(&self) -> StoreResult<u64>;
}
