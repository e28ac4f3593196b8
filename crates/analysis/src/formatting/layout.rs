//! The edits on single places: blanks, quotes, and the form of lists of tags.

use promolint_syntax::{Node, NodeKind, Style as Written, TextEdit, TextRange};

use super::conventions::Conventions;
use super::places::{Form, Found, Habit, Place, Role, is_plain_text, is_simple};

/// What lists of tags are written with.
struct TagWriter<'a> {
    opening: &'a str,
    closing: &'a str,
    separator: Option<&'a str>,
    quotes: Option<Written>,
    after_colon: &'a str,
    sorted: bool,
}

/// The edits on all places but indentation and blank lines; `sorted`: tags stand in byte order.
pub(super) fn edits<'a>(places: &[Place<'a>], conventions: &Conventions<'a>, sorted: bool) -> Vec<TextEdit> {
    let mut wanted = Vec::new();
    let tags = TagWriter::new(conventions, sorted);
    places
        .iter()
        .filter_map(|place| {
            let known = wanted.iter().find(|(habit, _)| *habit == place.habit).map(|(_, found)| *found);
            let want = known.unwrap_or_else(|| {
                let found = conventions.wanted(place.habit);
                wanted.push((place.habit, found));
                found
            })?;
            match (place.habit, want) {
                _ if want == place.found => None,
                (Habit::TagList, Found::Form(Form::OneLine)) => tags.as_ref()?.on_one_line(place.node?),
                // Comments may be aligned; only one that sticks to its entry is moved away from it.
                (Habit::BeforeComment, Found::Gap(text)) if text.len() <= place.range.len() as usize => None,
                (_, Found::Gap(text)) => Some(TextEdit::replace(place.range, text)),
                (Habit::Quotes(role), Found::Quotes(quotes)) => Some(TextEdit::replace(place.range, requoted(place.node?, quotes, role)?)),
                _ => None,
            }
        })
        .collect()
}

/// The word in other quotes, if it reads the same in them.
fn requoted(word: Node<'_>, quotes: Written, role: Role) -> Option<String> {
    let value = word.value();
    if !is_simple(&value) || word.is_null() {
        return None;
    }
    match quotes {
        Written::DoubleQuoted => Some(format!("\"{value}\"")),
        Written::SingleQuoted => Some(format!("'{value}'")),
        Written::Plain if role != Role::Digest && is_plain_text(&value) => Some(value.into_owned()),
        _ => None,
    }
}

impl<'a> TagWriter<'a> {
    /// `None` where the file has no clear way of writing lists in brackets.
    fn new(conventions: &Conventions<'a>, sorted: bool) -> Option<Self> {
        let gap = |habit| match conventions.wanted(habit) {
            Some(Found::Gap(text)) => Some(text),
            _ => None,
        };
        let quotes = match conventions.wanted(Habit::Quotes(Role::Tag)) {
            Some(Found::Quotes(quotes)) => Some(quotes),
            _ => None,
        };
        Some(Self {
            opening: gap(Habit::Opening)?,
            closing: gap(Habit::Closing)?,
            separator: gap(Habit::Separator),
            quotes,
            after_colon: gap(Habit::AfterColon(""))?,
            sorted,
        })
    }

    /// Writes a list by indentation, or one in brackets over several lines, into one line behind its digest.
    fn on_one_line(&self, list: Node<'_>) -> Option<TextEdit> {
        let document = list.document();
        let before = document.text()[..list.range().start() as usize].trim_end();
        let start = u32::try_from(before.len()).ok().filter(|_| before.ends_with(':'))?;
        let range = TextRange::new(start, list.range().end());
        let comments = document.comments();
        let first = comments.partition_point(|comment| comment.start() < start);
        if comments.get(first).is_some_and(|comment| comment.start() < range.end()) {
            return None;
        }
        let mut tags = list.children().collect::<Vec<_>>();
        if tags.iter().any(|tag| tag.kind() != NodeKind::Scalar || tag.is_null() || !is_simple(&tag.value())) {
            return None;
        }
        if self.sorted {
            tags.sort_by_key(|tag| tag.value());
        }
        let quotes = self.quotes?;
        let words: Option<Vec<String>> =
            tags.iter().map(|tag| requoted(*tag, quotes, Role::Tag).or_else(|| requoted(*tag, Written::DoubleQuoted, Role::Tag))).collect();
        let separator = if tags.len() > 1 { self.separator? } else { "" };
        let text = format!("{}[{}{}{}]", self.after_colon, self.opening, words?.join(separator), self.closing);
        Some(TextEdit::replace(range, text))
    }
}
