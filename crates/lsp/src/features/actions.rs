//! Code actions: what can be done about findings.

mod create;
mod fixes;
mod sort;
mod suppress;
mod titles;

use std::collections::BTreeSet;

use promolint_analysis::{Applicability, Diagnostic, FilePath, Fix, SourceFile};
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
    pub effect: Effect,
    /// Whether it is what a single key should do.
    pub is_preferred: bool,
    /// Whether people should look at it first.
    pub needs_look: bool,
}

/// What an action changes: known, or found when the action is chosen, as the proof of a repair takes longer than
/// a cursor rests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// This.
    Known(Change),
    /// What a fix does.
    Fix(Fix),
    /// What the fixes of all findings of a rule do.
    Rule(&'static str),
    /// What all fixes do, in one round.
    File,
    /// What all fixes do, until nothing is left.
    Rounds,
}

impl From<Change> for Effect {
    fn from(change: Change) -> Self {
        Self::Known(change)
    }
}

impl Effect {
    /// The change in a file; none where it is not proved that nothing else changes.
    pub fn change(&self, state: &State, file: &SourceFile) -> Option<Change> {
        let in_file = |edits| Change::in_file(file.path().clone(), edits);
        match self {
            Self::Known(change) => Some(change.clone()),
            Self::Fix(fix) => fixes::change(state, fix),
            Self::Rule(rule) => fixes::of_rule(state, file, rule).map(in_file),
            Self::File => fixes::of_file(state, file).map(in_file),
            Self::Rounds => fixes::in_rounds(state, file.path()).map(in_file),
        }
    }
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
        actions.extend(quick_fixes(found));
        actions.extend(create::actions(state, found));
    }
    for found in &near {
        if rules.insert(found.rule) {
            actions.extend(all_of_rule(state, file, found.rule));
        }
    }
    actions.extend(sort::action(file, range));
    for found in near.into_iter().take(MOST) {
        actions.extend(suppress::actions(file, found));
    }
    actions.extend(everything(state, file, Effect::File));
    titles::distinguish(file, &mut actions);
    actions
}

/// All that can be fixed in a file before it is saved, as one action.
pub fn before_saving(state: &State, path: &FilePath) -> Vec<Action> {
    state.file(path).and_then(|file| everything(state, file, Effect::Rounds)).into_iter().collect()
}

/// Everything in a file that is sure, and with the client's consent what needs a look.
fn everything(state: &State, file: &SourceFile, effect: Effect) -> Option<Action> {
    let can_be_fixed = fixes::fixable(state, file, None, fixes::least(state)).next().is_some();
    can_be_fixed.then(|| all("Fix all that promolint can fix".to_owned(), ActionKind::FixAll, effect, false))
}

/// The fixes of all findings of one rule in a file; none where that is the one quick fix again.
fn all_of_rule(state: &State, file: &SourceFile, rule: &'static str) -> Option<Action> {
    let fixable: Vec<&Fix> = fixes::fixable(state, file, Some(rule), Applicability::Suggested).collect();
    let needs_look = fixable.iter().any(|fix| fix.applicability != Applicability::Safe);
    let title = if rule == "digest-not-visible" { "Quote all digests".to_owned() } else { format!("Fix all `{rule}` in this file") };
    (fixable.len() > 1).then(|| all(title, ActionKind::QuickFix, Effect::Rule(rule), needs_look))
}

fn all(title: String, kind: ActionKind, effect: Effect, needs_look: bool) -> Action {
    Action { title, kind, about: None, effect, is_preferred: false, needs_look }
}

/// The fixes that a finding offers.
fn quick_fixes(found: &Diagnostic) -> Vec<Action> {
    let fixes = found.fixes.iter().filter(|fix| fix.applicability != Applicability::DisplayOnly && !fix.edits.is_empty());
    let action = |fix: &Fix| Action {
        title: capitalized(&fix.title),
        kind: ActionKind::QuickFix,
        about: Some(found.clone()),
        effect: Effect::Fix(fix.clone()),
        is_preferred: false,
        needs_look: fix.applicability != Applicability::Safe,
    };
    let mut actions: Vec<Action> = fixes.map(action).collect();
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
