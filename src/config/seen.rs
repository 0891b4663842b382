//! Settings as they are shown to staff: which value holds and where it comes from. Never a secret.

use url::Url;

use crate::config::read::{Origin, Values};
use crate::config::settings::{GROUPS, Setting};

/// All settings, grouped. Prints as nothing: their typed values print already.
#[derive(Clone, Default)]
pub struct Seen(pub Vec<SeenGroup>);

impl std::fmt::Debug for Seen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seen")
    }
}

/// A heading and the settings below it, as the documentation has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenGroup {
    /// The heading.
    pub name: &'static str,
    /// Its settings.
    pub settings: Vec<SeenSetting>,
}

/// One setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenSetting {
    /// The variable.
    pub name: &'static str,
    /// What it does.
    pub help: &'static str,
    /// The value that holds, as far as it may be seen; the default in words where none is set.
    pub value: String,
    /// Where it comes from; none is the default.
    pub origin: Option<Origin>,
}

/// All settings, grouped.
#[must_use]
pub fn seen(values: &Values) -> Seen {
    let group = |(name, settings): &(&'static str, &'static [Setting])| SeenGroup {
        name,
        settings: settings.iter().map(|setting| seen_setting(setting, values)).collect(),
    };
    Seen(GROUPS.iter().map(group).collect())
}

fn seen_setting(setting: &Setting, values: &Values) -> SeenSetting {
    let found = values.found(setting.name);
    let value = match found {
        None => setting.default.to_owned(),
        Some(_) if is_secret(setting.name) => "set".to_owned(),
        Some((value, _)) => without_credentials(value),
    };
    SeenSetting {
        name: setting.name,
        help: setting.help,
        value,
        origin: found.map(|(_, origin)| origin),
    }
}

/// Whether a variable's value opens something.
fn is_secret(name: &str) -> bool {
    ["_KEY", "_PASSWORD", "_SECRET", "_TOKEN"].iter().any(|ending| name.ends_with(ending))
}

/// The value, whose addresses have neither names and passwords nor queries.
fn without_credentials(value: &str) -> String {
    let Some(mut url) = Url::parse(value).ok().filter(Url::has_authority) else {
        return value.to_owned();
    };
    if url.username().is_empty() && url.password().is_none() && url.query().is_none() {
        return value.to_owned();
    }
    let _have_none = (url.set_username(""), url.set_password(None));
    url.set_query(url.query().is_some().then_some("***"));
    url.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::settings;

    fn seen_with(set: &[(&str, &str)]) -> Vec<SeenSetting> {
        let find = |name: &str| {
            set.iter().find(|(own, _)| *own == name).map(|(_, value)| (*value).to_owned())
        };
        let Seen(groups) = seen(&Values::collect(&[&|_: &str| None, &find]));
        groups.into_iter().flat_map(|group| group.settings).collect()
    }

    #[test]
    fn no_secret_is_ever_seen() {
        let canary = "https://canary:canary@host.example/path?key=canary";
        for setting in settings::all() {
            let shown = seen_with(&[(setting.name, canary)]);
            assert!(!format!("{shown:?}").contains("canary"), "{}", setting.name);
            let shown = seen_with(&[(setting.name, "plain-canary")]);
            let hides = !format!("{shown:?}").contains("canary");
            let opens =
                ["KEY", "PASSWORD", "SECRET"].iter().any(|word| setting.name.contains(word));
            assert_eq!(hides, opens, "{}", setting.name);
        }
    }

    #[test]
    fn each_setting_says_its_value_and_where_it_comes_from() {
        let shown = seen_with(&[("PORT", "8080"), ("GOOGLE_API_KEY", "AIza-canary")]);
        let of = |name: &str| shown.iter().find(|one| one.name == name).expect("a setting");
        assert_eq!(
            (of("PORT").value.as_str(), of("PORT").origin),
            ("8080", Some(Origin::Environment))
        );
        assert_eq!((of("HOST").value.as_str(), of("HOST").origin), ("127.0.0.1", None));
        assert_eq!(of("GEMINI_API_KEY").value, "set");
        assert_eq!(shown.len(), settings::all().count());
    }
}
