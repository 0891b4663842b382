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
    /// Takes over each number that `newer` knows: vendors repeat usage cumulatively.
    pub fn update(&mut self, newer: Self) {
        self.input_tokens = newer.input_tokens.or(self.input_tokens);
        self.output_tokens = newer.output_tokens.or(self.output_tokens);
        self.cached_input_tokens = newer.cached_input_tokens.or(self.cached_input_tokens);
    }
}
