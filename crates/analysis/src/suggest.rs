//! The nearest of the known words: the did-you-mean.

use strsim::damerau_levenshtein;

/// The candidate nearest to `word`, if it is near enough to be what was meant: a third of its letters
/// may differ. Letter case counts for nothing; among equals the first one is taken. Where none is
/// near, a word that only one candidate starts with means that one (`warn`).
pub fn closest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let candidates: Vec<&str> = candidates.into_iter().collect();
    let word = word.to_lowercase();
    let letters = word.chars().count();
    let distances = candidates.iter().map(|candidate| (damerau_levenshtein(&word, &candidate.to_lowercase()), *candidate));
    let (distance, candidate) = distances.min_by_key(|(distance, _)| *distance)?;
    if distance <= (letters / 3).max(1) && distance < candidate.chars().count() {
        return Some(candidate);
    }
    let mut beginnings = candidates.into_iter().filter(|candidate| letters >= 3 && candidate.to_lowercase().starts_with(&word));
    beginnings.next().filter(|_| beginnings.next().is_none())
}

/// The key that was meant, of those that could be added: the only one that it abbreviates, or the nearest one.
pub fn meant<'c>(key: &str, free: &[&'c str]) -> Option<&'c str> {
    let lower = key.to_lowercase();
    let mut beginnings = free.iter().copied().filter(|name| lower.len() >= 2 && name.starts_with(&lower));
    let abbreviated = beginnings.next().filter(|_| beginnings.next().is_none());
    abbreviated.or_else(|| closest(key, free.iter().copied()))
}

/// Whether two different words are one edit (insertion, deletion, replacement, swap) apart.
pub fn one_edit_apart(a: &str, b: &str) -> bool {
    a.len().abs_diff(b.len()) <= 4 && damerau_levenshtein(a, b) == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_words() {
        let known = ["tag-syntax", "tag-shape", "digest-syntax", "src", "warning"];
        for (word, found) in [
            ("tag-sytnax", Some("tag-syntax")),
            ("TAG-SHAPE", Some("tag-shape")),
            ("digset-syntx", Some("digest-syntax")),
            ("scr", Some("src")),
            ("warn", Some("warning")),
            ("tag", None),
            ("registry", None),
            ("", None),
        ] {
            assert_eq!(closest(word, known), found, "{word}");
        }
        assert_eq!(closest("x", []), None);
    }

    #[test]
    fn keys_that_were_meant() {
        let registry = ["name", "service-account", "src"];
        for (key, expected) in [
            ("ser", Some("service-account")),
            ("service_account", Some("service-account")),
            ("serviceaccount", Some("service-account")),
            ("Name", Some("name")),
            ("source", None),
            ("s", None),
            ("", None),
        ] {
            assert_eq!(meant(key, &registry), expected, "{key}");
        }
        assert_eq!(meant("nam", &["src"]), None);
    }
}
