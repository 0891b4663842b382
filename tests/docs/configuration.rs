//! `docs/configuration.md` and `.env.example` are made from the table of settings.

use std::fmt::Write as _;
use std::path::Path;

use alcove::config::settings::{self, GROUPS, Setting};
use alcove::config::{Config, Values};
use alcove::domain::bot::settings::BotSettings;
use alcove::providers::{claude, gemini, openai};

use crate::pages::{code_spans, keep_or_compare, read, table_rows};

const BEGIN: &str = "<!-- From src/config/settings.rs; made by tests/docs/configuration.rs. -->\n";
const END: &str = "<!-- End of the settings. -->";

/// Settings whose default is told in words.
const IN_WORDS: &[&str] = &[
    "PUBLIC_URL",
    "SECRET_KEY",
    "OPENAI_API",
    "AI_PRICES",
    "BOT_SYSTEM_PROMPT",
    "BOT_WELCOME",
    "BOT_TEMPERATURE",
    "RETENTION_DAYS",
];

fn tables() -> String {
    let mut text = String::new();
    for (heading, group) in GROUPS {
        writeln!(text, "\n## {heading}\n\n| variable | default | example | what it does |")
            .expect("text");
        text.push_str("|---|---|---|---|\n");
        for setting in *group {
            let cell = |text: &str| text.replace('|', "\\|");
            let code = |text: &str| format!("`{}`", cell(text));
            let is_value = !is_in_words(setting);
            let default = if is_value { code(setting.default) } else { cell(setting.default) };
            let also =
                setting.alias.map_or_else(String::new, |alias| format!(" Also read as `{alias}`."));
            let (name, example) = (code(setting.name), code(setting.example));
            writeln!(text, "| {name} | {default} | {example} | {}{also} |", cell(setting.help))
                .expect("text");
        }
    }
    text.push('\n');
    text
}

fn is_in_words(setting: &Setting) -> bool {
    setting.default == "none" || IN_WORDS.contains(&setting.name)
}

#[test]
fn the_configuration_page_has_every_setting() {
    let page = read("docs/configuration.md");
    let (head, rest) = page.split_once(BEGIN).expect("the mark where the settings begin");
    let (_, tail) = rest.split_once(END).expect("the mark where the settings end");
    let expected = format!("{head}{BEGIN}{}{END}{tail}", tables());
    keep_or_compare("docs/configuration.md", &expected);
}

fn example_file() -> String {
    let mut text =
        "# Settings of Alcove. Copy this file to .env beside the program and take the # away\n\
        # from the lines you want; the values here are examples. Real environment variables and\n\
        # flags win over this file. docs/configuration.md has the defaults.\n"
            .to_owned();
    for (heading, group) in GROUPS {
        let line = "-".repeat(70_usize.saturating_sub(heading.len()));
        writeln!(text, "\n# -- {heading} {line}").expect("text");
        for setting in *group {
            let Setting { name, default, example, help, .. } = setting;
            writeln!(text, "\n# {help} Default: {default}\n#{name}={}", quoted(example))
                .expect("text");
        }
    }
    text
}

/// A value as `.env` files need it: a blank or # would end it.
fn quoted(value: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "-_.:/,…".contains(c);
    if value.chars().all(is_plain) { value.to_owned() } else { format!("'{value}'") }
}

#[test]
fn the_example_file_has_every_setting() {
    keep_or_compare(".env.example", &example_file());
}

fn load_file(text: &str) -> Config {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join(".env"), text).expect("written");
    let nothing = |_: &str| None;
    Config::load(&nothing, &nothing, folder.path()).expect("loads")
}

#[test]
fn the_example_file_changes_nothing_until_edited() {
    let nothing = |_: &str| None;
    let defaults = Config::load(&nothing, &nothing, Path::new("/nonexistent")).expect("defaults");
    let example = load_file(&read(".env.example"));
    assert_eq!(format!("{example:?}"), format!("{defaults:?}"));
}

#[test]
fn every_example_in_the_file_is_accepted() {
    let text = read(".env.example");
    // Keys are shortened with an ellipsis, which no real key has.
    let all: Vec<String> = text
        .lines()
        .map(|line| match line.strip_prefix('#') {
            Some(setting) if !setting.starts_with(' ') => setting.replace('…', "x"),
            _ => line.to_owned(),
        })
        .collect();
    let config = load_file(&all.join("\n"));
    assert_eq!(config.bot.looks.name, "Ada");
    assert_eq!(config.bot.looks.color, "#0b7285");
    assert_eq!(config.bot.looks.suggestions.len(), 2);
    assert_eq!(config.server.trusted_proxies.len(), 2);
    assert!(config.providers.claude.is_some() && config.providers.compatible.is_some());
}

/// Defaults that a vendor's folder knows.
const VENDORS: &[(&str, &str)] = &[
    ("CLAUDE_MODEL", claude::DEFAULT_MODEL),
    ("ANTHROPIC_BASE_URL", claude::DEFAULT_BASE_URL),
    ("OPENAI_MODEL", openai::DEFAULT_MODEL),
    ("OPENAI_BASE_URL", openai::DEFAULT_BASE_URL),
    ("GEMINI_MODEL", gemini::DEFAULT_MODEL),
    ("GEMINI_BASE_URL", gemini::DEFAULT_BASE_URL),
];

#[test]
fn defaults_in_the_table_are_those_of_the_code() {
    // With a key, as demo mode has a default of its own.
    let load = |pair: (&'static str, &'static str)| {
        let pairs = [("ANTHROPIC_API_KEY", "key"), pair];
        let find = |name: &str| {
            pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
        };
        let config = Config::from_values(&Values::collect(&[&find]));
        let mut config = config.unwrap_or_else(|error| panic!("{error}"));
        // Knows what was set and what was not, and is no value itself.
        config.basis.settings = BotSettings::default();
        config
    };
    let defaults = format!("{:?}", load(("ANTHROPIC_API_KEY", "key")));
    for setting in settings::all().filter(|setting| !is_in_words(setting)) {
        match VENDORS.iter().find(|(name, _)| *name == setting.name) {
            Some((name, default)) => assert_eq!(setting.default, *default, "{name}"),
            None => {
                let config = load((setting.name, setting.default));
                assert_eq!(format!("{config:?}"), defaults, "{}", setting.name);
            }
        }
    }
}

#[test]
fn the_short_table_in_the_readme_is_true() {
    let mut seen = 0;
    for row in table_rows(&read("README.md")) {
        let [name, default, ..] = row.as_slice() else { continue };
        let Some(name) = code_spans(name).into_iter().next() else { continue };
        let Some(setting) = settings::find(&name) else { continue };
        let plain = default.replace('`', "");
        assert_eq!(plain, setting.default, "{name}");
        seen += 1;
    }
    assert!(seen >= 5, "README.md shows only {seen} settings");
}

#[test]
fn pages_name_only_variables_that_exist() {
    let others = ["ALCOVE_UPDATE_DOCS", "ALCOVE_BIN", "RUST_LOG"];
    for page in crate::pages::all_pages() {
        let page = page.to_str().expect("UTF-8");
        for span in code_spans(&crate::pages::prose(&read(page))) {
            let name = span.split('=').next().unwrap_or_default();
            let is_variable = name.contains('_')
                && name.chars().all(|c| c.is_ascii_uppercase() || c == '_')
                && !name.starts_with('_');
            let is_known = settings::all()
                .any(|setting| setting.name == name || setting.alias == Some(name))
                || others.contains(&name);
            assert!(
                !is_variable || is_known || is_constant(name),
                "{page}: `{name}` is no setting"
            );
        }
    }
}

/// Some pages name constants of the code.
fn is_constant(name: &str) -> bool {
    ["LONGER", "MAX_BODY_BYTES"].contains(&name)
}
