//! Everything in a file that could be written in another way without meaning something else.

use promolint_syntax::resolve::resolve;
use promolint_syntax::{Document, Entry, Node, NodeKind, Resolved, Style, TextRange};

use super::lines::{Line, Lines};
use super::outline::Outline;

/// What a convention is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Habit<'a> {
    /// Blanks before the colon of a key.
    BeforeColon,
    /// Blanks behind the colon of this key; `""` stands for digests.
    AfterColon(&'a str),
    /// Blanks behind `[` in a list of tags.
    Opening,
    /// Blanks before `]`.
    Closing,
    /// The comma between two tags, with the blanks around it.
    Separator,
    /// Blanks before a comment at the end of a line.
    BeforeComment,
    /// Quotes around a word.
    Quotes(Role),
    /// The form of lists of tags.
    TagList,
    /// Columns from a dash to what it introduces.
    Dash,
    /// Columns from a key to the collection below it; `""` stands for digests.
    Below(&'a str),
    /// Blank lines between images.
    BlankLines,
}

/// What a word is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Role {
    /// A key of `dmap`.
    Digest,
    /// The name of an image.
    Name,
    /// An item of a list of tags.
    Tag,
    /// One that would be a number or the like without quotes.
    TypedTag,
}

/// What stands at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found<'a> {
    /// Blanks, with a comma where one belongs there.
    Gap(&'a str),
    /// Quotes of a word.
    Quotes(Style),
    /// Form of a list.
    Form(Form),
    /// Columns or lines.
    Count(u32),
}

/// How a list of tags is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// In brackets, on the line of its digest.
    OneLine,
    /// In brackets, over several lines.
    SeveralLines,
    /// By indentation.
    Indented,
}

/// One place.
pub(super) struct Place<'a> {
    pub(super) habit: Habit<'a>,
    pub(super) found: Found<'a>,
    pub(super) range: TextRange,
    /// The word, the list, or the collection that is indented.
    pub(super) node: Option<Node<'a>>,
}

/// All places, in no particular order.
pub(super) fn places<'a>(lines: &Lines<'a>, outline: Option<&Outline<'a>>) -> Vec<Place<'a>> {
    let mut survey = Survey { lines, document: lines.document, places: Vec::with_capacity(lines.count() as usize * 6) };
    let images = outline.map(|outline| outline.list.node());
    if let Some(root) = survey.document.root() {
        survey.visit(root, images);
    }
    survey.comments();
    if let Some(outline) = outline {
        survey.blank_lines(outline);
    }
    survey.places
}

struct Survey<'l, 'a> {
    lines: &'l Lines<'a>,
    document: &'a Document,
    places: Vec<Place<'a>>,
}

impl<'a> Survey<'_, 'a> {
    fn visit(&mut self, node: Node<'a>, images: Option<Node<'a>>) {
        if node.style() != Style::Block {
            return;
        }
        if let Some(mapping) = node.as_mapping() {
            for entry in mapping.entries() {
                let key = if entry.key.style() == Style::Plain { entry.key.text() } else { "" };
                self.colon(&entry, key);
                self.below(&entry, key);
                self.visit(entry.value, images);
            }
        } else if node.kind() == NodeKind::Sequence {
            let is_images = images.is_some_and(|images| images.id() == node.id());
            for item in node.children() {
                self.dash(item);
                if is_images { self.image(item) } else { self.visit(item, images) }
            }
        }
    }

    fn image(&mut self, item: Node<'a>) {
        let Some(fields) = item.as_mapping().filter(|_| item.style() == Style::Block) else { return };
        for entry in fields.entries() {
            let key = if entry.key.style() == Style::Plain { entry.key.text() } else { "" };
            self.colon(&entry, key);
            self.below(&entry, key);
            match key {
                "name" => self.word(entry.value, Role::Name),
                "dmap" => self.digests(entry.value),
                _ => {}
            }
        }
    }

    fn digests(&mut self, node: Node<'a>) {
        let Some(digests) = node.as_mapping().filter(|_| node.style() == Style::Block) else { return };
        for entry in digests.entries() {
            self.word(entry.key, Role::Digest);
            self.colon(&entry, "");
            self.below(&entry, "");
            if entry.value.kind() == NodeKind::Sequence {
                self.tags(entry.value);
            }
        }
    }

    fn tags(&mut self, list: Node<'a>) {
        let items: Vec<Node<'a>> = list.children().collect();
        for tag in &items {
            self.word(*tag, Role::Tag);
        }
        let (Some(first), Some(end)) = (items.first(), items.last()) else { return };
        let form = match list.style() {
            Style::Block => Form::Indented,
            _ if list.text().contains('\n') => Form::SeveralLines,
            _ => Form::OneLine,
        };
        self.push(Habit::TagList, Found::Form(form), list.range(), Some(list));
        if form == Form::Indented {
            for item in items {
                self.dash(item);
            }
            return;
        }
        self.gap(Habit::Opening, list.range().start() + 1, first.range().start());
        self.gap(Habit::Closing, end.range().end(), list.range().end() - 1);
        for pair in items.windows(2) {
            self.gap(Habit::Separator, pair[0].range().end(), pair[1].range().start());
        }
    }

    fn word(&mut self, node: Node<'a>, role: Role) {
        // Digests in double quotes are as they should be, whatever the others are.
        if node.kind() != NodeKind::Scalar || role == Role::Digest && node.style() == Style::DoubleQuoted {
            return;
        }
        let value = node.value();
        if is_simple(&value) && !(node.style() == Style::Plain && node.is_null()) {
            let role = if role == Role::Tag && !is_plain_text(&value) { Role::TypedTag } else { role };
            self.push(Habit::Quotes(role), Found::Quotes(node.style()), node.range(), Some(node));
        }
    }

    /// The blanks around the colon of an entry.
    fn colon(&mut self, entry: &Entry<'a>, key: &'a str) {
        let start = entry.key.range().end();
        let rest = &self.document.text()[start as usize..];
        let before = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        if !rest[before..].starts_with(':') {
            return;
        }
        let colon = start + u32::try_from(before).unwrap_or(0);
        self.gap(Habit::BeforeColon, start, colon);
        if !entry.value.is_absent() {
            self.gap(Habit::AfterColon(key), colon + 1, entry.value.range().start());
        }
    }

    /// The indentation of a collection below its key.
    fn below(&mut self, entry: &Entry<'a>, key: &'a str) {
        let value = entry.value;
        let start = value.range().start();
        let is_block = value.style() == Style::Block && matches!(value.kind(), NodeKind::Mapping | NodeKind::Sequence);
        if is_block && self.lines.is_first_on_line(start) {
            let columns = self.lines.column(start).checked_sub(self.lines.column(entry.key.range().start()));
            if let Some(columns) = columns {
                self.push(Habit::Below(key), Found::Count(columns), value.range(), Some(value));
            }
        }
    }

    /// The blanks between a dash and its item.
    fn dash(&mut self, item: Node<'a>) {
        if let Some(dash) = dash_of(item).filter(|_| !item.is_absent()) {
            let start = item.range().start();
            self.push(Habit::Dash, Found::Count(start - dash), TextRange::new(dash + 1, start), Some(item));
        }
    }

    fn comments(&mut self) {
        let text = self.document.text();
        for comment in self.document.comments() {
            let before = &text[..comment.start() as usize];
            let kept = before.trim_end_matches([' ', '\t']);
            if !kept.is_empty() && !kept.ends_with(['\n', '\u{feff}']) {
                let start = u32::try_from(kept.len()).unwrap_or(0);
                self.gap(Habit::BeforeComment, start, comment.start());
            }
        }
    }

    fn blank_lines(&mut self, outline: &Outline<'a>) {
        for pair in outline.images.windows(2) {
            let mut line = self.lines.last_line(pair[0].item.range()) + 1;
            let next = self.lines.line(pair[1].item.range().start());
            let mut blank = 0;
            // Comments at the end of an image belong to it, those before the next one to that.
            let mut start = line;
            while line < next {
                match self.lines.kind(line) {
                    Line::Blank => blank += 1,
                    Line::Comment(column) if blank == 0 && column > 0 => start = line + 1,
                    _ => {}
                }
                line += 1;
            }
            let at = TextRange::empty(self.lines.start(start));
            self.push(Habit::BlankLines, Found::Count(blank), at, None);
        }
    }

    /// The text between two tokens of one line, if it is a gap.
    fn gap(&mut self, habit: Habit<'a>, start: u32, end: u32) {
        if start > end {
            return;
        }
        let range = TextRange::new(start, end);
        let text = self.document.slice(range);
        let blanks = text.bytes().all(|byte| matches!(byte, b' ' | b'\t' | b','));
        let commas = text.bytes().filter(|byte| *byte == b',').count();
        if blanks && commas == usize::from(habit == Habit::Separator) {
            self.push(habit, Found::Gap(text), range, None);
        }
    }

    fn push(&mut self, habit: Habit<'a>, found: Found<'a>, range: TextRange, node: Option<Node<'a>>) {
        self.places.push(Place { habit, found, range, node });
    }
}

/// The place of the dash before an item on the same line.
pub(super) fn dash_of(item: Node<'_>) -> Option<u32> {
    let before = item.document().text()[..item.range().start() as usize].trim_end_matches([' ', '\t']);
    before.ends_with('-').then(|| u32::try_from(before.len() - 1).unwrap_or(0))
}

/// Whether a word reads the same in any quotes, apart from what it resolves to without them.
pub(super) fn is_simple(value: &str) -> bool {
    let is_simple = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-' | b'/' | b':' | b'+' | b'@');
    value.starts_with(|first: char| first.is_ascii_alphanumeric() || first == '_') && value.bytes().all(is_simple) && !value.ends_with(':')
}

/// Whether a simple word is text without quotes too, in brackets and outside.
pub(super) fn is_plain_text(value: &str) -> bool {
    !value.contains(':') && resolve(value, Style::Plain, None) == Resolved::Text
}
