//! Changing bots: saved, made the default, deleted, rolled back.

use crate::domain::bot::settings::{BotProblems, BotSettings};
use crate::domain::bot::slug::{DEFAULT_SLUG, is_slug};
use crate::service::bots::Bots;
use crate::service::{ServiceError, ServiceResult};
use crate::store::StoreError;
use crate::store::bots::{SaveBot, SavedBot};

/// More bots than this are no longer made by hand.
pub const MAX_BOTS: usize = 200;

/// What is to be changed of a bot, or a new one.
#[derive(Debug, Clone)]
pub struct SaveChanges<'a> {
    /// Which one.
    pub slug: &'a str,
    /// All that shall be set for it.
    pub settings: BotSettings,
    /// Whether it shall answer.
    pub is_active: bool,
    /// The revision that whoever changes it has seen, 0 for a new bot; none if that does not
    /// matter.
    pub based_on: Option<u32>,
    /// The name of who changes it.
    pub by: &'a str,
}

/// Why a bot was not changed.
#[derive(Debug, thiserror::Error)]
pub enum BotChangeError {
    /// Its name cannot be one.
    #[error("a bot's name in addresses has small letters, digits, - and _, at most 40 of them")]
    Slug,
    /// There is one of that name already.
    #[error("there is a bot of that name already")]
    Exists,
    /// These values cannot be used.
    #[error("some values cannot be used")]
    Values(BotProblems),
    /// Somebody else has changed it meanwhile.
    #[error("somebody else has changed this bot meanwhile")]
    ChangedMeanwhile,
    /// The default bot has to answer and to stay.
    #[error("this is the default bot: make another one the default first")]
    IsDefault,
    /// The bot `default` stays, as older front ends know no other one.
    #[error("the bot called default cannot be deleted")]
    Stays,
    /// There are as many as there may be.
    #[error("there are {MAX_BOTS} bots already")]
    TooMany,
    /// Anything else.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

impl From<StoreError> for BotChangeError {
    fn from(error: StoreError) -> Self {
        Self::Service(error.into())
    }
}

impl Bots {
    /// Stores a bot; it answers like this from the next message on. Answers the revision.
    ///
    /// # Errors
    /// Something about it cannot be, somebody else was faster, or no database.
    pub async fn save(&self, changes: SaveChanges<'_>) -> Result<u32, BotChangeError> {
        self.store_as(changes, "changed").await
    }

    /// Finds out whether a bot can be stored like this, and stores nothing.
    ///
    /// # Errors
    /// Something about it cannot be.
    pub fn check(&self, changes: &SaveChanges<'_>) -> Result<(), BotChangeError> {
        let known = self.known(changes.slug).ok();
        self.refuse(changes, known.is_some())?;
        match known.is_some_and(|known| known.is_default) && !changes.is_active {
            true => Err(BotChangeError::IsDefault),
            false => Ok(()),
        }
    }

    async fn store_as(&self, changes: SaveChanges<'_>, note: &str) -> Result<u32, BotChangeError> {
        self.check(&changes)?;
        let is_new = changes.based_on == Some(0) && changes.slug != DEFAULT_SLUG;
        let save = SaveBot {
            slug: changes.slug.to_owned(),
            settings: changes.settings,
            is_active: changes.is_active,
            based_on: changes.based_on,
            by: changes.by.to_owned(),
            note: if is_new { "made" } else { note }.to_owned(),
            now: self.clock.now(),
        };
        match self.store.save_bot(save).await? {
            SavedBot::Saved(revision) => {
                self.reload().await?;
                Ok(revision)
            }
            SavedBot::ChangedMeanwhile => Err(BotChangeError::ChangedMeanwhile),
        }
    }

    fn refuse(&self, changes: &SaveChanges<'_>, exists: bool) -> Result<(), BotChangeError> {
        if !is_slug(changes.slug) {
            return Err(BotChangeError::Slug);
        }
        if exists && changes.based_on == Some(0) && changes.slug != DEFAULT_SLUG {
            return Err(BotChangeError::Exists);
        }
        if !exists && self.list().len() >= MAX_BOTS {
            return Err(BotChangeError::TooMany);
        }
        match self.problems(changes.slug, &changes.settings) {
            problems if problems.is_empty() => Ok(()),
            problems => Err(BotChangeError::Values(problems)),
        }
    }

    /// From now on this bot answers where none is named. Conversations keep theirs.
    ///
    /// # Errors
    /// There is none, it is switched off, or no database.
    pub async fn make_default(&self, slug: &str) -> ServiceResult<()> {
        let bot = self.get(Some(slug))?;
        self.store.make_default_bot(&bot.slug).await?;
        self.reload().await
    }

    /// Deletes a bot. Its conversations stay; their visitors can go on with none of them.
    ///
    /// # Errors
    /// It is the default one or the one called `default`, there is none, or no database.
    pub async fn delete(&self, slug: &str, by: &str) -> Result<(), BotChangeError> {
        let known = self.known(slug)?;
        if known.is_default {
            return Err(BotChangeError::IsDefault);
        }
        if slug == DEFAULT_SLUG {
            return Err(BotChangeError::Stays);
        }
        self.store.delete_bot(slug, by, self.clock.now()).await?;
        Ok(self.reload().await?)
    }

    /// Sets what was set at that revision, as a new one. A deleted bot comes back by it.
    ///
    /// # Errors
    /// There is no such revision, it cannot be used any more, or no database.
    pub async fn roll_back(
        &self,
        slug: &str,
        revision: u32,
        by: &str,
    ) -> Result<u32, BotChangeError> {
        let revisions = self.revisions(slug).await?;
        let found = revisions.into_iter().find(|known| known.revision == revision);
        let settings = found.ok_or(ServiceError::BotNotFound)?.settings;
        // Whether it answers is no matter of how it answers.
        let is_active = self.known(slug).map_or(true, |known| known.is_active);
        let changes = SaveChanges { slug, settings, is_active, based_on: None, by };
        self.store_as(changes, &format!("rolled back to {revision}")).await
    }
}
