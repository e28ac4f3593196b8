//! Reads mappings, lists and words as the promoter does, and notes what does not fit.
//!
//! Manifests of images are read strictly (go-yaml v2): keys by letter, unknown and repeated ones
//! refused. Files are read leniently (YAML turned into JSON): unknown keys pass, the last of
//! repeated ones wins, numbers become text.

use std::borrow::Cow;

use promolint_syntax::{Entry, Mapping, Node, NodeKind, Resolved, TextRange};

use crate::file::FileKind;

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

/// Something that does not fit the shape of its file.
#[derive(Debug)]
pub struct Problem<'a> {
    /// What does not fit.
    pub kind: ProblemKind<'a>,
    /// Where.
    pub range: TextRange,
}

/// What does not fit.
#[derive(Debug)]
pub enum ProblemKind<'a> {
    /// A value of another type than the promoter expects.
    WrongType {
        /// What it should be the value of: "`dmap`", "the tags of a digest".
        what: Cow<'static, str>,
        /// The type it must have.
        expected: Shape,
        /// The value that stands there.
        found: Node<'a>,
    },
    /// A key that the promoter does not know.
    UnknownKey {
        /// The key.
        key: Word<'a>,
        /// Those that could stand here.
        known: &'static [&'static str],
        /// What it is a key of: "an image".
        what: &'static str,
        /// `key: value` in full.
        entry: Entry<'a>,
    },
    /// A key that stands twice in one mapping.
    DuplicateKey {
        /// The second one.
        key: Word<'a>,
        /// Where the first one stands.
        first: TextRange,
    },
    /// A key without which the thing has no use.
    MissingKey {
        /// The key.
        key: &'static str,
        /// What lacks it: "an image".
        what: &'static str,
        /// Whether the key is there, with an empty value.
        is_empty: bool,
    },
    /// A key of older versions.
    DeprecatedKey {
        /// `key: value` in full.
        entry: Entry<'a>,
        /// The key.
        key: &'static str,
    },
}

/// Types of values.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shape {
    /// Keys with values.
    Mapping,
    /// A list.
    List,
    /// A word.
    Text,
    /// true or false.
    Bool,
}

impl Shape {
    /// For messages: "a list".
    pub fn describe(self) -> &'static str {
        match self {
            Self::Mapping => "keys with values",
            Self::List => "a list",
            Self::Text => "text",
            Self::Bool => "true or false",
        }
    }
}

/// The keys of one kind of mapping.
pub(crate) struct Schema {
    /// "an image", for messages.
    pub(crate) what: &'static str,
    pub(crate) keys: &'static [&'static str],
    pub(crate) deprecated: &'static [&'static str],
}

/// The entries of a mapping by key.
#[derive(Default)]
pub(crate) struct Fields<'a> {
    found: Vec<(&'static str, Entry<'a>)>,
}

impl<'a> Fields<'a> {
    pub(crate) fn entry(&self, key: &str) -> Option<Entry<'a>> {
        // The last one: what a merge brought is replaced by what follows.
        self.found.iter().rev().find(|(name, _)| *name == key).map(|(_, entry)| *entry)
    }

    pub(crate) fn get(&self, key: &str) -> Option<Node<'a>> {
        self.entry(key).map(|entry| entry.value)
    }
}

pub(crate) struct Reader<'a> {
    problems: Vec<Problem<'a>>,
    lenient: bool,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(kind: FileKind) -> Self {
        Self { problems: Vec::new(), lenient: matches!(kind, FileKind::FilePromoterManifest | FileKind::FileManifest) }
    }

    pub(crate) fn into_problems(self) -> Vec<Problem<'a>> {
        self.problems
    }

    pub(crate) fn problem(&mut self, kind: ProblemKind<'a>, range: TextRange) {
        self.problems.push(Problem { kind, range });
    }

    fn wrong_type(&mut self, what: impl Into<Cow<'static, str>>, expected: Shape, found: Node<'a>) {
        if found.dereferenced().kind() != NodeKind::Error && found.dereferenced().kind() != NodeKind::Alias {
            self.problem(ProblemKind::WrongType { what: what.into(), expected, found }, found.range());
        }
    }

    pub(crate) fn missing_key(&mut self, key: &'static str, what: &'static str, is_empty: bool, range: TextRange) {
        self.problem(ProblemKind::MissingKey { key, what, is_empty }, range);
    }

    /// The entries of a mapping, keys checked against the schema. Null reads as no entries, and
    /// `None` means that nothing can be said of the value.
    pub(crate) fn fields(&mut self, node: Node<'a>, schema: &Schema) -> Option<Fields<'a>> {
        if node.is_null() {
            return Some(Fields::default());
        }
        let Some(mapping) = node.as_mapping() else {
            self.wrong_type(schema.what, Shape::Mapping, node);
            return None;
        };
        let mut fields = Fields::default();
        self.collect_fields(mapping, schema, &mut fields, 0);
        Some(fields)
    }

    fn collect_fields(&mut self, mapping: Mapping<'a>, schema: &Schema, fields: &mut Fields<'a>, depth: usize) {
        let own = fields.found.len();
        for entry in mapping.entries() {
            if entry.is_merge() {
                for merged in self.merged_mappings(entry, depth) {
                    let mut inner = Fields::default();
                    self.collect_fields(merged, schema, &mut inner, depth + 1);
                    // Not counted as the mapping's own keys.
                    fields.found.splice(own..own, inner.found);
                }
                continue;
            }
            let Some(key) = self.text(entry.key, "a key") else { continue };
            if let Some(known) = self.known_key(&key, schema) {
                let first = fields.found[own..].iter().find(|(name, first)| *name == known && first.key.range() != entry.key.range());
                let first = first.filter(|(_, first)| mapping.entries().any(|own| own.key.id() == first.key.id()));
                if let Some((_, first)) = first {
                    let first = first.key.range();
                    self.problem(ProblemKind::DuplicateKey { key, first }, entry.key.range());
                    if !self.lenient {
                        continue;
                    }
                }
                if schema.deprecated.contains(&known) {
                    self.problem(ProblemKind::DeprecatedKey { entry, key: known }, entry.range());
                }
                fields.found.push((known, entry));
            } else {
                let kind = ProblemKind::UnknownKey { key, known: schema.keys, what: schema.what, entry };
                self.problem(kind, entry.key.range());
            }
        }
    }

    fn known_key(&self, key: &Word<'a>, schema: &Schema) -> Option<&'static str> {
        let mut all = schema.keys.iter().chain(schema.deprecated).copied();
        let exact = all.clone().find(|name| *name == key.value);
        exact.or_else(|| all.find(|name| self.lenient && name.eq_ignore_ascii_case(&key.value)))
    }

    /// The mappings that `<<:` brings, nearest last.
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
        mapping
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
        Some(sequence.items().collect())
    }

    /// A text; null reads as the empty one. `None`: nothing can be said of the value.
    pub(crate) fn text(&mut self, node: Node<'a>, what: &'static str) -> Option<Word<'a>> {
        let scalar = node.as_scalar();
        let resolved = scalar.map(Node::resolved);
        match (scalar, resolved) {
            (Some(_), Some(Resolved::Null)) => Some(Word { node, value: Cow::Borrowed("") }),
            (Some(_), Some(Resolved::Mismatch)) | (None, _) => {
                self.wrong_type(what, Shape::Text, node);
                None
            }
            (Some(scalar), Some(resolved)) if self.lenient => Some(Word { node, value: json_text(scalar, resolved) }),
            (Some(scalar), _) => Some(Word { node, value: scalar.value() }),
        }
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

/// Numbers and booleans as text, the way they come out of a conversion to JSON.
fn json_text<'a>(node: Node<'a>, resolved: Resolved) -> Cow<'a, str> {
    match resolved {
        Resolved::Bool(value) => Cow::Owned(value.to_string()),
        Resolved::Integer(value) => Cow::Owned(value.to_string()),
        Resolved::Float(value) => Cow::Owned(go_float(value)),
        _ => node.value(),
    }
}

/// A float in Go's shortest form for 32 bits.
#[expect(clippy::cast_possible_truncation, reason = "the promoter prints these with 32 bits")]
fn go_float(value: f64) -> String {
    let value = value as f32;
    if !value.is_finite() {
        return if value.is_nan() {
            "NaN"
        } else if value > 0.0 {
            "+Inf"
        } else {
            "-Inf"
        }
        .to_owned();
    }
    let scientific = format!("{value:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..21).contains(&exponent) {
        return format!("{value}");
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.abs())
}
