//! What each line of a file holds.

use promolint_syntax::{Document, Node, NodeKind, TextRange, mark_length};

/// What a line holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// Nothing but blanks.
    Blank,
    /// Nothing but a comment, which begins at this column.
    Comment(u32),
    /// Anything else.
    Content,
}

/// The lines of a file.
pub(super) struct Lines<'a> {
    pub(super) document: &'a Document,
    lines: Vec<Line>,
}

impl<'a> Lines<'a> {
    pub(super) fn new(document: &'a Document) -> Self {
        let text = document.text();
        let is_blank = |line: &str| line.trim_start_matches('\u{feff}').trim().is_empty();
        let mut lines: Vec<Line> = text.split('\n').map(|line| if is_blank(line) { Line::Blank } else { Line::Content }).collect();
        for comment in document.comments() {
            let place = document.lines().line_column(comment.start());
            let before = &text[(comment.start() - place.column) as usize..comment.start() as usize];
            if is_blank(before) {
                let mark = if place.line == 0 { mark_length(text) } else { 0 };
                lines[place.line as usize] = Line::Comment(place.column - mark);
            }
        }
        let has_blank = lines.iter().rev().skip(1).any(|line| *line == Line::Blank);
        if has_blank {
            // In a text of several lines, every one counts.
            let is_long = |node: &Node<'_>| node.kind() == NodeKind::Scalar && node.text().contains('\n');
            for scalar in document.nodes().filter(is_long) {
                let range = scalar.range();
                let (first, last) = (document.lines().line(range.start()), document.lines().line(range.end() - 1));
                lines[first as usize..=last as usize].fill(Line::Content);
            }
        }
        Self { document, lines }
    }

    /// Number of lines; a text that ends in a line break has an empty last one.
    pub(super) fn count(&self) -> u32 {
        self.document.lines().line_count()
    }

    pub(super) fn kind(&self, line: u32) -> Line {
        self.lines[line as usize]
    }

    pub(super) fn line(&self, offset: u32) -> u32 {
        self.document.lines().line(offset)
    }

    /// The line on which a range ends.
    pub(super) fn last_line(&self, range: TextRange) -> u32 {
        self.line(range.end().max(range.start() + 1) - 1)
    }

    /// The column of an offset; a byte order mark takes none.
    pub(super) fn column(&self, offset: u32) -> u32 {
        let place = self.document.lines().line_column(offset);
        if place.line == 0 { place.column.saturating_sub(mark_length(self.document.text())) } else { place.column }
    }

    /// The offset where a line begins; that of the first one is behind a byte order mark, the one behind the last is the text's end.
    pub(super) fn start(&self, line: u32) -> u32 {
        let text = self.document.text();
        if line == 0 {
            mark_length(text)
        } else if line < self.count() {
            self.document.lines().line_start(line)
        } else {
            self.document.lines().line_range(text, self.count() - 1).end()
        }
    }

    /// The lines `first..behind` with their line breaks.
    pub(super) fn range(&self, first: u32, behind: u32) -> TextRange {
        TextRange::new(self.start(first), self.start(behind))
    }

    /// The blanks at the start of a line.
    pub(super) fn indentation(&self, line: u32) -> &'a str {
        let text = &self.document.text()[self.start(line) as usize..self.start(line + 1) as usize];
        &text[..text.len() - text.trim_start_matches([' ', '\t']).len()]
    }

    /// Whether nothing but blanks stands before an offset on its line.
    pub(super) fn is_first_on_line(&self, offset: u32) -> bool {
        let line = self.line(offset);
        self.start(line) + u32::try_from(self.indentation(line).len()).unwrap_or(0) == offset
    }
}
