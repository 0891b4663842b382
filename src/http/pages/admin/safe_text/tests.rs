use std::process::Command;

use super::*;

fn html(text: &str) -> String {
    SafeHtml::of_markdown(text).0
}

#[test]
fn markdown_is_shown_as_in_the_widget() {
    let text = "# Hours\n\n**Open** _daily_, ~~never~~:\n\n- Mon `9`\n- Tue\n\n| a | b |\n|---|:-:|\n| 1 | 2 |\n\n> quote\n\n---\n\n```rust\nlet a = 1 < 2;\n```";
    let shown = html(text);
    for part in [
        "<h4>Hours</h4>",
        "<strong>Open</strong> <em>daily</em>, <del>never</del>",
        "<li>Mon <code>9</code></li>",
        "<th>b</th>",
        "<td>2</td>",
        "<blockquote>",
        "<hr>",
        "<pre><code>let a = 1 &lt; 2;\n</code></pre>",
    ] {
        assert!(shown.contains(part), "{part} in {shown}");
    }
}

#[test]
fn a_link_says_where_it_leads() {
    let rel = "rel=\"noopener noreferrer nofollow ugc\"";
    let offer = html("[offer](https://shop.example/a)");
    assert!(offer.contains("href=\"https://shop.example/a\""), "{offer}");
    assert!(offer.contains(rel) && offer.contains("</a> (shop.example)"), "{offer}");
    let bare = html("<https://shop.example/a>");
    assert!(bare.contains(">https://shop.example/a</a></p>"), "{bare}");
    let liar = html("[https://bank.example](https://evil.example)");
    assert!(liar.contains("(evil.example)"), "{liar}");
    let mail = html("[write](mailto:a@b.example)");
    assert!(mail.contains("(a@b.example)"), "{mail}");
}

#[test]
fn pictures_are_links_and_nothing_is_fetched() {
    let shown = html("![a cat](https://evil.example/cat.png?secret)");
    assert!(shown.contains("<a href=\"https://evil.example/cat.png?secret\""), "{shown}");
    assert!(!shown.contains("<img"), "{shown}");
    let nested = html("[![alt](https://a.example/x.png)](https://b.example)");
    assert_eq!(nested.matches("<a ").count(), 1, "{nested}");
    assert_eq!(html("![x](data:image/png;base64,AAAA)"), "<p>x</p>\n");
}

#[test]
fn deep_and_long_texts_stay_quick_and_whole() {
    let deep = format!("{}end", "> ".repeat(5_000));
    let shown = html(&deep);
    assert!(shown.contains("end") && shown.matches("<blockquote>").count() <= MAX_DEPTH);
    let long = format!("{}<b>end", "word ".repeat(40_000));
    let shown = html(&long);
    assert!(shown.contains("&lt;b&gt;end") && shown.len() >= long.len());
}

/// The elements of `html`: name and attributes. What the sanitizer writes is regular: a `<` begins
/// an element, attributes stand in double quotes.
fn elements(html: &str) -> Vec<(String, Vec<(String, String)>)> {
    html.split('<').skip(1).filter(|part| !part.starts_with('/')).map(element).collect()
}

fn element(part: &str) -> (String, Vec<(String, String)>) {
    let mut quoted = false;
    let tag: String = part
        .chars()
        .take_while(|c| {
            quoted ^= *c == '"';
            quoted || *c != '>'
        })
        .collect();
    let (name, rest) = tag.split_once(' ').unwrap_or((&tag, ""));
    let pairs: Vec<&str> = rest.split('"').collect();
    let attributes = pairs.chunks_exact(2).map(|pair| {
        (
            pair[0].trim().trim_end_matches('=').to_owned(),
            pair[1].replace("&amp;", "&").replace("&#39;", "'"),
        )
    });
    (name.to_owned(), attributes.collect())
}

fn assert_harmless(name: &str, html: &str) {
    for (tag, attributes) in elements(html) {
        assert!(TAGS.contains(&tag.as_str()), "{name}: <{tag}> in {html}");
        for (attribute, value) in attributes {
            match attribute.as_str() {
                "href" => assert!(web_address(&value).is_some(), "{name}: {value} in {html}"),
                "rel" | "target" => {}
                other => panic!("{name}: {other}={value} in {html}"),
            }
        }
    }
    let hidden = |c: &char| {
        c.is_control() && !matches!(c, '\n' | '\t')
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{e0000}'..='\u{e007f}')
    };
    assert_eq!(html.chars().find(hidden), None, "{name}: {html:?}");
}

/// The same corpus that the widget's browser tests stream.
#[test]
fn no_hostile_reply_becomes_more_than_text() {
    let list = "import { CORPUS, aim } from './tests/widget/hostile/corpus.mjs'; \
        console.log(JSON.stringify(CORPUS.map((one) => \
        [`${one.kind}: ${one.name}`, aim(one.text, 'http://canary.example').toWellFormed()])));";
    let node = Command::new("node")
        .args(["--input-type=module", "--eval", list])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("Node, as CONTRIBUTING.md asks for");
    assert!(node.status.success(), "{}", String::from_utf8_lossy(&node.stderr));
    let corpus: Vec<(String, String)> = serde_json::from_slice(&node.stdout).expect("a list");
    assert!(corpus.len() > 300, "{} payloads", corpus.len());
    for (name, text) in corpus {
        assert_harmless(&name, &html(&text));
        // And as the rest of a longer reply, and within other things.
        assert_harmless(&name, &html(&format!("**Hello** {text}\n\n> - {text}")));
    }
}
