//! Who is asking. Every store call that could return somebody's rows takes one.

use crate::domain::secret::TokenHash;

/// Who is asking, as far as the request has proven it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// Somebody who knows a session's id and perhaps its token. Opens that session only:
    /// unprotected ones by id, protected ones by the token whose hash this is.
    Visitor {
        /// Hash of the `X-Visitor-Token` that came with the request.
        token: Option<TokenHash>,
    },
    /// The server's own work (a running reply, clean-up): may touch every row.
    System,
}

impl Actor {
    /// A visitor who showed no token.
    pub const ANONYMOUS: Self = Self::Visitor { token: None };
}
