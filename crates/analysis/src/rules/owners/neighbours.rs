//! Words that are one edit apart, found without comparing every word with every other.
//!
//! Two words that an insertion, a deletion, a replacement or a swap of two neighbours turns into
//! each other have a form in common once one character is taken out of either (or of the longer
//! one). So each word is filed under its hash and those of its forms.

use foldhash::{HashMap, HashMapExt};

use crate::suggest::one_edit_apart;

/// An index of words.
pub(super) struct Neighbours<'w> {
    forms: HashMap<u64, Vec<&'w str>>,
}

impl<'w> Neighbours<'w> {
    pub(super) fn new(words: impl IntoIterator<Item = &'w str>) -> Self {
        let mut neighbours = Self { forms: HashMap::new() };
        for word in words {
            for form in forms(word) {
                neighbours.forms.entry(form).or_default().push(word);
            }
        }
        neighbours
    }

    /// The words that are one edit from `word`, sorted.
    pub(super) fn of(&self, word: &str) -> Vec<&'w str> {
        let mut found: Vec<&str> = forms(word).filter_map(|form| self.forms.get(&form)).flatten().copied().collect();
        found.sort_unstable();
        found.dedup();
        found.retain(|other| one_edit_apart(word, other));
        found
    }
}

/// Hashes of a word and of what remains of it without one of its characters.
fn forms(word: &str) -> impl Iterator<Item = u64> {
    let shorter = word.char_indices().map(|(at, left_out)| hash([&word[..at], &word[at + left_out.len_utf8()..]]));
    [hash([word, ""])].into_iter().chain(shorter)
}

fn hash(parts: [&str; 2]) -> u64 {
    const START: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0100_0000_01b3;
    // FNV-1a: the parts hash like the text that they make up.
    parts.iter().flat_map(|part| part.bytes()).fold(START, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(PRIME))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_a_comparison_of_all_pairs_finds() {
        let words = ["alice", "alcie", "alic", "alices", "blice", "alise", "bob", "bo", "b", "", "élan", "elan", "alicia", "aalice"];
        let neighbours = Neighbours::new(words);
        for word in words.into_iter().chain(["lice", "bbo", "x"]) {
            let mut expected: Vec<&str> = words.into_iter().filter(|other| one_edit_apart(word, other)).collect();
            expected.sort_unstable();
            assert_eq!(neighbours.of(word), expected, "{word}");
        }
    }
}
