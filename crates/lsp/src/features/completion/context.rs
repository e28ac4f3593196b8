//! Where the cursor stands, told from the lines above it by indentation.

use std::collections::BTreeSet;

use promolint_syntax::TextRange;

/// The surroundings of the cursor.
#[derive(Debug)]
pub(super) struct Context<'t> {
    /// The comment up to the cursor, if it stands in one.
    pub(super) comment: Option<&'t str>,
    /// Keys around, innermost first.
    pub(super) parents: Vec<String>,
    /// The key whose value is being typed on this line.
    pub(super) key: Option<String>,
    /// Keys that stand in the same mapping already.
    pub(super) siblings: BTreeSet<String>,
    /// Whether a `- ` stands before the cursor.
    pub(super) is_item: bool,
    /// Whether the cursor stands in brackets.
    pub(super) in_brackets: bool,
    /// Column of what is being typed.
    pub(super) indentation: usize,
    /// The word being typed.
    pub(super) word: TextRange,
}

/// A line as far as indentation and key go.
#[derive(Clone, Copy, Debug)]
struct Line<'t> {
    /// Column of the first `-`, if there is one.
    dash: Option<usize>,
    /// Column of the content.
    column: usize,
    content: &'t str,
}

impl<'t> Line<'t> {
    fn new(line: &'t str) -> Self {
        let mut column = line.len() - line.trim_start_matches(' ').len();
        let mut content = &line[column..];
        let dash = (content == "-" || content.starts_with("- ")).then_some(column);
        while content == "-" || content.starts_with("- ") {
            let rest = content[1..].trim_start_matches(' ');
            column += content.len() - rest.len();
            content = rest;
        }
        Self { dash, column, content }
    }

    fn key(&self) -> Option<String> {
        let content = self.content;
        let end = if let Some(quoted) = content.strip_prefix(['"', '\'']) {
            let close = quoted.find(content.chars().next()?)? + 2;
            content[close..].starts_with(':').then_some(close)?
        } else {
            content.find(": ").or_else(|| content.trim_end().strip_suffix(':').map(str::len))?
        };
        Some(content[..end].trim().trim_matches(['"', '\'']).to_owned())
    }

    fn is_blank(&self) -> bool {
        self.content.trim().is_empty() && self.dash.is_none() || self.content.starts_with('#')
    }
}

impl<'t> Context<'t> {
    pub(super) fn new(text: &'t str, offset: u32) -> Self {
        let at = offset as usize;
        let start = text[..at].rfind('\n').map_or(0, |before| before + 1);
        let before = &text[start..at];
        let end = text[at..].find(['\n', '\r']).map_or(text.len(), |length| at + length);
        let line = Line::new(before);
        let comment = before.find('#').filter(|hash| *hash == 0 || before[..*hash].ends_with([' ', '\t'])).map(|hash| &before[hash..]);
        let is_part = |character: char| character.is_alphanumeric() || "-_./:@".contains(character);
        let is_name = |character: char| character.is_alphanumeric() || "-_./@".contains(character);
        let part: &dyn Fn(char) -> bool = if comment.is_some() { &is_name } else { &is_part };
        let mut word_start = before.rfind(|character| !part(character)).map_or(0, |found| found + before[found..].chars().next().map_or(1, char::len_utf8));
        if before[word_start..].starts_with("- ") || &before[word_start..] == "-" {
            word_start += 1;
        }
        let word_end = text[at..end].find(|character| !part(character)).map_or(end, |length| at + length);
        let key = line.key().filter(|_| comment.is_none());
        let in_brackets = before.matches(['[', '{']).count() > before.matches([']', '}']).count();
        let (parents, siblings) = around(&text[..start], text.get(end..).unwrap_or(""), line);
        Self {
            comment,
            parents,
            key,
            siblings,
            is_item: line.dash.is_some(),
            in_brackets,
            indentation: line.column,
            word: TextRange::new(number(start + word_start), number(word_end)),
        }
    }

    /// Whether the value of a key is being typed.
    pub(super) fn is_value(&self) -> bool {
        self.key.is_some()
    }
}

/// The keys around a line, and those beside it.
fn around(above: &str, below: &str, line: Line<'_>) -> (Vec<String>, BTreeSet<String>) {
    let mut parents = Vec::new();
    let mut siblings = BTreeSet::new();
    let mut column = line.column;
    // The column of the dash that begins the item, once that line is reached.
    let mut item = line.dash;
    let mut is_own = true;
    for other in above.lines().rev().map(|line| Line::new(line.trim_end_matches('\r'))).filter(|other| !other.is_blank()) {
        let limit = item.unwrap_or(column);
        if item.is_none() && other.column == column {
            if is_own {
                siblings.extend(other.key());
            }
            item = other.dash;
            continue;
        }
        let is_parent = match (item, other.dash) {
            (Some(dash), None) => other.column <= dash,
            (Some(dash), Some(other_dash)) => other_dash < dash && other.column <= dash,
            (None, _) => other.column < limit,
        };
        if !is_parent {
            continue;
        }
        if let Some(key) = other.key() {
            parents.push(key);
            is_own = false;
        }
        column = other.column;
        item = other.dash;
        if column == 0 && item.is_none() {
            break;
        }
    }
    for other in below.lines().map(|line| Line::new(line.trim_end_matches('\r'))).filter(|other| !other.is_blank()) {
        if other.dash.is_some_and(|dash| dash <= line.column) || other.column < line.column {
            break;
        }
        if other.column == line.column {
            siblings.extend(other.key());
        }
    }
    (parents, siblings)
}

fn number(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn context(text: &str) -> (Vec<String>, Option<String>, Vec<String>) {
        let at = text.find('|').unwrap();
        let text = text.replace('|', "");
        let context = Context::new(&text, number(at));
        (context.parents, context.key, context.siblings.into_iter().collect())
    }

    #[test]
    fn keys_around_the_cursor() {
        let strings = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        for (text, parents, key, siblings) in [
            ("|", &[][..], None, &[][..]),
            ("registries:\n- name: a\n  |", &["registries"], None, &["name"]),
            ("registries:\n- name: a\n  ser|\n- name: b\n", &["registries"], None, &["name"]),
            ("registries:\n  - name: a\n    src: true\n  - name: |", &["registries"], Some("name"), &[]),
            ("- name: a\n  dmap:\n    \"sha256:0\": [\"v1\"]\n    |", &["dmap"], None, &["sha256:0"]),
            ("- name: a\n  dmap:\n    \"sha256:0\": [\"v|", &["dmap"], Some("sha256:0"), &[]),
            ("approvers:\n- alice\n- |", &["approvers"], None, &[]),
            ("filters:\n  \".*\":\n    approvers:\n      - |", &["approvers", ".*", "filters"], None, &[]),
            ("aliases:\n  leads:\n  - |", &["leads", "aliases"], None, &[]),
        ] {
            assert_eq!(context(text), (strings(parents), key.map(str::to_owned), strings(siblings)), "{text}");
        }
    }
}
