//! After an error: what is to blame, what is kept, and where reading goes on.

use super::Parser;
use crate::error::{SyntaxError, SyntaxErrorKind};
use crate::text::{TextRange, offset};
use crate::tree::{NodeKind, Style};

/// An entry of a block collection that could not be read to its end.
pub(super) struct Broken {
    pub(super) error: SyntaxError,
    /// The first node of the entry.
    pub(super) entry: u32,
    /// The first node of the value, where the key is complete.
    pub(super) value: Option<u32>,
    pub(super) is_mapping: bool,
}

impl Parser<'_> {
    /// Called before each entry of a block collection.
    pub(super) fn begin_entry(&mut self) -> u32 {
        if self.pending.is_none() {
            self.scanner.multiline_quote = None;
            self.flow_start = None;
        }
        offset(self.nodes.len())
    }

    /// Notes the error, keeps what is intact of the entry, and goes on at the next sibling.
    pub(super) fn recover(&mut self, broken: Broken) {
        // An anchor or tag whose node did not come.
        self.truncate(offset(self.nodes.len()));
        let column = self.open.last().map_or(-1, |level| level.column);
        let error = self.blame(broken.error, column);
        let (line, resume) = self.next_sibling(self.lines.line(error.range.start()), column);
        let lost_end = self.text[..resume].trim_end().len().max(error.range.start() as usize);
        // Blanks at the end of a comment belong to it.
        let around = self.scanner.comments.iter().rev().find(|comment| (comment.start() as usize) < lost_end);
        let lost_end = around.map_or(lost_end, |comment| lost_end.max((comment.end() as usize).min(resume)));
        match broken.value {
            Some(value) if error.kind == SyntaxErrorKind::UnclosedBracket && self.is_flow_sequence(value) => {
                self.keep_until(value, offset(resume));
            }
            Some(value) => {
                let key_end = self.nodes[broken.entry as usize].range.end();
                let start = self.truncate(value).unwrap_or(error.range.start()).max(key_end);
                self.push_error(start, offset(lost_end));
            }
            None if self.nodes.len() == broken.entry as usize && self.spoil_last_word(error.range) => {}
            None => {
                let start = self.truncate(broken.entry).unwrap_or(error.range.start()).min(error.range.start());
                self.push_error(start, offset(lost_end));
                if broken.is_mapping {
                    self.push_error(offset(lost_end), offset(lost_end));
                }
            }
        }
        self.errors.push(error);
        self.scanner.resume(line, resume, &self.open);
        self.flow_start = None;
        self.last_end = offset(lost_end);
    }

    /// An error outside any block collection: what was begun there cannot be told. A word or
    /// nothing at all before it is forgotten, as if the text started behind it.
    pub(super) fn give_up(&mut self, error: SyntaxError) {
        let error = self.blame(error, -1);
        let is_lost = self.roots.first().is_none_or(|root| matches!(self.nodes[*root as usize].kind, NodeKind::Scalar | NodeKind::Alias));
        if is_lost {
            let root = self.roots.pop().unwrap_or_default();
            self.truncate(root);
            let (line, start) = self.next_sibling(self.lines.line(error.range.start()), 0);
            self.scanner.resume(line, start, &[]);
        } else {
            let resume = self.skip_to_line_after(error.range);
            self.keep_until(self.roots[0], resume);
        }
        self.errors.push(error);
    }

    /// The true cause: a quote or bracket of this entry that swallowed the lines behind it.
    fn blame(&mut self, error: SyntaxError, column: i32) -> SyntaxError {
        let at = error.range.start();
        if error.kind == SyntaxErrorKind::TooDeep {
            return error;
        }
        if let Some(quote) = self.scanner.multiline_quote.map(offset).filter(|quote| *quote < at) {
            let end = self.lines.line_range(self.text, self.lines.line(quote)).end();
            return SyntaxError { kind: SyntaxErrorKind::UnclosedQuote, range: TextRange::new(quote, end) };
        }
        if let Some(bracket) = self.flow_start.filter(|bracket| bracket.start() < at) {
            let (_, sibling) = self.next_sibling(self.lines.line(bracket.start()), column);
            if sibling <= at as usize {
                return SyntaxError { kind: SyntaxErrorKind::UnclosedBracket, range: bracket };
            }
        }
        error
    }

    /// The next line behind `line` that is indented no more than `column`; as line and offset.
    fn next_sibling(&self, line: u32, column: i32) -> (u32, usize) {
        let mut line = line + 1;
        while line < self.lines.line_count() {
            let start = self.lines.line_start(line);
            let text = &self.text[self.lines.line_range(self.text, line).to_usize()];
            let content = text.trim_start_matches(' ');
            let indentation = i32::try_from(text.len() - content.len()).unwrap_or(i32::MAX);
            let is_content = !content.trim_start().is_empty() && !content.starts_with('#');
            let closes_only = content.trim_end().chars().all(|character| matches!(character, ']' | '}' | ','));
            if is_content && !closes_only && indentation <= column.max(0) {
                return (line, start as usize);
            }
            line += 1;
        }
        (line, self.text.len())
    }

    /// Whether the line of an error starts with `- `.
    pub(super) fn starts_item(&self, error: TextRange) -> bool {
        let line = self.lines.line_range(self.text, self.lines.line(error.start()));
        self.text[line.to_usize()].trim_start().starts_with("- ")
    }

    fn is_flow_sequence(&self, node: u32) -> bool {
        let node = self.nodes.get(node as usize);
        node.is_some_and(|node| node.kind == NodeKind::Sequence && node.style == Style::Flow)
    }

    /// Drops the nodes that stand at or behind `end` and closes the others before it.
    fn keep_until(&mut self, first: u32, end: u32) {
        let kept = self.nodes[first as usize..].partition_point(|node| node.range.start() < end);
        let count = first + offset(kept);
        let cut: Vec<u32> = (first..count).filter(|node| self.nodes[*node as usize].next > count).collect();
        self.truncate(count);
        let text_end = offset(self.text[..end as usize].trim_end().len());
        self.last_end = 0;
        for (id, node) in (first..).zip(&mut self.nodes[first as usize..]) {
            let (start, end) = (node.range.start(), node.range.end());
            // A plain scalar ends with its line, a quoted one has no end.
            if node.kind == NodeKind::Scalar && node.style != Style::Plain && end > text_end {
                node.kind = NodeKind::Error;
            }
            node.range = TextRange::new(start, end.min(text_end).max(start));
            // Of a collection that goes on, only the bracket is surely there.
            let known_end = if cut.binary_search(&id).is_ok() { start + 1 } else { node.range.end() };
            self.last_end = self.last_end.max(known_end);
        }
        for id in cut.into_iter().rev() {
            self.complete_pair(id);
            self.close_collection(id);
        }
    }

    /// Gives the last key of a mapping that an error ended a value.
    pub(super) fn complete_pair(&mut self, id: u32) {
        if self.nodes[id as usize].kind != NodeKind::Mapping {
            return;
        }
        let (mut child, mut is_pair) = (id as usize + 1, true);
        while let Some(node) = self.nodes.get(child) {
            (child, is_pair) = (node.next as usize, !is_pair);
        }
        if !is_pair {
            self.absent();
        }
    }

    /// Drops the nodes from `first` on; returns where the first of them stood.
    fn truncate(&mut self, first: u32) -> Option<u32> {
        let start = self.nodes.get(first as usize).map(|node| node.range.start());
        self.nodes.truncate(first as usize);
        let kept = self.properties.partition_point(|properties| properties.node < first);
        for properties in self.properties.drain(kept..) {
            if let Some(name) = properties.anchor {
                self.anchors.remove(&self.text[name.to_usize()]);
            }
        }
        start
    }

    pub(super) fn push_error(&mut self, start: u32, end: u32) {
        self.push(NodeKind::Error, Style::Plain, TextRange::new(start, end.max(start)));
    }

    /// A value that ran on into the line of the error has swallowed a part of it.
    fn spoil_last_word(&mut self, error: TextRange) -> bool {
        let line = self.lines.line(error.start());
        let Some(last) = self.nodes.last_mut() else { return false };
        let runs_on = last.kind == NodeKind::Scalar
            && !last.verbatim
            && self.lines.line(last.range.start()) < line
            && self.lines.line(last.range.end()) == line;
        if runs_on {
            last.kind = NodeKind::Error;
        }
        runs_on
    }
}
