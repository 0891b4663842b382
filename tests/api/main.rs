//! The HTTP API as clients see it: a real server, a real socket, a scripted vendor behind it.

#![expect(clippy::expect_used, clippy::panic, reason = "a test whose set-up fails has to panic")]
#![expect(clippy::indexing_slicing, reason = "a missing field has to fail the test")]

mod accounts;
mod admin;
mod admin_records;
mod bad_input;
mod bots;
mod bots_pages;
mod budgets;
mod details;
mod docs;
mod faults;
mod feedback;
mod files;
mod follow_ups;
mod headers;
mod hosts;
mod isolation;
mod limits;
mod native;
mod openapi;
mod owner;
mod panel;
mod panics;
mod process;
mod protection;
mod resuming;
mod sending;
mod sockets;
mod storage;
#[path = "../support/mod.rs"]
mod support;
mod tools;
