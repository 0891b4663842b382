//! The store's promises, kept by every backend (`contract`), and those of one backend only.

#![expect(clippy::indexing_slicing, reason = "what is missing has to fail the test")]
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "the set-up around the tests may fail loudly; clippy's own exception ends at #[test]"
)]

mod child;
#[macro_use]
mod contract;
mod accounts;
mod files;
#[cfg(target_os = "linux")]
mod full_disk;
mod kill;
mod migrations;
mod owner;
mod plans;
#[cfg(target_os = "linux")]
mod speed;
mod sqlite;
mod support;
