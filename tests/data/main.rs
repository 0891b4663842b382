//! Answers from visitors' files: tables as people really have them, questions as people really ask
//! them, and the answers (and profiles) that `scripts/data/answers.py` computes without SQL and without Alcove.

#![expect(clippy::expect_used, clippy::panic, reason = "a test whose set-up fails has to panic")]

mod ask;
mod paraphrases;
mod profiles;
mod questions;
mod sql_path;
mod tables;
