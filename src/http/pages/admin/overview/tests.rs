use super::*;
use crate::domain::account::Role;
use crate::domain::clock::Timestamp;
use crate::domain::price::Prices;
use crate::domain::timings::Timings;
use crate::domain::usage::Usage;
use crate::http::pages::admin::samples::{HOSTILE, rendered, shell};

fn hour(text: &str) -> UsageHour {
    UsageHour {
        hour: Timestamp::from_ms(1_795_521_600_000),
        bot: text.to_owned(),
        provider: text.to_owned(),
        model: text.to_owned(),
        sessions: 3,
        messages: 9,
        failed_replies: 1,
        unmetered_replies: 0,
        usage: Usage {
            input_tokens: Some(9_000),
            output_tokens: Some(900),
            cached_input_tokens: None,
        },
        first_word: Timings::new([1; Timings::BUCKETS]),
        whole_reply: Timings::default(),
        thumbs_up: 2,
        thumbs_down: 1,
    }
}

fn sample(text: &str, hours: &[UsageHour]) -> OverviewPage {
    let wish = Wish::default();
    let span = Span::ending(Timestamp::from_ms(1_795_521_600_000), 30, 0);
    let numbers = Numbers::fold(span, hours, &Prices::default());
    let facts = Facts { is_demo: true, anyone_may_embed: true, is_encrypted: false, to_work_on: 3 };
    let question = TopQuestion {
        text: text.to_owned(),
        count: 7,
        last_at: Timestamp::from_ms(1_795_521_600_000),
    };
    OverviewPage {
        shell: shell(Section::Overview, Role::Viewer, text),
        styles: "/static/pages/records.css".to_owned(),
        spans: SPANS.iter().map(|days| span_link(*days, &wish)).collect(),
        days: 30,
        bots: vec!["default".to_owned(), text.to_owned()],
        bot: text.to_owned(),
        zone: zone(-5),
        zones: ZONES.map(|hours| (hours.to_string(), zone(hours))).collect(),
        utc: "-5".to_owned(),
        todo: todo::list(&facts, &numbers),
        is_new: hours.is_empty(),
        snippet: format!("<script src=\"{text}\"></script>"),
        running: "2".to_owned(),
        tiles: boards::tiles(&numbers, 30),
        charts: boards::charts(&span.dates(), &numbers.days),
        heat: HeatChart::new("hours", "Busiest hours", &numbers.heat, zone(0)),
        questions: vec![question_line(&question)],
        models: boards::models(&numbers.models),
        conversations_kept: "12".to_owned(),
    }
}

#[test]
fn the_overview_escapes_what_it_shows() {
    for text in HOSTILE {
        let html = rendered(&sample(text, &[hour(text)]));
        assert!(html.contains("aria-labelledby=\"tokens-title tokens-desc\""));
        assert!(html.contains("3 answers to work on"));
    }
}

#[test]
fn a_new_server_is_told_the_first_steps_and_shown_no_empty_charts() {
    let html = rendered(&sample("https://chat.example.com/widget.js", &[]));
    assert!(html.contains("Nobody has asked anything yet"), "{html}");
    assert!(
        html.contains("&#60;script src=&#34;https://chat.example.com/widget.js&#34;&#62;"),
        "{html}"
    );
    assert!(!html.contains("<svg class=\"chart-drawing\""), "{html}");
}

#[test]
fn a_wish_that_makes_no_sense_is_the_usual_view() {
    let text = |text: &str| Some(text.to_owned());
    for (days, utc) in
        [(None, None), (text("8"), text("15")), (text("x"), text("")), (text("-7"), text("-13"))]
    {
        let wish = Wish { days, bot: text(""), utc };
        assert_eq!((wish.days(), wish.utc(), wish.bot()), (30, 0, None));
    }
    let wish = Wish { days: text("90"), bot: text("shop"), utc: text("-5") };
    assert_eq!((wish.days(), wish.utc(), wish.bot()), (90, -5, Some("shop")));
    assert_eq!(zone(wish.utc()), "UTC−5");
}
