//! What the owner reads on the command line, while the server runs and after it.

use serde_json::json;

use crate::support::process::{Program, run};

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

#[tokio::test]
async fn feedback_and_leads_are_read_beside_a_running_server_and_after_it() {
    let folder = folder();
    let program = Program::start(folder.path(), &[("BOT_LEAD_FORM", "name, email!, company")]);
    let visit = program.protected().await;
    let reply = program.ask(&visit, "When are you open?").await.told().await.reply;
    let session = format!("/api/sessions/{}", visit.id);
    let rating = json!({ "sessionId": visit.id, "rating": "down", "comment": "Not on Mondays." });
    let path = format!("/api/chat/replies/{reply}/feedback");
    program.as_visitor(&visit, "POST", &path).json(&rating).send().await.ok();
    let told = json!({ "email": "ada@example.com", "company": "=cmd()" });
    let path = format!("{session}/details");
    program.as_visitor(&visit, "POST", &path).json(&told).send().await.ok();

    let read = || {
        let feedback = run(folder.path(), &["feedback"], &[]);
        assert_eq!((feedback.code, feedback.stderr.as_str()), (Some(0), ""));
        for part in
            ["  bad  session ", &visit.id, "comment   Not on Mondays.", "When are you open?"]
        {
            assert!(feedback.stdout.contains(part), "no {part} in {}", feedback.stdout);
        }
        let leads = run(folder.path(), &["leads", "--limit", "5"], &[]);
        assert_eq!((leads.code, leads.stderr.as_str()), (Some(0), ""));
        let lines: Vec<&str> = leads.stdout.lines().collect();
        assert_eq!(lines[0], "\"time\",\"session\",\"email\",\"company\"");
        let row = format!("\"{}\",\"ada@example.com\",\"'=cmd()\"", visit.id);
        assert!(lines[1].ends_with(&row), "{lines:?}");
        assert_eq!(lines.len(), 2);
    };
    read();
    program.terminate();
    program.wait();
    read();
}

#[test]
fn without_a_database_the_owner_is_told_so_and_none_is_made() {
    let folder = folder();
    for command in ["feedback", "leads"] {
        let ended = run(folder.path(), &[command], &[]);
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(1), ""));
        assert!(ended.stderr.contains("data/alcove.db: there is no such file"), "{}", ended.stderr);
        let ended = run(folder.path(), &[command, "--limit", "0"], &[]);
        assert_eq!(ended.code, Some(2));
    }
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 0);
}

#[tokio::test]
async fn before_anybody_said_anything_there_is_nothing_to_read() {
    let folder = folder();
    let program = Program::start(folder.path(), &[]);
    let feedback = run(folder.path(), &["feedback"], &[]);
    assert_eq!(feedback.stdout, "No reply has been rated yet.\n");
    assert_eq!(run(folder.path(), &["leads"], &[]).stdout, "\"time\",\"session\"\r\n");
    program.terminate();
    program.wait();
}
