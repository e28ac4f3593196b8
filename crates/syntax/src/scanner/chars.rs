//! Classes of characters: the line breaks of YAML 1.1, and what may stand in a text at all.

use crate::text::{TextRange, offset};

/// Length of the line break at `at`, 0 if there is none: LF, CR, CRLF, NEL, LS, PS.
pub(crate) fn line_break_length(bytes: &[u8], at: usize) -> usize {
    match bytes.get(at) {
        Some(b'\r') if bytes.get(at + 1) == Some(&b'\n') => 2,
        Some(b'\n' | b'\r') => 1,
        Some(0xC2) if bytes.get(at + 1) == Some(&0x85) => 2,
        Some(0xE2) if bytes.get(at + 1) == Some(&0x80) && matches!(bytes.get(at + 2), Some(0xA8 | 0xA9)) => 3,
        _ => 0,
    }
}

/// Whether a line break stands at `at`.
pub(crate) fn is_line_break(bytes: &[u8], at: usize) -> bool {
    match bytes.get(at) {
        Some(b'\n' | b'\r') => true,
        Some(0xC2 | 0xE2) => line_break_length(bytes, at) > 0,
        _ => false,
    }
}

/// The first line break at or after `at`, or the end.
pub(crate) fn line_end(bytes: &[u8], mut at: usize) -> usize {
    while at < bytes.len() && !is_line_break(bytes, at) {
        at += 1;
    }
    at
}

/// Whether all bytes are printable ASCII: no line break, and nothing that YAML does not allow.
///
/// Without an early exit, so that the compiler makes vector instructions of it.
pub(super) fn is_printable_ascii(bytes: &[u8]) -> bool {
    bytes.iter().fold(true, |printable, byte| printable & (0x20..=0x7E).contains(byte))
}

/// Characters that YAML does not allow, at most `limit`.
pub(crate) fn forbidden_characters(text: &str, limit: usize) -> Vec<TextRange> {
    const BLOCK: usize = 256;
    let is_suspect = |byte: u8| !(0x20..=0x7E).contains(&byte) && !matches!(byte, b'\n' | b'\r' | b'\t');
    let mut found = Vec::new();
    let mut clean_until = 0;
    for (number, block) in text.as_bytes().chunks(BLOCK).enumerate() {
        // Without an early exit, so that the compiler makes vector instructions of it.
        if !block.iter().fold(false, |suspect, byte| suspect | is_suspect(*byte)) {
            continue;
        }
        let mut at = clean_until.max(number * BLOCK);
        while !text.is_char_boundary(at) {
            at += 1;
        }
        for (distance, character) in text[at..].char_indices().take_while(|(distance, _)| at + distance < (number + 1) * BLOCK) {
            let start = at + distance;
            clean_until = start + character.len_utf8();
            let allowed = matches!(character, '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
            if !allowed {
                found.push(TextRange::new(offset(start), offset(clean_until)));
                if found.len() == limit {
                    return found;
                }
            }
        }
    }
    found
}
