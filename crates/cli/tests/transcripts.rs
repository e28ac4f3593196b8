//! What a user sees: the transcripts in `cmd/`, which are documentation as well.
//!
//! `TRYCMD=overwrite cargo test -p promolint --test transcripts` writes them anew.

#[test]
fn transcripts() {
    trycmd::TestCases::new().case("tests/cmd/*.md");
}
