//! Text to tokens, by the rules of YAML 1.1.
//!
//! Tokens are made on demand and wait in a queue while the first of them may still turn out to be
//! a key (`key` before its `:`). A key is no token of its own: the token that starts it carries
//! [`Token::key`], and [`Token::opens_mapping`] where a block mapping starts with it. Indentation
//! becomes `BlockSequenceStart` and `BlockEnd` tokens.

mod chars;
mod properties;
mod quoted;
mod words;

use std::collections::VecDeque;

use crate::error::{SyntaxError, SyntaxErrorKind};
use crate::text::{TextRange, offset};
use crate::tree::{Construct, Style};

pub(crate) use chars::{forbidden_characters, is_line_break, line_break_length};

pub(crate) type Scanned<T> = Result<T, SyntaxError>;

/// A key must be followed by its `:` within this many characters, on the same line.
const KEY_LIMIT: usize = 1024;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum TokenKind {
    End,
    YamlDirective,
    TagDirective,
    DocumentStart,
    DocumentEnd,
    BlockSequenceStart,
    BlockMappingStart,
    BlockEnd,
    BlockEntry,
    /// `?`
    Key,
    /// `:`
    Value,
    FlowSequenceStart,
    FlowSequenceEnd,
    FlowMappingStart,
    FlowMappingEnd,
    FlowEntry,
    Anchor,
    Alias,
    Tag,
    Scalar,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    pub(crate) kind: TokenKind,
    /// Starts a key: what follows, up to its `:`, is one.
    pub(crate) key: bool,
    /// Starts a block mapping with that key.
    pub(crate) opens_mapping: bool,
    /// For scalars: the value is the text (between the quotes).
    pub(crate) verbatim: bool,
    pub(crate) style: Style,
    /// Line from 0.
    pub(crate) line: u32,
    /// Bytes since the start of the line.
    pub(crate) column: i32,
    pub(crate) range: TextRange,
}

/// A position where a key may have started.
#[derive(Clone, Copy, Default)]
struct PossibleKey {
    possible: bool,
    /// At the indentation of a block mapping nothing but a key can stand.
    required: bool,
    /// Number of its first token, counted from the start of the text.
    token: usize,
    start: usize,
    line: u32,
    column: i32,
}

/// An open block collection.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Level {
    pub(crate) column: i32,
    pub(crate) is_sequence: bool,
}

pub(crate) struct Scanner<'t> {
    text: &'t str,
    bytes: &'t [u8],
    position: usize,
    /// Where column 0 of the current line is; moved where a badly indented line is read as if it
    /// stood at its siblings' column.
    line_start: isize,
    line: u32,
    levels: Vec<Level>,
    flow_depth: usize,
    key_allowed: bool,
    /// One for the block context and one for each open bracket.
    possible_keys: Vec<PossibleKey>,
    queue: VecDeque<Token>,
    taken: usize,
    /// The first quoted scalar over several lines since the parser last looked.
    pub(crate) multiline_quote: Option<usize>,
    pub(crate) comments: Vec<TextRange>,
    pub(crate) constructs: Vec<(Construct, TextRange)>,
    /// Errors after which scanning went on at once.
    pub(crate) repaired: Vec<SyntaxError>,
    last_double_quote: usize,
    last_single_quote: usize,
}

impl<'t> Scanner<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        let bytes = text.as_bytes();
        let position = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        Self {
            text,
            bytes,
            position,
            line_start: position.cast_signed(),
            line: 0,
            levels: Vec::new(),
            flow_depth: 0,
            key_allowed: true,
            possible_keys: vec![PossibleKey::default()],
            queue: VecDeque::new(),
            taken: 0,
            multiline_quote: None,
            comments: Vec::new(),
            constructs: Vec::new(),
            repaired: Vec::new(),
            last_double_quote: memchr::memrchr(b'"', bytes).unwrap_or(0),
            last_single_quote: memchr::memrchr(b'\'', bytes).unwrap_or(0),
        }
    }

    /// The next token, which stays the next one until it is [taken](Self::take).
    pub(crate) fn peek(&mut self) -> Scanned<Token> {
        while self.needs_more()? {
            self.fetch()?;
        }
        Ok(self.queue[0])
    }

    /// Passes over the token that was peeked.
    pub(crate) fn take(&mut self) {
        self.queue.pop_front();
        self.taken += 1;
    }

    /// Passes over the peeked token's role as the start of a mapping.
    pub(crate) fn take_mapping_start(&mut self) {
        if let Some(token) = self.queue.front_mut() {
            token.opens_mapping = false;
        }
    }

    /// Passes over the peeked token's role as the start of a key.
    pub(crate) fn take_key(&mut self) {
        if let Some(token) = self.queue.front_mut() {
            token.key = false;
        }
    }

    /// Goes on at the start of a line, in block context, with these collections open.
    pub(crate) fn resume(&mut self, line: u32, line_start: usize, levels: &[Level]) {
        self.position = line_start;
        self.line_start = line_start.cast_signed();
        self.line = line;
        self.levels.clear();
        self.levels.extend_from_slice(levels);
        self.flow_depth = 0;
        self.key_allowed = true;
        self.possible_keys.clear();
        self.possible_keys.push(PossibleKey::default());
        self.taken += self.queue.len();
        self.queue.clear();
        self.multiline_quote = None;
        let resumed = offset(line_start);
        self.comments.truncate(self.comments.partition_point(|comment| comment.start() < resumed));
        self.constructs.truncate(self.constructs.partition_point(|(_, range)| range.start() < resumed));
    }

    /// The first token cannot be handed out while it may still become a key.
    fn needs_more(&mut self) -> Scanned<bool> {
        if self.queue.is_empty() {
            return Ok(true);
        }
        let Some(at) = self.possible_keys.iter().position(|key| key.possible && key.token == self.taken) else {
            return Ok(false);
        };
        if self.queue.back().is_some_and(|last| last.kind == TokenKind::End) {
            let key = std::mem::take(&mut self.possible_keys[at]);
            return if key.required { Err(self.missing_colon(key)) } else { Ok(false) };
        }
        self.is_key_valid(at)
    }

    fn column(&self) -> i32 {
        i32::try_from(self.position.cast_signed() - self.line_start).unwrap_or(i32::MAX)
    }

    fn indent(&self) -> i32 {
        self.levels.last().map_or(-1, |level| level.column)
    }

    fn byte(&self) -> Option<u8> {
        self.bytes.get(self.position).copied()
    }

    fn byte_at(&self, distance: usize) -> Option<u8> {
        self.bytes.get(self.position + distance).copied()
    }

    /// Whether a blank, a line break or the end stands `distance` bytes ahead.
    fn is_blank_or_end(&self, distance: usize) -> bool {
        let at = self.position + distance;
        match self.bytes.get(at) {
            None | Some(b' ' | b'\t' | b'\n' | b'\r') => true,
            Some(0xC2 | 0xE2) => is_line_break(self.bytes, at),
            Some(_) => false,
        }
    }

    fn skip_line_break(&mut self) {
        self.position += line_break_length(self.bytes, self.position);
        self.line_start = self.position.cast_signed();
        // Lines are counted as editors count them: CR, NEL, LS and PS end a line of YAML only.
        if self.bytes[self.position - 1] == b'\n' {
            self.line += 1;
        }
    }

    fn error(kind: SyntaxErrorKind, start: usize, end: usize) -> SyntaxError {
        SyntaxError { kind, range: TextRange::new(offset(start), offset(end)) }
    }

    /// An error at the character at `at`.
    fn error_at(&self, kind: SyntaxErrorKind, at: usize) -> SyntaxError {
        let length = self.text.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        Self::error(kind, at, at + length)
    }

    fn token(&self, kind: TokenKind, start: usize) -> Token {
        Token {
            kind,
            key: false,
            opens_mapping: false,
            verbatim: false,
            style: Style::Plain,
            line: self.line,
            column: i32::try_from(start.cast_signed() - self.line_start).unwrap_or(i32::MAX),
            range: TextRange::new(offset(start), offset(self.position)),
        }
    }

    /// Makes a token of the next `length` bytes.
    fn push_indicator(&mut self, kind: TokenKind, length: usize) {
        let start = self.position;
        self.position += length;
        let token = self.token(kind, start);
        self.queue.push_back(token);
    }

    fn fetch(&mut self) -> Scanned<()> {
        self.skip_to_token();
        self.close_levels();
        let Some(byte) = self.byte() else { return self.fetch_end() };
        if self.column() == 0 {
            match byte {
                b'%' => return self.fetch_directive(),
                b'-' if self.at_marker(b"---") => return self.fetch_marker(TokenKind::DocumentStart),
                b'.' if self.at_marker(b"...") => return self.fetch_marker(TokenKind::DocumentEnd),
                _ => {}
            }
        }
        let in_flow = self.flow_depth > 0;
        match byte {
            b'[' => self.fetch_flow_start(TokenKind::FlowSequenceStart),
            b'{' => self.fetch_flow_start(TokenKind::FlowMappingStart),
            b']' => self.fetch_flow_end(TokenKind::FlowSequenceEnd),
            b'}' => self.fetch_flow_end(TokenKind::FlowMappingEnd),
            b',' => self.fetch_flow_entry(),
            b'-' if self.is_blank_or_end(1) => self.fetch_block_entry(),
            b'?' if in_flow || self.is_blank_or_end(1) => self.fetch_key(),
            b':' if in_flow || self.is_blank_or_end(1) => self.fetch_value(),
            b'*' => self.fetch_anchor(TokenKind::Alias),
            b'&' => self.fetch_anchor(TokenKind::Anchor),
            b'!' => self.fetch_tag(),
            b'|' if !in_flow => self.fetch_block_scalar(Style::Literal),
            b'>' if !in_flow => self.fetch_block_scalar(Style::Folded),
            b'\'' => self.fetch_quoted(Style::SingleQuoted),
            b'"' => self.fetch_quoted(Style::DoubleQuoted),
            b'\t' => Err(self.error_at(SyntaxErrorKind::TabIndentation, self.position)),
            b'#' | b'|' | b'>' | b'%' | b'@' | b'`' => Err(self.error_at(SyntaxErrorKind::UnexpectedCharacter, self.position)),
            _ => self.fetch_plain(),
        }
    }

    fn at_marker(&self, marker: &[u8; 3]) -> bool {
        self.bytes[self.position..].starts_with(marker) && self.is_blank_or_end(3)
    }

    /// Passes over blanks, comments and line breaks.
    fn skip_to_token(&mut self) {
        loop {
            if self.byte() == Some(0xEF) && self.column() == 0 && self.text[self.position..].starts_with('\u{feff}') {
                // A byte order mark may start a line; it counts as one column.
                self.position += '\u{feff}'.len_utf8();
                self.line_start = self.position.cast_signed() - 1;
            }
            let tabs = self.flow_depth > 0 || !self.key_allowed;
            while matches!(self.byte(), Some(b' ')) || tabs && self.byte() == Some(b'\t') {
                self.position += 1;
            }
            if self.byte() == Some(b'#') {
                let start = self.position;
                self.position = chars::line_end(self.bytes, start);
                self.comments.push(TextRange::new(offset(start), offset(self.position)));
            }
            if !is_line_break(self.bytes, self.position) {
                return;
            }
            self.skip_line_break();
            if self.flow_depth == 0 {
                self.key_allowed = true;
            }
        }
    }

    /// Closes the block collections that are indented more than the current column.
    fn close_levels(&mut self) {
        if self.flow_depth > 0 {
            return;
        }
        let column = if self.byte().is_none() { -1 } else { self.column() };
        if column < self.indent() && !self.levels.iter().any(|level| level.column == column) && column > self.levels[0].column {
            self.align(column);
        }
        let column = if self.byte().is_none() { -1 } else { self.column() };
        while self.indent() > column {
            self.levels.pop();
            let token = self.token(TokenKind::BlockEnd, self.position);
            self.queue.push_back(token);
        }
    }

    /// A line between two levels belongs to neither. It is read as if it stood at the nearest level
    /// of its kind, so that the siblings around it keep their meaning.
    fn align(&mut self, column: i32) {
        let is_entry = self.byte() == Some(b'-') && self.is_blank_or_end(1);
        let distance = |level: &Level| ((level.column - column).abs(), -level.column);
        let of_kind = self.levels.iter().filter(|level| level.is_sequence == is_entry).min_by_key(|level| distance(level));
        let Some(nearest) = of_kind.or_else(|| self.levels.iter().min_by_key(|level| distance(level))) else { return };
        let range = (self.position, self.rest_of_line());
        self.line_start = self.position.cast_signed() - nearest.column as isize;
        self.repaired.push(Self::error(SyntaxErrorKind::BadIndentation, range.0, range.1));
    }

    /// End of the current line, blanks before it left out.
    fn rest_of_line(&self) -> usize {
        let end = chars::line_end(self.bytes, self.position);
        self.position + self.text[self.position..end].trim_end().len()
    }

    fn open_level(&mut self, column: i32, is_sequence: bool) -> bool {
        let opens = self.flow_depth == 0 && self.indent() < column;
        if opens {
            self.levels.push(Level { column, is_sequence });
        }
        opens
    }

    // Keys.

    fn save_possible_key(&mut self) -> Scanned<()> {
        if self.key_allowed {
            let key = PossibleKey {
                possible: true,
                required: self.flow_depth == 0 && self.indent() == self.column(),
                token: self.taken + self.queue.len(),
                start: self.position,
                line: self.line,
                column: self.column(),
            };
            self.drop_possible_key()?;
            self.possible_keys[self.flow_depth] = key;
        }
        Ok(())
    }

    fn drop_possible_key(&mut self) -> Scanned<()> {
        let key = self.possible_keys[self.flow_depth];
        self.possible_keys[self.flow_depth].possible = false;
        if key.possible && key.required { Err(self.missing_colon(key)) } else { Ok(()) }
    }

    /// A key is over with its line, or when it grows too long.
    fn is_key_valid(&mut self, at: usize) -> Scanned<bool> {
        let key = self.possible_keys[at];
        if !key.possible {
            return Ok(false);
        }
        let too_long = self.position - key.start > KEY_LIMIT && self.text[key.start..self.position].chars().count() > KEY_LIMIT;
        if key.line == self.line && !too_long && !self.crosses_line_break(key.start) {
            return Ok(true);
        }
        if key.required {
            return Err(self.missing_colon(key));
        }
        self.possible_keys[at].possible = false;
        Ok(false)
    }

    /// Whether one of YAML 1.1's own line breaks, which do not count as lines, stands since `start`.
    fn crosses_line_break(&self, start: usize) -> bool {
        self.line_start > start.cast_signed()
    }

    fn missing_colon(&self, key: PossibleKey) -> SyntaxError {
        let end = chars::line_end(self.bytes, key.start);
        Self::error(SyntaxErrorKind::MissingColon, key.start, key.start + self.text[key.start..end].trim_end().len())
    }

    // Indicators.

    fn fetch_end(&mut self) -> Scanned<()> {
        self.drop_possible_key()?;
        self.key_allowed = false;
        let token = self.token(TokenKind::End, self.position);
        self.queue.push_back(token);
        Ok(())
    }

    fn close_all_levels(&mut self) {
        while self.levels.pop().is_some() {
            let token = self.token(TokenKind::BlockEnd, self.position);
            self.queue.push_back(token);
        }
    }

    fn fetch_marker(&mut self, kind: TokenKind) -> Scanned<()> {
        if self.flow_depth == 0 {
            self.close_all_levels();
        }
        self.drop_possible_key()?;
        self.key_allowed = false;
        self.push_indicator(kind, 3);
        Ok(())
    }

    fn fetch_flow_start(&mut self, kind: TokenKind) -> Scanned<()> {
        self.save_possible_key()?;
        self.possible_keys.push(PossibleKey::default());
        self.flow_depth += 1;
        self.key_allowed = true;
        self.push_indicator(kind, 1);
        Ok(())
    }

    fn fetch_flow_end(&mut self, kind: TokenKind) -> Scanned<()> {
        self.drop_possible_key()?;
        if self.flow_depth > 0 {
            self.flow_depth -= 1;
            self.possible_keys.pop();
        }
        self.key_allowed = false;
        self.push_indicator(kind, 1);
        Ok(())
    }

    fn fetch_flow_entry(&mut self) -> Scanned<()> {
        self.drop_possible_key()?;
        self.key_allowed = true;
        self.push_indicator(TokenKind::FlowEntry, 1);
        Ok(())
    }

    fn fetch_block_entry(&mut self) -> Scanned<()> {
        if self.flow_depth == 0 {
            if !self.key_allowed {
                return Err(self.error_at(SyntaxErrorKind::UnexpectedSequenceEntry, self.position));
            }
            if self.open_level(self.column(), true) {
                let token = self.token(TokenKind::BlockSequenceStart, self.position);
                self.queue.push_back(token);
            }
        }
        self.drop_possible_key()?;
        self.key_allowed = true;
        self.push_indicator(TokenKind::BlockEntry, 1);
        Ok(())
    }

    fn fetch_key(&mut self) -> Scanned<()> {
        if self.flow_depth == 0 {
            if !self.key_allowed {
                return Err(self.error_at(SyntaxErrorKind::UnexpectedKeyIndicator, self.position));
            }
            if self.open_level(self.column(), false) {
                let token = self.token(TokenKind::BlockMappingStart, self.position);
                self.queue.push_back(token);
            }
        }
        self.drop_possible_key()?;
        self.key_allowed = self.flow_depth == 0;
        self.push_indicator(TokenKind::Key, 1);
        let range = self.queue[self.queue.len() - 1].range;
        self.constructs.push((Construct::ComplexKey, range));
        Ok(())
    }

    fn fetch_value(&mut self) -> Scanned<()> {
        if self.is_key_valid(self.flow_depth)? {
            let key = self.possible_keys[self.flow_depth];
            let opens = self.open_level(key.column, false);
            let token = &mut self.queue[key.token - self.taken];
            token.key = true;
            token.opens_mapping = opens;
            self.possible_keys[self.flow_depth].possible = false;
            self.key_allowed = false;
        } else {
            if self.flow_depth == 0 {
                if !self.key_allowed {
                    return Err(self.error_at(SyntaxErrorKind::UnexpectedMappingValue, self.position));
                }
                if self.open_level(self.column(), false) {
                    let token = self.token(TokenKind::BlockMappingStart, self.position);
                    self.queue.push_back(token);
                }
            }
            self.key_allowed = self.flow_depth == 0;
        }
        self.push_indicator(TokenKind::Value, 1);
        Ok(())
    }
}
