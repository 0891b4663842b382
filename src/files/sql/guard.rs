//! The fences around a statement: what it may read and call, and how much it may build.

use std::collections::BTreeSet;
use std::sync::Arc;

use parking_lot::Mutex;
use rusqlite::config::DbConfig;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::limits::Limit;
use rusqlite::{Connection, OpenFlags, Statement};

use super::Names;
use super::statement::MAX_SQL_BYTES;

/// The longest text of a statement, and the longest row that it sorts or keeps aside, bytes. More
/// than a result may hold is of no use.
pub(super) const MAX_LENGTH: i32 = 300_000;
/// The longest row that a table may be filled with: more than an upload holds.
const MAX_STORED_LENGTH: i32 = 64 * 1024 * 1024;
/// `is_over` is asked after that many steps of SQLite's machine.
const STEPS: i32 = 100;

/// What a statement may build; the rest of the limits is in [`MAX_LENGTH`].
const LIMITS: &[(Limit, i32)] = &[
    (Limit::SQLITE_LIMIT_COLUMN, 600),
    (Limit::SQLITE_LIMIT_EXPR_DEPTH, 200),
    (Limit::SQLITE_LIMIT_PARSER_DEPTH, 400),
    (Limit::SQLITE_LIMIT_COMPOUND_SELECT, 50),
    (Limit::SQLITE_LIMIT_VDBE_OP, 50_000),
    (Limit::SQLITE_LIMIT_FUNCTION_ARG, 50),
    (Limit::SQLITE_LIMIT_ATTACHED, 0),
    (Limit::SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 200),
    (Limit::SQLITE_LIMIT_VARIABLE_NUMBER, 600),
    (Limit::SQLITE_LIMIT_TRIGGER_DEPTH, 0),
    (Limit::SQLITE_LIMIT_WORKER_THREADS, 0),
];

/// Functions that a statement may call. None makes much out of little, and none sees anything but
/// its arguments and the clock: no `printf`, `zeroblob`, `randomblob`, `load_extension`.
pub const FUNCTIONS: &[&str] = &[
    "abs",
    "avg",
    "ceil",
    "ceiling",
    "char",
    "coalesce",
    "concat",
    "concat_ws",
    "count",
    "cume_dist",
    "date",
    "datetime",
    "day",
    "degrees",
    "dense_rank",
    "exp",
    "first_value",
    "floor",
    "glob",
    "group_concat",
    "hex",
    "if",
    "ifnull",
    "iif",
    "instr",
    "julianday",
    "lag",
    "last_value",
    "lead",
    "length",
    "like",
    "likely",
    "ln",
    "log",
    "log10",
    "log2",
    "lower",
    "ltrim",
    "max",
    "median",
    "min",
    "mod",
    "month",
    "nth_value",
    "ntile",
    "nullif",
    "octet_length",
    "percent_rank",
    "percentile",
    "pow",
    "power",
    "quarter",
    "quote",
    "radians",
    "rank",
    "replace",
    "round",
    "row_number",
    "rtrim",
    "sign",
    "sqrt",
    "stddev",
    "stddev_pop",
    "stddev_samp",
    "strftime",
    "string_agg",
    "substr",
    "substring",
    "sum",
    "time",
    "timediff",
    "total",
    "trim",
    "trunc",
    "typeof",
    "unicode",
    "unixepoch",
    "unlikely",
    "upper",
    "var_pop",
    "var_samp",
    "variance",
    "year",
];

/// Tables that come with SQLite, by the beginning of their names.
const BUILT_IN_TABLES: &[&str] =
    &["sqlite_", "pragma_", "json_", "jsonb_", "fts", "rtree", "geopoly", "dbstat", "bytecode"];

/// The first thing that was refused, for the error's sentence.
#[derive(Debug, Clone, Default)]
pub(super) struct Refusal(Arc<Mutex<Option<String>>>);

impl Refusal {
    /// What was refused.
    pub(super) fn take(&self) -> Option<String> {
        self.0.lock().take()
    }

    fn note(&self, what: String) -> Authorization {
        self.0.lock().get_or_insert(what);
        Authorization::Deny
    }
}

/// A private database in memory that never touches a file.
pub(super) fn open() -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_MEMORY
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_in_memory_with_flags(flags)?;
    for (option, is_on) in [
        (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
        (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_ATTACH_CREATE, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_ATTACH_WRITE, false),
        // Or a column that does not exist would be a text, and the answer wrong instead of refused.
        (DbConfig::SQLITE_DBCONFIG_DQS_DML, false),
        (DbConfig::SQLITE_DBCONFIG_DQS_DDL, false),
    ] {
        db.set_db_config(option, is_on)?;
    }
    db.execute_batch(
        "pragma auto_vacuum = full; pragma temp_store = memory; pragma synchronous = off;",
    )?;
    for (limit, value) in LIMITS {
        db.set_limit(*limit, *value)?;
    }
    db.set_limit(
        Limit::SQLITE_LIMIT_SQL_LENGTH,
        i32::try_from(2 * MAX_SQL_BYTES).unwrap_or(i32::MAX),
    )?;
    open_limits(&db)?;
    Ok(db)
}

fn open_limits(db: &Connection) -> rusqlite::Result<()> {
    db.set_limit(Limit::SQLITE_LIMIT_LENGTH, MAX_STORED_LENGTH).map(drop)
}

/// Puts the fences up for one statement.
pub(super) fn close(
    db: &mut Connection,
    tables: &[Names],
    is_over: impl FnMut() -> bool + Send + 'static,
) -> rusqlite::Result<Refusal> {
    let known: BTreeSet<String> = tables.iter().map(|names| names.table.clone()).collect();
    let refusal = Refusal::default();
    let noted = refusal.clone();
    db.set_limit(Limit::SQLITE_LIMIT_LENGTH, MAX_LENGTH)?;
    db.authorizer(Some(move |context: AuthContext<'_>| judge(&context, &known, &noted)))?;
    db.progress_handler(STEPS, Some(is_over))?;
    Ok(refusal)
}

/// Takes the fences down, so that tables can be added again.
pub(super) fn open_again(db: &mut Connection) -> rusqlite::Result<()> {
    db.progress_handler(0, None::<fn() -> bool>)?;
    db.authorizer(None::<fn(AuthContext<'_>) -> Authorization>)?;
    open_limits(db)
}

fn judge(context: &AuthContext<'_>, known: &BTreeSet<String>, refusal: &Refusal) -> Authorization {
    match context.action {
        AuthAction::Select | AuthAction::Recursive => Authorization::Allow,
        AuthAction::Read { table_name, column_name } => {
            let table = table_name.to_ascii_lowercase();
            // The name of a `with` is told here like a table of which no column is read.
            let is_of_the_query = column_name.is_empty()
                && !BUILT_IN_TABLES.iter().any(|name| table.starts_with(name));
            if known.contains(&table) || is_of_the_query {
                return Authorization::Allow;
            }
            refusal.note(format!("the table {table_name} may not be read"))
        }
        AuthAction::Function { function_name } => {
            let name = function_name.to_ascii_lowercase();
            if FUNCTIONS.contains(&name.as_str()) {
                return Authorization::Allow;
            }
            refusal.note(format!("the function {name}() is not available"))
        }
        _ => refusal.note("only SELECT is allowed".to_owned()),
    }
}

/// Whether what was prepared only reads, as SQLite itself sees it.
pub(super) fn check(statement: &Statement<'_>) -> rusqlite::Result<()> {
    let is_plain = statement.readonly() && statement.is_explain() == 0;
    match is_plain && statement.parameter_count() == 0 && statement.column_count() > 0 {
        true => Ok(()),
        false => Err(rusqlite::Error::InvalidQuery),
    }
}

#[cfg(test)]
mod tests;
