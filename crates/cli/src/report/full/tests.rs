//! What `full` looks like.

use std::sync::Arc;

use clap::ValueEnum;
use promolint_analysis::{Applicability, FileEdit, FileKind, Fix, Related, Severity, Snapshot, SourceFile};
use promolint_syntax::{TextEdit, TextRange};
use proptest::prelude::*;
use snapbox::{assert_data_eq, str};

use crate::report::Format;
use crate::report::testing::{IMAGES, PLAIN, Sample, diagnostic, find, related};
use crate::terminal::Appearance;

/// A file with one finding for each range.
fn sample(text: &str, ranges: &[TextRange]) -> Sample {
    let file = SourceFile::new(IMAGES, FileKind::Images, text);
    let finding = |range: &TextRange| {
        let mut finding = diagnostic(&file, "tag-syntax", Severity::Error, *range);
        finding.message = "here".to_owned();
        finding
    };
    let diagnostics = ranges.iter().map(finding).collect();
    Sample { snapshot: Snapshot::new(vec![Arc::new(file)], true), diagnostics, problems: Vec::new() }
}

#[test]
fn findings_are_shown_with_their_lines() {
    assert_data_eq!(
        Sample::new().print(Format::Full),
        str![[r#"
registry.k8s.io/images/k8s-staging-widget/images.yaml

warning digest-not-visible (https://github.com/promolint/promolint/blob/main/docs/rules/digest-not-visible.md)

  ⚠ digest `sha256:1bb` is not double-quoted; the promoter promotes nothing
   ╭─[registry.k8s.io/images/k8s-staging-widget/images.yaml:4:5]
 3 │     "sha256:0aa": ["v1.0.0"]
 4 │     sha256:1bb: ["v1.0.0"]
   ·     ──────────
 5 │ - name: größe
   ╰────
  help: Quote the digest.
  fix: quote the digest (safe)
    -     sha256:1bb: ["v1.0.0"]
    +     "sha256:1bb": ["v1.0.0"]

error tag-on-two-digests (https://github.com/promolint/promolint/blob/main/docs/rules/tag-on-two-digests.md)

  × tag `v1.0.0` is on two digests; the promoter stops with 'overlapping edges'
   ╭─[registry.k8s.io/images/k8s-staging-widget/images.yaml:4:18]
 2 │   dmap:
 3 │     "sha256:0aa": ["v1.0.0"]
   ·                    ────┬───
   ·                        ╰── the other digest with this tag
 4 │     sha256:1bb: ["v1.0.0"]
   ·                  ────────
 5 │ - name: größe
   ╰────
  note: registry.k8s.io/manifests/k8s-staging-widget/promoter-manifest.yaml:2:9 promoted from here
        - name: gcr.io/k8s-staging-widgett

error tag-syntax (https://github.com/promolint/promolint/blob/main/docs/rules/tag-syntax.md)

  × tag `€1` is no tag: 50% <wrong>, "odd" & more
   ╭─[registry.k8s.io/images/k8s-staging-widget/images.yaml:7:20]
 6 │   dmap:
 7 │     "sha256:2cc": ["€1", "v2"]
   ·                    ────
   ╰────

registry.k8s.io/images/k8s-staging-wïdget 2/OWNERS

hint trailing-whitespace (https://github.com/promolint/promolint/blob/main/docs/rules/trailing-whitespace.md)

  ☞ blanks at the end of the line, after `al␛ice`
   ╭─[registry.k8s.io/images/k8s-staging-wïdget 2/OWNERS:2:9]
 1 │ approvers:
 2 │ - al␛ice  
   ·         ──
   ╰────

registry.k8s.io/manifests/k8s-staging-widget/promoter-manifest.yaml

info header-comment (https://github.com/promolint/promolint/blob/main/docs/rules/header-comment.md)

  ☞ the header names another project
   ╭─[registry.k8s.io/manifests/k8s-staging-widget/promoter-manifest.yaml:2:9]
 1 │ registries:
 2 │ - name: gcr.io/k8s-staging-widgett
   ·         ──────────────────────────
 3 │   src: true
   ╰────

2 errors, 1 warning, 1 info, 1 hint in 3 files.

"#]]
    );
}

#[test]
fn without_unicode() {
    let mut sample = Sample::new();
    sample.diagnostics.truncate(2);
    let ascii = Appearance { unicode: false, text_width: 60, ..PLAIN };
    assert_data_eq!(
        sample.print_as(Format::Full, &ascii),
        str![[r#"
registry.k8s.io/images/k8s-staging-widget/images.yaml

warning digest-not-visible (https://github.com/promolint/promolint/blob/main/docs/rules/digest-not-visible.md)

  ! digest `sha256:1bb` is not double-quoted; the promoter
  | promotes nothing
   ,-[registry.k8s.io/images/k8s-staging-widget/images.yaml:4:5]
 3 |     "sha256:0aa": ["v1.0.0"]
 4 |     sha256:1bb: ["v1.0.0"]
   :     ^^^^^^^^^^
 5 | - name: größe
   `----
  help: Quote the digest.
  fix: quote the digest (safe)
    -     sha256:1bb: ["v1.0.0"]
    +     "sha256:1bb": ["v1.0.0"]

error tag-on-two-digests (https://github.com/promolint/promolint/blob/main/docs/rules/tag-on-two-digests.md)

  x tag `v1.0.0` is on two digests; the promoter stops
  | with 'overlapping edges'
   ,-[registry.k8s.io/images/k8s-staging-widget/images.yaml:4:18]
 2 |   dmap:
 3 |     "sha256:0aa": ["v1.0.0"]
   :                    ^^^^|^^^
   :                        `-- the other digest with this tag
 4 |     sha256:1bb: ["v1.0.0"]
   :                  ^^^^^^^^
 5 | - name: größe
   `----
  note: registry.k8s.io/manifests/k8s-staging-widget/promoter-manifest.yaml:2:9 promoted from here
        - name: gcr.io/k8s-staging-widgett

1 error, 1 warning in 3 files.

"#]]
    );
}

#[test]
fn for_screen_readers() {
    let mut sample = Sample::new();
    sample.diagnostics.truncate(2);
    let narrated = Appearance { screen_reader: true, ..PLAIN };
    assert_data_eq!(
        sample.print_as(Format::Full, &narrated),
        str![[r#"
registry.k8s.io/images/k8s-staging-widget/images.yaml

digest `sha256:1bb` is not double-quoted; the promoter promotes nothing
    Diagnostic severity: warning
Begin snippet for registry.k8s.io/images/k8s-staging-widget/images.yaml starting at line 3, column 1

snippet line 3:     "sha256:0aa": ["v1.0.0"]
snippet line 4:     sha256:1bb: ["v1.0.0"]
    label at line 4, columns 5 to 14
snippet line 5: - name: größe
diagnostic help: Quote the digest.
diagnostic code: digest-not-visible
For more details, see:
https://github.com/promolint/promolint/blob/main/docs/rules/digest-not-visible.md
  fix: quote the digest (safe)
    before:     sha256:1bb: ["v1.0.0"]
    after:     "sha256:1bb": ["v1.0.0"]

tag `v1.0.0` is on two digests; the promoter stops with 'overlapping edges'
    Diagnostic severity: error
Begin snippet for registry.k8s.io/images/k8s-staging-widget/images.yaml starting at line 2, column 1

snippet line 2:   dmap:
snippet line 3:     "sha256:0aa": ["v1.0.0"]
    label at line 3, columns 20 to 27: the other digest with this tag
snippet line 4:     sha256:1bb: ["v1.0.0"]
    label at line 4, columns 18 to 25
snippet line 5: - name: größe
diagnostic code: tag-on-two-digests
For more details, see:
https://github.com/promolint/promolint/blob/main/docs/rules/tag-on-two-digests.md
  note: registry.k8s.io/manifests/k8s-staging-widget/promoter-manifest.yaml:2:9 promoted from here
        - name: gcr.io/k8s-staging-widgett

1 error, 1 warning in 3 files.

"#]]
    );
}

#[test]
fn colours_and_links_on_request() {
    let mut sample = Sample::new();
    sample.diagnostics.truncate(1);
    let plain = sample.print(Format::Full);
    assert!(!plain.contains('\x1b'));
    let colored = sample.print_as(Format::Full, &Appearance { color: true, links: true, ..PLAIN });
    assert!(colored.contains("\x1b]8;;https://github.com/promolint/promolint/blob/main/docs/rules/digest-not-visible.md\x1b\\"));
    assert!(colored.contains("\x1b[33m"));
}

#[test]
fn long_lines_are_cut() {
    let text = format!("- name: x\n  {}\"v1\"{}\n  {}\n", "a".repeat(5000), "b".repeat(5000), "c".repeat(5000));
    let appearance = Appearance { excerpt_width: 60, ..PLAIN };
    let start = u32::try_from(text.find("\"v1\"").unwrap()).unwrap();
    let sample = sample(&text, &[TextRange::new(start, start + 4), TextRange::new(start, start + 300)]);
    assert_data_eq!(
        sample.print_as(Format::Full, &appearance),
        str![[r#"
registry.k8s.io/images/k8s-staging-widget/images.yaml

error tag-syntax (https://github.com/promolint/promolint/blob/main/docs/rules/tag-syntax.md)

  × here
   ╭─[registry.k8s.io/images/k8s-staging-widget/images.yaml:2:5003]
 1 │ - name: x
 2 │ …aaaaaaaaaaaaaaaaaaaaa"v1"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb…
   ·                       ────
 3 │   cccccccccccccccccccccccccccccccccccccccccccccccccccccccccc…
   ╰────

error tag-syntax

  × here
   ╭─[registry.k8s.io/images/k8s-staging-widget/images.yaml:2:5003]
 1 │ - name: x
 2 │ …aaaaaaaaaaaaaaaaaaaaa"v1"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb…
   ·                       ───────────────────────────────────────
 3 │   cccccccccccccccccccccccccccccccccccccccccccccccccccccccccc…
   ╰────

2 errors in 3 files.

"#]]
    );
}

#[test]
fn places_at_the_edges_of_lines_and_file() {
    // The start, a line break, an empty line, many lines, the end, behind the end.
    let text = "a: 1\r\n\nb: 2\nc: 3\nd: 4\ne: 5\nf: 6\ng: 7\n";
    let ranges = [(0, 0), (4, 6), (6, 6), (7, 30), (7, 12), (text.len(), text.len()), (99, 99)];
    let ranges = ranges.map(|(start, end)| TextRange::new(u32::try_from(start).unwrap(), u32::try_from(end).unwrap()));
    assert_data_eq!(
        sample(text, &ranges).print(Format::Full),
        str![[r#"
registry.k8s.io/images/k8s-staging-widget/images.yaml

error tag-syntax (https://github.com/promolint/promolint/blob/main/docs/rules/tag-syntax.md)

  × here
   ╭─[registry.k8s.io/images/k8s-staging-widget/images.yaml:1:1]
 1 │ a: 1
   · ▲
 2 │ 
   ╰────

error tag-syntax

  × here
   ╭─[registry.k8s.io/images/k8s-staging-widget/images.yaml:1:5]
 1 │ a: 1
   ·     ▲
 2 │ 
   ╰────

error tag-syntax

  × here
   ╭─[registry.k8s.io/images/k8s-staging-widget/images.yaml:2:1]
 1 │ a: 1
 2 │  
   · ▲
 3 │ b: 2
   ╰────

error tag-syntax

  × here
   ╭─[registry.k8s.io/images/k8s-staging-widget/images.yaml:3:1]
 2 │     
 3 │ ╭─▶ b: 2
 4 │ │   c: 3
 5 │ │   d: 4
 6 │ │   e: 5
 7 │ ╰─▶ f: 6
 8 │     g: 7
   ╰────

error tag-syntax

  × here
   ╭─[registry.k8s.io/images/k8s-staging-widget/images.yaml:3:1]
 2 │ 
 3 │ b: 2
   · ────
 4 │ c: 3
   ╰────

error tag-syntax

  × here
   ╭─[registry.k8s.io/images/k8s-staging-widget/images.yaml:9:1]
 8 │ g: 7
 9 │  
   · ▲
   ╰────

error tag-syntax

  × here
   ╭─[registry.k8s.io/images/k8s-staging-widget/images.yaml:9:1]
 8 │ g: 7
 9 │  
   · ▲
   ╰────

7 errors in 3 files.

"#]]
    );
    for text in ["", "\n", "x", "\u{feff}- name: x"] {
        let printed = sample(text, &[TextRange::new(0, 0), TextRange::new(0, 1)]).print(Format::Full);
        assert!(printed.contains("here"), "{printed}");
    }
}

#[test]
fn related_places_far_away_are_notes() {
    let lines = (1..=30).fold(String::new(), |text, line| format!("{text}- name: image{line}\n"));
    let file = SourceFile::new(IMAGES, FileKind::Images, lines);
    let mut finding = diagnostic(&file, "duplicate-key", Severity::Error, find(&file, "image29"));
    finding.message = "image stands twice".to_owned();
    for (name, message) in [("image5", "first"), ("image27", "near"), ("image12", "another"), ("image30", "after")] {
        finding.related.push(related(&file, find(&file, name), message));
    }
    let snapshot = Snapshot::new(vec![Arc::new(file)], true);
    let sample = Sample { snapshot, diagnostics: vec![finding], problems: Vec::new() };
    assert_data_eq!(
        sample.print(Format::Full),
        str![[r#"
registry.k8s.io/images/k8s-staging-widget/images.yaml

error duplicate-key (https://github.com/promolint/promolint/blob/main/docs/rules/duplicate-key.md)

  × image stands twice
    ╭─[registry.k8s.io/images/k8s-staging-widget/images.yaml:29:9]
 26 │ - name: image26
 27 │ - name: image27
    ·         ───┬───
    ·            ╰── near
 28 │ - name: image28
 29 │ - name: image29
    ·         ───────
 30 │ - name: image30
    ·         ───┬───
    ·            ╰── after
    ╰────
  note: registry.k8s.io/images/k8s-staging-widget/images.yaml:5:9 first
        - name: image5
  note: registry.k8s.io/images/k8s-staging-widget/images.yaml:12:9 another
        - name: image12

1 error in 3 files.

"#]]
    );
}

proptest! {
    /// No text and no place in it breaks a format, and nothing that commands a terminal gets through.
    #[test]
    fn any_text_and_any_place_can_be_shown(
        text in "([a-c \"é€\u{1F600}]{0,30}[\n\r\t\u{0}\u{1b}\u{feff}]{0,2}){0,8}",
        places in proptest::collection::vec((0..300_u32, 0..80_u32), 1..4),
        width in 1..40_usize,
        screen_reader: bool,
    ) {
        let ranges: Vec<_> = places.iter().map(|(start, length)| TextRange::new(*start, start + length)).collect();
        let mut sample = sample(&text, &ranges);
        let others = sample.diagnostics.clone();
        for (finding, other) in sample.diagnostics.iter_mut().zip(others.iter().rev()) {
            let (path, range) = (other.path.clone(), other.range);
            finding.related.push(Related { path: path.clone(), range, message: "there\u{1b}".to_owned() });
            let edits = vec![FileEdit { path, edit: TextEdit::replace(range, "x\ny\u{1b}") }];
            finding.fixes.push(Fix { title: "replace\n".to_owned(), applicability: Applicability::Safe, edits, changes: Vec::new() });
        }
        let appearance = Appearance { excerpt_width: width, screen_reader, ..PLAIN };
        for format in Format::value_variants() {
            let printed = sample.print_as(*format, &appearance);
            prop_assert!(!printed.contains(['\u{1b}', '\0', '\r']), "{format:?}: {printed:?}");
        }
    }
}
