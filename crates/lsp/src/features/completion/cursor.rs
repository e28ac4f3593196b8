//! The cursor: the token at it, and the edits that put something in the token's place.

use promolint_syntax::TextRange;

use super::line::Line;
use super::place::{self, Below, Dash, Place};
use super::style::{Style, quote_for};
use super::token::{self, Behind, Typed};

/// The surroundings of the cursor.
#[derive(Debug)]
pub(super) struct Cursor<'t> {
    text: &'t str,
    offset: usize,
    /// How the file is written.
    pub(super) style: Style,
    /// What stands before the cursor: its line, from the line on that opens the brackets around it.
    pub(super) line: Line<'t>,
    /// The ways to read where that is.
    pub(super) places: Vec<Place>,
    /// What of the value, or of the entry, is typed.
    pub(super) typed: Typed,
    /// What is replaced, its quotes included.
    token: TextRange,
    /// The quote that is open.
    quote: Option<char>,
    /// The blanks that are missing before the token.
    blank: String,
    pub(super) behind: Behind,
    below: Below,
}

/// What replaces what.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Insertion {
    pub(super) replaces: TextRange,
    pub(super) text: String,
    /// What is typed of the token but stands before the word: clients compare with it.
    pub(super) before_word: String,
}

impl<'t> Cursor<'t> {
    pub(super) fn new(text: &'t str, offset: u32, style: Style) -> Self {
        let at = offset as usize;
        let start = start_of_entry(text, at);
        let line = Line::half_typed(&text[start..at], style.dash);
        let rest = line.rest();
        let typed = Typed::new(rest);
        let token_start = typed.start.map_or(at, |start| at - rest.len() + start);
        let (length, closed, behind) = token::behind(&text[at..], typed.quote);
        let token_end = at + length + usize::from(closed);
        let below = text[at..].find('\n').map_or("", |line_break| &text[at + line_break + 1..]);
        let is_behind_dash = !line.dashes.is_empty() && text[..token_start].ends_with('-');
        let is_unparted = token_start + rest.len() == at && (line.key.is_some() || is_behind_dash);
        let missing = match &line.key {
            _ if !is_unparted => 0,
            Some(_) => 1,
            None => style.dash - 1,
        };
        Self {
            text,
            offset: at,
            places: place::places(&text[..start], &line, below),
            below: place::below(&line, below),
            quote: typed.quote,
            typed,
            token: TextRange::new(number(token_start), number(token_end)),
            blank: " ".repeat(missing),
            behind,
            line,
            style,
        }
    }

    /// The comment up to the cursor, if it stands in one.
    pub(super) fn comment(&self) -> Option<&'t str> {
        self.typed.comment.map(|start| &self.line.rest()[start..])
    }

    /// The key whose value is being typed.
    pub(super) fn key(&self) -> Option<&'t str> {
        self.line.key.as_ref().map(|key| key.text)
    }

    /// Whether an entry, a key or an item can begin here.
    pub(super) fn is_entry(&self) -> bool {
        let can_follow = matches!(self.behind, Behind::Nothing | Behind::Colon);
        self.key().is_none() && self.typed.brackets.is_empty() && !self.typed.is_done && can_follow && !self.word().starts_with('-')
    }

    /// Whether the lines below belong to what is inserted at a place.
    pub(super) fn has_children(&self, place: &Place) -> bool {
        self.below == Below::Children || self.below == Below::Items && place.dash == Dash::None
    }

    /// Whether nothing of an entry stands behind the cursor, and nothing below it.
    pub(super) fn is_whole_entry(&self, place: &Place) -> bool {
        self.is_entry() && self.behind == Behind::Nothing && !self.has_children(place)
    }

    /// Whether the value of the key can stand here.
    pub(super) fn is_value(&self) -> bool {
        let is_free = self.behind == Behind::Nothing && self.below == Below::Apart;
        self.key().is_some() && self.typed.brackets.is_empty() && !self.typed.is_done && is_free
    }

    /// Whether an item of a list in brackets can stand here.
    pub(super) fn is_in_brackets(&self) -> bool {
        let can_follow = matches!(self.behind, Behind::Nothing | Behind::Separator);
        self.key().is_some() && self.typed.brackets == ['['] && !self.typed.is_done && can_follow
    }

    /// Where it stands, in bytes.
    pub(super) fn offset(&self) -> u32 {
        number(self.offset)
    }

    /// The token up to the cursor, without its quote.
    pub(super) fn word(&self) -> &'t str {
        &self.text[self.word_start()..self.offset]
    }

    /// Whether something is being typed there.
    pub(super) fn is_at(&self, range: TextRange) -> bool {
        range.touches(number(self.offset))
    }

    fn word_start(&self) -> usize {
        self.token.start() as usize + usize::from(self.quote.is_some())
    }

    /// The column where the first key of what is inserted will stand.
    pub(super) fn column(&self, dash: &str) -> usize {
        self.line.column + dash.len()
    }

    /// Blanks up to a column, on a further line. Clients indent those as the line of the cursor is.
    pub(super) fn blanks(&self, column: usize) -> String {
        " ".repeat(column.saturating_sub(self.line.start()))
    }

    /// Puts text in the place of the whole token.
    pub(super) fn replace(&self, text: &str) -> Insertion {
        self.insertion(self.token.start() as usize, format!("{}{text}", self.blank))
    }

    /// Puts a scalar there, in the quotes that are open, or the usual ones.
    pub(super) fn scalar(&self, before: &str, value: &str, usual: Option<char>, after: &str) -> Insertion {
        self.quoted(before, value, self.quote.or_else(|| quote_for(value, usual)), after)
    }

    /// Puts a scalar there, in these quotes.
    pub(super) fn quoted(&self, before: &str, value: &str, quote: Option<char>, after: &str) -> Insertion {
        let quotes = quote.map(String::from).unwrap_or_default();
        let keeps_quote = quote.is_some() && self.quote == quote && before.is_empty() && self.blank.is_empty();
        if keeps_quote {
            return self.insertion(self.word_start(), format!("{value}{quotes}{after}"));
        }
        self.replace(&format!("{before}{quotes}{value}{quotes}{after}"))
    }

    /// Puts an item into the list in brackets.
    pub(super) fn in_brackets(&self, value: &str) -> Insertion {
        let padding = self.style.list.padding;
        let before = match self.text[..self.token.start() as usize].chars().next_back() {
            Some('[') => padding,
            Some(',') => self.style.list.separator.trim_start_matches(','),
            _ => "",
        };
        let rest = &self.text[self.token.end() as usize..];
        let after = match (is_closed(rest), rest.starts_with(']')) {
            (false, _) => format!("{padding}]"),
            (true, true) => padding.to_owned(),
            (true, false) => String::new(),
        };
        self.scalar(before, value, self.style.list.quote, &after)
    }

    /// Makes a list with one item the value of the key.
    pub(super) fn as_list(&self, value: &str) -> Insertion {
        let quotes = self.quote.or_else(|| quote_for(value, self.style.list.quote)).map(String::from).unwrap_or_default();
        let list = self.style.list_of(&format!("{quotes}{value}{quotes}"), self.line.column, self.line.start());
        if self.style.list.is_flow {
            return self.replace(list.trim_start());
        }
        // No blanks are left at the end of the line.
        let start = self.offset - self.line.rest().len();
        self.insertion(start, list)
    }

    fn insertion(&self, start: usize, text: String) -> Insertion {
        let replaces = TextRange::new(number(start), self.token.end());
        Insertion { replaces, text, before_word: self.text[start..self.word_start().max(start)].to_owned() }
    }
}

/// Where the line of the cursor starts, or the one that opens the brackets around it.
fn start_of_entry(text: &str, at: usize) -> usize {
    let own = text[..at].rfind('\n').map_or(0, |before| before + 1);
    let line = Line::new(&text[own..at]);
    if !line.dashes.is_empty() || line.key.is_some() {
        return own;
    }
    let mut start = own;
    while let Some(above) = text[..start].strip_suffix('\n') {
        start = above.rfind('\n').map_or(0, |before| before + 1);
        let other = Line::new(&text[start..above.len()]);
        if other.dashes.is_empty() && other.key.is_none() {
            continue;
        }
        let opens = !Typed::new(Line::new(&text[start..at]).rest()).brackets.is_empty();
        return if opens && line.column > other.start() { start } else { own };
    }
    own
}

/// Whether the brackets around are closed before another entry begins.
fn is_closed(rest: &str) -> bool {
    for (number, line) in rest.lines().enumerate() {
        let other = Line::new(line);
        if number > 0 && (!other.dashes.is_empty() || other.key.is_some()) {
            return false;
        }
        if line.split(" #").next().unwrap_or_default().contains(']') {
            return true;
        }
    }
    false
}

fn number(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}
