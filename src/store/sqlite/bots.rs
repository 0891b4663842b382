//! Bots in SQLite.

use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::domain::bot::settings::BotSettings;
use crate::domain::clock::Timestamp;
use crate::store::bots::{BotRevision, BotStore, KEPT_REVISIONS, SaveBot, SavedBot, StoredBot};
use crate::store::sqlite::SqliteStore;
use crate::store::{StoreError, StoreResult};

/// What was once checked. A value that a later release refuses counts as not set.
fn settings(slug: &str, text: &str) -> StoreResult<BotSettings> {
    let values = serde_json::from_str(text)
        .map_err(|why| StoreError::Internal(format!("the settings of the bot {slug}: {why}")))?;
    let (settings, problems) = BotSettings::readable(&values);
    for (name, problem) in problems {
        tracing::warn!(bot = slug, "The stored {name} is left out: it {problem}");
    }
    Ok(settings)
}

fn as_text(settings: &BotSettings) -> String {
    serde_json::Value::from(settings.to_json()).to_string()
}

fn all(db: &Connection) -> StoreResult<Vec<StoredBot>> {
    let mut statement = db.prepare_cached(
        "select slug, settings, is_active, is_default, revision, changed_at
         from bots
         order by slug",
    )?;
    let mut found = statement.query([])?;
    let mut bots = Vec::new();
    while let Some(row) = found.next()? {
        let (slug, text): (String, String) = (row.get(0)?, row.get(1)?);
        bots.push(StoredBot {
            settings: settings(&slug, &text)?,
            slug,
            is_active: row.get(2)?,
            is_default: row.get(3)?,
            revision: row.get(4)?,
            changed_at: Timestamp::from_ms(row.get(5)?),
        });
    }
    Ok(bots)
}

fn save(db: &Connection, bot: &SaveBot) -> StoreResult<SavedBot> {
    let current: Option<u32> = db
        .prepare_cached("select revision from bots where slug = ?1")?
        .query_row([&bot.slug], |row| row.get(0))
        .optional()?;
    if bot.based_on.is_some_and(|seen| seen != current.unwrap_or(0)) {
        return Ok(SavedBot::ChangedMeanwhile);
    }
    let (text, now) = (as_text(&bot.settings), bot.now.as_ms());
    let revision = note(db, bot, &text)?;
    db.prepare_cached(
        "insert into bots (slug, settings, is_active, revision, changed_at)
         values (?1, ?2, ?3, ?4, ?5)
         on conflict (slug) do update
         set settings = ?2, is_active = ?3, revision = ?4, changed_at = ?5",
    )?
    .execute(params![bot.slug, text, bot.is_active, revision, now])?;
    Ok(SavedBot::Saved(revision))
}

/// Adds to the changes of a bot; answers the number of this one.
fn note(db: &Connection, bot: &SaveBot, text: &str) -> StoreResult<u32> {
    let revision: u32 = db
        .prepare_cached(
            "select coalesce(max(revision), 0) + 1
             from bot_revisions
             where slug = ?1",
        )?
        .query_row([&bot.slug], |row| row.get(0))?;
    db.prepare_cached(
        "insert into bot_revisions (slug, revision, settings, is_active, changed_at, changed_by, note)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![
        bot.slug,
        revision,
        text,
        bot.is_active,
        bot.now.as_ms(),
        bot.by,
        bot.note
    ])?;
    db.prepare_cached("delete from bot_revisions where slug = ?1 and revision <= ?2")?
        .execute(params![bot.slug, revision.saturating_sub(KEPT_REVISIONS)])?;
    Ok(revision)
}

fn make_default(db: &Connection, slug: &str) -> StoreResult<()> {
    db.prepare_cached("update bots set is_default = 0 where is_default = 1")?.execute([])?;
    db.prepare_cached("update bots set is_default = 1 where slug = ?1")?.execute([slug])?;
    Ok(())
}

fn delete(db: &Connection, slug: &str, by: String, now: Timestamp) -> StoreResult<bool> {
    let Some(bot) = all(db)?.into_iter().find(|bot| bot.slug == slug) else { return Ok(false) };
    let last = SaveBot {
        slug: bot.slug,
        settings: bot.settings,
        is_active: bot.is_active,
        based_on: None,
        by,
        note: "deleted".to_owned(),
        now,
    };
    note(db, &last, &as_text(&last.settings))?;
    db.prepare_cached("delete from bots where slug = ?1")?.execute([slug])?;
    Ok(true)
}

fn revisions(db: &Connection, slug: &str) -> StoreResult<Vec<BotRevision>> {
    let mut statement = db.prepare_cached(
        "select revision, settings, is_active, changed_at, changed_by, note
         from bot_revisions
         where slug = ?1
         order by revision desc",
    )?;
    let mut found = statement.query([slug])?;
    let mut revisions = Vec::new();
    while let Some(row) = found.next()? {
        let text: String = row.get(1)?;
        revisions.push(BotRevision {
            revision: row.get(0)?,
            settings: settings(slug, &text)?,
            is_active: row.get(2)?,
            at: Timestamp::from_ms(row.get(3)?),
            by: row.get(4)?,
            note: row.get(5)?,
        });
    }
    Ok(revisions)
}

#[async_trait]
impl BotStore for SqliteStore {
    async fn bots(&self) -> StoreResult<Vec<StoredBot>> {
        self.readers.run("bots", all).await
    }

    async fn save_bot(&self, bot: SaveBot) -> StoreResult<SavedBot> {
        self.writer.run("save_bot", move |db| save(db, &bot)).await
    }

    async fn make_default_bot(&self, slug: &str) -> StoreResult<()> {
        let slug = slug.to_owned();
        self.writer.run("make_default_bot", move |db| make_default(db, &slug)).await
    }

    async fn delete_bot(&self, slug: &str, by: &str, now: Timestamp) -> StoreResult<bool> {
        let (slug, by) = (slug.to_owned(), by.to_owned());
        self.writer.run("delete_bot", move |db| delete(db, &slug, by.clone(), now)).await
    }

    async fn bot_revisions(&self, slug: &str) -> StoreResult<Vec<BotRevision>> {
        let slug = slug.to_owned();
        self.readers.run("bot_revisions", move |db| revisions(db, &slug)).await
    }
}
