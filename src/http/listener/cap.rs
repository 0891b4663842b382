//! How many connections may be open, in all and of one address.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::net::IpAddr;
use std::sync::Arc;

use parking_lot::Mutex;

use crate::service::guard::AddressKey;

/// Counts open connections.
#[derive(Clone)]
pub(super) struct Caps {
    max: usize,
    max_per_address: Option<usize>,
    /// Guards the counts; held for one change.
    open: Arc<Mutex<Open>>,
}

#[derive(Default)]
struct Open {
    all: usize,
    by_address: HashMap<AddressKey, usize>,
}

/// A connection's place; dropping it gives it back.
pub(super) struct Place {
    open: Arc<Mutex<Open>>,
    address: Option<AddressKey>,
}

impl Caps {
    pub(super) fn new(max: usize, max_per_address: Option<usize>) -> Self {
        Self { max, max_per_address, open: Arc::default() }
    }

    /// A place for a connection from `address`; `None` as address is not counted by address.
    pub(super) fn admit(&self, address: Option<IpAddr>) -> Option<Place> {
        let mut open = self.open.lock();
        if open.all >= self.max {
            return None;
        }
        let address = address.filter(|_| self.max_per_address.is_some()).map(AddressKey::from);
        if let (Some(address), Some(max)) = (address, self.max_per_address) {
            let count = open.by_address.entry(address).or_default();
            if *count >= max {
                return None;
            }
            *count += 1;
        }
        open.all += 1;
        Some(Place { open: Arc::clone(&self.open), address })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.open.lock();
        open.all = open.all.saturating_sub(1);
        let Some(address) = self.address else { return };
        if let Entry::Occupied(mut count) = open.by_address.entry(address) {
            *count.get_mut() = count.get().saturating_sub(1);
            if *count.get() == 0 {
                count.remove();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> Option<IpAddr> {
        Some(text.parse().expect("an address"))
    }

    #[test]
    fn places_are_counted_and_given_back() {
        let caps = Caps::new(3, Some(2));
        let first = caps.admit(address("192.0.2.1"));
        let second = caps.admit(address("192.0.2.1"));
        assert!(first.is_some() && second.is_some());
        assert!(caps.admit(address("192.0.2.1")).is_none(), "two of one address");
        let other = caps.admit(address("192.0.2.2"));
        assert!(other.is_some());
        assert!(caps.admit(address("192.0.2.3")).is_none(), "three in all");
        drop((first, second, other));
        assert!(caps.admit(address("192.0.2.1")).is_some());
        assert!(caps.open.lock().by_address.is_empty(), "nothing is kept of who left");
    }

    #[test]
    fn proxies_are_not_counted_by_address() {
        let caps = Caps::new(10, Some(1));
        let places: Vec<_> = (0..10).filter_map(|_| caps.admit(None)).collect();
        assert_eq!(places.len(), 10);
    }
}
