//! Mappings with known keys: which of them are there, unknown, repeated, missing.

use std::borrow::Cow;

use promolint_syntax::{Entry, Mapping, Node, NodeKind, TextRange};

use super::{Reader, Word, json};
use crate::model::images::first_line;
use crate::model::problem::{ProblemKind, Shape};
use crate::suggest;

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
    /// Whether a syntax error may have swallowed a part of the mapping.
    pub(crate) fn is_damaged(&self) -> bool {
        self.is_damaged
    }

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

    /// A text that must be there and not be empty. `described` says what it is, `what` has it, `item` is that.
    pub(crate) fn required_text(
        &self,
        reader: &mut Reader<'a>,
        key: &'static str,
        described: &'static str,
        what: &'static str,
        item: Node<'a>,
    ) -> Option<Word<'a>> {
        let word = self.get(key).map(|value| reader.text(value, described));
        match &word {
            None => self.missing(reader, key, what, false, first_line(item)),
            Some(Some(word)) if word.value.is_empty() => self.missing(reader, key, what, true, first_line(item)),
            _ => {}
        }
        word.flatten().filter(|word| !word.value.is_empty())
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

impl<'a> Reader<'a> {
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
    pub(super) fn key(&mut self, node: Node<'a>) -> Option<Word<'a>> {
        if self.lenient && node.is_null() {
            self.wrong_type("a key", Shape::Text, node);
            return None;
        }
        self.text(node, "a key")
    }

    fn known_key(&self, key: &Word<'a>, schema: &Schema) -> Option<&'static str> {
        let mut all = schema.keys.iter().chain(schema.deprecated).copied();
        let exact = all.clone().find(|name| *name == key.value);
        exact.or_else(|| all.find(|name| self.lenient && name.chars().eq(key.value.chars().map(json::folded))))
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
