//! Routes whose handlers say who is asking. [`Routes`] takes no other: a handler's second argument,
//! behind the state, is one of the extractors of [`crate::http::auth`], and one that forgets it
//! does not compile.
//!
//! ```
//! use alcove::http::asked::Routes;
//! use alcove::http::auth::Visitor;
//! use alcove::http::{AppState, asked};
//! use axum::extract::State;
//!
//! async fn show(State(_app): State<AppState>, Visitor(_actor): Visitor) -> &'static str { "rows" }
//! let _ = Routes::new().route("/api/rows", asked::get(show));
//! ```
//! The same without the second argument:
//! ```compile_fail
//! use alcove::http::asked::Routes;
//! use alcove::http::{AppState, asked};
//! use axum::extract::State;
//!
//! async fn show(State(_app): State<AppState>) -> &'static str { "everybody's rows" }
//! let _ = Routes::new().route("/api/rows", asked::get(show));
//! ```

use axum::Router;
use axum::extract::State;
use axum::handler::Handler;
use axum::routing::{self, MethodRouter};

use crate::http::AppState;

/// An extractor that finds out who is asking.
pub trait WhoAsks {}

/// A handler whose second argument is a [`WhoAsks`]. `T` is what axum knows its arguments by.
pub trait Asked<T>: Handler<T, AppState> {}

macro_rules! asked_with {
    ($($argument:ident)*) => {
        impl<H, M, A, $($argument,)*> Asked<(M, State<AppState>, A, $($argument,)*)> for H
        where
            H: Handler<(M, State<AppState>, A, $($argument,)*), AppState>,
            A: WhoAsks,
        {
        }
    };
}

asked_with!();
asked_with!(B);
asked_with!(B C);
asked_with!(B C D);
asked_with!(B C D E);

/// The handlers of one path, by method.
#[derive(Default)]
pub struct Methods(MethodRouter<AppState>);

macro_rules! methods {
    ($($method:ident)+) => {
        $(
            #[doc = concat!("A path whose `", stringify!($method), "` is `handler`.")]
            pub fn $method<H: Asked<T>, T: 'static>(handler: H) -> Methods {
                Methods(routing::$method(handler))
            }
        )+

        impl Methods {
            $(
                #[doc = concat!("The same path, whose `", stringify!($method), "` is `handler`.")]
                #[must_use]
                pub fn $method<H: Asked<T>, T: 'static>(self, handler: H) -> Self {
                    Self(self.0.$method(handler))
                }
            )+
        }
    };
}

methods!(get post put delete);

/// Routes, each of which knows who is asking.
#[derive(Default)]
pub struct Routes(Router<AppState>);

impl Routes {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a path.
    #[must_use]
    pub fn route(self, path: &str, methods: Methods) -> Self {
        Self(self.0.route(path, methods.0))
    }

    /// The router, for layers and fallbacks.
    pub fn into_router(self) -> Router<AppState> {
        self.0
    }
}
