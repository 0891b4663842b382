//! Feedback in SQLite: columns of the reply it is about, so that it goes when the reply goes.

use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::domain::actor::Actor;
use crate::store::sqlite::SqliteStore;
use crate::store::sqlite::sessions::opened;
use crate::store::sqlite::usage;
use crate::store::{FeedbackStore, RateReply, RatedReply, StoreResult};

fn rate(db: &Connection, actor: &Actor, rating: &RateReply) -> StoreResult<RatedReply> {
    let Some(session) = opened(db, actor, rating.session)? else { return Ok(RatedReply::NoReply) };
    let reply = rating.reply.to_string();
    let found: Option<(bool, Option<String>)> = db
        .prepare_cached(
            "select status = 'streaming', rating
             from messages
             where session = ?1 and id = ?2 and role = 'assistant'",
        )?
        .query_row(params![session.0, reply], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let before = match found {
        None => return Ok(RatedReply::NoReply),
        Some((true, _)) => return Ok(RatedReply::Running),
        Some((false, before)) => before,
    };
    let feedback = rating.feedback.as_ref();
    let thumb = feedback.map(|feedback| feedback.rating.as_str());
    usage::record_rating(db, session, &reply, (before.as_deref(), thumb))?;
    // A reply that staff settled is to be worked on again if it is disliked again.
    db.prepare_cached(
        "update messages
         set rating = ?3, comment = ?4, rated_at = ?5,
             settled_at = iif(?3 = 'down', null, settled_at)
         where session = ?1 and id = ?2",
    )?
    .execute(params![
        session.0,
        reply,
        thumb,
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
