//! Plain scalars and block scalars.

use super::chars::{is_line_break, line_break_length, line_end};
use super::{Scanned, Scanner, TokenKind};
use crate::error::SyntaxErrorKind;
use crate::text::TextRange;
use crate::text::offset;
use crate::tree::{Construct, Style};

impl Scanner<'_> {
    pub(super) fn fetch_plain(&mut self) -> Scanned<()> {
        let key = self.begin_scalar()?;
        let start = self.position;
        let mut token = self.token(TokenKind::Scalar, start);
        let indent = self.indent() + 1;
        let mut end;
        let mut broken;
        let mut first_line = None;
        loop {
            self.position = self.word_end();
            end = self.position;
            // Blanks and line breaks up to the next word, if the scalar goes on there.
            broken = false;
            loop {
                match self.byte() {
                    Some(b'\t') if broken && self.column() < indent && self.flow_depth > 0 => {
                        return Err(self.error_at(SyntaxErrorKind::TabIndentation, self.position));
                    }
                    Some(b'\t') if broken && self.column() < indent => break,
                    Some(b' ' | b'\t') => self.position += 1,
                    _ if is_line_break(self.bytes, self.position) => {
                        self.skip_line_break();
                        broken = true;
                    }
                    _ => break,
                }
            }
            if broken {
                self.key_allowed = true;
            }
            let outdented = self.flow_depth == 0 && broken && self.column() < indent;
            if self.position == end || outdented || self.ends_plain() {
                break;
            }
            self.key_allowed = false;
            if broken {
                first_line.get_or_insert((end, self.position, self.line, self.line_start));
            }
        }
        // A key stands on one line, so that it is only the first line that lacks its colon.
        let is_root = self.levels.is_empty();
        let runs_into_key = !broken && self.at_value() && (!is_root || key.is_some() && self.before_root);
        let cut = first_line.filter(|_| self.flow_depth == 0 && (runs_into_key || key.is_some_and(|key| key.required)));
        if let Some((line_end, position, line, line_start)) = cut {
            end = line_end;
            (self.position, self.line, self.line_start) = (position, line, line_start);
            self.key_allowed = true;
        }
        token.range = TextRange::new(offset(start), offset(end));
        token.verbatim = first_line.is_none() || cut.is_some();
        if !token.verbatim && self.flow_depth == 0 {
            self.run_on = Some(token.range);
        }
        self.push_scalar(token, key, cut.is_some());
        Ok(())
    }

    /// Whether, after blanks, no further word of a plain scalar follows.
    fn ends_plain(&self) -> bool {
        match self.byte() {
            None | Some(b'#') => true,
            Some(b'-') if self.column() == 0 && self.at_marker(*b"---") => true,
            Some(b'.') if self.column() == 0 && self.at_marker(*b"...") => true,
            Some(_) => self.word_end() == self.position,
        }
    }

    /// End of the word (no blanks inside) of a plain scalar at the current position.
    fn word_end(&self) -> usize {
        let in_flow = self.flow_depth > 0;
        let mut at = self.position;
        while let Some(byte) = self.bytes.get(at) {
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' => break,
                b':' if self.is_blank_or_end(at + 1 - self.position) => break,
                b',' | b'?' | b'[' | b']' | b'{' | b'}' if in_flow => break,
                0xC2 | 0xE2 if is_line_break(self.bytes, at) => break,
                _ => at += 1,
            }
        }
        at
    }

    pub(super) fn fetch_block_scalar(&mut self, style: Style) -> Scanned<()> {
        self.drop_possible_key()?;
        self.key_allowed = true;
        let start = self.position;
        let mut token = self.token(TokenKind::Scalar, start);
        token.style = style;
        self.position += 1;
        let increment = self.block_scalar_head(start)?;
        let indent = (increment > 0).then(|| self.indent().max(0) + increment);
        let end = self.block_scalar_body(start, indent)?;
        token.range = TextRange::new(offset(start), offset(end));
        self.constructs.push((Construct::BlockScalar, TextRange::new(offset(start), offset(start + 1))));
        self.push(token);
        Ok(())
    }

    /// Reads `-2`, `2+` and the like to the end of the line; returns the indentation indicator or 0.
    fn block_scalar_head(&mut self, start: usize) -> Scanned<i32> {
        let mut increment = 0;
        let mut chomped = false;
        while let Some(byte) = self.byte() {
            match byte {
                b'+' | b'-' if !chomped => chomped = true,
                b'1'..=b'9' if increment == 0 => increment = i32::from(byte - b'0'),
                _ => break,
            }
            self.position += 1;
        }
        while matches!(self.byte(), Some(b' ' | b'\t')) {
            self.position += 1;
        }
        if self.byte() == Some(b'#') {
            let comment = self.position;
            self.position = line_end(self.bytes, comment);
            self.comments.push(TextRange::new(offset(comment), offset(self.position)));
        }
        if self.position < self.bytes.len() && !is_line_break(self.bytes, self.position) {
            return Err(Self::error(SyntaxErrorKind::BadBlockScalar, start, self.rest_of_line()));
        }
        Ok(increment)
    }

    /// Passes over the lines of a block scalar; returns where its text ends.
    fn block_scalar_body(&mut self, start: usize, mut indent: Option<i32>) -> Scanned<usize> {
        let mut end = self.position;
        if is_line_break(self.bytes, self.position) {
            self.skip_line_break();
        }
        let mut deepest = 0;
        loop {
            while self.byte() == Some(b' ') && indent.is_none_or(|indent| self.column() < indent) {
                self.position += 1;
            }
            deepest = deepest.max(self.column());
            if self.byte() == Some(b'\t') && indent.is_none_or(|indent| self.column() < indent) {
                return Err(Self::error(SyntaxErrorKind::BadBlockScalar, start, line_end(self.bytes, start)));
            }
            if line_break_length(self.bytes, self.position) > 0 {
                self.skip_line_break();
                continue;
            }
            let column = *indent.get_or_insert_with(|| deepest.max(self.indent() + 1).max(1));
            if self.column() != column || self.position == self.bytes.len() {
                return Ok(end);
            }
            self.position = line_end(self.bytes, self.position);
            end = self.position;
        }
    }
}
