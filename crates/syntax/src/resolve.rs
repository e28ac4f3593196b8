//! What a scalar means: YAML 1.1 as the promotion tools read it (go-yaml v2).

use crate::tree::Style;

/// What a scalar means to a YAML 1.1 reader.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Resolved {
    /// Nothing, `~`, `null`.
    Null,
    /// `<<`
    Merge,
    /// `true`, `yes`, `on`, `y` and their opposites.
    Bool(bool),
    /// A whole number, also `0x1F`, `0777`, `1_000`, `0b1`.
    Integer(i128),
    /// Any other number, `.inf`, `.nan`.
    Float(f64),
    /// A date, with or without a time.
    Timestamp,
    /// Text.
    Text,
    /// The value is none of its tag's (`!!int x`).
    Mismatch,
}

const TAG_PREFIX: &str = "tag:yaml.org,2002:";

/// Resolves a scalar by value, style and explicit tag.
pub fn resolve(value: &str, style: Style, tag: Option<&str>) -> Resolved {
    let Some(tag) = tag.filter(|tag| *tag != "!") else {
        let is_plain = style == Style::Plain && tag.is_none();
        return if is_plain { resolve_plain(value) } else { Resolved::Text };
    };
    let resolved = resolve_plain(value);
    match (tag.strip_prefix(TAG_PREFIX), resolved) {
        (Some("bool"), Resolved::Bool(_))
        | (Some("int"), Resolved::Integer(_))
        | (Some("float"), Resolved::Float(_))
        | (Some("null"), Resolved::Null)
        | (Some("timestamp"), Resolved::Timestamp)
        | (Some("merge"), Resolved::Merge) => resolved,
        #[expect(clippy::cast_precision_loss, reason = "as the promotion tools do")]
        (Some("float"), Resolved::Integer(number)) => Resolved::Float(number as f64),
        (Some("bool" | "int" | "float" | "null" | "timestamp"), _) => Resolved::Mismatch,
        _ => Resolved::Text,
    }
}

fn resolve_plain(value: &str) -> Resolved {
    match value {
        "" | "~" | "null" | "Null" | "NULL" => return Resolved::Null,
        "<<" => return Resolved::Merge,
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => return Resolved::Bool(true),
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => return Resolved::Bool(false),
        ".nan" | ".NaN" | ".NAN" => return Resolved::Float(f64::NAN),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => return Resolved::Float(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => return Resolved::Float(f64::NEG_INFINITY),
        _ => {}
    }
    match value.as_bytes()[0] {
        b'0'..=b'9' | b'+' | b'-' => resolve_number(value),
        b'.' => float(value).map_or(Resolved::Text, Resolved::Float),
        _ => Resolved::Text,
    }
}

fn resolve_number(value: &str) -> Resolved {
    if is_timestamp(value) {
        return Resolved::Timestamp;
    }
    let plain = value.replace('_', "");
    if let Some(number) = integer(&plain) {
        return Resolved::Integer(number);
    }
    float(&plain).map_or(Resolved::Text, Resolved::Float)
}

/// A whole number that fits 64 bits, with the prefixes of Go: `0x`, `0o`, `0b`, and `0` for octal.
fn integer(text: &str) -> Option<i128> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let lower = digits.to_ascii_lowercase();
    let (radix, digits) = if let Some(hex) = lower.strip_prefix("0x") {
        (16, hex)
    } else if let Some(octal) = lower.strip_prefix("0o") {
        (8, octal)
    } else if let Some(binary) = lower.strip_prefix("0b") {
        (2, binary)
    } else if lower.len() > 1 && lower.starts_with('0') {
        (8, &lower[1..])
    } else {
        (10, lower.as_str())
    };
    if !digits.starts_with(|first: char| first.is_digit(radix)) {
        return None;
    }
    let number = i128::from(u64::from_str_radix(digits, radix).ok()?);
    let number = if negative { -number } else { number };
    (number >= i128::from(i64::MIN)).then_some(number)
}

/// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`, if it is finite.
fn float(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).map_or((unsigned, None), |(mantissa, exponent)| (mantissa, Some(exponent)));
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').map_or((mantissa, None), |(whole, fraction)| (whole, Some(fraction)));
    let mantissa_fits =
        are_digits(whole) && fraction.is_none_or(are_digits) && (!whole.is_empty() || fraction.is_some_and(|digits| !digits.is_empty()));
    let exponent_fits = exponent.is_none_or(|exponent| {
        let digits = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
        !digits.is_empty() && are_digits(digits)
    });
    if !mantissa_fits || !exponent_fits {
        return None;
    }
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

/// `2001-12-14`, `2001-12-14T21:59:43.10-05:00`, `2001-12-14 21:59:43`.
fn is_timestamp(text: &str) -> bool {
    let bytes = text.as_bytes();
    if bytes.len() < 8 || !bytes[..4].iter().all(u8::is_ascii_digit) || bytes[4] != b'-' {
        return false;
    }
    let end = text.find(['T', 't', ' ']).unwrap_or(text.len());
    let mut date = text[..end].split('-');
    let year = date.next().and_then(|year| year.parse::<u32>().ok());
    let (Some(year), Some(month), Some(day)) = (year, date.next().and_then(short_number), date.next().and_then(short_number)) else {
        return false;
    };
    if date.next().is_some() || day == 0 || day > days_in(year, month) {
        return false;
    }
    if end == text.len() {
        return true;
    }
    let has_zone = bytes[end] != b' ';
    is_time(&text[end + 1..], has_zone)
}

fn days_in(year: u32, month: u32) -> u32 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    }
}

/// One or two digits.
fn short_number(text: &str) -> Option<u32> {
    let fits = (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| fits)
}

/// `15:04:05`, with a fraction, and with `Z` or `+07:00` where a zone must follow.
fn is_time(text: &str, has_zone: bool) -> bool {
    let zone_at = text.find(['Z', '+', '-']);
    let (time, zone) = text.split_at(zone_at.unwrap_or(text.len()));
    let is_offset = |zone: &str| {
        let parts = zone.strip_prefix(['+', '-']).and_then(|offset| offset.split_once(':'));
        let within = |part: &str, most: u32| part.len() == 2 && short_number(part).is_some_and(|number| number <= most);
        parts.is_some_and(|(hours, minutes)| within(hours, 24) && within(minutes, 60))
    };
    if has_zone != zone_at.is_some() || has_zone && zone != "Z" && !is_offset(zone) {
        return false;
    }
    let (clock, fraction) = time.split_once(['.', ',']).map_or((time, None), |(clock, fraction)| (clock, Some(fraction)));
    if fraction.is_some_and(|digits| digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit())) {
        return false;
    }
    let parts: Vec<Option<u32>> = clock.split(':').map(short_number).collect();
    matches!(parts.as_slice(), [Some(0..=23), Some(0..=59), Some(0..=59)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps() {
        for text in ["2001-12-14", "2001-1-2", "2001-12-14T21:59:43.10-05:00", "2001-12-14t21:59:43Z", "2001-12-14 21:59:43"] {
            assert_eq!(resolve_plain(text), Resolved::Timestamp, "{text}");
        }
        for text in [
            "2001-13-01",
            "2001-02-30",
            "2001-+1-02",
            "2001-12-14T21:59:43",
            "2001-12-14T21:59:43+aé:0",
            "2001-12-14T21:59:43+1:00",
            "2001-12-14 21:59",
        ] {
            assert_eq!(resolve_plain(text), Resolved::Text, "{text}");
        }
    }
}
