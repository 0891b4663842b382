//! One test per promise of the store's traits, run over every backend. A backend joins by a line
//! in `for_each_backend!`.

use alcove::domain::actor::Actor;
use alcove::domain::clock::Timestamp;
use alcove::domain::details::{DetailChanges, Details};
use alcove::domain::evidence::StepStatus;
use alcove::domain::feedback::{Feedback, Rating};
use alcove::domain::id::{MessageId, SessionId};
use alcove::domain::message::{FailureCode, FinishReason, MessageStatus, Role};
use alcove::domain::session::SessionConfig;
use alcove::domain::usage::Usage;
use alcove::store::{
    BeginTurn, BegunTurn, FinishTurn, History, HistoryPage, NewSession, Page, PageRequest,
    PartialReply, RateReply, RatedReply, SessionStats, Store, StoreError,
};
use serde_json::{Value, json};

use crate::support::{
    ALL, at, end, holder_of, message, new_session, open_session, partial, protected_session,
    running_turn, step, texts, turn, whole_turn,
};

macro_rules! for_each_backend {
    ($($promise:ident)+) => {
        backend!(sqlite: $($promise)+);
    };
}

macro_rules! backend {
    ($backend:ident: $($promise:ident)+) => {
        mod $backend {
            $(
                #[tokio::test]
                async fn $promise() {
                    let backend = crate::support::$backend().await;
                    super::$promise(&*backend.store).await;
                    backend.store.close().await;
                }
            )+
        }
    };
}

for_each_backend! {
    a_session_reads_back_as_it_was_made
    an_unknown_session_is_absent
    the_same_session_id_twice_is_an_internal_error
    a_protected_session_opens_only_with_its_token
    who_may_touch_a_session_is_the_same_for_every_method
    touching_moves_activity_on_and_never_back
    merging_sets_keys_and_null_removes_them
    merging_notes_activity
    details_are_set_and_removed_key_by_key
    an_erased_session_takes_its_messages_along
    stats_count_all_and_those_active_since
    stale_sessions_go_and_others_stay
    stale_sessions_go_a_few_hundred_at_a_time
    a_turn_stores_the_message_and_an_empty_reply
    a_turn_in_an_unknown_session_stores_nothing
    the_same_reply_id_joins_and_stores_nothing
    the_same_reply_id_joins_after_its_end_too
    a_reply_id_of_another_session_does_not_join
    a_second_turn_of_a_session_is_told_which_reply_runs
    joining_comes_before_running
    of_many_turns_at_once_one_starts
    a_new_try_hides_the_old_one_from_the_visitor
    a_new_try_of_an_unknown_reply_hides_nothing
    a_new_try_of_a_visitors_message_hides_nothing
    a_new_try_hides_nothing_in_another_session
    a_turn_that_joins_hides_nothing
    a_partial_text_is_kept
    a_late_partial_does_not_undo_an_end
    an_end_is_stored_with_all_its_facts
    what_stands_behind_a_reply_is_stored_with_it
    a_failed_reply_keeps_its_code
    steps_are_kept_while_a_reply_grows_and_with_its_end
    what_ran_in_a_reply_that_broke_off_has_failed
    a_reply_ends_once
    a_turn_cannot_end_as_streaming
    an_end_in_an_erased_session_is_no_failure
    turns_note_activity_and_never_move_it_back
    history_comes_oldest_first_and_newest_page_first
    history_pages_meet_without_gap_or_overlap
    history_before_an_unknown_message_is_empty
    history_before_a_message_of_another_session_is_empty
    history_keeps_its_order_when_the_clock_jumps
    a_page_of_nothing_still_counts
    any_text_comes_back_as_it_went_in
    a_message_is_found_in_its_own_session_only
    a_conversation_knows_a_reply_of_long_ago
    clearing_deletes_what_was_said_and_counts_it
    clearing_spares_the_running_turn
    clearing_deletes_what_was_replaced_without_counting_it
    the_message_count_is_always_what_the_visitor_sees
    a_rating_takes_the_place_of_the_one_before
    a_rating_is_stored_for_an_ended_reply_only
    the_owner_reads_ratings_newest_first_and_visitors_do_not
    the_owner_reads_who_visitors_are_newest_first_and_visitors_do_not
    orphaned_replies_are_interrupted_with_their_text
    a_check_shows_that_writes_work_and_leaves_nothing
    a_closed_store_is_busy
    closing_twice_is_fine
}

const NOBODY: Actor = Actor::ANONYMOUS;

async fn a_session_reads_back_as_it_was_made(store: &dyn Store) {
    let config = config(json!({"page": {"title": "Größe ✓"}}));
    let made = NewSession {
        user_identifier: Some("user-7".to_owned()),
        config: config.clone(),
        ..new_session()
    };
    store.create_session(made.clone()).await.expect("created");
    let session = store.session(&NOBODY, made.id).await.expect("read").expect("there");
    assert_eq!(session.id, made.id);
    assert_eq!(session.bot, "default");
    assert_eq!(session.user_identifier.as_deref(), Some("user-7"));
    assert_eq!(session.config, config);
    assert!(!session.protected);
    assert_eq!((session.created_at, session.last_activity), (at(0), at(0)));
    assert_eq!(session.message_count, 0);
}

async fn an_unknown_session_is_absent(store: &dyn Store) {
    let id = SessionId::random();
    for actor in [NOBODY, holder_of("x"), Actor::System] {
        assert_eq!(store.session(&actor, id).await.expect("read"), None);
    }
}

async fn the_same_session_id_twice_is_an_internal_error(store: &dyn Store) {
    let session = new_session();
    store.create_session(session.clone()).await.expect("created");
    let again = store.create_session(session).await;
    assert!(matches!(again, Err(StoreError::Internal(_))), "{again:?}");
}

async fn a_protected_session_opens_only_with_its_token(store: &dyn Store) {
    let id = protected_session(store, "right").await;
    let other = protected_session(store, "other").await;
    let session = store.session(&holder_of("right"), id).await.expect("read").expect("there");
    assert!(session.protected);
    for (actor, opens) in [
        (Actor::System, true),
        (NOBODY, false),
        (holder_of(""), false),
        (holder_of("wrong"), false),
        (holder_of("other"), false),
        (holder_of(&id.to_string()), false),
    ] {
        assert_eq!(store.session(&actor, id).await.expect("read").is_some(), opens, "{actor:?}");
    }
    assert!(store.session(&holder_of("right"), other).await.expect("read").is_none());
}

/// Which methods let `actor` touch the session, asked one after another; the last one erases it.
async fn doors_open_to(
    store: &dyn Store,
    actor: &Actor,
    told: &BeginTurn,
) -> Vec<(&'static str, bool)> {
    let id = told.session;
    let merged = store.merge_config(actor, id, SessionConfig::new(), at(1)).await;
    let begun = store.begin_turn(actor, turn(id, "mine")).await.expect("begun");
    let joined = store.begin_turn(actor, told.clone()).await.expect("joined");
    vec![
        ("session", store.session(actor, id).await.expect("read").is_some()),
        ("touch_session", store.touch_session(actor, id, at(1)).await.expect("touched")),
        ("merge_config", merged.expect("merged").is_some()),
        (
            "merge_details",
            store.merge_details(actor, id, details(&[]), at(1)).await.expect("merged").is_some(),
        ),
        ("begin_turn", begun != BegunTurn::NoSession),
        ("begin_turn to join", joined != BegunTurn::NoSession),
        ("history", store.history(actor, id, ALL).await.expect("read").is_some()),
        ("conversation", store.conversation(actor, id, 1, None).await.expect("read").is_some()),
        ("message", store.message(actor, id, told.reply).await.expect("read").is_some()),
        (
            "rate_reply",
            rated(store, actor, told, Some(thumb(Rating::Up, None))).await == RatedReply::Saved,
        ),
        ("clear_history", store.clear_history(actor, id, at(1)).await.expect("done").is_some()),
        ("erase_session", store.erase_session(actor, id).await.expect("erased")),
    ]
}

async fn who_may_touch_a_session_is_the_same_for_every_method(store: &dyn Store) {
    protected_session(store, "other").await;
    for (actor, opens_protected) in [
        (holder_of("right"), true),
        (Actor::System, true),
        (holder_of("wrong"), false),
        (holder_of("other"), false),
        (NOBODY, false),
    ] {
        let protected = protected_session(store, "right").await;
        let told = whole_turn(store, protected, "secret", "answer").await;
        for (method, opens) in doors_open_to(store, &actor, &told).await {
            assert_eq!(opens, opens_protected, "{method} of a protected session to {actor:?}");
        }
        if !opens_protected {
            assert_eq!(texts(store, protected).await, ["secret", "answer"], "{actor:?}");
        }
        let open = open_session(store).await;
        let told = whole_turn(store, open, "hello", "answer").await;
        for (method, opens) in doors_open_to(store, &actor, &told).await {
            assert!(opens, "{method} of an open session to {actor:?}");
        }
    }
}

async fn last_activity(store: &dyn Store, id: SessionId) -> Timestamp {
    store.session(&Actor::System, id).await.expect("read").expect("there").last_activity
}

async fn message_count(store: &dyn Store, id: SessionId) -> u64 {
    store.session(&Actor::System, id).await.expect("read").expect("there").message_count
}

async fn touching_moves_activity_on_and_never_back(store: &dyn Store) {
    let id = open_session(store).await;
    assert!(store.touch_session(&NOBODY, id, at(50)).await.expect("touched"));
    assert_eq!(last_activity(store, id).await, at(50));
    assert!(store.touch_session(&NOBODY, id, at(40)).await.expect("touched"));
    assert_eq!(last_activity(store, id).await, at(50));
}

fn config(value: Value) -> SessionConfig {
    serde_json::from_value(value).expect("an object")
}

async fn merging_sets_keys_and_null_removes_them(store: &dyn Store) {
    let session =
        NewSession { config: config(json!({"a": 1, "b": {"x": 1, "y": 2}})), ..new_session() };
    let id = session.id;
    store.create_session(session).await.expect("created");
    let changes = config(json!({"a": null, "b": {"x": null}, "c": "new", "d": null}));
    let merged = store.merge_config(&NOBODY, id, changes, at(1)).await.expect("merged");
    let expected = config(json!({"b": {"x": null}, "c": "new"}));
    assert_eq!(merged.as_ref(), Some(&expected));
    let session = store.session(&NOBODY, id).await.expect("read").expect("there");
    assert_eq!(session.config, expected);
}

async fn merging_notes_activity(store: &dyn Store) {
    let id = open_session(store).await;
    store.merge_config(&NOBODY, id, SessionConfig::new(), at(9)).await.expect("merged");
    assert_eq!(last_activity(store, id).await, at(9));
}

fn details(changes: &[(&str, Option<&str>)]) -> DetailChanges {
    let owned = |(key, text): &(&str, Option<&str>)| ((*key).to_owned(), text.map(str::to_owned));
    changes.iter().map(owned).collect()
}

async fn details_are_set_and_removed_key_by_key(store: &dyn Store) {
    let id = open_session(store).await;
    let steps: [(DetailChanges, &[(&str, &str)]); 4] = [
        (
            details(&[("name", Some("Größe ✓")), ("email", Some("a@b.example"))]),
            &[("email", "a@b.example"), ("name", "Größe ✓")],
        ),
        (details(&[("name", Some("Ada")), ("email", None)]), &[("name", "Ada")]),
        (details(&[("phone", None)]), &[("name", "Ada")]),
        (details(&[("name", None)]), &[]),
    ];
    for (second, (changes, expected)) in (60..).zip(steps) {
        let told = store.merge_details(&NOBODY, id, changes, at(second)).await.expect("merged");
        let expected: Details =
            expected.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned())).collect();
        let session = store.session(&NOBODY, id).await.expect("read").expect("there");
        assert_eq!((told.as_ref(), &session.details), (Some(&expected), &expected));
        assert_eq!(session.last_activity, at(second));
    }
}

async fn an_erased_session_takes_its_messages_along(store: &dyn Store) {
    let id = open_session(store).await;
    let kept = open_session(store).await;
    let told = whole_turn(store, id, "hello", "answer").await;
    whole_turn(store, kept, "stays", "too").await;
    assert!(store.erase_session(&NOBODY, id).await.expect("erased"));
    assert!(!store.erase_session(&NOBODY, id).await.expect("erased"));
    assert_eq!(store.session(&Actor::System, id).await.expect("read"), None);
    assert_eq!(store.history(&Actor::System, id, ALL).await.expect("read"), None);
    assert_eq!(store.message(&Actor::System, id, told.reply).await.expect("read"), None);
    // A session of the same id would find them, were they still there.
    store.create_session(NewSession { id, ..new_session() }).await.expect("created");
    assert!(texts(store, id).await.is_empty());
    assert_eq!(texts(store, kept).await, ["stays", "too"]);
}

async fn stats_count_all_and_those_active_since(store: &dyn Store) {
    for second in [0, 10, 20] {
        let session = NewSession { now: at(second), ..new_session() };
        store.create_session(session).await.expect("created");
    }
    for (since, active) in [(at(0), 3), (at(10), 2), (at(11), 1), (at(21), 0)] {
        let stats = store.session_stats(since).await.expect("counted");
        assert_eq!(stats, SessionStats { total: 3, active });
    }
}

async fn stale_sessions_go_and_others_stay(store: &dyn Store) {
    let old_empty = open_session(store).await;
    let old_told = open_session(store).await;
    whole_turn(store, old_told, "hello", "answer").await;
    let new_empty = NewSession { now: at(100), ..new_session() };
    store.create_session(new_empty.clone()).await.expect("created");
    let left = async |store: &dyn Store| {
        let mut left = Vec::new();
        for id in [old_empty, old_told, new_empty.id] {
            left.push(store.session(&Actor::System, id).await.expect("read").is_some());
        }
        left
    };
    assert_eq!(store.delete_stale_sessions(at(0), None).await.expect("deleted"), 0);
    assert_eq!(store.delete_stale_sessions(at(100), None).await.expect("deleted"), 1);
    assert_eq!(left(store).await, [false, true, true]);
    // Its last activity is the end of its turn, at second 20.
    assert_eq!(store.delete_stale_sessions(at(0), Some(at(20))).await.expect("deleted"), 0);
    assert_eq!(store.delete_stale_sessions(at(0), Some(at(21))).await.expect("deleted"), 1);
    assert_eq!(left(store).await, [false, false, true]);
}

async fn stale_sessions_go_a_few_hundred_at_a_time(store: &dyn Store) {
    const MANY: u64 = 1001;
    let all = (0..MANY).map(|_| store.create_session(new_session()));
    for made in futures_util::future::join_all(all).await {
        made.expect("created");
    }
    let mut gone = Vec::new();
    loop {
        let went = store.delete_stale_sessions(at(1), Some(at(1))).await.expect("deleted");
        gone.push(went);
        if went == 0 {
            break;
        }
    }
    assert_eq!(gone.iter().sum::<u64>(), MANY);
    assert!(gone.iter().all(|went| *went < 1000), "{gone:?}");
}

async fn a_turn_stores_the_message_and_an_empty_reply(store: &dyn Store) {
    let session = open_session(store).await;
    let turn = turn(session, "hello");
    let begun = store.begin_turn(&NOBODY, turn.clone()).await.expect("begun");
    assert_eq!(begun, BegunTurn::Started);
    let said = message(store, session, turn.message).await;
    assert_eq!((said.role, said.status), (Role::User, MessageStatus::Complete));
    assert_eq!((said.content.as_str(), said.created_at), ("hello", at(10)));
    assert_eq!(said.reply, None);
    let reply = message(store, session, turn.reply).await;
    assert_eq!((reply.role, reply.status), (Role::Assistant, MessageStatus::Streaming));
    assert_eq!((reply.content.as_str(), reply.created_at), ("", at(10)));
    let facts = reply.reply.expect("facts");
    assert_eq!(facts.answers, Some(turn.message));
    assert_eq!((facts.provider.as_str(), facts.model.as_str()), ("demo", "demo-1"));
    assert_eq!((facts.finish_reason, facts.failure), (None, None));
    assert_eq!(facts.usage, Usage::default());
    assert_eq!(message_count(store, session).await, 2);
}

async fn a_turn_in_an_unknown_session_stores_nothing(store: &dyn Store) {
    let session = SessionId::random();
    let begun = store.begin_turn(&Actor::System, turn(session, "hello")).await.expect("begun");
    assert_eq!(begun, BegunTurn::NoSession);
    assert_eq!(store.history(&Actor::System, session, ALL).await.expect("read"), None);
}

async fn the_same_reply_id_joins_and_stores_nothing(store: &dyn Store) {
    let session = open_session(store).await;
    let first = running_turn(store, session, "hello").await;
    store.save_partial(session, first.reply, partial("so far")).await.expect("saved");
    let again = BeginTurn { reply: first.reply, now: at(99), ..turn(session, "hello again") };
    let begun = store.begin_turn(&NOBODY, again).await.expect("begun");
    assert_eq!(begun, BegunTurn::Joined(Box::new(message(store, session, first.reply).await)));
    assert_eq!(texts(store, session).await, ["hello", "so far"]);
    assert_eq!(last_activity(store, session).await, at(10));
    assert_eq!(message_count(store, session).await, 2);
}

async fn the_same_reply_id_joins_after_its_end_too(store: &dyn Store) {
    let session = open_session(store).await;
    let first = whole_turn(store, session, "hello", "answer").await;
    let BegunTurn::Joined(reply) = store.begin_turn(&NOBODY, first).await.expect("begun") else {
        panic!("a turn that has ended was begun again");
    };
    assert_eq!((reply.content.as_str(), reply.status), ("answer", MessageStatus::Complete));
    assert_eq!(message_count(store, session).await, 2);
}

async fn a_reply_id_of_another_session_does_not_join(store: &dyn Store) {
    let theirs = protected_session(store, "theirs").await;
    let told = whole_turn(store, theirs, "secret", "secret answer").await;
    let mine = open_session(store).await;
    let stolen = BeginTurn { session: mine, text: "mine".to_owned(), ..told };
    assert_eq!(store.begin_turn(&NOBODY, stolen).await.expect("begun"), BegunTurn::Started);
    assert_eq!(texts(store, mine).await, ["mine", ""]);
    assert_eq!(texts(store, theirs).await, ["secret", "secret answer"]);
}

async fn a_second_turn_of_a_session_is_told_which_reply_runs(store: &dyn Store) {
    let session = open_session(store).await;
    let first = running_turn(store, session, "hello").await;
    let second = store.begin_turn(&NOBODY, turn(session, "and?")).await.expect("begun");
    assert_eq!(second, BegunTurn::Running(first.reply));
    assert_eq!(texts(store, session).await, ["hello", ""]);
    store.finish_turn(end(session, first.reply, "answer")).await.expect("ended");
    running_turn(store, session, "and?").await;
    let elsewhere = open_session(store).await;
    running_turn(store, elsewhere, "hello").await;
}

async fn joining_comes_before_running(store: &dyn Store) {
    let session = open_session(store).await;
    let first = whole_turn(store, session, "one", "answer").await;
    running_turn(store, session, "two").await;
    let begun = store.begin_turn(&NOBODY, first.clone()).await.expect("begun");
    assert_eq!(begun, BegunTurn::Joined(Box::new(message(store, session, first.reply).await)));
}

async fn of_many_turns_at_once_one_starts(store: &dyn Store) {
    let session = open_session(store).await;
    let turns = (0..20).map(|_| store.begin_turn(&NOBODY, turn(session, "hello")));
    let begun = futures_util::future::join_all(turns).await;
    let started = begun.iter().filter(|begun| matches!(begun, Ok(BegunTurn::Started))).count();
    let running = begun.iter().filter(|begun| matches!(begun, Ok(BegunTurn::Running(_)))).count();
    assert_eq!((started, running), (1, 19));
    assert_eq!(message_count(store, session).await, 2);
}

async fn a_new_try_hides_the_old_one_from_the_visitor(store: &dyn Store) {
    let session = open_session(store).await;
    whole_turn(store, session, "one", "first").await;
    let old = whole_turn(store, session, "two", "bad").await;
    let new = BeginTurn { replaces: Some(old.reply), ..turn(session, "two") };
    let begun = store.begin_turn(&NOBODY, new.clone()).await.expect("begun");
    assert_eq!(begun, BegunTurn::Started);
    assert_eq!(texts(store, session).await, ["one", "first", "two", ""]);
    assert_eq!(message_count(store, session).await, 4);
    let count = store.finish_turn(end(session, new.reply, "good")).await.expect("ended");
    assert_eq!(count, 4);
    assert_eq!(texts(store, session).await, ["one", "first", "two", "good"]);
    // Kept for the owner; and replacing it once more hides nothing else.
    assert_eq!(message(store, session, old.reply).await.content, "bad");
    let again = BeginTurn { replaces: Some(old.reply), ..turn(session, "three") };
    store.begin_turn(&NOBODY, again).await.expect("begun");
    assert_eq!(message_count(store, session).await, 6);
}

async fn a_new_try_of_an_unknown_reply_hides_nothing(store: &dyn Store) {
    let session = open_session(store).await;
    whole_turn(store, session, "one", "first").await;
    let new = BeginTurn { replaces: Some(MessageId::random()), ..turn(session, "two") };
    assert_eq!(store.begin_turn(&NOBODY, new).await.expect("begun"), BegunTurn::Started);
    assert_eq!(texts(store, session).await, ["one", "first", "two", ""]);
}

async fn a_new_try_of_a_visitors_message_hides_nothing(store: &dyn Store) {
    let session = open_session(store).await;
    let old = whole_turn(store, session, "one", "first").await;
    let new = BeginTurn { replaces: Some(old.message), ..turn(session, "two") };
    store.begin_turn(&NOBODY, new).await.expect("begun");
    assert_eq!(texts(store, session).await, ["one", "first", "two", ""]);
}

async fn a_new_try_hides_nothing_in_another_session(store: &dyn Store) {
    let theirs = open_session(store).await;
    let old = whole_turn(store, theirs, "theirs", "answer").await;
    let mine = open_session(store).await;
    let new = BeginTurn { replaces: Some(old.reply), ..turn(mine, "mine") };
    store.begin_turn(&NOBODY, new).await.expect("begun");
    assert_eq!(texts(store, theirs).await, ["theirs", "answer"]);
    assert_eq!(message_count(store, theirs).await, 2);
}

async fn a_turn_that_joins_hides_nothing(store: &dyn Store) {
    let session = open_session(store).await;
    let old = whole_turn(store, session, "one", "first").await;
    let last = running_turn(store, session, "two").await;
    for reply in [last.reply, MessageId::random()] {
        let new = BeginTurn { replaces: Some(old.reply), reply, ..turn(session, "three") };
        store.begin_turn(&NOBODY, new).await.expect("begun");
    }
    assert_eq!(texts(store, session).await, ["one", "first", "two", ""]);
}

async fn a_partial_text_is_kept(store: &dyn Store) {
    let session = open_session(store).await;
    let running = running_turn(store, session, "hello").await;
    for text in ["so", "so far"] {
        store.save_partial(session, running.reply, partial(text)).await.expect("saved");
    }
    let reply = message(store, session, running.reply).await;
    assert_eq!((reply.content.as_str(), reply.status), ("so far", MessageStatus::Streaming));
}

async fn a_late_partial_does_not_undo_an_end(store: &dyn Store) {
    let session = open_session(store).await;
    let ended = whole_turn(store, session, "hello", "the whole answer").await;
    store.save_partial(session, ended.reply, partial("the wh")).await.expect("saved");
    assert_eq!(message(store, session, ended.reply).await.content, "the whole answer");
    let nowhere = store.save_partial(SessionId::random(), ended.reply, partial("x")).await;
    nowhere.expect("a save into nothing is no failure");
}

async fn an_end_is_stored_with_all_its_facts(store: &dyn Store) {
    let session = open_session(store).await;
    let running = running_turn(store, session, "hello").await;
    let usage = Usage { input_tokens: Some(9), output_tokens: None, cached_input_tokens: Some(0) };
    let end = FinishTurn { usage, ..end(session, running.reply, "answer") };
    assert_eq!(store.finish_turn(end).await.expect("ended"), 2);
    let reply = message(store, session, running.reply).await;
    assert_eq!((reply.content.as_str(), reply.status), ("answer", MessageStatus::Complete));
    let facts = reply.reply.expect("facts");
    assert_eq!(facts.answers, Some(running.message));
    assert_eq!((facts.provider.as_str(), facts.model.as_str()), ("demo", "demo-2"));
    assert_eq!(facts.finish_reason, Some(FinishReason::Stop));
    assert_eq!((facts.failure, facts.usage), (None, usage));
}

async fn what_stands_behind_a_reply_is_stored_with_it(store: &dyn Store) {
    let id = open_session(store).await;
    for (suggestions, asks_contact) in
        [(vec!["Größe?".to_owned(), "Why?".to_owned()], true), (vec![], false)]
    {
        let running = running_turn(store, id, "hello").await;
        let end = FinishTurn {
            suggestions: suggestions.clone(),
            asks_contact,
            ..end(id, running.reply, "answer")
        };
        store.finish_turn(end).await.expect("the end");
        let facts = message(store, id, running.reply).await.reply.expect("a reply");
        assert_eq!((facts.suggestions, facts.asks_contact), (suggestions, asks_contact));
    }
}

async fn steps_are_kept_while_a_reply_grows_and_with_its_end(store: &dyn Store) {
    let session = open_session(store).await;
    let running = running_turn(store, session, "hello").await;
    let steps_of =
        async || message(store, session, running.reply).await.reply.expect("facts").steps;
    let [done, runs] =
        [("1", StepStatus::Done), ("2", StepStatus::Running)].map(|(id, s)| step(id, s));
    let steps = vec![done.clone(), runs.clone()];
    let grown = PartialReply { text: "Let".to_owned(), steps: Some(steps.clone()) };
    store.save_partial(session, running.reply, grown).await.expect("saved");
    assert_eq!(steps_of().await, steps);
    store.save_partial(session, running.reply, partial("Let me")).await.expect("saved");
    assert_eq!(steps_of().await, steps, "left as they were");
    let ended = vec![done, step("2", StepStatus::Failed)];
    let unverified = vec!["1.234,5 €".to_owned()];
    let end = FinishTurn {
        steps: ended.clone(),
        unverified: unverified.clone(),
        ..end(session, running.reply, "Let me")
    };
    store.finish_turn(end).await.expect("ended");
    let facts = message(store, session, running.reply).await.reply.expect("facts");
    assert_eq!((facts.steps, facts.unverified), (ended.clone(), unverified));
    let page = page(store, session, ALL).await;
    assert_eq!(page.messages.last().and_then(|m| m.reply.clone()).expect("a reply").steps, ended);
    let conversation = store.conversation(&Actor::System, session, 9, Some(running.reply)).await;
    let conversation = conversation.expect("read").expect("a session");
    let said = conversation.history.messages.last().and_then(|m| m.reply.clone());
    assert!(said.expect("a reply").steps.is_empty(), "no prompt repeats them");
    assert_eq!(conversation.known.and_then(|m| m.reply).expect("a reply").steps, ended);
}

async fn what_ran_in_a_reply_that_broke_off_has_failed(store: &dyn Store) {
    let session = open_session(store).await;
    let running = running_turn(store, session, "hello").await;
    let steps = Some(vec![step("1", StepStatus::Done), step("2", StepStatus::Running)]);
    let grown = PartialReply { text: String::new(), steps };
    store.save_partial(session, running.reply, grown).await.expect("saved");
    store.interrupt_orphaned_replies().await.expect("interrupted");
    let facts = message(store, session, running.reply).await.reply.expect("facts");
    assert_eq!(facts.steps, [step("1", StepStatus::Done), step("2", StepStatus::Failed)]);
}

async fn a_failed_reply_keeps_its_code(store: &dyn Store) {
    let session = open_session(store).await;
    let running = running_turn(store, session, "hello").await;
    let end = FinishTurn {
        status: MessageStatus::Failed,
        finish_reason: FinishReason::Error,
        failure: Some(FailureCode::ModelBusy),
        ..end(session, running.reply, "")
    };
    store.finish_turn(end).await.expect("ended");
    let reply = message(store, session, running.reply).await;
    assert_eq!(reply.status, MessageStatus::Failed);
    let facts = reply.reply.expect("facts");
    assert_eq!(facts.finish_reason, Some(FinishReason::Error));
    assert_eq!(facts.failure, Some(FailureCode::ModelBusy));
}

async fn a_reply_ends_once(store: &dyn Store) {
    let session = open_session(store).await;
    let ended = whole_turn(store, session, "hello", "answer").await;
    let late = FinishTurn {
        status: MessageStatus::Stopped,
        finish_reason: FinishReason::Stopped,
        now: at(99),
        ..end(session, ended.reply, "ans")
    };
    assert_eq!(store.finish_turn(late).await.expect("ended"), 2);
    let reply = message(store, session, ended.reply).await;
    assert_eq!((reply.content.as_str(), reply.status), ("answer", MessageStatus::Complete));
    assert_eq!(last_activity(store, session).await, at(20));
}

async fn a_turn_cannot_end_as_streaming(store: &dyn Store) {
    let session = open_session(store).await;
    let running = running_turn(store, session, "hello").await;
    let end =
        FinishTurn { status: MessageStatus::Streaming, ..end(session, running.reply, "answer") };
    assert!(matches!(store.finish_turn(end).await, Err(StoreError::Internal(_))));
    assert_eq!(message(store, session, running.reply).await.content, "");
}

async fn an_end_in_an_erased_session_is_no_failure(store: &dyn Store) {
    let session = open_session(store).await;
    let running = running_turn(store, session, "hello").await;
    assert!(store.erase_session(&NOBODY, session).await.expect("erased"));
    store.save_partial(session, running.reply, partial("so far")).await.expect("saved");
    assert_eq!(store.finish_turn(end(session, running.reply, "answer")).await.expect("ended"), 0);
    assert_eq!(store.session(&Actor::System, session).await.expect("read"), None);
}

async fn turns_note_activity_and_never_move_it_back(store: &dyn Store) {
    let session = open_session(store).await;
    let running = running_turn(store, session, "hello").await;
    assert_eq!(last_activity(store, session).await, at(10));
    store.finish_turn(end(session, running.reply, "answer")).await.expect("ended");
    assert_eq!(last_activity(store, session).await, at(20));
    whole_turn(store, session, "said at second 10", "answer").await;
    assert_eq!(last_activity(store, session).await, at(20));
}

async fn page(store: &dyn Store, session: SessionId, page: HistoryPage) -> History {
    store.history(&NOBODY, session, page).await.expect("read").expect("there")
}

async fn history_comes_oldest_first_and_newest_page_first(store: &dyn Store) {
    let session = open_session(store).await;
    for number in 0..3 {
        whole_turn(store, session, &format!("q{number}"), &format!("a{number}")).await;
    }
    let history = page(store, session, HistoryPage { limit: 3, before: None }).await;
    let texts: Vec<&str> = history.messages.iter().map(|said| said.content.as_str()).collect();
    assert_eq!(texts, ["a1", "q2", "a2"]);
    assert!(history.has_more);
    assert_eq!(history.message_count, 6);
}

async fn history_pages_meet_without_gap_or_overlap(store: &dyn Store) {
    let session = open_session(store).await;
    let mut old = None;
    for number in 0..5 {
        let question = BeginTurn { replaces: old, ..turn(session, &format!("q{number}")) };
        store.begin_turn(&NOBODY, question.clone()).await.expect("begun");
        store.finish_turn(end(session, question.reply, "a")).await.expect("ended");
        old = (number == 2).then_some(question.reply);
    }
    let whole = page(store, session, ALL).await;
    assert!(!whole.has_more);
    for limit in 1..=9 {
        let mut collected = Vec::new();
        let mut before = None;
        loop {
            let part = page(store, session, HistoryPage { limit, before }).await;
            assert_eq!(part.message_count, 8);
            before = part.messages.first().map(|oldest| oldest.id);
            collected.splice(0..0, part.messages);
            if !part.has_more {
                break;
            }
        }
        assert_eq!(collected, whole.messages, "pages of {limit}");
    }
}

async fn history_before_an_unknown_message_is_empty(store: &dyn Store) {
    let session = open_session(store).await;
    whole_turn(store, session, "hello", "answer").await;
    let before = Some(MessageId::random());
    let history = page(store, session, HistoryPage { limit: 10, before }).await;
    assert!(history.messages.is_empty() && !history.has_more && history.message_count == 2);
}

async fn history_before_a_message_of_another_session_is_empty(store: &dyn Store) {
    let mine = open_session(store).await;
    whole_turn(store, mine, "hello", "answer").await;
    let theirs = open_session(store).await;
    let told = whole_turn(store, theirs, "theirs", "answer").await;
    let history = page(store, mine, HistoryPage { limit: 10, before: Some(told.message) }).await;
    assert!(history.messages.is_empty());
}

async fn history_keeps_its_order_when_the_clock_jumps(store: &dyn Store) {
    let session = open_session(store).await;
    for (text, now) in [("one", at(10)), ("two", at(-86_400)), ("three", Timestamp::from_ms(0))] {
        let turn = BeginTurn { now, ..turn(session, text) };
        store.begin_turn(&NOBODY, turn.clone()).await.expect("begun");
        store.finish_turn(end(session, turn.reply, "answer")).await.expect("ended");
    }
    assert_eq!(texts(store, session).await, ["one", "answer", "two", "answer", "three", "answer"]);
}

async fn a_page_of_nothing_still_counts(store: &dyn Store) {
    let session = open_session(store).await;
    let nothing = HistoryPage { limit: 0, before: None };
    let history = page(store, session, nothing).await;
    assert!(history.messages.is_empty() && !history.has_more && history.message_count == 0);
    whole_turn(store, session, "hello", "answer").await;
    let history = page(store, session, nothing).await;
    assert!(history.messages.is_empty() && history.has_more && history.message_count == 2);
    assert_eq!(
        Some(&history.session),
        store.session(&NOBODY, session).await.expect("read").as_ref()
    );
}

async fn any_text_comes_back_as_it_went_in(store: &dyn Store) {
    let session = open_session(store).await;
    let long = "ü".repeat(200_000);
    let cases =
        ["", "'; drop table messages; --", "a\u{202e}b\u{feff}", "👩‍👩‍👧 \r\n\t", "%_\\", &long];
    for text in cases {
        let told = whole_turn(store, session, text, text).await;
        assert_eq!(message(store, session, told.message).await.content, text);
        assert_eq!(message(store, session, told.reply).await.content, text);
    }
}

async fn a_conversation_knows_a_reply_of_long_ago(store: &dyn Store) {
    let session = open_session(store).await;
    let first = whole_turn(store, session, "first", "answer").await.reply;
    whole_turn(store, session, "second", "answer").await;
    let read = |reply| store.conversation(&NOBODY, session, 1, reply);
    let read = |reply| async move { read(reply).await.expect("read").expect("there") };
    let conversation = read(Some(first)).await;
    assert_eq!(conversation.history.messages.len(), 1);
    assert_eq!(conversation.known.map(|message| message.id), Some(first));
    assert_eq!(read(Some(MessageId::random())).await.known, None);
    assert_eq!(read(None).await.known, None);
}

async fn a_message_is_found_in_its_own_session_only(store: &dyn Store) {
    let mine = open_session(store).await;
    let theirs = open_session(store).await;
    let told = whole_turn(store, theirs, "theirs", "answer").await;
    for id in [told.message, told.reply, MessageId::random()] {
        assert_eq!(store.message(&Actor::System, mine, id).await.expect("read"), None);
    }
}

async fn clearing_deletes_what_was_said_and_counts_it(store: &dyn Store) {
    let session = open_session(store).await;
    let kept = open_session(store).await;
    whole_turn(store, kept, "stays", "too").await;
    for number in 0..3 {
        whole_turn(store, session, &format!("q{number}"), "answer").await;
    }
    assert_eq!(store.clear_history(&NOBODY, session, at(30)).await.expect("cleared"), Some(6));
    assert!(texts(store, session).await.is_empty());
    assert_eq!(message_count(store, session).await, 0);
    assert_eq!(last_activity(store, session).await, at(30));
    assert_eq!(store.clear_history(&NOBODY, session, at(31)).await.expect("cleared"), Some(0));
    assert_eq!(texts(store, kept).await, ["stays", "too"]);
    whole_turn(store, session, "anew", "answer").await;
    assert_eq!(texts(store, session).await, ["anew", "answer"]);
}

async fn clearing_spares_the_running_turn(store: &dyn Store) {
    let session = open_session(store).await;
    whole_turn(store, session, "one", "first").await;
    let running = running_turn(store, session, "two").await;
    store.save_partial(session, running.reply, partial("so far")).await.expect("saved");
    assert_eq!(store.clear_history(&NOBODY, session, at(30)).await.expect("cleared"), Some(2));
    assert_eq!(texts(store, session).await, ["two", "so far"]);
    let count = store.finish_turn(end(session, running.reply, "second")).await.expect("ended");
    assert_eq!(count, 2);
    assert_eq!(texts(store, session).await, ["two", "second"]);
}

async fn clearing_deletes_what_was_replaced_without_counting_it(store: &dyn Store) {
    let session = open_session(store).await;
    let old = whole_turn(store, session, "one", "bad").await;
    let new = BeginTurn { replaces: Some(old.reply), ..turn(session, "one") };
    store.begin_turn(&NOBODY, new.clone()).await.expect("begun");
    store.finish_turn(end(session, new.reply, "good")).await.expect("ended");
    assert_eq!(store.clear_history(&NOBODY, session, at(30)).await.expect("cleared"), Some(2));
    for id in [old.message, old.reply, new.message, new.reply] {
        assert_eq!(store.message(&Actor::System, session, id).await.expect("read"), None);
    }
}

/// Many deeds in an order that looks random but is the same every time.
async fn the_message_count_is_always_what_the_visitor_sees(store: &dyn Store) {
    let session = open_session(store).await;
    let mut replies: Vec<MessageId> = Vec::new();
    let mut dice: u64 = 42;
    let mut roll = move |sides: u64| {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (dice >> 33) % sides
    };
    for _ in 0..300 {
        let some_reply = replies.get(usize::try_from(roll(20)).expect("small")).copied();
        match roll(6) {
            0..=2 => {
                let new = BeginTurn { replaces: some_reply, ..turn(session, "hello") };
                store.begin_turn(&NOBODY, new.clone()).await.expect("begun");
                replies.insert(0, new.reply);
            }
            3 | 4 => {
                let reply = some_reply.unwrap_or_else(MessageId::random);
                store.finish_turn(end(session, reply, "answer")).await.expect("ended");
            }
            _ if roll(5) == 0 => {
                store.clear_history(&NOBODY, session, at(30)).await.expect("cleared");
            }
            _ => {}
        }
        let history = page(store, session, ALL).await;
        assert_eq!(history.message_count, u64::try_from(history.messages.len()).expect("few"));
    }
}

fn thumb(rating: Rating, comment: Option<&str>) -> Feedback {
    Feedback::new(rating, comment).expect("a comment")
}

/// The outcome of rating the reply of `told`.
async fn rated(
    store: &dyn Store,
    actor: &Actor,
    told: &BeginTurn,
    feedback: Option<Feedback>,
) -> RatedReply {
    let rating = RateReply { session: told.session, reply: told.reply, feedback, now: at(30) };
    store.rate_reply(actor, rating).await.expect("rated")
}

async fn feedback(store: &dyn Store, told: &BeginTurn) -> Option<Feedback> {
    message(store, told.session, told.reply).await.reply.expect("a reply").feedback
}

async fn a_rating_takes_the_place_of_the_one_before(store: &dyn Store) {
    let id = open_session(store).await;
    let told = whole_turn(store, id, "question", "answer").await;
    assert_eq!(feedback(store, &told).await, None);
    for said in [
        Some(thumb(Rating::Down, Some("Größe ✓"))),
        Some(thumb(Rating::Up, None)),
        None,
        Some(thumb(Rating::Down, None)),
    ] {
        assert_eq!(rated(store, &NOBODY, &told, said.clone()).await, RatedReply::Saved);
        assert_eq!(feedback(store, &told).await, said);
    }
    assert_eq!(texts(store, id).await, ["question", "answer"]);
    assert_eq!(last_activity(store, id).await, at(20), "a thumb is not a conversation");
}

async fn a_rating_is_stored_for_an_ended_reply_only(store: &dyn Store) {
    let id = open_session(store).await;
    let thumb = Some(thumb(Rating::Up, None));
    let running = running_turn(store, id, "question").await;
    assert_eq!(rated(store, &NOBODY, &running, thumb.clone()).await, RatedReply::Running);
    assert_eq!(feedback(store, &running).await, None);
    store.finish_turn(end(id, running.reply, "answer")).await.expect("the end");
    let other = open_session(store).await;
    for no_reply in [
        BeginTurn { reply: running.message, ..running.clone() },
        BeginTurn { reply: MessageId::random(), ..running.clone() },
        BeginTurn { session: other, ..running.clone() },
    ] {
        assert_eq!(rated(store, &NOBODY, &no_reply, thumb.clone()).await, RatedReply::NoReply);
    }
    assert_eq!(feedback(store, &running).await, None);
}

async fn the_owner_reads_ratings_newest_first_and_visitors_do_not(store: &dyn Store) {
    let id = open_session(store).await;
    let mut told = Vec::new();
    for (name, second) in [("first", 50), ("last", 70), ("middle", 60)] {
        let turn = whole_turn(store, id, name, &"a".repeat(1000)).await;
        let feedback = Some(thumb(Rating::Down, Some(name)));
        let rating = RateReply { session: id, reply: turn.reply, feedback, now: at(second) };
        store.rate_reply(&NOBODY, rating).await.expect("rated");
        told.push(turn);
    }
    whole_turn(store, id, "not rated", "answer").await;
    let taken_back = RateReply { session: id, reply: told[0].reply, feedback: None, now: at(80) };
    store.rate_reply(&NOBODY, taken_back).await.expect("rated");
    let read = store.judged_replies(&Actor::System, 10).await.expect("read");
    let questions: Vec<&str> = read.iter().map(|reply| reply.question.as_str()).collect();
    assert_eq!(questions, ["last", "middle"]);
    assert_eq!((read[0].session, read[0].at), (id, at(70)));
    assert_eq!(read[0].feedback, thumb(Rating::Down, Some("last")));
    assert_eq!(read[0].reply, "a".repeat(400), "how it begins");
    assert_eq!(store.judged_replies(&Actor::System, 1).await.expect("read").len(), 1);
    assert_eq!(store.judged_replies(&NOBODY, 10).await.expect("read"), []);
}

async fn the_owner_reads_who_visitors_are_newest_first_and_visitors_do_not(store: &dyn Store) {
    let mut sessions = Vec::new();
    for (name, second) in [("first", 50), ("last", 70), ("middle", 60), ("gone", 80)] {
        let id = open_session(store).await;
        let told = details(&[("name", Some(name))]);
        store.merge_details(&NOBODY, id, told, at(second)).await.expect("merged");
        sessions.push(id);
    }
    let nothing = details(&[("name", None)]);
    store.merge_details(&NOBODY, sessions[3], nothing, at(90)).await.expect("merged");
    let some = PageRequest::first;
    let read = store.leads(&Actor::System, None, some(10)).await.expect("read").items;
    let names: Vec<&str> = read.iter().map(|lead| lead.details["name"].as_str()).collect();
    assert_eq!(names, ["last", "middle", "first"]);
    assert_eq!((read[0].session, read[0].at), (sessions[1], at(70)));
    assert_eq!(store.leads(&Actor::System, None, some(2)).await.expect("read").items.len(), 2);
    assert_eq!(store.leads(&NOBODY, None, some(10)).await.expect("read"), Page::empty());
}

async fn orphaned_replies_are_interrupted_with_their_text(store: &dyn Store) {
    let ended = open_session(store).await;
    let told = whole_turn(store, ended, "hello", "answer").await;
    let mut orphans = Vec::new();
    for _ in 0..3 {
        let session = open_session(store).await;
        let running = running_turn(store, session, "hello").await;
        store.save_partial(session, running.reply, partial("so far")).await.expect("saved");
        orphans.push(running);
    }
    assert_eq!(store.interrupt_orphaned_replies().await.expect("interrupted"), 3);
    for orphan in orphans {
        let reply = message(store, orphan.session, orphan.reply).await;
        assert_eq!((reply.content.as_str(), reply.status), ("so far", MessageStatus::Interrupted));
        let facts = reply.reply.expect("facts");
        assert_eq!(facts.finish_reason, Some(FinishReason::Interrupted));
        running_turn(store, orphan.session, "again").await;
    }
    assert_eq!(message(store, ended, told.reply).await.status, MessageStatus::Complete);
}

async fn a_check_shows_that_writes_work_and_leaves_nothing(store: &dyn Store) {
    for _ in 0..3 {
        store.check_writable().await.expect("writable");
    }
    let stats = store.session_stats(at(0)).await.expect("counted");
    assert_eq!(stats, SessionStats { total: 0, active: 0 });
}

async fn a_closed_store_is_busy(store: &dyn Store) {
    let id = open_session(store).await;
    store.close().await;
    let write = store.create_session(new_session()).await;
    assert!(matches!(write, Err(StoreError::Busy(_))), "{write:?}");
    let read = store.session(&Actor::System, id).await;
    assert!(matches!(read, Err(StoreError::Busy(_))), "{read:?}");
    assert!(matches!(store.check_writable().await, Err(StoreError::Busy(_))));
}

async fn closing_twice_is_fine(store: &dyn Store) {
    store.close().await;
    store.close().await;
}
