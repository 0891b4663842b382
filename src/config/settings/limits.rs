//! Settings of limits and spans.

use super::{Setting, setting};

pub(super) const LIMITS: &[Setting] = &[
    setting(
        "RATE_LIMITS",
        "on",
        "off",
        "off lifts the limits per visitor and per address, for load tests only.",
    ),
    setting("LIMIT_MESSAGES_PER_MINUTE", "20", "10", "Messages a visitor may send in a minute."),
    setting(
        "LIMIT_ADDRESS_MESSAGES_PER_MINUTE",
        "60",
        "30",
        "Messages from one address (IPv4, or IPv6 /64) in a minute.",
    ),
    setting(
        "LIMIT_ADDRESS_SESSIONS_PER_HOUR",
        "60",
        "20",
        "Conversations begun from one address in an hour.",
    ),
    setting(
        "DAILY_TOKENS",
        "none",
        "2000000",
        "Tokens that the replies of all bots may take in a day (UTC); then they answer no more until the next.",
    ),
    setting(
        "DAILY_BUDGET_USD",
        "none",
        "5",
        "US dollars that the replies of all bots may cost in a day (UTC), by list prices or AI_PRICES; then they answer no more until the next.",
    ),
    setting("MAX_MESSAGE_CHARS", "8000", "4000", "Longest message of a visitor, in characters."),
    setting(
        "HISTORY_TOKENS",
        "12000",
        "6000",
        "How much of the conversation the model is sent, in tokens.",
    ),
    setting(
        "CONTEXT_TOKENS",
        "8000",
        "4000",
        "How much page context and data the model is sent, in tokens.",
    ),
    setting(
        "TOOL_ROUNDS",
        "6",
        "10",
        "How often a model may query tables for one reply before it has to answer.",
    ),
    setting("SESSION_TIMEOUT_MINUTES", "30", "60", "Idle minutes after which a conversation ends."),
    setting(
        "RETENTION_DAYS",
        "kept for ever",
        "90",
        "Days after which idle conversations are deleted.",
    ),
];
