//! The processes that are measured, and what the system says about them.

use std::fs::File;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

use crate::Outcome;
use crate::client::Client;
use crate::options::Options;
use crate::upstream::Behaviour;

/// `/proc` counts time in hundredths of a second, on every Linux.
const TICK: Duration = Duration::from_millis(10);
const STOP_TIMEOUT: Duration = Duration::from_secs(15);

/// The mock upstream. Dropping it ends it.
pub struct Upstream {
    pub address: SocketAddr,
    _process: Child,
}

impl Upstream {
    pub async fn start() -> Outcome<Self> {
        let mut process = Command::new(std::env::current_exe()?)
            .arg("upstream")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let address = first_line(&mut process).await?.parse()?;
        Ok(Self { address, _process: process })
    }
}

/// An Alcove. Dropping it kills it; [`Self::stop`] is kinder.
pub struct Server {
    pub address: SocketAddr,
    pub pid: u32,
    process: Child,
    folder: Folder,
}

/// Where its database is: a new one, or one that a server used before.
pub type Folder = TempDir;

pub fn new_folder(options: &Options) -> Outcome<Folder> {
    Ok(tempfile::Builder::new().prefix("alcove-bench-").tempdir_in(&options.folder)?)
}

impl Server {
    /// Starts one that asks `upstream`, on an empty database, and waits until it is healthy.
    pub async fn start(
        options: &Options,
        upstream: &Upstream,
        behaviour: Behaviour,
    ) -> Outcome<Self> {
        let base_url = format!("http://{}{}", upstream.address, behaviour.path());
        let (server, _) = Self::start_in(options, new_folder(options)?, &base_url).await?;
        Ok(server)
    }

    /// Starts one with its database in `folder`; answers how long it took to be healthy.
    pub async fn start_in(
        options: &Options,
        folder: Folder,
        base_url: &str,
    ) -> Outcome<(Self, Duration)> {
        let log = options.log.clone().unwrap_or_else(|| folder.path().join("log"));
        let log = File::options().create(true).append(true).open(log)?;
        let began = Instant::now();
        let mut process = command(&options.binary, folder.path(), base_url)
            .stderr(log)
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| format!("{}: {error}", options.binary.display()))?;
        let line = first_line(&mut process).await?;
        let address = line.rsplit("//").next().unwrap_or_default().parse()?;
        let health = Client::connect(address).await?.get("/health", "").await?;
        let took = began.elapsed();
        if health.status != 200 {
            return Err(format!("the server is not healthy: {}", health.status).into());
        }
        let pid = process.id().ok_or("the server has ended")?;
        Ok((Self { address, pid, process, folder }, took))
    }

    /// Ends it as an operator would; answers its database's folder.
    pub async fn stop(mut self) -> Outcome<Folder> {
        let pid = self.pid.to_string();
        Command::new("kill").args(["-TERM", &pid]).status().await?;
        let ended = tokio::time::timeout(STOP_TIMEOUT, self.process.wait()).await;
        ended.map_err(|_| "the server did not stop in time")??;
        Ok(self.folder)
    }

    /// Processor time used so far, in user and in kernel mode, all threads together.
    pub fn cpu(&self) -> Outcome<Duration> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.pid))?;
        let fields = stat.rsplit(')').next().unwrap_or_default();
        let ticks: Vec<u32> =
            fields.split_whitespace().skip(11).take(2).flat_map(str::parse).collect();
        Ok(TICK * ticks.iter().sum())
    }

    /// Memory in use, in KB.
    pub fn rss_kb(&self) -> Outcome<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let number = line.and_then(|line| line.split_whitespace().next());
        Ok(number.ok_or("/proc tells no VmRSS")?.parse()?)
    }
}

/// The server as it runs by default, but for the limits that load would meet.
fn command(binary: &PathBuf, folder: &Path, base_url: &str) -> Command {
    let mut command = Command::new(binary);
    command
        .env_clear()
        .current_dir(folder)
        .env("PORT", "0")
        .env("RATE_LIMITS", "off")
        .env("AI_PROVIDER", "compatible")
        .env("COMPATIBLE_BASE_URL", base_url)
        .env("COMPATIBLE_MODEL", "mock-1");
    command
}

async fn first_line(process: &mut Child) -> Outcome<String> {
    let output = process.stdout.take().ok_or("the process has no output")?;
    let mut lines = BufReader::new(output).lines();
    let line = lines.next_line().await?.ok_or("the process ended at once")?;
    // Read on, or the process would find a closed pipe.
    tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    Ok(line)
}
