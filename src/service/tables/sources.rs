//! Where the tables of a session come from, and what they are called: each name once.

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::domain::file::File;
use crate::domain::id::FileId;
use crate::domain::session::SessionConfig;
use crate::domain::table::TableProfile;
use crate::files::{ParseLimits, Table, from_json_values, unused_table_name};

/// The parts of a session's config that hold data, as host pages name them.
const PAGE_DATA: [&str; 2] = ["jsonData", "pageData"];
/// What a host page's table is called where its data has no name.
const UNNAMED: &str = "page";
/// Fewer rows are no table: reading them is easier than asking about them.
const MIN_PAGE_ROWS: u64 = 2;

/// Something that holds tables.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Source {
    /// What tells it from any other.
    pub(super) key: SourceKey,
    /// What is known of its tables, under the names they have in this session.
    pub(super) tables: Vec<TableProfile>,
}

/// What tells a source from any other: other content has another key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum SourceKey {
    /// An uploaded file, and its name.
    File(FileId, String),
    /// Data of the host page: its place in the config, and its hash.
    Page(&'static str, PageKey),
}

/// The hash of a host page's data.
pub(super) type PageKey = [u8; 32];

/// The sources that are files, oldest first.
pub(super) fn of_files(files: Vec<File>) -> Vec<Source> {
    let source = |file: File| Source {
        key: SourceKey::File(file.id, file.name.as_str().to_owned()),
        tables: file.tables,
    };
    files.into_iter().map(source).collect()
}

/// The data that the host page sent along.
pub(super) fn page_data(config: &SessionConfig) -> Vec<(&'static str, &Value)> {
    let has_room_for_rows = |value: &&Value| value.is_object() || value.is_array();
    PAGE_DATA
        .into_iter()
        .filter_map(|name| Some((name, config.get(name).filter(has_room_for_rows)?)))
        .collect()
}

pub(super) fn page_key(value: &Value) -> PageKey {
    Sha256::digest(value.to_string()).into()
}

/// The tables in a host page's data.
pub(super) fn page_tables(value: &Value, limits: &ParseLimits) -> Vec<Table> {
    let found = from_json_values(UNNAMED, value, limits);
    let tables = found.map(|found| found.tables).unwrap_or_default();
    tables.into_iter().filter(|table| table.profile.row_count >= MIN_PAGE_ROWS).collect()
}

/// Gives each table a name of its own; those that come first keep theirs.
pub(super) fn name_apart(sources: &mut [Source]) {
    let mut taken: Vec<String> = Vec::new();
    for table in sources.iter_mut().flat_map(|source| &mut source.tables) {
        table.name = unused_table_name(&table.name, taken.iter().map(String::as_str));
        taken.push(table.name.clone());
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn names(value: &Value) -> Vec<String> {
        let tables = page_tables(value, &ParseLimits::default());
        tables.into_iter().map(|table| table.profile.name).collect()
    }

    #[test]
    fn arrays_of_objects_in_page_data_are_tables() {
        let rows = json!([{ "a": 1 }, { "a": 2 }]);
        assert_eq!(
            names(&json!({ "products": rows, "campaigns": rows })),
            ["products", "campaigns"]
        );
        assert_eq!(names(&rows), ["page"]);
        assert!(names(&json!({ "products": [{ "a": 1 }] })).is_empty(), "one row is no table");
        assert!(names(&json!({ "title": "x", "count": 3 })).is_empty());
        assert!(names(&json!({})).is_empty() && names(&json!([])).is_empty());
    }

    #[test]
    fn a_taken_name_gets_a_number() {
        let limits = ParseLimits::default();
        let rows = json!({ "sales": [{ "a": 1 }, { "a": 2 }] });
        let tables: Vec<TableProfile> =
            page_tables(&rows, &limits).into_iter().map(|table| table.profile).collect();
        let source = Source { key: SourceKey::Page("jsonData", page_key(&rows)), tables };
        let mut sources = vec![source.clone(), source.clone(), source];
        name_apart(&mut sources);
        let names: Vec<&str> =
            sources.iter().flat_map(|source| &source.tables).map(|table| &*table.name).collect();
        assert_eq!(names, ["sales", "sales_2", "sales_3"]);
    }
}
