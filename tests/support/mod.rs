//! A real server for a test, what to ask it with, and the vendor that stands behind it.

pub mod api;
pub mod app;
pub mod browser;
pub mod dialects;
pub mod documented;
pub mod events;
pub mod form;
pub mod http;
pub mod process;
pub mod raw;
pub mod script;
pub mod upstream;
