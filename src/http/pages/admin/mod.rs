//! The owner's pages.

pub mod charts;
pub mod figures;
pub mod safe_text;
