//! What the store promises of files.

use alcove::domain::actor::Actor;
use alcove::domain::file::{File, FileKind, FileName};
use alcove::domain::id::{FileId, SessionId};
use alcove::domain::table::{Shape, TableProfile};
use alcove::store::{AddedFile, FileQuota, NewFile, Store};
use bytes::Bytes;

use crate::support::{at, holder_of, open_session, protected_session, whole_turn};

for_each_backend! {
    a_file_reads_back_as_it_was_stored
    files_are_listed_oldest_first_and_per_session
    a_file_opens_only_in_its_own_session
    a_file_notes_activity
    a_session_holds_only_so_many_files
    a_sessions_files_hold_only_so_much
    all_files_hold_only_so_much_and_deleting_makes_room
    of_files_at_once_only_those_that_fit_are_kept
    a_deleted_file_is_gone_and_the_others_stay
    an_erased_session_takes_its_files_along
    a_stale_session_takes_its_files_along
    a_file_that_arrives_in_an_erased_session_leaves_nothing
    clearing_the_conversation_keeps_the_files
    who_may_touch_a_file_is_whoever_may_touch_its_session
    nothing_unfinished_is_left_of_whole_files
}

/// More than any test here needs.
pub const PLENTY: FileQuota =
    FileQuota { session_files: 5, session_bytes: 20 << 20, total_bytes: 1 << 30 };

/// Bytes that differ from place to place, so that pieces in a wrong order show.
fn content(len: usize) -> Bytes {
    (0..len).map(|place| (place / 7 % 251) as u8).collect::<Vec<u8>>().into()
}

fn table(name: &str) -> TableProfile {
    TableProfile {
        name: name.to_owned(),
        source: format!("{name}.csv"),
        row_count: 3,
        columns: Vec::new(),
        sample: Vec::new(),
        notes: vec!["a note".to_owned()],
    }
}

/// A file of the session, at second 5.
pub fn new_file(session: SessionId, bytes: Bytes) -> NewFile {
    NewFile {
        session,
        id: FileId::random(),
        name: FileName::cleaned("Sales 2024.csv"),
        kind: FileKind::Csv,
        shape: Shape::Rows,
        tables: vec![table("sales_2024")],
        bytes,
        now: at(5),
    }
}

async fn add(store: &dyn Store, file: &NewFile, quota: FileQuota) -> AddedFile {
    store.add_file(&Actor::System, file.clone(), quota).await.expect("a file")
}

async fn kept(store: &dyn Store, session: SessionId, len: usize) -> FileId {
    let file = new_file(session, content(len));
    assert_eq!(add(store, &file, PLENTY).await, AddedFile::Added);
    file.id
}

async fn listed(store: &dyn Store, session: SessionId) -> Vec<File> {
    store.files(&Actor::System, session).await.expect("a list").expect("a session")
}

async fn ids(store: &dyn Store, session: SessionId) -> Vec<FileId> {
    listed(store, session).await.into_iter().map(|file| file.id).collect()
}

async fn bytes_of(store: &dyn Store, session: SessionId, id: FileId) -> Option<Bytes> {
    store.file_bytes(&Actor::System, session, id).await.expect("a read")
}

async fn a_file_reads_back_as_it_was_stored(store: &dyn Store) {
    let session = open_session(store).await;
    for len in [0, 1, 256 << 10, (256 << 10) + 1, 3 << 20] {
        let file = new_file(session, content(len));
        assert_eq!(add(store, &file, PLENTY).await, AddedFile::Added);
        let expected = File {
            id: file.id,
            name: file.name.clone(),
            kind: FileKind::Csv,
            shape: Shape::Rows,
            size_bytes: len as u64,
            uploaded_at: at(5),
            tables: file.tables.clone(),
        };
        assert_eq!(listed(store, session).await.last(), Some(&expected));
        assert_eq!(bytes_of(store, session, file.id).await, Some(file.bytes), "{len}");
    }
}

async fn files_are_listed_oldest_first_and_per_session(store: &dyn Store) {
    let (one, other) = (open_session(store).await, open_session(store).await);
    let first = kept(store, one, 10).await;
    let foreign = kept(store, other, 10).await;
    let second = kept(store, one, 10).await;
    assert_eq!(ids(store, one).await, [first, second]);
    assert_eq!(ids(store, other).await, [foreign]);
}

async fn a_file_opens_only_in_its_own_session(store: &dyn Store) {
    let (one, other) = (open_session(store).await, open_session(store).await);
    let file = kept(store, one, 10).await;
    assert_eq!(bytes_of(store, other, file).await, None);
    assert!(!store.delete_file(&Actor::System, other, file).await.expect("asked"));
    assert!(bytes_of(store, one, file).await.is_some());
}

async fn a_file_notes_activity(store: &dyn Store) {
    let session = open_session(store).await;
    kept(store, session, 10).await;
    let session = store.session(&Actor::System, session).await.expect("read").expect("there");
    assert_eq!(session.last_activity, at(5));
}

async fn a_session_holds_only_so_many_files(store: &dyn Store) {
    let (session, other) = (open_session(store).await, open_session(store).await);
    for _ in 0..5 {
        kept(store, session, 10).await;
    }
    let sixth = new_file(session, content(10));
    assert_eq!(add(store, &sixth, PLENTY).await, AddedFile::TooMany);
    assert_eq!(ids(store, session).await.len(), 5, "nothing was stored");
    kept(store, other, 10).await;
    let first = ids(store, session).await[0];
    assert!(store.delete_file(&Actor::System, session, first).await.expect("deleted"));
    assert_eq!(add(store, &sixth, PLENTY).await, AddedFile::Added);
}

async fn a_sessions_files_hold_only_so_much(store: &dyn Store) {
    let session = open_session(store).await;
    let quota = FileQuota { session_bytes: 1000, ..PLENTY };
    let add = async |len| add(store, &new_file(session, content(len)), quota).await;
    assert_eq!(add(600).await, AddedFile::Added);
    assert_eq!(add(401).await, AddedFile::SessionFull);
    assert_eq!(add(400).await, AddedFile::Added, "exactly so much fits");
    assert_eq!(add(1).await, AddedFile::SessionFull);
    assert_eq!(ids(store, session).await.len(), 2);
}

async fn all_files_hold_only_so_much_and_deleting_makes_room(store: &dyn Store) {
    let quota = FileQuota { total_bytes: 100_000, ..PLENTY };
    let (one, two, three) =
        (open_session(store).await, open_session(store).await, open_session(store).await);
    let first = new_file(one, content(60_000));
    assert_eq!(add(store, &first, quota).await, AddedFile::Added);
    let second = new_file(two, content(60_000));
    assert_eq!(add(store, &second, quota).await, AddedFile::StoreFull);
    assert!(store.delete_file(&Actor::System, one, first.id).await.expect("deleted"));
    assert_eq!(add(store, &second, quota).await, AddedFile::Added);
    assert!(store.erase_session(&Actor::System, two).await.expect("erased"));
    let third = new_file(three, content(60_000));
    assert_eq!(add(store, &third, quota).await, AddedFile::Added, "erasing makes room, too");
}

async fn of_files_at_once_only_those_that_fit_are_kept(store: &dyn Store) {
    let session = open_session(store).await;
    let quota = FileQuota { session_files: 3, session_bytes: 2_500_000, ..PLENTY };
    let files: Vec<_> = (0..8).map(|_| new_file(session, content(1_000_000))).collect();
    let adding = files.iter().map(|file| add(store, file, quota));
    let outcomes = futures_util::future::join_all(adding).await;
    let added = outcomes.iter().filter(|outcome| **outcome == AddedFile::Added).count();
    assert_eq!((added, ids(store, session).await.len()), (2, 2), "{outcomes:?}");
    for file in files.iter().zip(outcomes).filter(|(_, outcome)| *outcome == AddedFile::Added) {
        assert_eq!(bytes_of(store, session, file.0.id).await.as_ref(), Some(&file.0.bytes));
    }
}

async fn a_deleted_file_is_gone_and_the_others_stay(store: &dyn Store) {
    let session = open_session(store).await;
    let (gone, stays) = (kept(store, session, 3 << 20).await, kept(store, session, 3 << 20).await);
    assert!(store.delete_file(&Actor::System, session, gone).await.expect("deleted"));
    assert!(!store.delete_file(&Actor::System, session, gone).await.expect("asked"), "once");
    assert_eq!(ids(store, session).await, [stays]);
    assert_eq!(bytes_of(store, session, gone).await, None);
    assert_eq!(bytes_of(store, session, stays).await, Some(content(3 << 20)));
}

async fn an_erased_session_takes_its_files_along(store: &dyn Store) {
    let (session, other) = (open_session(store).await, open_session(store).await);
    let (file, stays) = (kept(store, session, 3 << 20).await, kept(store, other, 10).await);
    assert!(store.erase_session(&Actor::System, session).await.expect("erased"));
    assert!(store.files(&Actor::System, session).await.expect("a list").is_none());
    assert_eq!(bytes_of(store, session, file).await, None);
    assert_eq!(ids(store, other).await, [stays]);
}

async fn a_stale_session_takes_its_files_along(store: &dyn Store) {
    let (stale, fresh) = (open_session(store).await, open_session(store).await);
    let file = kept(store, stale, 3 << 20).await;
    let stays = NewFile { now: at(100), ..new_file(fresh, content(10)) };
    assert_eq!(add(store, &stays, PLENTY).await, AddedFile::Added);
    assert_eq!(store.delete_stale_sessions(at(50), None).await.expect("swept"), 1);
    assert_eq!(bytes_of(store, stale, file).await, None);
    assert_eq!(ids(store, fresh).await, [stays.id]);
}

async fn a_file_that_arrives_in_an_erased_session_leaves_nothing(store: &dyn Store) {
    for _ in 0..5 {
        let session = open_session(store).await;
        let file = new_file(session, content(8 << 20));
        let erase = async { store.erase_session(&Actor::System, session).await.expect("erased") };
        let (added, erased) = tokio::join!(add(store, &file, PLENTY), erase);
        assert!(erased && matches!(added, AddedFile::Added | AddedFile::NoSession), "{added:?}");
        assert_eq!(bytes_of(store, session, file.id).await, None);
    }
    let quota = FileQuota { total_bytes: 10_000, ..PLENTY };
    let session = open_session(store).await;
    let small = new_file(session, content(5000));
    assert_eq!(add(store, &small, quota).await, AddedFile::Added, "nothing of them counts");
}

async fn clearing_the_conversation_keeps_the_files(store: &dyn Store) {
    let session = open_session(store).await;
    whole_turn(store, session, "hello", "answer").await;
    let file = kept(store, session, 10).await;
    store.clear_history(&Actor::System, session, at(6)).await.expect("cleared");
    assert_eq!(ids(store, session).await, [file]);
}

async fn who_may_touch_a_file_is_whoever_may_touch_its_session(store: &dyn Store) {
    let nobody = Actor::ANONYMOUS;
    for (actor, may) in [
        (holder_of("right"), true),
        (Actor::System, true),
        (holder_of("wrong"), false),
        (nobody, false),
    ] {
        let session = protected_session(store, "right").await;
        let id = kept(store, session, 10).await;
        let new = new_file(session, content(10));
        let added = store.add_file(&actor, new, PLENTY).await.expect("asked");
        assert_eq!(added == AddedFile::Added, may, "{actor:?}");
        assert_eq!(store.files(&actor, session).await.expect("asked").is_some(), may);
        assert_eq!(store.file_bytes(&actor, session, id).await.expect("asked").is_some(), may);
        assert_eq!(store.delete_file(&actor, session, id).await.expect("asked"), may);
        assert_eq!(ids(store, session).await.len(), 1, "{actor:?}");
    }
}

async fn nothing_unfinished_is_left_of_whole_files(store: &dyn Store) {
    let session = open_session(store).await;
    let file = kept(store, session, 1 << 20).await;
    assert_eq!(store.delete_unfinished_files().await.expect("looked"), 0);
    assert_eq!(bytes_of(store, session, file).await, Some(content(1 << 20)));
}
