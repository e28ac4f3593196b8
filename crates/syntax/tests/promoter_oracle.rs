//! Accept and reject as the promotion tools' own YAML reader does, on the documents of
//! `oracle/documents.jsonl` in the directory that `PROMOLINT_SHARED` names (`../shared` beside the
//! checkout by default). Skipped, saying so, where it is missing.

use std::fs;
use std::path::{Path, PathBuf};

use promolint_syntax::parse;

fn documents() -> Option<String> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let shared = std::env::var_os("PROMOLINT_SHARED").map_or(beside, PathBuf::from);
    fs::read_to_string(shared.join("oracle/documents.jsonl")).ok()
}

/// Whether the reader stopped at the form of the text, not at what it means.
fn is_syntax_error(error: &str) -> bool {
    error.contains("yaml: ")
        && !["unmarshal errors", "cannot decode", "map merge", "invalid map key", "value contains itself", "json:"]
            .iter()
            .any(|other| error.contains(other))
}

#[test]
fn syntax_errors_are_the_promoters() {
    let Some(documents) = documents() else {
        eprintln!("skipped: no oracle documents here");
        return;
    };
    let (mut silent, mut false_errors, mut total) = (Vec::new(), Vec::new(), 0);
    for line in documents.lines() {
        let row: serde_json::Value = serde_json::from_str(line).expect("a row of JSON");
        let (id, text) = (&row["id"], row["text"].as_str().expect("text"));
        let error = row["error"].as_str().unwrap_or_default();
        let document = parse(text);
        total += 1;
        match (is_syntax_error(error), document.errors()) {
            (true, []) => silent.push(format!("{id} {error}")),
            (false, [first, ..]) => false_errors.push(format!("{id} {first:?} (promoter: {error:?})")),
            _ => {}
        }
    }
    assert!(silent.is_empty() && false_errors.is_empty(), "of {total}:\nsilent: {silent:#?}\nfalse: {false_errors:#?}");
}
