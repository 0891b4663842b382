//! A shelf: what can be made again is kept on it for a while, up to so many bytes.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::Mutex;

/// Most things kept at once, however small.
const MAX_THINGS: usize = 1000;

/// Things by key; those used longest ago leave first.
#[derive(Debug)]
pub(super) struct Shelf<K, V> {
    max_bytes: u64,
    idle: Duration,
    /// Locked to look something up or put it down, never while awaiting.
    things: Mutex<HashMap<K, Thing<V>>>,
}

#[derive(Debug)]
struct Thing<V> {
    value: Arc<V>,
    bytes: u64,
    used: Instant,
}

/// What has left a shelf. Dropping it may take a while.
pub(super) type Left<V> = Vec<Arc<V>>;

impl<K: Copy + Eq + Hash, V> Shelf<K, V> {
    pub(super) fn new(max_bytes: u64, idle: Duration) -> Self {
        Self { max_bytes, idle, things: Mutex::new(HashMap::new()) }
    }

    /// What is kept under `key`.
    pub(super) fn get(&self, key: K, now: Instant) -> Option<Arc<V>> {
        let mut things = self.things.lock();
        let thing = things.get_mut(&key)?;
        thing.used = now;
        Some(Arc::clone(&thing.value))
    }

    /// What is kept under `key`, or something new that weighs nothing yet.
    pub(super) fn get_or_put(&self, key: K, now: Instant, new: impl FnOnce() -> V) -> Arc<V> {
        let mut things = self.things.lock();
        let thing = things.entry(key).or_insert_with(|| Thing {
            value: Arc::new(new()),
            bytes: 0,
            used: now,
        });
        thing.used = now;
        Arc::clone(&thing.value)
    }

    /// Notes how many bytes `key` holds, if `value` is still what is kept there. Others leave
    /// until all fit; what alone is too much leaves itself.
    pub(super) fn weigh(&self, key: K, value: &Arc<V>, bytes: u64) -> Left<V> {
        let mut things = self.things.lock();
        match things.get_mut(&key) {
            Some(thing) if Arc::ptr_eq(&thing.value, value) => thing.bytes = bytes,
            _ => return Vec::new(),
        }
        let mut left = Vec::new();
        if bytes > self.max_bytes {
            left.extend(things.remove(&key).map(|thing| thing.value));
        }
        loop {
            let total: u64 = things.values().map(|thing| thing.bytes).sum();
            if total <= self.max_bytes && things.len() <= MAX_THINGS {
                return left;
            }
            let oldest = things
                .iter()
                .filter(|(other, _)| **other != key)
                .min_by_key(|(_, thing)| thing.used)
                .map(|(key, _)| *key);
            let Some(oldest) = oldest else { return left };
            left.extend(things.remove(&oldest).map(|thing| thing.value));
        }
    }

    /// How many things are kept.
    pub(super) fn len(&self) -> usize {
        self.things.lock().len()
    }

    /// Takes `key` off.
    pub(super) fn remove(&self, key: K) -> Option<Arc<V>> {
        self.things.lock().remove(&key).map(|thing| thing.value)
    }

    /// Takes off what nobody has used for a while.
    pub(super) fn take_idle(&self, now: Instant) -> Left<V> {
        let mut things = self.things.lock();
        let idle = things.extract_if(|_, thing| now.duration_since(thing.used) >= self.idle);
        idle.map(|(_, thing)| thing.value).collect()
    }
}

/// Frees memory off the async threads: giving back a large table takes a while.
pub(super) fn drop_aside<V: Send + Sync + 'static>(left: Left<V>) {
    if !left.is_empty() {
        tokio::task::spawn_blocking(move || drop(left));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    fn shelf() -> Shelf<u8, &'static str> {
        Shelf::new(100, 5 * MINUTE)
    }

    fn put(shelf: &Shelf<u8, &'static str>, key: u8, at: Instant, bytes: u64) -> usize {
        let value = shelf.get_or_put(key, at, || "value");
        shelf.weigh(key, &value, bytes).len()
    }

    #[test]
    fn what_was_used_longest_ago_leaves_first() {
        let (shelf, begin) = (shelf(), Instant::now());
        assert_eq!(put(&shelf, 1, begin, 50), 0);
        assert_eq!(put(&shelf, 2, begin + MINUTE, 40), 0);
        assert!(shelf.get(1, begin + 2 * MINUTE).is_some());
        assert_eq!(put(&shelf, 3, begin + 3 * MINUTE, 45), 1);
        let kept: Vec<bool> =
            [1, 2, 3].map(|key| shelf.get(key, begin + 4 * MINUTE).is_some()).into();
        assert_eq!(kept, [true, false, true]);
    }

    #[test]
    fn what_alone_is_too_much_is_not_kept_and_drives_nobody_out() {
        let (shelf, begin) = (shelf(), Instant::now());
        put(&shelf, 1, begin, 60);
        assert_eq!(put(&shelf, 2, begin, 101), 1);
        assert!(shelf.get(1, begin).is_some() && shelf.get(2, begin).is_none());
    }

    #[test]
    fn what_nobody_uses_leaves_after_a_while() {
        let (shelf, begin) = (shelf(), Instant::now());
        put(&shelf, 1, begin, 1);
        put(&shelf, 2, begin, 1);
        shelf.get(2, begin + MINUTE);
        assert_eq!(shelf.take_idle(begin + 5 * MINUTE).len(), 1);
        assert!(shelf.get(1, begin).is_none() && shelf.get(2, begin + MINUTE).is_some());
    }

    #[test]
    fn what_was_taken_off_meanwhile_is_not_weighed() {
        let (shelf, begin) = (shelf(), Instant::now());
        let value = shelf.get_or_put(1, begin, || "old");
        assert!(shelf.remove(1).is_some());
        shelf.get_or_put(1, begin, || "new");
        assert!(shelf.weigh(1, &value, 1000).is_empty());
        assert_eq!(shelf.get(1, begin).as_deref(), Some(&"new"));
    }
}
