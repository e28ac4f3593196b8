//! Words of texts that are read no further: comments, groups, projects.

use promolint_syntax::TextRange;

/// Whether a character belongs to a name or an address.
fn is_part(character: char) -> bool {
    character.is_alphanumeric() || "-_.@".contains(character)
}

/// The word around an offset; empty where none stands. A full stop behind it ends a sentence.
pub(super) fn around(text: &str, offset: u32) -> TextRange {
    let (before, behind) = text.split_at(offset as usize);
    let start = before.trim_end_matches(is_part).len();
    let end = text.len() - behind.trim_start_matches(is_part).len();
    let end = start + text[start..end].trim_end_matches('.').len();
    range(start, end - start)
}

/// Where a word stands by itself in a text, not within a longer one.
pub(super) fn occurrences<'t>(text: &'t str, word: &'t str) -> impl Iterator<Item = TextRange> {
    let stands_alone = |at: usize| !text[..at].ends_with(is_part) && !text[at + word.len()..].trim_start_matches('.').starts_with(is_part);
    text.match_indices(word).map(|(at, _)| at).filter(move |at| stands_alone(*at)).map(|at| range(at, word.len()))
}

fn range(start: usize, length: usize) -> TextRange {
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    TextRange::new(offset(start), offset(start + length))
}

#[cfg(test)]
mod tests {
    use super::{around, occurrences};

    #[test]
    fn words_have_borders() {
        for (text, word, starts) in [
            ("leads@kubernetes.io", "leads@kubernetes.io", &[0][..]),
            ("sig-x-leads@kubernetes.io", "leads@kubernetes.io", &[]),
            ("to leads@kubernetes.io.", "leads@kubernetes.io", &[3]),
            ("leads@kubernetes.io.example", "leads@kubernetes.io", &[]),
            ("allow(filestore-service-account, service-account)", "service-account", &[33]),
        ] {
            let found: Vec<u32> = occurrences(text, word).map(promolint_syntax::TextRange::start).collect();
            assert_eq!(found, starts, "{text}");
        }
    }

    #[test]
    fn the_word_around_a_place() {
        for (text, offset, word) in [("# to a@b.io.", 6, "a@b.io"), ("é-x y", 5, "y"), ("  ", 1, ""), ("a b", 1, "a"), ("é é", 0, "é")]
        {
            assert_eq!(&text[around(text, offset).to_usize()], word, "{text}");
        }
    }
}
