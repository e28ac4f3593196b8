//! Code actions: what can be done about findings.

mod create;
mod sort;
mod suppress;

use std::collections::BTreeSet;

use promolint_analysis::{Applicability, Diagnostic, FilePath, Fix};
use promolint_syntax::{TextEdit, TextRange, apply_edits};

use super::Change;
use crate::session::state::State;

/// What kind of action it is, for the client's menus.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ActionKind {
    /// Repairs a finding.
    QuickFix,
    /// Repairs all that is sure.
    FixAll,
    /// Changes what is not wrong.
    Rewrite,
}

/// Something that can be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// What it does, as an imperative.
    pub title: String,
    /// For the client's menus.
    pub kind: ActionKind,
    /// The finding it is about.
    pub about: Option<Diagnostic>,
    /// What it changes.
    pub change: Change,
    /// Whether it is what a single key should do.
    pub is_preferred: bool,
    /// Whether people should look at it first.
    pub needs_look: bool,
}

/// Everything that can be done about a range of a file.
pub fn actions(state: &State, path: &FilePath, range: TextRange) -> Vec<Action> {
    let Some(file) = state.file(path) else { return Vec::new() };
    let lines = file.lines();
    let all = state.diagnostics_of(path);
    let is_near = |found: &&Diagnostic| {
        let touches = found.range.start() <= range.end() && range.start() <= found.range.end();
        touches || (range.is_empty() && lines.line(found.range.start()) == lines.line(range.start()))
    };
    let near: Vec<&Diagnostic> = all.iter().filter(is_near).collect();
    let mut actions = Vec::new();
    let mut rules = BTreeSet::new();
    for found in &near {
        actions.extend(quick_fixes(state, found));
        actions.extend(create::actions(state, found));
    }
    for found in &near {
        if rules.insert(found.rule) {
            actions.extend(whole_rule(state, path, found.rule));
        }
    }
    actions.extend(sort::action(file, range));
    for found in near {
        actions.extend(suppress::actions(file, found));
    }
    actions.extend(fix_all(state, path));
    actions
}

/// The fixes that a finding offers.
fn quick_fixes(state: &State, found: &Diagnostic) -> Vec<Action> {
    let fixes = found.fixes.iter().filter(|fix| fix.applicability != Applicability::DisplayOnly);
    let mut actions: Vec<Action> = fixes
        .filter_map(|fix| {
            Some(Action {
                title: capitalized(&fix.title),
                kind: ActionKind::QuickFix,
                about: Some(found.clone()),
                change: change_of(state, fix)?,
                is_preferred: false,
                needs_look: fix.applicability != Applicability::Safe,
            })
        })
        .collect();
    // Only where there is no choice.
    if let [only] = actions.as_mut_slice() {
        only.is_preferred = !only.needs_look;
    }
    actions
}

/// The change of a fix, if it can be made: the one door through which fixes leave.
fn change_of(state: &State, fix: &Fix) -> Option<Change> {
    let mut change = Change::default();
    for edit in &fix.edits {
        change.edits.entry(edit.path.clone()).or_default().push(edit.edit.clone());
    }
    let applies = change.edits.iter().all(|(path, edits)| state.file(path).is_some_and(|file| apply_edits(file.text(), edits).is_ok()));
    (applies && !change.edits.is_empty()).then_some(change)
}

/// The fixes of all findings of one rule in a file; none where that is the one quick fix again.
fn whole_rule(state: &State, path: &FilePath, rule: &'static str) -> Option<Action> {
    let found: Vec<&Diagnostic> = state.diagnostics_of(path).iter().filter(|found| found.rule == rule).collect();
    let (edits, count) = combined(state, path, &found, true);
    let needs_look = found.iter().flat_map(|found| &found.fixes).any(|fix| fix.applicability != Applicability::Safe);
    let title = if rule == "digest-not-visible" { "Quote all digests".to_owned() } else { format!("Fix all `{rule}` in this file") };
    (count > 1).then(|| Action {
        title,
        kind: ActionKind::QuickFix,
        about: None,
        change: Change::in_file(path.clone(), edits),
        is_preferred: false,
        needs_look,
    })
}

/// Everything that is sure, and with the client's consent what needs a look.
pub fn fix_all(state: &State, path: &FilePath) -> Option<Action> {
    let found: Vec<&Diagnostic> = state.diagnostics_of(path).iter().collect();
    let (edits, count) = combined(state, path, &found, state.client.fix_all.r#unsafe);
    (count > 0).then(|| Action {
        title: "Fix all that promolint can fix".to_owned(),
        kind: ActionKind::FixAll,
        about: None,
        change: Change::in_file(path.clone(), edits),
        is_preferred: false,
        needs_look: false,
    })
}

/// The first fix of each finding, as far as they do not touch one another, and how many these are.
fn combined(state: &State, path: &FilePath, found: &[&Diagnostic], with_suggested: bool) -> (Vec<TextEdit>, usize) {
    let wanted = |fix: &&Fix| match fix.applicability {
        Applicability::Safe => true,
        Applicability::Suggested => with_suggested,
        Applicability::DisplayOnly => false,
    };
    let mut edits: Vec<TextEdit> = Vec::new();
    let mut taken: BTreeSet<(u32, u32)> = BTreeSet::new();
    let mut count = 0;
    for found in found {
        let Some(change) = found.fixes.iter().find(wanted).and_then(|fix| change_of(state, fix)) else { continue };
        let own: Option<&Vec<TextEdit>> = change.edits.get(path).filter(|_| change.edits.len() == 1);
        let Some(own) = own else { continue };
        let is_free = |edit: &TextEdit| {
            let (start, end) = (edit.range.start(), edit.range.end());
            let before = taken.range(..(end + 1, 0)).next_back();
            before.is_none_or(|(other_start, other_end)| *other_end < start && *other_start < start)
        };
        // Two edits that meet may be made for one another or not; the next round will tell.
        if own.iter().all(is_free) {
            taken.extend(own.iter().map(|edit| (edit.range.start(), edit.range.end())));
            edits.extend(own.iter().cloned());
            count += 1;
        }
    }
    edits.sort_by_key(|edit| edit.range);
    (edits, count)
}

fn capitalized(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}
