//! The grammar of tags, and what versions they carry.

/// A tag of the form `\w[\w.-]{0,127}`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Tag<'a>(&'a str);

const LENGTH_LIMIT: usize = 128;

impl<'a> Tag<'a> {
    /// Checks the form.
    pub fn parse(text: &'a str) -> Option<Self> {
        let bytes = text.as_bytes();
        let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        let fits = (1..=LENGTH_LIMIT).contains(&bytes.len())
            && is_word(bytes[0])
            && bytes[1..].iter().all(|byte| is_word(*byte) || matches!(byte, b'.' | b'-'));
        fits.then_some(Self(text))
    }

    /// The tag.
    pub fn as_str(self) -> &'a str {
        self.0
    }
}

/// A tag that starts with a version: `v1.29.0-alpha.1`, `1.22.28`, `v20240101-abc`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Version<'a> {
    /// Whether a `v` stands before the first digit.
    pub has_v: bool,
    /// Without the `v`.
    pub number: &'a str,
}

impl<'a> Version<'a> {
    /// The version a tag starts with: an optional `v`, digits, a dot, digits.
    pub fn parse(tag: &'a str) -> Option<Self> {
        let number = tag.strip_prefix('v').unwrap_or(tag);
        let (major, rest) = number.split_once('.')?;
        let is_number = !major.is_empty() && major.bytes().all(|byte| byte.is_ascii_digit());
        (is_number && rest.starts_with(|first: char| first.is_ascii_digit())).then_some(Self { has_v: number.len() < tag.len(), number })
    }

    /// Its numbers: 1, 29 and 0 of `1.29.0-alpha.1`.
    pub fn numbers(&self) -> impl Iterator<Item = u64> + use<'a> {
        let end = self.number.bytes().position(|byte| !byte.is_ascii_digit() && byte != b'.').unwrap_or(self.number.len());
        self.number[..end].split('.').filter_map(|part| part.parse().ok())
    }

    /// Its numbers, for comparison: `1.29.0-alpha.1` is `[1, 29, 0]`.
    pub fn release(&self) -> Vec<u64> {
        self.numbers().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags() {
        for tag in ["v1.2.3", "_x", "1.10", "v1.27.0_amd64", "V2"] {
            assert!(Tag::parse(tag).is_some(), "{tag}");
        }
        for tag in ["", ".1", "-x", "v1,v2", "v1+git", "v1 ", "ä", &"x".repeat(129)] {
            assert!(Tag::parse(tag).is_none(), "{tag}");
        }
    }

    #[test]
    fn versions() {
        assert_eq!(Version::parse("v1.2.3"), Some(Version { has_v: true, number: "1.2.3" }));
        assert_eq!(Version::parse("2.0.0-alpha"), Some(Version { has_v: false, number: "2.0.0-alpha" }));
        for tag in ["bullseye-v1.5.1", "v20240101", "vv1.2", "v.0.1", "latest"] {
            assert_eq!(Version::parse(tag), None, "{tag}");
        }
    }
}
