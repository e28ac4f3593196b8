//! The examples on the rules' pages are executed: the bad one is found, the good one is clean.
//!
//! A code block below `## Bad` or `## Good` whose fence names a path is a file of the tree in
//! `testdata/good`, replaced or added; `absent` behind the path takes it away, `escaped` reads `\r`,
//! `\t`, `\s` (a blank) and `\n` in it, and drops the block's own final newline; `excerpt` shows a part of
//! the file and leaves it as it is in the tree. `before` in front of the path makes it a file of the tree
//! before a change, which is judged then.

#![expect(clippy::unwrap_used, reason = "a test stops at what it does not expect")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use promolint_analysis::file::kind_of_named_file;
use promolint_analysis::{Date, Diagnostic, Level, Rule, Settings, Severity, Snapshot, SourceFile, check, check_change, rules};

type Tree = BTreeMap<String, String>;

fn good_tree() -> Tree {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/good");
    let mut tree = Tree::new();
    let mut open: Vec<PathBuf> = vec![root.clone()];
    while let Some(directory) = open.pop() {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
                tree.insert(name, fs::read_to_string(path).unwrap());
            }
        }
    }
    tree
}

/// What an example judges.
struct Example {
    tree: Tree,
    /// The tree before the change, where one is judged.
    before: Option<Tree>,
}

/// The good tree with the files of one section of a rule's page; `None` if the section has none.
fn example(rule: &Rule, section: &str) -> Option<Example> {
    let start = rule.documentation.find(&format!(" ## {section}\n"))?;
    let text = &rule.documentation[start + 4..];
    let text = &text[..text.find("\n ## ").unwrap_or(text.len())];
    let mut tree = good_tree();
    let mut before = None;
    let mut files = 0;
    let mut lines = text.lines().map(|line| line.strip_prefix(' ').unwrap_or(line));
    while let Some(line) = lines.next() {
        let Some(fence) = line.strip_prefix("```") else { continue };
        let mut words = fence.split_whitespace().skip(1);
        let mut body: String = lines.by_ref().take_while(|line| *line != "```").flat_map(|line| [line, "\n"]).collect();
        let Some(mut path) = words.next() else { continue };
        files += 1;
        let mut tree = &mut tree;
        if path == "before" {
            path = words.next().unwrap();
            tree = before.get_or_insert_with(good_tree);
        }
        match words.next() {
            Some("absent") => {
                tree.remove(path);
                continue;
            }
            Some("excerpt") => continue,
            Some("escaped") => {
                body.pop();
                body = body.replace("\\r", "\r").replace("\\t", "\t").replace("\\s", " ").replace("\\n", "\n");
            }
            _ => {}
        }
        tree.insert(path.to_owned(), body);
    }
    (files > 0).then_some(Example { tree, before })
}

fn snapshot(tree: &Tree) -> Snapshot {
    let files = tree.iter().filter_map(|(path, text)| {
        let kind = kind_of_named_file(path, text)?;
        Some(Arc::new(SourceFile::new(path.as_str(), kind, text.as_str())))
    });
    Snapshot::new(files.collect(), true)
}

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
