//! Positions of the protocol (line and character, in the negotiated encoding) and byte offsets.
//!
//! The protocol ends lines at LF, CRLF and a lone CR; [`promolint_syntax::LineIndex`] knows the last one not.

use promolint_syntax::TextRange;
use tower_lsp_server::ls_types::{Position, PositionEncodingKind, Range};

/// What a character of a position counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Encoding {
    /// Bytes.
    Utf8,
    /// UTF-16 code units, what every client can do.
    #[default]
    Utf16,
    /// Characters.
    Utf32,
}

impl Encoding {
    /// The cheapest of those that the client knows.
    pub fn negotiate(offered: &[PositionEncodingKind]) -> Self {
        if offered.contains(&PositionEncodingKind::UTF8) {
            Self::Utf8
        } else if offered.contains(&PositionEncodingKind::UTF32) && !offered.contains(&PositionEncodingKind::UTF16) {
            Self::Utf32
        } else {
            Self::Utf16
        }
    }

    /// Its name in the protocol.
    pub fn kind(self) -> PositionEncodingKind {
        match self {
            Self::Utf8 => PositionEncodingKind::UTF8,
            Self::Utf16 => PositionEncodingKind::UTF16,
            Self::Utf32 => PositionEncodingKind::UTF32,
        }
    }

    fn units(self, text: &str) -> usize {
        match self {
            Self::Utf8 => text.len(),
            _ if text.is_ascii() => text.len(),
            Self::Utf16 => text.encode_utf16().count(),
            Self::Utf32 => text.chars().count(),
        }
    }

    /// The byte that `units` lead to, at most the end of the text; never inside a character.
    fn bytes(self, text: &str, units: usize) -> usize {
        if self == Self::Utf8 || text.is_ascii() {
            let mut at = units.min(text.len());
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            return at;
        }
        let mut left = units;
        for (at, character) in text.char_indices() {
            let width = if self == Self::Utf16 { character.len_utf16() } else { 1 };
            if left < width {
                return at;
            }
            left -= width;
        }
        text.len()
    }
}

/// Where the lines of a text start, as the protocol counts them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lines {
    starts: Vec<u32>,
    /// Then a column is the same in all encodings.
    is_ascii: bool,
}

impl Lines {
    /// Scans the text once.
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = Vec::with_capacity(text.len() / 40 + 1);
        starts.push(0);
        if memchr::memchr(b'\r', bytes).is_none() {
            starts.extend(memchr::memchr_iter(b'\n', bytes).map(|at| offset(at + 1)));
        } else {
            let ends = memchr::memchr2_iter(b'\n', b'\r', bytes);
            starts.extend(ends.filter(|at| bytes[*at] == b'\n' || bytes.get(at + 1) != Some(&b'\n')).map(|at| offset(at + 1)));
        }
        Self { starts, is_ascii: text.is_ascii() }
    }

    /// A line without its end; the empty range at the end of the text for lines behind it.
    fn line(&self, text: &str, line: u32) -> TextRange {
        let Some(start) = self.starts.get(line as usize).copied() else { return TextRange::empty(offset(text.len())) };
        let end = self.starts.get(line as usize + 1).copied().unwrap_or(offset(text.len()));
        let content = text[start as usize..end as usize].trim_end_matches(['\n', '\r']);
        TextRange::new(start, start + offset(content.len()))
    }

    /// The offset of a position; places outside the text are moved to its nearest one.
    pub fn offset(&self, text: &str, position: Position, encoding: Encoding) -> u32 {
        let line = self.line(text, position.line);
        line.start() + offset(encoding.bytes(&text[line.to_usize()], position.character as usize))
    }

    /// The line that holds an offset.
    pub fn line_of(&self, at: u32) -> u32 {
        offset(self.starts.partition_point(|start| *start <= at)) - 1
    }

    /// The position of an offset.
    pub fn position(&self, text: &str, at: u32, encoding: Encoding) -> Position {
        let at = at.min(offset(text.len()));
        let line = self.line_of(at);
        let start = self.starts[line as usize];
        let character = if self.is_ascii { at - start } else { offset(encoding.units(&text[start as usize..at as usize])) };
        Position { line, character }
    }

    /// The byte range of a range.
    pub fn text_range(&self, text: &str, range: Range, encoding: Encoding) -> TextRange {
        let (start, end) = (self.offset(text, range.start, encoding), self.offset(text, range.end, encoding));
        TextRange::new(start.min(end), start.max(end))
    }

    /// The range of a byte range.
    pub fn range(&self, text: &str, range: TextRange, encoding: Encoding) -> Range {
        Range { start: self.position(text, range.start(), encoding), end: self.position(text, range.end(), encoding) }
    }
}

/// A length as an offset; texts of 4 GiB and more are refused when they are opened.
pub(crate) fn offset(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_what_was_negotiated() {
        let text = "aé\u{1f600}b\r\nc\rd\n";
        let lines = Lines::new(text);
        for (encoding, columns) in
            [(Encoding::Utf8, [0, 1, 3, 7, 8]), (Encoding::Utf16, [0, 1, 2, 4, 5]), (Encoding::Utf32, [0, 1, 2, 3, 4])]
        {
            for (at, column) in [0, 1, 3, 7, 8].into_iter().zip(columns) {
                let position = Position { line: 0, character: column };
                assert_eq!(lines.position(text, at, encoding), position);
                assert_eq!(lines.offset(text, position, encoding), at);
            }
            assert_eq!(lines.offset(text, Position { line: 0, character: 99 }, encoding), 8, "the line break is not passed");
            assert_eq!(lines.offset(text, Position { line: 2, character: 0 }, encoding), 12, "a lone CR ends a line");
            assert_eq!(lines.offset(text, Position { line: 9, character: 9 }, encoding), 14);
        }
        assert_eq!(lines.offset(text, Position { line: 0, character: 3 }, Encoding::Utf16), 3, "not inside a pair");
    }

    #[test]
    fn the_cheapest_encoding_is_taken() {
        let (utf8, utf16, utf32) = (PositionEncodingKind::UTF8, PositionEncodingKind::UTF16, PositionEncodingKind::UTF32);
        assert_eq!(Encoding::negotiate(&[]), Encoding::Utf16);
        assert_eq!(Encoding::negotiate(&[utf16.clone(), utf8]), Encoding::Utf8);
        assert_eq!(Encoding::negotiate(std::slice::from_ref(&utf32)), Encoding::Utf32);
        assert_eq!(Encoding::negotiate(&[utf32, utf16]), Encoding::Utf16);
    }
}
