//! What is left of a text with one mistake in it: which error is told, and what can still be read.

use std::ops::Range;

use promolint_syntax::{Document, Mapping, Node, NodeKind, Sequence, SyntaxErrorKind as Kind, parse};

/// The tree in short: `key: value` pairs in braces, lists in brackets, `!` where something could
/// not be read, `~` for an absent value.
fn outline(node: Node<'_>) -> String {
    let parts = || node.children().map(outline).collect::<Vec<_>>();
    match node.kind() {
        NodeKind::Scalar if node.is_absent() => "~".to_owned(),
        NodeKind::Scalar => node.value().into_owned(),
        NodeKind::Alias => format!("*{}", &node.text()[1..]),
        NodeKind::Error => "!".to_owned(),
        NodeKind::Sequence => format!("[{}]", parts().join(", ")),
        NodeKind::Mapping => {
            let pairs: Vec<String> = parts().chunks(2).map(|pair| pair.join(": ")).collect();
            format!("{{{}}}", pairs.join(", "))
        }
    }
}

/// Checks the errors of a text (kind and the text they are at), and the outline of what is read.
#[track_caller]
fn check(text: &str, errors: &[(Kind, &str)], expected: &str) {
    let document = parse(text);
    let found: Vec<_> = document.errors().iter().map(|error| (error.kind, document.slice(error.range))).collect();
    assert_eq!(found, errors, "errors of:\n{text}");
    assert_eq!(document.root().map(outline).unwrap_or_default(), expected, "outline of:\n{text}");
}

#[test]
fn quotes() {
    check("a: \"x\nb: y\n", &[(Kind::UnclosedQuote, "\"x")], "{a: !, b: y}");
    check("a: 'x\nb: y\n", &[(Kind::UnclosedQuote, "'x")], "{a: !, b: y}");
    check("- a:\n    - \"b\n    - c\n  d: e\n", &[(Kind::UnclosedQuote, "\"b")], "[{a: [!, c], d: e}]");
    check("a:\n  \"b\n  c: d\n", &[(Kind::UnclosedQuote, "\"b")], "{a: {!: ~, c: d}}");
    check("- a:\n    b: \"c\n    d\": e\n    f: g\n", &[(Kind::UnclosedQuote, "\"c")], "[{a: {b: !, d\": e, f: g}}]");
    check("- a: b\n  \"c\": \"d\"e\n  f: g\n", &[(Kind::ExpectedKey, "e")], "[{a: b, c: d, !: !, f: g}]");
    check("a: \"x\\q\"\nb: y\n", &[(Kind::BadEscape, "\\q")], "{a: xq, b: y}");
    check("a: \"b\n---\nc: d\n", &[(Kind::UnclosedQuote, "\"b")], "{a: !}");
}

#[test]
fn brackets() {
    check("a: [x\nb: y\n", &[(Kind::UnclosedBracket, "[")], "{a: [x], b: y}");
    check("- a: [b,\n- c: d\n", &[(Kind::UnclosedBracket, "[")], "[{a: [b]}, {c: d}]");
    check("a: {x: 1\nb: y\n", &[(Kind::UnclosedBracket, "{")], "{a: !, b: y}");
    check("a: x\nb: [y]]\n", &[(Kind::ExpectedKey, "]")], "{a: x, b: [y], !: !}");
    check("a: ]\nb: c\n", &[(Kind::UnmatchedBracket, "]")], "{a: !, b: c}");
    check("a: [\"x\" \"y\"]\n", &[(Kind::MissingComma, "\"y\"")], "{a: [x, y]}");
    check("a: [, x]\n", &[(Kind::MissingItem, ",")], "{a: [x]}");
    check("a: [x y]\n", &[], "{a: [x y]}");
    check("[a, {b: c, d]\n", &[(Kind::UnmatchedBracket, "]")], "[a, {b: c, d: ~}]");
}

#[test]
fn colons() {
    check("a: 1\nb\nc: 2\n", &[(Kind::MissingColon, "b")], "{a: 1, !: !, c: 2}");
    check("a: 1\nb\n  c: 2\n", &[(Kind::MissingColon, "b")], "{a: 1, b: {c: 2}}");
    check("a\n- b: c\n", &[(Kind::MissingColon, "a")], "{a: [{b: c}]}");
    check("- a b\n  c: d\n- e: f\n", &[(Kind::MissingColon, "a b")], "[{!: ~, c: d}, {e: f}]");
    check("a:\n  \"b\" [c]\n  d: [e]\n", &[(Kind::MissingColon, "\"b\"")], "{a: {b: [c], d: [e]}}");
    check("a:\n  b\n  - c\n  d:\n  - e\n", &[(Kind::MissingColon, "b")], "{a: {b: [c], d: [e]}}");
    check("a: b: c\nd: e\n", &[(Kind::UnexpectedMappingValue, ":")], "{a: b, !: !, d: e}");
    check("a:b\nc: d\n", &[(Kind::MissingColon, "a:b")], "{!: ~, c: d}");
}

#[test]
fn dashes() {
    check("a: b\n- c\n- d\n", &[(Kind::ExpectedKey, "-")], "{a: b, !: [c, d]}");
    check("- a: b\n  c: d\ne: f\n  g: h\n- i: j\n", &[(Kind::ExpectedSequenceEntry, "e: f")], "[{a: b, c: d}, {e: f, g: h}, {i: j}]");
    check("- a\nb: c\n- d\n", &[(Kind::ExpectedSequenceEntry, "b")], "[a, !, d]");
    check("a: - b\nc: d\n", &[(Kind::UnexpectedSequenceEntry, "-")], "{a: !, c: d}");
    check("a: b\nc:\n- d\n-e\n- f\n", &[(Kind::MissingColon, "-e")], "{a: b, c: [d], !: !, !: [f]}");
}

#[test]
fn indentation() {
    check("a:\n  b: c\n d: e\n", &[(Kind::BadIndentation, "d: e")], "{a: {b: c, d: e}}");
    check("a:\n   b: c\n  d: e\n  f: g\n", &[(Kind::BadIndentation, "b: c")], "{a: {b: c, d: e, f: g}}");
    check("a: b\n  c: d\ne: f\n", &[(Kind::BadIndentation, "c")], "{a: b, c: d, e: f}");
    check("  - a: b\n   c: d\n- e: f\n", &[(Kind::BadIndentation, "c: d")], "[{a: b, c: d}, {e: f}]");
    check("- a: b\n c: d\n- e: f\n", &[(Kind::BadIndentation, "c: d")], "[{a: b, c: d}, {e: f}]");
    check("- a:\n    b: [c]\n     d: [e]\n    f: [g]\n", &[(Kind::BadIndentation, "d")], "[{a: {b: [c], d: [e], f: [g]}}]");
    check("a:\n\tb: c\n  d: e\n", &[(Kind::TabIndentation, "\t")], "{a: {b: c, d: e}}");
    check("\t- a: b\n- c: d\n", &[(Kind::TabIndentation, "\t")], "[{a: b}, {c: d}]");
    check("- a: b\n- \tc: d\n  e: f\n", &[(Kind::TabIndentation, "\t")], "[{a: b}, {c: d, e: f}]");
}

#[test]
fn broken_lines() {
    check("- a:\n    \"b\": [\"c\n0\"]\n    \"d\": [e]\n", &[], "[{a: {b: [c 0], d: [e]}}]");
    check("- a:\n    b: c\n00\n    d: e\n", &[(Kind::ExpectedSequenceEntry, "00")], "[{a: {b: c, d: e}}]");
    check("- a:\n    - b\nc\n    - d\n", &[(Kind::ExpectedSequenceEntry, "c")], "[{a: [b, d]}]");
    check("@\n- a: b\n", &[(Kind::UnexpectedCharacter, "@")], "[{a: b}]");
    check("- a: @b\n- c: d\n", &[(Kind::UnexpectedCharacter, "@")], "[{a: !}, {c: d}]");
}

#[test]
fn other_constructs() {
    check("a: *b\nc: d\n", &[(Kind::UnknownAnchor, "*b")], "{a: *b, c: d}");
    check("a: &! b\nc: d\n", &[(Kind::BadAnchor, "&")], "{a: !, c: d}");
    check("a: !<x b\nc: d\n", &[(Kind::BadTag, "!<x b")], "{a: !, c: d}");
    check("a: !x!y b\nc: d\n", &[(Kind::BadTag, "!x!y")], "{a: !, c: d}");
    check("a: |x\n  b\nc: d\n", &[(Kind::BadBlockScalar, "|x")], "{a: !, c: d}");
    check("%FOO\n---\na: b\n", &[(Kind::BadDirective, "%FOO")], "{a: b}");
    check("%YAML 1.2\n---\na: b\n", &[(Kind::UnsupportedVersion, "%YAML 1.2")], "{a: b}");
    check("a: \0\nb: c\n", &[(Kind::ForbiddenCharacter, "\0")], "{a: \0, b: c}");
    check("? a\n? b\nc\n", &[(Kind::MissingColon, "c")], "{a: ~, b: !}");
}

/// The damages that a file goes through while it is typed, in the middle of a big file: all
/// entries but the damaged one keep their tags, and errors are told beside it only.
mod half_typed {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    const IMAGES: usize = 4;
    const DIGESTS: usize = 6;
    /// The digests to be damaged, as image and version.
    const DAMAGED: [(usize, usize); 6] = [(0, 0), (0, 1), (2, 0), (2, 1), (2, DIGESTS - 1), (IMAGES - 1, DIGESTS - 1)];

    /// A way to write a digest with its tags.
    type Layout = fn(&str, &str) -> String;

    const LAYOUTS: [Layout; 4] = [
        |digest, tag| format!("    \"{digest}\": [\"{tag}\", \"{tag}-amd64\"]\n"),
        |digest, tag| format!("    '{digest}': ['{tag}', '{tag}-amd64']\n"),
        |digest, tag| format!("    \"{digest}\":\n    - \"{tag}\"\n    - \"{tag}-amd64\"\n"),
        |digest, tag| format!("    {digest}:\n      - {tag}\n      - {tag}-amd64\n"),
    ];

    fn digest(image: usize, version: usize) -> String {
        format!("sha256:{:064x}", image * 1000 + version)
    }

    /// The lines of a digest, together with the head of its image before the first.
    fn entry(layout: Layout, image: usize, version: usize) -> String {
        let lines = layout(&digest(image, version), &format!("v1.{image}.{version}"));
        if version == 0 { format!("- name: image-{image}\n  dmap:\n{lines}") } else { lines }
    }

    fn manifest(layout: Layout) -> String {
        (0..IMAGES).flat_map(|image| (0..DIGESTS).map(move |version| entry(layout, image, version))).collect()
    }

    /// All digests with their tags, wherever they stand.
    fn digests(document: &Document) -> BTreeMap<String, Vec<String>> {
        let mappings = document.nodes().filter(|node| node.kind() == NodeKind::Mapping).filter_map(Node::as_mapping);
        let entries = mappings.flat_map(Mapping::entries).filter(|entry| entry.key.value().len() == "sha256:".len() + 64);
        let tags = |node: Node<'_>| node.as_sequence().map(|tags| tags.items().map(|tag| tag.value().into_owned()).collect());
        entries.map(|entry| (entry.key.value().into_owned(), tags(entry.value).unwrap_or_default())).collect()
    }

    fn names(document: &Document) -> BTreeSet<String> {
        let images = document.root().and_then(Node::as_sequence).into_iter().flat_map(Sequence::items);
        images.filter_map(|image| Some(image.as_mapping()?.get("name")?.value().into_owned())).collect()
    }

    /// Replaces `from` by `to` wherever it stands in the lines of a digest.
    fn check_damage(from: &str, to: &str) {
        let mut failures = Vec::new();
        for layout in LAYOUTS {
            let intact = manifest(layout);
            let all = parse(intact.as_str());
            for (image, version) in DAMAGED {
                let lines = entry(layout, image, version);
                let start = intact.find(&lines).expect("the lines of the entry");
                for (at, _) in lines.match_indices(from) {
                    let before = lines[..at].trim_end_matches(' ');
                    if to == "\n" && (before.is_empty() || before.ends_with('\n')) {
                        continue; // An empty line, and a digest that is indented too little.
                    }
                    let mut damaged = intact.clone();
                    damaged.replace_range(start + at..start + at + from.len(), to);
                    failures.extend(failure(&all, &damaged, (image, version), start..start + lines.len()));
                }
            }
        }
        assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n\n"));
    }

    /// What the damage in `lines` did to the rest of the text.
    fn failure(intact: &Document, damaged: &str, (image, version): (usize, usize), lines: Range<usize>) -> Option<String> {
        let document = parse(damaged);
        let (mut expected, mut found) = (digests(intact), digests(&document));
        expected.remove(&digest(image, version));
        // A digest that is damaged in itself is none that anything else is known by.
        found.retain(|digest, _| expected.contains_key(digest));
        let (mut expected_names, found_names) = (names(intact), names(&document));
        expected_names.remove(&format!("image-{image}"));
        let is_near = |offset: u32| {
            let (offset, length) = (offset as usize, lines.len());
            lines.start <= offset + length && offset <= lines.end + length
        };
        let near = document.errors().iter().all(|error| is_near(error.range.start()));
        let fine = found == expected && found_names.is_superset(&expected_names) && near && document.errors().len() <= 3;
        (!fine).then(|| format!("{}\n{:?}", &damaged[lines.start..], document.errors()))
    }

    #[test]
    fn missing_quote() {
        check_damage("\"", "");
        check_damage("'", "");
    }

    #[test]
    fn missing_bracket() {
        check_damage("[", "");
        check_damage("]", "");
    }

    #[test]
    fn missing_colon() {
        check_damage(":", "");
    }

    #[test]
    fn extra_blank() {
        check_damage("", " ");
    }

    #[test]
    fn tab() {
        check_damage("", "\t");
        check_damage(" ", "\t");
        check_damage("    ", "\t");
    }

    #[test]
    fn half_a_key() {
        check_damage("000000\":", "");
        check_damage("000000':", "");
        check_damage("me: ", "");
        check_damage("ap:", "");
    }

    #[test]
    fn half_a_word() {
        check_damage("-amd64", "");
        check_damage("-amd64\"", "");
        check_damage("-amd64\"]", "");
        check_damage("-amd64']", "");
        check_damage("\n", "\nab\n");
        check_damage("\n", "\n  ab\n");
        check_damage("\n", "\n    ab\n");
        check_damage("\n", "\n    \"ab\n");
        check_damage("-amd64\"\n", "-amd64\"\n    - ab\n");
    }

    #[test]
    fn newline_in_a_tag() {
        check_damage("", "\n");
    }

    #[test]
    fn deleted_digit() {
        check_damage("0", "");
        check_damage("1", "");
    }
}
