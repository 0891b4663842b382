//! What the owner should do next. Pure but for reading what is configured.

use crate::domain::bot::ProviderName;
use crate::domain::origins::AllowedOrigins;
use crate::http::AppState;
use crate::http::error::ApiResult;
use crate::http::pages::admin::figures::count;
use crate::http::pages::admin::overview::span::Numbers;
use crate::store::OverviewCounts;

/// What is known of the server.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Facts {
    /// The default bot has no model.
    pub is_demo: bool,
    /// Every site may embed the widget.
    pub anyone_may_embed: bool,
    /// Visitors' address is set, and encrypted.
    pub is_encrypted: bool,
    /// Replies that wait for somebody to look at them.
    pub to_work_on: u64,
}

impl Facts {
    /// Of this server.
    pub(super) fn of(app: &AppState, counts: &OverviewCounts) -> ApiResult<Self> {
        let bots = app.bots.list();
        let mut active = bots.iter().filter(|known| known.is_active);
        Ok(Self {
            is_demo: app.bots.get(None)?.provider == ProviderName::Demo,
            anyone_may_embed: active.any(|known| known.bot.origins == AllowedOrigins::Any),
            is_encrypted: app.public_url.as_deref().is_some_and(|url| url.starts_with("https://")),
            to_work_on: counts.replies_to_work_on,
        })
    }
}

/// Something to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Todo {
    /// What.
    pub title: String,
    /// Why, and how.
    pub text: &'static str,
    /// Where; empty if it is done outside of these pages.
    pub href: &'static str,
    /// What the link says.
    pub link: &'static str,
}

/// The list, the most urgent first.
pub(super) fn list(facts: &Facts, numbers: &Numbers) -> Vec<Todo> {
    let mut list = Vec::new();
    if facts.is_demo {
        list.push(Todo {
            title: "No model is connected".to_owned(),
            text: "The bot searches the visitor's page and files and quotes what fits. Set ANTHROPIC_API_KEY, \
                OPENAI_API_KEY, GEMINI_API_KEY or COMPATIBLE_BASE_URL and start the server again.",
            href: "/admin/settings",
            link: "Settings",
        });
    }
    if facts.to_work_on > 0 {
        let most = facts.to_work_on >= OverviewCounts::MOST;
        let number = format!("{}{}", count(facts.to_work_on), if most { " or more" } else { "" });
        let noun = if facts.to_work_on == 1 { "answer" } else { "answers" };
        list.push(Todo {
            title: format!("{number} {noun} to work on"),
            text: "Visitors did not like them, or the bot could not give them.",
            href: "/admin/review",
            link: "Look at them",
        });
    }
    if facts.anyone_may_embed {
        list.push(Todo {
            title: "Every site may embed the widget".to_owned(),
            text: "Others can put your bot on their pages and spend your money. Name your own sites in ALLOWED_ORIGINS.",
            href: "/admin/settings",
            link: "Settings",
        });
    }
    if !facts.is_encrypted {
        list.push(Todo {
            title: "Visitors' address is not encrypted, or not set".to_owned(),
            text: "Sites on https can embed the widget from an https address only. Put a proxy with a certificate in \
                front of the server and set PUBLIC_URL.",
            href: "/admin/settings",
            link: "Settings",
        });
    }
    if numbers.now.cost.is_partial() {
        list.push(Todo {
            title: "Some prices are not known".to_owned(),
            text: "Costs below are smaller than what you pay. Name the prices of your models in AI_PRICES.",
            href: "/admin/settings",
            link: "Settings",
        });
    }
    list
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_is_set_up_has_nothing_to_do() {
        let ready = Facts { is_encrypted: true, ..Facts::default() };
        assert_eq!(list(&ready, &Numbers::default()), []);
    }

    #[test]
    fn each_thing_to_do_is_said_once() {
        let new =
            Facts { is_demo: true, anyone_may_embed: true, is_encrypted: false, to_work_on: 1 };
        let titles: Vec<String> =
            list(&new, &Numbers::default()).into_iter().map(|todo| todo.title).collect();
        assert_eq!(titles.len(), 4);
        assert!(titles.iter().any(|title| title == "1 answer to work on"));
        let many = Facts { to_work_on: OverviewCounts::MOST, ..new };
        let titles: Vec<String> =
            list(&many, &Numbers::default()).into_iter().map(|todo| todo.title).collect();
        assert!(titles.iter().any(|title| title == "1,000 or more answers to work on"));
    }
}
