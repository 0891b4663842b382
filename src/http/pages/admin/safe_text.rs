//! What visitors, host pages and models wrote, made fit to be shown to staff: nothing of it runs,
//! loads, hides or turns the text around it.

mod clean;
mod links;

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::LazyLock;

use ammonia::Builder;
use askama::filters::HtmlSafe;
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

pub use crate::http::pages::admin::safe_text::clean::{begin, cleaned};
use crate::http::pages::admin::safe_text::links::Links;
pub use crate::http::pages::admin::safe_text::links::web_address;

/// Bytes of a text that are read as markdown; what stands behind them is shown as it is written.
const MAX_MARKDOWN_BYTES: usize = 64 * 1024;
/// Quotes, lists and emphasis deeper than this are shown without their frame.
const MAX_DEPTH: usize = 32;

/// Elements a reply may have.
const TAGS: [&str; 22] = [
    "p",
    "br",
    "strong",
    "em",
    "del",
    "code",
    "pre",
    "ul",
    "ol",
    "li",
    "blockquote",
    "h4",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "hr",
    "a",
    "bdi",
    "span",
];

/// HTML that holds allowed elements and safe links only.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SafeHtml(String);

impl SafeHtml {
    /// A reply as its visitor saw it.
    #[must_use]
    pub fn of_markdown(text: &str) -> Self {
        let text = cleaned(text);
        let (markdown, rest) = text.split_at(text.floor_char_boundary(MAX_MARKDOWN_BYTES));
        let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
        let mut events = Vec::new();
        let mut depth = Depth::default();
        let mut links = Links::default();
        for event in Parser::new_ext(markdown, options) {
            if let Some(event) = depth.pass(plain(event)) {
                links.pass(event, &mut events);
            }
        }
        if !rest.is_empty() {
            let paragraph = Tag::Paragraph;
            events.extend([
                Event::Start(paragraph),
                Event::Text(rest.into()),
                Event::End(TagEnd::Paragraph),
            ]);
        }
        let mut unsafe_html = String::with_capacity(text.len() * 3 / 2);
        html::push_html(&mut unsafe_html, events.into_iter());
        // Once more: references like `&#8238;` have become characters meanwhile.
        let html = cleaned(&SANITIZER.clean(&unsafe_html).to_string());
        // Templates escape apostrophes in texts, so these are as well.
        Self(html.replace('\'', "&#39;"))
    }

    /// The HTML.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SafeHtml {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

// Templates write it as it is: it went through the sanitizer, in the only constructor.
impl HtmlSafe for SafeHtml {}

/// The second of two fences: whatever the events above let through, only this leaves.
static SANITIZER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::empty();
    builder
        .tags(HashSet::from(TAGS))
        .tag_attributes(HashMap::from([("a", HashSet::from(["href"]))]))
        .set_tag_attribute_value("a", "target", "_blank")
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .link_rel(Some("noopener noreferrer nofollow ugc"));
    builder
});

/// HTML in a reply is text. Headings are of one rank, below those of the page.
fn plain(event: Event<'_>) -> Event<'_> {
    match event {
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        Event::Start(Tag::HtmlBlock) => Event::Start(Tag::Paragraph),
        Event::End(TagEnd::HtmlBlock) => Event::End(TagEnd::Paragraph),
        Event::Start(Tag::Heading { .. }) => Event::Start(Tag::Heading {
            level: HeadingLevel::H4,
            id: None,
            classes: Vec::new(),
            attrs: Vec::new(),
        }),
        Event::End(TagEnd::Heading(_)) => Event::End(TagEnd::Heading(HeadingLevel::H4)),
        other => other,
    }
}

/// Takes the frames off that are too deep for browsers and the sanitizer to be quick.
#[derive(Default)]
struct Depth(usize);

impl Depth {
    fn pass<'a>(&mut self, event: Event<'a>) -> Option<Event<'a>> {
        match event {
            Event::Start(_) => {
                self.0 += 1;
                (self.0 <= MAX_DEPTH).then_some(event)
            }
            Event::End(_) => {
                self.0 = self.0.saturating_sub(1);
                (self.0 < MAX_DEPTH).then_some(event)
            }
            other => Some(other),
        }
    }
}

#[cfg(test)]
mod tests;
