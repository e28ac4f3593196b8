//! What `full` looks like.

use std::sync::Arc;

use promolint_analysis::{FileKind, Severity, Snapshot, SourceFile};
use promolint_syntax::TextRange;
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
    assert_data_eq!(Sample::new().print(Format::Full), str![[]]);
}

#[test]
fn without_unicode() {
    let mut sample = Sample::new();
    sample.diagnostics.truncate(2);
    let ascii = Appearance { unicode: false, text_width: 60, ..PLAIN };
    assert_data_eq!(sample.print_as(Format::Full, &ascii), str![[]]);
}

#[test]
fn for_screen_readers() {
    let mut sample = Sample::new();
    sample.diagnostics.truncate(2);
    let narrated = Appearance { screen_reader: true, ..PLAIN };
    assert_data_eq!(sample.print_as(Format::Full, &narrated), str![[]]);
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
    assert_data_eq!(sample.print_as(Format::Full, &appearance), str![[]]);
}

#[test]
fn places_at_the_edges_of_lines_and_file() {
    // The start, a line break, an empty line, many lines, the end, behind the end.
    let text = "a: 1\r\n\nb: 2\nc: 3\nd: 4\ne: 5\nf: 6\ng: 7\n";
    let ranges = [(0, 0), (4, 6), (6, 6), (7, 30), (7, 12), (text.len(), text.len()), (99, 99)];
    let ranges = ranges.map(|(start, end)| TextRange::new(u32::try_from(start).unwrap(), u32::try_from(end).unwrap()));
    assert_data_eq!(sample(text, &ranges).print(Format::Full), str![[]]);
    for text in ["", "\n", "x", "\u{feff}- name: x"] {
        let printed = sample(text, &[TextRange::new(0, 0), TextRange::new(0, 1)]).print(Format::Full);
        assert!(printed.contains("here"), "{printed}");
    }
}

#[test]
fn related_places_far_away_get_an_excerpt_of_their_own() {
    let lines: String = (1..=30).map(|line| format!("- name: image{line}\n")).collect();
    let file = SourceFile::new(IMAGES, FileKind::Images, lines);
    let mut finding = diagnostic(&file, "duplicate-key", Severity::Error, find(&file, "image29"));
    finding.message = "image stands twice".to_owned();
    for (name, message) in [("image5", "first"), ("image27", "near"), ("image12", "another"), ("image15", "one too many")] {
        finding.related.push(related(&file, find(&file, name), message));
    }
    let snapshot = Snapshot::new(vec![Arc::new(file)], true);
    let sample = Sample { snapshot, diagnostics: vec![finding], problems: Vec::new() };
    assert_data_eq!(sample.print(Format::Full), str![[]]);
}
