//! Accounts, put together from the settings.

use std::sync::Arc;

use crate::config::Config;
use crate::domain::clock::Clock;
use crate::service::accounts::{AccountParts, AccountSettings, Accounts};
use crate::service::audit::Audit;
use crate::service::guard::Guard;
use crate::store::Store;

pub(super) fn accounts(
    config: &Config,
    store: &Arc<dyn Store>,
    guard: &Arc<Guard>,
    clock: &Arc<dyn Clock>,
) -> (Arc<Accounts>, Arc<Audit>) {
    let audit = Arc::new(Audit::new(Arc::clone(store), Arc::clone(clock)));
    let accounts = Accounts::new(AccountParts {
        store: Arc::clone(store),
        guard: Arc::clone(guard),
        audit: Arc::clone(&audit),
        clock: Arc::clone(clock),
        settings: AccountSettings {
            registration: config.accounts.registration,
            login_span: config.accounts.login_span,
        },
    });
    (Arc::new(accounts), audit)
}
