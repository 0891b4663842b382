//! Bots: what was set for each, and every change of it.

use async_trait::async_trait;

use crate::domain::bot::settings::BotSettings;
use crate::domain::clock::Timestamp;
use crate::store::StoreResult;

/// How many changes of one bot are kept.
pub const KEPT_REVISIONS: u32 = 100;

/// A bot, as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredBot {
    /// Its name in addresses.
    pub slug: String,
    /// What was set for it.
    pub settings: BotSettings,
    /// Whether it answers.
    pub is_active: bool,
    /// Whether it answers where no bot is named.
    pub is_default: bool,
    /// Counts its changes.
    pub revision: u32,
    /// When it was changed last.
    pub changed_at: Timestamp,
}

/// A bot about to be stored: all of it, not only what differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaveBot {
    /// Its name in addresses.
    pub slug: String,
    /// What is set for it.
    pub settings: BotSettings,
    /// Whether it answers.
    pub is_active: bool,
    /// The revision that was changed, 0 for a new bot; none if that does not matter.
    pub based_on: Option<u32>,
    /// Who changes it.
    pub by: String,
    /// What is done, in a word or two.
    pub note: String,
    /// When.
    pub now: Timestamp,
}

/// What became of a [`SaveBot`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SavedBot {
    /// It is stored, as this revision.
    Saved(u32),
    /// Somebody else has changed it meanwhile: nothing is stored.
    ChangedMeanwhile,
}

/// A bot as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BotRevision {
    /// Which change.
    pub revision: u32,
    /// What was set then.
    pub settings: BotSettings,
    /// Whether it answered.
    pub is_active: bool,
    /// When it was changed.
    pub at: Timestamp,
    /// Who changed it.
    pub by: String,
    /// What was done.
    pub note: String,
}

/// Bots. They are nobody's own, so no call takes an actor; who may change them is the service's
/// matter.
#[async_trait]
pub trait BotStore: Send + Sync {
    /// All bots that something was set for, by slug.
    async fn bots(&self) -> StoreResult<Vec<StoredBot>>;

    /// Stores a bot and notes the change. Of a bot's changes the newest [`KEPT_REVISIONS`] are
    /// kept.
    async fn save_bot(&self, bot: SaveBot) -> StoreResult<SavedBot>;

    /// From now on that bot answers where none is named; if it is not stored, no stored one does.
    async fn make_default_bot(&self, slug: &str) -> StoreResult<()>;

    /// Deletes a bot and notes that as its last change; `false` if there is none.
    async fn delete_bot(&self, slug: &str, by: &str, now: Timestamp) -> StoreResult<bool>;

    /// The changes of a bot, the newest first; also of one that was deleted.
    async fn bot_revisions(&self, slug: &str) -> StoreResult<Vec<BotRevision>>;
}
