//! Text in XML 1.0.

use std::fmt::{self, Display, Write};

/// Prints as attribute value or content: markup is escaped, what XML forbids is replaced.
pub(crate) struct Xml<'t>(pub(crate) &'t str);

impl Display for Xml<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            match c {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&apos;")?,
                // Attribute values would be read with blanks instead.
                '\n' => f.write_str("&#10;")?,
                '\t' => f.write_str("&#9;")?,
                '\u{fffe}' | '\u{ffff}' => f.write_char(char::REPLACEMENT_CHARACTER)?,
                other => f.write_char(super::visible::visible_character(other))?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Xml;

    #[test]
    fn markup_and_forbidden_characters_are_gone() {
        assert_eq!(Xml("<a b=\"c\">&'\x1b\0\u{ffff}\n€").to_string(), "&lt;a b=&quot;c&quot;&gt;&amp;&apos;␛␀\u{fffd}&#10;€");
    }
}
