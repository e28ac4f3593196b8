//! One round of formatting: from a text to the edits on it.

use std::borrow::Cow;

use promolint_syntax::{Document, Node, TextEdit, TextRange};

use super::compose::Edits;
use super::conventions::Conventions;
use super::lines::{Line, Lines};
use super::order::{List, ORDERS, Order, Permutation, restore};
use super::outline::{Image, Outline, tags};
use super::places::{Found, Habit, Place, dash_of, places};
use super::units::{Units, speaks_to_promolint};
use super::{Style, indentation, layout, line_ends};
use crate::file::FileKind;

/// The edits on a text without syntax errors, all of them inside `range`.
pub(super) fn edits(document: &Document, kind: FileKind, style: Style, range: Option<TextRange>) -> Vec<TextEdit> {
    // Anchors, block scalars and their like are nobody's convention; what they mean may hang on blanks.
    if !document.constructs().is_empty() {
        return Vec::new();
    }
    let is_inside = |place: TextRange| range.is_none_or(|range| range.contains_range(place));
    // The promoter's tool writes images.yaml only, and always ends lines in LF.
    let style = if kind == FileKind::Images { style } else { Style::File };
    let line_break = if style == Style::Promoter { "\n" } else { line_ends::line_break(document) };
    let mut edits = line_ends::edits(document, line_break);
    if matches!(kind, FileKind::Owners | FileKind::OwnersAliases) {
        edits.retain(|edit| is_inside(edit.range));
        return edits;
    }
    let lines = Lines::new(document);
    let outline = Outline::new(document, kind);
    let places = places(&lines, outline.as_ref());
    let conventions = Conventions::learn(&places, style);
    let blank_lines = match conventions.wanted(Habit::BlankLines) {
        Some(Found::Count(count)) => count,
        _ => 0,
    };
    let moves = outline.as_ref().map(|outline| Moves::new(&lines, outline, style, blank_lines, &is_inside)).unwrap_or_default();
    edits.extend(layout::edits(&places, &conventions, style == Style::Promoter));
    let mut indentation = indentation::edits(&places, &lines, &conventions, style);
    if range.is_some() {
        retain_whole(&mut indentation, outline.as_ref(), &is_inside);
    }
    edits.extend(indentation);
    if let Some(outline) = outline.as_ref().filter(|_| style == Style::Promoter) {
        edits.extend(blank_lines_within(&lines, outline));
    }
    edits.retain(|edit| is_inside(edit.range));
    let mut composed = Edits::new(document.text(), edits);
    composed.permute(&moves.tags);
    composed.permute(&moves.digests);
    composed.permute(&moves.images);
    let mut edits = composed.finish();
    if style == Style::File && blank_lines == 1 {
        let missing = |place: &&Place<'_>| place.habit == Habit::BlankLines && place.found == Found::Count(0) && is_inside(place.range);
        edits.extend(places.iter().filter(missing).map(|place| TextEdit::insert(place.range.start(), line_break)));
        edits.sort_by_key(|edit| (edit.range.start(), edit.range.end()));
    }
    edits
}

/// Of edits on the indentation, an image takes all or none, and so does a file whose list itself moves.
fn retain_whole(edits: &mut Vec<TextEdit>, outline: Option<&Outline<'_>>, is_inside: &dyn Fn(TextRange) -> bool) {
    let images: Vec<TextRange> = outline.iter().flat_map(|outline| &outline.images).map(|image| image.item.range()).collect();
    let image = |edit: &TextEdit| {
        let behind = images.partition_point(|image| image.start() <= edit.range.end());
        images[..behind].last().copied().filter(|image| image.contains_range(edit.range))
    };
    let moves_list = edits.iter().any(|edit| image(edit).is_none());
    if !moves_list {
        edits.retain(|edit| image(edit).is_some_and(is_inside));
    } else if !edits.iter().all(|edit| is_inside(edit.range)) {
        edits.clear();
    }
}

/// What changes its place, level by level.
#[derive(Default)]
struct Moves {
    tags: Vec<Permutation>,
    digests: Vec<Permutation>,
    images: Vec<Permutation>,
}

impl Moves {
    fn new(lines: &Lines<'_>, outline: &Outline<'_>, style: Style, blank_lines: u32, is_inside: &dyn Fn(TextRange) -> bool) -> Self {
        let images: Vec<List<'_>> = image_list(lines, outline, style).into_iter().collect();
        let digests: Vec<List<'_>> = outline.images.iter().filter_map(|image| digest_list(lines, image, style)).collect();
        let mut moves = Self {
            tags: if style == Style::Promoter { sorted_tags(outline) } else { Vec::new() },
            digests: restore(&digests, style, &ORDERS, 0),
            images: restore(&images, style, &[Order::Bytes], blank_lines),
        };
        // Above the first image, a comment for promolint would count for the whole file.
        let first = images.first().and_then(|list| list.units.all.first()).map(|unit| unit.slot);
        let leads = |permutation: &Permutation| {
            first == Some(permutation.slots[0]) && speaks_to_promolint(lines, permutation.slots[permutation.order[0]])
        };
        if moves.images.iter().any(leads) {
            moves.images.clear();
        }
        for level in [&mut moves.tags, &mut moves.digests, &mut moves.images] {
            level.retain(|permutation| is_inside(permutation.range()));
        }
        moves
    }
}

fn image_list<'a>(lines: &Lines<'a>, outline: &Outline<'a>, style: Style) -> Option<List<'a>> {
    let entries: Option<Vec<TextRange>> = outline
        .images
        .iter()
        .map(|image| dash_of(image.item).map(|dash| TextRange::new(dash, image.item.range().end().max(dash + 1))))
        .collect();
    let units = Units::new(lines, &entries?, style, true)?;
    Some(List { units, keys: outline.images.iter().map(|image| image.name.map(Node::value)).collect() })
}

fn digest_list<'a>(lines: &Lines<'a>, image: &Image<'a>, style: Style) -> Option<List<'a>> {
    let entries: Vec<TextRange> = image.entries().map(|entry| entry.range()).collect();
    let units = Units::new(lines, &entries, style, false)?;
    let smallest = |entry| tags(&entry).into_iter().map(Node::value).min();
    let keys: Vec<Option<Cow<'a, str>>> = image.entries().map(smallest).collect();
    Some(List { units, keys })
}

/// Tags in brackets on one line, in byte order. By indentation they stay as they are until they are in brackets.
fn sorted_tags(outline: &Outline<'_>) -> Vec<Permutation> {
    let entries = outline.images.iter().flat_map(Image::entries);
    let sorted = entries.filter_map(|entry| {
        if entry.value.style() != promolint_syntax::Style::Flow || entry.value.text().contains('\n') {
            return None;
        }
        let tags = tags(&entry);
        let values: Vec<Cow<'_, str>> = tags.iter().map(|tag| tag.value()).collect();
        let mut order: Vec<usize> = (0..tags.len()).collect();
        order.sort_by_key(|index| &values[*index]);
        let slots: Vec<TextRange> = tags.iter().map(|tag| tag.range()).collect();
        Permutation::new(&slots, &order)
    });
    sorted.collect()
}

/// Blank lines between the first and the last line of the list.
fn blank_lines_within(lines: &Lines<'_>, outline: &Outline<'_>) -> Vec<TextEdit> {
    let range = outline.list.node().range();
    let blank = (lines.line(range.start())..lines.last_line(range)).filter(|line| lines.kind(*line) == Line::Blank);
    blank.map(|line| TextEdit::delete(lines.range(line, line + 1))).collect()
}
