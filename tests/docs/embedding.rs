//! What pages tell site owners to paste works on a real server, and names what the loader knows.

use crate::pages::{blocks, code_spans, read};
use crate::server::Live;

/// The addresses in `src="…"` and `href="…"` of a page's HTML examples that lead to a server. One
/// with `…` in it is filled in by the demo page.
fn addresses(page: &str) -> Vec<String> {
    let html = blocks(&read(page), "html").join("\n");
    let values = html.split(['"', '\'']).filter(|value| {
        value.starts_with("https://chat.example.com") || value.starts_with("http://127.0.0.1:8000")
    });
    values.filter(|value| !value.contains('…')).map(str::to_owned).collect()
}

#[test]
fn what_is_to_be_pasted_is_served() {
    let live = Live::start(&[]);
    for page in ["README.md", "docs/embedding.md"] {
        let addresses = addresses(page);
        assert!(!addresses.is_empty(), "{page} shows nothing to paste");
        for address in addresses {
            let kind = live.run(&format!("curl -o /dev/null -w '%{{content_type}}' '{address}'"));
            let expected = if address.contains(".js") { "text/javascript" } else { "text/html" };
            assert!(kind.starts_with(expected), "{page}: {address} is {kind}");
        }
    }
}

#[test]
fn every_attribute_of_the_tag_is_described() {
    let source = read("widget/src/loader/options.ts");
    let (_, rules) = source.split_once("const RULES").expect("the table of attributes");
    let (rules, _) = rules.split_once("};").expect("its end");
    let known: Vec<String> = rules
        .lines()
        .filter_map(|line| line.split_once(": [/"))
        .map(|(key, _)| format!("data-{}", kebab(key.trim())))
        .collect();
    assert!(known.len() >= 5, "{known:?}");
    let told = code_spans(&read("docs/embedding.md"));
    for attribute in &known {
        assert!(told.contains(attribute), "docs/embedding.md does not describe {attribute}");
    }
    for attribute in told.iter().filter(|span| span.starts_with("data-")) {
        let name = attribute.split('=').next().unwrap_or_default().to_owned();
        assert!(known.contains(&name), "docs/embedding.md describes {name}, which nobody reads");
    }
}

/// `zIndex` is `data-z-index` in HTML.
fn kebab(key: &str) -> String {
    let mut kebab = String::new();
    for c in key.chars() {
        if c.is_ascii_uppercase() {
            kebab.push('-');
        }
        kebab.push(c.to_ascii_lowercase());
    }
    kebab
}
