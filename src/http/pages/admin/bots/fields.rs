//! The fields of a bot's form: their words, what they hold, and where each value comes from.

use std::collections::BTreeMap;

use crate::domain::bot::field::BotField;
use crate::domain::bot::settings::{BotBasis, BotSettings, Origin};
use crate::http::AppState;
use crate::service::bots::KnownBot;

/// What a form holds, as it was written.
#[derive(Debug, Default)]
pub(super) struct Given {
    pub slug: String,
    pub is_active: bool,
    /// The revision that whoever fills it in has seen.
    pub based_on: u32,
    texts: BTreeMap<&'static str, String>,
    pub problems: Vec<(BotField, String)>,
}

impl Given {
    /// The form of a new bot.
    pub(super) fn blank() -> Self {
        Self { is_active: true, ..Self::default() }
    }

    /// The form of a bot as it is.
    pub(super) fn of(known: &KnownBot) -> Self {
        let text = |field: BotField| Some((field.as_str(), known.settings.get(field)?.to_owned()));
        Self {
            slug: known.bot.slug.clone(),
            is_active: known.is_active,
            based_on: known.revision,
            texts: BotField::ALL.into_iter().filter_map(text).collect(),
            problems: Vec::new(),
        }
    }

    /// The form that was sent. What it does not know is left out.
    pub(super) fn read(fields: Vec<(String, String)>) -> Self {
        let mut given = Self::default();
        for (name, text) in fields {
            match name.as_str() {
                "slug" => text.trim().clone_into(&mut given.slug),
                "active" => given.is_active = true,
                "basedOn" => given.based_on = text.parse().unwrap_or(0),
                name => {
                    let field = name.parse::<BotField>();
                    given.texts.extend(field.map(|field| (field.as_str(), text)));
                }
            }
        }
        given
    }

    /// The values, if all of them can be used; else what is wrong stands in `problems`.
    pub(super) fn settings(&mut self) -> Option<BotSettings> {
        let mut settings = BotSettings::default();
        for field in BotField::ALL {
            let text = self.texts.get(field.as_str()).map(String::as_str).unwrap_or_default();
            let problem = settings.set(field, text).err();
            self.problems.extend(problem.map(|problem| (field, problem)));
        }
        self.problems.is_empty().then_some(settings)
    }
}

/// One field, ready to be drawn.
pub(super) struct FieldView {
    /// The heading it stands below, where one begins.
    pub heading: &'static str,
    pub name: &'static str,
    pub label: &'static str,
    pub value: String,
    /// `area`, `select`, or the kind of an input.
    pub kind: &'static str,
    pub options: Vec<(String, String)>,
    pub hint: String,
    pub error: String,
}

/// The words of a field: heading, label, kind, hint.
const fn words(field: BotField) -> (&'static str, &'static str, &'static str, &'static str) {
    match field {
        BotField::Name => ("What visitors see", "Name", "text", "In the header of the chat."),
        BotField::Welcome => ("", "Greeting", "area", "First words; none: the widget's own."),
        BotField::Suggestions => {
            ("", "Questions to click", "area", "One a line, six at most; or none.")
        }
        BotField::Color => ("", "Accent colour", "text", "As #rrggbb."),
        BotField::MessageColor => {
            ("", "Background of the visitor's messages", "text", "As #rrggbb.")
        }
        BotField::Icon => {
            ("", "Picture", "text", "An https address, or a path on this server; or none.")
        }
        BotField::Position => ("", "Corner of the button", "select", ""),
        BotField::PoweredBy => ("", "Powered by", "text", "Below the composer; none hides it."),
        BotField::Language => ("", "Language", "text", "Such as de, or auto for the visitor's."),
        BotField::Strings => {
            ("", "Own wording", "area", "JSON: text by key, or by language and key; or none.")
        }
        BotField::Provider => ("How it answers", "Provider", "select", ""),
        BotField::Model => ("", "Model", "text", "As the provider calls it."),
        BotField::SystemPrompt => {
            ("", "Instructions", "area", "What the model is told; never put a secret here.")
        }
        BotField::MaxTokens => ("", "Longest reply, tokens", "number", ""),
        BotField::Temperature => {
            ("", "Temperature", "text", "0 to 2, or none. Current models refuse it.")
        }
        BotField::FollowUps => ("", "Questions to go on with", "select", "Below each answer."),
        BotField::LeadForm => (
            "",
            "Lead form",
            "area",
            "Fields such as: name, email!, phone (! must be filled in); or JSON; or none.",
        ),
        BotField::Origins => (
            "Who may use it, and how much",
            "Sites that may embed it",
            "area",
            "One a line, such as https://example.com; * for all.",
        ),
        BotField::MessagesPerMinute => ("", "Messages of a visitor in a minute", "number", ""),
        BotField::DailyTokens => {
            ("", "Tokens in a day", "number", "Then it answers no more until the next day (UTC).")
        }
    }
}

/// In which order the form asks.
const ORDER: [BotField; 20] = [
    BotField::Name,
    BotField::Welcome,
    BotField::Suggestions,
    BotField::Color,
    BotField::MessageColor,
    BotField::Icon,
    BotField::Position,
    BotField::PoweredBy,
    BotField::Language,
    BotField::Strings,
    BotField::Provider,
    BotField::Model,
    BotField::SystemPrompt,
    BotField::MaxTokens,
    BotField::Temperature,
    BotField::FollowUps,
    BotField::LeadForm,
    BotField::Origins,
    BotField::MessagesPerMinute,
    BotField::DailyTokens,
];

/// A field's name for people.
pub(super) fn label(field: BotField) -> &'static str {
    words(field).1
}

/// All fields of the form of a bot for which `set` is set.
pub(super) fn views(app: &AppState, set: &BotSettings, given: &Given) -> Vec<FieldView> {
    let own_model = |basis: &BotBasis| {
        let provider = app.turns.models().get(basis.bot("", set).provider);
        provider.map_or_else(String::new, |provider| provider.model().to_owned())
    };
    views_of(app.bots.basis(), &own_model(app.bots.basis()), set, given)
}

/// The same, where the provider's own model is `model`.
pub(super) fn views_of(
    basis: &BotBasis,
    model: &str,
    set: &BotSettings,
    given: &Given,
) -> Vec<FieldView> {
    let view = |field: BotField| {
        let (heading, label, kind, hint) = words(field);
        let wrong = given.problems.iter().find(|(of, _)| *of == field);
        FieldView {
            heading,
            name: field.as_str(),
            label,
            value: given.texts.get(field.as_str()).cloned().unwrap_or_default(),
            kind,
            options: options(basis, field),
            hint: format!("{hint} {}", origin(basis, (field, model), set)).trim().to_owned(),
            error: wrong.map_or_else(String::new, |(_, problem)| format!("This {problem}.")),
        }
    };
    ORDER.into_iter().map(view).collect()
}

/// Where the value comes from that holds now.
fn origin(basis: &BotBasis, (field, model): (BotField, &str), set: &BotSettings) -> String {
    const SHOWN_CHARS: usize = 80;
    let variable = match basis.origin(set, field) {
        Origin::SetHere => {
            return match basis.origin(&BotSettings::default(), field) {
                Origin::Environment(variable) => {
                    format!("Set here; left empty, {variable} counts.")
                }
                _ => "Set here; left empty, what is built in counts.".to_owned(),
            };
        }
        Origin::Environment(variable) => format!("from {variable}"),
        Origin::BuiltIn => "built in".to_owned(),
    };
    let value = match field {
        BotField::Model => model.to_owned(),
        field => effective(basis, field, set),
    };
    let shown: String = value.chars().take(SHOWN_CHARS).collect();
    let cut = if shown.len() < value.len() { "…" } else { "" };
    format!("Now: {}{cut} ({variable}).", shown.replace('\n', " "))
}

/// The value of a field that is not set here, in words.
fn effective(basis: &BotBasis, field: BotField, set: &BotSettings) -> String {
    if let Some(text) = basis.settings.get(field) {
        return text.to_owned();
    }
    let bot = basis.bot("", set);
    match field {
        BotField::Name => bot.looks.name,
        BotField::Provider => bot.provider.to_string(),
        BotField::SystemPrompt => bot.system_prompt,
        BotField::MaxTokens => bot.max_output_tokens.to_string(),
        BotField::FollowUps => bot.follow_ups.to_string(),
        BotField::Color => bot.looks.color,
        BotField::MessageColor => bot.looks.message_color,
        BotField::Position => bot.looks.position.as_str().to_owned(),
        BotField::PoweredBy if !bot.looks.powered_by.is_empty() => bot.looks.powered_by,
        BotField::Language => bot.looks.language,
        BotField::Origins => "*".to_owned(),
        BotField::MessagesPerMinute => "as for all bots".to_owned(),
        _ => "none".to_owned(),
    }
}

fn options(basis: &BotBasis, field: BotField) -> Vec<(String, String)> {
    let words: Vec<&str> = match field {
        BotField::Provider => basis.providers.iter().map(|provider| provider.as_str()).collect(),
        BotField::Position => vec!["right", "left"],
        BotField::FollowUps => vec!["0", "1", "2", "3"],
        _ => return Vec::new(),
    };
    let unset = (String::new(), "as configured".to_owned());
    let words = words.into_iter().map(|word| (word.to_owned(), word.to_owned()));
    std::iter::once(unset).chain(words).collect()
}
