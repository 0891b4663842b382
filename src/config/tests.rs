use super::*;
use crate::domain::bot::ProviderName;

fn load(pairs: &[(&str, &str)]) -> Result<Config, ConfigError> {
    let find = |name: &str| {
        pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
    };
    Config::from_values(&Values::collect(&[&find]))
}

#[test]
fn without_any_setting_the_demo_runs() {
    let config = load(&[]).expect("defaults");
    assert_eq!(config.providers.default, ProviderName::Demo);
    assert_eq!(config.server.port, 8000);
    assert_eq!(config.database, PathBuf::from("data/alcove.db"));
    assert_eq!(config.origins, AllowedOrigins::Any);
    assert_eq!(config.bot.looks.name, "Claude Assistant");
    assert_eq!(config.bot.temperature, None);
}

#[test]
fn a_provider_without_its_key_gives_way_to_the_first_that_has_one() {
    let config = load(&[("AI_PROVIDER", "claude"), ("GOOGLE_API_KEY", "AIzaX")]).expect("loads");
    assert_eq!(config.providers.default, ProviderName::Gemini);
}

#[test]
fn a_wrong_value_is_named_with_an_example() {
    let cases = [
        ("PORT", "eighty"),
        ("PORT", "70000"),
        ("HOST", "example"),
        ("PUBLIC_URL", "chat.example.com"),
        ("DATABASE_URL", "mysql://x"),
        ("DATABASE_URL", "postgres://localhost/x"),
        ("ALLOWED_HOSTS", "https://example.com"),
        ("ALLOWED_HOSTS", "example.com:8000"),
        ("POSTGRES_DB", "chat"),
        ("POSTGRES_PORT", "5432"),
        ("ALLOWED_ORIGINS", "example.com"),
        ("ALLOWED_ORIGINS", "https://*.example.com"),
        ("ALLOWED_ORIGINS", "https://a.example/path"),
        ("ALLOWED_ORIGINS", "*, https://a.example"),
        ("CORS_ALLOW_CREDENTIALS", "true"),
        ("AI_PROVIDER", "gpt"),
        ("AI_FALLBACK", "openai"),
        ("OPENAI_API", "assistants"),
        ("ANTHROPIC_API_KEY", "sk ant"),
        ("COMPATIBLE_BASE_URL", "localhost:11434"),
        ("BOT_COLOR", "blue"),
        ("BOT_ICON", "javascript:alert(1)"),
        ("BOT_POSITION", "top"),
        ("BOT_LANGUAGE", "<b>"),
        ("BOT_FOLLOW_UPS", "4"),
        ("BOT_LEAD_FORM", "Full name"),
        ("BOT_LEAD_FORM", "{"),
        ("BOT_STRINGS", "Go"),
        ("BOT_STRINGS", "{send: Go}"),
        ("BOT_STRINGS", r#"["Go"]"#),
        ("BOT_STRINGS", r#"{"send": 1}"#),
        ("BOT_STRINGS", r#"{"de": {"send": null}}"#),
        ("BOT_TEMPERATURE", "3"),
        ("DAILY_TOKENS", "0"),
        ("DAILY_BUDGET_USD", "free"),
        ("DAILY_BUDGET_USD", "0"),
        ("RATE_LIMITS", "maybe"),
        ("RETENTION_DAYS", "0"),
        ("TRUSTED_PROXIES", "nginx"),
        ("LOG_LEVEL", "loud"),
        ("LOG_FORMAT", "xml"),
    ];
    for (name, value) in cases {
        let error = load(&[(name, value)]).expect_err(name);
        assert_eq!(error.variable, name, "{value}");
        let sentence = error.to_string();
        assert!(sentence.contains("for example") && !sentence.contains('\n'), "{sentence}");
        assert!(!error.example.is_empty());
    }
}

#[test]
fn a_compatible_server_needs_a_model() {
    let error = load(&[("COMPATIBLE_BASE_URL", "http://127.0.0.1:11434/v1")]).expect_err("model");
    assert_eq!(error.variable, "COMPATIBLE_MODEL");
}

#[test]
fn colours_may_be_short() {
    let config = load(&[("BOT_COLOR", "#0AF")]).expect("loads");
    assert_eq!(config.bot.looks.color, "#00aaff");
}

#[test]
fn the_owners_wording_is_for_every_language_or_for_one() {
    let value = r#"{"send": "Go", "de": {"send": "Los", "stop": ""}}"#;
    for value in [value, &format!("'{value}'")] {
        let looks = load(&[("BOT_STRINGS", value)]).expect("loads").bot.looks;
        let found: Vec<(Option<&str>, &str, &str)> = looks
            .rewording
            .iter()
            .map(|word| (word.language.as_deref(), word.key.as_str(), word.text.as_str()))
            .collect();
        let expected =
            [(None, "send", "Go"), (Some("de"), "send", "Los"), (Some("de"), "stop", "")];
        assert_eq!(found, expected);
    }
    let long = format!(r#"{{"send": "{}"}}"#, "x".repeat(1001));
    load(&[("BOT_STRINGS", &long)]).expect_err("too long");
}

#[test]
fn flags_win_over_the_environment_and_that_over_the_file() {
    let folder = tempfile::tempdir().expect("folder");
    std::fs::write(folder.path().join(".env"), "PORT=1\nBOT_NAME=File\nHOST=0.0.0.0\n")
        .expect("write");
    let flag = |name: &str| (name == "PORT").then(|| "3".to_owned());
    let environment = |name: &str| match name {
        "PORT" => Some("2".to_owned()),
        "BOT_NAME" => Some("Environment".to_owned()),
        _ => None,
    };
    let config = Config::load(&flag, &environment, folder.path()).expect("loads");
    assert_eq!(config.server.port, 3);
    assert_eq!(config.bot.looks.name, "Environment");
    assert_eq!(config.server.host.to_string(), "0.0.0.0");
}

#[test]
fn keys_do_not_show_in_debug_output() {
    let config = load(&[("OPENAI_API_KEY", "sk-canary")]).expect("loads");
    assert!(!format!("{config:?}").contains("sk-canary"));
}

#[test]
fn names_are_unique() {
    let mut names: Vec<_> = settings::all()
        .flat_map(|setting| std::iter::once(setting.name).chain(setting.alias))
        .collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count);
}
