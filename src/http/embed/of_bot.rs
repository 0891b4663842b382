//! What of the widget depends on its bot: made when it is first wanted, and anew after a change.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock};

use parking_lot::Mutex;
use serde_json::{Value, json};

use crate::domain::bot::Bot;
use crate::domain::origins::AllowedOrigins;
use crate::http::embed::assets::{Asset, load};
use crate::http::embed::strings::Words;
use crate::http::embed::{loader_defaults, script_safe};
use crate::http::error::{ApiError, ApiResult, ErrorCode};
use crate::http::security::PanelPolicy;

/// Where the loader's source takes the owner's defaults.
const DEFAULTS_MARK: &str = "\"__ALCOVE_DEFAULTS__\"";
/// Of bots that are there no more something may stay behind, but not for ever.
const MAX_KEPT: usize = 256;

/// The widgets of all bots that were asked for lately.
#[derive(Default)]
pub(super) struct BotWidgets(Mutex<HashMap<String, Arc<BotWidget>>>);

impl BotWidgets {
    /// The widget of that bot, and of no earlier state of it.
    pub(super) fn of(&self, bot: &Arc<Bot>) -> Arc<BotWidget> {
        let mut kept = self.0.lock();
        match kept.get(&bot.slug) {
            Some(widget) if Arc::ptr_eq(&widget.bot, bot) => Arc::clone(widget),
            _ => {
                if kept.len() >= MAX_KEPT {
                    kept.clear();
                }
                let widget = Arc::new(BotWidget::new(Arc::clone(bot)));
                kept.insert(bot.slug.clone(), Arc::clone(&widget));
                widget
            }
        }
    }
}

/// What follows from a bot's settings for its widget.
pub(super) struct BotWidget {
    bot: Arc<Bot>,
    pub(super) policy: PanelPolicy,
    pub(super) words: Words,
    pub(super) allowed_origins: Value,
    /// The loader that leaves the choice of a bot to its tag, and the one that names this bot.
    loaders: [OnceLock<Asset>; 2],
}

impl BotWidget {
    fn new(bot: Arc<Bot>) -> Self {
        Self {
            policy: PanelPolicy::new(&bot.origins, bot.looks.icon.as_deref()),
            words: Words::new(&bot.looks),
            allowed_origins: match &bot.origins {
                AllowedOrigins::Any => json!(["*"]),
                AllowedOrigins::List(list) => json!(list),
            },
            loaders: [OnceLock::new(), OnceLock::new()],
            bot,
        }
    }

    /// The loader with the owner's defaults in it; made on the first request, so that a start
    /// does not wait for the compression.
    pub(super) fn loader(&self, names_bot: bool) -> ApiResult<Cow<'_, Asset>> {
        if cfg!(debug_assertions) {
            return self.make_loader(names_bot).map(Cow::Owned);
        }
        let [plain, naming] = &self.loaders;
        let loader = if names_bot { naming } else { plain };
        if loader.get().is_none() {
            let _set_meanwhile = loader.set(self.make_loader(names_bot)?);
        }
        loader.get().map(Cow::Borrowed).ok_or_else(|| ErrorCode::Internal.into())
    }

    fn make_loader(&self, names_bot: bool) -> ApiResult<Asset> {
        let source = load("widget/loader.js").ok_or(ApiError::from(ErrorCode::NotFound))?;
        let source = String::from_utf8_lossy(&source.plain).into_owned();
        let looks = loader_defaults(&self.bot.looks).into_iter();
        let named = names_bot.then_some(("bot", self.bot.slug.as_str()));
        let defaults: BTreeMap<_, _> = looks.chain(named).collect();
        let text = source.replace(DEFAULTS_MARK, &script_safe(&json!(defaults)));
        Ok(Asset::compressed_now(text.into_bytes()))
    }
}
