//! Text that is safe to print: nothing in a file may command a terminal or a log viewer.

use std::borrow::Cow;

/// The text on one line, with every character that would not show as itself replaced by one that does.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    if text.chars().all(|c| visible_character(c) == c && c != '\t') {
        return Cow::Borrowed(text);
    }
    let replace = |c| if matches!(c, '\t' | '\n') { ' ' } else { visible_character(c) };
    Cow::Owned(text.chars().map(replace).collect())
}

/// The character, or one that stands for it. Tabs stay.
pub(crate) fn visible_character(c: char) -> char {
    match c {
        '\t' => c,
        '\0'..='\x1f' => char::from_u32(0x2400 + u32::from(c)).unwrap_or(char::REPLACEMENT_CHARACTER),
        '\x7f' => '\u{2421}',
        // C1 controls; line separators; what changes the direction of writing or takes no room.
        '\u{80}'..='\u{9f}'
        | '\u{ad}'
        | '\u{61c}'
        | '\u{180e}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{e0000}'..='\u{e007f}' => char::REPLACEMENT_CHARACTER,
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn controls_become_pictures() {
        assert_eq!(visible("tag `v1`"), "tag `v1`");
        assert_eq!(visible("a\x1b[31m\0\u{202e}b\nc\td"), "a␛[31m␀\u{fffd}b c d");
        assert!(matches!(visible("größer €"), Cow::Borrowed(_)));
    }
}
