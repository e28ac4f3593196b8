//! Values of scalars that do not stand for themselves: escapes, doubled quotes, folded lines,
//! block scalars.

use std::borrow::Cow;

use crate::scanner::{is_line_break, line_break_length};
use crate::tree::Style;

/// The value of a scalar's text, quotes included.
pub(crate) fn decode(text: &str, style: Style) -> Cow<'_, str> {
    match style {
        Style::DoubleQuoted | Style::SingleQuoted if text.len() >= 2 => Cow::Owned(decode_lines(&text[1..text.len() - 1], style)),
        Style::Literal | Style::Folded => Cow::Owned(decode_block(text, style)),
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
        value.push(code.and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER));
        return (next + digits).min(text.len());
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

/// A block scalar from its `|` or `>` on. The indentation is that of the first line with content.
fn decode_block(text: &str, style: Style) -> String {
    let (head, body) = text.split_once('\n').unwrap_or((text, ""));
    let head = head.split('#').next().unwrap_or_default();
    let lines: Vec<&str> = body.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line)).collect();
    let indentation = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let indent = lines.iter().filter(|line| !line.trim_start_matches(' ').is_empty()).map(|line| indentation(line)).min().unwrap_or(0);
    let lines: Vec<&str> = lines.iter().map(|line| line.get(indent..).unwrap_or_default()).collect();
    let mut value = String::with_capacity(text.len());
    for (number, line) in lines.iter().enumerate() {
        value.push_str(line);
        let next = lines.get(number + 1);
        let folds = style == Style::Folded
            && !line.is_empty()
            && next.is_some_and(|next| !next.is_empty() && !next.starts_with([' ', '\t']))
            && !line.starts_with([' ', '\t']);
        match next {
            None => {}
            Some(_) if folds => value.push(' '),
            Some(_) => value.push('\n'),
        }
    }
    value.truncate(value.trim_end_matches('\n').len());
    if !head.contains('-') && !value.is_empty() {
        value.push('\n');
    }
    value
}
