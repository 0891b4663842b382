//! The providers layer: what each vendor sends and demands, and what the wire does to it.

#![expect(clippy::expect_used, reason = "a test whose set-up fails has to panic")]

mod ask;
mod demo;
mod properties;
mod recorded;
mod requests;
mod rounds;
mod telling;
mod transport;
#[path = "../support/upstream.rs"]
mod upstream;
