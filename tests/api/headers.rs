//! Headers that keep browsers safe: per route, per origin, per encoding.

use std::io::Read as _;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use sha2::{Digest as _, Sha384};

use crate::sending::new_id;
use crate::support::app::TestApp;
use crate::support::http::Answer;
use crate::support::raw::exchange;

const API_POLICY: &str = "default-src 'none'; frame-ancestors 'none'";
const SITES: &str = "https://shop.example, http://localhost:3000";

#[tokio::test]
async fn every_route_has_the_headers_of_its_kind() {
    let app = TestApp::setup().start().await;
    let visit = app.open().await;
    let session = format!("/api/sessions/{}", visit.id);
    let api: Vec<(&str, String)> = vec![
        ("GET", "/health".into()),
        ("GET", session.clone()),
        ("GET", format!("{session}/export")),
        ("PUT", format!("{session}/config")),
        ("POST", format!("{session}/details")),
        ("GET", "/api/sessions/stats/summary".into()),
        ("GET", "/api/sessions/bot-config".into()),
        ("POST", "/api/sessions/create".into()),
        ("POST", "/api/chat/message".into()),
        ("GET", format!("/api/chat/history/{}", visit.id)),
        ("GET", format!("/api/chat/replies/{}", new_id())),
        ("POST", format!("/api/chat/replies/{}/stop", new_id())),
        ("POST", format!("/api/chat/replies/{}/feedback", new_id())),
        ("DELETE", "/health".into()),
        ("GET", "/api/nothing".into()),
        ("GET", "/nothing".into()),
    ];
    for (method, path) in api {
        let answer = app.call(method, &path).send().await;
        let header = |name: &str| answer.header(name);
        assert_eq!(header("content-security-policy"), Some(API_POLICY), "{path}");
        assert_eq!(header("x-frame-options"), Some("DENY"), "{path}");
        assert_eq!(header("referrer-policy"), Some("no-referrer"), "{path}");
        assert_eq!(header("cache-control"), Some("no-store"), "{path}");
        assert_eq!(header("cross-origin-resource-policy"), Some("cross-origin"), "{path}");
        assert_plain(&answer);
    }
}

#[tokio::test]
async fn our_own_pages_are_framed_by_nobody_and_run_nothing_inline() {
    let app = TestApp::setup().start().await;
    for path in ["/", "/static/pages/demo.css"] {
        let answer = app.get(path).await;
        assert_eq!(answer.status, 200, "{path}");
        let policy = answer.header("content-security-policy").expect("a policy");
        assert!(policy.starts_with("default-src 'none';"), "{policy}");
        assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
        assert!(!policy.contains("unsafe") && !policy.contains('*'), "{policy}");
        assert_eq!(answer.header("x-frame-options"), Some("DENY"), "{path}");
        assert_eq!(answer.header("referrer-policy"), Some("same-origin"), "{path}");
        assert_plain(&answer);
    }
}

/// What no answer needs.
fn assert_plain(answer: &Answer) {
    for name in ["set-cookie", "server", "x-powered-by", "access-control-allow-credentials"] {
        assert_eq!(answer.header(name), None);
    }
}

#[tokio::test]
async fn the_panel_may_be_framed_by_exactly_the_list() {
    let cases = [
        (SITES, "frame-ancestors 'self' https://shop.example http://localhost:3000;"),
        ("https://shop.example:8443", "frame-ancestors 'self' https://shop.example:8443;"),
        ("HTTPS://Shop.Example/", "frame-ancestors 'self' https://shop.example;"),
        ("*", "frame-ancestors *;"),
    ];
    for (sites, ancestors) in cases {
        let app = TestApp::setup().set("ALLOWED_ORIGINS", sites).start().await;
        for path in ["/embed", "/static/widget/chatbot.html", "/embed?bot=default"] {
            let panel = app.get(path).await;
            assert_eq!(panel.status, 200, "{path}");
            let policy = panel.header("content-security-policy").expect("a policy");
            assert!(policy.contains(ancestors), "{policy}");
            assert!(
                policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"),
                "{policy}"
            );
            assert!(policy.contains("require-trusted-types-for 'script'"), "{policy}");
            assert!(!policy.contains("unsafe"), "{policy}");
            assert_eq!(panel.header("x-frame-options"), None, "it would overrule the list");
            assert_eq!(panel.header("referrer-policy"), Some("no-referrer"));
            assert_eq!(panel.header("cache-control"), Some("no-cache"));
            assert_plain(&panel);
        }
    }
}

#[tokio::test]
async fn nothing_in_a_request_alters_who_may_frame_the_panel() {
    let app = TestApp::setup().set("ALLOWED_ORIGINS", SITES).start().await;
    let plain = app.get("/embed").await;
    let policy = plain.header("content-security-policy").expect("a policy").to_owned();
    let page = plain.text();
    let evil = "https://evil.example";
    for header in [
        "origin",
        "referer",
        "host",
        "x-forwarded-host",
        "x-forwarded-for",
        "forwarded",
        "x-original-url",
        "x-frame-options",
        "sec-fetch-site",
    ] {
        let answer = app.call("GET", "/embed").header(header, "evil.example").send().await;
        assert_eq!(answer.header("content-security-policy"), Some(policy.as_str()), "{header}");
        assert_eq!(answer.text(), page, "{header}");
    }
    for query in
        ["origin", "allowedOrigins", "frame-ancestors", "parent", "config", "userIdentifier"]
    {
        let answer = app
            .get(&format!("/embed?{query}={evil};%20frame-ancestors%20*%0d%0aX-Evil:%201"))
            .await;
        assert_eq!(answer.header("content-security-policy"), Some(policy.as_str()), "{query}");
        assert_eq!(answer.header("x-evil"), None);
        // The host's name for its user is told to the panel, as a text.
        assert!(query == "userIdentifier" || !answer.text().contains("evil"), "{query}");
        assert!(!answer.text().contains("\r\n"), "{query}");
    }
}

#[tokio::test]
async fn a_bots_words_cannot_break_out_of_the_panels_page() {
    let words = "</script><script>alert(1)</script><!--";
    let setup = TestApp::setup().set("BOT_NAME", words).set("BOT_WELCOME", words);
    let app = setup.start().await;
    for path in ["/embed", "/", "/widget.js"] {
        let text = app.get(path).await.text();
        assert!(!text.contains("<script>alert"), "{path}: {text}");
        assert!(!text.contains("</script><script>"), "{path}");
    }
}

#[tokio::test]
async fn the_demo_page_takes_its_address_from_the_owner() {
    let app = TestApp::setup().set("PUBLIC_URL", "https://chat.example/base/").start().await;
    let call = app
        .call("GET", "/")
        .header("host", "evil.example")
        .header("x-forwarded-host", "evil.example");
    let page = call.send().await.text();
    assert!(page.contains("https://chat.example/base/widget.js"), "{page}");
    assert!(!page.contains("evil.example"));
    let app = TestApp::setup().start().await;
    let page = app.call("GET", "/").header("host", "h\"><script>x</script>").send().await.text();
    assert!(!page.contains("<script>x"), "{page}");
}

/// Endpoints of every kind, with a method that they answer.
const ENDPOINTS: [(&str, &str); 6] = [
    ("GET", "/health"),
    ("GET", "/api/sessions/bot-config"),
    ("POST", "/api/sessions/create"),
    ("POST", "/api/chat/message"),
    ("GET", "/api/chat/history/11111111-1111-4111-8111-111111111111"),
    ("GET", "/api/nothing"),
];

fn vary_has_origin(answer: &Answer) -> bool {
    answer.headers.get_all("vary").iter().any(|value| {
        value
            .to_str()
            .unwrap_or_default()
            .to_ascii_lowercase()
            .split(',')
            .any(|name| name.trim() == "origin")
    })
}

#[tokio::test]
async fn hostile_origins_are_allowed_nothing() {
    let setup =
        TestApp::setup().set("ALLOWED_ORIGINS", SITES).set("CORS_ALLOW_CREDENTIALS", "true");
    let app = setup.start().await;
    let hostile = [
        "null",
        "https://evil.example",
        "https://shop.example.evil.example",
        "https://evilshop.example",
        "https://sub.shop.example",
        "http://shop.example",
        "https://shop.example:8443",
        "https://shop.example:443",
        "HTTPS://SHOP.EXAMPLE",
        "https://Shop.example",
        "https://shop.example/",
        "https://shop.example.",
        "https://shop.example@evil.example",
        "https://shop.example https://evil.example",
        "https://shop.example,https://evil.example",
        "http://localhost",
        "http://localhost:30000",
        "https://localhost:3000",
        "file://",
        "*",
        "",
        "https://",
    ];
    for origin in hostile {
        for (method, path) in ENDPOINTS {
            let plain = app.call(method, path).header("origin", origin).send().await;
            let preflight = app
                .call("OPTIONS", path)
                .header("origin", origin)
                .header("access-control-request-method", method)
                .header("access-control-request-headers", "content-type,x-visitor-token")
                .send()
                .await;
            for answer in [plain, preflight] {
                assert_eq!(
                    answer.header("access-control-allow-origin"),
                    None,
                    "{origin} {method} {path}"
                );
                assert_eq!(answer.header("access-control-allow-credentials"), None);
                assert!(vary_has_origin(&answer), "{origin} {method} {path}: {:?}", answer.headers);
            }
        }
    }
}

#[tokio::test]
async fn a_listed_origin_is_told_back_alone_and_without_credentials() {
    let app = TestApp::setup().set("ALLOWED_ORIGINS", SITES).start().await;
    for origin in ["https://shop.example", "http://localhost:3000"] {
        for (method, path) in ENDPOINTS {
            let plain = app.call(method, path).header("origin", origin).send().await;
            assert_eq!(plain.header("access-control-allow-origin"), Some(origin), "{path}");
            let exposed = plain.header("access-control-expose-headers").unwrap_or_default();
            assert!(exposed.contains("retry-after"), "{exposed}");
            let preflight = app
                .call("OPTIONS", path)
                .header("origin", origin)
                .header("access-control-request-method", "PUT")
                .header("access-control-request-headers", "content-type")
                .send()
                .await;
            assert_eq!(preflight.status, 200, "{path}");
            assert_eq!(preflight.header("access-control-allow-origin"), Some(origin));
            let headers = preflight.header("access-control-allow-headers").unwrap_or_default();
            for name in ["content-type", "x-visitor-token", "last-event-id", "x-session-id"] {
                assert!(headers.contains(name), "{headers}");
            }
            let methods = preflight.header("access-control-allow-methods").unwrap_or_default();
            assert_eq!(methods, "GET,POST,PUT,DELETE");
            for answer in [&plain, &preflight] {
                assert!(vary_has_origin(answer), "{path}");
                assert_eq!(answer.header("access-control-allow-credentials"), None);
            }
        }
    }
}

#[tokio::test]
async fn where_everybody_may_embed_any_origin_is_allowed_without_credentials() {
    let app = TestApp::setup().start().await;
    for origin in ["https://anything.example", "null"] {
        for (method, path) in ENDPOINTS {
            let answer = app.call(method, path).header("origin", origin).send().await;
            assert_eq!(answer.header("access-control-allow-origin"), Some("*"), "{path}");
            assert_eq!(answer.header("access-control-allow-credentials"), None);
        }
    }
}

#[tokio::test]
async fn errors_can_be_read_by_the_page_that_may_call() {
    let app = TestApp::setup().set("ALLOWED_ORIGINS", SITES).start().await;
    let create = app.call("POST", "/api/sessions/create").header("origin", "https://shop.example");
    let answer = create.header("content-type", "application/json").body("{").send().await;
    assert_eq!(answer.header("access-control-allow-origin"), Some("https://shop.example"));
    answer.refused(400, "invalid_json");
}

#[tokio::test]
async fn our_pages_and_the_panel_are_read_by_no_other_origin() {
    let app = TestApp::setup().start().await;
    for path in ["/", "/embed"] {
        let answer =
            app.call("GET", path).header("origin", "https://anything.example").send().await;
        assert_eq!(answer.header("access-control-allow-origin"), None, "{path}");
    }
}

fn unpacked(answer: &Answer) -> Vec<u8> {
    let mut plain = Vec::new();
    match answer.header("content-encoding") {
        Some("br") => drop(
            brotli::Decompressor::new(answer.bytes.as_slice(), 4096)
                .read_to_end(&mut plain)
                .expect("brotli"),
        ),
        Some("gzip") => drop(
            flate2::read::GzDecoder::new(answer.bytes.as_slice())
                .read_to_end(&mut plain)
                .expect("gzip"),
        ),
        None => plain.clone_from(&answer.bytes),
        Some(other) => panic!("{other}"),
    }
    plain
}

#[tokio::test]
async fn the_loader_comes_in_the_smallest_form_that_the_client_takes() {
    let app = TestApp::setup().start().await;
    let plain = app.get("/widget.js").await;
    assert_eq!(plain.header("content-encoding"), None);
    let cases = [
        ("br", Some("br")),
        ("gzip, deflate, br", Some("br")),
        ("gzip", Some("gzip")),
        ("GZIP;q=0.5", Some("gzip")),
        ("br;q=0, gzip", Some("gzip")),
        ("br;q=0.0,gzip;q=0", None),
        ("identity", None),
        ("", None),
        ("brotli", None),
        ("deflate", None),
    ];
    for (accepted, encoding) in cases {
        let answer = app.call("GET", "/widget.js").header("accept-encoding", accepted).send().await;
        assert_eq!(answer.header("content-encoding"), encoding, "{accepted}");
        assert_eq!(unpacked(&answer), plain.bytes, "{accepted}");
        assert_eq!(answer.header("content-type"), Some("text/javascript; charset=utf-8"));
        assert_eq!(answer.header("vary"), Some("Accept-Encoding"));
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"), "for integrity checks");
        assert_eq!(answer.header("cross-origin-resource-policy"), Some("cross-origin"));
        assert!(encoding.is_none() || answer.bytes.len() < plain.bytes.len());
    }
}

#[tokio::test]
async fn the_loader_carries_the_owners_defaults_under_both_names() {
    let app = TestApp::setup().set("BOT_COLOR", "#0b7285").set("BOT_NAME", "Ada").start().await;
    let loader = app.get("/widget.js").await.text();
    assert!(loader.contains("#0b7285") && loader.contains("Ada"));
    assert!(!loader.contains("__ALCOVE_DEFAULTS__"));
    assert!(loader.len() < 10 * 1024, "{}", loader.len());
    assert_eq!(app.get("/static/widget/chatbot.js").await.text(), loader);
}

#[tokio::test]
async fn the_loader_knows_the_owners_language_and_icon_if_there_are_any() {
    let plain = TestApp::setup().start().await.get("/widget.js").await.text();
    assert!(!plain.contains("\"locale\":") && !plain.contains("\"icon\":"), "{plain}");
    let setup = TestApp::setup().set("BOT_LANGUAGE", "pt_BR").set("BOT_ICON", "/bot.png");
    let loader = setup.start().await.get("/widget.js").await.text();
    assert!(loader.contains("\"locale\":\"pt-BR\"") && loader.contains("\"icon\":\"/bot.png\""));
}

/// A page's text as its reader sees it.
fn unescaped(html: &str) -> String {
    let entities =
        [("&#60;", "<"), ("&#62;", ">"), ("&#34;", "\""), ("&#39;", "'"), ("&#38;", "&")];
    entities.iter().fold(html.to_owned(), |text, (entity, plain)| text.replace(entity, plain))
}

#[tokio::test]
async fn the_pinned_snippet_names_the_hash_of_what_is_served() {
    let setup = TestApp::setup().set("BOT_NAME", "Ada \"&\" <Co>").set("BOT_COLOR", "#0b7285");
    let app = setup.set("BOT_POSITION", "left").set("BOT_LANGUAGE", "de").start().await;
    let page = unescaped(&app.get("/").await.text());
    let between = |from: &str, to: &str| {
        let (_, rest) = page.split_once(from).unwrap_or_else(|| panic!("no {from} in {page}"));
        rest.split_once(to).expect(to).0.to_owned()
    };
    let address = between("static/widget/loader.", "\"");
    for encoding in ["identity", "br"] {
        let path = format!("/static/widget/loader.{address}");
        let call = app.call("GET", &path).header("accept-encoding", encoding);
        let script = call.header("origin", "https://shop.example").send().await;
        assert_eq!(script.header("access-control-allow-origin"), Some("*"), "else no hash counts");
        assert!(script.header("cache-control").expect("kept").contains("immutable"));
        if encoding == "identity" {
            let digest = STANDARD.encode(Sha384::digest(&script.bytes));
            assert_eq!(between("integrity=\"", "\""), format!("sha384-{digest}"));
            assert!(!script.text().contains("#0b7285"), "it is the same for every owner");
        }
    }
    let tag = between("crossorigin=\"anonymous\" ", "</script>");
    let looks = "data-name=\"Ada &quot;&amp;&quot; &lt;Co>\" data-color=\"#0b7285\" \
                 data-position=\"left\" data-locale=\"de\" defer>";
    assert_eq!(tag, looks);
}

#[tokio::test]
async fn an_unchanged_loader_is_not_sent_again() {
    let app = TestApp::setup().start().await;
    let first = app.get("/widget.js").await;
    let etag = first.header("etag").expect("an ETag").to_owned();
    let cache = "public, max-age=300, stale-while-revalidate=86400";
    assert_eq!(first.header("cache-control"), Some(cache));
    for known in [etag.clone(), format!("W/{etag}"), format!("\"other\", {etag}")] {
        let again = app.call("GET", "/widget.js").header("if-none-match", &known).send().await;
        assert_eq!((again.status, again.bytes.len()), (304, 0), "{known}");
        assert_eq!(again.header("etag"), Some(etag.as_str()));
        assert_eq!(again.header("cache-control"), Some(cache));
    }
    let other = app.call("GET", "/widget.js").header("if-none-match", "\"other\"").send().await;
    assert_eq!(other.status, 200);
    let changed = TestApp::setup().set("BOT_COLOR", "#000000").start().await;
    assert_ne!(changed.get("/widget.js").await.header("etag"), Some(etag.as_str()));
}

#[tokio::test]
async fn a_file_named_by_its_content_is_kept_for_ever_and_any_other_name_is_not() {
    const FOR_EVER: &str = "public, max-age=31536000, immutable";
    let app = TestApp::setup().start().await;
    let page = app.get("/embed").await.text();
    let addresses: Vec<&str> =
        page.split('"').filter(|part| part.starts_with("/static/widget/")).collect();
    assert!(addresses.len() >= 2, "{page}");
    for address in addresses {
        let file = app.get(address).await;
        assert_eq!((file.status, file.header("cache-control")), (200, Some(FOR_EVER)), "{address}");
        let parts: Vec<&str> = address.rsplitn(3, '.').collect();
        let (ending, hash, name) = (parts[0], parts[1], parts[2]);
        assert_eq!(hash.len(), 8);
        for other in [
            format!("{name}.{ending}"),
            format!("{name}.00000000.{ending}"),
            format!("{name}.{}.{ending}", hash.to_uppercase()),
        ] {
            let answer = app.get(&other).await;
            let is_same = other == address;
            assert_eq!(answer.status, 200, "{other}");
            assert!(is_same || answer.header("cache-control") == Some("no-cache"), "{other}");
        }
    }
    assert_eq!(
        app.get("/static/widget/styles.css").await.header("content-type"),
        Some("text/css; charset=utf-8")
    );
}

#[tokio::test]
async fn no_path_leads_out_of_the_static_folders() {
    let app = TestApp::setup().start().await;
    let files = [
        "../../Cargo.toml",
        "..%2f..%2fCargo.toml",
        "..%2f..%2fsrc%2flib.rs",
        "%2e%2e/%2e%2e/Cargo.lock",
        "....//....//Cargo.toml",
        "..\\..\\Cargo.toml",
        "..%5c..%5cCargo.toml",
        "%2fetc%2fpasswd",
        "/etc/passwd",
        "%2fetc%2fhosts.js",
        "panel.js%00.css",
        "panel..css",
        "panel.0000000.css",
        "panel.0000000g.css",
        "%00.js",
        "..%2fpages%2fdemo.css",
        "..%2f..%2fassets%2fpages%2fdemo.css",
        "panel",
        "panel.js.br",
        "panel.js.gz",
        "panel.map",
        "embed.html",
        ".env",
        ".js",
        "a.b.c.js",
        "%ff.js",
        "",
        ".",
        "..",
        "con.js",
        "panel.js/",
        "panel.js/x",
        "%252e%252e%252fCargo.toml",
    ];
    for folder in ["/static/widget/", "/static/pages/"] {
        for file in files {
            let request =
                format!("GET {folder}{file} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
            let answer = exchange(app.address, request.as_bytes(), Duration::from_secs(5)).await;
            let status = answer.status.expect("an answer");
            assert!(status == 404 || status == 400, "{folder}{file}: {}", answer.text);
            assert!(!answer.text.contains("[package]") && !answer.text.contains("root:"), "{file}");
            if status == 404 {
                assert_eq!(answer.json()["code"], json!("not_found"), "{file}");
            }
        }
    }
}

#[tokio::test]
async fn a_bots_picture_comes_from_us_its_owner_or_a_site_that_may_embed() {
    let icon = "https://pictures.example/bot.png";
    for (sites, pictures) in [
        ("*", "img-src 'self' data: https://pictures.example;"),
        (
            SITES,
            "img-src 'self' data: https://pictures.example https://shop.example http://localhost:3000;",
        ),
    ] {
        let setup = TestApp::setup().set("ALLOWED_ORIGINS", sites).set("BOT_ICON", icon);
        let answer = setup.start().await.get("/embed").await;
        let policy = answer.header("content-security-policy").expect("a policy");
        assert!(policy.contains(pictures), "{sites}: {policy}");
    }
}

#[tokio::test]
async fn the_panels_page_comes_compressed_to_those_who_can_read_it() {
    let app = TestApp::setup().start().await;
    let plain = app.get("/embed").await;
    assert_eq!(plain.header("content-encoding"), None);
    for path in ["/embed", "/embed?userIdentifier=u1"] {
        let small = app.call("GET", path).header("accept-encoding", "gzip, br").send().await;
        assert_eq!(small.header("content-encoding"), Some("br"), "{path}");
        assert_eq!(small.header("vary"), Some("Accept-Language, Accept-Encoding"), "{path}");
        assert!(small.bytes.len() * 2 < plain.bytes.len(), "{path}: {}", small.bytes.len());
    }
}
