//! A line as far as block structure goes: dashes, the column of its content, its key.

use std::ops::Range;

/// What stands on a line, told without the lines around it.
#[derive(Clone, Debug)]
pub(super) struct Line<'t> {
    /// Columns of the dashes before the content.
    pub(super) dashes: Vec<usize>,
    /// Column of the content, or where it will stand.
    pub(super) column: usize,
    /// Everything from there.
    pub(super) content: &'t str,
    /// The key that the content begins with.
    pub(super) key: Option<Key<'t>>,
}

/// A key with its `:`.
#[derive(Clone, Debug)]
pub(super) struct Key<'t> {
    /// Its text without quotes.
    pub(super) text: &'t str,
    /// Where in the content the value begins, behind the `:`.
    pub(super) end: usize,
}

impl<'t> Line<'t> {
    /// A line of a text that is not being typed on.
    pub(super) fn new(line: &'t str) -> Self {
        Self::read(line, None)
    }

    /// A line up to the cursor: a dash at its very start is one although no blank follows yet. From there the
    /// content stands `dash` columns on.
    pub(super) fn half_typed(line: &'t str, dash: usize) -> Self {
        Self::read(line, Some(dash))
    }

    fn read(line: &'t str, half_typed: Option<usize>) -> Self {
        let mut column = line.len() - line.trim_start_matches(' ').len();
        let mut content = &line[column..];
        let mut dashes = Vec::new();
        let is_dash = |content: &str, is_first: bool| {
            let rest = content.strip_prefix('-');
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' ') || half_typed.is_some() && is_first && !rest.starts_with('-'))
        };
        while is_dash(content, dashes.is_empty()) {
            dashes.push(column);
            let rest = content[1..].trim_start_matches(' ');
            let width = content.len() - rest.len();
            // Where a blank is still missing, the content will stand behind it.
            column += if width == 1 { half_typed.unwrap_or(1) } else { width };
            content = rest;
        }
        Self { dashes, column, content, key: key(content) }
    }

    /// Whether nothing stands on it, or a comment only.
    pub(super) fn is_blank(&self) -> bool {
        self.dashes.is_empty() && (self.content.trim().is_empty() || self.content.starts_with('#'))
    }

    /// Column of the first dash or of the content.
    pub(super) fn start(&self) -> usize {
        self.dashes.first().copied().unwrap_or(self.column)
    }

    /// The scalar on it, without quotes and comment.
    pub(super) fn item(&self) -> String {
        let scalar = self.content.split(" #").next().unwrap_or_default();
        scalar.trim().trim_matches(['"', '\'']).to_owned()
    }

    /// What stands behind the key, or where no key is, all of it.
    pub(super) fn rest(&self) -> &'t str {
        &self.content[self.key.as_ref().map_or(0, |key| key.end)..]
    }
}

fn key(content: &str) -> Option<Key<'_>> {
    let (text, colon) = if let Some(quote) = content.chars().next().filter(|first| matches!(first, '"' | '\'')) {
        let close = content[1..].find(quote)? + 1;
        let behind = content[close + 1..].trim_start_matches(' ');
        (Range { start: 1, end: close }, content.len() - behind.len())
    } else {
        if content.starts_with(['[', '{', '#']) {
            return None;
        }
        let ends = content.match_indices(':').map(|(at, _)| at);
        let colon = ends.into_iter().find(|at| matches!(content.as_bytes().get(at + 1), None | Some(b' ' | b'\r' | b'\n')))?;
        // A digest that is being typed, and no key yet.
        if content[..colon].contains(" #") || content[colon..].len() == 1 && &content[..colon] == "sha256" {
            return None;
        }
        (Range { start: 0, end: colon }, colon)
    };
    let is_colon = content[colon..].strip_prefix(':').is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\r', '\n']));
    is_colon.then(|| Key { text: content[text].trim(), end: colon + 1 })
}
