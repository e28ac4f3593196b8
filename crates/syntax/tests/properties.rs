//! Properties that hold for every text.

mod invariants;

use promolint_syntax::SyntaxErrorKind;
use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;

/// Pieces that texts of YAML are made of.
const PIECES: &[&str] = &[
    "a",
    "b c",
    "1.10",
    "~",
    "sha256:00",
    "é",
    "\u{1F600}",
    "\"a\"",
    "'b'",
    "\"",
    "'",
    "''",
    "\\",
    "\\n",
    "\\u12",
    ":",
    ": ",
    ":\n",
    "- ",
    "-",
    "? ",
    "[",
    "]",
    "{",
    "}",
    ", ",
    ",",
    "&a ",
    "*a",
    "!t ",
    "!!str ",
    "!",
    "|\n",
    ">-\n",
    "|2\n",
    "%YAML 1.1\n",
    "%TAG ! x\n",
    "---\n",
    "...\n",
    "---",
    "<<: ",
    "# c",
    "#",
    "\n",
    "\n\n",
    "\r\n",
    "\r",
    "\u{85}",
    "\u{2028}",
    "\u{feff}",
    " ",
    "  ",
    "    ",
    "\t",
    "\n  ",
    "\n    ",
    "\n- ",
    "\n  - ",
    "\nkey: ",
    "\n  key: ",
    "@",
    "`",
    "\0",
    "\u{7f}",
];

fn yaml_like() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES), 0..60).prop_map(|pieces| pieces.concat())
}

/// A manifest with a few random replacements.
fn damaged_manifest() -> impl Strategy<Value = String> {
    const MANIFEST: &str = "# images\n- name: pause\n  dmap:\n    \"sha256:00\": [\"3.9\", '3.10']\n    sha256:01:\n    - v1.0 # newest\n    - v1.1\n- name: \"a\\\"b\"\n  dmap: {}\n";
    let damage = (0..=MANIFEST.len(), 0..4_usize, prop::sample::select(PIECES));
    prop::collection::vec(damage, 1..4).prop_map(|damages| {
        let mut text = MANIFEST.to_owned();
        for (at, length, piece) in damages {
            let start = text.floor_char_boundary(at);
            let end = text.ceil_char_boundary((start + length).min(text.len()));
            text.replace_range(start..end, piece);
        }
        text
    })
}

/// Failures are kept beside this file, as `properties.regressions`.
fn config() -> ProptestConfig {
    let failure_persistence = Some(Box::new(FileFailurePersistence::WithSource("regressions")) as _);
    ProptestConfig { cases: 1000, failure_persistence, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn any_string_has_a_sound_tree(text in any::<String>()) {
        invariants::check(&text);
    }

    #[test]
    fn any_yaml_like_text_has_a_sound_tree(text in yaml_like()) {
        invariants::check(&text);
    }

    #[test]
    fn a_damaged_manifest_has_a_sound_tree(text in damaged_manifest()) {
        invariants::check(&text);
    }

    #[test]
    fn every_prefix_has_a_sound_tree(text in damaged_manifest()) {
        for (end, _) in text.char_indices() {
            invariants::check(&text[..end]);
        }
    }

    #[test]
    fn line_ends_change_no_value(text in damaged_manifest()) {
        let values = |text: &str| invariants::check(text).nodes().map(|node| node.value().into_owned()).collect::<Vec<_>>();
        prop_assume!(!text.contains('\r'));
        prop_assert_eq!(values(&text), values(&text.replace('\n', "\r\n")));
    }
}

/// A text that repeats one piece, at two sizes.
#[track_caller]
fn check_grows_linearly(piece: &str) {
    let [small, big] = [10_000, 40_000].map(|length: usize| {
        let document = invariants::check(&piece.repeat(length / piece.len()));
        document.nodes().len() + document.errors().len() + document.comments().len()
    });
    assert!(big <= 5 * small + 100, "{piece:?} grows from {small} to {big}");
}

#[test]
fn repeated_pieces_grow_linearly() {
    for piece in PIECES {
        check_grows_linearly(piece);
        check_grows_linearly(&format!("{piece}\n"));
        check_grows_linearly(&format!("- {piece}\n"));
        check_grows_linearly(&format!("  {piece}"));
    }
}

#[test]
fn deep_nesting_is_one_error() {
    for (open, close) in [("[", "]"), ("{a: ", "}"), ("- ", ""), ("? ", ""), ("[\n", "\n]")] {
        let text = open.repeat(100_000) + &close.repeat(100_000);
        let document = invariants::check(&text);
        let kinds: Vec<_> = document.errors().iter().map(|error| error.kind).collect();
        assert_eq!(kinds, [SyntaxErrorKind::TooDeep], "{open:?}");
        assert!(document.nodes().len() < 1000, "{open:?}");
    }
}

#[test]
fn long_lines_are_read() {
    let word = "a".repeat(5_000_000);
    let document = invariants::check(&format!("- {word}\n- '{word}'\n- \"{word}\" # {word}\n- [{word}]\n"));
    assert!(document.errors().is_empty());
    assert_eq!(document.nodes().len(), 6);
}
