//! The nouns: what Alcove is about, without I/O, async or a clock of its own.

pub mod account;
pub mod actor;
pub mod bot;
pub mod clock;
pub mod details;
pub mod evidence;
pub mod feedback;
pub mod file;
pub mod id;
pub mod language;
pub mod lead;
pub mod message;
pub mod origins;
pub mod price;
pub mod secret;
pub mod session;
pub mod sign_up;
pub mod table;
pub mod timings;
pub mod usage;
pub mod words;
