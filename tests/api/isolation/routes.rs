//! The routes that the program serves, read from its source.

use std::collections::BTreeSet;
use std::fs;

/// Method and path of every route below `src/http/`: `GET /health`.
pub fn served() -> BTreeSet<String> {
    let mut routes = BTreeSet::new();
    read_folder(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/http"), &mut routes);
    routes
}

fn read_folder(folder: &std::path::Path, routes: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            read_folder(&path, routes);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = fs::read_to_string(&path).expect("UTF-8");
            let file = path.display().to_string();
            routes.extend(routes_in(&text, &file));
        }
    }
}

/// The routes that a file adds. What is not understood is a failure, not a route less.
fn routes_in(text: &str, file: &str) -> Vec<String> {
    let code: String = text
        .lines()
        // Not at the attribute: it also stands before a module of samples, at the top of a file.
        .take_while(|line| line.trim() != "mod tests {")
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(|line| [line.trim(), "\n"])
        .collect();
    for word in [".nest(", ".nest_service(", ".route_service(", ".fallback_service("] {
        assert!(!code.contains(word), "{file}: this test does not read `{word}`");
    }
    let mut routes = Vec::new();
    for call in code.split(".route(").skip(1) {
        let arguments = up_to_closing(call);
        let Some((path, methods)) = path_and_methods(arguments) else {
            // `Routes::route` itself hands on what it is given.
            assert!(file.ends_with("asked.rs"), "{file}: not understood: {arguments}");
            continue;
        };
        routes.extend(methods.into_iter().map(|method| format!("{method} {path}")));
    }
    routes
}

/// Handlers that only lead to the same address with a slash, which has a row.
const TO_THE_SLASH: &[&str] = &["slash::send_on", "slash::tell"];

/// The text up to the bracket that closes one opened before it.
fn up_to_closing(text: &str) -> &str {
    let mut depth = 1;
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return text.get(..at).unwrap_or_default();
        }
    }
    text
}

/// `"/path", get(a).delete(b)` as the path and its methods.
fn path_and_methods(arguments: &str) -> Option<(String, Vec<String>)> {
    let (path, handlers) = arguments.trim().strip_prefix('"')?.split_once('"')?;
    let mut rest = handlers.trim_start_matches([',', '\n', ' ']);
    let mut methods = Vec::new();
    while let Some((name, after)) = rest.split_once('(') {
        let name = name.trim_matches(['.', '\n', ' ', ',']);
        let name = name.strip_prefix("asked::").unwrap_or(name);
        let is_method = ["get", "post", "put", "delete"].contains(&name);
        assert!(is_method, "{path}: not a method: {name}");
        let handler = up_to_closing(after);
        if !TO_THE_SLASH.contains(&handler) {
            methods.push(name.to_uppercase());
        }
        rest = after.get(handler.len() + 1..).unwrap_or_default();
    }
    assert!(handlers.contains('('), "{path}: no methods in {handlers}");
    Some((path.to_owned(), methods))
}

#[test]
fn routes_are_read_however_they_are_written() {
    let text = "Routes::new()\n.route(\"/a/{id}\", get(x::show).delete(x::erase))\n\
                .route(\n    \"/b\",\n    asked::post(y),\n)\n// .route(\"/c\", get(z))\n";
    assert_eq!(routes_in(text, "a.rs"), ["GET /a/{id}", "DELETE /a/{id}", "POST /b"]);
}
