//! Indicators: brackets, dashes, `?`, `:`, commas and document markers.

use super::{Scanned, Scanner, TokenKind};
use crate::error::SyntaxErrorKind;
use crate::tree::Construct;

impl Scanner<'_> {
    pub(super) fn fetch_end(&mut self) -> Scanned<()> {
        self.drop_possible_key()?;
        self.key_allowed = false;
        let token = self.token(TokenKind::End, self.position);
        self.push(token);
        Ok(())
    }

    pub(super) fn close_all_levels(&mut self) {
        while self.levels.pop().is_some() {
            let token = self.token(TokenKind::BlockEnd, self.position);
            self.push(token);
        }
    }

    pub(super) fn fetch_marker(&mut self, kind: TokenKind) -> Scanned<()> {
        if self.flow_depth == 0 {
            self.close_all_levels();
        }
        self.drop_possible_key()?;
        self.key_allowed = false;
        self.push_indicator(kind, 3);
        Ok(())
    }

    pub(super) fn fetch_flow_start(&mut self, kind: TokenKind) -> Scanned<()> {
        self.save_possible_key()?;
        self.flow_depth += 1;
        self.key_allowed = true;
        self.push_indicator(kind, 1);
        Ok(())
    }

    pub(super) fn fetch_flow_end(&mut self, kind: TokenKind) -> Scanned<()> {
        self.drop_possible_key()?;
        self.flow_depth = self.flow_depth.saturating_sub(1);
        self.key_allowed = false;
        self.push_indicator(kind, 1);
        Ok(())
    }

    pub(super) fn fetch_flow_entry(&mut self) -> Scanned<()> {
        self.drop_possible_key()?;
        self.key_allowed = true;
        self.push_indicator(TokenKind::FlowEntry, 1);
        Ok(())
    }

    pub(super) fn fetch_block_entry(&mut self) -> Scanned<()> {
        if self.flow_depth == 0 {
            if !self.key_allowed {
                return Err(self.error_at(SyntaxErrorKind::UnexpectedSequenceEntry, self.position));
            }
            if self.open_level(self.column(), true) {
                let token = self.token(TokenKind::BlockSequenceStart, self.position);
                self.push(token);
            }
        }
        self.drop_possible_key()?;
        self.key_allowed = true;
        self.push_indicator(TokenKind::BlockEntry, 1);
        Ok(())
    }

    pub(super) fn fetch_key(&mut self) -> Scanned<()> {
        if self.flow_depth == 0 {
            if !self.key_allowed {
                return Err(self.error_at(SyntaxErrorKind::UnexpectedKeyIndicator, self.position));
            }
            if self.open_level(self.column(), false) {
                let token = self.token(TokenKind::BlockMappingStart, self.position);
                self.push(token);
            }
        }
        self.drop_possible_key()?;
        self.key_allowed = self.flow_depth == 0;
        self.push_indicator(TokenKind::Key, 1);
        let range = self.queue[self.queue.len() - 1].range;
        self.constructs.push((Construct::ComplexKey, range));
        Ok(())
    }

    pub(super) fn fetch_value(&mut self) -> Scanned<()> {
        match self.take_possible_key() {
            Some(key) if self.is_possible(key) => self.complete_key(key),
            Some(key) if key.required => return Err(self.missing_colon(key)),
            _ => {
                if self.flow_depth == 0 {
                    if !self.key_allowed {
                        self.note_run_on();
                        return Err(self.error_at(SyntaxErrorKind::UnexpectedMappingValue, self.position));
                    }
                    if self.open_level(self.column(), false) {
                        let token = self.token(TokenKind::BlockMappingStart, self.position);
                        self.push(token);
                    }
                }
                self.key_allowed = self.flow_depth == 0;
            }
        }
        self.push_indicator(TokenKind::Value, 1);
        Ok(())
    }
}
