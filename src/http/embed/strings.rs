//! The widget's words: which language a visitor gets, and the owner's rewording in it.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use axum::http::HeaderMap;
use axum::http::header::ACCEPT_LANGUAGE;
use serde_json::{Map, Value};

use crate::config::ConfigError;
use crate::config::read::error;
use crate::domain::bot::{Looks, Reworded};
use crate::domain::language;
use crate::http::embed::assets::Assets;

/// The language whose file has all keys, and which everybody gets for whom there is no better one.
const ENGLISH: &str = "en";
const FOLDER: &str = "widget/strings/";

/// Words by key.
type Strings = Map<String, Value>;

/// The words of all languages, as the owner wants them.
pub(super) struct Words {
    owners_language: Option<String>,
    rewording: Vec<Reworded>,
}

impl Words {
    /// The words of a bot with these looks.
    ///
    /// # Errors
    /// The rewording names a key or language that there is not.
    pub(super) fn new(looks: &Looks) -> Result<Self, ConfigError> {
        let offered = offered();
        let known = strings_of(ENGLISH);
        let mut rewording = looks.rewording.clone();
        for reworded in &mut rewording {
            if !known.contains_key(&reworded.key) {
                let problem = format!("names `{}`, which is no word of the widget", reworded.key);
                return Err(error("BOT_STRINGS", problem));
            }
            if let Some(tag) = &mut reworded.language {
                *tag = language::best(tag, &offered).map(str::to_owned).ok_or_else(|| {
                    error(
                        "BOT_STRINGS",
                        format!("names `{tag}`, which is no language of the widget"),
                    )
                })?;
            }
        }
        let owners_language = (looks.language != "auto").then(|| looks.language.clone());
        if let Some(tag) =
            owners_language.as_ref().filter(|tag| language::best(tag, &offered).is_none())
        {
            tracing::warn!(
                language = tag,
                "The widget does not speak BOT_LANGUAGE; visitors get theirs"
            );
        }
        Ok(Self { owners_language, rewording })
    }

    /// The language for a visitor: the one the host page asks for, else the owner's, else the
    /// browser's.
    pub(super) fn choose(&self, asked: Option<&str>, request: &HeaderMap) -> String {
        let header = request.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let accepted = language::accepted(header.unwrap_or_default());
        let wishes = asked.into_iter().chain(self.owners_language.as_deref()).chain(accepted);
        let offered = offered();
        let mut found = wishes.filter_map(|wish| language::best(wish, &offered));
        found.next().unwrap_or(ENGLISH).to_owned()
    }

    /// The words of a language, in the owner's wording where there is one.
    pub(super) fn strings(&self, tag: &str) -> Strings {
        let mut strings = strings_of(tag);
        let everywhere = self.rewording.iter().filter(|reworded| reworded.language.is_none());
        let here = self.rewording.iter().filter(|r| r.language.as_deref() == Some(tag));
        for reworded in everywhere.chain(here) {
            strings.insert(reworded.key.clone(), Value::from(reworded.text.as_str()));
        }
        strings
    }
}

/// The language files of a release, read once: they cannot change while it runs.
static CARRIED: LazyLock<BTreeMap<String, Strings>> =
    LazyLock::new(|| tags().map(|tag| (tag.clone(), read(&tag))).collect());

fn tags() -> impl Iterator<Item = String> {
    Assets::iter().filter_map(|path| {
        path.strip_prefix(FOLDER).and_then(|name| name.strip_suffix(".json")).map(str::to_owned)
    })
}

fn read(tag: &str) -> Strings {
    let file = Assets::get(&format!("{FOLDER}{tag}.json"));
    file.and_then(|file| serde_json::from_slice(&file.data).ok()).unwrap_or_default()
}

/// The languages there are.
fn offered() -> Vec<String> {
    if cfg!(debug_assertions) { tags().collect() } else { CARRIED.keys().cloned().collect() }
}

fn strings_of(tag: &str) -> Strings {
    if cfg!(debug_assertions) { read(tag) } else { CARRIED.get(tag).cloned().unwrap_or_default() }
}
