//! The nearest of the known words: the did-you-mean.

use strsim::damerau_levenshtein;

/// The candidate nearest to `word`, if it is near enough to be what was meant: a third of its letters
/// may differ. Letter case counts for nothing; among equals the first one is taken.
pub fn closest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let word = word.to_lowercase();
    let allowed = (word.chars().count() / 3).max(1);
    let distances = candidates.into_iter().map(|candidate| (damerau_levenshtein(&word, &candidate.to_lowercase()), candidate));
    let (distance, candidate) = distances.min_by_key(|(distance, _)| *distance)?;
    (distance <= allowed && distance < candidate.chars().count()).then_some(candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_words() {
        let known = ["tag-syntax", "tag-shape", "digest-syntax", "src"];
        for (word, found) in [
            ("tag-sytnax", Some("tag-syntax")),
            ("TAG-SHAPE", Some("tag-shape")),
            ("digset-syntx", Some("digest-syntax")),
            ("scr", Some("src")),
            ("registry", None),
            ("", None),
        ] {
            assert_eq!(closest(word, known), found, "{word}");
        }
    }
}
