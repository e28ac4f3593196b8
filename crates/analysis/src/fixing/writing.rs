//! Writes a text in the style of the scalar that it replaces.

use std::fmt::Write as _;

use promolint_syntax::resolve::resolve;
use promolint_syntax::{Node, NodeKind, Resolved, Style};

/// `text` in the style of `node`; none where there is no telling how: block scalars, collections.
pub(crate) fn in_style_of(node: Node<'_>, text: &str) -> Option<String> {
    // Of a tagged scalar, the tag says how it is read.
    if !matches!(node.kind(), NodeKind::Scalar | NodeKind::Alias) || node.tag().is_some() {
        return None;
    }
    match node.style() {
        Style::SingleQuoted if !text.contains(char::is_control) => Some(format!("'{}'", text.replace('\'', "''"))),
        Style::SingleQuoted | Style::DoubleQuoted => Some(double_quoted(text)),
        Style::Plain => Some(plain(text)),
        Style::Literal | Style::Folded | Style::Block | Style::Flow => None,
    }
}

/// The text without quotes, where it then means just this text.
pub(crate) fn plain(text: &str) -> String {
    let is_text = resolve(text, Style::Plain, None) == Resolved::Text;
    if is_text && is_plain(text) { text.to_owned() } else { double_quoted(text) }
}

/// Stricter than YAML: what is plain here is plain everywhere, in brackets and out of them.
fn is_plain(text: &str) -> bool {
    let is_usual =
        |character: char| character.is_alphanumeric() || matches!(character, '_' | '-' | '.' | '/' | '+' | ':' | '@' | ' ' | '\\');
    text.starts_with(|first: char| first.is_alphanumeric() || matches!(first, '_' | '.' | '/'))
        && text.chars().all(is_usual)
        && !text.ends_with([':', ' '])
        && !text.contains(": ")
}

/// The text in double quotes.
pub(crate) fn double_quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            other if other.is_control() || matches!(other, '\u{2028}' | '\u{2029}' | '\u{feff}') => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(other));
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn plain_only_where_it_is_safe() {
        for (text, written) in [
            ("v1.2.3", "v1.2.3"),
            ("1.10", "\"1.10\""),
            ("yes", "\"yes\""),
            ("", "\"\""),
            ("a: b", "\"a: b\""),
            ("a,b", "\"a,b\""),
            ("@a", "\"@a\""),
            ("a \"b\"\\", "\"a \\\"b\\\"\\\\\""),
            (
                "k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com",
                "k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com",
            ),
            ("gs://bucket/a b", "gs://bucket/a b"),
        ] {
            assert_eq!(plain(text), written);
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(text in "\\PC{0,12}|[-a-z0-9:#'\"\\\\\\[\\]{},@ \t\n.]{0,12}") {
            for holder in ["a", "'a'", "\"a\""] {
                let document = promolint_syntax::parse(format!("[{holder}]"));
                let node = document.nodes().last().unwrap();
                let written = in_style_of(node, &text).unwrap();
                for place in [format!("[{written}]"), format!("k: {written}\n"), format!("- {written} # c\n")] {
                    let again = promolint_syntax::parse(place.as_str());
                    prop_assert!(again.errors().is_empty(), "{place}");
                    let last = again.nodes().last().unwrap();
                    prop_assert_eq!(last.value(), text.as_str());
                    prop_assert_eq!(last.resolved(), Resolved::Text);
                }
            }
        }
    }
}
