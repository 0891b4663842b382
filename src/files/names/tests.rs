//! Hostile and common names.

use super::*;

#[test]
fn sql_names_need_no_quotes() {
    for (name, expected) in [
        ("Order Date", "order_date"),
        ("Größe (cm)", "grosse_cm"),
        ("Prénom", "prenom"),
        ("Pre\u{301}nom", "prenom"),
        ("Łódź/Kraków", "lodz_krakow"),
        ("customer.name", "customer_name"),
        ("  __x__ ", "x"),
        ("select", "select_"),
        ("Group", "group_"),
        ("sqlite_master", "_sqlite_master"),
        ("2024", "_2024"),
        ("\"; drop table x; --", "drop_table_x"),
        ("用户", ""),
        ("🙂", ""),
        ("%", ""),
    ] {
        assert_eq!(sql(name), expected, "{name}");
    }
    assert_eq!(sql(&"ab ".repeat(1000)).len(), MAX_SQL_NAME);
}

#[test]
fn shown_names_are_one_short_visible_line() {
    for (name, expected) in [
        (" a\r\n\tb ", "a b"),
        ("a\u{0}\u{7}b", "a b"),
        ("safe\u{202e}gnp.exe", "safegnp.exe"),
        ("\u{feff}id", "id"),
        ("zero\u{200b}width", "zerowidth"),
        ("naïve 🙂", "naïve 🙂"),
        ("\u{200b}", ""),
    ] {
        assert_eq!(shown(name), expected);
    }
    assert_eq!(shown(&"é".repeat(1_000_000)).chars().count(), MAX_COLUMN_NAME_CHARS);
}

#[test]
fn tables_are_named_after_their_file() {
    for (source, expected) in [
        ("Sales 2024.csv", "sales_2024"),
        ("archive.tar.json", "archive_tar"),
        ("2024.csv", "_2024"),
        ("v1.2", "v1_2"),
        ("table.csv", "table_"),
        ("数据.csv", "data"),
        ("../../etc/passwd.csv", "passwd"),
        ("", "data"),
    ] {
        assert_eq!(table_name(source), expected, "{source}");
    }
    assert_eq!(unused_table_name("sales", ["sales", "SALES_2"]), "sales_3");
    assert_eq!(unused_table_name("sales", []), "sales");
}

#[test]
fn columns_have_different_names_in_the_files_order() {
    let named = columns(["Name", "name", "", "Größe", "Grosse", "用户", "column_3", "Name"]);
    let shown: Vec<&str> = named.iter().map(|(shown, _)| shown.as_str()).collect();
    let sql: Vec<&str> = named.iter().map(|(_, sql)| sql.as_str()).collect();
    assert_eq!(
        shown,
        ["Name", "name 2", "column_3", "Größe", "Grosse", "用户", "column_3 2", "Name 3"]
    );
    assert_eq!(
        sql,
        ["name", "name_2", "column_3", "grosse", "grosse_2", "column_6", "column_3_2", "name_3"]
    );
}

#[test]
fn ten_thousand_same_names_are_told_apart_quickly() {
    let named = columns(std::iter::repeat_n("x", 10_000));
    assert_eq!(named.last().map(|(_, sql)| sql.as_str()), Some("x_10000"));
}
