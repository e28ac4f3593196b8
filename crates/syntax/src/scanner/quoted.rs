//! Quoted scalars.

use super::chars::{is_line_break, line_end};
use super::{Scanned, Scanner, TokenKind};
use crate::error::SyntaxErrorKind;
use crate::text::{TextRange, offset};
use crate::tree::Style;

impl Scanner<'_> {
    pub(super) fn fetch_quoted(&mut self, style: Style) -> Scanned<()> {
        self.save_possible_key()?;
        self.key_allowed = false;
        let start = self.position;
        let mut token = self.token(TokenKind::Scalar, start);
        let line = self.line;
        self.position += 1;
        let plain_content = if style == Style::DoubleQuoted { self.scan_double_quoted(start)? } else { self.scan_single_quoted(start)? };
        self.position += 1;
        if (self.line != line || self.crosses_line_break(start)) && self.multiline_quote.is_none() {
            self.multiline_quote = Some(start);
        }
        token.range = TextRange::new(offset(start), offset(self.position));
        token.style = style;
        token.verbatim = plain_content;
        self.queue.push_back(token);
        Ok(())
    }

    fn unclosed(&self, start: usize) -> crate::error::SyntaxError {
        let end = line_end(self.bytes, start);
        Self::error(SyntaxErrorKind::UnclosedQuote, start, start + self.text[start..end].trim_end().len())
    }

    /// Scans to the closing quote; returns whether the content stands for itself.
    fn scan_single_quoted(&mut self, start: usize) -> Scanned<bool> {
        let mut verbatim = true;
        loop {
            if self.position > self.last_single_quote {
                return Err(self.unclosed(start));
            }
            match self.bytes[self.position] {
                b'\'' if self.byte_at(1) == Some(b'\'') => {
                    self.position += 2;
                    verbatim = false;
                }
                b'\'' => return Ok(verbatim),
                _ if is_line_break(self.bytes, self.position) => {
                    self.break_in_quotes(start)?;
                    verbatim = false;
                }
                _ => self.position += 1,
            }
        }
    }

    fn scan_double_quoted(&mut self, start: usize) -> Scanned<bool> {
        let mut verbatim = true;
        loop {
            if self.position > self.last_double_quote {
                return Err(self.unclosed(start));
            }
            match self.bytes[self.position] {
                b'"' => return Ok(verbatim),
                b'\\' => {
                    verbatim = false;
                    self.position += 1;
                    if is_line_break(self.bytes, self.position) {
                        self.break_in_quotes(start)?;
                    } else {
                        self.scan_escape();
                    }
                }
                b'\n' | b'\r' | 0xC2 | 0xE2 if is_line_break(self.bytes, self.position) => {
                    self.break_in_quotes(start)?;
                    verbatim = false;
                }
                _ => self.position += 1,
            }
        }
    }

    fn break_in_quotes(&mut self, start: usize) -> Scanned<()> {
        self.skip_line_break();
        if self.at_marker(b"---") || self.at_marker(b"...") {
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
                self.repaired.push(crate::error::SyntaxError { range, ..error });
                return;
            }
        };
        self.position += 1;
        let digits = self.bytes.get(self.position..self.position + length).filter(|digits| digits.iter().all(u8::is_ascii_hexdigit));
        let code = digits.map(|digits| digits.iter().fold(0_u32, |code, digit| code << 4 | (*digit as char).to_digit(16).unwrap_or(0)));
        if length > 0 && code.and_then(char::from_u32).is_none() {
            let range = TextRange::new(offset(escape), offset(self.position));
            self.repaired.push(crate::error::SyntaxError { kind: SyntaxErrorKind::BadEscape, range });
        } else {
            self.position += length;
        }
    }
}
