//! Settings that `.env` files of older backends have, with the meaning they had there.

use crate::config::settings::{Setting, aliased, setting};

/// Who may embed and call.
pub(super) const EMBEDDING: &[Setting] = &[
    aliased(
        setting(
            "ALLOWED_ORIGINS",
            "*",
            "https://example.com, https://www.example.com",
            "Sites that may embed the widget and call the API from a page; * lets everybody.",
        ),
        "CORS_ALLOWED_ORIGINS",
    ),
    setting(
        "CORS_ALLOW_CREDENTIALS",
        "false",
        "true",
        "true lets pages of the listed sites send cookies along, as older front ends do; refused beside *.",
    ),
];

/// What only Django projects have.
pub(super) const DJANGO: &[Setting] = &[
    setting(
        "SECRET_KEY",
        "made at the first start and kept in the database",
        "replace-this-with-50-random-characters-of-your-own",
        "Signs the tokens of forms; set it if several servers shall take each other's.",
    ),
    setting(
        "ALLOWED_HOSTS",
        "*",
        "example.com, .example.com, localhost, 127.0.0.1",
        "Names in a request's Host header that are answered: exact, .example.com with all below it, or *.",
    ),
    setting(
        "POSTGRES_DB",
        "none",
        "chat",
        "PostgreSQL, which this version does not speak: stops the start unless DATABASE_URL is set.",
    ),
    setting("POSTGRES_USER", "none", "chat", "As POSTGRES_DB."),
    setting("POSTGRES_PASSWORD", "none", "your-password", "As POSTGRES_DB."),
    setting("POSTGRES_HOST", "none", "localhost", "As POSTGRES_DB."),
    setting("POSTGRES_PORT", "none", "5432", "As POSTGRES_DB."),
];
