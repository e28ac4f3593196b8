//! Changed files that the promoter cannot read: nothing that they list is promoted.

use super::super::Change;
use super::Refused;
use crate::model::ProblemKind;
use crate::repository::File;

/// Each with its first error.
pub(super) fn refused(change: &Change<'_>) -> Vec<Refused> {
    change.files_after().filter(|(_, file)| !file.is_frozen).filter_map(|(_, file)| first_error(file)).collect()
}

fn first_error(file: &File<'_>) -> Option<Refused> {
    let source = file.source;
    if !source.kind().is_manifest() {
        return None;
    }
    let is_strict = source.kind().is_read_strictly();
    let bytes = source.invalid_bytes().first().map(|at| (*at, "a byte that is no UTF-8"));
    let syntax = source.document().errors().first().map(|error| (error.range.start(), "a syntax error"));
    let shapes = file.problems.iter().filter_map(|problem| {
        let reason = match problem.kind {
            ProblemKind::WrongType { .. } => "a value of another type",
            ProblemKind::UnknownKey { .. } if is_strict => "an unknown key",
            ProblemKind::DuplicateKey { .. } if is_strict => "a key that stands twice",
            _ => return None,
        };
        Some((problem.range.start(), reason))
    });
    // What does not fit the shape may follow from the syntax error.
    let (at, reason) = bytes.into_iter().chain(syntax).min().or_else(|| shapes.min())?;
    Some(Refused { path: source.path().to_string(), line: source.lines().line(at) + 1, reason })
}
