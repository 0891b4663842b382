//! Keys that the server makes for itself and keeps: what it signs outlives a restart.

use crate::domain::secret::{Secret, ServerKey};
use crate::service::{ServiceError, ServiceResult};
use crate::store::Store;

/// The key of this name, made on first use. Each use of signatures has a name of its own, so that
/// what is signed for one means nothing to another.
///
/// # Errors
/// No database, or no random bytes.
pub async fn server_secret(store: &dyn Store, name: &'static str) -> ServiceResult<ServerKey> {
    let fresh = ServerKey::random().map_err(|error| ServiceError::Internal(error.to_string()))?;
    Ok(store.server_key(name, fresh).await?)
}

/// The key of this name: made from the operator's `SECRET_KEY` if there is one, so that several
/// servers can share it, else this server's own.
///
/// # Errors
/// No database, or no random bytes.
pub async fn signing_key(
    store: &dyn Store,
    chosen: Option<&Secret>,
    name: &'static str,
) -> ServiceResult<ServerKey> {
    match chosen {
        Some(secret) => Ok(ServerKey::made_from(secret, name)),
        None => server_secret(store, name).await,
    }
}
