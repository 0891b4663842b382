//! What the settings say about limits, as the parts want to hear it.

use std::sync::Arc;

use crate::config::{Config, FilesConfig};
use crate::domain::clock::Clock;
use crate::files::sql::QueryLimits;
use crate::http::listener::{ListenerSettings, Timers};
use crate::service::guard::{Allowance, Guard};
use crate::service::retention::Retention;
use crate::service::tables::{TableLimits, Tables};
use crate::service::turn::TurnLimits;
use crate::service::upload::UploadLimits;
use crate::store::{FileQuota, Store};

pub(super) fn guard(config: &Config) -> Guard {
    let limits = &config.limits;
    Guard::new(limits.rate_limits.then_some(Allowance {
        messages_per_minute: limits.messages_per_minute,
        address_messages_per_minute: limits.address_messages_per_minute,
        address_sessions_per_hour: limits.address_sessions_per_hour,
        uploads_per_minute: config.files.uploads_per_minute,
        address_uploads_per_minute: config.files.address_uploads_per_minute,
        address_queries_per_minute: config.files.address_queries_per_minute,
        logins_per_address: config.accounts.logins_per_address,
        logins_per_account: config.accounts.logins_per_account,
        registrations_per_address: config.accounts.registrations_per_address,
    }))
}

pub(super) fn retention(
    config: &Config,
    store: &Arc<dyn Store>,
    (guard, tables): (&Arc<Guard>, &Arc<Tables>),
    clock: &Arc<dyn Clock>,
) -> Retention {
    Retention {
        store: Arc::clone(store),
        guard: Arc::clone(guard),
        tables: Arc::clone(tables),
        clock: Arc::clone(clock),
        session_timeout: config.limits.session_timeout,
        retention: config.limits.retention,
    }
}

pub(super) fn upload_limits(files: &FilesConfig) -> UploadLimits {
    UploadLimits {
        enabled: files.enabled,
        max_bytes: files.max_upload_bytes,
        quota: FileQuota {
            session_files: files.per_session,
            session_bytes: files.session_bytes,
            total_bytes: files.total_bytes,
        },
    }
}

pub(super) fn table_limits(files: &FilesConfig) -> TableLimits {
    let query = QueryLimits { max_rows: files.query_rows, max_bytes: files.query_bytes };
    TableLimits { query_time: files.query_time, query, cache_bytes: files.cache_bytes }
}

pub(super) fn listener_settings(config: &Config) -> ListenerSettings {
    let per_address = config.server.max_connections_per_address;
    ListenerSettings {
        max_connections: config.server.max_connections,
        max_per_address: config.limits.rate_limits.then_some(per_address),
        trusted_proxies: config.server.trusted_proxies.clone(),
        timers: Timers::default(),
    }
}

pub(super) fn turn_limits(config: &Config) -> TurnLimits {
    TurnLimits {
        max_message_chars: config.limits.max_message_chars,
        history_tokens: config.limits.history_tokens,
        context_tokens: config.limits.context_tokens,
        tool_rounds: config.limits.tool_rounds,
    }
}
