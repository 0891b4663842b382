//! Reading single values: flag, then environment, then `.env`; typed, with errors that help.

use std::collections::HashMap;
use std::fmt::Display;
use std::str::FromStr;
use std::time::Duration;

use crate::config::settings;
pub(super) use crate::domain::bot::parse::http_url;
use crate::domain::bot::parse::number;
use crate::domain::secret::Secret;

/// A setting that cannot be used. Printed as one sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{variable} {problem}; for example: {}={example}", shown_name(variable))]
pub struct ConfigError {
    /// The variable.
    pub variable: &'static str,
    /// What is wrong with its value.
    pub problem: String,
    /// A value that would do.
    pub example: &'static str,
}

/// The name that stands before an example: some have none of their own.
fn shown_name(variable: &'static str) -> &'static str {
    match variable {
        ".env" => "BOT_NAME",
        // No value of theirs would do.
        postgres if postgres.starts_with("POSTGRES_") => "DATABASE_URL",
        variable => variable,
    }
}

/// Where values come from. An empty value counts as not set, as `.env` files often hold `KEY=`.
#[derive(Debug, Clone, Default)]
pub struct Values(HashMap<&'static str, (String, Origin)>);

/// Where a value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A flag of the command line.
    Flag,
    /// The environment.
    Environment,
    /// The `.env` file.
    File,
}

impl Origin {
    /// In the order in which they are asked.
    const ORDER: [Self; 3] = [Self::Flag, Self::Environment, Self::File];

    /// For people.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Flag => "flag",
            Self::Environment => "environment",
            Self::File => ".env",
        }
    }
}

/// Where a value may come from: flags, the environment, a file.
pub type Source<'a> = &'a dyn Fn(&str) -> Option<String>;

impl Values {
    /// Asks `sources` (flags, the environment, the `.env` file) in order for each setting by its
    /// name, then by its alias.
    pub fn collect(sources: &[Source<'_>]) -> Self {
        let find = |name: &str| {
            sources
                .iter()
                .zip(Origin::ORDER)
                .filter_map(|(source, origin)| Some((source(name)?.trim().to_owned(), origin)))
                .find(|(value, _)| !value.is_empty())
        };
        Self(
            settings::all()
                .filter_map(|setting| {
                    let value = find(setting.name).or_else(|| setting.alias.and_then(find))?;
                    Some((setting.name, value))
                })
                .collect(),
        )
    }

    /// The value as text.
    #[must_use]
    pub fn text(&self, name: &'static str) -> Option<String> {
        debug_assert!(settings::find(name).is_some(), "{name} is not in the table");
        self.0.get(name).map(|(value, _)| value.clone())
    }

    /// The value as it was found, and where.
    #[must_use]
    pub fn found(&self, name: &str) -> Option<(&str, Origin)> {
        self.0.get(name).map(|(value, origin)| (value.as_str(), *origin))
    }

    /// The value as text, or `default`.
    #[must_use]
    pub fn text_or(&self, name: &'static str, default: &str) -> String {
        self.text(name).unwrap_or_else(|| default.to_owned())
    }

    /// The value as a secret.
    #[must_use]
    pub fn secret(&self, name: &'static str) -> Option<Secret> {
        self.text(name).map(Secret::new)
    }

    /// The value as whatever `parse` makes of it.
    ///
    /// # Errors
    /// `parse` says what is wrong.
    pub fn parsed<T>(
        &self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Result<Option<T>, ConfigError> {
        self.0
            .get(name)
            .map(|(value, _)| parse(value).map_err(|problem| error(name, problem)))
            .transpose()
    }

    /// A number between `min` and `max`, or `default`.
    ///
    /// # Errors
    /// It is no number, or lies outside.
    pub fn number<T>(
        &self,
        name: &'static str,
        default: T,
        bounds: (T, T),
    ) -> Result<T, ConfigError>
    where
        T: FromStr + PartialOrd + Display,
    {
        Ok(self.parsed(name, |text| number(text, bounds))?.unwrap_or(default))
    }

    /// A span of whole seconds, at least one and at most an hour.
    ///
    /// # Errors
    /// It is no number, or lies outside.
    pub fn seconds(&self, name: &'static str, default: u64) -> Result<Duration, ConfigError> {
        self.number(name, default, (1, 3600)).map(Duration::from_secs)
    }

    /// A yes or no: `true`, `1`, `yes`, `on`, `t`, `y` and their opposites, in any case.
    ///
    /// # Errors
    /// It is none of these.
    pub fn switch(&self, name: &'static str, default: bool) -> Result<bool, ConfigError> {
        let parse = |text: &str| match text.to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" | "on" | "t" | "y" => Ok(true),
            "false" | "0" | "no" | "off" | "f" | "n" => Ok(false),
            _ => Err(format!("is `{text}`, but must be true or false")),
        };
        Ok(self.parsed(name, parse)?.unwrap_or(default))
    }

    /// A list separated by commas, each part read by `parse`.
    ///
    /// # Errors
    /// `parse` refuses a part.
    pub fn list<T>(
        &self,
        name: &'static str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Result<Vec<T>, ConfigError> {
        let parse_all = |text: &str| {
            text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(&parse).collect()
        };
        Ok(self.parsed(name, parse_all)?.unwrap_or_default())
    }
}

/// The error of the variable `name`.
pub fn error(name: &'static str, problem: impl Into<String>) -> ConfigError {
    let example = settings::find(name).map_or("", |setting| setting.example);
    ConfigError { variable: name, problem: problem.into(), example }
}
