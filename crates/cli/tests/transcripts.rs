//! What a user sees: the transcripts in `cmd/`, which are documentation as well.
//!
//! `TRYCMD=overwrite cargo test -p promolint --test transcripts` writes them anew.

#[test]
fn transcripts() {
    let cases = trycmd::TestCases::new();
    // The tests may themselves run in a CI system, whose change is not the one of the transcripts.
    for name in ["JOB_TYPE", "GITHUB_ACTIONS", "CI_MERGE_REQUEST_DIFF_BASE_SHA"] {
        cases.env(name, "");
    }
    cases.case("tests/cmd/*.md");
}
