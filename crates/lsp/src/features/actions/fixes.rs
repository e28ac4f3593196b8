//! Fixes, through the door that proves them.

use std::collections::BTreeSet;

use promolint_analysis::fixing::{Choice, fix_all, prove_all, prove_fix};
use promolint_analysis::{Applicability, FilePath, Fix, SourceFile};
use promolint_syntax::{TextEdit, TextRange};

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

/// The edits of all findings of one rule in a file.
pub(super) fn of_rule(state: &State, file: &SourceFile, rule: &str) -> Option<Vec<TextEdit>> {
    combined(file, fixable(state, file, Some(rule), Applicability::Suggested))
}

/// The edits of everything in a file that is sure, and with the client's consent what needs a look; one round of it.
pub(super) fn of_file(state: &State, file: &SourceFile) -> Option<Vec<TextEdit>> {
    combined(file, fixable(state, file, None, least(state)))
}

/// The first fix of each finding in a file, of one rule or of all, that is sure enough.
pub(super) fn fixable<'s>(
    state: &'s State,
    file: &'s SourceFile,
    rule: Option<&str>,
    least: Applicability,
) -> impl Iterator<Item = &'s Fix> {
    let found = state.diagnostics_of(file.path()).iter().filter(move |found| rule.is_none_or(|rule| found.rule == rule));
    found.filter_map(move |found| {
        let is_wanted = |other: &str| *other == **file.path();
        Choice { applicability: least, is_wanted: &is_wanted }.of(found, &state.judging.settings)
    })
}

/// How sure fixes must be that are made unasked.
pub(super) fn least(state: &State) -> Applicability {
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

/// The edits of fixes, as far as they do not touch one another; proved together.
fn combined<'f>(file: &SourceFile, fixable: impl Iterator<Item = &'f Fix>) -> Option<Vec<TextEdit>> {
    let mut edits: Vec<TextEdit> = Vec::new();
    let mut fixes: Vec<&Fix> = Vec::new();
    let mut taken: BTreeSet<(u32, u32)> = BTreeSet::new();
    for fix in fixable {
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
    (!fixes.is_empty() && prove_all(file, &fixes).is_ok()).then_some(edits)
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
