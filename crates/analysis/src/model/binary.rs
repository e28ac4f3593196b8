//! `!!binary`: text in base64.

/// Decodes standard base64 with padding; line breaks count for nothing. `None` for anything else.
/// Bytes that are no UTF-8 come out as replacement characters.
pub(super) fn decode(text: &str) -> Option<String> {
    let digits: Vec<u8> = text.bytes().filter(|byte| !matches!(byte, b'\r' | b'\n')).collect();
    if !digits.len().is_multiple_of(4) {
        return None;
    }
    let padding = digits.iter().rev().take_while(|byte| **byte == b'=').count();
    let (digits, _) = digits.split_at(digits.len() - padding);
    if padding > 2 {
        return None;
    }
    let mut bytes = Vec::with_capacity(digits.len());
    for group in digits.chunks(4) {
        let mut bits = 0_u32;
        for index in 0..4 {
            bits = bits << 6 | group.get(index).map_or(Some(0), |digit| value(*digit))?;
        }
        bytes.extend_from_slice(&bits.to_be_bytes()[1..group.len()]);
    }
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

fn value(digit: u8) -> Option<u32> {
    let value = match digit {
        b'A'..=b'Z' => digit - b'A',
        b'a'..=b'z' => digit - b'a' + 26,
        b'0'..=b'9' => digit - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    };
    Some(u32::from(value))
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn base64() {
        for (text, expected) in [
            ("bmFtZQ==", Some("name")),
            ("bmFt\nZXM=", Some("names")),
            ("", Some("")),
            ("bmFtZQ", None),
            ("bm=tZQ==", None),
            ("====", None),
            ("b m=", None),
        ] {
            assert_eq!(decode(text).as_deref(), expected, "{text}");
        }
    }
}
