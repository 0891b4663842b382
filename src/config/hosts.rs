//! Which names this server answers to, by Django's rules for `ALLOWED_HOSTS`.

/// Names that a request's `Host` header may have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AllowedHosts {
    /// Every name (`*`).
    Any,
    /// These, in lower case and without a port; `.example.com` is also everything below it.
    List(Vec<String>),
}

impl AllowedHosts {
    /// Whether a `Host` header names one of them.
    #[must_use]
    pub fn allow(&self, host: Option<&str>) -> bool {
        let Self::List(list) = self else { return true };
        let Some(name) = host.and_then(name_of) else { return false };
        list.iter().any(|pattern| match pattern.strip_prefix('.') {
            Some(domain) => name == domain || name.ends_with(pattern.as_str()),
            None => name == *pattern,
        })
    }
}

/// The name in a `Host` header, without port and the dot that may end a whole name.
fn name_of(host: &str) -> Option<String> {
    let host = host.to_ascii_lowercase();
    let (name, port) = match host.strip_prefix('[') {
        Some(address) => {
            let (address, port) = address.split_once(']')?;
            address.parse::<std::net::Ipv6Addr>().ok()?;
            (format!("[{address}]"), port.strip_prefix(':').or(port.is_empty().then_some("")))
        }
        None => match host.split_once(':') {
            Some((name, port)) => (name.to_owned(), Some(port)),
            None => (host, Some("")),
        },
    };
    port?.chars().all(|c| c.is_ascii_digit()).then_some(())?;
    let name = name.strip_suffix('.').unwrap_or(&name);
    let is_known = |c: char| c.is_ascii_alphanumeric() || "-._[]:".contains(c);
    (!name.is_empty() && name.chars().all(is_known)).then(|| name.to_owned())
}

/// Reads one entry: `*`, a name, an address, or `.example.com`.
///
/// # Errors
/// It would never match.
pub(super) fn host(text: &str) -> Result<String, String> {
    let text_is_bare_v6 = text.parse::<std::net::Ipv6Addr>().is_ok();
    let entry = if text_is_bare_v6 { format!("[{text}]") } else { text.to_owned() };
    let entry = entry.to_ascii_lowercase();
    let bare = entry.strip_prefix('.').unwrap_or(&entry);
    let has_port = !entry.starts_with('[') && entry.contains(':');
    if entry == "*" || !has_port && name_of(bare).is_some_and(|_| !bare.starts_with('.')) {
        return Ok(entry.strip_suffix('.').unwrap_or(&entry).to_owned());
    }
    Err(format!("holds `{text}`, which is not a bare name or address, without scheme and port"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allow(list: &str, name: &str) -> bool {
        let list = list.split(',').map(|entry| host(entry).expect("an entry")).collect();
        AllowedHosts::List(list).allow(Some(name))
    }

    #[test]
    fn names_are_compared_as_django_does() {
        for (list, name, expected) in [
            ("example.com", "example.com", true),
            ("example.com", "EXAMPLE.com:8000", true),
            ("Example.com", "example.com.", true),
            ("example.com", "www.example.com", false),
            ("example.com", "example.com.evil.example", false),
            (".example.com", "example.com", true),
            (".example.com", "a.b.example.com:80", true),
            (".example.com", "badexample.com", false),
            ("localhost,127.0.0.1", "127.0.0.1:8000", true),
            ("localhost,127.0.0.1", "127.0.0.2", false),
            ("::1", "[::1]:8000", true),
            ("[::1]", "[::1]", true),
            ("[::1]", "[::2]", false),
            ("example.com", "", false),
            ("example.com", "example.com:", true),
            ("example.com", "example.com:x", false),
            ("example.com", "example.com:80:90", false),
            ("example.com", "user@example.com", false),
            ("example.com", "example.com/", false),
            ("example.com", "example.com evil", false),
            (".com", "[::1].com", false),
        ] {
            assert_eq!(allow(list, name), expected, "{list} {name}");
        }
        assert!(!AllowedHosts::List(vec!["a".to_owned()]).allow(None));
        assert!(AllowedHosts::Any.allow(None));
    }

    #[test]
    fn an_entry_that_never_matches_is_refused() {
        for text in ["http://example.com", "example.com:8000", "example.com/", "a b", "..a", "."] {
            host(text).expect_err(text);
        }
    }
}
