//! Keys that the server makes for itself and keeps: what it signs outlives a restart.

use crate::domain::secret::ServerKey;
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
