//! The documents say what is true: tables equal the code, links lead somewhere, examples run.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "the set-up around the tests may fail loudly; clippy's own exception ends at #[test]"
)]

mod configuration;
mod data;
mod embedding;
mod examples;
mod limits;
mod links;
mod pages;
mod security;
mod server;
mod strings;
