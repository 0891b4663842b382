//! Signing in under pressure: what it costs, how long it takes, who waits.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use serde_json::json;

use super::{PASSWORD, form};
use crate::support::api::Api;
use crate::support::process::Program;

fn started(folder: &tempfile::TempDir) -> Program {
    Program::start(folder.path(), &[("RATE_LIMITS", "off")])
}

async fn login(api: &Api, username: &str, password: &str) -> u16 {
    let body = json!({ "username": username, "password": password });
    api.post("/api/v1/accounts/login/", &body).await.status
}

async fn register(api: &Api, username: &str) {
    let answer = api.post("/api/v1/accounts/register/", &form(username)).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
}

/// The least and the median.
fn least_and_median(mut times: Vec<Duration>) -> [Duration; 2] {
    times.sort_unstable();
    [times[0], times[times.len() / 2]]
}

#[tokio::test]
async fn a_name_that_nobody_has_takes_as_long_as_a_wrong_password() {
    const TRIES: usize = 15;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let program = started(&folder);
    register(&program, "ada").await;
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for _ in 0..TRIES {
        // In turns, so that whatever else the machine does slows both.
        for (name, times) in [("ada", &mut known), ("nobody", &mut unknown)] {
            let begun = Instant::now();
            assert_eq!(login(&program, name, "wrong otter 7").await, 400);
            times.push(begun.elapsed());
        }
    }
    let (known, unknown) = (least_and_median(known), least_and_median(unknown));
    eprintln!("wrong password {known:?}, unknown name {unknown:?} (least, median)");
    for (one, other) in known.into_iter().zip(unknown) {
        let allowed = one.max(other).mul_f64(0.35).max(Duration::from_millis(10));
        assert!(one.abs_diff(other) <= allowed, "{known:?} and {unknown:?}");
    }
}

#[tokio::test]
async fn fifty_sign_ins_at_once_take_little_memory_and_leave_the_chat_alone() {
    const MOST_BYTES: usize = 200 * 1024 * 1024;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let program = started(&folder);
    register(&program, "ada").await;
    let visit = program.open().await;
    let quiet = chat_times(&program, &visit, 20).await;
    let before = program.resident_bytes();
    let logins = join_all((0..50).map(|_| login(&program, "ada", PASSWORD)));
    let watched = async {
        let (mut most, mut times) = (0, Vec::new());
        for _ in 0..20 {
            times.extend(chat_times(&program, &visit, 1).await);
            most = most.max(program.resident_bytes());
        }
        (most, times)
    };
    let (statuses, (most, busy)) = tokio::join!(logins, watched);
    assert!(statuses.iter().all(|status| *status == 200), "{statuses:?}");
    let grown = most.saturating_sub(before);
    let [_, quiet] = least_and_median(quiet);
    let [_, busy] = least_and_median(busy);
    eprintln!("{} MB more; chat {quiet:?} before, {busy:?} meanwhile (median)", grown >> 20);
    assert!(grown < MOST_BYTES, "{} MB more", grown >> 20);
    assert!(busy < quiet * 4 + Duration::from_millis(50), "{quiet:?} before, {busy:?} meanwhile");
}

async fn chat_times(api: &Api, visit: &crate::support::api::Visit, count: usize) -> Vec<Duration> {
    let mut times = Vec::new();
    for _ in 0..count {
        let begun = Instant::now();
        assert_eq!(api.say(visit, "Hello").await.status, 200);
        times.push(begun.elapsed());
    }
    times
}
