use time::Weekday;

use super::*;
use crate::domain::usage::Usage;

/// 2026-11-24T12:00:00Z, a Tuesday.
const NOW: i64 = 1_795_521_600_000;
const HOUR: i64 = 3_600_000;

fn hour(back_hours: i64, model: &str, messages: u64) -> UsageHour {
    UsageHour {
        hour: Timestamp::from_ms(NOW - back_hours * HOUR),
        bot: "default".to_owned(),
        provider: "openai".to_owned(),
        model: model.to_owned(),
        sessions: 1,
        messages,
        failed_replies: 1,
        unmetered_replies: 0,
        usage: Usage {
            input_tokens: Some(1_000),
            output_tokens: Some(100),
            cached_input_tokens: Some(400),
        },
        first_word: Timings::default(),
        whole_reply: Timings::default(),
        thumbs_up: 2,
        thumbs_down: 1,
    }
}

fn numbers(span: Span, hours: &[UsageHour]) -> Numbers {
    Numbers::fold(span, hours, &Prices::default())
}

#[test]
fn a_span_ends_today_and_has_as_many_days_before_it() {
    let span = Span::ending(Timestamp::from_ms(NOW), 7, 0);
    assert_eq!(span.from().to_string(), "2026-11-18T00:00:00Z");
    assert_eq!(span.before().to_string(), "2026-11-11T00:00:00Z");
    assert_eq!(span.dates().len(), 7);
    let there = Span::ending(Timestamp::from_ms(NOW), 7, 13);
    assert_eq!(there.from().to_string(), "2026-11-18T11:00:00Z");
}

#[test]
fn hours_fall_into_their_day_or_the_span_before() {
    let span = Span::ending(Timestamp::from_ms(NOW), 7, 0);
    let hours = [
        hour(0, "a", 5),
        hour(12, "a", 7),
        hour(13, "b", 1),
        hour(24 * 6 + 12, "a", 2),
        hour(24 * 6 + 13, "a", 30),
    ];
    let numbers = numbers(span, &hours);
    let days: Vec<u64> = numbers.days.iter().map(|day| day.messages).collect();
    assert_eq!(days, [2, 0, 0, 0, 0, 1, 12]);
    assert_eq!((numbers.now.messages, numbers.before.messages), (15, 30));
    assert_eq!((numbers.now.sessions, numbers.now.failed), (4, 4));
    assert_eq!((numbers.now.thumbs_up, numbers.now.thumbs_down), (8, 4));
    let tokens = (numbers.now.fresh_tokens, numbers.now.cached_tokens, numbers.now.output_tokens);
    assert_eq!(tokens, (2_400, 1_600, 400));
    assert_eq!(numbers.now.tokens(), 4_400);
}

#[test]
fn models_are_told_apart_the_busiest_first() {
    let span = Span::ending(Timestamp::from_ms(NOW), 7, 0);
    let numbers =
        numbers(span, &[hour(0, "a", 1), hour(1, "b", 5), hour(2, "a", 2), hour(3, "c", 0)]);
    let models: Vec<_> =
        numbers.models.iter().map(|one| (one.model.as_str(), one.tally.messages)).collect();
    assert_eq!(models, [("b", 5), ("a", 3)]);
}

#[test]
fn busy_hours_are_those_of_the_readers_clock() {
    let mut expected = Heat::default();
    expected.add(Weekday::Wednesday, 1, 4);
    let span = Span::ending(Timestamp::from_ms(NOW), 7, 13);
    assert_eq!(numbers(span, &[hour(0, "a", 4)]).heat, expected);
}
