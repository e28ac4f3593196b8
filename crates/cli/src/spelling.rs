//! Did you mean …?

/// The candidate that `word` was probably meant to be.
pub(crate) fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let word = word.to_ascii_lowercase().replace('_', "-");
    let scored = candidates.into_iter().map(|candidate| (strsim::jaro_winkler(&word, candidate), candidate));
    let (score, best) = scored.max_by(|a, b| a.0.total_cmp(&b.0))?;
    (score > 0.8).then_some(best)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_is_recognised_and_something_else_is_not() {
        let rules = ["digest-syntax", "tag-syntax", "tag-shape"];
        assert_eq!(nearest("digest-sintax", rules), Some("digest-syntax"));
        assert_eq!(nearest("TAG_SHAPE", rules), Some("tag-shape"));
        assert_eq!(nearest("zzz", rules), None);
    }
}
