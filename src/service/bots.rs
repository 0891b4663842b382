//! The bots of this server, ready in memory: every message and page asks for one.
//!
//! What staff set is stored; what they did not set comes from the configuration. A change holds
//! for the next message: whoever holds a bot already keeps its settings.

mod budgets;
mod change;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::RwLock;
use tokio_util::sync::CancellationToken;

use crate::domain::actor::Actor;
use crate::domain::bot::Bot;
use crate::domain::bot::field::BotField;
use crate::domain::bot::file::BotInFile;
use crate::domain::bot::settings::{BotBasis, BotProblems, BotSettings};
use crate::domain::bot::slug::DEFAULT_SLUG;
use crate::domain::clock::{Clock, Timestamp};
use crate::service::bots::budgets::{Budgets, beginning_of_day};
use crate::service::{ServiceError, ServiceResult};
use crate::store::Store;
use crate::store::bots::{BotRevision, StoredBot};
use crate::store::usage::UsageQuery;

pub use budgets::{BudgetLimits, BudgetState, Spent};
pub use change::{BotChangeError, MAX_BOTS, SaveChanges};

/// How often the database is asked for what somebody else has changed.
const LOOK_AGAIN: Duration = Duration::from_secs(5);

/// What is wrong with a bot beyond its single values, such as words that the widget does not say.
pub type CheckBot = fn(&Bot) -> Result<(), (BotField, String)>;

/// The bots of this server.
pub struct Bots {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    basis: BotBasis,
    check: CheckBot,
    budgets: Budgets,
    /// What answers now. Held for a look or a swap only, never across an await.
    shelf: RwLock<Shelf>,
}

/// The bots by slug, and which one answers where none is named.
struct Shelf {
    /// What it was made of.
    stored: Vec<StoredBot>,
    bots: BTreeMap<String, Arc<KnownBot>>,
    default: String,
}

/// A bot as staff see it.
#[derive(Debug, Clone)]
pub struct KnownBot {
    /// As it answers.
    pub bot: Arc<Bot>,
    /// What is set for it.
    pub settings: BotSettings,
    /// Whether it answers.
    pub is_active: bool,
    /// Whether it answers where none is named.
    pub is_default: bool,
    /// Counts its changes; 0 as long as nothing was set for it.
    pub revision: u32,
    /// When it was changed last.
    pub changed_at: Option<Timestamp>,
}

impl Bots {
    /// The bots in `store`, over what the configuration says.
    ///
    /// # Errors
    /// No database.
    pub async fn open(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        (basis, check): (BotBasis, CheckBot),
        limits: BudgetLimits,
    ) -> ServiceResult<Self> {
        let shelf = RwLock::new(Shelf::of(store.bots().await?, &basis));
        let now = clock.now();
        let to = now.plus(Duration::from_secs(60 * 60));
        let today = UsageQuery { from: beginning_of_day(now), to, bot: None };
        let budgets = Budgets::new(limits, now, &store.usage(&Actor::System, today).await?);
        Ok(Self { store, clock, basis, check, budgets, shelf })
    }

    /// Lets a reply of this bot begin, if its budget of the day and that of all bots allow it.
    ///
    /// # Errors
    /// One of them is spent.
    pub fn admit_reply(&self, bot: &Bot) -> ServiceResult<()> {
        self.budgets.admit(bot, self.clock.now())
    }

    /// Notes what a reply took.
    pub fn count(&self, spent: Spent<'_>) {
        self.budgets.count(spent, self.clock.now());
    }

    /// The budgets that are set, and how much of each is gone today.
    #[must_use]
    pub fn budget_state(&self) -> Vec<BudgetState> {
        let all = self.list();
        self.budgets.state(all.iter().map(|known| known.bot.as_ref()), self.clock.now())
    }

    /// The bot of that slug as it is now; without one, the default bot. Who holds it keeps these
    /// settings, whatever changes meanwhile.
    ///
    /// # Errors
    /// There is none, or it is switched off.
    pub fn get(&self, slug: Option<&str>) -> ServiceResult<Arc<Bot>> {
        let shelf = self.shelf.read();
        let slug = slug.filter(|slug| !slug.is_empty()).unwrap_or(&shelf.default);
        let known = shelf.bots.get(slug).filter(|known| known.is_active);
        known.map(|known| Arc::clone(&known.bot)).ok_or(ServiceError::BotNotFound)
    }

    /// The bot of that slug, switched off or not.
    ///
    /// # Errors
    /// There is none.
    pub fn known(&self, slug: &str) -> ServiceResult<Arc<KnownBot>> {
        self.shelf.read().bots.get(slug).cloned().ok_or(ServiceError::BotNotFound)
    }

    /// All bots by slug, the default one first.
    #[must_use]
    pub fn list(&self) -> Vec<Arc<KnownBot>> {
        let mut all: Vec<_> = self.shelf.read().bots.values().cloned().collect();
        all.sort_by_key(|known| !known.is_default);
        all
    }

    /// What holds for all bots where nothing is set for one.
    #[must_use]
    pub const fn basis(&self) -> &BotBasis {
        &self.basis
    }

    /// The changes of a bot, the newest first; of a deleted one as well.
    ///
    /// # Errors
    /// There never was such a bot, or no database.
    pub async fn revisions(&self, slug: &str) -> ServiceResult<Vec<BotRevision>> {
        let revisions = self.store.bot_revisions(slug).await?;
        if revisions.is_empty() {
            self.known(slug)?;
        }
        Ok(revisions)
    }

    /// Takes in what is stored now.
    ///
    /// # Errors
    /// No database.
    pub async fn reload(&self) -> ServiceResult<()> {
        let stored = self.store.bots().await?;
        // A bot that did not change stays the same one, with all that was made for it.
        if self.shelf.read().stored != stored {
            *self.shelf.write() = Shelf::of(stored, &self.basis);
        }
        Ok(())
    }

    /// Takes in what the command line changes beside this server, until `shutdown`.
    pub async fn watch(self: Arc<Self>, shutdown: CancellationToken) {
        while shutdown.run_until_cancelled(tokio::time::sleep(LOOK_AGAIN)).await.is_some() {
            if let Err(error) = self.reload().await {
                tracing::debug!(%error, "The bots cannot be read at the moment");
            }
        }
    }

    /// All bots as they are kept in a file.
    #[must_use]
    pub fn in_file(&self) -> Vec<BotInFile> {
        let in_file = |known: Arc<KnownBot>| BotInFile {
            slug: known.bot.slug.clone(),
            is_active: known.is_active,
            settings: known.settings.clone(),
        };
        self.list().into_iter().map(in_file).collect()
    }

    /// What is wrong with a bot for which this would be set.
    fn problems(&self, slug: &str, settings: &BotSettings) -> BotProblems {
        let bot = self.basis.bot(slug, settings);
        let mut problems: BotProblems = (self.check)(&bot).err().into_iter().collect();
        let wanted = settings.get(BotField::Provider);
        if let Some(name) = wanted.filter(|name| !name.eq_ignore_ascii_case(bot.provider.as_str()))
        {
            let problem = format!("is {name}, which has no key or address in the configuration");
            problems.push((BotField::Provider, problem));
        }
        problems
    }
}

impl Shelf {
    fn of(stored: Vec<StoredBot>, basis: &BotBasis) -> Self {
        let default = stored.iter().find(|bot| bot.is_default);
        let default = default.map_or(DEFAULT_SLUG, |bot| &bot.slug).to_owned();
        let virtual_one = KnownBot {
            bot: Arc::new(basis.bot(DEFAULT_SLUG, &BotSettings::default())),
            settings: BotSettings::default(),
            is_active: true,
            is_default: default == DEFAULT_SLUG,
            revision: 0,
            changed_at: None,
        };
        let mut bots = BTreeMap::from([(DEFAULT_SLUG.to_owned(), Arc::new(virtual_one))]);
        for stored in stored.clone() {
            let known = KnownBot {
                bot: Arc::new(basis.bot(&stored.slug, &stored.settings)),
                settings: stored.settings,
                is_active: stored.is_active,
                is_default: stored.slug == default,
                revision: stored.revision,
                changed_at: Some(stored.changed_at),
            };
            bots.insert(stored.slug, Arc::new(known));
        }
        Self { stored, bots, default }
    }
}
