//! The tables of a session: its uploaded files and what the host page sent along, profiled and
//! ready to be queried.

use crate::domain::actor::Actor;
use crate::domain::id::SessionId;
use crate::domain::session::SessionConfig;
use crate::domain::table::{QueryResult, TableProfile};
use crate::service::ServiceResult;

/// The tables of all sessions. What has been built for one is kept for a while.
#[derive(Debug, Default)]
pub struct Tables {}

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
    /// What is known of every table of the session, files first, the latest file foremost. Reads
    /// no table: profiles are stored with the files.
    ///
    /// # Errors
    /// No database.
    pub async fn profiles(&self, _scope: &TableScope) -> ServiceResult<Vec<TableProfile>> {
        Ok(Vec::new())
    }

    /// Runs one read-only statement over all tables of the session.
    ///
    /// # Errors
    /// No database, or the server is too busy to build the tables now.
    pub async fn query(
        &self,
        _scope: &TableScope,
        _sql: &str,
    ) -> ServiceResult<Result<QueryResult, QueryRefused>> {
        Ok(Err(QueryRefused("there is no table".to_owned())))
    }
}
