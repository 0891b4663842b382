//! Links between pages lead to a file, and to a heading in it.

use std::path::{Component, Path, PathBuf};

use crate::pages::{all_pages, prose, read, root};

/// The targets of `[text](target)` and `![text](target)`.
fn targets(page: &str) -> Vec<String> {
    let prose = prose(page);
    let starts = prose.split("](").skip(1);
    starts.filter_map(|rest| rest.split(')').next()).map(str::to_owned).collect()
}

/// The anchors of a page's headings, as GitHub makes them.
fn anchors(page: &str) -> Vec<String> {
    let mut anchors: Vec<String> = Vec::new();
    for heading in prose(page).lines().filter(|line| line.starts_with('#')) {
        let anchor: String = heading
            .trim_start_matches('#')
            .trim()
            .to_lowercase()
            .chars()
            .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
            .map(|c| if c == ' ' { '-' } else { c })
            .collect();
        let repeated = anchors.iter().filter(|known| **known == anchor).count();
        anchors.push(if repeated == 0 { anchor } else { format!("{anchor}-{repeated}") });
    }
    anchors
}

/// `docs/../README.md` is `README.md`.
fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for component in path.components() {
        match component {
            Component::ParentDir => {
                normal.pop();
            }
            Component::CurDir => {}
            other => normal.push(other),
        }
    }
    normal
}

#[test]
fn every_link_leads_somewhere() {
    let mut dead = Vec::new();
    for page in all_pages() {
        let text = read(page.to_str().expect("UTF-8"));
        for target in targets(&text) {
            if target.contains("://") || target.starts_with("mailto:") {
                continue;
            }
            let (file, anchor) = target.split_once('#').unwrap_or((&target, ""));
            let path = match file {
                "" => page.clone(),
                file => normal(&page.parent().unwrap_or(Path::new("")).join(file)),
            };
            if !root().join(&path).exists() {
                dead.push(format!("{}: no file {target}", page.display()));
            } else if !anchor.is_empty()
                && !anchors(&read(path.to_str().expect("UTF-8"))).contains(&anchor.to_owned())
            {
                dead.push(format!("{}: no heading {target}", page.display()));
            }
        }
    }
    assert!(dead.is_empty(), "\n{}", dead.join("\n"));
}

#[test]
fn every_page_of_docs_is_linked_from_the_readme() {
    let targets = targets(&read("README.md"));
    for page in all_pages().iter().filter(|page| page.starts_with("docs")) {
        let name = page.to_str().expect("UTF-8");
        let is_linked = targets.iter().any(|target| target.split('#').next() == Some(name));
        assert!(is_linked, "README.md does not link {name}");
    }
}

#[test]
fn headings_become_anchors() {
    let page = "# One, two\n## `HOST` and more\n```\n# no heading\n```\n## One, two\n";
    assert_eq!(anchors(page), ["one-two", "host-and-more", "one-two-1"]);
    assert_eq!(targets("[a](b.md#c) ![d](e.png)\n```\n[f](g)\n```\n"), ["b.md#c", "e.png"]);
}
