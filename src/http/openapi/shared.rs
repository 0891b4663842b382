//! What several operations share: headers, and the ways to show who is asking.

use serde_json::{Value, json};

/// Headers of answers.
pub(super) fn headers() -> Value {
    json!({
        "RequestId": {
            "description": "Names the request in the server's log.",
            "required": true,
            "schema": { "type": "string", "format": "uuid" },
        },
        "RetryAfter": {
            "description": "Seconds after which to try again, where that is known.",
            "schema": { "type": "integer", "minimum": 1 },
        },
        "Authenticate": {
            "description": "The scheme of `Authorization` that is looked for.",
            "required": true,
            "schema": { "type": "string" },
        },
        "Allow": {
            "description": "The methods that this address knows.",
            "required": true,
            "schema": { "type": "string" },
        },
    })
}

/// Ways to show who is asking.
pub(super) fn security_schemes() -> Value {
    json!({
        "visitorToken": {
            "type": "apiKey",
            "in": "header",
            "name": "X-Visitor-Token",
            "description": "The token of a protected session. For everybody without it, the session does not exist.",
        },
        "accountToken": {
            "type": "http",
            "scheme": "bearer",
            "description": "An API token. Older front ends send it as `Authorization: Token …`.",
        },
        "adminCookie": {
            "type": "apiKey",
            "in": "cookie",
            "name": "__Host-alcove",
            "description": "Whoever signed in to the admin pages.",
        },
    })
}
