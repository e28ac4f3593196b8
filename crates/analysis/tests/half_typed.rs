//! Half-typed text: an edit that breaks a file costs the entry it stands in. The findings elsewhere
//! stay, and none is invented more than one entry away.
//!
//! Tried on every entry of a generated file, and on some of the largest real one where the corpus is
//! (in the directory that `PROMOLINT_SHARED` names, `../shared` beside the checkout without it).

use std::collections::BTreeSet;
use std::fmt::Write;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use promolint_analysis::{FileKind, Policy, Settings, Snapshot, SourceFile, check};

/// Changes a line.
type Edit = fn(&str) -> String;

/// Edits of an entry, `    "sha256:…": ["v1.2.3"]`, as they come about while people type.
const EDITS: [(&str, Edit); 11] = [
    ("no quote behind the tag", |line| line.replacen("\"]", "]", 1)),
    ("no quote behind the digest", |line| line.replacen("\":", ":", 1)),
    ("no closing bracket", |line| line.replacen(']', "", 1)),
    ("no opening bracket", |line| line.replacen('[', "", 1)),
    ("no colon", |line| line.replacen("\":", "\"", 1)),
    ("a blank too many", |line| format!(" {line}")),
    ("a tab", |line| format!("\t{}", line.trim_start())),
    ("half a key", |line| line[..line.len() / 3].to_owned()),
    ("half a word", |line| format!("{line}\n    \"sha")),
    ("a newline in the tag", |line| line.replacen("[\"v", "[\"v\n", 1)),
    ("a digit deleted", |line| line.replacen('0', "", 1)),
];

/// How many lines around an edit may speak of it: an entry on each side, with the name of the next image.
const NEAR: usize = 4;

/// Rule, message, and line of each finding.
fn findings(text: &str) -> BTreeSet<(usize, &'static str, String)> {
    let path = "registry.k8s.io/images/k8s-staging-widget/images.yaml";
    let snapshot = Snapshot::new(vec![Arc::new(SourceFile::new(path, FileKind::Images, text))], false);
    let settings = Settings { policy: Policy::builtin(), ..Settings::default() };
    let lines = snapshot.files()[0].lines();
    let found = check(&snapshot, &settings).into_iter();
    found.map(|finding| (lines.line(finding.range.start()) as usize, finding.rule, finding.message)).collect()
}

/// Makes each edit at each of `places` (numbers of lines) and compares what is said elsewhere.
fn hold(text: &str, places: &[usize]) {
    let lines: Vec<&str> = text.lines().collect();
    let before = findings(text);
    for (name, edit) in EDITS {
        for place in places.iter().copied() {
            let edited = edit(lines[place]);
            let added = edited.lines().count() - 1;
            let after: Vec<&str> =
                lines[..place].iter().copied().chain([edited.as_str()]).chain(lines[place + 1..].iter().copied()).collect();
            let mut after = findings(&(after.join("\n") + "\n"));
            let near: RangeInclusive<usize> = place.saturating_sub(NEAR)..=place + NEAR;
            let mut expected = before.clone();
            expected.retain(|(line, ..)| !near.contains(line));
            let moved_back = |line: usize| if line > place + added { line - added } else { line.min(place) };
            after = after.into_iter().map(|(line, rule, message)| (moved_back(line), rule, message)).collect();
            after.retain(|(line, ..)| !near.contains(line));
            assert_eq!(after, expected, "{name} in line {place}: {edited}");
        }
    }
}

/// Three images whose tenth entries are wrong in some way.
fn generated() -> String {
    let mut text = String::new();
    for (image, name) in ["widget", "widget-amd64", "widget-arm64"].into_iter().enumerate() {
        let _ = writeln!(text, "- name: {name}\n  dmap:");
        for entry in 0..40 {
            let digest = format!("sha256:{:064x}", (image * 1000 + entry + 1) as u128 * 0x0012_3456_789a_bcde_f001_1223);
            let _ = match entry {
                10 => writeln!(text, "    {digest}: [\"v1.{entry}.0\"]"),
                20 => writeln!(text, "    \"{digest}0\": [\"v1.{entry}.0\"]"),
                30 => writeln!(text, "    \"{digest}\": [\"v.1.{entry}.0\"]"),
                _ => writeln!(text, "    \"{digest}\": [\"v1.{entry}.0\"]"),
            };
        }
    }
    text
}

/// The entries that the edits are made for.
fn entries(text: &str) -> Vec<usize> {
    let is_entry = |line: &str| line.starts_with("    \"sha256:") && line.contains("\": [\"v") && line.ends_with("\"]");
    text.lines().enumerate().filter(|(_, line)| is_entry(line)).map(|(number, _)| number).collect()
}

#[test]
fn every_entry_of_a_generated_file() {
    let text = generated();
    assert_eq!(findings(&text).len(), 9);
    hold(&text, &entries(&text));
}

#[test]
fn entries_of_the_largest_real_file() {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let shared = std::env::var_os("PROMOLINT_SHARED").map_or(beside, PathBuf::from);
    let file = shared.join("corpus/k8s.io/registry.k8s.io/images/k8s-staging-kubernetes/images.yaml");
    let Ok(text) = std::fs::read_to_string(&file) else {
        return eprintln!("skipped: {} is not there", file.display());
    };
    let entries = entries(&text);
    hold(&text, &[entries[0], entries[entries.len() / 2], entries[entries.len() - 1]]);
}
