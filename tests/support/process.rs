//! The real program in a folder of its own: started, spoken to, stopped, killed.

use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::ops::Deref;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, mpsc};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::api::Api;

/// A start takes far less, even on a busy machine.
const START_WITHIN: Duration = Duration::from_secs(20);

fn command(folder: &Path, args: &[&str], values: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_alcove"));
    command
        .args(args)
        .current_dir(folder)
        .env_clear()
        .envs(values.iter().copied())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// What a program that ran to its end left.
#[derive(Debug)]
pub struct Ended {
    /// Its exit code.
    pub code: Option<i32>,
    /// What it said.
    pub stdout: String,
    /// What it logged.
    pub stderr: String,
}

/// Runs the program until it ends by itself.
pub fn run(folder: &Path, args: &[&str], values: &[(&str, &str)]) -> Ended {
    let output = command(folder, args, values).output().expect("the program runs");
    Ended {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).expect("UTF-8"),
        stderr: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

/// Runs the program with this on its standard input until it ends by itself.
pub fn run_with_input(folder: &Path, args: &[&str], input: &str) -> Ended {
    let mut command = command(folder, args, &[]);
    let mut child = command.stdin(Stdio::piped()).spawn().expect("the program runs");
    // A program that refuses its arguments does not read.
    let _unread = child.stdin.take().expect("piped").write_all(input.as_bytes());
    let output = child.wait_with_output().expect("the program ends");
    Ended {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).expect("UTF-8"),
        stderr: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

/// The program while it serves. Killed when dropped.
pub struct Program {
    api: Api,
    child: Child,
    stdout: Arc<Mutex<String>>,
    stderr: Arc<Mutex<String>>,
    readers: Vec<JoinHandle<()>>,
}

impl Deref for Program {
    type Target = Api;

    fn deref(&self) -> &Api {
        &self.api
    }
}

impl Program {
    /// Starts it on a free port and waits until it listens.
    pub fn start(folder: &Path, values: &[(&str, &str)]) -> Self {
        let values = [&[("PORT", "0")], values].concat();
        Self::spawn(command(folder, &[], &values))
    }

    /// Starts it with files that cannot grow over `bytes`, which a full disk is like.
    pub fn start_with_file_limit(folder: &Path, values: &[(&str, &str)], bytes: u64) -> Self {
        let values = [&[("PORT", "0")], values].concat();
        let plain = command(folder, &[], &values);
        let mut limited = Command::new("prlimit");
        limited
            .arg(format!("--fsize={bytes}:unlimited"))
            .args(["env", "--ignore-signal=XFSZ"])
            .arg(plain.get_program())
            .current_dir(folder)
            .env_clear()
            .envs(plain.get_envs().filter_map(|(name, value)| Some((name, value?))))
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        Self::spawn(limited)
    }

    /// The memory it takes.
    pub fn resident_bytes(&self) -> usize {
        let path = format!("/proc/{}/statm", self.child.id());
        let facts = std::fs::read_to_string(path).expect("facts");
        let pages: usize = facts.split(' ').nth(1).expect("a number").parse().expect("a number");
        pages * 4096
    }

    /// Lets files grow again.
    pub fn lift_file_limit(&self) {
        let pid = self.child.id().to_string();
        let lifted = Command::new("prlimit").args(["--pid", &pid, "--fsize=unlimited"]).status();
        assert!(lifted.expect("prlimit runs").success(), "the limit is lifted");
    }

    fn spawn(mut command: Command) -> Self {
        let mut child = command.spawn().expect("the program starts");
        let (tell, told) = mpsc::channel();
        let (stdout, out) = collect(child.stdout.take().expect("piped"), Some(tell));
        let (stderr, err) = collect(child.stderr.take().expect("piped"), None);
        let Ok(base) = told.recv_timeout(START_WITHIN) else {
            let _ended = child.kill();
            panic!("it does not listen: {}", stderr.lock().expect("not poisoned"));
        };
        Self { api: Api::at(base), child, stdout, stderr, readers: vec![out, err] }
    }

    /// Asks it to stop, as a service manager does.
    pub fn terminate(&self) {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill").args(["-TERM", &pid]).status().expect("kill runs");
        assert!(sent.success(), "the signal is sent");
    }

    /// What it has said and logged so far.
    pub fn said(&self) -> String {
        format!("{}{}", read(&self.stdout), read(&self.stderr))
    }

    /// Waits until it has logged this.
    pub async fn logged(&self, words: &str) {
        while !read(&self.stderr).contains(words) {
            tokio::task::yield_now().await;
        }
    }

    /// Kills it as a power cut would.
    pub fn kill(mut self) -> Ended {
        self.child.kill().expect("it is killed");
        self.ended()
    }

    /// Waits until it has ended by itself; answers how long that took.
    pub fn wait(mut self) -> (Ended, Duration) {
        let began = Instant::now();
        let ended = self.ended();
        (ended, began.elapsed())
    }

    fn ended(&mut self) -> Ended {
        let status = self.child.wait().expect("it ends");
        for reader in self.readers.drain(..) {
            reader.join().expect("all is read");
        }
        Ended { code: status.code(), stdout: read(&self.stdout), stderr: read(&self.stderr) }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ended_before = self.child.kill();
        let _ended_before = self.child.wait();
    }
}

fn read(text: &Mutex<String>) -> String {
    text.lock().expect("not poisoned").clone()
}

/// Gathers a stream's lines; tells the address once the line with it was read.
fn collect(
    stream: impl Read + Send + 'static,
    tell: Option<mpsc::Sender<String>>,
) -> (Arc<Mutex<String>>, JoinHandle<()>) {
    let text = Arc::new(Mutex::new(String::new()));
    let reader = std::thread::spawn({
        let text = Arc::clone(&text);
        move || {
            for line in BufReader::new(stream).lines().map_while(Result::ok) {
                if let (Some(tell), Some((_, base))) = (&tell, line.split_once(" listening on ")) {
                    let _nobody_waits = tell.send(base.trim().to_owned());
                }
                let mut text = text.lock().expect("not poisoned");
                text.push_str(&line);
                text.push('\n');
            }
        }
    });
    (text, reader)
}
