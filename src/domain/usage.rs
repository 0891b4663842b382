//! Tokens: what a reply cost, as the vendor reported it.

use serde::Serialize;

/// Tokens of one reply. A number the vendor did not report is unknown, not zero.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Usage {
    /// Everything sent: fresh, written to and read from the vendor's prompt cache.
    pub input_tokens: Option<u64>,
    /// Everything produced, hidden thinking included.
    pub output_tokens: Option<u64>,
    /// The part of `input_tokens` that the vendor read from its prompt cache.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cached_input_tokens: Option<u64>,
}

impl Usage {
    /// The sum of two; what only one of them knows counts as it is.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        let sum = |a: Option<u64>, b: Option<u64>| match (a, b) {
            (Some(a), Some(b)) => Some(a.saturating_add(b)),
            (one, other) => one.or(other),
        };
        Self {
            input_tokens: sum(self.input_tokens, other.input_tokens),
            output_tokens: sum(self.output_tokens, other.output_tokens),
            cached_input_tokens: sum(self.cached_input_tokens, other.cached_input_tokens),
        }
    }

    /// Takes over each number that `newer` knows: vendors repeat usage cumulatively.
    pub fn update(&mut self, newer: Self) {
        self.input_tokens = newer.input_tokens.or(self.input_tokens);
        self.output_tokens = newer.output_tokens.or(self.output_tokens);
        self.cached_input_tokens = newer.cached_input_tokens.or(self.cached_input_tokens);
    }
}
