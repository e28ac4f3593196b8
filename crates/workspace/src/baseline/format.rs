//! The text of a baseline.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use promolint_analysis::Fingerprint;
use toml::de::DeTable;

use crate::configuration::ConfigurationError;
use crate::configuration::reader::{Reader, Value};

/// Raised when an older promolint would read a file wrongly.
const VERSION: u64 = 1;

const HEADER: &str = "\
# Known findings, which `promolint check` does not report. Written by `promolint baseline`;
# entries may be deleted by hand.
";

/// The file with these findings.
pub(super) fn text(findings: &BTreeMap<Fingerprint, usize>) -> String {
    let mut text = format!("{HEADER}version = {VERSION}\n");
    for (Fingerprint { path, rule, message }, count) in findings {
        let quoted = |value: &str| toml::Value::from(value).to_string();
        let _ = write!(text, "\n[[findings]]\npath = {}\nrule = {}\nmessage = {}\n", quoted(path), quoted(rule), quoted(message));
        if *count != 1 {
            let _ = writeln!(text, "count = {count}");
        }
    }
    text
}

/// Reads a file that is called `name` in errors.
pub(super) fn read(name: &Path, text: &str) -> Result<BTreeMap<Fingerprint, usize>, ConfigurationError> {
    let (mut reader, table) = Reader::new(name, text);
    let mut findings = BTreeMap::new();
    // What is left of broken TOML, or stands in another version, would only bring errors that follow from the first.
    if !reader.has_errors() && read_version(&mut reader, &table) {
        for (key, value) in &table {
            match key.get_ref().as_ref() {
                "version" => {}
                "findings" => read_findings(&mut reader, value, &mut findings),
                _ => reader.unknown_key(key, &["version", "findings"]),
            }
        }
    }
    reader.finish().map_or(Ok(findings), Err)
}

fn read_version<'t>(reader: &mut Reader<'t>, table: &DeTable<'t>) -> bool {
    let Some(value) = table.get("version") else {
        let help = "delete the file and run `promolint baseline`".to_owned();
        reader.error(0..0, "this is no baseline: its `version` is missing".to_owned(), Some(help));
        return false;
    };
    let known = number(value) == Some(VERSION);
    if !known {
        let help = format!("this promolint reads version {VERSION}; use a newer one, or delete the file and run `promolint baseline`");
        reader.error(value.span(), "the baseline has an unknown version".to_owned(), Some(help));
    }
    known
}

fn read_findings<'t>(reader: &mut Reader<'t>, value: &Value<'t>, findings: &mut BTreeMap<Fingerprint, usize>) {
    let Some(items) = value.get_ref().as_array() else {
        let found = value.get_ref().type_str();
        let help = Some("write `[[findings]]`".to_owned());
        return reader.error(value.span(), format!("expected a list of tables, found {found}"), help);
    };
    for item in items {
        let Some(table) = reader.table(item) else { continue };
        for (key, _) in table {
            if !["path", "rule", "message", "count"].contains(&key.get_ref().as_ref()) {
                reader.unknown_key(key, &["path", "rule", "message", "count"]);
            }
        }
        let [path, rule, message] = ["path", "rule", "message"].map(|key| read_string(reader, item, table, key));
        let count = read_count(reader, table);
        if let (Some(path), Some(rule), Some(message), Some(count)) = (path, rule, message, count) {
            *findings.entry(Fingerprint { path, rule, message }).or_default() += count;
        }
    }
}

fn read_string<'t>(reader: &mut Reader<'t>, item: &Value<'t>, table: &DeTable<'t>, key: &str) -> Option<String> {
    let Some(value) = table.get(key) else {
        reader.error(item.span(), format!("a finding needs `{key}`"), None);
        return None;
    };
    let text = value.get_ref().as_str().map(str::to_owned);
    if text.is_none() {
        reader.error(value.span(), format!("expected a string, found {}", value.get_ref().type_str()), None);
    }
    text
}

fn read_count<'t>(reader: &mut Reader<'t>, table: &DeTable<'t>) -> Option<usize> {
    let Some(value) = table.get("count") else { return Some(1) };
    let count = number(value).and_then(|count| usize::try_from(count).ok()).filter(|count| (1..=MOST).contains(count));
    if count.is_none() {
        reader.error(value.span(), format!("expected a number from 1 to {MOST}"), None);
    }
    count
}

/// More than any tree has; sums of counts stay numbers.
const MOST: usize = 1_000_000;

fn number(value: &Value<'_>) -> Option<u64> {
    let integer = value.get_ref().as_integer()?;
    u64::from_str_radix(integer.as_str(), integer.radix()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fingerprint(path: &str, rule: &str, message: &str) -> Fingerprint {
        Fingerprint { path: path.to_owned(), rule: rule.to_owned(), message: message.to_owned() }
    }

    #[test]
    fn what_is_written_is_read() {
        let odd = "tag `\"v'1\\\"` \u{1b}\n= 'x' €";
        let findings = BTreeMap::from([
            (fingerprint("images/b/images.yaml", "tag-syntax", odd), 1),
            (fingerprint("images/a/images.yaml", "tag-syntax", "x"), 3),
            (fingerprint("images/a/images.yaml", "tag-shape", "''''\"\"\""), 1),
        ]);
        let written = text(&findings);
        assert_eq!(read(Path::new("b.toml"), &written).expect(&written), findings);
        let paths: Vec<_> = written.lines().filter(|line| line.starts_with("path")).collect();
        assert!(paths.is_sorted(), "{written}");
        assert_eq!(text(&BTreeMap::new()), format!("{HEADER}version = 1\n"));
    }

    #[test]
    fn what_is_wrong_has_its_place() {
        for (text, expected) in [
            ("", "1:1 this is no baseline: its `version` is missing"),
            ("version = 2\nfindings = 7\n", "1:11 the baseline has an unknown version"),
            ("version = 'x'\n", "1:11 the baseline has an unknown version"),
            ("version = 1\nfinding = []\n", "2:1 unknown key `finding`"),
            ("version = 1\nfindings = 'x'\n", "2:12 expected a list of tables, found string"),
            ("version = 1\nfindings = [1]\n", "2:13 expected a table, found integer"),
            ("version = 1\n[[findings]]\npath = 'a'\nrule = 'b'\n", "2:1 a finding needs `message`"),
            ("version = 1\n[[findings]]\npath = 1\nrule = 'b'\nmessage = 'c'\n", "3:8 expected a string, found integer"),
            ("version = 1\n[[findings]]\npath = 'a'\nrule = 'b'\nmessage = 'c'\ncount = 0\n", "6:9 expected a number from 1 to 1000000"),
            ("version = 1\n<<<<<<< HEAD\n", "2:1 "),
        ] {
            let error = read(Path::new("b.toml"), text).expect_err(text);
            let (line, column) = error.place.expect("every error has a place");
            let found = format!("{line}:{column} {}", error.message);
            assert!(found.starts_with(expected), "{text}\n{found}");
        }
    }
}
