//! Byte ranges and line positions.

use std::fmt;
use std::ops::Range;

/// A half-open range of byte offsets into one text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct TextRange {
    start: u32,
    end: u32,
}

impl TextRange {
    /// The range `start..end`, in bytes.
    ///
    /// # Panics
    /// When `start > end`.
    pub fn new(start: u32, end: u32) -> Self {
        assert!(start <= end, "range {start}..{end} is reversed");
        Self { start, end }
    }

    /// The empty range at `offset`.
    pub fn empty(offset: u32) -> Self {
        Self { start: offset, end: offset }
    }

    /// Offset of the first byte.
    pub fn start(self) -> u32 {
        self.start
    }

    /// Offset after the last byte.
    pub fn end(self) -> u32 {
        self.end
    }

    /// Length in bytes.
    pub fn len(self) -> u32 {
        self.end - self.start
    }

    /// Whether the range holds no byte.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether `offset` lies in the range; the end counts, so that a cursor behind a word is on it.
    pub fn touches(self, offset: u32) -> bool {
        self.start <= offset && offset <= self.end
    }

    /// Whether `other` lies wholly inside.
    pub fn contains_range(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// The smallest range that covers both.
    #[must_use]
    pub fn cover(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The same range for slicing.
    pub fn to_usize(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

impl fmt::Debug for TextRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}

/// A line and a column, both from 0; the column counts bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct LineColumn {
    /// Line, from 0.
    pub line: u32,
    /// Bytes since the start of the line.
    pub column: u32,
}

/// Where the lines of a text start. A line ends with LF (CRLF included); a lone CR ends none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineIndex {
    starts: Vec<u32>,
}

impl LineIndex {
    /// Scans the text once.
    pub fn new(text: &str) -> Self {
        let mut starts = Vec::with_capacity(text.len() / 40 + 1);
        starts.push(0);
        starts.extend(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| offset(at + 1)));
        Self { starts }
    }

    /// Number of lines; a text that ends in a line break has an empty last one.
    pub fn line_count(&self) -> u32 {
        offset(self.starts.len())
    }

    /// The line (from 0) that holds the byte at `offset`.
    pub fn line(&self, offset: u32) -> u32 {
        self::offset(self.starts.partition_point(|start| *start <= offset) - 1)
    }

    /// Offset of the first byte of a line; the end of the text's last line for lines behind it.
    pub fn line_start(&self, line: u32) -> u32 {
        let last = self.starts[self.starts.len() - 1];
        self.starts.get(line as usize).copied().unwrap_or(last)
    }

    /// Line and byte column of an offset.
    pub fn line_column(&self, offset: u32) -> LineColumn {
        let line = self.line(offset);
        LineColumn { line, column: offset - self.line_start(line) }
    }

    /// The line without its line break.
    pub fn line_range(&self, text: &str, line: u32) -> TextRange {
        let start = self.line_start(line);
        let end = match self.starts.get(line as usize + 1) {
            Some(next) => next - 1,
            None => offset(text.len()),
        };
        let end = if end > start && text.as_bytes()[end as usize - 1] == b'\r' { end - 1 } else { end };
        TextRange::new(start, end)
    }
}

/// The length of the byte order mark that a text begins with; 0 if there is none.
pub fn mark_length(text: &str) -> u32 {
    if text.starts_with('\u{feff}') { offset('\u{feff}'.len_utf8()) } else { 0 }
}

/// A length or position as a text offset.
///
/// # Panics
/// For texts of 4 GiB and more, which are refused before they are parsed.
pub(crate) fn offset(value: usize) -> u32 {
    u32::try_from(value).expect("texts of 4 GiB and more are refused when they are read")
}
