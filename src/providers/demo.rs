//! No model: says so plainly.

use futures_util::stream;

use crate::domain::bot::ProviderName;
use crate::providers::{ChatRequest, Finish, Provider, ProviderEvent, ProviderStream};

/// How the demo behaves.
#[derive(Debug, Clone, Default)]
pub struct DemoSettings {}

/// The provider without a model.
#[derive(Debug)]
pub struct Demo;

impl Demo {
    /// Ready to answer.
    #[must_use]
    pub const fn new(_settings: DemoSettings) -> Self {
        Self
    }
}

impl Provider for Demo {
    fn name(&self) -> ProviderName {
        ProviderName::Demo
    }

    fn display_name(&self) -> &'static str {
        "Demo"
    }

    fn model(&self) -> &'static str {
        "demo"
    }

    fn stream(&self, _request: ChatRequest) -> ProviderStream {
        let text = "No AI model is connected to this chat yet.".to_owned();
        let events = [ProviderEvent::Text(text), ProviderEvent::Finished(Finish::Stop)];
        Box::pin(stream::iter(events.map(Ok)))
    }
}
