//! Who is asking, and from where: extractors, the only readers of these headers.
//! Staff, who show a cookie, are in [`staff`].

pub mod guest;
pub mod staff;

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};

use axum::extract::{FromRequestParts, Request};
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use ipnet::IpNet;

use crate::domain::account::Account;
use crate::domain::actor::Actor;
use crate::domain::secret::TokenHash;
use crate::http::AppState;
use crate::http::asked::WhoAsks;
use crate::http::error::{ApiError, ErrorCode};
use crate::service::guard::AddressKey;

pub use crate::http::auth::staff::{Editor, Owner, StaffVisit, Viewer};

const VISITOR_TOKEN: &str = "x-visitor-token";
const FORWARDED_FOR: &str = "x-forwarded-for";

/// The visitor of a widget: whoever shows the session's token, or knows an unprotected session.
pub struct Visitor(pub Actor);

impl<S: Send + Sync> FromRequestParts<S> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let token = parts.headers.get(VISITOR_TOKEN).and_then(|value| value.to_str().ok());
        Ok(Self(Actor::Visitor { token: token.map(TokenHash::of) }))
    }
}

/// Whoever: for what is the same for everybody and shows nobody's rows.
pub struct Anyone;

impl<S: Send + Sync> FromRequestParts<S> for Anyone {
    type Rejection = Infallible;

    async fn from_request_parts(_: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self)
    }
}

impl WhoAsks for Anyone {}
impl WhoAsks for Visitor {}

/// Somebody who signed in to talk: shows an API token.
pub struct Member {
    /// What the token proves: their own conversations, nothing more.
    pub actor: Actor,
    /// Their account.
    pub account: Account,
    /// Hash of the token, to end it.
    pub token: TokenHash,
}

impl FromRequestParts<AppState> for Member {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, ApiError> {
        let token = TokenHash::of(shown_token(&parts.headers).ok_or(ErrorCode::NotAuthenticated)?);
        let account = app.accounts.account_of_token(token).await?.ok_or(ErrorCode::InvalidToken)?;
        Ok(Self { actor: Actor::Member(account.id), account, token })
    }
}

impl WhoAsks for Member {}

/// `Authorization: Token …`, or `Bearer …`. Any other scheme shows nothing.
fn shown_token(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.trim().split_once(' ').unwrap_or((value, ""));
    let is_known = ["token", "bearer"].iter().any(|known| scheme.eq_ignore_ascii_case(known));
    is_known.then(|| token.trim())
}

/// The other end of the connection; set by the listener.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub SocketAddr);

/// The address limits count on: the peer's, or behind trusted proxies what they saw.
pub struct ClientAddress(pub AddressKey);

impl FromRequestParts<AppState> for ClientAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<Peer>().map(|Peer(address)| address.ip());
        let peer = peer.unwrap_or(IpAddr::from([0, 0, 0, 0]));
        let address = client_address(peer, &parts.headers, &app.trusted_proxies);
        Ok(Self(AddressKey::from(address)))
    }
}

/// The right-most address of `X-Forwarded-For` that is no trusted proxy, if the peer is one.
/// What stands left of it was written by the client itself and may be a lie.
fn client_address(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |address: &IpAddr| is_trusted(address, trusted);
    if !is_trusted(&peer) {
        return peer;
    }
    let mut nearest = peer;
    for value in headers.get_all(FORWARDED_FOR).iter().rev() {
        for hop in value.to_str().unwrap_or_default().rsplit(',') {
            let Some(address) = parse_hop(hop) else { return nearest };
            nearest = address;
            if !is_trusted(&address) {
                return address;
            }
        }
    }
    nearest
}

/// Whether `address` is one of the proxies the operator trusts.
#[must_use]
pub fn is_trusted(address: &IpAddr, trusted: &[IpNet]) -> bool {
    trusted.iter().any(|network| network.contains(&address.to_canonical()))
}

/// `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1` or `[2001:db8::1]:80`.
fn parse_hop(hop: &str) -> Option<IpAddr> {
    let hop = hop.trim();
    let bare = hop.strip_prefix('[').and_then(|rest| rest.split(']').next()).unwrap_or(hop);
    bare.parse().ok().or_else(|| hop.parse::<SocketAddr>().ok().map(|socket| socket.ip()))
}

/// The address a request came from, for tests that call the router without a listener.
pub fn set_peer(request: &mut Request, address: SocketAddr) {
    request.extensions_mut().insert(Peer(address));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(peer: &str, forwarded: &[&str]) -> String {
        let trusted: Vec<IpNet> =
            vec!["127.0.0.0/8".parse().expect("net"), "10.0.0.0/8".parse().expect("net")];
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append(FORWARDED_FOR, value.parse().expect("header"));
        }
        client_address(peer.parse().expect("peer"), &headers, &trusted).to_string()
    }

    #[test]
    fn forwarded_addresses_count_only_from_trusted_proxies() {
        let cases: &[(&str, &[&str], &str)] = &[
            ("192.0.2.9", &["198.51.100.1"], "192.0.2.9"),
            ("127.0.0.1", &[], "127.0.0.1"),
            ("127.0.0.1", &["198.51.100.1"], "198.51.100.1"),
            ("127.0.0.1", &["1.1.1.1, 198.51.100.1"], "198.51.100.1"),
            ("127.0.0.1", &["198.51.100.1, 10.0.0.7"], "198.51.100.1"),
            ("127.0.0.1", &["1.1.1.1", "198.51.100.1, 10.0.0.7"], "198.51.100.1"),
            ("127.0.0.1", &["198.51.100.1, garbage, 10.0.0.7"], "10.0.0.7"),
            ("127.0.0.1", &["[2001:db8::5]:4711"], "2001:db8::5"),
            ("127.0.0.1", &["198.51.100.1:8080"], "198.51.100.1"),
            ("127.0.0.1", &["10.1.1.1, 10.2.2.2"], "10.1.1.1"),
            ("127.0.0.1", &[""], "127.0.0.1"),
            ("::ffff:127.0.0.1", &["198.51.100.1"], "198.51.100.1"),
        ];
        for (peer, forwarded, expected) in cases {
            assert_eq!(client(peer, forwarded), *expected, "{peer} {forwarded:?}");
        }
    }
}
