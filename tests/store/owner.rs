//! What the store promises the owner: lists, searches, counts.

use alcove::domain::actor::Actor;
use alcove::domain::clock::Timestamp;
use alcove::domain::details::DetailChanges;
use alcove::domain::feedback::{Feedback, Rating};
use alcove::domain::id::SessionId;
use alcove::domain::message::{FailureCode, FinishReason, MessageStatus};
use alcove::domain::usage::Usage;
use alcove::store::{
    BeginTurn, ConversationFilter, ConversationRow, Cursor, FinishTurn, NewSession, Page,
    PageRequest, RateReply, Store, UsageHour, UsageQuery, WhyWork,
};
use serde_json::json;

use crate::files::{PLENTY, new_file};
use crate::support::{at, end, new_session, open_session, running_turn, turn};

for_each_backend! {
    conversations_come_last_active_first_and_pages_meet
    an_empty_conversation_is_not_listed
    each_filter_narrows_the_list
    a_row_shows_what_happened_in_the_conversation
    words_are_found_in_messages_and_in_what_visitors_told
    no_search_text_is_an_error
    found_conversations_stand_on_one_page_only
    a_search_keeps_to_its_filters
    words_of_erased_and_cleared_messages_are_not_found
    a_transcript_shows_what_was_replaced
    usage_counts_what_happened_hour_by_hour
    a_thumb_counts_for_the_hour_of_its_reply
    counts_stay_when_a_conversation_is_erased
    replies_to_work_on_are_listed_until_they_are_settled
    questions_are_counted_whatever_their_case_and_punctuation
    leads_come_in_pages_and_are_searched
    the_overview_counts_what_is_kept
    a_purge_deletes_what_is_old_and_nothing_else
    only_who_sees_all_reads_for_the_owner
}

const OWNER: Actor = Actor::System;

fn some(limit: u32) -> PageRequest {
    PageRequest::first(limit)
}

async fn list(store: &dyn Store, filter: ConversationFilter) -> Vec<ConversationRow> {
    store.conversations(&OWNER, filter, some(100)).await.expect("a list").items
}

async fn sessions(store: &dyn Store, filter: ConversationFilter) -> Vec<SessionId> {
    list(store, filter).await.into_iter().map(|row| row.session).collect()
}

async fn found(store: &dyn Store, words: &str) -> Vec<SessionId> {
    let words = Some(words.to_owned());
    sessions(store, ConversationFilter { words, ..ConversationFilter::default() }).await
}

/// All pages of a list, `limit` rows each.
async fn all_pages(store: &dyn Store, filter: ConversationFilter, limit: u32) -> Vec<SessionId> {
    let (mut rows, mut after) = (Vec::new(), None);
    loop {
        let request = PageRequest { after, limit };
        let page = store.conversations(&OWNER, filter.clone(), request).await.expect("a page");
        assert!(page.items.len() <= limit as usize);
        rows.extend(page.items.into_iter().map(|row| row.session));
        // As it comes back from an address.
        after = page.next.map(|next| Cursor::parse(&next.to_string()).expect("a cursor"));
        if after.is_none() {
            return rows;
        }
    }
}

/// A conversation with a whole turn at that second.
async fn talk(
    store: &dyn Store,
    second: i64,
    question: &str,
    answer: &str,
) -> (SessionId, BeginTurn) {
    let session = NewSession { now: at(second), ..new_session() };
    let id = session.id;
    store.create_session(session).await.expect("a new session");
    (id, said(store, id, second, question, answer).await)
}

/// A whole turn at that second.
async fn said(
    store: &dyn Store,
    session: SessionId,
    second: i64,
    question: &str,
    answer: &str,
) -> BeginTurn {
    let turn = BeginTurn { now: at(second), ..turn(session, question) };
    store.begin_turn(&OWNER, turn.clone()).await.expect("begun");
    let end = FinishTurn { now: at(second), ..end(session, turn.reply, answer) };
    store.finish_turn(end).await.expect("ended");
    turn
}

async fn rate(store: &dyn Store, turn: &BeginTurn, rating: Option<Rating>) {
    let feedback = rating.map(|rating| Feedback { rating, comment: None });
    let rating = RateReply { session: turn.session, reply: turn.reply, feedback, now: at(900) };
    store.rate_reply(&OWNER, rating).await.expect("rated");
}

async fn tell(store: &dyn Store, session: SessionId, second: i64, details: &[(&str, &str)]) {
    let told: DetailChanges =
        details.iter().map(|(k, v)| ((*k).to_owned(), Some((*v).to_owned()))).collect();
    store.merge_details(&OWNER, session, told, at(second)).await.expect("told");
}

/// Ends a running turn as one the vendor failed.
async fn fail(store: &dyn Store, turn: &BeginTurn) {
    let end = FinishTurn {
        status: MessageStatus::Failed,
        finish_reason: FinishReason::Error,
        failure: Some(FailureCode::ModelBusy),
        usage: Usage::default(),
        ..end(turn.session, turn.reply, "")
    };
    store.finish_turn(end).await.expect("ended");
}

async fn conversations_come_last_active_first_and_pages_meet(store: &dyn Store) {
    let mut all = Vec::new();
    for second in [30, 10, 20, 20, 20, 40] {
        all.push((second, talk(store, second, "hello", "answer").await.0));
    }
    all.sort_by_key(|(second, _)| -second);
    let listed = sessions(store, ConversationFilter::default()).await;
    assert_eq!(listed.len(), 6);
    for limit in [1, 2, 5, 6, 7] {
        let pages = all_pages(store, ConversationFilter::default(), limit).await;
        assert_eq!(pages, listed, "{limit} a page");
    }
    assert_eq!((listed[0], listed[1], listed[5]), (all[0].1, all[1].1, all[5].1));
    let (from, to) = (Some(at(20)), Some(at(40)));
    let within = ConversationFilter { from, to, ..ConversationFilter::default() };
    assert_eq!(all_pages(store, within, 2).await, listed[1..5]);
}

async fn an_empty_conversation_is_not_listed(store: &dyn Store) {
    open_session(store).await;
    let (cleared, _) = talk(store, 10, "hello", "answer").await;
    let (kept, _) = talk(store, 20, "hello", "answer").await;
    store.clear_history(&OWNER, cleared, at(30)).await.expect("cleared");
    assert_eq!(sessions(store, ConversationFilter::default()).await, [kept]);
    said(store, cleared, 40, "hello again", "answer").await;
    assert_eq!(sessions(store, ConversationFilter::default()).await, [cleared, kept]);
}

async fn each_filter_narrows_the_list(store: &dyn Store) {
    let (_, up) = talk(store, 10, "one", "answer").await;
    let (_, down) = talk(store, 20, "two", "answer").await;
    let (told, _) = talk(store, 30, "three", "answer").await;
    let (filed, _) = talk(store, 40, "four", "answer").await;
    let failed = open_session(store).await;
    let running = running_turn(store, failed, "five").await;
    let other = NewSession { bot: "shop".to_owned(), now: at(60), ..new_session() };
    let of_shop = other.id;
    store.create_session(other).await.expect("a new session");
    said(store, of_shop, 60, "six", "answer").await;
    rate(store, &up, Some(Rating::Up)).await;
    rate(store, &down, Some(Rating::Down)).await;
    tell(store, told, 30, &[("name", "Ada")]).await;
    let file = new_file(filed, vec![7; 100].into());
    let file_id = file.id;
    store.add_file(&OWNER, file, PLENTY).await.expect("added");
    fail(store, &running).await;

    let any = ConversationFilter::default;
    let rated = |rating| ConversationFilter { rating: Some(rating), ..any() };
    let bot = Some("shop".to_owned());
    for (filter, session) in [
        (rated(Rating::Up), up.session),
        (rated(Rating::Down), down.session),
        (ConversationFilter { with_details: true, ..any() }, told),
        (ConversationFilter { with_files: true, ..any() }, filed),
        (ConversationFilter { failed: true, ..any() }, failed),
        (ConversationFilter { bot, ..any() }, of_shop),
    ] {
        assert_eq!(sessions(store, filter.clone()).await, [session], "{filter:?}");
    }
    let both = ConversationFilter { failed: true, with_files: true, ..any() };
    assert_eq!(sessions(store, both).await, []);

    rate(store, &up, Some(Rating::Down)).await;
    rate(store, &down, None).await;
    store.delete_file(&OWNER, filed, file_id).await.expect("deleted");
    let nothing = DetailChanges::from([("name".to_owned(), None)]);
    store.merge_details(&OWNER, told, nothing, at(50)).await.expect("taken back");
    store.clear_history(&OWNER, failed, at(50)).await.expect("cleared");
    said(store, failed, 55, "again", "answer").await;
    assert_eq!(sessions(store, rated(Rating::Up)).await, []);
    assert_eq!(sessions(store, rated(Rating::Down)).await, [up.session]);
    for filter in [
        ConversationFilter { with_details: true, ..any() },
        ConversationFilter { with_files: true, ..any() },
        ConversationFilter { failed: true, ..any() },
    ] {
        assert_eq!(sessions(store, filter.clone()).await, [], "{filter:?}");
    }
}

async fn a_row_shows_what_happened_in_the_conversation(store: &dyn Store) {
    let page = json!({ "title": "Shop", "url": "https://shop.example/", "pageContent": "Shoes" });
    let config = json!({ "pageContext": page }).as_object().expect("an object").clone();
    let session = NewSession {
        user_identifier: Some("customer 7".to_owned()),
        config,
        now: at(5),
        ..new_session()
    };
    let id = session.id;
    store.create_session(session).await.expect("a new session");
    let first = said(store, id, 10, "  What does\n it cost?", "5").await;
    rate(store, &first, Some(Rating::Down)).await;
    fail(store, &running_turn(store, id, "second").await).await;
    running_turn(store, id, "third").await;
    tell(store, id, 30, &[("name", "Ada")]).await;
    store.add_file(&OWNER, new_file(id, vec![7; 10].into()), PLENTY).await.expect("added");
    let rows = list(store, ConversationFilter::default()).await;
    let row = &rows[0];
    assert_eq!((row.session, row.bot.as_str(), row.message_count), (id, "default", 6));
    assert_eq!((row.created_at, row.last_activity), (at(5), at(30)));
    assert_eq!(row.question, "What does it cost?");
    assert_eq!(row.details["name"], "Ada");
    assert_eq!(row.user_identifier.as_deref(), Some("customer 7"));
    let page = row.page.as_ref().expect("a page");
    assert_eq!((page.title.as_str(), page.url.as_str()), ("Shop", "https://shop.example/"));
    assert_eq!((row.thumbs_up, row.thumbs_down, row.failures, row.files), (0, 1, 1, 1));
    assert!(row.is_running);
    assert_eq!(row.usage.len(), 1);
    let usage = &row.usage[0];
    assert_eq!((usage.provider.as_str(), usage.model.as_str()), ("demo", "demo-2"));
    assert_eq!((usage.replies, usage.unmetered_replies), (2, 1));
    assert_eq!((usage.usage.input_tokens, usage.usage.output_tokens), (Some(7), Some(3)));
}

async fn words_are_found_in_messages_and_in_what_visitors_told(store: &dyn Store) {
    let (first, _) = talk(store, 10, "Where is my parcel?", "It is in Zürich.").await;
    let (second, _) = talk(store, 20, "My parcel is late", "Sorry!").await;
    let (third, _) = talk(store, 30, "hello", "answer").await;
    tell(store, third, 40, &[("email", "ada.parcel@example.com"), ("name", "Ada Lovelace")]).await;
    let named = NewSession { user_identifier: Some("customer-77".to_owned()), ..new_session() };
    let fourth = named.id;
    store.create_session(named).await.expect("a new session");
    said(store, fourth, 50, "hello", "answer").await;

    assert_eq!(found(store, "parcel").await, [third, second, first]);
    assert_eq!(found(store, "PARC").await, [third, second, first], "a word that is being typed");
    assert_eq!(found(store, "parc ").await, [], "a whole word");
    assert_eq!(found(store, "par").await, [], "too short to be a beginning");
    assert_eq!(found(store, "late parcel").await, [second]);
    assert_eq!(found(store, "zurich").await, [first], "whatever its marks");
    assert_eq!(found(store, "ada.parcel@example.com").await, [third]);
    assert_eq!(found(store, "lovelace").await, [third]);
    assert_eq!(found(store, "customer-77").await, [fourth]);
    assert_eq!(found(store, &first.to_string()).await, [first], "its id");
    for nothing in ["", " ", "?!", "parcel absent", "\"", "*", "NOT", "example.org", "name"] {
        assert_eq!(found(store, nothing).await, [], "{nothing}");
    }
    tell(store, third, 60, &[("email", "other@example.com")]).await;
    assert_eq!(found(store, "parcel").await, [second, first]);
    assert_eq!(found(store, "lovelace").await, [third]);
}

async fn no_search_text_is_an_error(store: &dyn Store) {
    use proptest::prelude::*;
    use proptest::strategy::ValueTree as _;
    let (id, _) = talk(store, 10, "Grüße, हिन्दी 営業時間 «word» O'Brien a_b", "answer").await;
    let pieces = prop_oneof![
        any::<String>(),
        "[\"*^:(){}+\\- ]{0,20}",
        "(AND|OR|NOT|NEAR|content|\"| |\\*|\\(|\\)){0,10}",
        "[\u{0}-\u{20}\u{300}-\u{36f}\u{e000}-\u{e010}\u{ff00}-\u{ff20}]{0,10}",
    ];
    let texts = proptest::collection::vec(pieces, 1..4).prop_map(|parts| parts.join(" "));
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    for _ in 0..300 {
        let text = texts.new_tree(&mut runner).expect("a text").current();
        found(store, &text).await;
        store.leads(&OWNER, Some(&text), some(5)).await.expect("leads");
    }
    let long = "word ".repeat(100_000);
    for text in [long.as_str(), "\"\"\"", "NEAR(a b)", "content:x", "a*b*", "\0word", "''"] {
        found(store, text).await;
    }
    for text in ["grusse", "हिन्दी", "営業時間", "word", "o'brien", "A_B", "«word»"]
    {
        let words = found(store, text).await;
        assert!(words == [id] || text == "grusse", "{text}");
    }
}

async fn found_conversations_stand_on_one_page_only(store: &dyn Store) {
    let mut all = Vec::new();
    for second in 0..7 {
        let (id, _) = talk(store, second, "a needle", "no needle here").await;
        all.push(id);
    }
    for id in &all {
        said(store, *id, 100, "the needle again", "what needle?").await;
    }
    tell(store, all[1], 200, &[("name", "Needle")]).await;
    tell(store, all[4], 200, &[("name", "Needle")]).await;
    let words =
        || ConversationFilter { words: Some("needle".to_owned()), ..ConversationFilter::default() };
    let expected = [4, 1, 6, 5, 3, 2, 0].map(|n: usize| all[n]);
    for limit in [1, 2, 3, 7, 8] {
        assert_eq!(all_pages(store, words(), limit).await, expected, "{limit} a page");
    }
}

async fn a_search_keeps_to_its_filters(store: &dyn Store) {
    let mut turns = Vec::new();
    for second in 0..5 {
        let (_, turn) = talk(store, second * 10, "a needle", "answer").await;
        turns.push(turn);
    }
    rate(store, &turns[1], Some(Rating::Up)).await;
    tell(store, turns[3].session, 500, &[("name", "Needle")]).await;
    let words =
        || ConversationFilter { words: Some("needle".to_owned()), ..ConversationFilter::default() };
    let up = ConversationFilter { rating: Some(Rating::Up), ..words() };
    assert_eq!(all_pages(store, up, 1).await, [turns[1].session]);
    let of_other = ConversationFilter { bot: Some("shop".to_owned()), ..words() };
    assert_eq!(all_pages(store, of_other, 1).await, []);
    let within = ConversationFilter { from: Some(at(10)), to: Some(at(30)), ..words() };
    assert_eq!(all_pages(store, within, 1).await, [turns[2].session, turns[1].session]);
    let since = ConversationFilter { from: Some(at(35)), ..words() };
    assert_eq!(all_pages(store, since, 1).await, [turns[3].session, turns[4].session]);
    let before = ConversationFilter { to: Some(at(0)), ..words() };
    assert_eq!(all_pages(store, before, 1).await, []);
}

async fn words_of_erased_and_cleared_messages_are_not_found(store: &dyn Store) {
    let (erased, _) = talk(store, 10, "needle", "answer").await;
    let (cleared, _) = talk(store, 20, "needle", "answer").await;
    let (stale, _) = talk(store, 30, "needle", "answer").await;
    let (running, _) = talk(store, 99, "kept", "answer").await;
    tell(store, erased, 30, &[("name", "Needle")]).await;
    let turn = running_turn(store, running, "needle").await;
    let partial = crate::support::partial("needle so far");
    store.save_partial(running, turn.reply, partial).await.expect("saved");
    store.erase_session(&OWNER, erased).await.expect("erased");
    store.clear_history(&OWNER, cleared, at(60)).await.expect("cleared");
    store.delete_stale_sessions(at(0), Some(at(50))).await.expect("swept");
    assert_eq!(found(store, "needle").await, [running], "not {stale}");
    store.clear_history(&OWNER, running, at(70)).await.expect("cleared");
    assert_eq!(found(store, "kept").await, []);
    store.finish_turn(end(running, turn.reply, "a haystack")).await.expect("ended");
    assert_eq!(found(store, "haystack").await, [running], "a reply that ended");
    store.clear_history(&OWNER, running, at(80)).await.expect("cleared");
    for word in ["needle", "haystack", "kept"] {
        assert_eq!(found(store, word).await, [], "{word}");
    }
}

async fn a_transcript_shows_what_was_replaced(store: &dyn Store) {
    let (id, first) = talk(store, 10, "question", "bad").await;
    let again = BeginTurn { replaces: Some(first.reply), now: at(20), ..turn(id, "question") };
    store.begin_turn(&OWNER, again.clone()).await.expect("begun");
    let first_word_at = Some(at(21));
    let end = FinishTurn { first_word_at, now: at(25), ..end(id, again.reply, "good") };
    store.finish_turn(end).await.expect("ended");
    let page = store.transcript(&OWNER, id, some(10)).await.expect("read").expect("a session");
    assert_eq!((page.session.id, page.session.message_count), (id, 2));
    assert_eq!(page.older, None);
    let shown: Vec<(&str, bool)> =
        page.messages.iter().map(|m| (m.message.content.as_str(), m.is_replaced)).collect();
    let expected = [("question", true), ("bad", true), ("question", false), ("good", false)];
    assert_eq!(shown, expected);
    let good = &page.messages[3];
    assert_eq!(
        (good.first_word_at, good.ended_at, good.settled_at),
        (first_word_at, Some(at(25)), None)
    );

    let newest = store.transcript(&OWNER, id, some(3)).await.expect("read").expect("a session");
    assert_eq!(newest.messages, page.messages[1..]);
    let after = newest.older.map(|older| Cursor::parse(&older.to_string()).expect("a cursor"));
    let older = PageRequest { after, limit: 3 };
    let older = store.transcript(&OWNER, id, older).await.expect("read").expect("a session");
    assert_eq!((older.messages.as_slice(), older.older), (&page.messages[..1], None));
    assert_eq!(store.transcript(&OWNER, SessionId::random(), some(3)).await.expect("read"), None);
}

/// What happened, without the rows of models that were expected to answer and did not.
async fn hours(store: &dyn Store, bot: Option<&str>) -> Vec<UsageHour> {
    let query = UsageQuery { from: at(0), to: at(100_000), bot: bot.map(str::to_owned) };
    let all = store.usage(&OWNER, query).await.expect("hours");
    all.into_iter().filter(|hour| hour.messages > 0).collect()
}

async fn usage_counts_what_happened_hour_by_hour(store: &dyn Store) {
    let hour = |seconds: i64| {
        let ms = at(seconds).as_ms();
        Timestamp::from_ms(ms - ms % 3_600_000)
    };
    let (id, _) = talk(store, 0, "one", "answer").await;
    let begun = BeginTurn { now: at(2), ..turn(id, "two") };
    store.begin_turn(&OWNER, begun.clone()).await.expect("begun");
    let usage =
        Usage { input_tokens: Some(100), output_tokens: Some(10), cached_input_tokens: Some(90) };
    let ended = FinishTurn {
        usage,
        first_word_at: Some(at(3)),
        now: at(7200),
        ..end(id, begun.reply, "answer")
    };
    store.finish_turn(ended.clone()).await.expect("ended");
    store.finish_turn(ended).await.expect("ended again, which counts no second time");
    fail(store, &running_turn(store, id, "three").await).await;
    let (other, _) = talk(store, 10_000, "four", "answer").await;
    store.clear_history(&OWNER, other, at(10_001)).await.expect("cleared");

    let hours = hours(store, None).await;
    assert_eq!(hours.len(), 2);
    let first = &hours[0];
    assert_eq!((first.hour, first.bot.as_str()), (hour(0), "default"));
    assert_eq!((first.provider.as_str(), first.model.as_str()), ("demo", "demo-2"));
    assert_eq!((first.messages, first.failed_replies, first.unmetered_replies), (3, 1, 1));
    assert_eq!(first.usage.input_tokens, Some(107));
    assert_eq!(first.usage.output_tokens, Some(13));
    assert_eq!(first.usage.cached_input_tokens, Some(90));
    assert_eq!((first.first_word.count(), first.whole_reply.count()), (1, 2));
    assert_eq!(first.first_word.within_ms(1.0), Some(1000));
    assert_eq!(first.whole_reply.within_ms(1.0), Some(40_000), "longer than the last border");
    assert_eq!((hours[1].hour, hours[1].messages), (hour(10_000), 1));
    let query = UsageQuery { from: at(0), to: at(100_000), bot: None };
    let all = store.usage(&OWNER, query).await.expect("hours");
    let begun: Vec<u64> = all.iter().map(|hour| hour.sessions).filter(|n| *n > 0).collect();
    assert_eq!(begun, [1, 1]);
}

async fn a_thumb_counts_for_the_hour_of_its_reply(store: &dyn Store) {
    let (_, first) = talk(store, 0, "one", "answer").await;
    let (_, second) = talk(store, 10_000, "two", "answer").await;
    for rating in [Rating::Up, Rating::Up, Rating::Down] {
        rate(store, &first, Some(rating)).await;
    }
    rate(store, &second, Some(Rating::Up)).await;
    let thumbs = |hours: &[UsageHour]| -> Vec<(u64, u64)> {
        hours.iter().map(|hour| (hour.thumbs_up, hour.thumbs_down)).collect()
    };
    assert_eq!(thumbs(&hours(store, None).await), [(0, 1), (1, 0)]);
    rate(store, &second, None).await;
    assert_eq!(thumbs(&hours(store, None).await), [(0, 1), (0, 0)]);
    assert_eq!(hours(store, Some("shop")).await, []);
    assert_eq!(hours(store, Some("default")).await.len(), 2);
}

async fn counts_stay_when_a_conversation_is_erased(store: &dyn Store) {
    let (id, turn) = talk(store, 0, "one", "answer").await;
    rate(store, &turn, Some(Rating::Up)).await;
    let before = hours(store, None).await;
    store.erase_session(&OWNER, id).await.expect("erased");
    assert_eq!(hours(store, None).await, before);
}

async fn replies_to_work_on_are_listed_until_they_are_settled(store: &dyn Store) {
    let (id, disliked) = talk(store, 0, "Do you ship?", "No idea.").await;
    rate(store, &disliked, Some(Rating::Down)).await;
    let failed = running_turn(store, id, "And now?").await;
    fail(store, &failed).await;
    let again = BeginTurn { replaces: Some(failed.reply), ..turn(id, "And now?") };
    store.begin_turn(&OWNER, again.clone()).await.expect("begun");
    let asks = FinishTurn { asks_contact: true, ..end(id, again.reply, "Leave your address.") };
    store.finish_turn(asks).await.expect("ended");
    let blocked = running_turn(store, id, "How do I break in?").await;
    let end = FinishTurn {
        status: MessageStatus::Blocked,
        finish_reason: FinishReason::Blocked,
        ..end(id, blocked.reply, "")
    };
    store.finish_turn(end).await.expect("ended");
    let (_, liked) = talk(store, 0, "fine", "answer").await;
    rate(store, &liked, Some(Rating::Up)).await;

    let read = |request| store.replies_to_work_on(&OWNER, request);
    let all = read(some(10)).await.expect("read");
    let shown: Vec<_> = all.items.iter().map(|r| (r.question.as_str(), r.why.as_slice())).collect();
    let expected = [
        ("How do I break in?", &[WhyWork::Blocked][..]),
        ("And now?", &[WhyWork::AskedContact]),
        ("Do you ship?", &[WhyWork::Disliked]),
    ];
    assert_eq!(shown, expected, "what failed and was tried again is done with");
    assert_eq!((all.items[2].session, all.items[2].reply), (id, disliked.reply));
    assert_eq!((all.items[2].at, all.items[2].text.as_str()), (at(0), "No idea."));
    let first = read(some(2)).await.expect("read");
    assert_eq!(first.items, all.items[..2]);
    let rest = read(PageRequest { after: first.next, limit: 2 }).await.expect("read");
    assert_eq!((rest.items.as_slice(), rest.next), (&all.items[2..], None));

    let settle = |reply, now| store.settle_reply(&OWNER, id, reply, now);
    assert!(settle(disliked.reply, at(50)).await.expect("settled"));
    assert!(!settle(disliked.reply, at(60)).await.expect("settled already"));
    assert!(!settle(liked.reply, at(60)).await.expect("of another session"));
    assert_eq!(read(some(10)).await.expect("read").items.len(), 2);
    rate(store, &disliked, Some(Rating::Down)).await;
    assert_eq!(read(some(10)).await.expect("read").items.len(), 3, "disliked once more");
}

async fn questions_are_counted_whatever_their_case_and_punctuation(store: &dyn Store) {
    for (second, question) in [
        (0, "What does it cost?"),
        (10, "what  does it COST"),
        (20, "Why?"),
        (30, "¿What does it cost?!"),
    ] {
        talk(store, second, question, "answer").await;
    }
    for second in [40, 50] {
        talk(store, second, "When?", "When what?").await;
    }
    talk(store, 60, "🙂", "🙂").await;
    talk(store, 60, "🙂", "🙂").await;
    let top = store.top_questions(&OWNER, None, at(0), 10).await.expect("read");
    let shown: Vec<(&str, u64)> = top.iter().map(|q| (q.text.as_str(), q.count)).collect();
    assert_eq!(shown, [("¿What does it cost?!", 3), ("When?", 2)]);
    assert_eq!(top[0].last_at, at(30));
    assert_eq!(store.top_questions(&OWNER, None, at(0), 1).await.expect("read").len(), 1);
    assert_eq!(store.top_questions(&OWNER, None, at(35), 10).await.expect("read").len(), 1);
    assert_eq!(store.top_questions(&OWNER, Some("shop"), at(0), 10).await.expect("read"), []);
}

async fn leads_come_in_pages_and_are_searched(store: &dyn Store) {
    let mut all = Vec::new();
    for (name, second) in [("Adam", 50), ("Bob", 70), ("Adams", 60), ("Eve", 60)] {
        let id = open_session(store).await;
        tell(store, id, second, &[("name", name), ("email", "who@example.com")]).await;
        all.push(id);
    }
    let named = NewSession { user_identifier: Some("Adam".to_owned()), ..new_session() };
    store.create_session(named).await.expect("one who told nothing");
    let read = async |words: Option<&str>, limit| {
        let (mut leads, mut after) = (Vec::new(), None);
        loop {
            let request = PageRequest { after, limit };
            let page = store.leads(&OWNER, words, request).await.expect("a page");
            leads.extend(page.items.into_iter().map(|lead| lead.session));
            after = page.next;
            if after.is_none() {
                return leads;
            }
        }
    };
    for limit in [1, 2, 4, 5] {
        assert_eq!(read(None, limit).await, [all[1], all[3], all[2], all[0]], "{limit} a page");
        assert_eq!(read(Some("adam"), limit).await, [all[2], all[0]], "{limit} a page");
        assert_eq!(read(Some("who@example.com"), limit).await.len(), 4);
    }
    assert_eq!(read(Some("?"), 5).await, []);
}

async fn the_overview_counts_what_is_kept(store: &dyn Store) {
    open_session(store).await;
    let (id, turn) = talk(store, 0, "one", "answer").await;
    rate(store, &turn, Some(Rating::Down)).await;
    tell(store, id, 10, &[("name", "Ada")]).await;
    running_turn(store, id, "two").await;
    store.add_file(&OWNER, new_file(id, vec![7; 1000].into()), PLENTY).await.expect("added");
    let counts = store.count_overview(&OWNER).await.expect("counts");
    assert_eq!((counts.conversations, counts.leads), (1, 1));
    assert_eq!((counts.replies_to_work_on, counts.running), (1, 1));
    assert!(counts.file_bytes >= 1000);
}

async fn a_purge_deletes_what_is_old_and_nothing_else(store: &dyn Store) {
    let mut old = Vec::new();
    for _ in 0..120 {
        old.push(talk(store, 10, "needle", "answer").await.0);
    }
    store.add_file(&OWNER, new_file(old[0], vec![7; 10].into()), PLENTY).await.expect("added");
    let shop = NewSession { bot: "shop".to_owned(), now: at(10), ..new_session() };
    let of_shop = shop.id;
    store.create_session(shop).await.expect("a new session");
    said(store, of_shop, 10, "needle", "answer").await;
    let (recent, _) = talk(store, 50, "needle", "answer").await;
    let purge = async |bot| {
        let before = store.count_conversations_before(&OWNER, at(50), bot).await.expect("counted");
        let mut gone = 0;
        loop {
            match store.purge_conversations(&OWNER, at(50), bot).await.expect("purged") {
                0 => break,
                some => gone += some,
            }
        }
        assert_eq!(gone, before);
        gone
    };
    assert_eq!(store.purge_conversations(&Actor::ANONYMOUS, at(99), None).await.expect("asked"), 0);
    assert_eq!(purge(Some("shop")).await, 1);
    assert_eq!(found(store, "needle").await.len(), 100, "a full page of the others");
    assert_eq!(purge(None).await, 120);
    assert_eq!(found(store, "needle").await, [recent]);
    assert_eq!(store.count_overview(&OWNER).await.expect("counts").file_bytes, 0);
}

async fn only_who_sees_all_reads_for_the_owner(store: &dyn Store) {
    use alcove::domain::account::AccountId;
    let (id, turn) = talk(store, 0, "one", "answer").await;
    rate(store, &turn, Some(Rating::Down)).await;
    tell(store, id, 10, &[("name", "Ada")]).await;
    talk(store, 0, "one", "answer").await;
    for nobody in [Actor::ANONYMOUS, Actor::Member(AccountId::new(1))] {
        let filter = ConversationFilter::default;
        let listed = store.conversations(&nobody, filter(), some(9)).await.expect("read");
        assert_eq!(listed, Page::empty());
        assert_eq!(store.leads(&nobody, None, some(9)).await.expect("read"), Page::empty());
        assert_eq!(store.leads(&nobody, Some("ada"), some(9)).await.expect("read"), Page::empty());
        assert_eq!(store.transcript(&nobody, id, some(9)).await.expect("read"), None);
        let query = UsageQuery { from: at(0), to: at(9), bot: None };
        assert_eq!(store.usage(&nobody, query).await.expect("read"), []);
        assert_eq!(store.top_questions(&nobody, None, at(0), 9).await.expect("read"), []);
        let replies = store.replies_to_work_on(&nobody, some(9)).await.expect("read");
        assert_eq!(replies, Page::empty());
        assert_eq!(store.count_overview(&nobody).await.expect("read").conversations, 0);
        assert!(!store.settle_reply(&nobody, id, turn.reply, at(9)).await.expect("asked"));
    }
    assert_eq!(store.replies_to_work_on(&OWNER, some(9)).await.expect("read").items.len(), 1);
}
