//! What tests of templates fill them with, and what must hold of every rendered page.

use askama::Template;

use super::shell::{PageFiles, Section, Shell};
use crate::domain::account::Role;

/// Texts that people or models may have written, each a try at breaking out of its place.
pub(crate) const HOSTILE: &[&str] = &[
    "",
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' onfocus='alert(1)' autofocus='",
    "</textarea></title></style><svg onload=alert(1)>",
    "{{ 7 * 7 }} {% include \"/etc/passwd\" %}",
    "javascript:alert(1)",
    "\u{202e}txt.exe \u{2066}x",
    "line\r\nSet-Cookie: a=b",
    "Łódź 日本語 👩‍👩‍👧 עברית",
];

/// The shell of a page that `role` sees.
pub(crate) fn shell(section: Section, role: Role, username: &str) -> Shell {
    Shell {
        section,
        username: username.to_owned(),
        role,
        account: 7,
        csrf: "sample-csrf-token".to_owned(),
        done: None,
        files: PageFiles::of_this_build(),
    }
}

/// Renders a page and checks what holds for all of them: nothing hostile came through, nothing
/// inline runs, one heading of the first rank, every POST form shows its token, names are unique.
pub(crate) fn rendered(page: &impl Template) -> String {
    let html = page.render().expect("the template renders");
    for broken_out in ["<script>", "<img src=x", "<svg onload", "' onfocus='", " onerror=alert(1)>"]
    {
        assert!(!html.contains(broken_out), "{broken_out} came through:\n{html}");
    }
    for inline in [" style=\"", "<style", " onclick=", "href=\"javascript:", "action=\"javascript:"]
    {
        assert!(!html.contains(inline), "{inline} is inline:\n{html}");
    }
    assert_eq!(html.matches("<h1").count(), 1, "one h1:\n{html}");
    assert!(html.trim_start().starts_with("<!doctype html>"), "{html}");
    for form in html.split("<form").skip(1) {
        let form = form.split("</form>").next().unwrap_or_default();
        if form.contains("method=\"post\"") {
            assert!(form.contains("name=\"csrf\" value=\""), "a form without its token: {form}");
        }
    }
    let mut ids: Vec<&str> =
        html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    ids.sort_unstable();
    let count = ids.len();
    ids.dedup();
    assert_eq!(ids.len(), count, "an id stands twice:\n{html}");
    html
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"{% extends "admin/layout.html" %}
{% import "admin/components.html" as ui %}
{% block title %}{{ text }}{% endblock %}
{% block main %}
<h1>{{ text }}</h1>
<form method="post">
{{ ui::csrf(shell.csrf) }}
{{ ui::field("Name", "name", text) }}
{{ ui::field(text, "second", text, "email", text, text) }}
{{ ui::field("Required", "third", "", required = true, autocomplete = "username") }}
{{ ui::area("Words", "words", text, text, text) }}
{{ ui::select("Role", "role", "editor", [("viewer", "Viewer"), ("editor", text)], text, text) }}
{{ ui::check("Active", "active", true, text) }}
{{ ui::button("Save", "primary") }}
</form>
{{ ui::badge(text, "good") }}
{{ ui::empty("Nothing", text) }}
{{ ui::pager("?before=1", "") }}
{{ ui::time("2026-11-20T13:20:00.123Z") }}
<dl class="stats">{{ ui::stat("Messages", 7, text) }}</dl>
{{ ui::copy(text) }}
{{ ui::confirm("Delete…", text, "/admin/x", shell.csrf, "Delete") }}
{% endblock %}"#
)]
struct Pieces<'a> {
    shell: Shell,
    text: &'a str,
}

#[test]
fn every_piece_escapes_what_it_is_given() {
    for text in HOSTILE {
        for role in Role::ALL {
            let html = rendered(&Pieces { shell: shell(Section::Bots, role, text), text });
            assert!(html.contains(
                "<time datetime=\"2026-11-20T13:20:00.123Z\">2026-11-20 13:20 UTC</time>"
            ));
            assert!(html.contains("<option value=\"editor\" selected>"));
            assert!(html.contains("aria-current=\"page\""));
        }
    }
}

#[test]
fn errors_and_hints_are_tied_to_their_fields() {
    let html = rendered(&Pieces { shell: shell(Section::Bots, Role::Owner, "ada"), text: "words" });
    for name in ["second", "words", "role"] {
        assert!(html.contains(&format!("aria-describedby=\"e-{name} h-{name}\"")), "{name}");
        assert!(html.contains(&format!("<p class=\"error\" id=\"e-{name}\">words</p>")), "{name}");
        assert!(html.contains(&format!("<p class=\"hint\" id=\"h-{name}\">words</p>")), "{name}");
    }
    assert!(html.contains(
        "id=\"f-third\" name=\"third\" type=\"text\" value=\"\" autocomplete=\"username\" required>"
    ));
}
