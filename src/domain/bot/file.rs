//! Bots as a file: to be kept beside the code of a site, or carried to another server.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::domain::bot::settings::BotSettings;
use crate::domain::bot::slug::is_slug;

/// What the file says it is.
const FORMAT: &str = "alcove-bots";
/// Counts the changes of this shape. A reader refuses what is newer.
pub const VERSION: u32 = 1;

/// One bot in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BotInFile {
    /// Its name in addresses.
    pub slug: String,
    /// Whether it answers.
    pub is_active: bool,
    /// What is set for it.
    pub settings: BotSettings,
}

#[derive(Serialize, Deserialize)]
struct File {
    format: String,
    version: u32,
    bots: Vec<Written>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    slug: String,
    #[serde(default = "yes")]
    active: bool,
    #[serde(default)]
    settings: Map<String, Value>,
}

const fn yes() -> bool {
    true
}

/// The file that holds these bots.
#[must_use]
pub fn write(bots: &[BotInFile]) -> String {
    let written = bots.iter().map(|bot| Written {
        slug: bot.slug.clone(),
        active: bot.is_active,
        settings: bot.settings.to_json(),
    });
    let file = File { format: FORMAT.to_owned(), version: VERSION, bots: written.collect() };
    serde_json::to_string_pretty(&file).unwrap_or_default() + "\n"
}

/// The bots that a file holds.
///
/// # Errors
/// What is wrong with it, in sentences for the owner.
pub fn read(text: &str) -> Result<Vec<BotInFile>, Vec<String>> {
    let file: File = serde_json::from_str(text)
        .map_err(|why| vec![format!("This is no file of bots: {why}.")])?;
    if file.format != FORMAT || file.version > VERSION {
        return Err(vec![format!(
            "This is {} in version {}; this release reads {FORMAT} up to version {VERSION}.",
            file.format, file.version
        )]);
    }
    let (mut bots, mut problems) = (Vec::<BotInFile>::new(), Vec::new());
    for written in file.bots {
        let slug = written.slug;
        if !is_slug(&slug) {
            problems.push(format!("`{slug}` cannot be the name of a bot in addresses."));
        }
        if bots.iter().any(|bot| bot.slug == slug) {
            problems.push(format!("{slug} is there twice."));
        }
        match BotSettings::from_json(&written.settings) {
            Ok(settings) => bots.push(BotInFile { slug, is_active: written.active, settings }),
            Err(wrong) => {
                problems.extend(wrong.iter().map(|(name, why)| format!("{slug}: {name} {why}.")))
            }
        }
    }
    if problems.is_empty() { Ok(bots) } else { Err(problems) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::bot::field::BotField;

    #[test]
    fn what_is_written_reads_back_the_same() {
        let mut settings = BotSettings::default();
        settings.set(BotField::Name, "Ada \"<é>\" 🤖").expect("a name");
        settings.set(BotField::SystemPrompt, "One.\nTwo.").expect("a prompt");
        let shop = BotInFile { slug: "shop".into(), is_active: false, settings };
        let empty =
            BotInFile { slug: "default".into(), is_active: true, settings: BotSettings::default() };
        let bots = vec![empty, shop];
        assert_eq!(read(&write(&bots)), Ok(bots));
    }

    #[test]
    fn what_is_no_file_of_bots_is_told() {
        let cases = [
            ("", "no file of bots"),
            ("[]", "no file of bots"),
            (r#"{"format":"alcove-bots","version":1}"#, "missing field `bots`"),
            (r#"{"format":"alcove-bots","version":2,"bots":[]}"#, "up to version 1"),
            (r#"{"format":"other","version":1,"bots":[]}"#, "This is other"),
            (r#"{"format":"alcove-bots","version":1,"bots":[{"slug":"A"}]}"#, "`A` cannot"),
            (r#"{"format":"alcove-bots","version":1,"bots":[{"slug":"a"},{"slug":"a"}]}"#, "twice"),
            (
                r#"{"format":"alcove-bots","version":1,"bots":[{"slug":"a","extra":1}]}"#,
                "unknown field `extra`",
            ),
            (
                r#"{"format":"alcove-bots","version":1,"bots":[{"slug":"a","settings":{"color":"red"}}]}"#,
                "a: color is `red`",
            ),
        ];
        for (text, told) in cases {
            let problems = read(text).expect_err(text).join(" ");
            assert!(problems.contains(told), "{text}: {problems}");
        }
    }
}
