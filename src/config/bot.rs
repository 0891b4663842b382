//! What the configuration sets for all bots: instructions, looks, who answers.

use crate::config::providers::ProvidersConfig;
use crate::config::read::{ConfigError, Values, error};
use crate::domain::bot::ProviderName;
use crate::domain::bot::field::BotField;
use crate::domain::bot::settings::{BotBasis, BotSettings};

/// The variables of models, by the vendors that have them.
const MODELS: [(ProviderName, &str); 4] = [
    (ProviderName::Claude, "CLAUDE_MODEL"),
    (ProviderName::OpenAi, "OPENAI_MODEL"),
    (ProviderName::Gemini, "GEMINI_MODEL"),
    (ProviderName::Compatible, "COMPATIBLE_MODEL"),
];

/// Reads what holds for all bots.
///
/// # Errors
/// The first value that cannot be used.
pub(super) fn basis(values: &Values, providers: &ProvidersConfig) -> Result<BotBasis, ConfigError> {
    let mut settings = BotSettings::default();
    for field in BotField::ALL {
        let Some(variable) = field.variable() else { continue };
        if let Some(text) = values.text(variable) {
            settings.set(field, &text).map_err(|problem| error(variable, problem))?;
        }
    }
    let models = MODELS.into_iter().filter(|(_, variable)| values.text(variable).is_some());
    let available = ProviderName::ALL.into_iter().filter(|name| providers.has(*name));
    Ok(BotBasis { settings, models: models.collect(), providers: available.collect() })
}
