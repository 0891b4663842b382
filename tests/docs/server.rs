//! A server to try the examples on: demo mode, its own database, a free port.

use std::process::{Command, Output};
use std::sync::Arc;

use alcove::app::Server;
use alcove::config::{Config, Values};
use alcove::domain::clock::SystemClock;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;

/// A running server; stops when dropped.
pub struct Live {
    /// `http://127.0.0.1:PORT`.
    pub address: String,
    shutdown: CancellationToken,
    serving: Option<tokio::task::JoinHandle<()>>,
    runtime: Runtime,
    _folder: TempDir,
}

impl Live {
    /// Starts one with these settings on top.
    pub fn start(settings: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let database = format!("sqlite://{}", folder.path().join("alcove.db").display());
        let find = |name: &str| match name {
            "PORT" => Some("0".to_owned()),
            "DATABASE_URL" => Some(database.clone()),
            _ => settings.iter().find(|(key, _)| *key == name).map(|(_, v)| (*v).to_owned()),
        };
        let config = Config::from_values(&Values::collect(&[&find])).expect("settings");
        let runtime = Runtime::new().expect("a runtime");
        let server = runtime.block_on(Server::bind(&config, Arc::new(SystemClock)));
        let server = server.expect("the server starts");
        let address = format!("http://{}", server.address);
        let shutdown = CancellationToken::new();
        let serving = Some(runtime.spawn(server.run(shutdown.clone())));
        Self { address, shutdown, serving, runtime, _folder: folder }
    }

    /// Runs a script for bash in which every failing command and every HTTP error is fatal.
    pub fn run(&self, script: &str) -> String {
        const PRELUDE: &str = "set -euo pipefail\n\
            curl() { command curl --silent --show-error --fail-with-body --max-time 30 \"$@\"; }\n";
        let script = format!("{PRELUDE}{}", self.point_here(script));
        let output = Command::new("bash").args(["-c", &script]).output().expect("bash starts");
        let Output { status, stdout, stderr } = output;
        let (told, complained) =
            (String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
        assert!(status.success(), "{script}\n--- says\n{told}\n--- complains\n{complained}");
        told.into_owned()
    }

    /// The text with the documents' addresses replaced by this server's.
    pub fn point_here(&self, text: &str) -> String {
        text.replace("http://127.0.0.1:8000", &self.address)
            .replace("http://localhost:8000", &self.address)
            .replace("https://chat.example.com", &self.address)
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        self.shutdown.cancel();
        if let Some(serving) = self.serving.take() {
            let ended = self.runtime.block_on(serving);
            assert!(ended.is_ok() || std::thread::panicking(), "the server panicked");
        }
    }
}
