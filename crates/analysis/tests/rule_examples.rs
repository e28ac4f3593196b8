//! The examples on the rules' pages are executed: the bad one is found, the good one is clean.
//!
//! A code block below `## Bad` or `## Good` whose fence names a path is a file of the tree in
//! `testdata/good`, replaced or added; `absent` behind the path takes it away, `escaped` reads `\r`,
//! `\t`, `\s` (a blank) and `\n` in it, and drops the block's own final newline; `excerpt` shows a part of
//! the file and leaves it as it is in the tree. `before` in front of the path makes it a file of the tree
//! before a change, which is judged then.

use promolint_analysis::{Date, Diagnostic, Level, Rule, Settings, Severity, check, check_change, rules};

mod common;
use common::{Example, example, good_tree, snapshot};

fn run(rule: &Rule, Example { tree, before }: &Example) -> Vec<Diagnostic> {
    let mut settings = Settings { policy: promolint_analysis::Policy::builtin(), today: Date::new(2026, 1, 31), ..Settings::default() };
    if !rule.enabled {
        settings.levels.rules.insert(rule.name, Level::Default);
    }
    match before {
        Some(before) => check_change(&snapshot(before), &snapshot(tree), &settings),
        None => check(&snapshot(tree), &settings),
    }
}

#[test]
fn the_good_tree_is_clean() {
    let found = run(rules::ALL[0], &Example { tree: good_tree(), before: None });
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn bad_examples_are_found_and_good_ones_clean() {
    let mut wrong = Vec::new();
    for rule in rules::ALL {
        let (Some(bad), Some(good)) = (example(rule, "Bad"), example(rule, "Good")) else {
            wrong.push(format!("{}: lacks an example", rule.name));
            continue;
        };
        let found = run(rule, &bad);
        let own: Vec<_> = found.iter().filter(|diagnostic| diagnostic.rule == rule.name).collect();
        if own.is_empty() {
            wrong.push(format!("{}: the bad example is not found; others: {found:#?}", rule.name));
        }
        let surest = own.iter().flat_map(|diagnostic| &diagnostic.fixes).map(|fix| fix.applicability).max();
        if surest > rule.fix {
            wrong.push(format!("{}: offers a fix that it does not declare", rule.name));
        }
        let found = run(rule, &good);
        if found.iter().any(|diagnostic| diagnostic.rule == rule.name || diagnostic.severity >= Severity::Warning) {
            wrong.push(format!("{}: the good example is not clean: {found:#?}", rule.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
