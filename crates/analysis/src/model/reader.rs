//! Reads mappings, lists and words as the promoter does, and notes what does not fit.
//!
//! Manifests of images are read strictly (go-yaml v2): keys by letter, unknown and repeated ones
//! refused. Files are read leniently (YAML turned into JSON): unknown keys pass, the last of
//! repeated ones wins, numbers become text.

use std::borrow::Cow;

use promolint_syntax::resolve::resolve;
use promolint_syntax::{Construct, Document, Entry, Mapping, Node, NodeKind, Resolved, Style, TextRange};

use super::binary;
use crate::file::FileKind;
use crate::suggest;

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
        /// Those of them that do not stand here yet.
        free: Vec<&'static str>,
        /// What it is a key of: "an image".
        what: &'static str,
    },
    /// A key that stands twice in one mapping.
    DuplicateKey {
        /// The second one.
        key: Word<'a>,
        /// `key: value` of the second one.
        entry: Entry<'a>,
        /// `key: value` of the first one.
        first: Entry<'a>,
        /// What it is a key of: "an image", "`dmap`".
        what: &'static str,
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
    /// A number other than infinity.
    Number,
}

impl Shape {
    /// For messages: "a list".
    pub fn describe(self) -> &'static str {
        match self {
            Self::Mapping => "keys with values",
            Self::List => "a list",
            Self::Text => "text",
            Self::Bool => "true or false",
            Self::Number => "a finite number",
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
    /// In the order in which the promoter applies them.
    found: Vec<Field<'a>>,
    /// Whether a part of the mapping could not be read: then nothing can be said of what is missing.
    is_damaged: bool,
    /// Keys that unknown ones evidently stand for.
    meant: Vec<&'static str>,
}

struct Field<'a> {
    name: &'static str,
    key: Cow<'a, str>,
    entry: Entry<'a>,
}

impl<'a> Fields<'a> {
    /// The entry whose list counts: the last one, null or not.
    pub(crate) fn list_entry(&self, key: &str) -> Option<Entry<'a>> {
        self.found.iter().rfind(|field| field.name == key).map(|field| field.entry)
    }

    /// The entry whose value counts: the last one that is not null.
    pub(crate) fn entry(&self, key: &str) -> Option<Entry<'a>> {
        let mut entries = self.found.iter().rev().filter(|field| field.name == key).map(|field| field.entry);
        let last = entries.next()?;
        Some(if last.value.is_null() { entries.find(|entry| !entry.value.is_null()).unwrap_or(last) } else { last })
    }

    pub(crate) fn get(&self, key: &str) -> Option<Node<'a>> {
        self.entry(key).map(|entry| entry.value)
    }

    /// Notes a key that is not there, or has an empty value; not where the promoter already stumbles
    /// over a slip in writing it.
    pub(crate) fn missing(&self, reader: &mut Reader<'a>, key: &'static str, what: &'static str, is_empty: bool, range: TextRange) {
        if !self.is_damaged && (reader.lenient || !self.meant.contains(&key)) {
            reader.missing_key(key, what, is_empty, range);
        }
    }

    /// Puts the entries in the order in which JSON's reader applies them: of one key the last only,
    /// then by the bytes of the keys.
    fn sort_as_json(&mut self) {
        let mut sorted: Vec<Field<'a>> = Vec::with_capacity(self.found.len());
        for field in self.found.drain(..) {
            sorted.retain(|earlier| earlier.key != field.key);
            sorted.push(field);
        }
        sorted.sort_by(|a, b| a.key.cmp(&b.key));
        self.found = sorted;
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
        let lenient = matches!(kind, FileKind::FilePromoterManifest | FileKind::FileManifest);
        Self { problems: Vec::new(), lenient, has_errors: !document.errors().is_empty(), budget }
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
        if self.lenient {
            fields.sort_as_json();
        }
        Some(fields)
    }

    /// In the order of the text; what a merge brings counts where the merge stands.
    fn collect_fields(&mut self, mapping: Mapping<'a>, schema: &Schema, fields: &mut Fields<'a>, depth: usize) {
        if !self.affords(mapping.node()) {
            return;
        }
        fields.is_damaged |= self.has_errors && is_damaged(mapping.node());
        let mut own: Vec<(&'static str, Entry<'a>)> = Vec::new();
        let mut unknown = Vec::new();
        for entry in mapping.entries() {
            if entry.is_merge() {
                for merged in self.merged_mappings(entry, depth) {
                    self.collect_fields(merged, schema, fields, depth + 1);
                }
                continue;
            }
            let Some(key) = self.key(entry.key) else { continue };
            let Some(known) = self.known_key(&key, schema) else {
                unknown.push(key);
                if self.lenient {
                    self.check_ignored(entry.value);
                }
                continue;
            };
            if let Some((_, first)) = own.iter().find(|(name, _)| *name == known) {
                let kind = ProblemKind::DuplicateKey { key: key.clone(), entry, first: *first, what: schema.what };
                self.problem(kind, entry.key.range());
            } else {
                own.push((known, entry));
            }
            if schema.deprecated.contains(&known) {
                self.problem(ProblemKind::DeprecatedKey { entry, key: known }, entry.range());
                if known == "imagesPath" {
                    self.text(entry.value, "`imagesPath`");
                }
            }
            fields.found.push(Field { name: known, key: key.value, entry });
        }
        for key in unknown {
            let free: Vec<_> = schema.keys.iter().copied().filter(|name| own.iter().all(|(there, _)| there != name)).collect();
            fields.meant.extend(suggest::meant(&key.value, &free));
            let range = key.range();
            self.problem(ProblemKind::UnknownKey { key, known: schema.keys, free, what: schema.what }, range);
        }
    }

    /// A key; in lenient files, null is none.
    fn key(&mut self, node: Node<'a>) -> Option<Word<'a>> {
        if self.lenient && node.is_null() {
            self.wrong_type("a key", Shape::Text, node);
            return None;
        }
        self.text(node, "a key")
    }

    fn known_key(&self, key: &Word<'a>, schema: &Schema) -> Option<&'static str> {
        let mut all = schema.keys.iter().chain(schema.deprecated).copied();
        let exact = all.clone().find(|name| *name == key.value);
        exact.or_else(|| all.find(|name| self.lenient && name.chars().eq(key.value.chars().map(folded))))
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
            resolved if self.lenient => Some(json_text(written, resolved)),
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

/// Whether a syntax error may have swallowed entries of a mapping: there is one in it, or between it and what follows.
fn is_damaged(mapping: Node<'_>) -> bool {
    let mut next = mapping.following();
    while let Some(node) = next.filter(|node| node.kind() == NodeKind::Error) {
        next = node.following();
    }
    let (start, end) = (mapping.range().start(), next.map_or(u32::MAX, |node| node.range().start()));
    let near = mapping.document().errors_near(TextRange::new(start, end));
    near.iter().any(|error| (start..end).contains(&error.range.start()))
}

/// Letters that JSON's reader of Go takes for the same in keys.
fn folded(character: char) -> char {
    match character {
        'ſ' => 's',
        '\u{212a}' => 'k',
        other => other.to_ascii_lowercase(),
    }
}

/// Numbers and booleans as text, the way they come out of a conversion to JSON.
fn json_text(written: Cow<'_, str>, resolved: Resolved) -> Cow<'_, str> {
    match resolved {
        Resolved::Bool(value) => Cow::Owned(value.to_string()),
        Resolved::Integer(value) => Cow::Owned(value.to_string()),
        Resolved::Float(value) => Cow::Owned(go_float(value)),
        _ => written,
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
    if (-4..6).contains(&exponent) {
        return format!("{value}");
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.abs())
}
