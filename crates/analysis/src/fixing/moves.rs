//! Where places of a text are after edits.

use promolint_syntax::{TextEdit, TextRange};

/// Edits in the order of the text.
pub(crate) struct Moves {
    /// Old range, and start and end of what stands there now.
    edits: Vec<(TextRange, u32, u32)>,
}

impl Moves {
    /// `edits` do not overlap.
    pub(crate) fn new(edits: &[TextEdit]) -> Self {
        let mut sorted: Vec<&TextEdit> = edits.iter().collect();
        sorted.sort_by_key(|edit| (edit.range.start(), edit.range.end()));
        let (mut old, mut new) = (0, 0);
        let edits = sorted.into_iter().map(|edit| {
            let start = new + (edit.range.start() - old);
            new = start + u32::try_from(edit.text.len()).unwrap_or(u32::MAX);
            old = edit.range.end();
            (edit.range, start, new)
        });
        Self { edits: edits.collect() }
    }

    /// Where a place is now; the start of what replaced it, if it was replaced.
    pub(crate) fn new_place(&self, offset: u32) -> u32 {
        let behind = self.edits.partition_point(|(old, ..)| old.start() <= offset && (old.end() <= offset || old.is_empty()));
        match (self.edits.get(behind), behind.checked_sub(1).map(|at| self.edits[at])) {
            (Some((old, start, _)), _) if old.start() <= offset => *start,
            (_, Some((old, _, end))) => end + (offset - old.end()),
            (_, None) => offset,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_move_with_the_text_around_them() {
        // "abcdef" becomes "Xabef!"
        let moves = Moves::new(&[TextEdit::insert(6, "!"), TextEdit::delete(TextRange::new(2, 4)), TextEdit::insert(0, "X")]);
        assert_eq!([0, 1, 2, 3, 4, 5].map(|old| moves.new_place(old)), [1, 2, 3, 3, 3, 4]);
        assert_eq!(Moves::new(&[]).new_place(7), 7);
    }
}
