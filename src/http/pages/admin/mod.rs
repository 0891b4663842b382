//! The owner's pages.

pub mod safe_text;
