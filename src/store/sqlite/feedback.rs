//! Feedback in SQLite: columns of the reply it is about, so that it goes when the reply goes.

use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::domain::actor::Actor;
use crate::store::sqlite::SqliteStore;
use crate::store::sqlite::sessions::opened;
use crate::store::{FeedbackStore, RateReply, RatedReply, StoreResult};

fn rate(db: &Connection, actor: &Actor, rating: &RateReply) -> StoreResult<RatedReply> {
    let Some(session) = opened(db, actor, rating.session)? else { return Ok(RatedReply::NoReply) };
    let reply = rating.reply.to_string();
    let is_running: Option<bool> = db
        .prepare_cached(
            "select status = 'streaming'
             from messages
             where session = ?1 and id = ?2 and role = 'assistant'",
        )?
        .query_row(params![session.0, reply], |row| row.get(0))
        .optional()?;
    match is_running {
        None => return Ok(RatedReply::NoReply),
        Some(true) => return Ok(RatedReply::Running),
        Some(false) => {}
    }
    let feedback = rating.feedback.as_ref();
    db.prepare_cached(
        "update messages
         set rating = ?3, comment = ?4, rated_at = ?5
         where session = ?1 and id = ?2",
    )?
    .execute(params![
        session.0,
        reply,
        feedback.map(|feedback| feedback.rating.as_str()),
        feedback.and_then(|feedback| feedback.comment.as_deref()),
        feedback.map(|_| rating.now.as_ms()),
    ])?;
    Ok(RatedReply::Saved)
}

#[async_trait]
impl FeedbackStore for SqliteStore {
    async fn rate_reply(&self, actor: &Actor, rating: RateReply) -> StoreResult<RatedReply> {
        let actor = *actor;
        self.writer.run("rate_reply", move |db| rate(db, &actor, &rating)).await
    }
}
