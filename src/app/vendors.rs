//! The providers that the configuration allows.

use std::sync::Arc;

use crate::app::StartError;
use crate::config::{ProvidersConfig, VendorConfig};
use crate::domain::bot::ProviderName;
use crate::providers::Provider;
use crate::providers::claude::{self, Claude, ClaudeSettings};
use crate::providers::compatible::{Compatible, CompatibleSettings};
use crate::providers::demo::{Demo, DemoSettings};
use crate::providers::gemini::{self, Gemini, GeminiSettings};
use crate::providers::openai::{self, Dialect, OpenAi, OpenAiSettings};
use crate::providers::transport::{Transport, TransportSettings};

/// Every provider that has what it needs; the demo always.
pub(super) fn providers(config: &ProvidersConfig) -> Result<Vec<Arc<dyn Provider>>, StartError> {
    let transport = Transport::new(TransportSettings {
        connect_timeout: config.timeouts.connect,
        first_token_timeout: config.timeouts.first_token,
        idle_timeout: config.timeouts.idle,
        total_timeout: config.timeouts.total,
        ..TransportSettings::default()
    })?;
    let mut providers: Vec<Arc<dyn Provider>> = Vec::new();
    if let Some(vendor) = &config.claude {
        let [base_url, model] = chosen(vendor, [claude::DEFAULT_BASE_URL, claude::DEFAULT_MODEL]);
        let settings = ClaudeSettings { api_key: vendor.api_key.clone(), base_url, model };
        let claude = Claude::new(settings, transport.clone());
        providers.push(Arc::new(claude.map_err(invalid(ProviderName::Claude))?));
    }
    if let Some(vendor) = &config.openai {
        let [base_url, model] = chosen(vendor, [openai::DEFAULT_BASE_URL, openai::DEFAULT_MODEL]);
        let dialect = config.openai_responses.map(|responses| match responses {
            true => Dialect::Responses,
            false => Dialect::Chat,
        });
        let settings = OpenAiSettings {
            api_key: vendor.api_key.clone(),
            base_url,
            model,
            dialect,
            tools: config.tools,
        };
        let openai = OpenAi::new(settings, transport.clone());
        providers.push(Arc::new(openai.map_err(invalid(ProviderName::OpenAi))?));
    }
    if let Some(vendor) = &config.gemini {
        let [base_url, model] = chosen(vendor, [gemini::DEFAULT_BASE_URL, gemini::DEFAULT_MODEL]);
        let settings = GeminiSettings { api_key: vendor.api_key.clone(), base_url, model };
        let gemini = Gemini::new(settings, transport.clone());
        providers.push(Arc::new(gemini.map_err(invalid(ProviderName::Gemini))?));
    }
    if let Some(server) = &config.compatible {
        let settings = CompatibleSettings {
            name: server.name.clone(),
            api_key: server.api_key.clone(),
            base_url: server.base_url.to_string(),
            model: server.model.clone(),
            tools: config.tools,
        };
        let compatible = Compatible::new(settings, transport);
        providers.push(Arc::new(compatible.map_err(invalid(ProviderName::Compatible))?));
    }
    providers.push(Arc::new(Demo::new(DemoSettings::default())));
    Ok(providers)
}

/// The owner's address and model, or the vendor's own.
fn chosen(vendor: &VendorConfig, [base_url, model]: [&str; 2]) -> [String; 2] {
    [
        vendor.base_url.as_ref().map_or_else(|| base_url.to_owned(), ToString::to_string),
        vendor.model.clone().unwrap_or_else(|| model.to_owned()),
    ]
}

fn invalid<E: std::fmt::Display>(provider: ProviderName) -> impl FnOnce(E) -> StartError {
    move |error| StartError::Provider { provider, cause: error.to_string() }
}
