//! How often `sibling-tag-missing` speaks on true histories: for each file of the shared real tree and each
//! tag in it, the change that added the tag is judged. Some of what it tells are real mistakes.

#![expect(clippy::unwrap_used, reason = "a test stops at what it does not expect")]

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use promolint_analysis::{FileKind, Level, Policy, Settings, Snapshot, SourceFile, check_change, rules};

/// `images.yaml` without a tag; entries that had no other one are left out.
fn without(text: &str, tag: &str) -> String {
    let quoted = [format!("\"{tag}\""), format!("'{tag}'"), tag.to_owned()];
    let mut lines = Vec::new();
    for line in text.lines() {
        let Some((before, list)) = line.split_once('[').filter(|_| line.contains("sha256:") && line.contains(tag)) else {
            lines.push(line.to_owned());
            continue;
        };
        let (list, after) = list.split_once(']').unwrap_or((list, ""));
        let kept: Vec<&str> = list.split(',').filter(|item| !quoted.contains(&item.trim().to_owned())).collect();
        if !kept.is_empty() {
            lines.push(format!("{before}[{}]{after}", kept.join(",")));
        }
    }
    lines.join("\n") + "\n"
}

fn tags(text: &str) -> BTreeSet<String> {
    let lists = text.lines().filter(|line| line.contains("sha256:")).filter_map(|line| Some(line.split_once('[')?.1.split_once(']')?.0));
    lists
        .flat_map(|list| list.split(','))
        .map(|tag| tag.trim().trim_matches(['"', '\'']).to_owned())
        .filter(|tag| !tag.is_empty())
        .collect()
}

#[test]
fn true_histories_are_rarely_told() {
    let shared = std::env::var_os("PROMOLINT_SHARED").map_or_else(|| PathBuf::from("../../../shared"), PathBuf::from);
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(shared).join("corpus/k8s.io/registry.k8s.io/images");
    let Ok(directories) = std::fs::read_dir(&root) else {
        eprintln!("not run: {} is missing", root.display());
        return;
    };
    let mut settings = Settings { policy: Policy::builtin(), ..Settings::default() };
    for rule in rules::ALL.iter().filter(|rule| rule.name != "sibling-tag-missing") {
        settings.levels.rules.insert(rule.name, Level::Off);
    }
    let snapshot = |text: &str| {
        let file = SourceFile::new("registry.k8s.io/images/k8s-staging-x/images.yaml", FileKind::Images, text);
        Snapshot::new(vec![Arc::new(file)], true)
    };
    let (mut changes, mut told) = (0, Vec::new());
    for directory in directories {
        let directory = directory.unwrap();
        let Ok(text) = std::fs::read_to_string(directory.path().join("images.yaml")) else { continue };
        let after = snapshot(&text);
        // Enough of the largest file for a test.
        for tag in tags(&text).into_iter().rev().take(if text.len() > 500_000 { 40 } else { usize::MAX }) {
            changes += 1;
            let found = check_change(&snapshot(&without(&text, &tag)), &after, &settings);
            told.extend(found.into_iter().map(|diagnostic| format!("{}: {}", directory.file_name().display(), diagnostic.message)));
        }
    }
    eprintln!("{} of {changes}\n{}", told.len(), told.join("\n"));
    assert!(changes > 2500 && told.len() * 80 < changes, "{} of {changes} changes", told.len());
}
