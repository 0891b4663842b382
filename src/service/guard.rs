//! Limits on how fast visitors and addresses may act: token buckets, on by default.

use std::collections::BTreeMap;
use std::fmt;
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use governor::clock::{Clock as _, DefaultClock};
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};
use parking_lot::Mutex;

use crate::domain::id::SessionId;
use crate::domain::secret::TokenHash;

/// An address as limits see it: one IPv4 address, or one IPv6 /64, which is what a single
/// customer line gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AddressKey(IpAddr);

impl From<IpAddr> for AddressKey {
    fn from(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64)),
            v4 @ IpAddr::V4(_) => v4,
        })
    }
}

impl fmt::Display for AddressKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

type Buckets<K> = RateLimiter<K, DashMapStateStore<K>, DefaultClock>;

/// How much is allowed.
#[derive(Debug, Clone, Copy)]
pub struct Allowance {
    /// Messages of one session in a minute.
    pub messages_per_minute: u32,
    /// Messages of one address in a minute.
    pub address_messages_per_minute: u32,
    /// Sessions made from one address in an hour.
    pub address_sessions_per_hour: u32,
    /// Files of one session in a minute.
    pub uploads_per_minute: u32,
    /// Files of one address in a minute.
    pub address_uploads_per_minute: u32,
    /// Questions to files of one address in a minute.
    pub address_queries_per_minute: u32,
    /// Sign-ins tried from one address in [`ADDRESS_LOGINS_IN`].
    pub logins_per_address: u32,
    /// Sign-ins tried to one account in [`ACCOUNT_LOGINS_IN`], from anywhere.
    pub logins_per_account: u32,
    /// Accounts asked for from one address in an hour.
    pub registrations_per_address: u32,
}

/// The span of [`Allowance::logins_per_address`].
pub const ADDRESS_LOGINS_IN: Duration = Duration::from_secs(5 * 60);
/// The span of [`Allowance::logins_per_account`].
pub const ACCOUNT_LOGINS_IN: Duration = Duration::from_secs(15 * 60);

/// The buckets of everybody who acted lately. Idle ones are forgotten by [`Guard::forget_idle`].
pub struct Guard {
    buckets: Option<AllBuckets>,
    clock: DefaultClock,
}

struct AllBuckets {
    session_messages: Buckets<SessionId>,
    /// The same for bots that allow another number, by that number. Held for a look only.
    other_session_messages: Mutex<BTreeMap<u32, Arc<Buckets<SessionId>>>>,
    address_messages: Buckets<AddressKey>,
    address_sessions: Buckets<AddressKey>,
    session_uploads: Buckets<SessionId>,
    address_uploads: Buckets<AddressKey>,
    address_queries: Buckets<AddressKey>,
    address_logins: Buckets<AddressKey>,
    account_logins: Buckets<TokenHash>,
    address_registrations: Buckets<AddressKey>,
}

impl AllBuckets {
    /// The buckets of sessions that may send so many messages in a minute.
    fn allowing(&self, number: u32) -> Arc<Buckets<SessionId>> {
        let mut others = self.other_session_messages.lock();
        let quota = Quota::per_minute(NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN));
        Arc::clone(others.entry(number).or_insert_with(|| Arc::new(RateLimiter::dashmap(quota))))
    }
}

impl Guard {
    /// Limits to `allowance`; `None` lifts all limits.
    #[must_use]
    pub fn new(allowance: Option<Allowance>) -> Self {
        let a_minute = |n: u32| Quota::per_minute(count(n));
        let buckets = allowance.map(|allowance| AllBuckets {
            session_messages: RateLimiter::dashmap(a_minute(allowance.messages_per_minute)),
            other_session_messages: Mutex::default(),
            address_messages: RateLimiter::dashmap(a_minute(allowance.address_messages_per_minute)),
            address_sessions: RateLimiter::dashmap(Quota::per_hour(count(
                allowance.address_sessions_per_hour,
            ))),
            session_uploads: RateLimiter::dashmap(a_minute(allowance.uploads_per_minute)),
            address_uploads: RateLimiter::dashmap(a_minute(allowance.address_uploads_per_minute)),
            address_queries: RateLimiter::dashmap(a_minute(allowance.address_queries_per_minute)),
            address_logins: RateLimiter::dashmap(in_all(
                allowance.logins_per_address,
                ADDRESS_LOGINS_IN,
            )),
            account_logins: RateLimiter::dashmap(in_all(
                allowance.logins_per_account,
                ACCOUNT_LOGINS_IN,
            )),
            address_registrations: RateLimiter::dashmap(Quota::per_hour(count(
                allowance.registrations_per_address,
            ))),
        });
        Self { buckets, clock: DefaultClock::default() }
    }

    /// Takes one message from the session's and the address's bucket. The bot may allow a session
    /// another number of messages in a minute.
    ///
    /// # Errors
    /// How long to wait, when one of them is empty.
    pub fn admit_message(
        &self,
        address: AddressKey,
        session: SessionId,
        per_minute: Option<u32>,
    ) -> Result<(), Duration> {
        let Some(buckets) = &self.buckets else { return Ok(()) };
        match per_minute {
            None => self.take(&buckets.session_messages, &session)?,
            Some(number) => self.take(&buckets.allowing(number), &session)?,
        }
        self.take(&buckets.address_messages, &address)
    }

    /// Takes one new session from the address's bucket.
    ///
    /// # Errors
    /// How long to wait, when it is empty.
    pub fn admit_session(&self, address: AddressKey) -> Result<(), Duration> {
        let Some(buckets) = &self.buckets else { return Ok(()) };
        self.take(&buckets.address_sessions, &address)
    }

    /// Takes one file from the session's and the address's bucket.
    ///
    /// # Errors
    /// How long to wait, when one of them is empty.
    pub fn admit_upload(&self, address: AddressKey, session: SessionId) -> Result<(), Duration> {
        let Some(buckets) = &self.buckets else { return Ok(()) };
        self.take(&buckets.session_uploads, &session)?;
        self.take(&buckets.address_uploads, &address)
    }

    /// Takes one question to a file from the address's bucket.
    ///
    /// # Errors
    /// How long to wait, when it is empty.
    pub fn admit_query(&self, address: AddressKey) -> Result<(), Duration> {
        let Some(buckets) = &self.buckets else { return Ok(()) };
        self.take(&buckets.address_queries, &address)
    }

    /// Takes one sign-in from the address's and the account's bucket. An account is named by the
    /// hash of its folded name, whether it exists or not: a bucket tells nothing about that. It
    /// fills again by itself, so nobody is locked out for good.
    ///
    /// # Errors
    /// How long to wait, when one of them is empty.
    pub fn admit_login(&self, address: AddressKey, account: TokenHash) -> Result<(), Duration> {
        let Some(buckets) = &self.buckets else { return Ok(()) };
        self.take(&buckets.address_logins, &address)?;
        self.take(&buckets.account_logins, &account)
    }

    /// Takes one new account from the address's bucket.
    ///
    /// # Errors
    /// How long to wait, when it is empty.
    pub fn admit_registration(&self, address: AddressKey) -> Result<(), Duration> {
        let Some(buckets) = &self.buckets else { return Ok(()) };
        self.take(&buckets.address_registrations, &address)
    }

    fn take<K>(&self, buckets: &Buckets<K>, key: &K) -> Result<(), Duration>
    where
        K: Clone + Eq + std::hash::Hash,
    {
        buckets.check_key(key).map_err(|refusal| refusal.wait_time_from(self.clock.now()))
    }

    /// Forgets the buckets that are full again, so that memory follows the visitors of the last
    /// hour, not of all time.
    pub fn forget_idle(&self) {
        if let Some(buckets) = &self.buckets {
            buckets.session_messages.retain_recent();
            let mut others = buckets.other_session_messages.lock();
            others.values().for_each(|buckets| buckets.retain_recent());
            others.retain(|_, buckets| !buckets.is_empty());
            drop(others);
            buckets.address_messages.retain_recent();
            buckets.address_sessions.retain_recent();
            buckets.session_uploads.retain_recent();
            buckets.address_uploads.retain_recent();
            buckets.address_queries.retain_recent();
            buckets.address_logins.retain_recent();
            buckets.account_logins.retain_recent();
            buckets.address_registrations.retain_recent();
        }
    }
}

fn count(n: u32) -> NonZeroU32 {
    NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN)
}

/// A bucket of `n`, which is full again after `span`.
fn in_all(n: u32, span: Duration) -> Quota {
    let each = span / count(n).get();
    Quota::with_period(each).unwrap_or(Quota::per_hour(NonZeroU32::MIN)).allow_burst(count(n))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guard() -> Guard {
        Guard::new(Some(Allowance {
            messages_per_minute: 3,
            address_messages_per_minute: 5,
            address_sessions_per_hour: 2,
            uploads_per_minute: 2,
            address_uploads_per_minute: 3,
            address_queries_per_minute: 4,
            logins_per_address: 5,
            logins_per_account: 10,
            registrations_per_address: 3,
        }))
    }

    fn key(address: &str) -> AddressKey {
        AddressKey::from(address.parse::<IpAddr>().expect("an address"))
    }

    #[test]
    fn a_session_is_limited_and_told_how_long_to_wait() {
        let (guard, session) = (guard(), SessionId::random());
        for _ in 0..3 {
            assert!(guard.admit_message(key("192.0.2.1"), session, None).is_ok());
        }
        let wait = guard.admit_message(key("192.0.2.1"), session, None).expect_err("limited");
        assert!(wait > Duration::from_secs(15) && wait <= Duration::from_secs(20), "{wait:?}");
    }

    #[test]
    fn new_sessions_of_one_address_share_its_bucket() {
        let guard = guard();
        let admitted = (0..20)
            .filter(|_| guard.admit_message(key("192.0.2.1"), SessionId::random(), None).is_ok())
            .count();
        assert_eq!(admitted, 5);
        assert!(guard.admit_message(key("192.0.2.2"), SessionId::random(), None).is_ok());
    }

    #[test]
    fn an_ipv6_line_is_one_address() {
        assert_eq!(key("2001:db8::1"), key("2001:db8::ffff:1"));
        assert_ne!(key("2001:db8::1"), key("2001:db8:0:1::1"));
        assert_eq!(key("::ffff:192.0.2.1"), key("192.0.2.1"));
    }

    #[test]
    fn a_bot_may_allow_more_or_less_than_others() {
        let (guard, one, other) = (guard(), SessionId::random(), SessionId::random());
        guard.admit_message(key("192.0.2.1"), one, Some(1)).expect("the first");
        guard.admit_message(key("192.0.2.1"), one, Some(1)).expect_err("no more");
        for _ in 0..4 {
            guard.admit_message(key("192.0.2.2"), other, Some(4)).expect("more than three");
        }
        guard.admit_message(key("192.0.2.3"), other, Some(4)).expect_err("not five");
    }

    #[test]
    fn without_limits_all_are_admitted() {
        let guard = Guard::new(None);
        assert!((0..1000).all(|_| guard.admit_session(key("192.0.2.1")).is_ok()));
    }

    #[test]
    fn sign_ins_are_limited_by_address_and_by_account() {
        let guard = guard();
        let (ada, bob) = (TokenHash::of("ada"), TokenHash::of("bob"));
        let tries = |address: &str, account| {
            (0..20).filter(|_| guard.admit_login(key(address), account).is_ok()).count()
        };
        assert_eq!(tries("192.0.2.1", ada), 5);
        let wait = guard.admit_login(key("192.0.2.1"), bob).expect_err("limited");
        assert!(wait > Duration::from_secs(55) && wait <= Duration::from_secs(60), "{wait:?}");
        assert_eq!(tries("192.0.2.2", ada), 5);
        assert_eq!(tries("192.0.2.3", ada), 0, "ten from everywhere");
        let wait = guard.admit_login(key("192.0.2.4"), ada).expect_err("limited");
        assert!(wait > Duration::from_secs(80) && wait <= Duration::from_secs(90), "{wait:?}");
        assert!(guard.admit_login(key("192.0.2.4"), bob).is_ok(), "others are not held back");
    }
}
