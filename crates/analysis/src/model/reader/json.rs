//! How YAML turned into JSON reads: keys, numbers and booleans as text.

use std::borrow::Cow;

use promolint_syntax::Resolved;

/// Letters that JSON's reader of Go takes for the same in keys.
pub(super) fn folded(character: char) -> char {
    match character {
        'ſ' => 's',
        '\u{212a}' => 'k',
        other => other.to_ascii_lowercase(),
    }
}

/// Numbers and booleans as text, the way they come out of a conversion to JSON.
pub(super) fn text(written: Cow<'_, str>, resolved: Resolved) -> Cow<'_, str> {
    match resolved {
        Resolved::Bool(value) => Cow::Owned(value.to_string()),
        Resolved::Integer(value) => Cow::Owned(value.to_string()),
        Resolved::Float(value) => Cow::Owned(go_float(value)),
        _ => written,
    }
}

/// A float in Go's shortest form for 32 bits.
#[expect(clippy::cast_possible_truncation, reason = "the promoter prints these with 32 bits")]
fn go_float(value: f64) -> String {
    let value = value as f32;
    if !value.is_finite() {
        return if value.is_nan() {
            "NaN"
        } else if value > 0.0 {
            "+Inf"
        } else {
            "-Inf"
        }
        .to_owned();
    }
    let scientific = format!("{value:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..6).contains(&exponent) {
        return format!("{value}");
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.abs())
}
