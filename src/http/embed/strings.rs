//! The widget's words: which language a visitor gets, and the owner's rewording in it.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use axum::http::HeaderMap;
use axum::http::header::ACCEPT_LANGUAGE;
use serde_json::{Map, Value};

use crate::domain::bot::{Looks, Reworded};
use crate::domain::language;
use crate::http::embed::assets::Assets;

/// The language whose file has all keys, and which everybody gets for whom there is no better one.
const ENGLISH: &str = "en";
const FOLDER: &str = "widget/strings/";

/// Words by key.
type Strings = Map<String, Value>;

/// Which of a language's words.
#[derive(Debug, Clone, Copy)]
pub(super) enum Part {
    /// What the panel itself says: every visitor downloads it with the page.
    Page,
    /// What only the scripts say that the panel loads when they are first wanted.
    Later,
}

impl Part {
    /// The name of a language's file.
    fn file(self, tag: &str) -> String {
        match self {
            Self::Page => tag.to_owned(),
            Self::Later => format!("more/{tag}"),
        }
    }
}

/// The words of all languages, as the owner wants them.
pub(super) struct Words {
    owners_language: Option<String>,
    rewording: Vec<Reworded>,
}

impl Words {
    /// Finds out whether there are all the words that the owner rewords.
    ///
    /// # Errors
    /// Which key or language there is not.
    pub(super) fn check(looks: &Looks) -> Result<(), String> {
        let offered = offered();
        let known = [Part::Page, Part::Later].map(|part| strings_of(&part.file(ENGLISH)));
        for reworded in &looks.rewording {
            if !known.iter().any(|words| words.contains_key(&reworded.key)) {
                return Err(format!("names `{}`, which is no word of the widget", reworded.key));
            }
            let tag = reworded.language.as_deref();
            if let Some(tag) = tag.filter(|tag| language::best(tag, &offered).is_none()) {
                return Err(format!("names `{tag}`, which is no language of the widget"));
            }
        }
        Ok(())
    }

    /// The words of a bot with these looks.
    pub(super) fn new(looks: &Looks) -> Self {
        let offered = offered();
        let mut rewording = looks.rewording.clone();
        for reworded in &mut rewording {
            if let Some(tag) = &mut reworded.language
                && let Some(best) = language::best(tag, &offered)
            {
                best.clone_into(tag);
            }
        }
        let owners_language = (looks.language != "auto").then(|| looks.language.clone());
        if let Some(tag) =
            owners_language.as_ref().filter(|tag| language::best(tag, &offered).is_none())
        {
            tracing::warn!(
                language = tag,
                "The widget does not speak this language; visitors get theirs"
            );
        }
        Self { owners_language, rewording }
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

    /// Words of a language, in the owner's wording where there is one.
    pub(super) fn strings(&self, part: Part, tag: &str) -> Strings {
        let mut strings = strings_of(&part.file(tag));
        let everywhere = self.rewording.iter().filter(|reworded| reworded.language.is_none());
        let here = self.rewording.iter().filter(|r| r.language.as_deref() == Some(tag));
        for reworded in everywhere.chain(here) {
            if let Some(text) = strings.get_mut(&reworded.key) {
                *text = Value::from(reworded.text.as_str());
            }
        }
        strings
    }
}

/// The language files of a release by their names, read once: they cannot change while it runs.
static CARRIED: LazyLock<BTreeMap<String, Strings>> =
    LazyLock::new(|| files().map(|file| (file.clone(), read(&file))).collect());

fn files() -> impl Iterator<Item = String> {
    Assets::iter().filter_map(|path| {
        path.strip_prefix(FOLDER).and_then(|name| name.strip_suffix(".json")).map(str::to_owned)
    })
}

fn read(file: &str) -> Strings {
    let file = Assets::get(&format!("{FOLDER}{file}.json"));
    file.and_then(|file| serde_json::from_slice(&file.data).ok()).unwrap_or_default()
}

/// The languages there are.
fn offered() -> Vec<String> {
    let is_tag = |file: &String| !file.contains('/');
    if cfg!(debug_assertions) {
        files().filter(is_tag).collect()
    } else {
        CARRIED.keys().filter(|file| is_tag(file)).cloned().collect()
    }
}

fn strings_of(file: &str) -> Strings {
    if cfg!(debug_assertions) { read(file) } else { CARRIED.get(file).cloned().unwrap_or_default() }
}
