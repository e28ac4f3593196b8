//! Lines and columns as reports give them.

use std::sync::Arc;

use promolint_analysis::{FilePath, Snapshot, SourceFile};
use promolint_syntax::TextRange;

/// A place in a text; line and columns from 1.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Position {
    /// The line.
    pub(crate) line: u32,
    /// Characters before it in the line, plus 1.
    pub(crate) column: u32,
    /// Bytes before it in the line, plus 1.
    pub(crate) byte_column: u32,
}

/// From a place to the one after its last character.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Span {
    /// The first character.
    pub(crate) start: Position,
    /// The one after the last.
    pub(crate) end: Position,
}

/// Looks up places. Those in ascending order cost no more than one pass over the text, however
/// long its lines.
#[derive(Default)]
pub(crate) struct Cursor<'s> {
    file: Option<(&'s FilePath, &'s SourceFile)>,
    /// Offset of a line, an offset in it, and the characters between them.
    known: (u32, u32, u32),
}

impl<'s> Cursor<'s> {
    /// The place of a range. The start of the file where the text is not at hand.
    pub(crate) fn span(&mut self, snapshot: &'s Snapshot, path: &'s FilePath, range: TextRange) -> Span {
        if self.file.is_none_or(|(known, _)| known != path) {
            self.file = snapshot.get(path).map(|file| (path, Arc::as_ref(file)));
            self.known = (0, 0, 0);
        }
        let Some((_, file)) = self.file else {
            let start = Position { line: 1, column: 1, byte_column: 1 };
            return Span { start, end: start };
        };
        Span { start: self.position(file, range.start()), end: self.position(file, range.end()) }
    }

    fn position(&mut self, file: &SourceFile, offset: u32) -> Position {
        let text = file.text();
        let offset = u32::try_from(text.floor_char_boundary(offset as usize)).unwrap_or(u32::MAX);
        let line = file.lines().line(offset);
        let start = file.lines().line_start(line);
        let (known_line, known_offset, known_characters) = self.known;
        let (from, before) = if known_line == start && known_offset <= offset { (known_offset, known_characters) } else { (start, 0) };
        let characters = before + count(&text[from as usize..offset as usize]);
        self.known = (start, offset, characters);
        Position { line: line + 1, column: characters + 1, byte_column: offset - start + 1 }
    }
}

fn count(text: &str) -> u32 {
    u32::try_from(text.chars().count()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use promolint_analysis::FileKind;

    use super::*;

    #[test]
    fn columns_count_characters_and_bytes() {
        let path = FilePath::from("a.yaml");
        let file = SourceFile::new(path.clone(), FileKind::Images, "ab\nä€x\r\n");
        let snapshot = Snapshot::new(vec![Arc::new(file)], true);
        let mut cursor = Cursor::default();
        let mut at = |start, end| {
            let span = cursor.span(&snapshot, &path, TextRange::new(start, end));
            [span.start, span.end].map(|place| (place.line, place.column, place.byte_column))
        };
        assert_eq!(at(5, 8), [(2, 2, 3), (2, 3, 6)]);
        assert_eq!(at(3, 5), [(2, 1, 1), (2, 2, 3)], "backwards too");
        assert_eq!(at(11, 11), [(3, 1, 1), (3, 1, 1)]);
        assert_eq!(at(900, 901), [(3, 1, 1), (3, 1, 1)], "behind the end is the end");
        assert_eq!(at(4, 5), [(2, 1, 1), (2, 2, 3)], "inside a character is before it");
    }

    #[test]
    fn a_file_that_is_not_at_hand_is_named_at_its_start() {
        let (snapshot, path) = (Snapshot::default(), FilePath::from("gone"));
        let span = Cursor::default().span(&snapshot, &path, TextRange::new(7, 9));
        assert_eq!((span.start.line, span.start.column), (1, 1));
    }
}
