//! Text to tokens, by the rules of YAML 1.1.
//!
//! Tokens are made on demand and wait in a queue while the first of them may still turn out to be
//! a key (`key` before its `:`). A key is no token of its own: the token that starts it carries
//! [`Token::key`], and [`Token::opens_mapping`] where a block mapping starts with it. Indentation
//! becomes `BlockSequenceStart` and `BlockEnd` tokens.

mod chars;
mod indicators;
mod keys;
mod properties;
mod quoted;
mod repair;
mod token;
mod words;

use std::collections::VecDeque;

use crate::error::{SyntaxError, SyntaxErrorKind};
use crate::text::{TextRange, mark_length, offset};
use crate::tree::{Construct, Style};

use keys::PossibleKey;

pub(crate) use chars::{forbidden_characters, is_line_break, line_break_length};
pub(crate) use token::{Token, TokenKind};

pub(crate) type Scanned<T> = Result<T, SyntaxError>;

/// An open block collection.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Level {
    pub(crate) column: i32,
    pub(crate) is_sequence: bool,
}

#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own about the place that is reached")]
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
    /// At most one for the block context and one for each open bracket, the outermost first.
    possible_keys: VecDeque<PossibleKey>,
    queue: VecDeque<Token>,
    /// The kind of the last token of the queue, also after it was taken.
    last: TokenKind,
    /// Whether the first token of the queue can be handed out.
    ready: bool,
    taken: usize,
    /// The first quoted scalar over several lines since the parser last looked.
    pub(crate) multiline_quote: Option<usize>,
    pub(crate) comments: Vec<TextRange>,
    pub(crate) constructs: Vec<(Construct, TextRange)>,
    /// The last plain scalar over several lines in a block collection.
    run_on: Option<TextRange>,
    /// Where a `: ` was found behind such a scalar, and the line that is to blame.
    pub(crate) run_on_causes: Vec<(usize, SyntaxError)>,
    /// Errors after which scanning went on at once.
    pub(crate) repaired: Vec<SyntaxError>,
    /// Whether the parser went on behind an error.
    resumed: bool,
    /// Whether nothing of the document has come yet.
    before_root: bool,
}

impl<'t> Scanner<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        let bytes = text.as_bytes();
        let position = mark_length(text) as usize;
        Self {
            text,
            bytes,
            position,
            line_start: position.cast_signed(),
            line: 0,
            levels: Vec::new(),
            flow_depth: 0,
            key_allowed: true,
            possible_keys: VecDeque::new(),
            queue: VecDeque::new(),
            last: TokenKind::DocumentStart,
            ready: false,
            taken: 0,
            multiline_quote: None,
            comments: Vec::new(),
            constructs: Vec::new(),
            run_on: None,
            run_on_causes: Vec::new(),
            repaired: Vec::new(),
            resumed: false,
            before_root: true,
        }
    }

    /// The next token, which stays the next one until it is [taken](Self::take).
    #[inline(always)]
    #[expect(
        clippy::inline_always,
        reason = "a copy of a whole token that was just written stalls; inlined, only the fields in use are read"
    )]
    pub(crate) fn peek(&mut self) -> Scanned<Token> {
        if !self.ready {
            self.make_ready()?;
        }
        Ok(self.queue[0])
    }

    fn make_ready(&mut self) -> Scanned<()> {
        while self.needs_more()? {
            self.fetch()?;
        }
        self.ready = true;
        Ok(())
    }

    /// Passes over the token that was peeked.
    pub(crate) fn take(&mut self) {
        self.queue.pop_front();
        self.taken += 1;
        self.ready = false;
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
        self.taken += self.queue.len();
        self.queue.clear();
        self.ready = false;
        self.multiline_quote = None;
        self.resumed = true;
        self.before_root = levels.is_empty();
        self.forget_repaired(line_start);
        let resumed = offset(line_start);
        self.comments.truncate(self.comments.partition_point(|comment| comment.start() < resumed));
        self.constructs.truncate(self.constructs.partition_point(|(_, range)| range.start() < resumed));
    }

    /// The first token cannot be handed out while it may still become a key.
    fn needs_more(&mut self) -> Scanned<bool> {
        if self.queue.is_empty() {
            return Ok(true);
        }
        let Some(key) = self.possible_keys.front().copied().filter(|key| key.token == self.taken) else {
            return Ok(false);
        };
        let is_possible = self.queue.back().is_none_or(|last| last.kind != TokenKind::End) && self.is_possible(key);
        if !is_possible {
            self.possible_keys.pop_front();
            if key.required {
                return Err(self.missing_colon(key));
            }
        }
        Ok(is_possible)
    }

    fn column(&self) -> i32 {
        i32::try_from(self.position.cast_signed() - self.line_start).unwrap_or(i32::MAX)
    }

    /// The column; at the end of the text the one that closes everything.
    fn column_or_end(&self) -> i32 {
        if self.position == self.bytes.len() { -1 } else { self.column() }
    }

    fn indent(&self) -> i32 {
        self.levels.last().map_or(-1, |level| level.column)
    }

    /// Column of the innermost block collection.
    pub(crate) fn parent_column(&self) -> u32 {
        u32::try_from(self.indent()).unwrap_or(0)
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

    fn push(&mut self, token: Token) {
        self.last = token.kind;
        self.queue.push_back(token);
    }

    /// Makes a token of the next `length` bytes.
    fn push_indicator(&mut self, kind: TokenKind, length: usize) {
        let start = self.position;
        self.position += length;
        let token = self.token(kind, start);
        self.push(token);
    }

    fn fetch(&mut self) -> Scanned<()> {
        self.skip_to_token();
        if self.flow_depth == 0 {
            self.enter_line();
        }
        let Some(byte) = self.byte() else { return self.fetch_end() };
        if self.column() == 0 {
            match byte {
                b'%' => return self.fetch_directive(),
                b'-' if self.at_marker(*b"---") => return self.fetch_marker(TokenKind::DocumentStart),
                b'.' if self.at_marker(*b"...") => return self.fetch_marker(TokenKind::DocumentEnd),
                _ => {}
            }
        }
        let in_flow = self.flow_depth > 0;
        let fetched = match byte {
            b'[' => self.fetch_flow_start(TokenKind::FlowSequenceStart),
            b'{' => self.fetch_flow_start(TokenKind::FlowMappingStart),
            b']' => self.fetch_flow_end(TokenKind::FlowSequenceEnd),
            b'}' => self.fetch_flow_end(TokenKind::FlowMappingEnd),
            b',' => self.fetch_flow_entry(),
            b'-' if self.is_blank_or_end(1) => self.fetch_block_entry(),
            b'?' if in_flow || self.is_blank_or_end(1) => self.fetch_key(),
            b':' if self.at_value() => self.fetch_value(),
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
        };
        self.before_root = false;
        fetched
    }

    fn at_marker(&self, marker: [u8; 3]) -> bool {
        self.bytes[self.position..].starts_with(&marker) && self.is_blank_or_end(3)
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

    /// Closes what the current line is indented less than, wrong lines repaired.
    fn enter_line(&mut self) {
        while self.byte() == Some(b'\t') && (self.before_root || !self.levels.is_empty()) {
            self.skip_tab();
            self.skip_to_token();
        }
        self.skip_stray_line();
        self.close_levels();
        self.add_dash();
    }

    /// Closes the block collections that are indented more than the current column.
    fn close_levels(&mut self) {
        let mut column = self.column_or_end();
        if column >= self.indent() {
            return;
        }
        if column >= 0 && column < self.levels[0].column {
            self.widen_root(column);
        } else if column >= 0 && !self.levels.iter().any(|level| level.column == column) {
            self.align(column);
            column = self.column_or_end();
        }
        while self.indent() > column {
            self.levels.pop();
            let token = self.token(TokenKind::BlockEnd, self.position);
            self.push(token);
        }
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

    /// Returns the key that the scalar at the current position may be.
    #[inline]
    fn begin_scalar(&mut self) -> Scanned<Option<PossibleKey>> {
        if !self.key_allowed {
            return Ok(None);
        }
        self.drop_possible_key()?;
        self.key_allowed = false;
        Ok(Some(self.key_here()))
    }

    /// Queues a scalar, and its `:` if it is a key. Nearly always what stands behind it tells at
    /// once; otherwise the scalar waits until more is read, like anything else that may be a key.
    fn push_scalar(&mut self, token: Token, key: Option<PossibleKey>, cut: bool) {
        self.push(token);
        let Some(key) = key else { return };
        while !self.key_allowed && matches!(self.byte(), Some(b' ' | b'\t')) {
            self.position += 1;
        }
        if self.at_value() && self.is_possible(key) {
            self.complete_key(key);
            self.push_indicator(TokenKind::Value, 1);
        } else if !self.repair_key(token, key, cut) && (cut || key.required || !self.at_value_end()) {
            self.possible_keys.push_back(PossibleKey { required: key.required || cut, ..key });
        }
    }

    /// Whether what stands here, behind a scalar on its line, ends a value and cannot follow a key.
    fn at_value_end(&self) -> bool {
        match self.byte() {
            None | Some(b'\n') => true,
            Some(b',' | b']' | b'}') => self.flow_depth > 0,
            Some(_) => false,
        }
    }

    /// Whether the `:` between key and value stands here.
    fn at_value(&self) -> bool {
        self.byte() == Some(b':') && (self.flow_depth > 0 || self.is_blank_or_end(1))
    }
}
