//! Every setting: its variable, meaning, default and an example. This table makes the flags of
//! `--help`, and a test compares `.env.example` and `docs/configuration.md` with it.

mod accounts;
mod files;
mod limits;
mod model;
mod older;

/// One variable of the environment, and the flag of the same name.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// The variable: `BOT_NAME`; its flag is `--bot-name`.
    pub name: &'static str,
    /// Another name it is known by.
    pub alias: Option<&'static str>,
    /// What holds when it is not set, in words or as a value.
    pub default: &'static str,
    /// A value that would be accepted.
    pub example: &'static str,
    /// What it does, one sentence.
    pub help: &'static str,
}

const fn setting(
    name: &'static str,
    default: &'static str,
    example: &'static str,
    help: &'static str,
) -> Setting {
    Setting { name, alias: None, default, example, help }
}

const fn aliased(setting: Setting, alias: &'static str) -> Setting {
    Setting { alias: Some(alias), ..setting }
}

/// A heading and the settings below it.
pub type Group = (&'static str, &'static [Setting]);

/// All settings, grouped as the documentation shows them.
pub const GROUPS: &[Group] = &[
    ("Server", SERVER),
    ("Who may embed", older::EMBEDDING),
    ("Model", model::MODEL),
    ("Bot", BOT),
    ("Limits", limits::LIMITS),
    ("Files", files::FILES),
    ("Accounts", accounts::ACCOUNTS),
    ("Logs", LOGS),
    ("From Django projects", older::DJANGO),
];

/// All settings in one row.
pub fn all() -> impl Iterator<Item = &'static Setting> {
    GROUPS.iter().flat_map(|(_, settings)| settings.iter())
}

/// The setting called `name`.
#[must_use]
pub fn find(name: &str) -> Option<&'static Setting> {
    all().find(|setting| setting.name == name)
}

const SERVER: &[Setting] = &[
    setting("HOST", "127.0.0.1", "0.0.0.0", "Address to listen on; 0.0.0.0 for every network."),
    setting("PORT", "8000", "8080", "Port to listen on; 0 takes a free one."),
    setting(
        "PUBLIC_URL",
        "http://HOST:PORT",
        "https://chat.example.com",
        "Address under which visitors reach this server, for the embed snippet.",
    ),
    setting(
        "DATABASE_URL",
        "sqlite://data/alcove.db",
        "sqlite:///var/lib/alcove/alcove.db",
        "Where everything is kept: a SQLite file, relative to the working directory or absolute.",
    ),
    setting(
        "TRUSTED_PROXIES",
        "none",
        "127.0.0.1, 10.0.0.0/8",
        "Proxies whose X-Forwarded-For is believed.",
    ),
    setting("MAX_CONNECTIONS", "10000", "2000", "Open connections in all; more are answered 503."),
    setting(
        "MAX_CONNECTIONS_PER_ADDRESS",
        "100",
        "50",
        "Open connections from one address (trusted proxies are not counted).",
    ),
];

const BOT: &[Setting] = &[
    setting("BOT_NAME", "Claude Assistant", "Ada", "Name in the widget's header."),
    setting(
        "BOT_POWERED_BY",
        "Claude",
        "Example Ltd",
        "Powered by … below the composer; none hides it, as demo mode does.",
    ),
    setting("BOT_COLOR", "#667eea", "#0b7285", "Accent colour."),
    setting("BOT_MSG_BG_COLOR", "#667eea", "#e7f5ff", "Background of the visitor's messages."),
    setting(
        "BOT_ICON",
        "none",
        "https://example.com/bot.png",
        "Picture of the bot: an https address, or a path on this server.",
    ),
    setting(
        "BOT_SYSTEM_PROMPT",
        "a short one that names the bot",
        "You answer questions about our shop.",
        "The owner's instructions to the model.",
    ),
    setting(
        "BOT_WELCOME",
        "a greeting in the visitor's language",
        "Welcome to our shop!",
        "First words in the widget.",
    ),
    setting(
        "BOT_SUGGESTIONS",
        "none",
        "What does it cost? | How do I start?",
        "Questions to click, separated by |.",
    ),
    setting("BOT_POSITION", "right", "left", "Corner of the button: right or left."),
    setting("BOT_LANGUAGE", "auto", "de", "Language of the widget, or auto for the visitor's."),
    setting(
        "BOT_STRINGS",
        "none",
        r#"{"placeholder": "Ask about our books…"}"#,
        "Words of the widget in your own wording: JSON, text by key, or {\"de\": {…}} for one language.",
    ),
    setting(
        "BOT_FOLLOW_UPS",
        "0",
        "3",
        "Questions to go on with that the model writes below its answers: 0 to 3.",
    ),
    setting(
        "BOT_LEAD_FORM",
        "none",
        "name, email!, phone",
        "What visitors are asked about themselves: fields, ! marks those that must be filled in; or JSON.",
    ),
    setting("BOT_MAX_TOKENS", "2048", "1024", "Longest reply in tokens."),
    setting(
        "BOT_TEMPERATURE",
        "not sent",
        "0.3",
        "Sampling temperature; current models refuse it, so it is sent only when set.",
    ),
];

const LOGS: &[Setting] = &[
    setting("LOG_LEVEL", "info", "debug", "error, warn, info, debug or trace."),
    setting("LOG_FORMAT", "human", "json", "human or json (one object a line)."),
    setting("DEBUG", "false", "true", "true sets LOG_LEVEL to debug where that is not set."),
];
