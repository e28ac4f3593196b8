//! The grammar of digests.

use std::fmt;

const PREFIX: &str = "sha256:";
const HEX_DIGITS: usize = 64;
/// What a tool prints of an answer that never came.
const OF_NOTHING: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// A digest of the form `sha256:<64 lower-case hex digits>`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Digest<'a>(&'a str);

/// What is wrong with a digest.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum DigestFlaw {
    /// Nothing there.
    Empty,
    /// Too few or too many hex digits.
    Length(usize),
    /// Right but for upper-case letters.
    UpperCase,
    /// Hex digits without, or with a damaged, `sha256:`.
    Prefix(String),
    /// Another algorithm.
    Algorithm(String),
    /// A character that is no hex digit.
    Character(char),
    /// Blanks around or in it.
    Blank,
    /// The sha256 of an empty text.
    Nothing,
    /// A placeholder: `sha256:XXX`, `TODO`, all digits alike.
    Placeholder,
}

impl<'a> Digest<'a> {
    /// Checks the form.
    pub fn parse(text: &'a str) -> Result<Self, DigestFlaw> {
        let Some(hex) = text.strip_prefix(PREFIX) else { return Err(prefix_flaw(text)) };
        let bytes = hex.as_bytes();
        // Without an early exit, so that the compiler makes vector instructions of it.
        let is_hex = |bytes: &[u8]| bytes.iter().fold(true, |fits, byte| fits & (byte.is_ascii_digit() | (b'a'..=b'f').contains(byte)));
        if bytes.len() == HEX_DIGITS && is_hex(bytes) {
            if bytes[0] == bytes[1] && bytes.iter().all(|byte| *byte == bytes[0]) {
                return Err(DigestFlaw::Placeholder);
            }
            if hex == OF_NOTHING {
                return Err(DigestFlaw::Nothing);
            }
            return Ok(Self(text));
        }
        Err(hex_flaw(hex))
    }

    /// The digest, with `sha256:`.
    pub fn as_str(self) -> &'a str {
        self.0
    }
}

fn is_placeholder(text: &str) -> bool {
    if hex_tail(text).len() * 2 >= HEX_DIGITS {
        return false;
    }
    let bare = text.trim_matches(['<', '>', '.', '…']);
    let lower = bare.to_lowercase();
    bare.is_empty()
        || ["digest", "sha", "sha256"].contains(&lower.as_str())
        || ["todo", "tbd", "fixme", "xxx", "placeholder", "changeme"].iter().any(|word| lower.starts_with(word))
        || bare.len() > 1
            && bare.chars().all(|character| bare.starts_with(character))
            && !bare.starts_with(|first: char| first.is_ascii_hexdigit())
}

/// The hex digits at the end.
fn hex_tail(text: &str) -> &str {
    &text[text.trim_end_matches(|character: char| character.is_ascii_hexdigit()).len()..]
}

fn hex_flaw(hex: &str) -> DigestFlaw {
    if hex.is_empty() || is_placeholder(hex) {
        return DigestFlaw::Placeholder;
    }
    if hex.contains(char::is_whitespace) {
        return DigestFlaw::Blank;
    }
    if hex.starts_with(PREFIX) {
        return DigestFlaw::Prefix(format!("{PREFIX}{PREFIX}"));
    }
    if let Some(character) = hex.chars().find(|character| !character.is_ascii_hexdigit()) {
        return DigestFlaw::Character(character);
    }
    if hex.len() == HEX_DIGITS { DigestFlaw::UpperCase } else { DigestFlaw::Length(hex.len()) }
}

fn prefix_flaw(text: &str) -> DigestFlaw {
    if text.is_empty() {
        return DigestFlaw::Empty;
    }
    if text.trim() != text {
        return DigestFlaw::Blank;
    }
    // `sha256-…`, `sha256…`: the name without its colon.
    if let Some((name, rest)) = text.split_at_checked(6).filter(|(name, _)| name.eq_ignore_ascii_case("sha256")) {
        let hex = rest.trim_start_matches(['-', '_', '=', ' ', '.']);
        if hex.len() >= 32 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return DigestFlaw::Prefix(format!("{name}{}", &rest[..rest.len() - hex.len()]));
        }
    }
    let (prefix, hex) = text.split_once(':').unwrap_or(("", text));
    let is_hex = !hex.is_empty() && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_hex && ["sha512", "sha384", "sha1", "md5"].contains(&prefix) {
        return DigestFlaw::Algorithm(prefix.to_owned());
    }
    if is_placeholder(text) && !is_hex {
        return DigestFlaw::Placeholder;
    }
    DigestFlaw::Prefix(match text.strip_suffix(hex_tail(text)) {
        _ if text.contains(':') => format!("{prefix}:"),
        Some(found) if found.starts_with("sha256") => found.to_owned(),
        _ => String::new(),
    })
}

impl fmt::Display for DigestFlaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("it is empty"),
            Self::Length(found) if *found < HEX_DIGITS => write!(f, "it has {found} of {HEX_DIGITS} hex digits"),
            Self::Length(found) => write!(f, "it has {found} hex digits, {} too many", found - HEX_DIGITS),
            Self::UpperCase => f.write_str("it has upper-case letters"),
            Self::Prefix(found) if found.is_empty() => write!(f, "`{PREFIX}` is missing"),
            Self::Prefix(found) => write!(f, "it starts with `{found}` instead of `{PREFIX}`"),
            Self::Algorithm(found) => write!(f, "it is a {found}; registries here know sha256 only"),
            Self::Character(found) => write!(f, "`{}` is no hex digit", found.escape_debug()),
            Self::Blank => f.write_str("it has blanks in it"),
            Self::Nothing => f.write_str("it is the sha256 of nothing at all"),
            Self::Placeholder => f.write_str("it is a placeholder"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flaws_are_named() {
        let hex = "0123456789abcdef".repeat(4);
        assert!(Digest::parse(&format!("sha256:{hex}")).is_ok());
        let cases = [
            (format!("sha256:{}", &hex[1..]), "it has 63 of 64 hex digits"),
            (format!("sha256:{hex}0"), "it has 65 hex digits, 1 too many"),
            (format!("sha256:{}", hex.to_uppercase()), "it has upper-case letters"),
            (format!("ha256:{hex}"), "it starts with `ha256:` instead of `sha256:`"),
            (hex.clone(), "`sha256:` is missing"),
            (format!("sha256-{hex}"), "it starts with `sha256-` instead of `sha256:`"),
            (format!("sha256:sha256:{hex}"), "it starts with `sha256:sha256:` instead of `sha256:`"),
            (format!("sha512:{hex}"), "it is a sha512; registries here know sha256 only"),
            (format!("sha256:{}g", &hex[1..]), "`g` is no hex digit"),
            (format!("sha256: {hex}"), "it has blanks in it"),
            ("sha256:XXX".to_owned(), "it is a placeholder"),
            (format!("sha256:{}", "0".repeat(64)), "it is a placeholder"),
            (format!("sha256-{hex}"), "it starts with `sha256-` instead of `sha256:`"),
            (format!("sha256{hex}"), "it starts with `sha256` instead of `sha256:`"),
            (format!("sha256 {hex}"), "it starts with `sha256 ` instead of `sha256:`"),
            ("sha256".to_owned(), "it is a placeholder"),
            (format!("sha256:{OF_NOTHING}"), "it is the sha256 of nothing at all"),
            (String::new(), "it is empty"),
        ];
        for (text, flaw) in cases {
            assert_eq!(Digest::parse(&text).map_err(|flaw| flaw.to_string()), Err(flaw.to_owned()), "{text}");
        }
    }
}
