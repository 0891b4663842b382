//! Links of a reply: to web and mail addresses only, with the host beside a text that does not
//! name it. Pictures become links: the page fetches nothing that a model names.

use pulldown_cmark::{CowStr, Event, LinkType, Tag, TagEnd};
use url::Url;

/// Where a link may lead, or none. The address is parsed as browsers do before its scheme is
/// looked at: tabs and references are gone by then.
#[must_use]
pub fn web_address(address: &str) -> Option<Url> {
    let url = Url::parse(address.trim()).ok()?;
    let is_web = matches!(url.scheme(), "http" | "https") && url.host_str().is_some();
    let has_user = !url.username().is_empty() || url.password().is_some();
    (is_web && !has_user || url.scheme() == "mailto").then_some(url)
}

/// What of the address is shown beside the text.
fn name_of(url: &Url) -> String {
    url.host_str().map_or_else(|| url.path().to_owned(), str::to_owned)
}

/// Rewrites links and pictures as they pass.
#[derive(Default)]
pub(super) struct Links {
    /// What is open: links and pictures, the outer ones first.
    open: Vec<Open>,
    /// The text of the outermost link so far.
    text: String,
}

/// A link or a picture.
enum Open {
    /// A link of ours.
    Link(Url),
    /// Shown as text only: it leads nowhere safe, or lies within another.
    Text,
}

impl Links {
    /// Passes one event on, changed where it has to be.
    pub(super) fn pass<'a>(&mut self, event: Event<'a>, out: &mut Vec<Event<'a>>) {
        match event {
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                self.begin(&dest_url, out);
            }
            Event::End(TagEnd::Link | TagEnd::Image) => self.end(out),
            other => {
                if let (Event::Text(text) | Event::Code(text), false) =
                    (&other, self.open.is_empty())
                {
                    self.text.push_str(text);
                }
                out.push(other);
            }
        }
    }

    fn begin<'a>(&mut self, address: &str, out: &mut Vec<Event<'a>>) {
        let url = web_address(address).filter(|_| self.open.is_empty());
        if self.open.is_empty() {
            self.text.clear();
        }
        self.open.push(match url {
            Some(url) => {
                out.push(Event::Start(Tag::Link {
                    link_type: LinkType::Inline,
                    dest_url: url.as_str().to_owned().into(),
                    title: CowStr::Borrowed(""),
                    id: CowStr::Borrowed(""),
                }));
                Open::Link(url)
            }
            None => Open::Text,
        });
    }

    fn end(&mut self, out: &mut Vec<Event<'_>>) {
        let Some(Open::Link(url)) = self.open.pop() else { return };
        let name = name_of(&url);
        if self.text.trim().is_empty() {
            out.push(Event::Text(name.into()));
            out.push(Event::End(TagEnd::Link));
            return;
        }
        out.push(Event::End(TagEnd::Link));
        if !says(&self.text, &url) {
            out.push(Event::Text(format!(" ({name})").into()));
        }
    }
}

/// Whether the text is the address itself, or nothing but its host.
fn says(text: &str, url: &Url) -> bool {
    let text = text.trim();
    let whole = url.as_str().trim_start_matches("mailto:");
    text == name_of(url) || text.trim_end_matches('/') == whole.trim_end_matches('/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_and_mail_addresses_lead_anywhere() {
        for good in ["https://shop.example/a?b=c#d", "HTTP://SHOP.example", "mailto:a@b.example"] {
            assert!(web_address(good).is_some(), "{good}");
        }
        for bad in [
            "",
            "/relative",
            "//shop.example",
            "javascript:x",
            "java\tscript:x",
            " javascript:x",
            "data:text/html,x",
            "vbscript:x",
            "file:///etc/passwd",
            "blob:https://shop.example/x",
            "https://shop.example@evil.example",
            "https://a:b@shop.example",
            "https://",
            "tel:+1",
        ] {
            assert!(web_address(bad).is_none(), "{bad}");
        }
    }
}
