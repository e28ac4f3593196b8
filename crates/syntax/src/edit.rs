//! Byte-range edits on a text.

use std::fmt;

use crate::text::TextRange;

/// Replaces a range of a text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TextEdit {
    /// What goes; empty for an insertion.
    pub range: TextRange,
    /// What comes in its place.
    pub text: String,
}

impl TextEdit {
    /// Replaces `range` by `text`.
    pub fn replace(range: TextRange, text: impl Into<String>) -> Self {
        Self { range, text: text.into() }
    }

    /// Inserts `text` before the byte at `offset`.
    pub fn insert(offset: u32, text: impl Into<String>) -> Self {
        Self { range: TextRange::empty(offset), text: text.into() }
    }

    /// Removes `range`.
    pub fn delete(range: TextRange) -> Self {
        Self { range, text: String::new() }
    }
}

/// Why edits were not applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EditConflict {
    /// Two edits touch the same bytes.
    Overlap(TextRange, TextRange),
    /// An edit lies outside the text or cuts a character.
    OutOfText(TextRange),
}

impl fmt::Display for EditConflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Overlap(a, b) => write!(f, "edits at bytes {a:?} and {b:?} overlap"),
            Self::OutOfText(range) => write!(f, "an edit at bytes {range:?} lies outside the text"),
        }
    }
}

impl std::error::Error for EditConflict {}

/// Applies edits, given in any order, to a text; insertions at one place keep their order.
pub fn apply_edits(text: &str, edits: &[TextEdit]) -> Result<String, EditConflict> {
    let mut sorted: Vec<&TextEdit> = edits.iter().collect();
    sorted.sort_by_key(|edit| (edit.range.start(), edit.range.end()));
    let mut result = String::with_capacity(text.len());
    let mut copied = 0;
    let mut previous = TextRange::empty(0);
    for edit in sorted {
        let range = edit.range;
        if range.start() < previous.end() {
            return Err(EditConflict::Overlap(previous, range));
        }
        let kept = text.get(copied..range.start() as usize).ok_or(EditConflict::OutOfText(range))?;
        if text.get(range.to_usize()).is_none() {
            return Err(EditConflict::OutOfText(range));
        }
        result.push_str(kept);
        result.push_str(&edit.text);
        copied = range.end() as usize;
        previous = range;
    }
    result.push_str(&text[copied..]);
    Ok(result)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_are_applied_in_the_order_of_the_text() {
        let edits = [TextEdit::replace(TextRange::new(2, 3), "C"), TextEdit::insert(0, ">"), TextEdit::delete(TextRange::new(0, 1))];
        assert_eq!(apply_edits("abcd", &edits).as_deref(), Ok(">bCd"));
    }

    #[test]
    fn overlaps_and_places_outside_are_refused() {
        let overlap = [TextEdit::delete(TextRange::new(0, 2)), TextEdit::delete(TextRange::new(1, 3))];
        assert!(matches!(apply_edits("abcd", &overlap), Err(EditConflict::Overlap(..))));
        assert!(matches!(apply_edits("é", &[TextEdit::insert(1, "x")]), Err(EditConflict::OutOfText(_))));
        assert!(matches!(apply_edits("a", &[TextEdit::insert(9, "x")]), Err(EditConflict::OutOfText(_))));
    }
}
