//! Code actions: what can be done about findings.

mod create;
mod fixes;
mod sort;
mod suppress;
mod titles;

use std::collections::BTreeSet;

use promolint_analysis::{Applicability, Diagnostic, FilePath};
use promolint_syntax::TextRange;

use super::Change;
use crate::session::state::State;

pub use fixes::in_rounds as fix_all;

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

/// So many findings have quick fixes of their own. Who selects more wants them all at once.
const MOST: usize = 20;

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
    for found in near.iter().take(MOST) {
        actions.extend(quick_fixes(state, found));
        actions.extend(create::actions(state, found));
    }
    for found in &near {
        if rules.insert(found.rule) {
            actions.extend(fixes::of_rule(state, file, found.rule));
        }
    }
    actions.extend(sort::action(file, range));
    for found in near.into_iter().take(MOST) {
        actions.extend(suppress::actions(file, found));
    }
    actions.extend(fixes::of_file(state, file));
    titles::distinguish(file, &mut actions);
    actions
}

/// All that can be fixed in a file, as one action.
pub fn everything(state: &State, path: &FilePath) -> Vec<Action> {
    let edits = fixes::in_rounds(state, path).into_iter();
    let action = |edits| Action {
        title: "Fix all that promolint can fix".to_owned(),
        kind: ActionKind::FixAll,
        about: None,
        change: Change::in_file(path.clone(), edits),
        is_preferred: false,
        needs_look: false,
    };
    edits.map(action).collect()
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
                change: fixes::change(state, fix)?,
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

fn capitalized(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}
