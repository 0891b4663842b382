//! Settings of uploaded files and of questions to their tables.

use super::{Setting, setting};

/// All of them.
pub(super) const FILES: &[Setting] = &[
    setting("BOT_FILES", "on", "off", "Whether visitors may upload CSV and JSON files."),
    setting("MAX_UPLOAD_MB", "10", "5", "Largest file, in megabytes."),
    setting("FILES_PER_SESSION", "5", "3", "Files a conversation may hold."),
    setting(
        "SESSION_FILES_MB",
        "20",
        "10",
        "What the files of a conversation may hold together, in megabytes.",
    ),
    setting(
        "FILES_TOTAL_MB",
        "2048",
        "500",
        "What the files of all conversations may hold together, in megabytes.",
    ),
    setting("LIMIT_UPLOADS_PER_MINUTE", "10", "5", "Files a visitor may upload in a minute."),
    setting(
        "LIMIT_ADDRESS_UPLOADS_PER_MINUTE",
        "30",
        "10",
        "Files uploaded from one address in a minute.",
    ),
    setting(
        "LIMIT_ADDRESS_QUERIES_PER_MINUTE",
        "60",
        "30",
        "Questions to files from one address in a minute; those of the model do not count.",
    ),
    setting("QUERY_TIMEOUT_MS", "250", "500", "How long a query may run, in milliseconds."),
    setting("QUERY_MAX_ROWS", "1000", "200", "Rows of a query's result."),
    setting("QUERY_MAX_KB", "256", "128", "Size of a query's result, in kilobytes."),
    setting(
        "TABLE_CACHE_MB",
        "64",
        "128",
        "Memory for tables that are kept ready to be queried, in megabytes.",
    ),
];
