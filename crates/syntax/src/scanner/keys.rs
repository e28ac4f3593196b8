//! Keys: what may still turn out to be one, until its `:` is found or cannot come any more.

use super::{Scanned, Scanner, chars};
use crate::error::{SyntaxError, SyntaxErrorKind};
use crate::text::TextRange;

/// A key must be followed by its `:` within this many characters, on the same line.
const KEY_LIMIT: usize = 1024;

/// A position where a key may have started.
#[derive(Clone, Copy)]
pub(super) struct PossibleKey {
    pub(super) flow_depth: usize,
    /// At the indentation of a block mapping nothing but a key can stand.
    pub(super) required: bool,
    /// Number of its first token, counted from the start of the text.
    pub(super) token: usize,
    pub(super) start: usize,
    pub(super) line: u32,
    pub(super) column: i32,
}

impl Scanner<'_> {
    /// A key that starts at the next token.
    pub(super) fn key_here(&self) -> PossibleKey {
        let column = self.column();
        PossibleKey {
            flow_depth: self.flow_depth,
            required: self.flow_depth == 0 && self.indent() == column,
            token: self.taken + self.queue.len(),
            start: self.position,
            line: self.line,
            column,
        }
    }

    pub(super) fn save_possible_key(&mut self) -> Scanned<()> {
        if self.key_allowed {
            self.drop_possible_key()?;
            self.possible_keys.push_back(self.key_here());
        }
        Ok(())
    }

    pub(super) fn drop_possible_key(&mut self) -> Scanned<()> {
        match self.take_possible_key() {
            Some(key) if key.required => Err(self.missing_colon(key)),
            _ => Ok(()),
        }
    }

    /// Takes the key that may have started in the current bracket, or in block context.
    pub(super) fn take_possible_key(&mut self) -> Option<PossibleKey> {
        self.possible_keys.pop_back_if(|key| key.flow_depth == self.flow_depth)
    }

    /// A key is over with its line, or when it grows too long.
    pub(super) fn is_possible(&self, key: PossibleKey) -> bool {
        let too_long = self.position - key.start > KEY_LIMIT && self.text[key.start..self.position].chars().count() > KEY_LIMIT;
        key.line == self.line && !too_long && !self.crosses_line_break(key.start)
    }

    /// Whether one of YAML 1.1's own line breaks, which do not count as lines, stands since `start`.
    pub(super) fn crosses_line_break(&self, start: usize) -> bool {
        self.line_start > start.cast_signed()
    }

    pub(super) fn missing_colon(&self, key: PossibleKey) -> SyntaxError {
        let end = chars::line_end(self.bytes, key.start);
        Self::error(SyntaxErrorKind::MissingColon, key.start, key.start + self.text[key.start..end].trim_end().len())
    }

    pub(super) fn complete_key(&mut self, key: PossibleKey) {
        let opens = self.open_level(key.column, false);
        let token = &mut self.queue[key.token - self.taken];
        token.key = true;
        token.opens_mapping = opens;
        self.key_allowed = false;
    }

    /// A `: ` behind a value that ran on into this line: the line where it began lacks its colon, or
    /// this line is indented too far.
    pub(super) fn note_run_on(&mut self) {
        let Some(scalar) = self.run_on.map(TextRange::to_usize) else { return };
        if scalar.end > self.position || !self.text[scalar.end..self.position].trim().is_empty() {
            return;
        }
        let line_start = |at: usize| self.text[..at].rfind('\n').map_or(0, |at| at + 1);
        let begins_line = self.text[line_start(scalar.start)..scalar.start].chars().all(|character| matches!(character, ' ' | '-'));
        let error = if begins_line {
            let end = chars::line_end(self.bytes, scalar.start);
            Self::error(SyntaxErrorKind::MissingColon, scalar.start, scalar.start + self.text[scalar.start..end].trim_end().len())
        } else {
            let start = line_start(self.position);
            let line = &self.text[start..self.position];
            Self::error(SyntaxErrorKind::BadIndentation, start + line.len() - line.trim_start().len(), self.position)
        };
        self.run_on_causes.push((self.position, error));
    }
}
