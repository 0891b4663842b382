//! Which provider answers: the session's wish, the bot's choice, then the fallbacks.

use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::Mutex;

use crate::domain::bot::ProviderName;
use crate::domain::clock::Timestamp;
use crate::providers::Provider;
use crate::providers::error::{ErrorClass, ProviderError};

/// The providers that can be asked.
pub struct Models {
    providers: Vec<Arc<dyn Provider>>,
    fallback: Vec<ProviderName>,
    /// What failed last, of each. Locked for a look or a note only.
    failures: Mutex<HashMap<ProviderName, LastFailure>>,
}

/// How a provider is doing, for staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderHealth {
    /// Which one.
    pub name: ProviderName,
    /// Its name for people.
    pub display_name: String,
    /// The model it is asked for.
    pub model: String,
    /// Its place among those tried when another fails; none is not tried.
    pub fallback_place: Option<usize>,
    /// What failed last since the server started.
    pub last_failure: Option<LastFailure>,
}

/// A failure of a provider, without the words of its vendor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LastFailure {
    /// When.
    pub at: Timestamp,
    /// What it was, for people.
    pub what: &'static str,
    /// The vendor's status, when there was an answer.
    pub status: Option<u16>,
}

impl Models {
    /// `providers` must hold at least one, as `app` always adds the demo.
    #[must_use]
    pub fn new(providers: Vec<Arc<dyn Provider>>, fallback: Vec<ProviderName>) -> Self {
        Self { providers, fallback, failures: Mutex::default() }
    }

    /// Remembers that a provider failed.
    pub fn note_failure(&self, name: ProviderName, error: &ProviderError, at: Timestamp) {
        let Some(what) = words(error.class) else { return };
        self.failures.lock().insert(name, LastFailure { at, what, status: error.status });
    }

    /// All of them, as far as is known.
    #[must_use]
    pub fn health(&self) -> Vec<ProviderHealth> {
        let failures = self.failures.lock().clone();
        let health = |provider: &Arc<dyn Provider>| ProviderHealth {
            name: provider.name(),
            display_name: provider.display_name().to_owned(),
            model: provider.model().to_owned(),
            fallback_place: self.fallback.iter().position(|name| *name == provider.name()),
            last_failure: failures.get(&provider.name()).copied(),
        };
        self.providers.iter().map(health).collect()
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

/// What the owner should know. None for what is asked again in another way and tells nothing about
/// the provider.
const fn words(class: ErrorClass) -> Option<&'static str> {
    Some(match class {
        ErrorClass::ContextLength | ErrorClass::ToolsRefused => return None,
        ErrorClass::Auth => "The key was refused",
        ErrorClass::Billing => "Money or plan are used up",
        ErrorClass::RateLimited => "Too many requests",
        ErrorClass::Overloaded => "It was overloaded",
        ErrorClass::Server => "It failed",
        ErrorClass::Timeout => "It stayed silent for too long",
        ErrorClass::Network => "It could not be reached",
        ErrorClass::TooLarge => "The request was too large",
        ErrorClass::InvalidRequest => "It did not understand the request",
        ErrorClass::NotFound => "It has no such model",
        ErrorClass::Malformed => "Its answer could not be read",
        ErrorClass::Truncated => "Its answer broke off",
    })
}
