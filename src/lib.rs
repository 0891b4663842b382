//! Alcove: an embeddable AI chat widget in one binary.
//!
//! The layers, each used only by those after it (`tests/architecture.rs` checks it):
//! [`domain`] ← [`files`], [`store`], [`providers`] ← [`service`] ← [`http`] ← [`app`] ← [`cli`].
//! [`config`] and [`telemetry`] are leaves.

pub mod app;
pub mod cli;
pub mod config;
pub mod domain;
pub mod files;
pub mod http;
pub mod providers;
pub mod service;
pub mod store;
pub mod telemetry;
