//! Flow collections: `[…]` and `{…}`.

use super::Parser;
use super::block::is_key;
use crate::error::{SyntaxError, SyntaxErrorKind};
use crate::scanner::{Scanned, Token, TokenKind};
use crate::tree::{NodeKind, Style};

impl Parser<'_> {
    pub(super) fn flow_sequence(&mut self, start: Token) -> Scanned<()> {
        self.flow_collection(start, NodeKind::Sequence, TokenKind::FlowSequenceEnd)
    }

    pub(super) fn flow_mapping(&mut self, start: Token) -> Scanned<()> {
        self.flow_collection(start, NodeKind::Mapping, TokenKind::FlowMappingEnd)
    }

    fn flow_collection(&mut self, start: Token, kind: NodeKind, end: TokenKind) -> Scanned<()> {
        self.take(start);
        let id = self.open_collection(kind, Style::Flow, start.range);
        let is_outermost = self.flow_start.is_none();
        self.flow_start.get_or_insert(start.range);
        let parsed = self.flow_items(start, end);
        self.complete_pair(id);
        self.close_collection(id);
        if is_outermost && parsed.is_ok() {
            self.flow_start = None;
        }
        parsed
    }

    fn flow_items(&mut self, start: Token, end: TokenKind) -> Scanned<()> {
        let mut is_first = true;
        loop {
            let mut token = self.scanner.peek()?;
            if token.kind != end && !is_first {
                if token.kind == TokenKind::FlowEntry {
                    self.take(token);
                    token = self.scanner.peek()?;
                } else {
                    self.missing_comma(start, token)?;
                }
            }
            is_first = false;
            match token.kind {
                kind if kind == end => {
                    self.take(token);
                    return Ok(());
                }
                // The comma is taken as the separator of the next round.
                TokenKind::FlowEntry => self.errors.push(SyntaxError { kind: SyntaxErrorKind::MissingItem, range: token.range }),
                TokenKind::End => return Err(SyntaxError { kind: SyntaxErrorKind::UnclosedBracket, range: start.range }),
                _ if end == TokenKind::FlowMappingEnd => self.flow_mapping_item(token)?,
                _ if is_key(token) => self.flow_pair(token)?,
                _ => self.node(false, false)?,
            }
        }
    }

    /// Two items without a comma: noted, and read as if it stood there, where the second plainly
    /// belongs to the same list.
    fn missing_comma(&mut self, start: Token, token: Token) -> Scanned<()> {
        let kind = match token.kind {
            TokenKind::End => return Err(SyntaxError { kind: SyntaxErrorKind::UnclosedBracket, range: start.range }),
            TokenKind::FlowSequenceEnd | TokenKind::FlowMappingEnd => SyntaxErrorKind::UnmatchedBracket,
            _ => SyntaxErrorKind::MissingComma,
        };
        let error = SyntaxError { kind, range: token.range };
        let starts_item = matches!(token.kind, TokenKind::Scalar | TokenKind::FlowSequenceStart | TokenKind::FlowMappingStart);
        let belongs = token.line == start.line || self.open.last().is_none_or(|level| token.column > level.column);
        if kind == SyntaxErrorKind::MissingComma && starts_item && belongs && self.scanner.multiline_quote.is_none() {
            self.errors.push(error);
            Ok(())
        } else {
            Err(error)
        }
    }

    /// `key: value` in a list is a mapping of its own.
    fn flow_pair(&mut self, token: Token) -> Scanned<()> {
        let id = self.open_collection(NodeKind::Mapping, Style::Flow, token.range);
        self.take_key(token);
        let parsed = self.flow_pair_content();
        self.complete_pair(id);
        self.close_collection(id);
        parsed
    }

    fn flow_pair_content(&mut self) -> Scanned<()> {
        let token = self.scanner.peek()?;
        if matches!(token.kind, TokenKind::Value | TokenKind::FlowEntry | TokenKind::FlowSequenceEnd) {
            // As the promoter's reader does, which passes over the token too.
            self.take(token);
            self.absent();
        } else {
            self.node(false, false)?;
        }
        self.flow_value(TokenKind::FlowSequenceEnd)
    }

    fn flow_mapping_item(&mut self, token: Token) -> Scanned<()> {
        if !is_key(token) {
            self.node(false, false)?;
            self.absent();
            return Ok(());
        }
        self.take_key(token);
        let token = self.scanner.peek()?;
        if matches!(token.kind, TokenKind::Value | TokenKind::FlowEntry | TokenKind::FlowMappingEnd) {
            self.absent();
        } else {
            self.node(false, false)?;
        }
        self.flow_value(TokenKind::FlowMappingEnd)
    }

    fn flow_value(&mut self, end: TokenKind) -> Scanned<()> {
        let token = self.scanner.peek()?;
        if token.kind == TokenKind::Value {
            self.take(token);
            let token = self.scanner.peek()?;
            if token.kind != TokenKind::FlowEntry && token.kind != end {
                return self.node(false, false);
            }
        }
        self.absent();
        Ok(())
    }
}
