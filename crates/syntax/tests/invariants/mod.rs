//! What holds for the tree of any text. Shared by the property tests and the fuzz target, which
//! includes this file by its path.

use promolint_syntax::{Construct, Document, Node, NodeKind, Style, TextRange, parse};

/// Parses a text and panics where an invariant does not hold.
pub(crate) fn check(text: &str) -> Document {
    let document = parse(text);
    assert_eq!(document.text(), text, "the tree prints as its text");
    check_ranges(&document);
    check_tree(&document);
    check_comments(&document);
    check_errors(&document);
    if document.errors().is_empty() && !has(&document, Construct::FurtherDocument) {
        check_nothing_is_lost(&document);
    }
    document
}

fn has(document: &Document, construct: Construct) -> bool {
    document.constructs().iter().any(|(found, _)| *found == construct)
}

fn is_scalar(node: Node<'_>) -> bool {
    node.kind() == NodeKind::Scalar
}

/// All ranges lie in the text and cut no character.
fn check_ranges(document: &Document) {
    let nodes = document.nodes().flat_map(|node| [node.range(), node.inner_range()]);
    let errors = document.errors().iter().map(|error| error.range);
    let constructs = document.constructs().iter().map(|(_, range)| *range);
    for range in nodes.chain(errors).chain(constructs).chain(document.comments().iter().copied()) {
        assert!(document.text().get(range.to_usize()).is_some(), "{range:?} is no part of the text");
    }
}

/// A walk from the roots finds each node once and in the order of the table, children stand in
/// their parents and behind each other, and every value can be told.
fn check_tree(document: &Document) {
    let mut walked = Vec::new();
    let mut open: Vec<Node<'_>> = document.roots().collect();
    open.reverse();
    while let Some(node) = open.pop() {
        walked.push(node.id());
        let children: Vec<Node<'_>> = node.children().collect();
        assert!(children.is_empty() || matches!(node.kind(), NodeKind::Mapping | NodeKind::Sequence), "{node:?} has children");
        assert!(node.kind() != NodeKind::Mapping || children.len().is_multiple_of(2), "a key of {node:?} has no value");
        let mut end = node.range().start();
        for child in &children {
            assert!(child.range().start() >= end, "{child:?} starts before {end}");
            assert!(node.range().contains_range(child.range()), "{child:?} leaves {node:?}");
            end = child.range().end();
        }
        check_node(node);
        open.extend(children.into_iter().rev());
    }
    let table: Vec<_> = document.nodes().map(Node::id).collect();
    assert_eq!(walked, table, "the table is the walk");
}

fn check_node(node: Node<'_>) {
    let value = node.value();
    assert!(is_scalar(node) || value.is_empty());
    let _ = (node.resolved(), node.is_null(), node.tag(), node.anchor());
    if node.kind() == NodeKind::Alias {
        let target = node.dereferenced();
        assert!(target.id() <= node.id(), "an alias stands behind its anchor");
        assert!(target.id() == node.id() || target.following().is_some_and(|next| next.id() <= node.id()), "no value contains itself");
    }
}

/// Comments follow each other, are comments, and stand in no scalar but behind `|` or `>`.
fn check_comments(document: &Document) {
    let mut end = 0;
    for comment in document.comments() {
        assert!(comment.start() >= end, "comments are in order");
        assert!(document.slice(*comment).starts_with('#') && !document.slice(*comment).contains(['\n', '\r']));
        end = comment.end();
    }
    let scalars = document.nodes().filter(|node| is_scalar(*node) && !matches!(node.style(), Style::Literal | Style::Folded));
    for scalar in scalars {
        let first = document.comments().partition_point(|comment| comment.end() <= scalar.range().start());
        let overlaps = document.comments().get(first).is_some_and(|comment| comment.start() < scalar.range().end());
        assert!(!overlaps, "a comment in {scalar:?}");
    }
}

/// Errors are in order and differ, and nothing is unreadable without one.
fn check_errors(document: &Document) {
    assert!(document.errors().is_sorted_by(|a, b| (a.range, a.kind as u8) < (b.range, b.kind as u8)), "errors are in order and differ");
    assert!(document.constructs().is_sorted_by_key(|(_, range)| *range), "constructs are in order");
    assert!(
        !document.errors().is_empty() || document.nodes().all(|node| node.kind() != NodeKind::Error),
        "no error tells of an error node"
    );
}

/// In a text without errors, what is neither scalar nor comment is indicators and white space.
fn check_nothing_is_lost(document: &Document) {
    let scalars = document.nodes().filter(|node| matches!(node.kind(), NodeKind::Scalar | NodeKind::Alias)).map(Node::range);
    let written = |construct: &Construct| matches!(construct, Construct::Anchor | Construct::Tag | Construct::Directive);
    let constructs = document.constructs().iter().filter(|(construct, _)| written(construct)).map(|(_, range)| *range);
    let mut known: Vec<TextRange> = scalars.chain(constructs).chain(document.comments().iter().copied()).collect();
    known.sort();
    let mut end = 0;
    for range in known {
        check_between(document, end, range.start());
        end = end.max(range.end());
    }
    let text_end = u32::try_from(document.text().len()).expect("a text that was parsed");
    check_between(document, end, text_end);
}

fn check_between(document: &Document, start: u32, end: u32) {
    let between = if start < end { document.slice(TextRange::new(start, end)) } else { "" };
    let is_known = |character: char| " \t\n\r\u{85}\u{2028}\u{2029}\u{feff}-?:,.[]{}".contains(character);
    assert!(between.chars().all(is_known), "{between:?} at {start} is in no node");
}
