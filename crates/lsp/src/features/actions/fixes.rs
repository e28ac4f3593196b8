//! Fixes, through the door that proves them.

use std::collections::BTreeSet;

use promolint_analysis::fixing::{Choice, fix_all, prove_all, prove_fix};
use promolint_analysis::{Applicability, Diagnostic, FilePath, Fix, SourceFile};
use promolint_syntax::{TextEdit, TextRange};

use super::{Action, ActionKind};
use crate::features::Change;
use crate::session::state::State;

/// The change of a fix, if it is proved.
pub(super) fn change(state: &State, fix: &Fix) -> Option<Change> {
    prove_fix(state.snapshot(), fix).ok()?;
    let mut change = Change::default();
    for edit in &fix.edits {
        change.edits.entry(edit.path.clone()).or_default().push(edit.edit.clone());
    }
    (!change.edits.is_empty()).then_some(change)
}

/// The fixes of all findings of one rule in a file; none where that is the one quick fix again.
pub(super) fn of_rule(state: &State, file: &SourceFile, rule: &'static str) -> Option<Action> {
    let found: Vec<&Diagnostic> = state.diagnostics_of(file.path()).iter().filter(|found| found.rule == rule).collect();
    let (edits, count) = combined(state, file, &found, Applicability::Suggested)?;
    let needs_look = found.iter().flat_map(|found| &found.fixes).any(|fix| fix.applicability != Applicability::Safe);
    let title = if rule == "digest-not-visible" { "Quote all digests".to_owned() } else { format!("Fix all `{rule}` in this file") };
    (count > 1).then(|| action(file, title, ActionKind::QuickFix, edits, needs_look))
}

/// Everything in a file that is sure, and with the client's consent what needs a look; one round of it.
pub(super) fn of_file(state: &State, file: &SourceFile) -> Option<Action> {
    let found: Vec<&Diagnostic> = state.diagnostics_of(file.path()).iter().collect();
    let (edits, _) = combined(state, file, &found, least(state))?;
    Some(action(file, "Fix all that promolint can fix".to_owned(), ActionKind::FixAll, edits, false))
}

fn action(file: &SourceFile, title: String, kind: ActionKind, edits: Vec<TextEdit>, needs_look: bool) -> Action {
    let change = Change::in_file(file.path().clone(), edits);
    Action { title, kind, about: None, change, is_preferred: false, needs_look }
}

fn least(state: &State) -> Applicability {
    if state.client.fix_all.r#unsafe { Applicability::Suggested } else { Applicability::Safe }
}

/// Everything in a file that can be fixed, round after round until nothing is left: the edits, none where nothing is.
pub fn in_rounds(state: &State, path: &FilePath) -> Option<Vec<TextEdit>> {
    let file = state.file(path)?;
    let is_wanted = |other: &str| *other == **path;
    let choice = Choice { applicability: least(state), is_wanted: &is_wanted };
    let fixed = fix_all(state.snapshot(), &state.judging.settings, &choice);
    let after = fixed.snapshot.get(path)?.text();
    (after != file.text()).then(|| vec![difference(file.text(), after)])
}

/// The first fix of each finding, as far as they do not touch one another, and how many these are; proved together.
fn combined(state: &State, file: &SourceFile, found: &[&Diagnostic], least: Applicability) -> Option<(Vec<TextEdit>, usize)> {
    let is_wanted = |other: &str| *other == **file.path();
    let choice = Choice { applicability: least, is_wanted: &is_wanted };
    let mut edits: Vec<TextEdit> = Vec::new();
    let mut fixes: Vec<&Fix> = Vec::new();
    let mut taken: BTreeSet<(u32, u32)> = BTreeSet::new();
    for fix in found.iter().filter_map(|found| choice.of(found, &state.judging.settings)) {
        let own: Vec<&TextEdit> = fix.edits.iter().map(|edit| &edit.edit).collect();
        let is_free = |edit: &&TextEdit| {
            let (start, end) = (edit.range.start(), edit.range.end());
            let before = taken.range(..=(end, u32::MAX)).next_back();
            before.is_none_or(|(_, other_end)| *other_end < start)
        };
        // Two edits that meet may be made for one another or not; the next round will tell.
        if own.iter().all(is_free) {
            taken.extend(own.iter().map(|edit| (edit.range.start(), edit.range.end())));
            edits.extend(own.into_iter().cloned());
            fixes.push(fix);
        }
    }
    edits.sort_by_key(|edit| edit.range);
    (!fixes.is_empty() && prove_all(file, &fixes).is_ok()).then_some((edits, fixes.len()))
}

/// One edit from the first to the last difference, in whole lines.
fn difference(before: &str, after: &str) -> TextEdit {
    let same = |pairs: &mut dyn Iterator<Item = (&str, &str)>| pairs.take_while(|(a, b)| a == b).map(|(line, _)| line.len()).sum::<usize>();
    let start = same(&mut before.split_inclusive('\n').zip(after.split_inclusive('\n')));
    let rest = |text: &'_ str| text[start..].split_inclusive('\n').rev().map(str::to_owned).collect::<Vec<_>>();
    let (a, b) = (rest(before), rest(after));
    let end = same(&mut a.iter().map(String::as_str).zip(b.iter().map(String::as_str)));
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    TextEdit::replace(TextRange::new(offset(start), offset(before.len() - end)), &after[start..after.len() - end])
}

#[cfg(test)]
mod tests {
    use promolint_syntax::apply_edits;

    use super::difference;

    #[test]
    fn a_difference_is_one_edit() {
        for (before, after) in
            [("a\nb\nc\n", "a\nx\nc\n"), ("a\na\n", "a\na\na\n"), ("a\na\na\n", "a\n"), ("", "x"), ("x", ""), ("a\r\nb", "a\nb\n")]
        {
            assert_eq!(apply_edits(before, &[difference(before, after)]).as_deref(), Ok(after));
        }
    }
}
