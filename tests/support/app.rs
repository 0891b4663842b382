//! A real server on a free port, with a database and a clock of its own.

use std::net::SocketAddr;
use std::ops::Deref;
use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, Once, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

use alcove::app::Server;
use alcove::config::{Config, Values};
use alcove::domain::clock::{Clock, Timestamp};
use alcove::http::listener::Timers;
use alcove::service::accounts::Accounts;
use alcove::service::bots::Bots;
use alcove::service::tables::Tables;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use super::api::Api;
use super::upstream::Upstream;

/// The vendor's key in every test: no answer may hold it.
pub const KEY: &str = "sk-canary-0123456789abcdef";
/// The model asked in every test.
pub const MODEL: &str = "test-model";
/// When the clock of a test starts: 2026-09-21T14:13:20Z.
pub const BEGINNING: i64 = 1_790_000_000_000;
/// How long a server may take to stop before it is cut off.
const STOP_WITHIN: Duration = Duration::from_secs(3);

/// A clock that only the test moves.
#[derive(Clone)]
pub struct HandClock(Arc<AtomicI64>);

impl HandClock {
    fn new() -> Self {
        Self(Arc::new(AtomicI64::new(BEGINNING)))
    }

    /// Jumps to the instant `ms` milliseconds after 1970.
    pub fn set(&self, ms: i64) {
        self.0.store(ms, Ordering::SeqCst);
    }

    /// Moves on.
    pub fn advance(&self, span: Duration) {
        let ms = i64::try_from(span.as_millis()).expect("a short span");
        self.0.fetch_add(ms, Ordering::SeqCst);
    }

    /// Moves on by minutes.
    pub fn advance_minutes(&self, minutes: u64) {
        self.advance(Duration::from_secs(minutes * 60));
    }
}

impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_ms(self.0.load(Ordering::SeqCst))
    }
}

/// How a server shall be set up.
pub struct Setup {
    values: Vec<(String, String)>,
    timers: Timers,
}

impl Setup {
    /// Sets a variable.
    pub fn set(mut self, name: &str, value: impl Into<String>) -> Self {
        self.values.retain(|(own, _)| own != name);
        self.values.push((name.to_owned(), value.into()));
        self
    }

    /// OpenAI's dialect is answered by `upstream`.
    pub fn openai(self, upstream: &Upstream) -> Self {
        self.set("OPENAI_API_KEY", KEY)
            .set("OPENAI_BASE_URL", format!("{}/v1", upstream.address()))
            .set("OPENAI_MODEL", MODEL)
    }

    /// Claude is `upstream`.
    pub fn claude(self, upstream: &Upstream) -> Self {
        self.set("ANTHROPIC_API_KEY", KEY)
            .set("ANTHROPIC_BASE_URL", upstream.address())
            .set("CLAUDE_MODEL", "claude-model")
    }

    /// Gemini is `upstream`.
    pub fn gemini(self, upstream: &Upstream) -> Self {
        self.set("GEMINI_API_KEY", KEY)
            .set("GEMINI_BASE_URL", upstream.address())
            .set("GEMINI_MODEL", "gemini-model")
    }

    /// Other waits than a server's own.
    pub fn timers(mut self, timers: Timers) -> Self {
        self.timers = timers;
        self
    }

    /// Starts the server.
    pub async fn start(self) -> TestApp {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let database = folder.path().join("alcove.db");
        let setup = self.set("DATABASE_URL", format!("sqlite://{}", database.display()));
        let find =
            |name: &str| setup.values.iter().find(|(own, _)| own == name).map(|(_, v)| v.clone());
        let config = Config::from_values(&Values::collect(&[&find])).expect("a good configuration");
        let (clock, stop, name) = (HandClock::new(), CancellationToken::new(), thread_name());
        let (tell, told) = mpsc::channel();
        let serving = Serving {
            config,
            clock: Arc::new(clock.clone()),
            timers: setup.timers,
            stop: stop.clone(),
            name: name.clone(),
        };
        let thread = std::thread::spawn(move || serving.run(&tell));
        let (address, tables, bots, accounts) = told.recv().expect("the server starts");
        TestApp {
            api: Api::at(format!("http://{address}")),
            address,
            clock,
            database,
            tables,
            accounts,
            bots,
            stop,
            thread: Some(thread),
            name,
            _folder: folder,
        }
    }
}

fn thread_name() -> String {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    format!("app-{}", COUNT.fetch_add(1, Ordering::SeqCst))
}

/// What a test may touch of a server that runs.
type Parts = (SocketAddr, Arc<Tables>, Arc<Bots>, Arc<Accounts>);

/// A server on a runtime of its own, so that it goes on whatever the test waits for.
struct Serving {
    config: Config,
    clock: Arc<dyn Clock>,
    timers: Timers,
    stop: CancellationToken,
    name: String,
}

impl Serving {
    /// Serves until it is stopped.
    fn run(self, tell: &mpsc::Sender<Parts>) {
        watch_panics();
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name(&self.name)
            .enable_all()
            .build()
            .expect("a runtime");
        runtime.block_on(async {
            let server = Server::bind(&self.config, self.clock).await.expect("the server binds");
            let server = server.with_timers(self.timers);
            tell.send((server.address, server.tables(), server.bots(), server.accounts()))
                .expect("the test waits for it");
            let late = async {
                self.stop.cancelled().await;
                tokio::time::sleep(STOP_WITHIN).await;
            };
            tokio::select! {
                () = server.run(self.stop.clone()) => {}
                () = late => {}
            }
        });
        runtime.shutdown_timeout(Duration::from_secs(1));
    }
}

/// Where servers panicked: name of the thread and place.
static PANICS: Mutex<Vec<(String, String)>> = Mutex::new(Vec::new());

/// Panics in a server are caught where they happen; this makes them fail the test all the same.
fn watch_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            let thread = std::thread::current().name().unwrap_or_default().to_owned();
            if thread.starts_with("app-") {
                PANICS.lock().expect("not poisoned").push((thread, panic.to_string()));
            }
            usual(panic);
        }));
    });
}

/// The running server. Stops when dropped, and fails the test if it panicked.
pub struct TestApp {
    api: Api,
    /// Where it listens.
    pub address: SocketAddr,
    /// Its time.
    pub clock: HandClock,
    /// Its database file.
    pub database: PathBuf,
    /// The tables that it keeps ready.
    pub tables: Arc<Tables>,
    /// Its accounts.
    pub accounts: Arc<Accounts>,
    /// Its bots.
    pub bots: Arc<Bots>,
    stop: CancellationToken,
    thread: Option<JoinHandle<()>>,
    name: String,
    _folder: TempDir,
}

impl Drop for TestApp {
    fn drop(&mut self) {
        self.stop.cancel();
        let ended = self.thread.take().map(JoinHandle::join);
        if std::thread::panicking() {
            return;
        }
        assert!(matches!(ended, Some(Ok(()))), "the server's thread panicked");
        let panics = PANICS.lock().expect("not poisoned");
        let own: Vec<_> = panics.iter().filter(|(thread, _)| *thread == self.name).collect();
        assert!(own.is_empty(), "the server panicked: {own:?}");
    }
}

impl TestApp {
    /// A server without limits per visitor, to be set up further.
    pub fn setup() -> Setup {
        Setup { values: Vec::new(), timers: Timers::default() }
            .set("PORT", "0")
            .set("RATE_LIMITS", "off")
    }

    /// A server whose bot is answered for by `upstream` in OpenAI's dialect.
    pub async fn with(upstream: &Upstream) -> Self {
        Self::setup().openai(upstream).start().await
    }
}

impl Deref for TestApp {
    type Target = Api;

    fn deref(&self) -> &Api {
        &self.api
    }
}
