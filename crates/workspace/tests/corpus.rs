//! Every error and warning on real trees, held exactly.
//!
//! The trees are those of `corpus/` in the directory that `PROMOLINT_SHARED` names (`../shared`
//! beside the checkout by default); skipped, saying so, where it is missing. What is expected stands in
//! `tests/expectations/`: severity, rule, place and why it is true, one line each.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use promolint_analysis::{Severity, check};
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

#[test]
fn kubernetes_k8s_io() {
    holds("k8s.io");
}

#[test]
fn kubeflow() {
    holds("kubeflow");
}
