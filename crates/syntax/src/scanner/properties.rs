//! Anchors, aliases, tags and directives.

use super::chars::{is_line_break, line_end};
use super::{Scanned, Scanner, TokenKind};
use crate::error::SyntaxErrorKind;
use crate::text::{TextRange, offset};
use crate::tree::Construct;

fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

fn is_uri_byte(byte: u8) -> bool {
    is_name_byte(byte) || b";/?:@&=+$,.!~*'()[]%".contains(&byte)
}

impl Scanner<'_> {
    fn skip_while(&mut self, accepts: impl Fn(u8) -> bool) {
        while self.byte().is_some_and(&accepts) {
            self.position += 1;
        }
    }

    pub(super) fn fetch_anchor(&mut self, kind: TokenKind) -> Scanned<()> {
        self.save_possible_key()?;
        self.key_allowed = false;
        let start = self.position;
        self.position += 1;
        self.skip_while(is_name_byte);
        let ends = self.is_blank_or_end(0) || self.byte().is_some_and(|byte| b"?:,]}%@`".contains(&byte));
        if self.position == start + 1 || !ends {
            return Err(Self::error(SyntaxErrorKind::BadAnchor, start, self.position));
        }
        let token = self.token(kind, start);
        self.push(token);
        let construct = if kind == TokenKind::Alias { Construct::Alias } else { Construct::Anchor };
        self.constructs.push((construct, token.range));
        Ok(())
    }

    pub(super) fn fetch_tag(&mut self) -> Scanned<()> {
        self.save_possible_key()?;
        self.key_allowed = false;
        let start = self.position;
        self.position += 1;
        let mut complete = true;
        if self.byte() == Some(b'<') {
            self.position += 1;
            let uri = self.position;
            self.skip_while(is_uri_byte);
            complete = self.position > uri && self.byte() == Some(b'>');
            self.position += usize::from(complete);
        } else {
            self.skip_while(is_name_byte);
            // `!handle!` needs a suffix; `!`, `!suffix` are complete.
            if self.byte() == Some(b'!') {
                self.position += 1;
                let suffix = self.position;
                self.skip_while(is_uri_byte);
                complete = self.position > suffix;
            } else {
                self.skip_while(is_uri_byte);
            }
        }
        if !complete || !self.is_blank_or_end(0) {
            return Err(Self::error(SyntaxErrorKind::BadTag, start, self.rest_of_line().max(start + 1)));
        }
        let token = self.token(TokenKind::Tag, start);
        self.push(token);
        self.constructs.push((Construct::Tag, token.range));
        Ok(())
    }

    pub(super) fn fetch_directive(&mut self) -> Scanned<()> {
        if self.flow_depth == 0 {
            self.close_all_levels();
        }
        self.drop_possible_key()?;
        self.key_allowed = false;
        let start = self.position;
        let end = line_end(self.bytes, start);
        let line = &self.text[start..end];
        // A comment may follow a version without a blank; in a prefix, `#` is none.
        let comment = if line.starts_with("%YAML") { line.find('#') } else { line.find(" #") };
        let content = line[..comment.unwrap_or(line.len())].trim_end_matches([' ', '\t']);
        let mut words = content.split([' ', '\t']).filter(|word| !word.is_empty());
        let is_version = |word: &str| word.split_once('.').is_some_and(|(major, minor)| is_number(major) && is_number(minor));
        let kind = match (words.next(), words.next(), words.next(), words.next()) {
            (Some("%YAML"), Some(version), None, None) if is_version(version) => TokenKind::YamlDirective,
            (Some("%TAG"), Some(handle), Some(prefix), None) if is_handle(handle) && prefix.bytes().all(is_uri_byte) => {
                TokenKind::TagDirective
            }
            _ => return Err(Self::error(SyntaxErrorKind::BadDirective, start, start + line.trim_end().len())),
        };
        self.push_indicator(kind, content.len());
        self.constructs.push((Construct::Directive, TextRange::new(offset(start), offset(self.position))));
        self.position = end;
        if is_line_break(self.bytes, self.position) {
            self.skip_line_break();
        }
        Ok(())
    }
}

fn is_number(word: &str) -> bool {
    (1..10).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_handle(word: &str) -> bool {
    let bytes = word.as_bytes();
    word == "!"
        || bytes.len() >= 2
            && bytes[0] == b'!'
            && bytes[bytes.len() - 1] == b'!'
            && bytes[1..bytes.len() - 1].iter().copied().all(is_name_byte)
}
