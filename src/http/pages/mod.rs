//! Pages for people.

pub mod demo;
