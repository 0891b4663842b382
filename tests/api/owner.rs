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

/// What `alcove export` prints.
fn exported(folder: &std::path::Path, flags: &[&str]) -> String {
    let ended = run(folder, &[&["export"], flags].concat(), &[]);
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    ended.stdout
}

#[tokio::test]
async fn conversations_are_exported_in_each_format_beside_a_running_server() {
    let folder = folder();
    let program = Program::start(folder.path(), &[]);
    let visit = program.protected().await;
    program.ask(&visit, "=When are you open?").await.told().await;
    let list: serde_json::Value =
        serde_json::from_str(&exported(folder.path(), &["--format", "json"])).expect("JSON");
    assert_eq!(list[0]["sessionId"], json!(visit.id));
    let lines = exported(folder.path(), &[]);
    assert_eq!(lines.lines().count(), 1);
    let first: serde_json::Value = serde_json::from_str(&lines).expect("a line of JSON");
    assert_eq!(first["sessionId"], json!(visit.id));
    let table = exported(folder.path(), &["--format", "csv", "--from", "2020-01-01"]);
    assert!(table.contains("\"'=When are you open?\""), "{table}");
    assert_eq!(exported(folder.path(), &["--to", "2020-01-01"]), "");
    assert_eq!(exported(folder.path(), &["--bot", "shop"]), "");

    let to = folder.path().join("all.jsonl");
    let path = to.to_str().expect("a path");
    assert_eq!(exported(folder.path(), &["--output", path]), "");
    assert_eq!(std::fs::read_to_string(&to).expect("a file"), lines);
    let ended = run(folder.path(), &["export", "--output", "absent/all.jsonl"], &[]);
    assert_eq!(ended.code, Some(1));
    assert!(ended.stderr.contains("absent/all.jsonl"), "{}", ended.stderr);
    for wrong in [["--format", "xml"], ["--from", "yesterday"]] {
        assert_eq!(run(folder.path(), &[&["export"][..], &wrong].concat(), &[]).code, Some(2));
    }
    program.terminate();
    program.wait();
}

#[tokio::test]
async fn a_purge_beside_a_running_server_deletes_what_is_old() {
    let folder = folder();
    let program = Program::start(folder.path(), &[]);
    let visit = program.protected().await;
    program.ask(&visit, "When are you open?").await.told().await;
    let purge = |flags: &[&str]| {
        let ended = run(folder.path(), &[&["purge"], flags].concat(), &[]);
        assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
        ended.stdout
    };
    assert_eq!(purge(&["--older-than", "1"]), "0 conversations deleted.\n");
    let future = "2999-01-01";
    let dry = purge(&["--before", future, "--dry-run"]);
    assert_eq!(dry, "1 conversation would be deleted.\n");
    assert_eq!(purge(&["--before", future, "--bot", "shop"]), "0 conversations deleted.\n");
    assert_eq!(exported(folder.path(), &[]).lines().count(), 1);
    assert_eq!(purge(&["--before", future]), "1 conversation deleted.\n");
    assert_eq!(exported(folder.path(), &[]), "");
    // The server goes on with what is left.
    let visit = program.protected().await;
    program.ask(&visit, "When are you open?").await.told().await;
    assert_eq!(exported(folder.path(), &[]).lines().count(), 1);
    for wrong in [&[][..], &["--older-than", "0"], &["--older-than", "1", "--before", future]] {
        assert_eq!(run(folder.path(), &[&["purge"], wrong].concat(), &[]).code, Some(2));
    }
    program.terminate();
    program.wait();
}

#[test]
fn without_a_database_the_owner_is_told_so_and_none_is_made() {
    let folder = folder();
    for command in [&["export"][..], &["purge", "--older-than", "1"]] {
        let ended = run(folder.path(), command, &[]);
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(1), ""));
        assert!(ended.stderr.contains("data/alcove.db: there is no such file"), "{}", ended.stderr);
    }
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
