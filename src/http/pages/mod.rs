//! Pages for people.

pub mod admin;
pub mod demo;
