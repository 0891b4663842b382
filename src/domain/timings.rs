//! How long replies took, as counts in buckets: sums of many hours still have a median.

/// Upper borders of the buckets, milliseconds; the last bucket has none.
const BORDERS_MS: [u64; Timings::BUCKETS - 1] =
    [250, 500, 750, 1000, 1500, 2000, 3000, 4000, 6000, 8000, 12_000, 20_000, 40_000];

/// How many replies took how long.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Timings([u64; Timings::BUCKETS]);

impl Timings {
    /// How many buckets there are.
    pub const BUCKETS: usize = 14;

    /// Counts as they are stored, the shortest times first.
    #[must_use]
    pub const fn new(counts: [u64; Self::BUCKETS]) -> Self {
        Self(counts)
    }

    /// The bucket that this time falls into.
    #[must_use]
    pub fn bucket(ms: u64) -> usize {
        BORDERS_MS.iter().take_while(|border| ms > **border).count()
    }

    /// How many replies were timed.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.0.iter().sum()
    }

    /// Counts `other` as well.
    pub fn add(&mut self, other: &Self) {
        for (own, more) in self.0.iter_mut().zip(other.0) {
            *own = own.saturating_add(more);
        }
    }

    /// The time, in milliseconds, within which this part of the replies came: 0.5 is the median.
    /// Exact to the bucket, even within it. Of the last bucket only its beginning is known. `None`
    /// if nothing was timed.
    #[must_use]
    pub fn within_ms(&self, part: f64) -> Option<u64> {
        let wanted = part.clamp(0.0, 1.0) * self.count() as f64;
        let (mut below, mut from) = (0_u64, 0);
        let mut found = None;
        for (count, to) in self.0.into_iter().zip(BORDERS_MS.into_iter().chain([40_000])) {
            if count > 0 {
                let share = ((wanted - below as f64) / count as f64).clamp(0.0, 1.0);
                found = Some(from + ((to - from) as f64 * share) as u64);
            }
            below = below.saturating_add(count);
            if count > 0 && below as f64 >= wanted {
                break;
            }
            from = to;
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(times: impl IntoIterator<Item = u64>) -> Timings {
        let mut timings = Timings::default();
        for ms in times {
            timings.0[Timings::bucket(ms)] += 1;
        }
        timings
    }

    #[test]
    fn every_time_falls_into_a_bucket() {
        let borders = [(0, 0), (250, 0), (251, 1), (40_000, 12), (40_001, 13), (u64::MAX, 13)];
        for (ms, bucket) in borders {
            assert_eq!(Timings::bucket(ms), bucket, "{ms}");
        }
    }

    #[test]
    fn a_median_lies_where_half_of_the_replies_are_faster() {
        assert_eq!(Timings::default().within_ms(0.5), None);
        let timings = of((1..=1000).map(|n| n * 10));
        let median = timings.within_ms(0.5).expect("a median");
        assert!((4900..=5100).contains(&median), "{median}");
        let most = timings.within_ms(0.95).expect("a time");
        assert!((8000..=12_000).contains(&most), "{most}");
        assert_eq!(of([100, 100, 50_000]).within_ms(1.0), Some(40_000));
        assert!(of([100]).within_ms(0.0).is_some());
    }

    #[test]
    fn hours_add_up() {
        let mut day = of([100, 900]);
        day.add(&of([900, 50_000]));
        assert_eq!(day, of([100, 900, 900, 50_000]));
        assert_eq!(day.count(), 4);
    }
}
