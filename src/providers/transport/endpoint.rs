//! Where a vendor's API lives and how the key gets there.

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use url::Url;

/// A setting a provider cannot work with. Never shows the value, which may be a key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{setting} {reason}")]
pub struct InvalidSetting {
    /// Which one: `base URL`, `API key`.
    pub setting: &'static str,
    /// What is wrong with it.
    pub reason: &'static str,
}

/// The address of a vendor's API, under which its endpoints lie.
#[derive(Debug, Clone)]
pub(in crate::providers) struct BaseUrl(Url);

impl BaseUrl {
    /// Accepts an `http` or `https` address, with or without a slash at its end.
    pub(in crate::providers) fn parse(text: &str) -> Result<Self, InvalidSetting> {
        let invalid = |reason| InvalidSetting { setting: "base URL", reason };
        let url = Url::parse(text.trim()).map_err(|_| invalid("is not an address"))?;
        match url.scheme() {
            "http" | "https" if url.has_host() => Ok(Self(url)),
            _ => Err(invalid("must begin with http:// or https://")),
        }
    }

    /// Whether it leads to this host.
    pub(in crate::providers) fn is_host(&self, host: &str) -> bool {
        self.0.host_str() == Some(host)
    }

    /// The address of an endpoint. The base may already end with the beginning of `path`, such as
    /// its version, or with all of it.
    pub(in crate::providers) fn join(&self, path: &[&str]) -> Url {
        let mut url = self.0.clone();
        let own: Vec<&str> = self.0.path().split('/').filter(|one| !one.is_empty()).collect();
        let is_there = |count: &usize| path.get(..*count).is_some_and(|part| own.ends_with(part));
        let skipped = (0..=path.len()).rev().find(is_there).unwrap_or(0);
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path.iter().skip(skipped));
        }
        url
    }
}

/// Adds a header that logs must not show.
pub(in crate::providers) fn secret_header(
    headers: &mut HeaderMap,
    name: &'static str,
    value: &str,
) -> Result<(), InvalidSetting> {
    let mut value = HeaderValue::from_str(value).map_err(|_| InvalidSetting {
        setting: "API key",
        reason: "has characters that no key has, such as a line break",
    })?;
    value.set_sensitive(true);
    headers.insert(HeaderName::from_static(name), value);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_join_with_one_slash_and_one_version() {
        let cases = [
            ("https://api.anthropic.com", "https://api.anthropic.com/v1/messages"),
            ("https://api.anthropic.com/", "https://api.anthropic.com/v1/messages"),
            ("https://api.anthropic.com/v1", "https://api.anthropic.com/v1/messages"),
            ("http://h:1/a/b/v1/", "http://h:1/a/b/v1/messages"),
            ("http://h/v1/messages", "http://h/v1/messages"),
            ("http://h/a?api-version=2", "http://h/a/v1/messages?api-version=2"),
        ];
        for (base, expected) in cases {
            let url = BaseUrl::parse(base).unwrap().join(&["v1", "messages"]);
            assert_eq!(url.as_str(), expected);
        }
    }

    #[test]
    fn segments_of_a_path_are_escaped() {
        let base = BaseUrl::parse("http://h").unwrap();
        assert_eq!(base.join(&["v1", "../a?b#c/d"]).as_str(), "http://h/v1/..%2Fa%3Fb%23c%2Fd");
    }

    #[test]
    fn a_key_is_not_shown_with_its_headers() {
        let mut headers = HeaderMap::new();
        secret_header(&mut headers, "x-api-key", "sk-canary").unwrap();
        assert!(!format!("{headers:?}").contains("canary"));
        assert!(secret_header(&mut headers, "x-api-key", "line\nbreak").is_err());
    }

    #[test]
    fn what_is_no_web_address_is_refused() {
        for text in ["", "api.openai.com", "file:///etc/passwd", "ftp://h", "data:,x"] {
            assert!(BaseUrl::parse(text).is_err(), "{text}");
        }
    }
}
