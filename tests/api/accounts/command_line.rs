//! Accounts on the command line, beside a running server, and the link of the first run.

use serde_json::json;

use crate::support::process::{Program, run, run_with_input};

const PASSWORD: &str = "kind otter 7";

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

fn create(folder: &tempfile::TempDir, name: &str) -> crate::support::process::Ended {
    let args = ["createsuperuser", "--username", name, "--password-stdin"];
    run_with_input(folder.path(), &args, &format!("{PASSWORD}\n"))
}

#[tokio::test]
async fn an_owner_made_on_the_command_line_signs_in_and_has_tokens() {
    let folder = folder();
    let program = Program::start(folder.path(), &[]);
    let made = create(&folder, "ada");
    assert_eq!((made.code, made.stderr.as_str()), (Some(0), ""));
    assert!(made.stdout.starts_with("ada is an owner now"), "{}", made.stdout);
    let login = json!({ "username": "ada", "password": PASSWORD });
    assert_eq!(program.post("/api/v1/accounts/login/", &login).await.status, 200);
    let made = run(folder.path(), &["token", "create", "--account", "ada", "--name", "CI"], &[]);
    assert_eq!((made.code, made.stderr.as_str()), (Some(0), ""));
    let token = made.stdout.trim().to_owned();
    assert_eq!(made.stdout, format!("{token}\n"), "the token alone, for scripts");
    let asks = async || {
        let call = program.call("GET", "/api/v1/chat/chats-history/");
        call.header("authorization", &format!("Token {token}")).send().await.status
    };
    assert_eq!(asks().await, 200);
    let list = run(folder.path(), &["token", "list", "--account", "ADA"], &[]).stdout;
    assert!(list.contains("\tada\tCI\t…") && !list.contains(&token), "{list}");
    let number = list.lines().find(|line| line.contains("\tCI\t")).expect("the token");
    let number = number.split('\t').next().expect("a number");
    assert_eq!(run(folder.path(), &["token", "revoke", number], &[]).code, Some(0));
    assert_eq!(asks().await, 401, "at once, in the server that runs");
    program.terminate();
    program.wait();
}

#[test]
fn what_cannot_be_done_is_said_and_has_an_exit_code() {
    let folder = folder();
    let fails = |args: &[&str], input: &str, code: i32, words: &str| {
        let ended = run_with_input(folder.path(), args, input);
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(code), ""), "{args:?}");
        assert!(ended.stderr.contains(words), "{args:?}: {}", ended.stderr);
        assert!(!ended.stderr.contains("hunter2"), "{}", ended.stderr);
    };
    fails(&["token", "list"], "", 1, "there is no such file");
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 0, "none is made");
    fails(&["createsuperuser", "--password-stdin"], "x\n", 1, "--username is needed");
    fails(&["createsuperuser", "--username", "ada"], "", 1, "--password-stdin is needed");
    let ada = ["createsuperuser", "--username", "ada", "--password-stdin"];
    fails(&ada, "hunter2\n", 1, "password: This password is too short.");
    fails(&ada, "password\n", 1, "too common");
    fails(&ada, "", 1, "password: This field is required.");
    let odd = ["createsuperuser", "--username", "a b", "--email", "x", "--password-stdin"];
    fails(&odd, "kind otter 7\n", 1, "username: Enter a valid username.");
    assert_eq!(create(&folder, "ada").code, Some(0));
    fails(&ada, "kind otter 7\n", 1, "A user with that username already exists.");
    fails(&["token", "create", "--account", "bob"], "", 1, "no such account");
    fails(&["token", "revoke", "7"], "", 1, "no such token");
    fails(&["token"], "", 2, "Usage");
    fails(&["token", "create"], "", 2, "--account");
    fails(&["token", "revoke", "x"], "", 2, "invalid value");
}

#[tokio::test]
async fn until_there_is_an_owner_each_start_shows_a_new_link_on_standard_error() {
    let folder = folder();
    let mut links = Vec::new();
    for _ in 0..2 {
        let program = Program::start(folder.path(), &[("PUBLIC_URL", "https://chat.example.com")]);
        program.logged("createsuperuser").await;
        program.terminate();
        let (ended, _) = program.wait();
        let line = ended.stderr.lines().find(|line| line.contains("/admin/setup?key="));
        let link = line.expect("a link").trim().to_owned();
        assert!(link.starts_with("https://chat.example.com/admin/setup?key="), "{link}");
        assert!(!ended.stdout.contains("key="), "{}", ended.stdout);
        links.push(link);
    }
    assert_ne!(links[0], links[1]);
    assert_eq!(create(&folder, "ada").code, Some(0));
    let program = Program::start(folder.path(), &[]);
    program.get("/health").await.ok();
    program.terminate();
    assert!(!program.wait().0.stderr.contains("setup"), "an owner is enough");
}

#[tokio::test]
async fn logs_for_programs_do_not_hold_the_link() {
    let folder = folder();
    let program = Program::start(folder.path(), &[("LOG_FORMAT", "json")]);
    program.logged("createsuperuser").await;
    program.terminate();
    let (ended, _) = program.wait();
    assert!(!ended.stderr.contains("key=") && !ended.stdout.contains("key="), "{ended:?}");
}
