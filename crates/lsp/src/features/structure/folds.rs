//! What folds.

use promolint_analysis::SourceFile;
use promolint_syntax::{Node, NodeKind, TextRange};

/// Lines that fold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Fold {
    /// From the beginning of its first line to the end of its last.
    pub range: TextRange,
    /// Whether it is a run of comments.
    pub is_comment: bool,
}

/// Entries and items that are collections of several lines, and runs of comments.
pub fn folds(file: &SourceFile) -> Vec<Fold> {
    let mut folds = collections(file);
    folds.extend(comments(file));
    folds
}

/// Each folds into the line of its key or dash; of those that begin on the same line, the largest.
fn collections(file: &SourceFile) -> Vec<Fold> {
    let lines = file.lines();
    let mut found: Vec<(u32, u32)> = Vec::new();
    let mut add = |head: TextRange, value: Node<'_>| {
        let is_collection = matches!(value.kind(), NodeKind::Mapping | NodeKind::Sequence);
        if is_collection && lines.line(head.start()) < lines.line(value.range().end()) {
            found.push((lines.line_start(lines.line(head.start())), value.range().end()));
        }
    };
    for node in file.document().nodes() {
        if node.kind() == NodeKind::Mapping {
            node.as_mapping()
                .into_iter()
                .flat_map(promolint_syntax::Mapping::entries)
                .for_each(|entry| add(entry.key.range(), entry.value));
        } else if node.kind() == NodeKind::Sequence {
            node.children().for_each(|item| add(item.range(), item));
        }
    }
    found.sort_unstable_by_key(|(start, end)| (*start, std::cmp::Reverse(*end)));
    found.dedup_by_key(|(start, _)| *start);
    found.into_iter().map(|(start, end)| Fold { range: TextRange::new(start, end), is_comment: false }).collect()
}

/// Comments on lines of their own, one below the other.
fn comments(file: &SourceFile) -> impl Iterator<Item = Fold> {
    let lines = file.lines();
    let line = |offset| lines.line(offset);
    let mut runs: Vec<TextRange> = Vec::new();
    for comment in file.document().comments() {
        let start = lines.line_start(line(comment.start()));
        if !file.slice(TextRange::new(start, comment.start())).trim().is_empty() {
            continue;
        }
        match runs.last_mut().filter(|run| line(comment.start()) == line(run.end()) + 1) {
            Some(run) => *run = run.cover(*comment),
            None => runs.push(*comment),
        }
    }
    runs.into_iter().filter(move |run| line(run.start()) < line(run.end())).map(|range| Fold { range, is_comment: true })
}
