//! The tables of a session: its uploaded files and what the host page sent along, profiled and
//! ready to be queried.
//!
//! Profiles are stored with the files. The tables themselves are built in memory when somebody
//! first asks about them, and kept on a [`shelf`] while they are used.

mod book;
mod shelf;
mod sources;
mod upkeep;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use serde_json::Value;
use tokio::sync::{Mutex, OwnedMutexGuard};

use crate::domain::actor::Actor;
use crate::domain::id::SessionId;
use crate::domain::session::SessionConfig;
use crate::domain::table::{QueryResult, TableProfile};
use crate::files::sql::{Matches, QueryLimits, SqlError, Workbook};
use crate::files::{FileError, FileTables, ParseLimits, read};
use crate::service::tables::book::{Book, BuildError, Material, build, deadline};
use crate::service::tables::shelf::{Shelf, drop_aside};
use crate::service::tables::sources::{PageKey, Source, SourceKey};
use crate::service::workshop::Workshop;
use crate::service::{ServiceError, ServiceResult};
use crate::store::Store;

/// Files read and tables built at once.
pub const READ_AT_ONCE: usize = 2;
/// Queries at once.
pub const QUERIES_AT_ONCE: usize = 2;
/// How many may wait for one of these places.
pub const MAX_WAITING: usize = 20;
/// How long reading a file may take.
pub const READ_TIME: Duration = Duration::from_secs(5);
/// How long built tables are kept that nobody asks about.
pub const IDLE_TABLES: Duration = Duration::from_secs(5 * 60);
/// What is kept in memory of the profiles of page data, bytes.
const PAGES_BYTES: u64 = 8 * 1024 * 1024;

/// How much a query may take, and how much is kept.
#[derive(Debug, Clone, Copy)]
pub struct TableLimits {
    /// How long a query may run.
    pub query_time: Duration,
    /// What its result may hold.
    pub query: QueryLimits,
    /// Memory for tables that are kept ready.
    pub cache_bytes: u64,
}

/// The tables of all sessions. What has been built for one is kept for a while.
pub struct Tables {
    store: Arc<dyn Store>,
    limits: TableLimits,
    parse_limits: Arc<ParseLimits>,
    reading: Workshop,
    querying: Workshop,
    desks: Shelf<SessionId, Desk>,
    pages: Shelf<PageKey, Vec<TableProfile>>,
    stopping: Arc<AtomicBool>,
}

/// Where a session's tables are built and queried, by one at a time.
type Desk = Mutex<Option<Book>>;

/// A query that cannot be answered: a sentence for whoever wrote it, a model or a person.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct QueryRefused(pub String);

/// Whose tables: everything that decides which ones there are.
#[derive(Debug, Clone)]
pub struct TableScope {
    /// Who asks.
    pub actor: Actor,
    /// The session.
    pub session: SessionId,
    /// What the front end sent with the session, as it stands now.
    pub config: SessionConfig,
}

impl Tables {
    /// The tables of the sessions in `store`.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, limits: TableLimits) -> Self {
        Self {
            store,
            limits,
            parse_limits: Arc::new(ParseLimits::default()),
            reading: Workshop::new(READ_AT_ONCE, MAX_WAITING),
            querying: Workshop::new(QUERIES_AT_ONCE, MAX_WAITING),
            desks: Shelf::new(limits.cache_bytes, IDLE_TABLES),
            pages: Shelf::new(PAGES_BYTES, IDLE_TABLES),
            stopping: Arc::default(),
        }
    }

    /// What is known of every table of the session, files first, the latest file foremost. Reads
    /// no table: profiles are stored with the files.
    ///
    /// # Errors
    /// No such session, or no database.
    pub async fn profiles(&self, scope: &TableScope) -> ServiceResult<Vec<TableProfile>> {
        let mut sources = self.sources(scope).await?;
        let is_file = |source: &Source| matches!(source.key, SourceKey::File(..));
        let files = sources.iter().take_while(|source| is_file(source)).count();
        if let Some(files) = sources.get_mut(..files) {
            files.reverse();
        }
        Ok(sources.into_iter().flat_map(|source| source.tables).collect())
    }

    /// Runs one read-only statement over all tables of the session.
    ///
    /// # Errors
    /// No such session, no database, or the server is too busy to build the tables now.
    pub async fn query(
        &self,
        scope: &TableScope,
        sql: &str,
    ) -> ServiceResult<Result<QueryResult, QueryRefused>> {
        match self.run(scope, sql).await? {
            Ok(result) => Ok(Ok(result)),
            Err(SqlError::Internal(cause)) => Err(ServiceError::Internal(cause)),
            Err(refused) => Ok(Err(QueryRefused(refused.to_string()))),
        }
    }

    /// As [`Self::query`], telling a statement that is wrong from one that took too long.
    ///
    /// # Errors
    /// See [`Self::query`].
    pub async fn run(
        &self,
        scope: &TableScope,
        sql: &str,
    ) -> ServiceResult<Result<QueryResult, SqlError>> {
        let (sql, limits) = (sql.to_owned(), self.limits.query);
        self.ask(scope, move |book, is_over| book.query(&sql, &limits, is_over)).await
    }

    /// Looks for words in the cells of the named tables.
    ///
    /// # Errors
    /// See [`Self::query`].
    pub async fn search(
        &self,
        scope: &TableScope,
        tables: Vec<String>,
        words: &str,
        most_rows: usize,
    ) -> ServiceResult<Result<Vec<Matches>, SqlError>> {
        let words = words.to_owned();
        let limits = QueryLimits { max_rows: most_rows, ..self.limits.query };
        self.ask(scope, move |book, is_over| book.search(&tables, &words, &limits, is_over)).await
    }

    /// Finds out what is in a file. Its rows are let go: they are read again for the first query.
    ///
    /// # Errors
    /// Too many files wait to be read.
    pub(super) async fn understand(
        &self,
        name: String,
        bytes: Bytes,
    ) -> ServiceResult<Result<(FileTables, Vec<TableProfile>), FileError>> {
        let limits = Arc::clone(&self.parse_limits);
        let reading = move || {
            let mut found = read(&name, &bytes, &limits, &deadline(READ_TIME))?;
            let profiles = found.tables.drain(..).map(|table| table.profile).collect();
            Ok((found, profiles))
        };
        self.reading.run(reading).await
    }

    /// Has `work` done with the session's tables, off the async threads and within a query's time.
    async fn ask<T: Send + 'static>(
        &self,
        scope: &TableScope,
        work: impl FnOnce(&mut Workbook, Box<dyn FnMut() -> bool + Send>) -> Result<T, SqlError>
        + Send
        + 'static,
    ) -> ServiceResult<Result<T, SqlError>> {
        let sources = self.sources(scope).await?;
        let desk = self.desks.get_or_put(scope.session, Instant::now(), Desk::default);
        let book = Arc::clone(&desk).lock_owned().await;
        let mut book = self.current(scope, sources, book).await?;
        let bytes = book.as_ref().map_or(0, |book| book.workbook.size_bytes());
        drop_aside(self.desks.weigh(scope.session, &desk, bytes));
        let (has_had_its_time, stopping) =
            (deadline(self.limits.query_time), Arc::clone(&self.stopping));
        let is_over = move || stopping.load(Ordering::Relaxed) || has_had_its_time();
        let querying = move || match book.as_mut() {
            Some(book) => work(&mut book.workbook, Box::new(is_over)),
            None => Err(SqlError::Internal("the tables are gone".to_owned())),
        };
        match self.querying.run(querying).await? {
            // Not the query's fault.
            Err(SqlError::TimeOver) if self.stopping.load(Ordering::Relaxed) => {
                Err(ServiceError::Busy)
            }
            answer => Ok(answer),
        }
    }

    /// The book, brought to hold exactly these sources.
    async fn current(
        &self,
        scope: &TableScope,
        sources: Vec<Source>,
        mut book: OwnedMutexGuard<Option<Book>>,
    ) -> ServiceResult<OwnedMutexGuard<Option<Book>>> {
        if book.as_ref().is_some_and(|book| book.is_current(&sources)) {
            return Ok(book);
        }
        let mut missing = Vec::new();
        for source in &sources {
            if book.as_ref().is_none_or(|book| !book.has(source)) {
                missing.push((source.clone(), self.material(scope, source).await?));
            }
        }
        let limits = Arc::clone(&self.parse_limits);
        let build = move || {
            let built = build(&mut book, &sources, missing, &limits);
            // What is half built would be taken for current.
            if built.is_err() {
                *book = None;
            }
            built.map(|()| book)
        };
        self.reading.run(build).await?.map_err(|error| match error {
            BuildError::File(FileError::TooSlow) => ServiceError::Busy,
            BuildError::File(error) => ServiceError::Internal(error.to_string()),
            BuildError::Sql(error) => ServiceError::Internal(error.to_string()),
        })
    }

    async fn material(&self, scope: &TableScope, source: &Source) -> ServiceResult<Material> {
        match &source.key {
            SourceKey::File(id, _) => {
                let bytes = self.store.file_bytes(&scope.actor, scope.session, *id).await?;
                bytes.map(Material::File).ok_or(ServiceError::SessionNotFound)
            }
            SourceKey::Page(name, _) => {
                let value = scope.config.get(*name).cloned();
                Ok(Material::Page(value.unwrap_or(Value::Null)))
            }
        }
    }

    /// Where the session's tables come from: files, oldest first, then the host page.
    async fn sources(&self, scope: &TableScope) -> ServiceResult<Vec<Source>> {
        let files = self.store.files(&scope.actor, scope.session).await?;
        let files = files.ok_or(ServiceError::SessionNotFound)?;
        let mut sources = sources::of_files(files);
        for (name, value) in sources::page_data(&scope.config) {
            let key = sources::page_key(value);
            let tables = self.page_profiles(key, value).await?;
            if !tables.is_empty() {
                let tables = Vec::clone(&tables);
                sources.push(Source { key: SourceKey::Page(name, key), tables });
            }
        }
        sources::name_apart(&mut sources);
        Ok(sources)
    }

    /// What is known of a host page's data, found out once for each content.
    async fn page_profiles(
        &self,
        key: PageKey,
        value: &Value,
    ) -> ServiceResult<Arc<Vec<TableProfile>>> {
        if let Some(known) = self.pages.get(key, Instant::now()) {
            return Ok(known);
        }
        let (value, limits) = (value.clone(), Arc::clone(&self.parse_limits));
        // Not in a workshop: a message must not wait behind somebody's large file. Page data is
        // bounded by what a session's config may hold.
        let profiling = tokio::task::spawn_blocking(move || -> Vec<TableProfile> {
            let tables = sources::page_tables(&value, &limits);
            tables.into_iter().map(|table| table.profile).collect()
        });
        let profiles = profiling.await.map_err(|e| ServiceError::Internal(e.to_string()))?;
        let bytes = serde_json::to_vec(&profiles).map_or(0, |text| text.len());
        let kept = self.pages.get_or_put(key, Instant::now(), || profiles);
        drop_aside(self.pages.weigh(key, &kept, u64::try_from(bytes).unwrap_or(u64::MAX)));
        Ok(kept)
    }
}
