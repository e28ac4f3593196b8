//! The pages below `docs/rules/` are what `promolint explain --format markdown` prints, and their index
//! names every rule. `UPDATE_PAGES=1 cargo test -p promolint --test rule_pages` writes them anew.

#![expect(clippy::unwrap_used, reason = "a test stops at what it does not expect")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn promolint(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_promolint")).args(arguments).output().expect("promolint starts");
    assert!(output.status.success(), "{arguments:?}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// File name to text.
fn pages() -> BTreeMap<String, String> {
    let rules: serde_json::Value = serde_json::from_str(&promolint(&["rules", "--format", "json"])).expect("JSON");
    let rules = rules.as_array().or_else(|| rules["rules"].as_array()).expect("a list of rules").clone();
    assert!(!rules.is_empty());
    let mut pages = BTreeMap::new();
    let mut index = String::from("# Rules\n\nGenerated from the rules themselves; `promolint explain RULE` prints the same pages.\n");
    let mut category = String::new();
    for rule in &rules {
        let text = |key: &str| rule[key].as_str().unwrap_or_default().to_owned();
        if text("category") != category {
            category = text("category");
            write!(index, "\n## {category}\n\n| rule | severity | what it finds |\n|---|---|---|\n").unwrap();
        }
        let name = text("name");
        writeln!(index, "| [{name}]({name}.md) | {} | {} |", text("severity"), text("summary").replace('|', "\\|")).unwrap();
        pages.insert(format!("{name}.md"), promolint(&["explain", "--format", "markdown", &name]));
    }
    pages.insert("README.md".to_owned(), index);
    pages
}

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/rules")
}

fn on_disk() -> BTreeMap<String, String> {
    let Ok(entries) = fs::read_dir(directory()) else { return BTreeMap::new() };
    let paths = entries.map(|entry| entry.expect("a directory entry").path());
    paths.map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read_to_string(&path).unwrap())).collect()
}

#[test]
fn the_pages_are_up_to_date() {
    let pages = pages();
    if std::env::var_os("UPDATE_PAGES").is_some() {
        fs::create_dir_all(directory()).unwrap();
        for name in on_disk().keys().filter(|name| !pages.contains_key(*name)) {
            fs::remove_file(directory().join(name)).unwrap();
        }
        for (name, text) in &pages {
            fs::write(directory().join(name), text).unwrap();
        }
    }
    let on_disk = on_disk();
    let stale: Vec<_> = pages.keys().chain(on_disk.keys()).filter(|name| pages.get(*name) != on_disk.get(*name)).collect();
    assert!(stale.is_empty(), "not up to date: {stale:?}; run UPDATE_PAGES=1 cargo test -p promolint --test rule_pages");
}
