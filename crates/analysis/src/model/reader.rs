//! Reads mappings, lists and words as the promoter does, and notes what does not fit.
//!
//! Manifests of images are read strictly (go-yaml v2): keys by letter, unknown and repeated ones
//! refused. Files are read leniently (YAML turned into JSON): unknown keys pass, the last of
//! repeated ones wins, numbers become text.

mod fields;
mod json;

use std::borrow::Cow;

use promolint_syntax::resolve::resolve;
use promolint_syntax::{Construct, Document, Entry, Mapping, Node, NodeKind, Resolved, Style, TextRange};

use super::binary;
use super::problem::{Problem, ProblemKind, Shape};
use crate::file::FileKind;

pub(crate) use fields::Schema;

/// A text in a file, with its place.
#[derive(Clone, Debug)]
pub struct Word<'a> {
    /// The scalar.
    pub node: Node<'a>,
    /// Its value as the promoter reads it.
    pub value: Cow<'a, str>,
}

impl Word<'_> {
    /// Its place, quotes included.
    pub fn range(&self) -> TextRange {
        self.node.range()
    }

    /// Its place without quotes.
    pub fn inner_range(&self) -> TextRange {
        self.node.inner_range()
    }

    /// Its value.
    pub fn as_str(&self) -> &str {
        &self.value
    }
}

pub(crate) struct Reader<'a> {
    problems: Vec<Problem<'a>>,
    lenient: bool,
    /// Whether the file has syntax errors.
    has_errors: bool,
    /// How many more items may be read; aliases can multiply them beyond measure. `None`: the file has none.
    budget: Option<usize>,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(kind: FileKind, document: &Document) -> Self {
        // Enough for every item once, and for aliases that anybody would write.
        let budget = document
            .constructs()
            .iter()
            .any(|(construct, _)| *construct == Construct::Anchor)
            .then(|| 100_000 + 10 * document.nodes().len());
        Self { problems: Vec::new(), lenient: kind.is_read_leniently(), has_errors: !document.errors().is_empty(), budget }
    }

    pub(crate) fn into_problems(self) -> Vec<Problem<'a>> {
        self.problems
    }

    pub(crate) fn problem(&mut self, kind: ProblemKind<'a>, range: TextRange) {
        self.problems.push(Problem { kind, range });
    }

    fn wrong_type(&mut self, what: impl Into<Cow<'static, str>>, expected: Shape, found: Node<'a>) {
        // What a syntax error is about has no type.
        let is_broken = found.document().errors_near(found.range()).iter().any(|error| found.range().contains_range(error.range));
        if !is_broken && !matches!(found.dereferenced().kind(), NodeKind::Error | NodeKind::Alias) {
            self.problem(ProblemKind::WrongType { what: what.into(), expected, found }, found.range());
        }
    }

    fn missing_key(&mut self, key: &'static str, what: &'static str, is_empty: bool, range: TextRange) {
        self.problem(ProblemKind::MissingKey { key, what, is_empty }, range);
    }

    /// Notes that a key is missing because the file has no content at all.
    pub(crate) fn missing_root(&mut self, key: &'static str, what: &'static str) {
        if !self.has_errors {
            self.missing_key(key, what, false, TextRange::empty(0));
        }
    }

    /// Whether the children of a node may still be read.
    fn affords(&mut self, node: Node<'a>) -> bool {
        let Some(budget) = &mut self.budget else { return true };
        let left = budget.checked_sub(node.dereferenced().children().count() + 1);
        *budget = left.unwrap_or(0);
        left.is_some()
    }

    /// What the promoter refuses even below a key that it ignores, since JSON has no way to say it.
    fn check_ignored(&mut self, node: Node<'a>) {
        match node.kind() {
            NodeKind::Scalar => match node.resolved() {
                Resolved::Float(number) if !number.is_finite() => self.wrong_type("the value", Shape::Number, node),
                Resolved::Mismatch => self.wrong_type("the value", Shape::Text, node),
                _ => {}
            },
            NodeKind::Sequence => node.children().for_each(|item| self.check_ignored(item)),
            NodeKind::Mapping => {
                for entry in node.as_mapping().into_iter().flat_map(Mapping::entries) {
                    if entry.is_merge() {
                        self.merged_mappings(entry, 0);
                    } else {
                        self.key(entry.key);
                    }
                    self.check_ignored(entry.value);
                }
            }
            // What an alias stands for is checked where it stands.
            NodeKind::Alias | NodeKind::Error => {}
        }
    }

    /// The mappings that `<<:` brings, in the order in which they are applied.
    pub(crate) fn merged_mappings(&mut self, entry: Entry<'a>, depth: usize) -> Vec<Mapping<'a>> {
        const DEPTH_LIMIT: usize = 20;
        if depth > DEPTH_LIMIT {
            return Vec::new();
        }
        if let Some(mapping) = entry.value.as_mapping() {
            return vec![mapping];
        }
        let items = entry.value.as_sequence().filter(|_| entry.value.kind() != NodeKind::Alias);
        let Some(items) = items else {
            self.wrong_type("a merge key", Shape::Mapping, entry.value);
            return Vec::new();
        };
        let mut merged = Vec::new();
        for item in items.items() {
            match item.as_mapping() {
                // Of a list, the first one takes precedence.
                Some(mapping) => merged.insert(0, mapping),
                None => self.wrong_type("a merge key", Shape::Mapping, item),
            }
        }
        merged
    }

    /// A mapping with free keys. `None`: nothing can be said of the value.
    pub(crate) fn mapping(&mut self, node: Node<'a>, what: &'static str) -> Option<Mapping<'a>> {
        let mapping = node.as_mapping();
        if mapping.is_none() {
            self.wrong_type(what, Shape::Mapping, node);
        }
        mapping.filter(|mapping| self.affords(mapping.node()))
    }

    /// The items of a list; none for null. `None`: nothing can be said of the value.
    pub(crate) fn items(&mut self, node: Node<'a>, what: impl Into<Cow<'static, str>>) -> Option<Vec<Node<'a>>> {
        if node.is_null() {
            return Some(Vec::new());
        }
        let Some(sequence) = node.as_sequence() else {
            self.wrong_type(what, Shape::List, node);
            return None;
        };
        Some(if self.affords(sequence.node()) { sequence.items().collect() } else { Vec::new() })
    }

    /// A text; null reads as the empty one. `None`: nothing can be said of the value.
    pub(crate) fn text(&mut self, node: Node<'a>, what: &'static str) -> Option<Word<'a>> {
        let Some(scalar) = node.as_scalar() else {
            self.wrong_type(what, Shape::Text, node);
            return None;
        };
        let (written, tag) = (scalar.value(), scalar.tag());
        let is_text = tag.is_none() && scalar.style() != Style::Plain;
        let value = match if is_text { Resolved::Text } else { resolve(&written, scalar.style(), tag) } {
            Resolved::Null => Some(Cow::Borrowed("")),
            Resolved::Mismatch => None,
            _ if tag == Some("tag:yaml.org,2002:binary") => binary::decode(&written).map(Cow::Owned),
            resolved if self.lenient => Some(json::text(written, resolved)),
            _ => Some(written),
        };
        if value.is_none() {
            self.wrong_type(what, Shape::Text, node);
        }
        value.map(|value| Word { node, value })
    }

    /// true or false; null reads as false.
    pub(crate) fn boolean(&mut self, node: Node<'a>, what: &'static str) -> bool {
        match node.as_scalar().map(Node::resolved) {
            Some(Resolved::Bool(value)) => value,
            Some(Resolved::Null) => false,
            _ => {
                self.wrong_type(what, Shape::Bool, node);
                false
            }
        }
    }
}
