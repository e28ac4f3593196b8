//! Fixes of the rules: they converge, do what they say and nothing else, and a second run has nothing to do.

#![expect(clippy::unwrap_used, reason = "a test stops at what it does not expect")]

use std::sync::Arc;

use promolint_analysis::fixing::{Choice, Fixed, Meaning, fix_all, prove_fix};
use promolint_analysis::{Applicability, Diagnostic, FileKind, Policy, Settings, Snapshot, SourceFile, check};
use proptest::prelude::*;

mod common;
use common::{PLACES, bad_examples, damaged, good};

fn settings() -> Settings {
    let mut settings = Settings { policy: Policy::builtin(), ..Settings::default() };
    settings.today = promolint_analysis::Date::new(2026, 1, 31);
    settings
}

fn run(snapshot: &Snapshot, applicability: Applicability) -> Fixed {
    fix_all(snapshot, &settings(), &Choice { applicability, is_wanted: &|_| true })
}

/// What holds of every run, whatever the files.
fn holds(snapshot: &Snapshot, applicability: Applicability) -> Fixed {
    let fixed = run(snapshot, applicability);
    let choice = Choice { applicability, is_wanted: &|_| true };
    assert_eq!(fixed.left, check(&fixed.snapshot, &settings()), "what is left is what a check finds");
    let open = fixed.left.iter().filter(|diagnostic| choice.of(diagnostic, &settings()).is_some()).count();
    assert_eq!(open, fixed.refused.len(), "what can be fixed is fixed, or refused with a reason: {:#?}", fixed.refused);
    for file in snapshot.files() {
        let after = fixed.snapshot.get(file.path()).unwrap();
        assert_eq!(after.kind(), file.kind());
        assert_eq!(fixed.changed.contains(file.path()), after.text() != file.text(), "{}", file.path());
        let errors = |file: &SourceFile| file.document().errors().len();
        assert!(errors(after) <= errors(file), "{}\n{}", file.text(), after.text());
    }
    let again = run(&fixed.snapshot, applicability);
    assert!(again.applied.is_empty(), "a second run changes nothing: {:#?}", again.applied);
    assert_eq!(again.refused, fixed.refused);
    fixed
}

fn one(kind: FileKind, path: &str, text: &str) -> Snapshot {
    Snapshot::new(vec![Arc::new(SourceFile::new(path, kind, text))], false)
}

#[test]
fn the_examples_of_all_rules_are_fixed() {
    for (rule, snapshot) in bad_examples() {
        for applicability in [Applicability::Safe, Applicability::Suggested] {
            let fixed = holds(&snapshot, applicability);
            assert!(fixed.refused.is_empty(), "{}: {:#?}", rule.name, fixed.refused);
            let offers = rule.fix.is_some_and(|surest| surest >= applicability);
            let is_left = fixed
                .left
                .iter()
                .any(|diagnostic| diagnostic.rule == rule.name && diagnostic.fixes.iter().any(|fix| fix.applicability >= applicability));
            assert!(!(offers && is_left), "{}: {:#?}", rule.name, fixed.left);
        }
    }
}

#[test]
fn one_fix_is_proved_by_itself() {
    let text = "- name: a\n  dmap:\n    sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9: [v1] \n";
    let snapshot = one(FileKind::Images, "images/k8s-staging-a/images.yaml", text);
    let found = check(&snapshot, &settings());
    let diagnostic = found.iter().find(|diagnostic| diagnostic.rule == "digest-not-visible").unwrap();
    let after = prove_fix(&snapshot, &diagnostic.fixes[0]).unwrap();
    assert_eq!(after.len(), 1);
    assert!(after[0].text().contains("    \"sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9\": [v1] \n"));
    // In a text that has changed since, it is refused.
    let later = one(FileKind::Images, "images/k8s-staging-a/images.yaml", "- name: a\n");
    assert!(prove_fix(&later, &diagnostic.fixes[0]).is_err());
    assert!(prove_fix(&Snapshot::default(), &diagnostic.fixes[0]).is_err());
}

#[test]
fn only_wanted_files_and_rules_are_touched() {
    let file = |path: &str| Arc::new(SourceFile::new(path, FileKind::Owners, "approvers:\n- alice \n- '@bob'\n- carol"));
    let snapshot = Snapshot::new(vec![file("a/OWNERS"), file("b/OWNERS")], false);
    let mut settings = settings();
    settings.unfixable.insert("trailing-whitespace");
    let fixed = fix_all(&snapshot, &settings, &Choice { applicability: Applicability::Safe, is_wanted: &|path| path.starts_with("b/") });
    assert_eq!(fixed.snapshot.get("a/OWNERS").unwrap().text(), "approvers:\n- alice \n- '@bob'\n- carol");
    assert_eq!(fixed.snapshot.get("b/OWNERS").unwrap().text(), "approvers:\n- alice \n- 'bob'\n- carol\n");
    assert_eq!(fixed.applied.len(), 2);
}

#[test]
fn everything_outside_the_fixes_stays() {
    let text = "\u{feff}# people\r\napprovers: # first\r\n- alice\r\n-  Alice\r\n- \"@bob\"  # promoted, see #12\r\nreviewers: [ carol,carol ]  \r\n...\r\n---\r\n@ not read\r\n\r\n\r\n";
    let snapshot = one(FileKind::Owners, "OWNERS", text);
    let fixed = holds(&snapshot, Applicability::Safe);
    assert_eq!(
        fixed.snapshot.get("OWNERS").unwrap().text(),
        "\u{feff}# people\r\napprovers: # first\r\n- alice\r\n- \"bob\"  # promoted, see #12\r\nreviewers: [ carol ]\r\n...\r\n---\r\n@ not read\r\n"
    );
}

#[test]
fn a_long_row_of_touching_fixes_settles() {
    let names = "a-name, ".repeat(300);
    let snapshot = one(FileKind::Owners, "OWNERS", &format!("approvers: [{names}b-name]\n"));
    let fixed = holds(&snapshot, Applicability::Safe);
    assert_eq!(fixed.snapshot.get("OWNERS").unwrap().text(), "approvers: [a-name, b-name]\n");
    assert_eq!(fixed.applied.len(), 299);
}

#[test]
fn a_tag_is_not_renamed_to_one_that_is_there() {
    let digest = |letter: &str| format!("sha256:{}", letter.repeat(64));
    let text = |first: &str| format!("- name: a\n  dmap:\n    \"{}\": [\"{first}\"]\n    \"{}\": [\"v2.2.4\"]\n", digest("a"), digest("b"));
    let fixed = |first: &str| {
        let snapshot = one(FileKind::Images, "images/k8s-staging-a/images.yaml", &text(first));
        holds(&snapshot, Applicability::Suggested).snapshot.files()[0].text().to_owned()
    };
    assert_eq!(fixed("V2.2.5"), text("v2.2.5"));
    assert_eq!(fixed("V2.2.4"), text("V2.2.4"));
}

fn tree(place: usize, bytes: &[u8]) -> Snapshot {
    let file = |(number, (kind, path)): (usize, &(FileKind, &str))| {
        let bytes = if number == place { bytes.to_vec() } else { good(path).into_bytes() };
        Arc::new(SourceFile::from_bytes(*path, *kind, bytes))
    };
    Snapshot::new(PLACES.iter().enumerate().map(file).collect(), true)
}

/// Fixes that are safe change no meaning but what they declare; here, those of white space only.
fn layout_keeps_meaning(snapshot: &Snapshot) {
    let is_layout = |diagnostic: &&Diagnostic| diagnostic.fixes.iter().any(|fix| fix.changes.is_empty());
    for diagnostic in check(snapshot, &settings()).iter().filter(is_layout) {
        let Ok(after) = prove_fix(snapshot, &diagnostic.fixes[0]) else { continue };
        let before = snapshot.get(&diagnostic.path).unwrap();
        assert_eq!(Meaning::of(before.document()).difference(&Meaning::of(after[0].document())), None);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn damaged_files(place in 0..PLACES.len(), damage in damaged()) {
        let bytes = damage.apply(good(PLACES[place].1).into_bytes());
        let snapshot = tree(place, &bytes);
        holds(&snapshot, Applicability::Safe);
        holds(&snapshot, Applicability::Suggested);
        layout_keeps_meaning(&snapshot);
    }

    #[test]
    fn yaml_like_text(place in 0..PLACES.len(), text in "([-a-z?:#&*!|>'\"\\[\\]{},%@` \t\n]|name|dmap|registries|files|approvers|sha256:|\r\n|é|---\n|- @bob\n|[0-9TZ]){0,120}") {
        let snapshot = tree(place, text.as_bytes());
        holds(&snapshot, Applicability::Safe);
        holds(&snapshot, Applicability::Suggested);
    }
}
