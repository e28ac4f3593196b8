//! Quoted scalars.

use memchr::{memchr, memchr2};

use super::chars::{is_line_break, is_printable_ascii, line_end};
use super::{Scanned, Scanner, TokenKind};
use crate::error::{SyntaxError, SyntaxErrorKind};
use crate::text::{TextRange, offset};
use crate::tree::Style;

impl Scanner<'_> {
    pub(super) fn fetch_quoted(&mut self, style: Style) -> Scanned<()> {
        let key = self.begin_scalar()?;
        let start = self.position;
        let mut token = self.token(TokenKind::Scalar, start);
        token.style = style;
        self.position += 1;
        match self.scan_quoted(start, style) {
            Ok(verbatim) => token.verbatim = verbatim,
            Err(_) if self.flow_depth == 0 && !self.levels.is_empty() => {
                self.cut_quoted(token, key);
                return Ok(());
            }
            Err(error) => return Err(error),
        }
        self.position += 1;
        token.range = TextRange::new(offset(start), offset(self.position));
        let spans_lines = self.line != token.line || self.crosses_line_break(start);
        if !self.repair_quoted(token, key, spans_lines) {
            if spans_lines {
                self.multiline_quote.get_or_insert(start);
            }
            self.push_scalar(token, key, false);
        }
        Ok(())
    }

    pub(super) fn unclosed(&mut self, start: usize) -> SyntaxError {
        // What was noted behind the quote was read as if it were inside.
        self.forget_repaired(start + 1);
        let end = line_end(self.bytes, start);
        Self::error(SyntaxErrorKind::UnclosedQuote, start, start + self.text[start..end].trim_end().len())
    }

    /// Scans to the closing quote; returns whether the content stands for itself.
    fn scan_quoted(&mut self, start: usize, style: Style) -> Scanned<bool> {
        let mut verbatim = true;
        loop {
            let rest = &self.bytes[self.position..];
            let stop = if style == Style::SingleQuoted { memchr(b'\'', rest) } else { memchr2(b'"', b'\\', rest) };
            let Some(stop) = stop.map(|stop| self.position + stop) else { return Err(self.unclosed(start)) };
            verbatim &= !self.skip_quoted_text(start, stop)?;
            match self.bytes[stop] {
                b'\\' => {
                    self.position += 1;
                    if is_line_break(self.bytes, self.position) {
                        self.break_in_quotes(start)?;
                    } else {
                        self.scan_escape();
                    }
                }
                b'\'' if self.byte_at(1) == Some(b'\'') => self.position += 2,
                _ => return Ok(verbatim),
            }
            verbatim = false;
        }
    }

    /// Passes over what stands before `stop`; returns whether there are line breaks in it.
    fn skip_quoted_text(&mut self, start: usize, stop: usize) -> Scanned<bool> {
        if is_printable_ascii(&self.bytes[self.position..stop]) {
            self.position = stop;
            return Ok(false);
        }
        let mut broken = false;
        while self.position < stop {
            if is_line_break(self.bytes, self.position) {
                self.break_in_quotes(start)?;
                broken = true;
            } else {
                self.position += 1;
            }
        }
        Ok(broken)
    }

    fn break_in_quotes(&mut self, start: usize) -> Scanned<()> {
        self.skip_line_break();
        if self.at_marker(*b"---") || self.at_marker(*b"...") {
            // A quote that is open at a document marker was surely meant to be closed before.
            return Err(self.unclosed(start));
        }
        Ok(())
    }

    /// Passes over what follows a backslash; a wrong escape is noted and the scalar goes on.
    fn scan_escape(&mut self) {
        let escape = self.position - 1;
        let length = match self.byte() {
            Some(
                b'0' | b'a' | b'b' | b't' | b'\t' | b'n' | b'v' | b'f' | b'r' | b'e' | b' ' | b'"' | b'\'' | b'\\' | b'N' | b'_' | b'L'
                | b'P',
            ) => 0,
            Some(b'x') => 2,
            Some(b'u') => 4,
            Some(b'U') => 8,
            _ => {
                let error = self.error_at(SyntaxErrorKind::BadEscape, self.position);
                let range = error.range.cover(TextRange::empty(offset(escape)));
                self.note(SyntaxError { range, ..error });
                return;
            }
        };
        self.position += 1;
        let digits = self.bytes.get(self.position..self.position + length).filter(|digits| digits.iter().all(u8::is_ascii_hexdigit));
        let code = digits.map(|digits| digits.iter().fold(0_u32, |code, digit| code << 4 | (*digit as char).to_digit(16).unwrap_or(0)));
        if length > 0 && code.and_then(char::from_u32).is_none() {
            let range = TextRange::new(offset(escape), offset(self.position));
            self.note(SyntaxError { kind: SyntaxErrorKind::BadEscape, range });
        } else {
            self.position += length;
        }
    }
}
