//! The bot as widgets see it.

use axum::Json as Body;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::bot::{Bot, ProviderName};
use crate::domain::lead::LeadForm;
use crate::http::AppState;
use crate::http::api::files::{FileLimits, public_limits};
use crate::http::auth::Anyone;
use crate::http::error::ApiResult;
use crate::http::extract::Query;
use crate::http::openapi::{refusals, shapes, words};

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct BotQuery {
    /// The bot's name in addresses; the default bot if it is left out.
    #[param(nullable = false)]
    bot: Option<String>,
}

/// What a widget shows
#[utoipa::path(get, path = "/api/sessions/bot-config", operation_id = "showBot", tag = "Widget",
    params(BotQuery),
    responses(refusals::ShowBot, (status = 200, description = "What visitors see", body = BotConfig)))]
pub(crate) async fn bot_config(
    State(app): State<AppState>,
    Anyone: Anyone,
    Query(query): Query<BotQuery>,
) -> ApiResult<Body<BotConfig>> {
    let bot = app.sessions.bot(query.bot.as_deref())?;
    Ok(Body(public_bot(&app, &bot)))
}

/// What a widget without language files of its own greets with.
const DEFAULT_WELCOME: &str = "Hi! How can I help?";

/// The bot as widgets see it; also part of the panel's page.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct BotConfig {
    /// Its name in addresses.
    bot: String,
    bot_name: String,
    powered_by: String,
    #[schema(pattern = "^#[0-9a-fA-F]{6}$")]
    bot_color: String,
    #[schema(required = true)]
    bot_icon: Option<String>,
    #[schema(pattern = "^#[0-9a-fA-F]{6}$")]
    bot_msg_bg_color: String,
    welcome: String,
    /// Questions offered to click.
    suggestions: Vec<String>,
    #[schema(value_type = words::Corner)]
    position: &'static str,
    /// A language tag, or `auto`.
    language: String,
    /// Whether no model is connected.
    demo: bool,
    #[schema(value_type = Option<shapes::LeadForm>, required = true)]
    lead_form: Option<LeadForm>,
    limits: MessageLimits,
    /// What may be uploaded; nothing where files are off.
    #[schema(required = true)]
    files: Option<FileLimits>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct MessageLimits {
    max_message_chars: usize,
}

/// The bot as widgets see it.
pub fn public_bot(app: &AppState, bot: &Bot) -> BotConfig {
    let looks = &bot.looks;
    BotConfig {
        bot: bot.slug.clone(),
        bot_name: looks.name.clone(),
        powered_by: looks.powered_by.clone(),
        bot_color: looks.color.clone(),
        bot_icon: looks.icon.clone(),
        bot_msg_bg_color: looks.message_color.clone(),
        welcome: looks.welcome.as_deref().unwrap_or(DEFAULT_WELCOME).to_owned(),
        suggestions: looks.suggestions.clone(),
        position: looks.position.as_str(),
        language: looks.language.clone(),
        demo: bot.provider == ProviderName::Demo,
        lead_form: bot.lead_form.clone(),
        limits: MessageLimits { max_message_chars: app.max_message_chars },
        files: public_limits(&app.uploads),
    }
}
