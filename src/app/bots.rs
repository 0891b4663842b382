//! Bots, put together from the settings; and what is done to them on the command line.

use std::sync::Arc;

use crate::config::read::error;
use crate::config::{Config, ConfigError};
use crate::domain::bot::file::{self, BotInFile};
use crate::domain::bot::settings::BotSettings;
use crate::domain::clock::{Clock, SystemClock};
use crate::http::embed::check_words;
use crate::service::bots::{BotChangeError, Bots, BudgetLimits, SaveChanges};
use crate::service::{ServiceError, ServiceResult};
use crate::store::Store;
use crate::store::sqlite::{SqliteSettings, SqliteStore};

/// Who changes a bot from here.
const AUTHOR: &str = "command line";

pub(super) async fn bots(
    config: &Config,
    store: &Arc<dyn Store>,
    clock: &Arc<dyn Clock>,
) -> ServiceResult<Arc<Bots>> {
    let limits = BudgetLimits { daily_tokens: config.limits.daily_tokens };
    let basis = (config.basis.clone(), check_words as fn(&_) -> _);
    Bots::open(Arc::clone(store), Arc::clone(clock), basis, limits).await.map(Arc::new)
}

/// Finds out what can be found out about the settings without a start.
///
/// # Errors
/// The first value that cannot be used.
pub fn check(config: &Config) -> Result<(), ConfigError> {
    check_words(&config.bot)
        .map_err(|(field, problem)| error(field.variable().unwrap_or_default(), problem))
}

/// The bots in a database. A running server sees each change within seconds.
pub struct BotDesk {
    bots: Arc<Bots>,
    store: Arc<dyn Store>,
}

impl BotDesk {
    /// Opens the database.
    ///
    /// # Errors
    /// It cannot be opened.
    pub async fn open(config: &Config) -> Result<Self, String> {
        let store = SqliteStore::open(SqliteSettings::new(&config.database));
        let store: Arc<dyn Store> = Arc::new(store.map_err(|error| error.to_string())?);
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let bots = bots(config, &store, &clock).await.map_err(|error| error.to_string())?;
        Ok(Self { bots, store })
    }

    /// A file of all bots, or of one.
    ///
    /// # Errors
    /// There is no such bot.
    pub fn export(&self, slug: Option<&str>) -> Result<String, String> {
        let mut bots = self.bots.in_file();
        bots.retain(|bot| slug.is_none_or(|slug| slug == bot.slug));
        match bots.is_empty() {
            true => Err(format!("there is no bot called {}", slug.unwrap_or_default())),
            false => Ok(file::write(&bots)),
        }
    }

    /// Takes over the bots of a file, or only says what that would change. Bots that are not in it
    /// stay as they are.
    ///
    /// # Errors
    /// What is wrong with the file; then nothing is taken over.
    pub async fn import(&self, text: &str, is_dry: bool) -> Result<String, String> {
        let bots = file::read(text).map_err(|problems| problems.join("\n        "))?;
        let mut problems = Vec::new();
        for bot in &bots {
            problems.extend(self.bots.check(&changes_of(bot)).err().map(|why| told(bot, &why)));
        }
        if !problems.is_empty() {
            return Err(problems.join("\n        "));
        }
        let mut report = String::new();
        for bot in &bots {
            report.push_str(&self.take_over(bot, is_dry).await?);
        }
        Ok(report)
    }

    async fn take_over(&self, bot: &BotInFile, is_dry: bool) -> Result<String, String> {
        let slug = &bot.slug;
        let known = self.bots.known(slug).ok();
        let is_new = known.is_none();
        let (before, was_active) = known
            .map_or_else(|| (BotSettings::default(), true), |k| (k.settings.clone(), k.is_active));
        let changes = bot.settings.changes_since(&before);
        let mut names: Vec<&str> = changes.iter().map(|change| change.field.as_str()).collect();
        if was_active != bot.is_active {
            names.push("active");
        }
        if names.is_empty() && !is_new {
            return Ok(format!("{slug}: nothing changes\n"));
        }
        if !is_dry {
            self.bots.save(changes_of(bot)).await.map_err(|why| told(bot, &why))?;
        }
        let what = match (is_new, is_dry) {
            (true, true) => "would be made",
            (true, false) => "made",
            (false, true) => "would change",
            (false, false) => "changed",
        };
        Ok(format!("{slug}: {what} ({})\n", names.join(", ")))
    }

    /// Closes the database.
    pub async fn close(self) {
        self.store.close().await;
    }
}

fn changes_of(bot: &BotInFile) -> SaveChanges<'_> {
    SaveChanges {
        slug: &bot.slug,
        settings: bot.settings.clone(),
        is_active: bot.is_active,
        based_on: None,
        by: AUTHOR,
    }
}

fn told(bot: &BotInFile, why: &BotChangeError) -> String {
    let slug = &bot.slug;
    match why {
        BotChangeError::Values(problems) => {
            let lines = problems.iter().map(|(field, why)| format!("{slug}: {field} {why}"));
            lines.collect::<Vec<_>>().join("\n        ")
        }
        BotChangeError::Service(ServiceError::Store(error)) => format!("{slug}: {error}"),
        why => format!("{slug}: {why}"),
    }
}
