//! Every error and warning on real trees, held exactly.
//!
//! The trees are those of `corpus/` in the directory that `PROMOLINT_SHARED` names (`../shared`
//! beside the checkout by default); skipped, saying so, where it is missing. What is expected stands in
//! `tests/expectations/`: severity, rule, place and why it is true, one line each.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use promolint_analysis::fixing::{Choice, fix_all};
use promolint_analysis::{Applicability, Diagnostic, Severity, check};
use promolint_workspace::{ConfigurationChoice, Request, load};

fn corpus(name: &str) -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let shared = std::env::var_os("PROMOLINT_SHARED").map_or(beside, PathBuf::from);
    Some(shared.join("corpus").join(name)).filter(|path| path.is_dir())
}

fn found(root: &Path) -> BTreeSet<String> {
    let request = Request {
        directory: root.to_owned(),
        paths: Vec::new(),
        standard_input: None,
        configuration: ConfigurationChoice::Isolated,
        select: Vec::new(),
        ignore: Vec::new(),
        comparison: None,
        fixable: Vec::new(),
        unfixable: Vec::new(),
    };
    let loaded = load(&request).expect("no configuration, no error");
    assert!(loaded.problems.is_empty(), "{:?}", loaded.problems);
    let diagnostics = check(&loaded.snapshot, &loaded.settings);
    let loud = diagnostics.iter().filter(|diagnostic| diagnostic.severity >= Severity::Warning);
    loud.map(|diagnostic| {
        let file = loaded.snapshot.get(&diagnostic.path).expect("findings stand in files of the snapshot");
        let line = file.lines().line(diagnostic.range.start()) + 1;
        format!("{} {} {}:{line}", diagnostic.severity, diagnostic.rule, diagnostic.path)
    })
    .collect()
}

fn holds(name: &str) {
    let Some(root) = corpus(name) else {
        eprintln!("skipped: there is no corpus {name} here");
        return;
    };
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/expectations").join(format!("{name}.txt"));
    let text = fs::read_to_string(&file).expect("an expectation file");
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let expected: BTreeSet<String> = lines
        .map(|line| {
            let (finding, why) = line.split_once(" -- ").unwrap_or_else(|| panic!("{line}: say why it is true"));
            assert!(!why.trim().is_empty(), "{line}: say why it is true");
            finding.split_whitespace().collect::<Vec<_>>().join(" ")
        })
        .collect();
    let found = found(&root);
    let (missing, unexpected) = (expected.difference(&found), found.difference(&expected));
    let (missing, unexpected): (Vec<_>, Vec<_>) = (missing.collect(), unexpected.collect());
    assert!(missing.is_empty() && unexpected.is_empty(), "expected and not found: {missing:#?}\nfound and not expected: {unexpected:#?}");
}

/// Safe fixes, then suggested ones: nothing fixable is left, nothing is refused, no error of syntax comes,
/// and only lines with findings change.
fn is_fixed(name: &str) {
    let Some(root) = corpus(name) else {
        eprintln!("skipped: there is no corpus {name} here");
        return;
    };
    let request = Request { directory: root, configuration: ConfigurationChoice::Isolated, ..Request::default() };
    let loaded = load(&request).expect("no configuration, no error");
    for applicability in [Applicability::Safe, Applicability::Suggested] {
        let choice = Choice { applicability, is_wanted: &|_| true };
        let fixed = fix_all(&loaded.snapshot, &loaded.settings, &choice);
        assert!(fixed.refused.is_empty(), "{:#?}", fixed.refused);
        assert!(fixed.left.iter().all(|diagnostic| choice.of(diagnostic, &loaded.settings).is_none()));
        let again = fix_all(&fixed.snapshot, &loaded.settings, &choice);
        assert!(again.changed.is_empty());
        let found = check(&loaded.snapshot, &loaded.settings);
        for path in &fixed.changed {
            let (before, after) = (loaded.snapshot.get(path).expect("a file"), fixed.snapshot.get(path).expect("the same"));
            assert_eq!(before.document().errors().len(), after.document().errors().len());
            let lines = |diagnostic: &Diagnostic| {
                let edits = diagnostic.fixes.iter().flat_map(|fix| &fix.edits).map(|edit| edit.edit.range);
                edits
                    .chain([diagnostic.range])
                    .flat_map(|range| before.lines().line(range.start())..=before.lines().line(range.end()))
                    .collect::<Vec<_>>()
            };
            let found: BTreeSet<u32> = found.iter().filter(|diagnostic| diagnostic.path == *path).flat_map(lines).collect();
            let mut new = after.text().split_inclusive('\n').peekable();
            for (line, old) in (0..).zip(before.text().split_inclusive('\n')) {
                if new.next_if_eq(&old).is_none() {
                    assert!(found.contains(&line), "{path}:{}: changed without a finding", line + 1);
                    // A line that was changed, not taken away.
                    if new.peek().is_some_and(|new| new.trim() == old.trim() || new.len().abs_diff(old.len()) <= 2) {
                        new.next();
                    }
                }
            }
        }
    }
}

#[test]
fn kubernetes_k8s_io_is_fixed() {
    is_fixed("k8s.io");
}

#[test]
fn kubeflow_is_fixed() {
    is_fixed("kubeflow");
}

#[test]
fn kubernetes_k8s_io() {
    holds("k8s.io");
}

#[test]
fn kubeflow() {
    holds("kubeflow");
}
