//! The token at the cursor, told from what stands before it on its line (or in its brackets).

/// How far a value has been typed.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Typed {
    /// Brackets that are open.
    pub(super) brackets: Vec<char>,
    /// Where the scalar at the end begins, quote included.
    pub(super) start: Option<usize>,
    /// The quote that it began with.
    pub(super) quote: Option<char>,
    /// Scalars that are complete.
    pub(super) items: Vec<String>,
    /// Whether something complete stands before the cursor, behind which nothing may follow without a separator.
    pub(super) is_done: bool,
    /// Where a comment starts.
    pub(super) comment: Option<usize>,
}

impl Typed {
    /// Reads a value up to the cursor.
    pub(super) fn new(text: &str) -> Self {
        let mut typed = Self::default();
        let mut previous = ' ';
        for (at, character) in text.char_indices() {
            if typed.comment.is_some() {
                // Brackets that span lines go on behind a comment.
                if character == '\n' {
                    typed.comment = None;
                }
            } else {
                typed.read(text, at, character, previous);
            }
            previous = character;
        }
        typed
    }

    /// Whether no quote is open.
    pub(super) fn is_unquoted(&self) -> bool {
        self.quote.is_none()
    }

    fn read(&mut self, text: &str, at: usize, character: char, previous: char) {
        if let Some(quote) = self.quote {
            if character == quote && (quote == '\'' || previous != '\\') {
                self.finish(text, at + 1);
            }
            return;
        }
        let is_blank = |character: char| matches!(character, ' ' | '\t' | '\r' | '\n');
        match character {
            blank if is_blank(blank) => self.finish(text, at),
            '#' if is_blank(previous) => self.comment = Some(at),
            '[' | '{' if self.start.is_none() && !self.is_done => self.brackets.push(character),
            ']' | '}' if !self.brackets.is_empty() => {
                self.finish(text, at);
                self.brackets.pop();
                self.is_done = true;
            }
            ',' if !self.brackets.is_empty() => {
                self.finish(text, at);
                self.is_done = false;
            }
            _ if self.start.is_none() => {
                self.start = Some(at);
                self.quote = Some(character).filter(|quote| matches!(quote, '"' | '\''));
            }
            _ => {}
        }
    }

    fn finish(&mut self, text: &str, end: usize) {
        if let Some(start) = self.start.take() {
            self.items.push(text[start..end].trim_matches(['"', '\'']).to_owned());
            self.quote = None;
            self.is_done = true;
        }
    }
}

/// What stands behind the cursor on its line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Behind {
    /// Nothing, or a comment.
    Nothing,
    /// The `:` of a key.
    Colon,
    /// `,` or `]`.
    Separator,
    /// Something with which nothing may be put together.
    Other,
}

/// The end of the token at the cursor: how many bytes of it stand behind the cursor, whether its quote
/// is closed there, and what follows.
pub(super) fn behind(text: &str, quote: Option<char>) -> (usize, bool, Behind) {
    let line = text.split(['\n', '\r']).next().unwrap_or_default();
    let ends = |(at, character): (usize, char)| match character {
        ' ' | '\t' | ',' | '[' | ']' | '{' | '}' | '"' | '\'' => true,
        ':' => quote.is_none() && line[at + 1..].chars().next().is_none_or(|next| next == ' '),
        _ => false,
    };
    let length = line.char_indices().find(|pair| ends(*pair)).map_or(line.len(), |(at, _)| at);
    let closed = quote.is_some_and(|quote| line[length..].starts_with(quote));
    let rest = &line[length + usize::from(closed)..];
    let next = rest.trim_start_matches([' ', '\t']);
    let what = match next.chars().next() {
        None => Behind::Nothing,
        Some('#') if next.len() < rest.len() => Behind::Nothing,
        Some(':') => Behind::Colon,
        Some(',' | ']') => Behind::Separator,
        Some(_) => Behind::Other,
    };
    (length, closed, what)
}
