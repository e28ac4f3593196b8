//! Block collections.

use super::Parser;
use super::recovery::Broken;
use crate::error::{SyntaxError, SyntaxErrorKind};
use crate::scanner::{Level, Scanned, Token, TokenKind};
use crate::text::offset;
use crate::tree::{NodeKind, Style};

/// Whether a token starts a key of the collection that is open.
pub(super) fn is_key(token: Token) -> bool {
    token.key && !token.opens_mapping || token.kind == TokenKind::Key
}

impl Parser<'_> {
    /// Passes over a token's role as the start of a key.
    pub(super) fn take_key(&mut self, token: Token) {
        if token.key { self.scanner.take_key() } else { self.take(token) }
    }

    fn take_mapping_start(&mut self, token: Token) {
        if token.opens_mapping { self.scanner.take_mapping_start() } else { self.take(token) }
    }

    pub(super) fn block_sequence(&mut self, start: Token) {
        self.take(start);
        let id = self.open_collection(NodeKind::Sequence, Style::Block, start.range);
        self.open.push(Level { column: start.column, is_sequence: true });
        loop {
            let entry = self.begin_entry();
            match self.block_sequence_entry() {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => self.recover(Broken { error, entry, value: None, is_mapping: false }),
            }
        }
        self.open.pop();
        self.close_collection(id);
    }

    /// One `- item`; false at the end of the list.
    fn block_sequence_entry(&mut self) -> Scanned<bool> {
        let token = self.scanner.peek()?;
        match token.kind {
            TokenKind::BlockEnd => {
                self.take(token);
                return Ok(false);
            }
            TokenKind::BlockEntry => self.take(token),
            _ => return Err(SyntaxError { kind: SyntaxErrorKind::ExpectedSequenceEntry, range: token.range }),
        }
        let next = self.scanner.peek()?;
        if matches!(next.kind, TokenKind::BlockEntry | TokenKind::BlockEnd) {
            self.absent();
        } else {
            self.node(true, false)?;
        }
        Ok(true)
    }

    /// A list at the column of its key; it has no start and end tokens of its own.
    pub(super) fn indentless_sequence(&mut self, start: Token) {
        let id = self.open_collection(NodeKind::Sequence, Style::Block, start.range);
        loop {
            let entry = self.begin_entry();
            match self.indentless_entry() {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => self.recover(Broken { error, entry, value: None, is_mapping: false }),
            }
        }
        self.close_collection(id);
    }

    fn indentless_entry(&mut self) -> Scanned<bool> {
        let token = match self.scanner.peek() {
            Ok(token) if token.kind == TokenKind::BlockEntry => token,
            Err(error) if self.starts_item(error.range) => return Err(error),
            Err(error) => {
                self.pending = Some(error);
                return Ok(false);
            }
            Ok(_) => return Ok(false),
        };
        self.take(token);
        let next = self.scanner.peek()?;
        if is_key(next) || matches!(next.kind, TokenKind::BlockEntry | TokenKind::Value | TokenKind::BlockEnd) {
            self.absent();
        } else {
            self.node(true, false)?;
        }
        Ok(true)
    }

    pub(super) fn block_mapping(&mut self, start: Token) {
        self.take_mapping_start(start);
        let id = self.open_collection(NodeKind::Mapping, Style::Block, start.range);
        let levels = self.open.len();
        self.open.push(Level { column: start.column, is_sequence: false });
        loop {
            let entry = self.begin_entry();
            let mut value = None;
            match self.block_mapping_entry(&mut value) {
                Ok(true) => {}
                // Entries that were indented too deeply end before the mapping does.
                Ok(false) if self.open.len() > levels + 1 => {
                    self.open.pop();
                }
                Ok(false) => break,
                Err(error) => self.recover(Broken { error, entry, value, is_mapping: true }),
            }
        }
        self.open.truncate(levels);
        self.close_collection(id);
    }

    /// One `key: value`; false at the end of the mapping. `value` is set once the key is complete.
    fn block_mapping_entry(&mut self, value: &mut Option<u32>) -> Scanned<bool> {
        let token = self.peek()?;
        if token.kind == TokenKind::BlockEnd {
            self.take(token);
            return Ok(false);
        }
        if token.opens_mapping || token.kind == TokenKind::BlockMappingStart {
            self.errors.push(SyntaxError { kind: SyntaxErrorKind::BadIndentation, range: token.range });
            self.take_mapping_start(token);
            if !self.scanner.is_indented_alone(token) {
                self.open.push(Level { column: token.column, is_sequence: false });
            }
            return Ok(true);
        }
        if token.kind == TokenKind::BlockEntry {
            self.orphaned_list(token);
            return Ok(true);
        }
        if !is_key(token) {
            return Err(SyntaxError { kind: SyntaxErrorKind::ExpectedKey, range: token.range });
        }
        self.take_key(token);
        self.block_mapping_part()?;
        *value = Some(offset(self.nodes.len()));
        let token = self.peek()?;
        if token.kind == TokenKind::Value {
            self.take(token);
            self.block_mapping_part()?;
        } else {
            self.absent();
        }
        Ok(true)
    }

    /// A list without a key, or whose key could not be read.
    fn orphaned_list(&mut self, token: Token) {
        if self.nodes.last().is_none_or(|last| last.kind != NodeKind::Error) {
            self.errors.push(SyntaxError { kind: SyntaxErrorKind::ExpectedKey, range: token.range });
        }
        self.push_error(token.range.start(), token.range.start());
        self.indentless_sequence(token);
    }

    /// A key or a value, which may be left out.
    fn block_mapping_part(&mut self) -> Scanned<()> {
        let next = self.scanner.peek()?;
        if is_key(next) || matches!(next.kind, TokenKind::Value | TokenKind::BlockEnd) {
            self.absent();
            return Ok(());
        }
        self.node(true, true)
    }
}
