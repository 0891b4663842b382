//! The `.env` files that older backends came with start this server and mean what they meant.

use std::fs;

use tempfile::TempDir;

use crate::support::process::{Program, run};

fn folder_with(dot_env: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join(".env"), dot_env).expect("written");
    folder
}

/// As their instructions show them.
const FILES: [(&str, &str); 4] = [
    ("AI chat", "GEMINI_API_KEY=your-actual-gemini-api-key-here\n"),
    (
        "lead capture",
        "DEBUG=True\nSECRET_KEY=your-secret-key-here\nGEMINI_API_KEY=your-gemini-api-key-here\n\
         ALLOWED_HOSTS=localhost,127.0.0.1\n",
    ),
    (
        "accounts, without its database",
        "# Keys\nOPENAI_API_KEY=your_openai_api_key\nSECRET_KEY=your_secure_django_secret_key\n\n\
         # DEBUG\nDEBUG=False\n\n# Allowed Hosts\nALLOWED_HOSTS=yourdomain.com,127.0.0.1\n\n\
         # CORS Config\nCORS_ALLOWED_ORIGINS=https://yourfrontend.com\n\
         CORS_ALLOW_CREDENTIALS=True\n",
    ),
    (
        "widget",
        "ANTHROPIC_API_KEY=your_anthropic_api_key\nOPENAI_API_KEY=your_openai_api_key\n\
         ALLOWED_ORIGINS=http://localhost:3000,https://yourdomain.com\nDEBUG=True\n",
    ),
];

#[tokio::test]
async fn each_env_file_starts_the_server() {
    for (name, dot_env) in FILES {
        let folder = folder_with(dot_env);
        let program = Program::start(folder.path(), &[]);
        assert_eq!(program.get("/api/health/").await.status, 200, "{name}");
        program.terminate();
        let (ended, _) = program.wait();
        assert_eq!(ended.code, Some(0), "{name}: {}", ended.stderr);
        let has_short_key = dot_env.contains("SECRET_KEY");
        assert_eq!(ended.stderr.contains("SECRET_KEY has fewer"), has_short_key, "{name}");
    }
}

#[test]
fn postgres_variables_stop_the_start_with_one_line_that_says_what_to_do() {
    for variable in
        ["POSTGRES_DB", "POSTGRES_USER", "POSTGRES_PASSWORD", "POSTGRES_HOST", "POSTGRES_PORT"]
    {
        let folder = folder_with(&format!("{variable}=canary\n"));
        let ended = run(folder.path(), &[], &[]);
        assert_ne!(ended.code, Some(0), "{variable}");
        let said = ended.stderr.trim();
        assert_eq!(said.lines().count(), 1, "{said}");
        assert!(said.contains(variable) && said.contains("DATABASE_URL=sqlite://"), "{said}");
        assert!(!said.contains("canary"), "{said}");
        assert!(!folder.path().join("data").exists(), "nothing is made");
        // Whoever names a SQLite file has decided.
        let chosen = [("DATABASE_URL", "sqlite://chosen.db")];
        assert_eq!(run(folder.path(), &["check"], &chosen).code, Some(0), "{variable}");
    }
}

#[test]
fn django_spellings_of_yes_and_no_are_understood() {
    for (value, code) in [("True", 0), ("False", 0), ("1", 0), ("Yes", 0), ("off", 0), ("Maybe", 1)]
    {
        let folder = folder_with(&format!("DEBUG={value}\n"));
        let ended = run(folder.path(), &["check"], &[]);
        assert_eq!(ended.code == Some(0), code == 0, "{value}: {}", ended.stderr);
    }
}
