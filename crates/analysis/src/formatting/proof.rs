//! The proof that formatting kept what a file says: one function, asked before any edit is given away.

use std::borrow::Cow;

use promolint_syntax::{Document, Node, NodeKind, Resolved, TextRange};

use super::Refusal;
use crate::file::FileKind;

/// What a node says, apart from the order of what has none.
#[derive(PartialEq, Debug)]
enum Meaning<'a> {
    Null,
    Text(Cow<'a, str>),
    /// A scalar whose reader may care for its type.
    Typed(Cow<'a, str>, Kind),
    List(Vec<Meaning<'a>>),
    Keys(Vec<(Meaning<'a>, Meaning<'a>)>),
}

/// Types of scalars.
#[derive(PartialEq, Debug)]
enum Kind {
    Text,
    Bool,
    Number,
    Other,
}

/// What is known of a node by its place.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Other,
    Images,
    Image,
    Digests,
    Tags,
    /// Read as text whatever it looks like.
    Word,
}

/// Refuses where the meaning, the order of images of one name, or a comment is not what it was.
pub(super) fn prove(before: &Document, after: &Document, kind: FileKind) -> Result<(), Refusal> {
    let unproved = |what: &str| Err(Refusal::Unproved(what.to_owned()));
    if !after.errors().is_empty() {
        return unproved("it would have a syntax error");
    }
    if before.roots().len() != after.roots().len() || !before.roots().zip(after.roots()).all(|(a, b)| root(a, kind) == root(b, kind)) {
        return unproved("it would say something else");
    }
    if comments(before) != comments(after) {
        return unproved("a comment would be lost or change");
    }
    Ok(())
}

fn root(node: Node<'_>, kind: FileKind) -> Meaning<'_> {
    meaning(node, if kind == FileKind::Images { Role::Images } else { Role::Other }, kind)
}

fn meaning(node: Node<'_>, role: Role, kind: FileKind) -> Meaning<'_> {
    match node.kind() {
        NodeKind::Sequence => {
            let inner = match role {
                Role::Images => Role::Image,
                Role::Tags => Role::Word,
                _ => Role::Other,
            };
            let mut items: Vec<(Cow<'_, str>, Meaning<'_>)> =
                node.children().map(|item| (sort_key(item, role), meaning(item, inner, kind))).collect();
            // Stable: images of one name keep their order.
            items.sort_by(|a, b| a.0.cmp(&b.0));
            Meaning::List(items.into_iter().map(|(_, item)| item).collect())
        }
        NodeKind::Mapping => {
            let children: Vec<Node<'_>> = node.children().collect();
            let mut entries: Vec<_> = children
                .chunks_exact(2)
                .map(|pair| {
                    let value_role = match (role, &*pair[0].value()) {
                        (Role::Image, "name") => Role::Word,
                        (Role::Image, "dmap") => Role::Digests,
                        (Role::Digests, _) => Role::Tags,
                        (Role::Other, "images") if kind == FileKind::PlainManifest => Role::Images,
                        _ => Role::Other,
                    };
                    let key_role = if role == Role::Digests { Role::Word } else { Role::Other };
                    (pair[0].value(), (meaning(pair[0], key_role, kind), meaning(pair[1], value_role, kind)))
                })
                .collect();
            if role == Role::Digests {
                entries.sort_by(|a, b| a.0.cmp(&b.0));
            }
            Meaning::Keys(entries.into_iter().map(|(_, entry)| entry).collect())
        }
        NodeKind::Scalar if node.is_null() => Meaning::Null,
        _ if role == Role::Word => Meaning::Text(node.value()),
        _ => Meaning::Typed(node.value(), typed(node)),
    }
}

/// What an item may be sorted by; nothing where the order of a list is kept.
fn sort_key(item: Node<'_>, role: Role) -> Cow<'_, str> {
    match role {
        Role::Images => item.as_mapping().and_then(|image| image.get("name")).map(Node::value).unwrap_or_default(),
        Role::Tags => item.value(),
        _ => Cow::Borrowed(""),
    }
}

fn typed(node: Node<'_>) -> Kind {
    match node.resolved() {
        Resolved::Text => Kind::Text,
        Resolved::Bool(_) => Kind::Bool,
        Resolved::Integer(_) | Resolved::Float(_) => Kind::Number,
        _ => Kind::Other,
    }
}

/// The comments, in no order, without the blanks behind them; those for promolint that count for the whole file apart.
fn comments(document: &Document) -> Vec<(bool, &str)> {
    let start = document.root().map_or(u32::MAX, |root| root.range().start());
    let comment = |range: &TextRange| {
        let text = document.slice(*range).trim_end();
        (range.start() < start && text.contains("promolint"), text)
    };
    let mut comments: Vec<_> = document.comments().iter().map(comment).collect();
    comments.sort_unstable();
    comments
}
