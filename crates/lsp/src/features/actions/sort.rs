//! Sorts the digests of one image in the order that the rest of its file follows.

use std::cmp::Ordering;

use promolint_analysis::SourceFile;
use promolint_analysis::model::{DigestEntry, Image, Model};
use promolint_syntax::{Style, TextEdit, TextRange};

use super::{Action, ActionKind};
use crate::features::Change;
use crate::features::version_order::by_version;

/// An order that files are seen in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Order {
    OldestFirst,
    NewestFirst,
    ByTag,
}

/// The action, where the range begins in an image whose digests stand otherwise.
pub(super) fn action(file: &SourceFile, range: TextRange) -> Option<Action> {
    let Model::Images(images) = &file.reading().model else { return None };
    let lines = file.lines();
    // From the dash on.
    let all_of = |image: &Image<'_>| TextRange::new(lines.line_start(lines.line(image.node.range().start())), image.node.range().end());
    let image = images.images.iter().find(|image| all_of(image).touches(range.start()))?;
    if !file.document().errors_near(image.node.range()).is_empty() {
        return None;
    }
    let others = images.images.iter().filter(|other| other.node.id() != image.node.id());
    let order = order_of(others).or_else(|| order_of(std::iter::once(image)))?;
    let edit = sorted(file, image, order)?;
    let how = match order {
        Order::OldestFirst => "oldest first",
        Order::NewestFirst => "newest first",
        Order::ByTag => "by tag",
    };
    Some(Action {
        title: format!("Sort the digests of `{}` as the file does: {how}", image.name_str()),
        kind: ActionKind::Rewrite,
        about: None,
        effect: Change::in_file(file.path().clone(), vec![edit]).into(),
        is_preferred: false,
        needs_look: false,
    })
}

/// The order that most neighbours follow; none if none prevails.
fn order_of<'i>(images: impl Iterator<Item = &'i Image<'i>>) -> Option<Order> {
    let mut follow = [(Order::OldestFirst, 0), (Order::NewestFirst, 0), (Order::ByTag, 0)];
    let mut total = 0;
    for image in images {
        let entries: Vec<&DigestEntry<'_>> = image.entries().collect();
        for pair in entries.windows(2) {
            total += 1;
            for (order, count) in &mut follow {
                *count += usize::from(compare(pair[0], pair[1], *order) != Ordering::Greater);
            }
        }
    }
    let (order, count) = follow.into_iter().rev().max_by_key(|(_, count)| *count)?;
    (total > 0 && count * 10 >= total * 8).then_some(order)
}

fn compare(a: &DigestEntry<'_>, b: &DigestEntry<'_>, order: Order) -> Ordering {
    let tag = |entry: &DigestEntry<'_>| entry.tags.iter().map(|tag| tag.value.to_string()).min().unwrap_or_default();
    let (a, b) = (tag(a), tag(b));
    match order {
        Order::ByTag => a.cmp(&b),
        Order::OldestFirst => by_version(&a, &b),
        Order::NewestFirst => by_version(&b, &a),
    }
}

/// The lines of the digests in order; comments go with the digest below them. None if they stand so already.
fn sorted(file: &SourceFile, image: &Image<'_>, order: Order) -> Option<TextEdit> {
    let digests = image.digests.as_ref()?;
    if digests.entries.len() < 2 || digests.node.style() != Style::Block {
        return None;
    }
    let (text, lines) = (file.text(), file.lines());
    let behind = |entry: &DigestEntry<'_>| {
        let line = lines.line(entry.range().end());
        if line + 1 < lines.line_count() { Some(lines.line_start(line + 1)) } else { None }
    };
    let first = lines.line_start(lines.line(digests.entries[0].range().start()));
    let mut start = first;
    let mut pieces: Vec<(&DigestEntry<'_>, &str)> = Vec::new();
    for entry in &digests.entries {
        // Each must have lines of its own, the last one included.
        let end = behind(entry)?;
        if entry.range().start() < start {
            return None;
        }
        pieces.push((entry, text.get(start as usize..end as usize)?));
        start = end;
    }
    let mut ordered = pieces.clone();
    ordered.sort_by(|(a, _), (b, _)| compare(a, b, order));
    let new: String = ordered.iter().map(|(_, piece)| *piece).collect();
    let range = TextRange::new(first, start);
    (new != file.slice(range)).then(|| TextEdit::replace(range, new))
}
