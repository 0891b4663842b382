//! The bots of this server, ready in memory: every message and page asks for one.

use std::collections::BTreeMap;
use std::sync::Arc;

use parking_lot::RwLock;

use crate::domain::bot::Bot;
use crate::service::{ServiceError, ServiceResult};

/// The bots of this server.
pub struct Bots {
    /// What answers now. Held for a look or a swap only, never across an await.
    shelf: RwLock<Shelf>,
}

/// The bots by slug, and which one answers where none is named.
struct Shelf {
    bots: BTreeMap<String, Arc<Bot>>,
    default: String,
}

impl Bots {
    /// The bot of the configuration alone.
    #[must_use]
    pub fn new(bot: Bot) -> Self {
        let default = bot.slug.clone();
        let bots = BTreeMap::from([(default.clone(), Arc::new(bot))]);
        Self { shelf: RwLock::new(Shelf { bots, default }) }
    }

    /// The bot of that slug as it is now; without one, the default bot. Who holds it keeps these
    /// settings, whatever changes meanwhile.
    ///
    /// # Errors
    /// There is none, or it is switched off.
    pub fn get(&self, slug: Option<&str>) -> ServiceResult<Arc<Bot>> {
        let shelf = self.shelf.read();
        let slug = slug.filter(|slug| !slug.is_empty()).unwrap_or(&shelf.default);
        shelf.bots.get(slug).cloned().ok_or(ServiceError::BotNotFound)
    }
}
