//! Comments that silence rules, from outside.

#![expect(clippy::unwrap_used, reason = "a test stops at what it does not expect")]

use std::sync::Arc;

use promolint_analysis::{Date, Diagnostic, FileKind, Level, Policy, Settings, Snapshot, SourceFile, check};
use promolint_syntax::apply_edits;

const DIGEST: &str = "\"sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9\"";
const PATH: &str = "registry.k8s.io/images/k8s-staging-widget/images.yaml";

/// What the two rules and those about comments say of an images.yaml; `D` is a digest.
fn found(text: &str) -> Vec<Diagnostic> {
    let files = vec![Arc::new(SourceFile::new(PATH, FileKind::Images, text.replace('D', DIGEST)))];
    let mut settings = Settings { policy: Policy::builtin(), today: Date::new(2026, 1, 31), ..Settings::default() };
    for rule in promolint_analysis::rules::ALL {
        let is_judged = ["tag-syntax", "unsupported-yaml"].contains(&rule.name) || rule.name.starts_with("suppression");
        settings.levels.rules.insert(rule.name, if is_judged { Level::Default } else { Level::Off });
    }
    check(&Snapshot::new(files, true), &settings)
}

fn names(text: &str) -> Vec<&'static str> {
    found(text).iter().map(|diagnostic| diagnostic.rule).collect()
}

/// The text after the only fix of the only finding of a rule.
fn fixed(rule: &str, text: &str) -> String {
    let found: Vec<_> = found(text).into_iter().filter(|diagnostic| diagnostic.rule == rule).collect();
    let [diagnostic] = found.as_slice() else { panic!("{found:#?}") };
    let edits: Vec<_> = diagnostic.fixes[0].edits.iter().map(|edit| edit.edit.clone()).collect();
    apply_edits(&text.replace('D', DIGEST), &edits).unwrap().replace(DIGEST, "D")
}

#[test]
fn a_comment_counts_for_its_place() {
    // Without one.
    assert_eq!(names("- name: w\n  dmap:\n    D: [a b]\n"), ["tag-syntax"]);
    for text in [
        "- name: w\n  dmap:\n    D: [a b] # promolint: allow(tag-syntax) old\n",
        "- name: w\n  dmap:\n    # promolint: allow(tag-syntax) old\n    D: [a b]\n",
        "- name: w\n  dmap:\n    # promolint: allow(tag-syntax) old\n\n    # more\n    D: [a b]\r\n",
        "# promolint: allow(tag-syntax) old\n\n- name: w\n  dmap:\n    D: [a b]\n",
        "# c\n---\n# promolint: allow(tag-syntax) old\n- name: w\n  dmap:\n    D: [a b]\n    E: [c d]\n",
        "- name: w\n  dmap:\n    D: [a b] # promolint: allow(tag-syntax, until=2026-01-31) old\n",
    ] {
        assert_eq!(names(text), [""; 0], "{text}");
    }
    for text in [
        "- name: w\n  dmap: # promolint: allow(tag-syntax) old\n    D: [a b]\n",
        "- name: w\n  dmap:\n    D: [a b]\n    # promolint: allow(tag-syntax) old\n",
        "- name: w\n  dmap:\n    D: [a b]\n    # promolint: allow(tag-syntax) old\n    E: [c]\n",
    ] {
        let found = names(text);
        assert!(found.contains(&"tag-syntax") && found.contains(&"suppression-unused"), "{text} {found:?}");
    }
}

#[test]
fn what_is_wrong_with_a_comment() {
    for (comment, rules) in [
        ("# promolint: allow(tag-syntax)", &["suppression-syntax", "tag-syntax"][..]),
        ("# promolint: allow(tag-syntx) old", &["suppression-syntax", "tag-syntax"]),
        ("# promolint: allow(tag-syntax, nonsense) old", &["suppression-syntax"]),
        ("# promolint: allow(tag-syntax, suppression-unused) old", &["suppression-syntax"]),
        ("# promolint: disable tag-syntax", &["suppression-syntax", "tag-syntax"]),
        ("# promolint: allow(tag-syntax, until=2026-01-30) old", &["suppression-expired", "tag-syntax"]),
        ("# promolint: allow(tag-syntax) old until=2026-01-30", &["suppression-expired", "tag-syntax"]),
        ("# promolint: allow(unsupported-yaml) old", &["suppression-unused", "tag-syntax"]),
        ("# promolint: allow(unsupported-yaml, tag-syntax) old", &["suppression-unused"]),
        // A rule that is off is not judged.
        ("# promolint: allow(tag-syntax, line-endings) old", &[]),
    ] {
        let text = format!("- name: w\n  dmap:\n    {comment}\n    D: [a b]\n");
        let mut found = names(&text);
        found.sort_unstable();
        assert_eq!(found, rules, "{comment}");
    }
    assert_eq!(names("# promolint: allow(unsupported-yaml) old\n- name: [\n"), [""; 0], "nothing is certain in a broken file");
}

#[test]
fn fixes() {
    let unused = "suppression-unused";
    assert_eq!(fixed(unused, "- name: w\n  # promolint: allow(tag-syntax) old\n  dmap: {}\n"), "- name: w\n  dmap: {}\n");
    assert_eq!(fixed(unused, "- name: w\r\n  dmap: {}  # promolint: allow(tag-syntax) old\r\n"), "- name: w\r\n  dmap: {}\r\n");
    assert_eq!(fixed(unused, "- name: w\n  dmap: {}\n# promolint: allow(tag-syntax) old"), "- name: w\n  dmap: {}\n");
    assert_eq!(
        fixed(unused, "- name: w\n  dmap:\n    D: [a b] # promolint: allow(tag-syntax, unsupported-yaml, until=2027-01-01) old\n"),
        "- name: w\n  dmap:\n    D: [a b] # promolint: allow(tag-syntax, until=2027-01-01) old\n"
    );
    assert_eq!(
        fixed("suppression-syntax", "- name: w\n  dmap:\n    D: [a b] # promolint: allow(tag-syntx) old\n"),
        "- name: w\n  dmap:\n    D: [a b] # promolint: allow(tag-syntax) old\n"
    );
    assert_eq!(fixed("suppression-expired", "- name: w # promolint: allow(tag-syntax, until=2020-01-01) old\n"), "- name: w\n");
}
