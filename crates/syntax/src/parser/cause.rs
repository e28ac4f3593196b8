//! Errors that are moved to the line that is to blame, and those that only repeat another.

use std::collections::HashMap;

use crate::error::{SyntaxError, SyntaxErrorKind};
use crate::text::{LineIndex, TextRange, offset};

/// A second `: ` on a line is a lost colon or a wrong indentation where a value ran on over several lines.
pub(super) fn find_run_ons(errors: &mut [SyntaxError], causes: &[(usize, SyntaxError)]) {
    let causes: HashMap<usize, &SyntaxError> = causes.iter().rev().map(|(at, cause)| (*at, cause)).collect();
    for error in errors.iter_mut().filter(|error| error.kind == SyntaxErrorKind::UnexpectedMappingValue) {
        if let Some(cause) = causes.get(&(error.range.start() as usize)) {
            *error = (*cause).clone();
        }
    }
}

/// One line that is indented wrongly makes its siblings look wrong: told once, and of the one that
/// differs from all others.
pub(super) fn join_misindented(errors: &mut Vec<SyntaxError>, text: &str, lines: &LineIndex) {
    let content = Lines { text, lines };
    let mut last: Option<(SyntaxErrorKind, usize, u32)> = None;
    errors.retain(|error| {
        let line = lines.line(error.range.start());
        let is_item = text[error.range.start() as usize..].starts_with("- ");
        let depth = content.indentation(line);
        let repeats = last.is_some_and(|(kind, column, before)| {
            let mut between = (before + 1..line).filter(|line| content.is_content(*line));
            kind == error.kind
                && column == depth
                && match kind {
                    SyntaxErrorKind::BadIndentation => between.next().is_none(),
                    SyntaxErrorKind::ExpectedKey => is_item && between.all(|line| content.indentation(line) > depth),
                    _ => false,
                }
        });
        last = Some((error.kind, depth, line));
        !repeats
    });
    for error in errors.iter_mut().filter(|error| error.kind == SyntaxErrorKind::BadIndentation) {
        if let Some(range) = content.odd_one_before(lines.line(error.range.start())) {
            error.range = range;
        }
    }
    put_in_order(errors);
}

/// Sorts errors by place, and leaves each there once.
pub(super) fn put_in_order(errors: &mut Vec<SyntaxError>) {
    errors.sort_by_key(|error| (error.range, error.kind as u8));
    errors.dedup();
}

struct Lines<'t> {
    text: &'t str,
    lines: &'t LineIndex,
}

impl Lines<'_> {
    fn get(&self, line: u32) -> &str {
        &self.text[self.lines.line_range(self.text, line).to_usize()]
    }

    fn is_content(&self, line: u32) -> bool {
        let text = self.get(line).trim();
        !text.is_empty() && !text.starts_with('#')
    }

    fn indentation(&self, line: u32) -> usize {
        let text = self.get(line);
        text.len() - text.trim_start_matches(' ').len()
    }

    /// The line before this one, if it is the first below its parent and this one has siblings at
    /// its own column: then the line before is the odd one.
    fn odd_one_before(&self, line: u32) -> Option<TextRange> {
        let mut before = (0..line).rev().filter(|line| self.is_content(*line));
        let (odd, parent) = (before.next()?, before.next()?);
        let next = (line + 1..self.lines.line_count()).find(|line| self.is_content(*line))?;
        let [here, odd_depth, parent_depth, next_depth] = [line, odd, parent, next].map(|line| self.indentation(line));
        let is_odd = here == next_depth && odd_depth != here && parent_depth < odd_depth.min(here);
        if !is_odd || !self.get(parent).trim_end().ends_with(':') {
            return None;
        }
        let start = self.lines.line_start(odd) + offset(odd_depth);
        Some(TextRange::new(start, start + offset(self.get(odd).trim().len())))
    }
}
