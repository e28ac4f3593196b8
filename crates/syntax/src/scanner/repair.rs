//! Lines that no reader accepts, read as what they were meant to be: a key without its colon, the
//! rest of a broken line, a line that is indented too much or too little.
//!
//! Each repair notes an error. They concern the scanner because a wrong line would close the
//! collections around it: the parser could only pass over everything that follows in them.

use super::chars::{is_line_break, line_break_length, line_end};
use super::{Level, PossibleKey, Scanner, Token, TokenKind};
use crate::error::{SyntaxError, SyntaxErrorKind};
use crate::text::{TextRange, offset};

/// The first character of a line with content.
#[derive(Clone, Copy)]
struct LineContent {
    column: i32,
    start: usize,
}

/// What a scalar without a colon is, by the lines behind it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Colonless {
    /// A key: its value follows.
    Key,
    /// A line that stands in the place of a `key: value`.
    Entry,
}

impl Scanner<'_> {
    /// Notes an error after which scanning goes on.
    pub(super) fn note(&mut self, error: SyntaxError) {
        let at = self.repaired.partition_point(|known| known.range.start() <= error.range.start());
        self.repaired.insert(at, error);
    }

    /// Drops the noted errors from `start` on.
    pub(super) fn forget_repaired(&mut self, start: usize) {
        let start = offset(start);
        self.repaired.truncate(self.repaired.partition_point(|error| error.range.start() < start));
    }

    /// The next line with content, if at most a comment stands before it.
    fn next_line(&self, mut at: usize) -> Option<LineContent> {
        let mut line_start = None;
        loop {
            while matches!(self.bytes.get(at), Some(b' ' | b'\t')) {
                at += 1;
            }
            if self.bytes.get(at) == Some(&b'#') {
                at = line_end(self.bytes, at);
            }
            if !is_line_break(self.bytes, at) {
                break;
            }
            at += line_break_length(self.bytes, at);
            line_start = Some(at);
        }
        let column = i32::try_from(at - line_start?).ok()?;
        (at < self.bytes.len()).then_some(LineContent { column, start: at })
    }

    /// The next line with content behind the line of `at`.
    fn line_below(&self, at: usize) -> Option<LineContent> {
        self.next_line(line_end(self.bytes, at))
    }

    /// Column of the next line that is not indented more than `column`.
    fn next_sibling_column(&self, column: i32) -> Option<i32> {
        let mut next = self.line_below(self.position)?;
        while next.column > column {
            next = self.line_below(next.start)?;
        }
        Some(next.column)
    }

    /// Column of the lines below that are indented more than `column`.
    fn column_of_block_below(&self, column: i32) -> Option<i32> {
        let mut least = None;
        let mut next = self.line_below(self.position);
        while let Some(line) = next.filter(|line| line.column > column) {
            least = Some(least.map_or(line.column, |least: i32| least.min(line.column)));
            next = self.line_below(line.start);
        }
        least
    }

    /// Whether `- ` stands there.
    fn is_item(&self, at: usize) -> bool {
        let next = self.bytes.get(at + 1);
        self.bytes.get(at) == Some(&b'-') && (matches!(next, None | Some(b' ' | b'\t')) || is_line_break(self.bytes, at + 1))
    }

    /// Whether `: ` stands in the rest of the line.
    fn holds_colon(&self, at: usize) -> bool {
        let line = self.text[at..line_end(self.bytes, at)].trim_end();
        line.ends_with(':') || line.contains(": ")
    }

    /// Whether the line starts with a word and its colon.
    fn starts_key(&self) -> bool {
        let word = self.bytes[self.position..].iter().take_while(|byte| byte.is_ascii_alphanumeric() || b"_-./".contains(byte)).count();
        word > 0 && self.bytes.get(self.position + word) == Some(&b':') && self.is_blank_or_end(word + 1)
    }

    /// Whether nothing but a comment follows on the line.
    fn ends_line(&self) -> bool {
        matches!(self.byte(), None | Some(b'#')) || is_line_break(self.bytes, self.position)
    }

    fn starts_line(&self, at: usize) -> bool {
        let before = self.text[..at].trim_end_matches(' ');
        before.is_empty() || before.ends_with('\n')
    }

    // Keys without a colon.

    /// What the scalar in `range` is, if lines follow that a value cannot have.
    fn colonless(&self, range: TextRange, key: PossibleKey) -> Option<Colonless> {
        let next = self.next_line(range.end() as usize)?;
        let is_item = self.is_item(next.start);
        if !key.required {
            let starts_nested = if is_item { self.starts_line(key.start) } else { self.holds_colon(next.start) };
            if next.column <= self.indent() || !starts_nested {
                return None;
            }
            if !is_item && next.column == key.column {
                return Some(Colonless::Entry);
            }
        }
        let is_nested = next.column > key.column || is_item && next.column == key.column;
        let text = &self.text[range.to_usize()];
        let is_word = !text.starts_with('-') && !text.contains([' ', '\t', '\n', '\r']);
        (is_nested && is_word).then_some(Colonless::Key)
    }

    /// The scalar that was queued last may be a key, but has no `:`. If it must have been one, it
    /// is taken for it. `cut`: the scalar ran on into a line that cannot belong to it.
    pub(super) fn repair_key(&mut self, token: Token, key: PossibleKey, cut: bool) -> bool {
        if self.flow_depth > 0 || self.levels.is_empty() && !cut {
            return false;
        }
        let Some(colonless) = self.colonless(token.range, key) else { return false };
        self.note(SyntaxError { kind: SyntaxErrorKind::MissingColon, range: token.range });
        self.add_colon(token, key, colonless);
        true
    }

    fn add_colon(&mut self, token: Token, key: PossibleKey, colonless: Colonless) {
        self.complete_key(key);
        if let Some(scalar) = self.queue.back_mut().filter(|_| colonless == Colonless::Entry) {
            scalar.kind = TokenKind::Unreadable;
        }
        self.push(Token { kind: TokenKind::Value, range: TextRange::empty(token.range.end()), ..token });
        self.key_allowed = true;
    }

    // Quoted scalars with something behind them.

    /// Something stands behind a quoted scalar that cannot: behind its end on a later line, so that
    /// its quote was not closed, or behind a key.
    pub(super) fn repair_quoted(&mut self, token: Token, key: Option<PossibleKey>, spans_lines: bool) -> bool {
        while matches!(self.byte(), Some(b' ' | b'\t')) {
            self.position += 1;
        }
        if self.flow_depth > 0 || self.levels.is_empty() || self.ends_line() {
            return false;
        }
        let start = token.range.start() as usize;
        if spans_lines {
            self.cut_quoted(token, key);
            return true;
        }
        let Some(key) = key.filter(|key| !self.at_value() && (key.required || self.starts_line(key.start))) else { return false };
        let is_entry = key.required || self.line_below(start).is_some_and(|next| next.column == key.column && self.holds_colon(next.start));
        if !is_entry {
            return false;
        }
        self.push(token);
        if matches!(self.byte(), Some(b'[' | b'{')) {
            self.note(SyntaxError { kind: SyntaxErrorKind::MissingColon, range: token.range });
            self.add_colon(token, key, Colonless::Key);
            self.key_allowed = false;
        } else {
            self.note(Self::error(SyntaxErrorKind::ExpectedKey, self.position, self.rest_of_line()));
            self.add_colon(token, key, Colonless::Entry);
            self.position = line_end(self.bytes, self.position);
        }
        true
    }

    /// Ends a quoted scalar with its first line.
    pub(super) fn cut_quoted(&mut self, mut token: Token, key: Option<PossibleKey>) {
        let start = token.range.start() as usize;
        let error = self.unclosed(start);
        self.position = line_end(self.bytes, start);
        self.line = token.line;
        self.line_start = start.cast_signed() - token.column as isize;
        token.kind = TokenKind::Unreadable;
        token.range = error.range;
        self.note(error);
        self.push(token);
        if let Some(key) = key.filter(|key| key.required || self.colonless(token.range, *key).is_some()) {
            self.add_colon(token, key, Colonless::Entry);
        }
    }

    // Indentation.

    /// Passes over a line that is indented less than its surroundings, belongs nowhere, and is
    /// followed by a line that goes on with what stood before it: the rest of a broken line.
    pub(super) fn skip_stray_line(&mut self) {
        let column = self.column();
        if column >= self.indent() || self.position == self.bytes.len() || column < self.levels[0].column {
            return;
        }
        let list = self.levels.iter().position(|level| level.is_sequence && level.column == column);
        let in_list = list.is_some();
        let starts_entry = || self.holds_colon(self.position) || self.byte() == Some(b'?') && self.is_blank_or_end(1);
        if self.starts_item_or_marker() || !in_list && starts_entry() {
            return;
        }
        let Some(next) = self.line_below(self.position).filter(|next| next.column > column) else { return };
        // In a list, a clean `key: ` before the lines of an item lacks its `- `.
        let item = list.and_then(|list| self.levels.get(list + 1));
        if item.is_some_and(|item| item.column == next.column) && self.starts_key() {
            return;
        }
        let level = self.levels.iter().find(|level| level.column == next.column);
        let is_expected = level.is_some_and(|level| !level.is_sequence || self.is_item(next.start));
        // In a mapping, a single word is a key without its colon, if its value can follow.
        let is_word = !in_list && !self.text[self.position..self.rest_of_line()].contains([' ', '\t', '"', '\'', '[', ']', ',']);
        let may_be_key = is_word && !self.awaits_value() && level.is_none_or(|level| level.is_sequence);
        if !may_be_key && (is_expected || next.column > self.indent() && self.awaits_value()) {
            let kind = if in_list { SyntaxErrorKind::ExpectedSequenceEntry } else { SyntaxErrorKind::MissingColon };
            self.note(Self::error(kind, self.position, self.rest_of_line()));
            self.position = line_end(self.bytes, self.position);
            self.skip_to_token();
        }
    }

    /// Whether the line before this one ends with `- ` or a key.
    fn awaits_value(&self) -> bool {
        matches!(self.last, TokenKind::Value | TokenKind::BlockEntry)
    }

    /// Whether the line starts with `- ` or is no content of a document.
    fn starts_item_or_marker(&self) -> bool {
        let is_marker = self.column() == 0 && (self.at_marker(*b"---") || self.at_marker(*b"...") || self.byte() == Some(b'%'));
        is_marker || self.is_item(self.position)
    }

    /// A `key: value` at the column of a list lacks its `- `: it is read as if it had one, and stood
    /// where the lines behind it stand.
    pub(super) fn add_dash(&mut self) {
        let column = self.column();
        let in_list = self.levels.last().is_some_and(|level| level.is_sequence && level.column == column);
        if !in_list || self.starts_item_or_marker() || !self.holds_colon(self.position) {
            return;
        }
        let Some(content_column) = self.column_of_block_below(column) else { return };
        self.note(Self::error(SyntaxErrorKind::ExpectedSequenceEntry, self.position, self.rest_of_line()));
        let dash = self.token(TokenKind::BlockEntry, self.position);
        self.push(dash);
        self.line_start = self.position.cast_signed() - content_column as isize;
        self.key_allowed = true;
    }

    /// Passes over a tab where blanks must be; the line is read as if it stood where the lines
    /// around it say.
    pub(super) fn skip_tab(&mut self) {
        let starts_line = self.starts_line(self.position);
        let error = self.error_at(SyntaxErrorKind::TabIndentation, self.position);
        self.note(error);
        while matches!(self.byte(), Some(b' ' | b'\t')) {
            self.position += 1;
        }
        if !self.ends_line() {
            let column =
                if starts_line { self.column_by_neighbours() } else { self.column_of_block_below(self.indent()).unwrap_or(self.column()) };
            self.line_start = self.position.cast_signed() - column as isize;
        }
    }

    fn column_by_neighbours(&self) -> i32 {
        let is_item = self.is_item(self.position);
        let deepest = |fits: &dyn Fn(&Level) -> bool| self.levels.iter().rev().find(|level| fits(level)).map(|level| level.column);
        let column = if self.awaits_value() {
            let own = if is_item { self.indent() } else { self.indent() + 1 };
            self.column_of_block_below(self.indent()).or(Some(own))
        } else if is_item && self.holds_colon(self.position) {
            let below = self.line_below(self.position).map_or(0, |next| next.column);
            deepest(&|level| level.is_sequence && level.column < below)
        } else if is_item {
            deepest(&|_| true)
        } else {
            deepest(&|level| !level.is_sequence)
        };
        column.unwrap_or(self.indent()).max(0)
    }

    /// A line between two levels belongs to neither. It is read as if it stood at the nearest level
    /// of its kind, so that the siblings around it keep their meaning.
    pub(super) fn align(&mut self, column: i32) {
        let is_item = self.is_item(self.position);
        // A list may stand at the column of a mapping, an entry of a mapping not at that of a list.
        let candidates = self.levels.iter().enumerate().filter(|(_, level)| is_item || !level.is_sequence);
        let by_distance = |(_, level): &(usize, &Level)| ((level.column - column).abs(), level.is_sequence != is_item, -level.column);
        let Some((number, nearest)) = candidates.min_by_key(by_distance) else { return };
        let nearest = nearest.column;
        let end = self.rest_of_line();
        if self.next_sibling_column(column) == Some(column) {
            // The lines that follow stand here too: it is the first of them that was wrong.
            self.levels[number].column = column;
        } else {
            self.line_start = self.position.cast_signed() - nearest as isize;
        }
        self.note(Self::error(SyntaxErrorKind::BadIndentation, self.position, end));
    }

    /// The first line of the text was indented too much, and the text is known to be wrong.
    pub(super) fn widen_root(&mut self, column: i32) {
        let is_broken = self.resumed || !self.repaired.is_empty();
        let is_item = self.is_item(self.position);
        if let Some(root) = self.levels.first_mut().filter(|root| is_broken && root.is_sequence == is_item) {
            root.column = column;
        }
    }

    /// The peeked token opens a mapping where none can be. Whether its line alone is indented too
    /// much; the line then counts as one of the mapping around it.
    pub(crate) fn is_indented_alone(&mut self, token: Token) -> bool {
        let is_last = self.levels.last().is_some_and(|level| level.column == token.column);
        let next = self.line_below(token.range.end() as usize);
        let is_alone = is_last && next.is_none_or(|next| next.column < token.column);
        if is_alone {
            self.levels.pop();
        }
        is_alone
    }
}
