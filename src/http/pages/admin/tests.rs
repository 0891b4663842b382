//! What holds for every admin page: which addresses are theirs, whose requests are refused.

use super::*;

fn is_refused(lines: &[(&str, &str)], public_url: Option<&str>) -> bool {
    let mut headers = HeaderMap::new();
    for (name, value) in lines {
        let name: HeaderName = name.parse().expect("a name");
        headers.append(name, value.parse().expect("a value"));
    }
    is_from_elsewhere(&headers, public_url)
}

#[test]
fn requests_of_other_sites_are_refused() {
    let public = Some("https://chat.example.com");
    let host = ("host", "chat.example.com");
    for lines in [
        vec![host, ("sec-fetch-site", "cross-site")],
        vec![host, ("sec-fetch-site", "same-site")],
        vec![host, ("sec-fetch-site", "same-origin"), ("origin", "https://evil.example")],
        vec![host, ("origin", "null")],
        vec![host, ("origin", "")],
        vec![host, ("origin", "https://chat.example.com.evil.example")],
        vec![host, ("origin", "https://evil.example/chat.example.com")],
        vec![host, ("origin", "https://chat.example.com:8443")],
        vec![host, ("origin", "https://other.example.com")],
        vec![host, ("origin", "file:///chat.example.com")],
        vec![("host", "a@evil.example"), ("origin", "https://other.example")],
        vec![("origin", "https://evil.example")],
    ] {
        assert!(is_refused(&lines, public), "{lines:?}");
        assert!(is_refused(&lines, None), "{lines:?}");
    }
}

#[test]
fn our_own_forms_and_programs_pass() {
    for lines in [
        vec![],
        vec![("host", "127.0.0.1:8000")],
        vec![("host", "127.0.0.1:8000"), ("origin", "http://127.0.0.1:8000")],
        vec![("host", "[::1]:8000"), ("origin", "http://[::1]:8000")],
        vec![("host", "chat.example.com"), ("origin", "https://chat.example.com")],
        vec![("host", "Chat.Example.com:443"), ("origin", "https://chat.example.com")],
        vec![("host", "chat.example.com"), ("sec-fetch-site", "same-origin")],
        vec![("host", "chat.example.com"), ("sec-fetch-site", "none")],
    ] {
        assert!(!is_refused(&lines, None), "{lines:?}");
    }
    let behind_a_proxy = [("host", "10.0.0.7:8000"), ("origin", "https://chat.example.com")];
    assert!(is_refused(&behind_a_proxy, None));
    assert!(!is_refused(&behind_a_proxy, Some("https://chat.example.com")));
}

#[test]
fn only_these_addresses_speak_html() {
    for path in ["/admin", "/admin/", "/admin/bots/x"] {
        assert!(is_admin(path), "{path}");
    }
    for path in ["/", "/administrator", "/api/admin", "/Admin/"] {
        assert!(!is_admin(path), "{path}");
    }
}
