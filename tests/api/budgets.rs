//! What bots may spend in a day: when it is spent, nobody is asked any more.

use std::time::Duration;

use alcove::domain::bot::field::BotField;
use serde_json::json;

use crate::bots::save;
use crate::support::api::text_of;
use crate::support::app::TestApp;
use crate::support::http::Answer;
use crate::support::script;
use crate::support::upstream::Upstream;

fn assert_spent(answer: Answer) {
    let wait: u64 = answer.header("retry-after").expect("a wait").parse().expect("seconds");
    assert!((1..=86_401).contains(&wait), "{wait}");
    answer.refused(503, "budget_reached");
}

#[tokio::test]
async fn a_spent_budget_ends_all_calls_until_the_next_day() {
    let upstream = Upstream::start(vec![script::openai(&["re"])]).await;
    // Each reply of the script takes 12 + 5 tokens.
    let app = TestApp::setup().openai(&upstream).set("DAILY_TOKENS", "30").start().await;
    let visit = app.open().await;
    app.say(&visit, "one").await.ok();
    app.say(&visit, "two").await.ok();
    for visit in [&visit, &app.open().await] {
        assert_spent(app.say(visit, "three").await);
        let streamed = json!({ "message": "three", "stream": true });
        assert_spent(app.message(visit, &streamed).send().await);
    }
    assert_eq!(upstream.received().await.len(), 2, "nobody was asked");
    assert_eq!(app.history(&visit).await.len(), 4, "nor is anything stored");
    let state = app.bots.budget_state();
    assert_eq!((state[0].spent, state[0].limit, state[0].is_reached()), (34, 30, true));
    app.clock.advance(Duration::from_secs(24 * 60 * 60));
    app.say(&app.open().await, "four").await.ok();
}

#[tokio::test]
async fn a_bots_own_budget_stops_that_bot_alone() {
    let upstream = Upstream::start(vec![script::openai(&["re"])]).await;
    let app = TestApp::with(&upstream).await;
    save(&app, "shop", &[(BotField::DailyTokens, "17")]).await;
    let (shop, other) = (app.begin(&json!({ "bot": "shop" })).await, app.open().await);
    app.say(&shop, "one").await.ok();
    assert_spent(app.say(&shop, "two").await);
    app.say(&other, "one").await.ok();
    save(&app, "shop", &[(BotField::DailyTokens, "40")]).await;
    app.say(&shop, "two").await.ok();
}

#[tokio::test]
async fn a_vendor_that_reports_no_tokens_is_not_free() {
    let upstream = Upstream::start(vec![script::hanging("many words were said here")]).await;
    let app = TestApp::setup().openai(&upstream).set("DAILY_TOKENS", "5").start().await;
    let visit = app.open().await;
    let mut events = app.ask(&visit, "Hi").await;
    let reply = text_of(&events.expect("start").await.data["messageId"]);
    events.read_text(10).await;
    app.stop_reply(&visit, &reply).await.ok();
    events.expect("done").await;
    assert_spent(app.say(&visit, "again").await);
    assert_eq!(upstream.received().await.len(), 1);
}

#[tokio::test]
async fn the_demo_spends_nothing_and_goes_on() {
    let app = TestApp::setup().set("DAILY_TOKENS", "1").start().await;
    let visit = app.open().await;
    app.say(&visit, "one").await.ok();
    app.say(&visit, "two").await.ok();
    assert_eq!(app.bots.budget_state()[0].spent, 0);
}

#[tokio::test]
async fn a_bot_may_let_its_visitors_say_more_or_less_in_a_minute() {
    let app = TestApp::setup().set("RATE_LIMITS", "on").start().await;
    save(&app, "shop", &[(BotField::MessagesPerMinute, "1")]).await;
    let (shop, other) = (app.begin(&json!({ "bot": "shop" })).await, app.open().await);
    app.say(&shop, "one").await.ok();
    app.say(&shop, "two").await.refused(429, "rate_limited");
    app.say(&other, "one").await.ok();
    app.say(&other, "two").await.ok();
}

#[tokio::test]
async fn money_is_a_budget_too() {
    let upstream = Upstream::start(vec![script::openai(&["re"])]).await;
    let setup = TestApp::setup().openai(&upstream).set("AI_PRICES", "test-model=1000/1000");
    let app = setup.set("DAILY_BUDGET_USD", "0.03").start().await;
    let visit = app.open().await;
    app.say(&visit, "one").await.ok();
    app.say(&visit, "two").await.ok();
    assert_spent(app.say(&visit, "three").await);
    assert_eq!(upstream.received().await.len(), 2, "nobody was asked");
}
