//! The flat node table of a parsed text, and the views on it.
//!
//! Nodes stand in the order of the text, children behind their parent; `next` of a node is the
//! index behind its subtree. A mapping's children alternate key, value. What is neither node nor
//! comment (indentation, `:`, `-`, brackets) is the text between them, so the tree prints as the
//! text it was made from.

use std::borrow::Cow;
use std::sync::Arc;

use crate::error::SyntaxError;
use crate::resolve::{self, Resolved};
use crate::scalar;
use crate::text::{LineIndex, TextRange};

/// What a node is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
#[repr(u8)]
pub enum NodeKind {
    /// Keys with values.
    Mapping,
    /// A list.
    Sequence,
    /// A word, number or text; also the empty value of `key:`.
    Scalar,
    /// `*name`.
    Alias,
    /// A stretch of text that could not be read; rules pass over it.
    Error,
}

/// How a node is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
#[repr(u8)]
pub enum Style {
    /// A scalar without quotes.
    Plain,
    /// `'…'`
    SingleQuoted,
    /// `"…"`
    DoubleQuoted,
    /// `|`
    Literal,
    /// `>`
    Folded,
    /// A collection by indentation.
    Block,
    /// A collection in brackets.
    Flow,
}

/// Constructs of YAML that manifests have no use for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Construct {
    /// `&name`
    Anchor,
    /// `*name`
    Alias,
    /// `<<:`
    MergeKey,
    /// `!x`
    Tag,
    /// `|` or `>`
    BlockScalar,
    /// `? key`
    ComplexKey,
    /// `%YAML`, `%TAG`
    Directive,
    /// Anything after the first document.
    FurtherDocument,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct NodeData {
    pub(crate) kind: NodeKind,
    pub(crate) style: Style,
    /// A scalar whose value is its text (between the quotes, if any).
    pub(crate) verbatim: bool,
    pub(crate) range: TextRange,
    /// Index behind the subtree.
    pub(crate) next: u32,
}

/// Anchor and tag of a node, and what else only few nodes have.
#[derive(Clone, Debug, Default)]
pub(crate) struct Properties {
    pub(crate) node: u32,
    pub(crate) anchor: Option<TextRange>,
    /// The tag in full, as the text means it (`tag:yaml.org,2002:str`).
    pub(crate) tag: Option<String>,
    /// For an alias: the node it stands for.
    pub(crate) target: Option<u32>,
    /// For a block scalar: the column of the collection it stands in.
    pub(crate) parent_column: u32,
}

/// A parsed text: tree, comments and syntax errors.
#[derive(Clone, Debug)]
pub struct Document {
    pub(crate) text: Arc<str>,
    pub(crate) lines: LineIndex,
    pub(crate) nodes: Vec<NodeData>,
    /// Indices of the root nodes, one for each YAML document.
    pub(crate) roots: Vec<u32>,
    /// In the order of the nodes.
    pub(crate) properties: Vec<Properties>,
    pub(crate) comments: Vec<TextRange>,
    pub(crate) constructs: Vec<(Construct, TextRange)>,
    pub(crate) errors: Vec<SyntaxError>,
    /// How far each error and all before it reach.
    pub(crate) error_ends: Vec<u32>,
}

/// The place of a node in its document's table.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub struct NodeId(pub(crate) u32);

impl Document {
    /// The text that was parsed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text that was parsed, shared.
    pub fn shared_text(&self) -> Arc<str> {
        Arc::clone(&self.text)
    }

    /// A part of the text.
    pub fn slice(&self, range: TextRange) -> &str {
        &self.text[range.to_usize()]
    }

    /// Where the lines start.
    pub fn lines(&self) -> &LineIndex {
        &self.lines
    }

    /// Syntax errors, in the order of the text.
    pub fn errors(&self) -> &[SyntaxError] {
        &self.errors
    }

    /// Syntax errors that may touch a range: all that do are among them.
    pub fn errors_near(&self, range: TextRange) -> &[SyntaxError] {
        let first = self.error_ends.partition_point(|end| *end < range.start());
        let behind = self.errors.partition_point(|error| error.range.start() <= range.end());
        &self.errors[first.min(behind)..behind]
    }

    /// Whether a syntax error starts on a line.
    pub fn has_error_on_line(&self, line: u32) -> bool {
        let line_of = |error: &SyntaxError| self.lines.line(error.range.start());
        let at = self.errors.partition_point(|error| line_of(error) < line);
        self.errors.get(at).is_some_and(|error| line_of(error) == line)
    }

    /// Comments from `#` to the end of the line, in the order of the text.
    pub fn comments(&self) -> &[TextRange] {
        &self.comments
    }

    /// Constructs that manifests have no use for, in the order of the text.
    pub fn constructs(&self) -> &[(Construct, TextRange)] {
        &self.constructs
    }

    /// Root of the first YAML document; none if there is only white space and comments.
    pub fn root(&self) -> Option<Node<'_>> {
        self.roots.first().map(|id| self.node(NodeId(*id)))
    }

    /// Roots of all YAML documents in the text.
    pub fn roots(&self) -> impl ExactSizeIterator<Item = Node<'_>> {
        self.roots.iter().map(|id| self.node(NodeId(*id)))
    }

    /// All nodes, in the order of the text, parents before children.
    pub fn nodes(&self) -> impl ExactSizeIterator<Item = Node<'_>> {
        (0..crate::text::offset(self.nodes.len())).map(|id| self.node(NodeId(id)))
    }

    /// The node of an id that came from this document.
    pub fn node(&self, id: NodeId) -> Node<'_> {
        Node { document: self, id }
    }

    fn data(&self, id: NodeId) -> &NodeData {
        &self.nodes[id.0 as usize]
    }

    fn properties(&self, id: NodeId) -> Option<&Properties> {
        let at = self.properties.binary_search_by_key(&id.0, |p| p.node).ok()?;
        self.properties.get(at)
    }
}

/// A node and the document it belongs to.
#[derive(Clone, Copy)]
pub struct Node<'a> {
    document: &'a Document,
    id: NodeId,
}

impl<'a> Node<'a> {
    /// Its place in the table.
    pub fn id(self) -> NodeId {
        self.id
    }

    /// The document it belongs to.
    pub fn document(self) -> &'a Document {
        self.document
    }

    /// What it is.
    pub fn kind(self) -> NodeKind {
        self.document.data(self.id).kind
    }

    /// How it is written.
    pub fn style(self) -> Style {
        self.document.data(self.id).style
    }

    /// Its text, quotes and brackets included, anchors and tags not.
    pub fn range(self) -> TextRange {
        self.document.data(self.id).range
    }

    /// Its text as it stands.
    pub fn text(self) -> &'a str {
        self.document.slice(self.range())
    }

    /// Whether it is the empty value of `key:` or `-`.
    pub fn is_absent(self) -> bool {
        self.kind() == NodeKind::Scalar && self.style() == Style::Plain && self.range().is_empty()
    }

    /// The range of a scalar without its quotes; the whole one of anything else.
    pub fn inner_range(self) -> TextRange {
        let range = self.range();
        match self.style() {
            Style::SingleQuoted | Style::DoubleQuoted if self.kind() == NodeKind::Scalar => {
                TextRange::new(range.start() + 1, range.end() - 1)
            }
            _ => range,
        }
    }

    /// A scalar's value: quotes removed, escapes and line folding applied. Empty for collections.
    pub fn value(self) -> Cow<'a, str> {
        let data = self.document.data(self.id);
        if data.kind != NodeKind::Scalar {
            return Cow::Borrowed("");
        }
        if data.verbatim {
            return Cow::Borrowed(self.document.slice(self.inner_range()));
        }
        match data.style {
            Style::Literal | Style::Folded => Cow::Owned(self.block_value()),
            style => scalar::decode(self.text(), style),
        }
    }

    /// The value of a block scalar, to which the line breaks behind it belong.
    fn block_value(self) -> String {
        let range = self.range();
        let behind = &self.document.text[range.end() as usize..];
        let line_breaks = behind.len() - behind.trim_start_matches([' ', '\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']).len();
        let text = &self.document.text[range.start() as usize..range.end() as usize + line_breaks];
        scalar::decode_block(text, self.style(), self.stated_indentation())
    }

    /// The indentation of a block scalar whose head states it.
    fn stated_indentation(self) -> Option<usize> {
        let stated = scalar::stated_indentation(self.text())?;
        let column = self.document.properties(self.id).map_or(0, |properties| properties.parent_column);
        Some(column as usize + stated)
    }

    /// Name of the anchor on it.
    pub fn anchor(self) -> Option<&'a str> {
        let range = self.document.properties(self.id)?.anchor?;
        Some(self.document.slice(range))
    }

    /// Its explicit tag in full (`tag:yaml.org,2002:str`, `!local`).
    pub fn tag(self) -> Option<&'a str> {
        self.document.properties(self.id)?.tag.as_deref()
    }

    /// The node itself, or the one an alias stands for.
    #[must_use]
    pub fn dereferenced(self) -> Self {
        if self.kind() != NodeKind::Alias {
            return self;
        }
        let target = self.document.properties(self.id).and_then(|p| p.target);
        target.map_or(self, |id| self.document.node(NodeId(id)))
    }

    /// What a scalar means to a YAML 1.1 reader.
    pub fn resolved(self) -> Resolved {
        resolve::resolve(&self.value(), self.style(), self.tag())
    }

    /// Whether the value is null: absent, `~` or `null`.
    pub fn is_null(self) -> bool {
        let node = self.dereferenced();
        node.kind() == NodeKind::Scalar && node.resolved() == Resolved::Null
    }

    /// The mapping it is or stands for.
    pub fn as_mapping(self) -> Option<Mapping<'a>> {
        let node = self.dereferenced();
        (node.kind() == NodeKind::Mapping).then_some(Mapping { node })
    }

    /// The list it is or stands for.
    pub fn as_sequence(self) -> Option<Sequence<'a>> {
        let node = self.dereferenced();
        (node.kind() == NodeKind::Sequence).then_some(Sequence { node })
    }

    /// The scalar it is or stands for.
    pub fn as_scalar(self) -> Option<Node<'a>> {
        let node = self.dereferenced();
        (node.kind() == NodeKind::Scalar).then_some(node)
    }

    /// The next node of the text that is not inside this one.
    pub fn following(self) -> Option<Node<'a>> {
        let next = self.document.data(self.id).next;
        ((next as usize) < self.document.nodes.len()).then(|| self.document.node(NodeId(next)))
    }

    /// Its children in the order of the text: items of a list; keys and values by turns.
    pub fn children(self) -> impl Iterator<Item = Node<'a>> + use<'a> {
        let document = self.document;
        let end = document.data(self.id).next;
        let mut at = self.id.0 + 1;
        std::iter::from_fn(move || {
            let id = NodeId(at);
            (at < end).then(|| {
                at = document.data(id).next;
                document.node(id)
            })
        })
    }
}

impl std::fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} {:?} {:?}", self.kind(), self.range(), self.text())
    }
}

/// A mapping.
#[derive(Clone, Copy, Debug)]
pub struct Mapping<'a> {
    node: Node<'a>,
}

/// One `key: value` of a mapping.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// The key; usually a scalar.
    pub key: Node<'a>,
    /// The value; absent for a bare `key:`.
    pub value: Node<'a>,
}

impl Entry<'_> {
    /// From the key to the end of the value.
    pub fn range(&self) -> TextRange {
        self.key.range().cover(self.value.range())
    }

    /// Whether it is a merge key, `<<: *name`.
    pub fn is_merge(&self) -> bool {
        self.key.kind() == NodeKind::Scalar && self.key.resolved() == Resolved::Merge
    }
}

impl<'a> Mapping<'a> {
    /// The node that is this mapping.
    pub fn node(self) -> Node<'a> {
        self.node
    }

    /// Its entries as written, stretches that could not be read left out.
    pub fn entries(self) -> impl Iterator<Item = Entry<'a>> + use<'a> {
        let mut children = self.node.children();
        std::iter::from_fn(move || {
            let key = children.next()?;
            let value = children.next()?;
            Some(Entry { key, value })
        })
        .filter(|entry| entry.key.kind() != NodeKind::Error)
    }

    /// Value of the first entry with this key.
    pub fn get(self, key: &str) -> Option<Node<'a>> {
        self.entry(key).map(|entry| entry.value)
    }

    /// The first entry with this key.
    pub fn entry(self, key: &str) -> Option<Entry<'a>> {
        self.entries().find(|entry| entry.key.as_scalar().is_some_and(|k| k.value() == key))
    }
}

/// A list.
#[derive(Clone, Copy, Debug)]
pub struct Sequence<'a> {
    node: Node<'a>,
}

impl<'a> Sequence<'a> {
    /// The node that is this list.
    pub fn node(self) -> Node<'a> {
        self.node
    }

    /// Its items, stretches that could not be read left out.
    pub fn items(self) -> impl Iterator<Item = Node<'a>> + use<'a> {
        self.node.children().filter(|node| node.kind() != NodeKind::Error)
    }
}
