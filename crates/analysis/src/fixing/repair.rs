//! What a rule offers: edits, and what they are meant to change.

use promolint_syntax::{Entry, Node, NodeId, NodeKind, Resolved, Style, TextEdit, TextRange};

use super::writing;
use crate::file::SourceFile;

/// One declared change. Everything that no operation names must mean afterwards what it meant before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operation {
    /// This key, value or item becomes that.
    Set(NodeId, Wanted),
    /// The entry with this key goes.
    RemoveEntry(NodeId),
    /// This item goes.
    RemoveItem(NodeId),
    /// These items follow this one.
    InsertAfter(NodeId, Vec<Wanted>),
    /// This mapping gets an entry.
    AddEntry(NodeId, String, Wanted),
    /// The comment at this range becomes that, or goes.
    Comment(TextRange, Option<String>),
    /// Line breaks change their kind.
    LineEnds,
}

/// A declared value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// A text, not taken for a number or anything else by YAML.
    Text(String),
    /// `true` or `false`.
    Bool(bool),
    /// A list.
    List(Vec<Wanted>),
    /// Keys with values.
    Mapping(Vec<(String, Wanted)>),
}

impl Wanted {
    /// A text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A list of texts.
    pub fn texts<T: Into<String>>(texts: impl IntoIterator<Item = T>) -> Self {
        Self::List(texts.into_iter().map(Self::text).collect())
    }
}

/// Edits in one file with the change that they declare.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repair {
    pub(crate) edits: Vec<TextEdit>,
    pub(crate) operations: Vec<Operation>,
}

impl Repair {
    /// Edits with the operations that they carry out.
    pub fn new(edits: Vec<TextEdit>, operations: Vec<Operation>) -> Self {
        Self { edits, operations }
    }

    /// White space only: nothing changes its meaning.
    pub fn layout(edits: Vec<TextEdit>) -> Self {
        Self::new(edits, Vec::new())
    }

    /// Several repairs of one file as one.
    pub fn all(repairs: impl IntoIterator<Item = Self>) -> Self {
        let (edits, operations): (Vec<_>, Vec<_>) = repairs.into_iter().map(|repair| (repair.edits, repair.operations)).unzip();
        Self::new(edits.concat(), operations.concat())
    }

    /// A scalar says something else, in its own style; in double quotes where that style would say
    /// another thing. None for what is no scalar of one of the usual styles.
    pub fn text(node: Node<'_>, text: &str) -> Option<Self> {
        let written = writing::in_style_of(node, text)?;
        Some(Self::new(vec![TextEdit::replace(node.range(), written)], vec![Operation::Set(node.id(), Wanted::text(text))]))
    }

    /// A scalar that says the same as a text, in double quotes; none where a tag says how it is read.
    pub fn quoted(node: Node<'_>, text: &str) -> Option<Self> {
        let edit = TextEdit::replace(node.range(), writing::double_quoted(text));
        node.tag().is_none().then(|| Self::new(vec![edit], vec![Operation::Set(node.id(), Wanted::text(text))]))
    }

    /// A node becomes `true` or `false`.
    pub fn bool(node: Node<'_>, value: bool) -> Self {
        Self::new(vec![TextEdit::replace(node.range(), value.to_string())], vec![Operation::Set(node.id(), Wanted::Bool(value))])
    }

    /// A node becomes a list in brackets.
    pub fn list(node: Node<'_>, items: &[&str]) -> Self {
        let written: Vec<String> = items.iter().map(|item| writing::plain(item)).collect();
        let edit = TextEdit::replace(node.range(), format!("[{}]", written.join(", ")));
        Self::new(vec![edit], vec![Operation::Set(node.id(), Wanted::texts(items.iter().copied()))])
    }

    /// A scalar becomes a list in brackets, of itself in double quotes.
    pub fn quoted_list(node: Node<'_>, item: &str) -> Self {
        let edit = TextEdit::replace(node.range(), format!("[{}]", writing::double_quoted(item)));
        Self::new(vec![edit], vec![Operation::Set(node.id(), Wanted::texts([item]))])
    }

    /// Whatever a node is, it becomes a text.
    pub fn replaced_by_text(node: Node<'_>, text: &str) -> Self {
        let edit = TextEdit::replace(node.range(), writing::plain(text));
        Self::new(vec![edit], vec![Operation::Set(node.id(), Wanted::text(text))])
    }

    /// An item of a list becomes several texts: below each other behind `- `, or in brackets. None where
    /// the item stands otherwise.
    pub fn split(source: &SourceFile, item: Node<'_>, texts: &[&str], write: fn(&str) -> String) -> Option<Self> {
        let (first, rest) = texts.split_first().filter(|_| is_replaceable(item))?;
        let start = item.range().start();
        let before = source.slice(TextRange::new(source.lines().line_start(source.lines().line(start)), start));
        let separator = if before.trim() == "-" {
            format!("{}{before}", source.line_break())
        } else if before.contains('[') {
            ", ".to_owned()
        } else {
            return None;
        };
        let written: Vec<String> = texts.iter().map(|text| write(text)).collect();
        let mut operations = vec![Operation::Set(item.id(), Wanted::text(*first))];
        if !rest.is_empty() {
            operations.push(Operation::InsertAfter(item.id(), rest.iter().map(|text| Wanted::text(*text)).collect()));
        }
        Some(Self::new(vec![TextEdit::replace(item.range(), written.join(&separator))], operations))
    }

    /// An entry goes with `range` and the comments in it.
    pub fn without_entry(source: &SourceFile, entry: &Entry<'_>, range: TextRange) -> Self {
        Self::removal(source, Operation::RemoveEntry(entry.key.id()), range)
    }

    /// An item of a list goes with `range` and the comments in it.
    pub fn without_item(source: &SourceFile, item: Node<'_>, range: TextRange) -> Self {
        Self::removal(source, Operation::RemoveItem(item.id()), range)
    }

    fn removal(source: &SourceFile, operation: Operation, range: TextRange) -> Self {
        let comments = comments_in(source, range).map(|comment| Operation::Comment(comment, None));
        Self::new(vec![TextEdit::delete(range)], std::iter::once(operation).chain(comments).collect())
    }

    /// A comment becomes another, or goes with `range`, where blanks and a line break may stand around it.
    pub fn comment(comment: TextRange, range: TextRange, text: Option<&str>) -> Self {
        let edit = TextEdit::replace(range, text.unwrap_or_default());
        Self::new(vec![edit], vec![Operation::Comment(comment, text.map(str::to_owned))])
    }

    /// Whether comments change or go, which people wrote for people.
    pub fn touches_comments(&self) -> bool {
        self.operations.iter().any(|operation| matches!(operation, Operation::Comment(..)))
    }
}

fn is_replaceable(node: Node<'_>) -> bool {
    node.kind() == NodeKind::Scalar && !matches!(node.style(), Style::Literal | Style::Folded) && node.resolved() != Resolved::Mismatch
}

fn comments_in(source: &SourceFile, range: TextRange) -> impl Iterator<Item = TextRange> + '_ {
    let comments = source.document().comments();
    let first = comments.partition_point(|comment| comment.start() < range.start());
    comments[first..].iter().copied().take_while(move |comment| comment.start() < range.end())
}
