//! Which provider answers: the session's wish, the bot's choice, then the fallbacks.

use std::sync::Arc;

use crate::domain::bot::ProviderName;
use crate::providers::Provider;

/// The providers that can be asked.
pub struct Models {
    providers: Vec<Arc<dyn Provider>>,
    fallback: Vec<ProviderName>,
}

impl Models {
    /// `providers` must hold at least one, as `app` always adds the demo.
    #[must_use]
    pub fn new(providers: Vec<Arc<dyn Provider>>, fallback: Vec<ProviderName>) -> Self {
        Self { providers, fallback }
    }

    /// The provider of that name, if it can be asked.
    #[must_use]
    pub fn get(&self, name: ProviderName) -> Option<&Arc<dyn Provider>> {
        self.providers.iter().find(|provider| provider.name() == name)
    }

    /// Whom to ask, in order: what the session wishes if it has a key (never the demo in place of
    /// a model), else the bot's provider; then the fallbacks.
    #[must_use]
    pub fn candidates(&self, wish: Option<&str>, bot: ProviderName) -> Vec<Arc<dyn Provider>> {
        let wished = wish
            .and_then(|word| word.parse().ok())
            .filter(|name| *name != ProviderName::Demo)
            .filter(|name| self.get(*name).is_some());
        let mut names = vec![wished.unwrap_or(bot)];
        for name in &self.fallback {
            if !names.contains(name) {
                names.push(*name);
            }
        }
        names.into_iter().filter_map(|name| self.get(name).cloned()).collect()
    }

    /// A provider's name for people; the word itself for one that is no longer configured.
    #[must_use]
    pub fn display_name(&self, word: &str) -> String {
        word.parse()
            .ok()
            .and_then(|name| self.get(name))
            .map_or_else(|| word.to_owned(), |provider| provider.display_name().to_owned())
    }
}
