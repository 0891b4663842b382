//! `/admin/`: what happened, in numbers and charts, and what there is to do.

mod boards;
mod span;
mod todo;

use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;

use crate::http::AppState;
use crate::http::auth::{StaffVisit, Viewer};
use crate::http::embed::page_file_address;
use crate::http::error::ApiResult;
use crate::http::extract::Query;
use crate::http::pages::admin::charts::daily::DailyChart;
use crate::http::pages::admin::charts::heat::HeatChart;
use crate::http::pages::admin::conversations::filter::href;
use crate::http::pages::admin::figures::count;
use crate::http::pages::admin::overview::boards::{ModelLine, Tile};
use crate::http::pages::admin::overview::span::{Numbers, Span};
use crate::http::pages::admin::overview::todo::{Facts, Todo};
use crate::http::pages::admin::page;
use crate::http::pages::admin::safe_text::begin;
use crate::http::pages::admin::shell::{Section, Shell};
use crate::http::pages::demo::base_url;
use crate::store::{OverviewCounts, TopQuestion, UsageHour, UsageQuery};

/// Spans to choose from, days.
const SPANS: [u16; 3] = [7, 30, 90];
const USUAL_SPAN: u16 = 30;
/// Clocks of the world, hours east of Greenwich.
const ZONES: std::ops::RangeInclusive<i8> = -12..=14;
/// Questions in the list of those asked most.
const QUESTIONS: u32 = 10;
const QUESTION_CHARS: usize = 120;

/// What the owner wants to see.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Wish {
    days: Option<String>,
    bot: Option<String>,
    utc: Option<String>,
}

impl Wish {
    fn days(&self) -> u16 {
        let days = self.days.as_deref().and_then(|days| days.parse().ok());
        days.filter(|days| SPANS.contains(days)).unwrap_or(USUAL_SPAN)
    }

    fn utc(&self) -> i8 {
        let utc = self.utc.as_deref().and_then(|utc| utc.parse().ok());
        utc.filter(|utc| ZONES.contains(utc)).unwrap_or(0)
    }

    fn bot(&self) -> Option<&str> {
        self.bot.as_deref().filter(|bot| !bot.is_empty())
    }
}

/// A question in the list of those asked most.
struct QuestionLine {
    text: String,
    count: String,
    href: String,
}

/// One of the spans to choose from.
struct SpanLink {
    href: String,
    label: String,
    is_current: bool,
}

#[derive(Template)]
#[template(path = "admin/overview.html")]
pub(crate) struct OverviewPage {
    shell: Shell,
    styles: String,
    spans: Vec<SpanLink>,
    days: u16,
    bots: Vec<String>,
    bot: String,
    zone: String,
    zones: Vec<(String, String)>,
    utc: String,
    todo: Vec<Todo>,
    is_new: bool,
    snippet: String,
    running: String,
    tiles: Vec<Tile>,
    charts: Vec<DailyChart>,
    heat: HeatChart,
    questions: Vec<QuestionLine>,
    models: Vec<ModelLine>,
    conversations_kept: String,
}

/// What the page is made from.
struct Read {
    hours: Vec<UsageHour>,
    counts: OverviewCounts,
    questions: Vec<TopQuestion>,
}

/// `GET /admin/`.
pub(crate) async fn show(
    State(app): State<AppState>,
    Viewer(visit): Viewer,
    Query(wish): Query<Wish>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let span = Span::ending(app.clock.now(), wish.days(), wish.utc());
    let mut read = read(&app, &visit, &wish, span).await?;
    let facts = Facts::of(&app, &read.counts)?;
    let snippet = format!("<script src=\"{}/widget.js\" defer></script>", base_url(&app, &headers));
    let shell = Shell::new(&app, &visit, Section::Overview);
    let mut bots: Vec<String> = read.hours.iter().map(|hour| hour.bot.clone()).collect();
    bots.sort_unstable();
    bots.dedup();
    let is_new = read.counts.conversations == 0 && read.hours.is_empty();
    read.hours.retain(|hour| wish.bot().is_none_or(|bot| bot == hour.bot));
    let numbers = Numbers::fold(span, &read.hours, &app.prices);
    page(&OverviewPage {
        shell,
        styles: page_file_address("records", "css"),
        spans: SPANS.iter().map(|days| span_link(*days, &wish)).collect(),
        days: wish.days(),
        bots,
        bot: wish.bot().unwrap_or_default().to_owned(),
        zone: zone(wish.utc()),
        zones: ZONES.map(|hours| (hours.to_string(), zone(hours))).collect(),
        utc: wish.utc().to_string(),
        todo: todo::list(&facts, &numbers),
        is_new,
        snippet,
        running: if read.counts.running == 0 { String::new() } else { count(read.counts.running) },
        tiles: boards::tiles(&numbers, wish.days()),
        charts: boards::charts(&span.dates(), &numbers.days),
        heat: HeatChart::new("hours", "Busiest hours", &numbers.heat, zone(wish.utc())),
        questions: read.questions.iter().map(question_line).collect(),
        models: boards::models(&numbers.models),
        conversations_kept: count(read.counts.conversations),
    })
}

async fn read(app: &AppState, visit: &StaffVisit, wish: &Wish, span: Span) -> ApiResult<Read> {
    let actor = visit.actor();
    let until = app.clock.now().plus(std::time::Duration::from_secs(3600));
    let query = UsageQuery { from: span.before(), to: until, bot: None };
    let (hours, counts, questions) = tokio::try_join!(
        app.store.usage(&actor, query),
        app.store.count_overview(&actor),
        app.store.top_questions(&actor, wish.bot(), span.from(), QUESTIONS),
    )?;
    Ok(Read { hours, counts, questions })
}

fn span_link(days: u16, wish: &Wish) -> SpanLink {
    let text = days.to_string();
    let utc = wish.utc().to_string();
    let query = [("days", text.as_str()), ("bot", wish.bot().unwrap_or_default()), ("utc", &utc)];
    SpanLink {
        href: href("/admin/", &query),
        label: format!("{days} days"),
        is_current: days == wish.days(),
    }
}

fn question_line(question: &TopQuestion) -> QuestionLine {
    let text = begin(&question.text, QUESTION_CHARS);
    QuestionLine {
        href: href("/admin/conversations", &[("q", question.text.as_str())]),
        text,
        count: count(question.count),
    }
}

/// `UTC`, `UTC+2`, `UTC−5`.
fn zone(hours: i8) -> String {
    match hours {
        0 => "UTC".to_owned(),
        1.. => format!("UTC+{hours}"),
        _ => format!("UTC−{}", hours.unsigned_abs()),
    }
}

#[cfg(test)]
mod tests;
