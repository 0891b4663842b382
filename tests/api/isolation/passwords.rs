//! What signing in costs: the same time whoever is named, little memory however many try, and a
//! wait for whoever tries too often.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::process::Program;

const PASSWORD: &str = "a kind otter 7";

fn program(folder: &tempfile::TempDir, values: &[(&str, &str)]) -> Program {
    Program::start(folder.path(), values)
}

async fn register(program: &Program, username: &str) {
    let email = format!("{username}@example.com");
    let body = json!({ "username": username, "email": email, "password1": PASSWORD, "password2": PASSWORD });
    let answer = program.post("/api/v1/accounts/register/", &body).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
}

async fn wrong(program: &Program, username: &str) -> (Duration, String) {
    let body = json!({ "username": username, "password": "a wrong password" });
    let began = Instant::now();
    let answer = program.post("/api/v1/accounts/login/", &body).await;
    let took = began.elapsed();
    let id = answer.header("x-request-id").unwrap_or_default().to_owned();
    let text = answer.text().replace(&id, "<id>");
    assert_eq!(answer.status, 400, "{text}");
    (took, text)
}

#[tokio::test]
async fn an_unknown_name_takes_as_long_as_a_known_one_and_is_told_the_same() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let program = program(&folder, &[("RATE_LIMITS", "off")]);
    register(&program, "ada").await;
    // Other tests run beside this one: a difference that is real shows in every round.
    let mut seen = Vec::new();
    for _ in 0..4 {
        match difference(&program).await {
            None => return,
            Some(difference) => seen.push(difference),
        }
    }
    panic!("names can be told by their time: {seen:?}");
}

/// By how much known and unknown names differ, if it is more than chance.
async fn difference(program: &Program) -> Option<String> {
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for n in 0..9 {
        let (time, words) = wrong(program, "ada").await;
        let (other_time, other_words) = wrong(program, &format!("nobody{n}")).await;
        assert_eq!(words, other_words);
        known.push(time);
        unknown.push(other_time);
    }
    known.sort_unstable();
    unknown.sort_unstable();
    [("quickest", 0), ("median", 4)].into_iter().find_map(|(what, place)| {
        let (one, other) = (known[place], unknown[place]);
        let most = Duration::from_millis(10).max(one.max(other).mul_f64(0.35));
        (one.abs_diff(other) > most).then(|| format!("{what}: {one:?} and {other:?}"))
    })
}

#[tokio::test]
async fn fifty_sign_ins_at_once_take_little_memory_and_hold_nobody_up() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let program = program(&folder, &[("RATE_LIMITS", "off")]);
    register(&program, "ada").await;
    let before = program.resident_bytes();
    let body = json!({ "username": "ada", "password": "a wrong password" });
    let tries = async {
        let tries = (0..50).map(|_| program.post("/api/v1/accounts/login/", &body));
        for answer in futures_util::future::join_all(tries).await {
            assert!([400, 503].contains(&answer.status), "{}", answer.text());
        }
    };
    let mut most = before;
    let mut slowest = Duration::ZERO;
    let watch = async {
        loop {
            let began = Instant::now();
            assert_eq!(program.get("/health").await.status, 200);
            slowest = slowest.max(began.elapsed());
            most = most.max(program.resident_bytes());
        }
    };
    tokio::select! {
        () = tries => {}
        () = watch => {}
    }
    let grown = most.saturating_sub(before) / 1024 / 1024;
    assert!(grown < 200, "{grown} MB more");
    assert!(slowest < Duration::from_secs(1), "health took {slowest:?}");
}
