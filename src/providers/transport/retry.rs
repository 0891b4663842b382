//! Whether and when to ask again.

use std::time::Duration;

use reqwest::header::{DATE, HeaderMap, HeaderName, RETRY_AFTER};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc2822;

use super::TransportSettings;
use crate::providers::error::ProviderError;

/// A failed try.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) error: ProviderError,
    /// The vendor's own word on whether to try again.
    pub(super) should_retry: Option<bool>,
}

impl From<ProviderError> for Failure {
    fn from(error: ProviderError) -> Self {
        Self { error, should_retry: None }
    }
}

/// What the headers of a refusal say about trying again.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Advice {
    pub(super) should_retry: Option<bool>,
    pub(super) wait: Option<Duration>,
}

impl Advice {
    /// Reads `x-should-retry`, `retry-after-ms` and `retry-after`, as the vendors' own SDKs do.
    pub(super) fn read(headers: &HeaderMap) -> Self {
        let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
        let ms = text(HeaderName::from_static("retry-after-ms"))
            .and_then(|ms| ms.trim().parse::<f64>().ok())
            .and_then(|ms| Duration::try_from_secs_f64(ms / 1000.0).ok());
        let wait = || span(text(RETRY_AFTER)?, text(DATE));
        Self {
            should_retry: text(HeaderName::from_static("x-should-retry"))
                .and_then(|word| word.trim().parse().ok()),
            wait: ms.or_else(wait),
        }
    }
}

/// Seconds, or the date up to which to wait, counted from the answer's own date: no clock of ours.
fn span(text: &str, now: Option<&str>) -> Option<Duration> {
    if let Ok(seconds) = text.trim().parse::<f64>() {
        return Duration::try_from_secs_f64(seconds).ok();
    }
    let until = OffsetDateTime::parse(text.trim(), &Rfc2822).ok()?;
    let now = OffsetDateTime::parse(now?.trim(), &Rfc2822).ok()?;
    Some(Duration::try_from(until - now).unwrap_or_default())
}

/// How long to wait before asking again; none if that would be of no use. `jitter` is 0.75 to 1:
/// many clients must not come back at the same moment.
pub(super) fn wait_before(
    retry: u32,
    failure: &Failure,
    settings: &TransportSettings,
    jitter: f64,
) -> Option<Duration> {
    let error = &failure.error;
    let is_useful = failure.should_retry.unwrap_or_else(|| error.class.is_retryable());
    if !is_useful || retry >= settings.max_retries {
        return None;
    }
    match error.retry_after {
        Some(wait) if wait > settings.longest_wait => None,
        Some(wait) => Some(wait),
        None => {
            let doubled = settings.backoff.saturating_mul(2_u32.saturating_pow(retry));
            Some(doubled.min(settings.longest_backoff).mul_f64(jitter))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::providers::error::ErrorClass;

    fn advice(lines: &[(&'static str, &str)]) -> Advice {
        let header = |(name, value): &(&'static str, &str)| {
            (HeaderName::from_static(name), value.parse().unwrap())
        };
        Advice::read(&lines.iter().map(header).collect())
    }

    #[test]
    fn headers_say_how_long_to_wait() {
        const DATE: (&str, &str) = ("date", "Fri, 20 Nov 2026 10:00:00 GMT");
        const LATER: (&str, &str) = ("retry-after", "Fri, 20 Nov 2026 10:00:07 GMT");
        const EARLIER: (&str, &str) = ("retry-after", "Fri, 20 Nov 2026 09:00:00 GMT");
        type Case = (&'static [(&'static str, &'static str)], Option<u64>);
        let cases: [Case; 9] = [
            (&[], None),
            (&[("retry-after", "3")], Some(3000)),
            (&[("retry-after", "0.5")], Some(500)),
            (&[("retry-after", "-1")], None),
            (&[("retry-after", "soon")], None),
            (&[("retry-after", "9"), ("retry-after-ms", "250")], Some(250)),
            (&[LATER], None),
            (&[DATE, LATER], Some(7000)),
            (&[DATE, EARLIER], Some(0)),
        ];
        for (lines, ms) in cases {
            assert_eq!(advice(lines).wait, ms.map(Duration::from_millis), "{lines:?}");
        }
    }

    #[test]
    fn the_vendor_may_decide_about_a_retry() {
        assert_eq!(advice(&[("x-should-retry", "true")]).should_retry, Some(true));
        assert_eq!(advice(&[("x-should-retry", "false")]).should_retry, Some(false));
        assert_eq!(advice(&[("x-should-retry", "maybe")]).should_retry, None);
    }

    #[test]
    fn waits_double_up_to_a_limit() {
        let settings = TransportSettings { max_retries: 9, ..TransportSettings::default() };
        let failure = Failure::from(ProviderError::new(ErrorClass::Overloaded, ""));
        let waits: Vec<u64> = (0..6)
            .filter_map(|retry| wait_before(retry, &failure, &settings, 1.0))
            .map(|wait| u64::try_from(wait.as_millis()).unwrap())
            .collect();
        assert_eq!(waits, [500, 1000, 2000, 4000, 8000, 8000]);
    }

    #[test]
    fn a_wait_too_long_for_a_visitor_ends_it() {
        let settings = TransportSettings::default();
        let mut error = ProviderError::new(ErrorClass::RateLimited, "");
        error.retry_after = Some(Duration::from_secs(21));
        assert_eq!(wait_before(0, &error.clone().into(), &settings, 1.0), None);
        error.retry_after = Some(Duration::from_secs(20));
        assert!(wait_before(0, &error.clone().into(), &settings, 1.0).is_some());
        assert_eq!(wait_before(2, &error.into(), &settings, 1.0), None);
    }
}
