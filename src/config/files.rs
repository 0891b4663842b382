//! Uploaded files, and questions to their tables.

use std::time::Duration;

use crate::config::read::{ConfigError, Values, error};

/// Uploaded files, and questions to their tables.
#[derive(Debug, Clone, Copy)]
pub struct FilesConfig {
    /// Whether visitors may upload files.
    pub enabled: bool,
    /// Largest file.
    pub max_upload_bytes: u64,
    /// Files of one session.
    pub per_session: u64,
    /// What the files of one session may hold together.
    pub session_bytes: u64,
    /// What all files may hold together.
    pub total_bytes: u64,
    /// Files of a visitor in a minute.
    pub uploads_per_minute: u32,
    /// Files of an address in a minute.
    pub address_uploads_per_minute: u32,
    /// Questions of an address in a minute.
    pub address_queries_per_minute: u32,
    /// How long a query may run.
    pub query_time: Duration,
    /// Rows of a result.
    pub query_rows: usize,
    /// Size of a result.
    pub query_bytes: usize,
    /// Memory for tables that are kept ready.
    pub cache_bytes: u64,
}

/// Reads what holds for files.
///
/// # Errors
/// The first value that cannot be used.
pub(super) fn files(values: &Values) -> Result<FilesConfig, ConfigError> {
    const MB: u64 = 1024 * 1024;
    const KB: usize = 1024;
    let mb = |name, default, range| values.number(name, default, range).map(|mb| mb * MB);
    let config = FilesConfig {
        enabled: values.switch("BOT_FILES", true)?,
        max_upload_bytes: mb("MAX_UPLOAD_MB", 10, (1, 100))?,
        per_session: values.number("FILES_PER_SESSION", 5, (1, 100))?,
        session_bytes: mb("SESSION_FILES_MB", 20, (1, 1000))?,
        total_bytes: mb("FILES_TOTAL_MB", 2048, (1, 1_000_000))?,
        uploads_per_minute: values.number("LIMIT_UPLOADS_PER_MINUTE", 10, (1, 100_000))?,
        address_uploads_per_minute: values.number(
            "LIMIT_ADDRESS_UPLOADS_PER_MINUTE",
            30,
            (1, 1_000_000),
        )?,
        address_queries_per_minute: values.number(
            "LIMIT_ADDRESS_QUERIES_PER_MINUTE",
            60,
            (1, 1_000_000),
        )?,
        query_time: Duration::from_millis(values.number("QUERY_TIMEOUT_MS", 250, (10, 10_000))?),
        query_rows: values.number("QUERY_MAX_ROWS", 1000, (1, 100_000))?,
        query_bytes: values.number("QUERY_MAX_KB", 256, (1, 10_240))? * KB,
        cache_bytes: mb("TABLE_CACHE_MB", 64, (0, 100_000))?,
    };
    if config.session_bytes < config.max_upload_bytes {
        let problem = "is less than MAX_UPLOAD_MB, so the largest file could not be kept";
        return Err(error("SESSION_FILES_MB", problem));
    }
    Ok(config)
}
