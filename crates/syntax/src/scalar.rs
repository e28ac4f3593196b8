//! Values of scalars that do not stand for themselves: escapes, doubled quotes, folded lines,
//! block scalars.

use std::borrow::Cow;

use crate::scanner::{is_line_break, line_break_length};
use crate::tree::Style;

/// The value of the text of a plain or quoted scalar, quotes included.
pub(crate) fn decode(text: &str, style: Style) -> Cow<'_, str> {
    match style {
        Style::DoubleQuoted | Style::SingleQuoted if text.len() >= 2 => Cow::Owned(decode_lines(&text[1..text.len() - 1], style)),
        _ => Cow::Owned(decode_lines(text, style)),
    }
}

/// Folds lines and applies escapes.
fn decode_lines(text: &str, style: Style) -> String {
    let bytes = text.as_bytes();
    let mut value = String::with_capacity(text.len());
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'\'' if style == Style::SingleQuoted => {
                value.push('\'');
                at += 2;
            }
            b'\\' if style == Style::DoubleQuoted => at = decode_escape(text, at + 1, &mut value),
            b' ' | b'\t' => {
                let start = at;
                while matches!(bytes.get(at), Some(b' ' | b'\t')) {
                    at += 1;
                }
                if !is_line_break(bytes, at) {
                    value.push_str(&text[start..at]);
                }
            }
            _ if is_line_break(bytes, at) => at = fold(text, at, &mut value),
            _ => {
                let length = text[at..].chars().next().map_or(1, char::len_utf8);
                value.push_str(&text[at..at + length]);
                at += length;
            }
        }
    }
    value
}

/// One line break becomes a blank; of several, and of LS and PS, the breaks stay.
fn fold(text: &str, mut at: usize, value: &mut String) -> usize {
    let mut breaks = Vec::new();
    while at < text.len() {
        let length = line_break_length(text.as_bytes(), at);
        if length > 0 {
            breaks.push(break_value(&text[at..at + length]));
            at += length;
        } else if matches!(text.as_bytes()[at], b' ' | b'\t') {
            at += 1;
        } else {
            break;
        }
    }
    match breaks.as_slice() {
        ["\n"] => value.push(' '),
        ["\n", rest @ ..] => value.extend(rest.iter().copied()),
        all => value.extend(all.iter().copied()),
    }
    at
}

/// CR, CRLF and NEL read as LF; LS and PS as themselves.
fn break_value(text: &str) -> &str {
    if text.starts_with(['\u{2028}', '\u{2029}']) { text } else { "\n" }
}

/// Appends what the escape behind a backslash means; returns where the text goes on.
fn decode_escape(text: &str, at: usize, value: &mut String) -> usize {
    let bytes = text.as_bytes();
    let length = line_break_length(bytes, at);
    if length > 0 {
        // An escaped line break joins the lines without a blank; further breaks stay.
        let mut next = at + length;
        while next < bytes.len() {
            let length = line_break_length(bytes, next);
            if length > 0 {
                value.push_str(break_value(&text[next..next + length]));
                next += length;
            } else if matches!(bytes[next], b' ' | b'\t') {
                next += 1;
            } else {
                break;
            }
        }
        return next;
    }
    let Some(escape) = text.get(at..).and_then(|rest| rest.chars().next()) else { return at };
    let digits = match escape {
        'x' => 2,
        'u' => 4,
        'U' => 8,
        _ => 0,
    };
    let next = at + escape.len_utf8();
    if digits > 0 {
        let code = text.get(next..next + digits).and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let character = code.and_then(char::from_u32);
        value.push(character.unwrap_or(char::REPLACEMENT_CHARACTER));
        return character.map_or(next, |_| next + digits);
    }
    value.push(match escape {
        '0' => '\0',
        'a' => '\u{7}',
        'b' => '\u{8}',
        't' => '\t',
        'n' => '\n',
        'v' => '\u{b}',
        'f' => '\u{c}',
        'r' => '\r',
        'e' => '\u{1b}',
        'N' => '\u{85}',
        '_' => '\u{a0}',
        'L' => '\u{2028}',
        'P' => '\u{2029}',
        other => other,
    });
    next
}

/// The indentation that the head of a block scalar states (`|2`), relative to what it stands in.
pub(crate) fn stated_indentation(text: &str) -> Option<usize> {
    let head = text.bytes().skip(1).take(2);
    head.filter(u8::is_ascii_digit).map(|digit| usize::from(digit - b'0')).next()
}

/// A block scalar from its `|` or `>` on, libyaml's way. Without a stated indentation it is that of
/// the first line with content.
pub(crate) fn decode_block(text: &str, style: Style, stated: Option<usize>) -> String {
    let bytes = text.as_bytes();
    let head = text.find(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']).unwrap_or(text.len());
    let indicators = text[..head].bytes().skip(1).take_while(|byte| matches!(byte, b'-' | b'+' | b'1'..=b'9'));
    let chomping = { indicators }.find(|byte| matches!(byte, b'-' | b'+'));
    let mut lines = BlockLines { text, at: head + line_break_length(bytes, head), column: 0, indent: stated };
    let mut value = String::with_capacity(text.len());
    let mut breaks = lines.skip_breaks();
    let (mut line_break, mut after_blank) = (None, false);
    while Some(lines.column) == lines.indent && lines.at < bytes.len() {
        let blank = matches!(bytes[lines.at], b' ' | b'\t');
        match line_break.take() {
            Some("\n") if style == Style::Folded && !after_blank && !blank => {
                if breaks.is_empty() {
                    value.push(' ');
                }
            }
            line_break => value.push_str(line_break.unwrap_or_default()),
        }
        value.push_str(&breaks);
        after_blank = blank;
        line_break = lines.take_line(&mut value);
        breaks = lines.skip_breaks();
    }
    if chomping != Some(b'-') {
        value.push_str(line_break.unwrap_or_default());
    }
    if chomping == Some(b'+') {
        value.push_str(&breaks);
    }
    value
}

/// The lines of a block scalar.
struct BlockLines<'t> {
    text: &'t str,
    at: usize,
    /// Blanks since the start of the line.
    column: usize,
    indent: Option<usize>,
}

impl<'t> BlockLines<'t> {
    /// Passes over indentation and empty lines, and returns their breaks.
    fn skip_breaks(&mut self) -> String {
        let bytes = self.text.as_bytes();
        let mut breaks = String::new();
        let mut widest = 0;
        loop {
            while self.indent.is_none_or(|indent| self.column < indent) && bytes.get(self.at) == Some(&b' ') {
                self.at += 1;
                self.column += 1;
            }
            widest = widest.max(self.column);
            let Some(line_break) = self.take_break() else { break };
            breaks.push_str(line_break);
        }
        self.indent.get_or_insert(widest.max(1));
        breaks
    }

    /// Appends the rest of the line and returns its break.
    fn take_line(&mut self, value: &mut String) -> Option<&'t str> {
        let bytes = self.text.as_bytes();
        let start = self.at;
        while self.at < bytes.len() && !is_line_break(bytes, self.at) {
            self.at += 1;
        }
        value.push_str(&self.text[start..self.at]);
        self.take_break()
    }

    fn take_break(&mut self) -> Option<&'t str> {
        let length = line_break_length(self.text.as_bytes(), self.at);
        let line_break = (length > 0).then(|| break_value(&self.text[self.at..self.at + length]))?;
        self.at += length;
        self.column = 0;
        Some(line_break)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn block_scalars() {
        for (text, expected) in [
            ("|\n  a\n   b\n\n  c\n", "a\n b\n\nc\n"),
            ("|-\n  a\n\n", "a"),
            ("|+\n  a\n\n", "a\n\n"),
            ("|\n  a", "a"),
            (">\n\n   a\n   b\n\n   c\n", "\na b\nc\n"),
            (">\n a\n  b\n c\n", "a\n b\nc\n"),
            (">-\r\n  a\r\n  b\r\n", "a b"),
            ("> # c\n", ""),
            (">", ""),
        ] {
            let style = if text.starts_with('|') { Style::Literal } else { Style::Folded };
            assert_eq!(decode_block(text, style, None), expected, "{text:?}");
        }
        assert_eq!(decode_block("|2\n    a\n   b\n", Style::Literal, Some(3)), " a\nb\n");
        assert_eq!(stated_indentation("|-2\n"), Some(2));
        assert_eq!(stated_indentation(">+ # 2\n"), None);
    }
}
