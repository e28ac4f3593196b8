//! OWNERS and `OWNERS_ALIASES`: mistakes as people make them, and what must pass.
//!
//! Findings are compared as `severity rule: place`, where the place is the underlined text.

use std::sync::Arc;

use promolint_analysis::{Policy, Settings, Snapshot, SourceFile, check, file::kind_of_named_file};
use promolint_syntax::apply_edits;

const OWNERS: &str = "images/widget/OWNERS";
const ALIASES: &str = "aliases:\n  sig-example-leads:\n  - alice\n  - bobby\n  widget-maintainers:\n  - carol\n";

fn found(files: &[(&str, &str)]) -> Vec<(String, Option<String>)> {
    let sources =
        files.iter().map(|(path, text)| Arc::new(SourceFile::new(*path, kind_of_named_file(path, text).expect("a known name"), *text)));
    let snapshot = Snapshot::new(sources.collect(), true);
    let settings = Settings { policy: Policy::builtin(), ..Settings::default() };
    let diagnostics = check(&snapshot, &settings);
    let owners = diagnostics.iter().filter(|diagnostic| diagnostic.rule.starts_with("owners-") || diagnostic.rule == "duplicate-key");
    owners
        .map(|diagnostic| {
            let text = snapshot.get(&diagnostic.path).expect("a judged file").text();
            let shown = format!(
                "{} {}: {}",
                diagnostic.severity,
                diagnostic.rule.trim_start_matches("owners-"),
                &text[diagnostic.range.to_usize()]
            );
            let fixed = diagnostic.fixes.first().map(|fix| {
                let edits: Vec<_> = fix.edits.iter().map(|edit| edit.edit.clone()).collect();
                apply_edits(text, &edits).expect("edits that fit")
            });
            (shown, fixed)
        })
        .collect()
}

fn check_owners(text: &str, expected: &[&str]) {
    let found: Vec<String> = found(&[("OWNERS_ALIASES", ALIASES), (OWNERS, text)]).into_iter().map(|(shown, _)| shown).collect();
    assert_eq!(found, expected, "{text}");
}

fn check_fix(text: &str, fixed: &str) {
    let found = found(&[("OWNERS_ALIASES", ALIASES), (OWNERS, text)]);
    assert_eq!(found.first().and_then(|(_, text)| text.as_deref()), Some(fixed), "{text}\n{found:?}");
}

fn check_aliases(text: &str, expected: &[&str]) {
    let owners = "approvers:\n- sig-example-leads\n- widget-maintainers\n";
    let found: Vec<String> = found(&[("OWNERS_ALIASES", text), (OWNERS, owners)]).into_iter().map(|(shown, _)| shown).collect();
    assert_eq!(found, expected, "{text}");
}

#[test]
fn nothing_is_said_of_what_is_right() {
    for text in [
        "approvers:\n- alice\n- Widget-Maintainers\nreviewers: []\nrequired_reviewers:\nlabels:\n- sig/example\n- area/x y\n",
        "approvers: [alice, 'bobby', \"carol\"]\nemeritus_approvers: [old-leads]\nemeritus_reviewers:\n- x\n",
        "options:\n  no_parent_owners: yes\n  auto_approve_unowned_subfolders: false\n",
        "options: {}\nfilters:\n  \".*\":\n    approvers: [alice]\n  \"\\\\.go$\":\n    labels: [x]\nemeritus_approvers: [x]\n",
        "approvers:\n- alice # chair\n# - bobby\n- 249043822\n- dependabot[bot]\n- octo_corp\n-\n",
        "labels:\n- x\n",
        "x: &x [alice]\n",
    ] {
        let expected: &[&str] = if text.starts_with('x') { &["error unknown-key: x"] } else { &[] };
        check_owners(text, expected);
    }
}

#[test]
fn keys() {
    check_owners("Approvers:\n- alice\n", &["warning unknown-key: Approvers"]);
    check_owners("emeritus:\n- x\n", &["error unknown-key: emeritus"]);
    check_owners("approvers:\n- alice\nno_parent_owners: true\n", &["error unknown-key: no_parent_owners"]);
    check_owners("approvers:\n- alice\noptions:\n  no_parent_owner: true\n", &["error unknown-key: no_parent_owner"]);
    check_owners("filters:\n  a:\n    aprovers: [x]\n    options: {}\n", &["error unknown-key: aprovers", "error unknown-key: options"]);
    check_owners("aliases:\n  x: [y]\n", &["error unknown-key: aliases"]);
    check_owners("approvers:\n- alice\napprovers:\n- carol\n", &["error duplicate-key: approvers"]);
    for (wrong, right) in [
        ("reviwers", "reviewers"),
        ("approver", "approvers"),
        ("'aprovers'", "'approvers'"),
        ("emeritus-approvers", "emeritus_approvers"),
        ("emeritus reviewers", "emeritus_reviewers"),
        ("requiredReviewers", "required_reviewers"),
        ("emeritus", "emeritus_approvers"),
        ("lables", "labels"),
    ] {
        check_fix(&format!("{wrong}:\n- alice\n"), &format!("{right}:\n- alice\n"));
    }
}

#[test]
fn types() {
    check_owners("- alice\n", &["error wrong-type: - alice"]);
    check_owners("alice\n", &["error wrong-type: alice"]);
    check_owners("approvers:\n  alice:\n  bobby:\n", &["error wrong-type: alice:"]);
    check_owners("approvers:\n- [alice]\n- - bobby\n", &["error wrong-type: [alice]", "error wrong-type: - bobby"]);
    check_owners("emeritus_approvers: x\n", &["warning wrong-type: x"]);
    check_owners("options:\n- no_parent_owners: true\n", &["error wrong-type: - no_parent_owners: true"]);
    check_owners("options: no_parent_owners\n", &["error wrong-type: no_parent_owners"]);
    check_owners("filters:\n- \".*\":\n    approvers: [alice]\n", &["error wrong-type: - \".*\":"]);
    check_owners("filters:\n  \".*\":\n  - alice\n", &["error wrong-type: - alice"]);
    // A syntax error may be why it looks odd.
    check_owners("approvers\n- alice\nreviewers:\n- carol\n", &[]);
    check_fix("approvers: alice\n", "approvers: [alice]\n");
    check_fix("approvers: alice, carol\n", "approvers: [alice, carol]\n");
    check_fix("approvers:\n  -alice\n  -carol\n", "approvers:\n  [alice, carol]\n");
    check_fix("labels: sig/x\n", "labels: [sig/x]\n");
    check_fix("approvers:\n- alice:\n- carol\n", "approvers:\n- alice\n- carol\n");
    check_fix("approvers:\n- name: alice\n", "approvers:\n- alice\n");
    check_fix("approvers: [alice]\noptions:\n  no_parent_owners: \"True\"\n", "approvers: [alice]\noptions:\n  no_parent_owners: true\n");
}

#[test]
fn logins() {
    check_owners(
        "approvers:\n- Alice Example\n- a@example.com\n",
        &["error invalid-login: Alice Example", "error invalid-login: a@example.com"],
    );
    check_owners("approvers:\n- kubernetes/sig-x\n- al.ice\n", &["error invalid-login: kubernetes/sig-x", "error invalid-login: al.ice"]);
    check_owners(
        &format!("approvers:\n- {0}\n- {0}x\n", "x2345678".repeat(5)),
        &[&format!("error invalid-login: {}", "x2345678".repeat(5)), &format!("error invalid-login: {}x", "x2345678".repeat(5))],
    );
    check_owners("emeritus_approvers:\n- Alice Example\n", &["warning invalid-login: Alice Example"]);
    check_owners("approvers:\n- \"@alice\"\n", &["warning invalid-login: \"@alice\""]);
    for (wrong, right) in [
        ("- \"@alice\"", "- \"alice\""),
        ("- @alice", "- alice"),
        ("- alice,", "- alice"),
        ("- alice;", "- alice"),
        ("- -alice", "- alice"),
        ("- <alice>", "- alice"),
        ("- https://github.com/alice/", "- alice"),
        ("  - alice, carol", "  - alice\n  - carol"),
        ("- alice\n - carol", "- alice\n- carol"),
        ("- alice\n  -carol\n  bobby", "- alice\n- carol\n- bobby"),
    ] {
        check_fix(&format!("approvers:\n{wrong}\n"), &format!("approvers:\n{right}\n"));
    }
    // An odd name may be an alias, unless the aliases can be asked.
    let settings = Settings { policy: Policy::builtin(), ..Settings::default() };
    let kind = kind_of_named_file(OWNERS, "").expect("a known name");
    let alone = |text: &str| check(&Snapshot::new(vec![Arc::new(SourceFile::new(OWNERS, kind, text))], false), &settings).len();
    assert_eq!(alone("approvers:\n- team.a\n- x/y\n- some-leads\n"), 0);
    assert_eq!(alone("approvers:\n- Alice Example\n"), 1);
}

#[test]
fn aliases_in_owners() {
    check_owners(
        "approvers:\n- sig-example-lead\n- widget-maintaners\n",
        &["error unknown-alias: sig-example-lead", "error unknown-alias: widget-maintaners"],
    );
    check_owners(
        "approvers:\n- sig_example_leads\nreviewers:\n- sig-exmple-lead\n",
        &["error unknown-alias: sig_example_leads", "warning unknown-alias: sig-exmple-lead"],
    );
    check_owners(
        "approvers:\n- gadget-reviewers\n- sig-x-leads\n",
        &["warning unknown-alias: gadget-reviewers", "warning unknown-alias: sig-x-leads"],
    );
    check_owners("emeritus_approvers:\n- gadget-reviewers\nlabels:\n- y-leads\n", &[]);
    check_fix("approvers:\n- 'Sig-Example-Lead'\n", "approvers:\n- 'sig-example-leads'\n");
    // The nearest file counts, and without one nobody knows.
    let sub = ("sub/OWNERS_ALIASES", "aliases:\n  gadget-leads: [dave1]\n");
    assert_eq!(found(&[("OWNERS_ALIASES", ALIASES), sub, ("sub/images/x/OWNERS", "approvers: [gadget-leads]\n")]), []);
    assert_eq!(found(&[("images/x/OWNERS", "approvers: [gadget-leads]\n")]), []);
}

#[test]
fn aliases() {
    check_aliases(ALIASES, &[]);
    check_aliases("aliases:\n  sig-example-leads: {alice, bobby}\n  widget-maintainers:\n", &[]);
    check_aliases("alias:\n  sig-example-leads:\n  - alice\n", &["error unknown-key: alias"]);
    check_aliases(
        "aliases:\nsig-example-leads:\n- alice\nwidget-maintainers:\n- carol\n",
        &["error unknown-key: sig-example-leads", "error unknown-key: widget-maintainers"],
    );
    check_aliases("aliases:\n- sig-example-leads:\n  - alice\n", &["error wrong-type: - sig-example-leads:"]);
    check_aliases(
        "aliases:\n  sig-example-leads: alice\n  widget-maintainers:\n  - 12345\n",
        &["error wrong-type: alice", "error wrong-type: 12345"],
    );
    check_aliases("aliases:\n  widget-maintainers:\n    leads: [alice]\n", &["error wrong-type: leads: [alice]"]);
    check_aliases(
        "aliases:\n  sig-example-leads: [alice, ALICE]\n  widget-maintainers: [sig-example-leads, alice bobby]\n",
        &["warning duplicate: ALICE", "warning unknown-alias: sig-example-leads", "error invalid-login: alice bobby"],
    );
    check_aliases("aliases:\n  sig-example-leads: [alice]\n  widget-maintainers: [widget-maintainers]\n", &[]);
}

#[test]
fn empty_files() {
    for text in [
        "",
        "# nobody yet\n",
        "approvers:\nreviewers: []\n",
        "approvers:\n-\n",
        "options:\n  no_parent_owners: false\n",
        "filters:\n",
        "---\n",
        "~\n",
    ] {
        assert_eq!(found(&[(OWNERS, text)]).len(), 1, "{text:?}");
    }
    check_owners("approvers: [\n", &[]);
}

#[test]
fn duplicates() {
    check_owners("approvers: [alice]\nreviewers: [alice]\nfilters: {}\n", &[]);
    for (wrong, right) in [
        ("approvers:\n- alice\n- carol\n- Alice\nreviewers: []\n", "approvers:\n- alice\n- carol\nreviewers: []\n"),
        ("approvers:\r\n- alice\r\n- alice\r\n- carol", "approvers:\r\n- alice\r\n- carol"),
        ("approvers:\n- alice\n- alice", "approvers:\n- alice"),
        ("approvers: [alice, carol, \"alice\"]\n", "approvers: [alice, carol]\n"),
        ("approvers: [alice, alice, carol]\n", "approvers: [alice, carol]\n"),
        ("approvers:\n- alice\n- alice # again\n- carol\n", "approvers:\n- alice\n- carol\n"),
    ] {
        check_fix(wrong, right);
    }
}

#[test]
fn filters() {
    check_owners("approvers: [alice]\nfilters:\n  \".*\":\n    labels: [x]\n", &["error mixed-filters: filters"]);
    check_owners("labels: [x]\nfilters:\n  \".*\":\n    approvers: [alice]\n", &["error mixed-filters: filters"]);
    check_owners("approvers:\nfilters:\n  \".*\":\n    approvers: [alice]\n", &[]);
    check_owners(
        "filters:\n  \"*.md\":\n    approvers: [alice]\n  docs/**:\n    approvers: [alice]\n",
        &["error bad-regex: \"*.md\"", "error bad-regex: docs/**"],
    );
}

#[test]
fn similar_logins() {
    let pair = |common: &str, rare: &str| {
        let common = format!("approvers: [{common}]\n");
        found(&[("a/OWNERS", &common), ("b/OWNERS", &common), ("images/x/OWNERS", &format!("approvers: [{rare}]\n"))])
            .into_iter()
            .map(|(shown, _)| shown)
            .collect::<Vec<_>>()
    };
    assert_eq!(pair("thockin", "thokcin"), ["warning similar-login: thokcin"]);
    assert_eq!(pair("thockin", "Tockin"), ["warning similar-login: Tockin"]);
    assert_eq!(pair("somebody11929", "somebody1929"), ["warning similar-login: somebody1929"]);
    for (common, rare) in [("dims", "dim"), ("wongma7", "wongma"), ("alice1", "alice2"), ("thockin", "thockn1"), ("thockin", "THOCKIN")] {
        assert!(pair(common, rare).is_empty(), "{common} {rare}");
    }
    // Of two that are equally rare, the later one, and no fix; an established one never.
    let found = found(&[("a/OWNERS", "approvers: [carol, carrol]\n")]);
    assert_eq!(found[0].0, "warning similar-login: carrol");
    assert_eq!((found.len(), found[0].1.as_deref()), (1, None));
}
