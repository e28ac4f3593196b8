//! The analysis takes any text for any kind of file: no panic, findings in bounds and in order, fixes
//! that can be applied.

use std::sync::Arc;

use promolint_analysis::{FileKind, Policy, Settings, Snapshot, SourceFile, check};
use promolint_syntax::apply_edits;
use proptest::prelude::*;

mod common;
use common::{PLACES, good};

/// All places hold the good tree's text but one, which holds `bytes`.
fn judge(place: usize, bytes: &[u8]) {
    let file = |(number, (kind, path)): (usize, &(FileKind, &str))| {
        let file =
            if number == place { SourceFile::from_bytes(*path, *kind, bytes.to_vec()) } else { SourceFile::new(*path, *kind, good(path)) };
        Arc::new(file)
    };
    let snapshot = Snapshot::new(PLACES.iter().enumerate().map(file).collect(), true);
    let settings = Settings { policy: Policy::builtin(), ..Settings::default() };
    let diagnostics = check(&snapshot, &settings);
    assert!(diagnostics.is_sorted_by_key(|diagnostic| (diagnostic.path.clone(), diagnostic.range)));
    for diagnostic in &diagnostics {
        let text = snapshot.get(&diagnostic.path).expect("a file of the snapshot").text();
        assert!(text.get(diagnostic.range.to_usize()).is_some(), "{diagnostic:?}");
        for related in &diagnostic.related {
            assert!(snapshot.get(&related.path).expect("a file").text().get(related.range.to_usize()).is_some(), "{diagnostic:?}");
        }
        for fix in &diagnostic.fixes {
            let edits: Vec<_> = fix.edits.iter().filter(|edit| edit.path == diagnostic.path).map(|edit| edit.edit.clone()).collect();
            assert!(apply_edits(text, &edits).is_ok(), "{diagnostic:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes(place in 0..PLACES.len(), bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        judge(place, &bytes);
    }

    #[test]
    fn yaml_like_text(place in 0..PLACES.len(), text in "([-a-z?:#&*!|>'\"\\[\\]{},%@` \t\n]|name|dmap|registries|files|approvers|sha256:|\r\n|é|2001-12-14T21:59:43\\+|[0-9TZ]){0,120}") {
        judge(place, text.as_bytes());
    }

    /// The good file with a stretch replaced.
    #[test]
    fn damaged_files(place in 0..PLACES.len(), at in any::<prop::sample::Index>(), cut in 0..40_usize, put in "[-a-z0-9:#'\"\\[\\]{}, \t\n\r]{0,6}") {
        let mut bytes = good(PLACES[place].1).into_bytes();
        let start = at.index(bytes.len() + 1);
        let end = (start + cut).min(bytes.len());
        bytes.splice(start..end, put.bytes());
        judge(place, &bytes);
    }
}
