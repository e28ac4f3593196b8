//! The few lines of a file that a finding is shown with.
//!
//! Lines that are too long are cut around the first mark in them, control characters are replaced,
//! and every mark moves along.

use std::collections::BTreeMap;

use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};
use promolint_syntax::TextRange;

use crate::report::{Position, visible::visible_character};

/// A longer mark is shown by its first line.
const LONGEST_MARK: u32 = 5;
const CUT: char = '…';

/// A range of the file that is pointed at, and where it starts and ends.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark {
    pub(crate) range: TextRange,
    pub(crate) start: Position,
    pub(crate) end: Position,
}

/// Some lines of a file, not always consecutive ones.
#[derive(Debug)]
pub(crate) struct Excerpt {
    name: String,
    text: String,
    lines: Vec<ExcerptLine>,
    /// Offset in `text` of each mark's start, and its column in the file from 0.
    columns: Vec<(usize, usize)>,
}

#[derive(Debug)]
struct ExcerptLine {
    /// Number in the file, from 0.
    number: usize,
    /// Offset in the excerpt's text.
    start: usize,
}

impl Excerpt {
    /// Takes the lines of the marks, with one more on either side, from `text`. Returns the marks'
    /// places in the excerpt too.
    pub(crate) fn new(text: &str, name: String, marks: &[Mark], width: usize) -> (Self, Vec<SourceSpan>) {
        let marks: Vec<_> = marks.iter().map(|mark| clipped(text, *mark)).collect();
        let needed = lines_around(text, &marks);
        let mut excerpt = Self { name, text: String::new(), lines: Vec::new(), columns: Vec::new() };
        let mut places = vec![(0, 0); marks.len()];
        for (number, line) in needed {
            let start = excerpt.text.len();
            excerpt.lines.push(ExcerptLine { number: number as usize, start });
            let on_line = |offset: u32| line.touches(offset);
            let focus = marks.iter().find(|mark| on_line(mark.range.start())).map_or(0, |mark| mark.range.start() - line.start());
            let image = LineImage::new(&text[line.to_usize()], focus as usize, width);
            for (mark, place) in marks.iter().zip(&mut places) {
                if mark.start.line == number + 1 {
                    place.0 = start + image.place((mark.range.start() - line.start()) as usize);
                }
                if mark.end.line == number + 1 {
                    place.1 = start + image.place((mark.range.end().min(line.end()) - line.start()) as usize);
                }
            }
            let marked = marks.iter().any(|mark| mark.start.line == number + 1);
            excerpt.text.push_str(if image.text.is_empty() && marked { " " } else { &image.text });
            excerpt.text.push('\n');
        }
        let spans = places.iter().zip(&marks).map(|((start, end), mark)| {
            excerpt.columns.push((*start, mark.start.column as usize - 1));
            SourceSpan::from((*start, end.saturating_sub(*start)))
        });
        let spans = spans.collect();
        (excerpt, spans)
    }

    /// Index of the line that holds an offset of the excerpt's text.
    fn line(&self, offset: usize) -> usize {
        self.lines.partition_point(|line| line.start <= offset).saturating_sub(1)
    }

    fn follows(&self, index: usize) -> bool {
        index > 0 && index < self.lines.len() && self.lines[index].number == self.lines[index - 1].number + 1
    }
}

impl SourceCode for Excerpt {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        lines_before: usize,
        lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let (mut first, mut last) = (self.line(span.offset()), self.line(span.offset() + span.len()));
        if self.lines.is_empty() || !(first + 1..=last).all(|index| self.follows(index)) {
            return Err(MietteError::OutOfBounds);
        }
        for _ in 0..lines_before {
            first -= usize::from(self.follows(first));
        }
        for _ in 0..lines_after {
            last += usize::from(self.follows(last + 1));
        }
        let start = self.lines[first].start;
        let end = self.lines.get(last + 1).map_or(self.text.len(), |line| line.start);
        let column = self.columns.iter().find(|(offset, _)| *offset == span.offset()).map_or(0, |(_, column)| *column);
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            &self.text.as_bytes()[start..end],
            (start, end - start).into(),
            self.lines[first].number,
            if lines_before == 0 { column } else { 0 },
            last - first + 1,
        )))
    }
}

/// A mark that ends at the start of a line ends with the line before; one of many lines ends with its first.
fn clipped(text: &str, mut mark: Mark) -> Mark {
    let within = |offset: u32| u32::try_from(text.floor_char_boundary(offset as usize)).unwrap_or(offset);
    mark.range = TextRange::new(within(mark.range.start()), within(mark.range.end()));
    let ends_at_line_start = mark.end.line > mark.start.line && mark.end.byte_column == 1;
    if ends_at_line_start || mark.end.line - mark.start.line >= LONGEST_MARK {
        let end = if mark.end.line - mark.start.line > LONGEST_MARK {
            mark.end.line = mark.start.line;
            line_end(text, mark.range.start())
        } else {
            mark.end.line -= u32::from(ends_at_line_start);
            if ends_at_line_start { mark.range.end() - 1 } else { mark.range.end() }
        };
        mark.range = TextRange::new(mark.range.start(), end.max(mark.range.start()));
    }
    mark
}

/// The lines of the marks and their neighbours, by number from 0.
fn lines_around(text: &str, marks: &[Mark]) -> BTreeMap<u32, TextRange> {
    let mut lines = BTreeMap::new();
    for mark in marks {
        let first = mark.range.start() - (mark.start.byte_column - 1);
        let mut at = first;
        for number in mark.start.line - 1..=mark.end.line {
            let end = line_end(text, at);
            // What follows the last line break is no line to look at, unless the mark is there.
            if at as usize == text.len() && number >= mark.end.line {
                break;
            }
            lines.insert(number, without_break(text, at, end));
            if end as usize == text.len() {
                break;
            }
            at = end + 1;
        }
        if first > 0 {
            let start = text[..first as usize - 1].rfind('\n').map_or(0, |at| at + 1);
            lines.insert(mark.start.line - 2, without_break(text, u32::try_from(start).unwrap_or(first), first - 1));
        }
    }
    lines
}

fn line_end(text: &str, offset: u32) -> u32 {
    let length = memchr::memchr(b'\n', &text.as_bytes()[offset as usize..]);
    length.map_or(text.len(), |length| offset as usize + length).try_into().unwrap_or(u32::MAX)
}

fn without_break(text: &str, start: u32, end: u32) -> TextRange {
    let carriage_return = end > start && text.as_bytes()[end as usize - 1] == b'\r';
    TextRange::new(start, end - u32::from(carriage_return))
}

/// A line as it is shown.
struct LineImage {
    text: String,
    /// Offsets in the line and in `text`, of each character shown and of the end.
    places: Vec<(usize, usize)>,
}

impl LineImage {
    /// The part of `line` around `focus` that fits into `width` characters.
    fn new(line: &str, focus: usize, width: usize) -> Self {
        let focus = line.floor_char_boundary(focus);
        let back = |characters: usize| line[..focus].char_indices().rev().nth(characters).map(|(at, _)| at);
        // The whole line, or all up to the focus and a bit, if it fits; else a third of the width before the focus.
        let from = match back(width * 2 / 3) {
            Some(_) if line[focus..].len() + width / 3 < width && back(width - line[focus..].len()).is_none() => 0,
            Some(_) => back(width / 3).unwrap_or(0),
            None => 0,
        };
        let mut text = String::new();
        let mut places = Vec::new();
        if from > 0 {
            text.push(CUT);
        }
        let mut rest = line[from..].char_indices();
        for (at, c) in rest.by_ref().take(width) {
            places.push((from + at, text.len()));
            text.push(visible_character(c));
        }
        let next = rest.next().map_or(line.len(), |(at, _)| from + at);
        places.push((next, text.len()));
        if next < line.len() {
            text.push(CUT);
        }
        Self { text, places }
    }

    /// Where an offset of the line is in the text; at the cut, if it is not shown.
    fn place(&self, offset: usize) -> usize {
        let at = self.places.partition_point(|(original, _)| *original <= offset);
        self.places[at.saturating_sub(1)].1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image(line: &str, focus: usize, width: usize) -> String {
        LineImage::new(line, focus, width).text
    }

    #[test]
    fn long_lines_are_cut_around_the_focus() {
        let line = "abcdefghijklmnopqrstuvwxyz";
        assert_eq!(image(line, 0, 30), line);
        assert_eq!(image(line, 0, 9), "abcdefghi…");
        assert_eq!(image(line, 13, 9), "…jklmnopqr…");
        assert_eq!(image(line, 25, 9), "…vwxyz");
        assert_eq!(image(line, 25, 26), line);
        let image = LineImage::new(line, 13, 9);
        assert_eq!([0, 13, 14, 99].map(|at| &image.text[image.place(at)..]), ["jklmnopqr…", "nopqr…", "opqr…", "…"]);
    }
}
