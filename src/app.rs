//! The composition root: the only place that picks concrete parts. Start and graceful stop.

mod accounts;
pub mod bots;
pub mod desk;
mod greeting;
mod limits;
mod signals;
mod vendors;
mod warnings;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

pub use crate::app::bots::check;
use crate::app::greeting::{greet, invite_first_owner};
use crate::app::limits::{
    guard, listener_settings, retention, table_limits, turn_limits, upload_limits,
};
use crate::app::signals::Signals;
use crate::config::{Config, ConfigError};
use crate::domain::bot::ProviderName;
use crate::domain::clock::{Clock, SystemClock};
use crate::domain::secret::ServerKey;
use crate::http::embed::Widget;
use crate::http::listener::{self, ListenerSettings, Timers};
use crate::http::openapi::Documents;
use crate::http::{App, AppState, router};
use crate::providers::ProviderError;
use crate::service::ServiceError;
use crate::service::accounts::Accounts;
use crate::service::bots::Bots;
use crate::service::guard::Guard;
use crate::service::retention::Retention;
use crate::service::server_key::signing_key;
use crate::service::sessions::Sessions;
use crate::service::tables::Tables;
use crate::service::turn::models::Models;
use crate::service::turn::{TurnParts, Turns};
use crate::service::upload::{UploadParts, Uploads};
use crate::store::sqlite::{SqliteSettings, SqliteStore};
use crate::store::{Store, StoreError};

/// Running requests and replies may take so long to end when the server stops.
const DRAIN: Duration = Duration::from_secs(9);

/// Why the server did not start, or ended badly.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address is taken, or not ours.
    #[error("cannot listen on {address}: {cause} (set HOST or PORT)")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// The system's words.
        cause: io::Error,
    },
    /// A setting cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The database cannot be used.
    #[error("{0} (DATABASE_URL names another one)")]
    Store(#[from] StoreError),
    /// A deed of the start failed.
    #[error(transparent)]
    Service(#[from] ServiceError),
    /// The bots cannot be read.
    #[error("the bots cannot be read: {0}")]
    Bots(ServiceError),
    /// A provider's settings cannot be used.
    #[error("the provider {provider} cannot be set up: {cause}")]
    Provider {
        /// Which one.
        provider: ProviderName,
        /// Why.
        cause: String,
    },
    /// The HTTP client cannot be built.
    #[error("the HTTP client cannot be built: {0}")]
    Transport(#[from] ProviderError),
    /// The system gives no signals.
    #[error("signals cannot be received: {0}")]
    Signals(io::Error),
}

/// A server that is set up and bound to its port, but answers nobody yet.
pub struct Server {
    /// Where it listens.
    pub address: SocketAddr,
    listener: TcpListener,
    settings: ListenerSettings,
    router: Router,
    app: AppState,
    retention: Retention,
}

impl Server {
    /// Takes the port, opens the database, sets everything up. In this order: a second start by
    /// mistake ends at the port, before it takes the first one's running replies for orphans.
    ///
    /// # Errors
    /// One of these failed.
    pub async fn bind(config: &Config, clock: Arc<dyn Clock>) -> Result<Self, StartError> {
        check(config)?;
        let widget = Widget::default();
        let wanted = SocketAddr::new(config.server.host, config.server.port);
        let refused = |cause| StartError::Listen { address: wanted, cause };
        let listener = TcpListener::bind(wanted).await.map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        let store: Arc<dyn Store> =
            Arc::new(SqliteStore::open(SqliteSettings::new(&config.database))?);
        let orphans = store.interrupt_orphaned_replies().await?;
        greeting::tell_of_cut_off(orphans, store.delete_unfinished_files().await?);
        let guard = Arc::new(guard(config));
        let tables = Arc::new(Tables::new(Arc::clone(&store), table_limits(&config.files)));
        let retention = retention(config, &store, (&guard, &tables), &clock);
        let bots = bots::bots(config, &store, &clock).await.map_err(StartError::Bots)?;
        let csrf_key = signing_key(&*store, config.server.secret_key.as_ref(), "csrf").await?;
        let shared = Shared { guard, tables, bots, csrf_key };
        let app = app(config, widget, store, shared, clock)?;
        let router = router(Arc::clone(&app));
        Ok(Self { address, listener, settings: listener_settings(config), router, app, retention })
    }

    /// The same server with other waits for connections.
    #[must_use]
    pub fn with_timers(mut self, timers: Timers) -> Self {
        self.settings.timers = timers;
        self
    }

    /// The tables that it keeps ready, to be looked at while it runs.
    #[must_use]
    pub fn tables(&self) -> Arc<Tables> {
        Arc::clone(&self.app.tables)
    }

    /// Its accounts, to be made and changed while it runs.
    #[must_use]
    pub fn accounts(&self) -> Arc<Accounts> {
        Arc::clone(&self.app.accounts)
    }

    /// Its bots, to be changed while it runs.
    #[must_use]
    pub fn bots(&self) -> Arc<Bots> {
        Arc::clone(&self.app.bots)
    }

    /// Answers requests until `shutdown`, then ends what is running within ten seconds: streams
    /// are told, partial replies are kept.
    pub async fn run(self, shutdown: CancellationToken) {
        let app = self.app;
        tokio::spawn(self.retention.run(shutdown.clone()));
        tokio::spawn(Arc::clone(&app.bots).watch(shutdown.clone()));
        let accepting = tokio::spawn(listener::serve(
            self.listener,
            self.router,
            self.settings,
            shutdown.clone(),
        ));
        shutdown.cancelled().await;
        tracing::info!(replies = app.turns.running_count(), "Stopping");
        app.shutdown.cancel();
        app.tables.stop();
        let drained = tokio::time::timeout(DRAIN, async {
            app.turns.drain().await;
            let _listener_panicked = accepting.await;
        });
        if drained.await.is_err() {
            tracing::warn!("Some connections were still open and are cut");
        }
        app.store.close().await;
    }
}

/// Starts, says where, serves until SIGTERM or Ctrl-C. A second signal ends it at once. What only
/// the person who started it may read is whispered.
///
/// # Errors
/// It cannot start.
pub async fn run(
    config: Config,
    say: &dyn Fn(&str),
    whisper: &dyn Fn(&str),
) -> Result<(), StartError> {
    let mut signals = Signals::new()?;
    let server = Server::bind(&config, Arc::new(SystemClock)).await?;
    greet(&config, server.address, say);
    invite_first_owner(&config, server.address, &server.app.accounts, whisper).await?;
    let shutdown = CancellationToken::new();
    let serving = server.run(shutdown.clone());
    let mut serving = std::pin::pin!(serving);
    tokio::select! {
        () = &mut serving => return Ok(()),
        () = signals.next() => shutdown.cancel(),
    }
    tokio::select! {
        () = &mut serving => {}
        () = signals.next() => tracing::warn!("Stopped at once by a second signal"),
    }
    Ok(())
}

/// What several parts stand on, made before them.
struct Shared {
    guard: Arc<Guard>,
    tables: Arc<Tables>,
    bots: Arc<Bots>,
    csrf_key: ServerKey,
}

fn app(
    config: &Config,
    widget: Widget,
    store: Arc<dyn Store>,
    Shared { guard, tables, bots, csrf_key }: Shared,
    clock: Arc<dyn Clock>,
) -> Result<AppState, StartError> {
    let shutdown = CancellationToken::new();
    let sessions = Arc::new(Sessions::new(
        Arc::clone(&store),
        Arc::clone(&bots),
        Arc::clone(&guard),
        Arc::clone(&clock),
        config.limits.session_timeout,
    ));
    let turns = Turns::new(TurnParts {
        store: Arc::clone(&store),
        sessions: Arc::clone(&sessions),
        bots: Arc::clone(&bots),
        tables: Arc::clone(&tables),
        models: Models::new(
            vendors::providers(&config.providers)?,
            config.providers.fallback.clone(),
        ),
        guard: Arc::clone(&guard),
        clock: Arc::clone(&clock),
        limits: turn_limits(config),
        shutdown: shutdown.clone(),
    });
    let (accounts, audit) = accounts::accounts(config, &store, &guard, &clock);
    let uploads = Uploads::new(UploadParts {
        store: Arc::clone(&store),
        sessions: Arc::clone(&sessions),
        tables: Arc::clone(&tables),
        guard,
        clock: Arc::clone(&clock),
        limits: upload_limits(&config.files),
    });
    Ok(Arc::new(App {
        bots,
        sessions,
        turns,
        uploads,
        tables,
        accounts,
        audit,
        csrf_key,
        store,
        prices: config.providers.prices.clone(),
        clock,
        widget,
        documents: Documents::default(),
        origins: config.origins.clone(),
        cors_credentials: config.cors_credentials,
        allowed_hosts: config.server.allowed_hosts.clone(),
        trusted_proxies: config.server.trusted_proxies.clone(),
        max_message_chars: config.limits.max_message_chars,
        public_url: config.server.public_url.clone(),
        settings_seen: config.seen.0.clone(),
        started: Instant::now(),
        shutdown,
    }))
}
