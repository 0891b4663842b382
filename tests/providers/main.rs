//! The providers layer: what each vendor sends and demands, and what the wire does to it.

mod ask;
mod demo;
mod properties;
mod recorded;
mod requests;
mod telling;
mod transport;
#[path = "../support/upstream.rs"]
mod upstream;
