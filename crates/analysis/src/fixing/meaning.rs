//! What a text means: a tree of values, as the promoter's YAML reader resolves them.
//!
//! Indentation, brackets, quotes of a text, comments and the order of a mapping's keys are no part of
//! it. Anchors and aliases are compared by name, in the order of the text: where all anchors and
//! aliases are the same, so is what they stand for.

use std::borrow::Cow;
use std::fmt;

use foldhash::{HashMap, HashMapExt};
use promolint_syntax::{Construct, Document, Node, NodeId, NodeKind, Resolved};

use super::refusal::Refusal;
use super::repair::{Operation, Wanted};

/// What a text means.
#[derive(Debug)]
pub struct Meaning<'t> {
    /// Of the first YAML document, the only one that counts.
    root: Option<Value<'t>>,
    /// With aliases, the order of a mapping counts.
    has_aliases: bool,
}

#[derive(Debug, PartialEq)]
struct Value<'t> {
    anchor: Option<&'t str>,
    tag: Option<&'t str>,
    kind: Kind<'t>,
}

#[derive(Debug, PartialEq)]
enum Kind<'t> {
    Mapping(Vec<(Value<'t>, Value<'t>)>),
    Sequence(Vec<Value<'t>>),
    Scalar(Class, Cow<'t, str>),
    Alias(&'t str),
    /// A stretch that could not be read, without blanks at the ends of its lines.
    Unreadable(String),
}

/// What a scalar is resolved to; its text says the rest. All forms of null are one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    Null,
    Merge,
    Bool,
    Number,
    Timestamp,
    Text,
    Mismatch,
}

impl<'t> Meaning<'t> {
    /// What a document means.
    pub fn of(document: &'t Document) -> Self {
        let mut reader = Reader { sets: HashMap::new(), others: HashMap::new(), used: 0, anchors: 0, is_anchored: false };
        Self::read(document, &mut reader)
    }

    /// What it means with the operations carried out.
    pub(crate) fn with(document: &'t Document, operations: &[&'t Operation]) -> Result<Self, Refusal> {
        let mut reader = Reader { sets: HashMap::new(), others: HashMap::new(), used: 0, anchors: 0, is_anchored: false };
        let mut expected = 0;
        for operation in operations {
            let twice = match operation {
                Operation::Set(node, wanted) => reader.sets.insert(*node, wanted).is_some(),
                Operation::RemoveEntry(node)
                | Operation::RemoveItem(node)
                | Operation::InsertAfter(node, _)
                | Operation::AddEntry(node, ..) => {
                    reader.others.entry(*node).or_default().push(operation);
                    false
                }
                Operation::Comment(..) | Operation::LineEnds => continue,
            };
            if twice {
                return Err(Refusal::Undeclared);
            }
            expected += 1;
        }
        let meaning = Self::read(document, &mut reader);
        if reader.is_anchored && meaning.has_aliases {
            return Err(Refusal::Anchored);
        }
        if reader.used == expected { Ok(meaning) } else { Err(Refusal::Undeclared) }
    }

    fn read(document: &'t Document, reader: &mut Reader<'t>) -> Self {
        let root = document.root().map(|root| reader.value(root));
        let has_aliases = document.constructs().iter().any(|(construct, _)| *construct == Construct::Alias);
        Self { root, has_aliases }
    }

    /// The first difference from `self` to `other`; none where both mean the same.
    pub fn difference(&self, other: &Self) -> Option<Difference> {
        let mut comparison = Comparison { path: Vec::new(), is_ordered: self.has_aliases || other.has_aliases };
        comparison.lists(self.root.as_slice(), other.root.as_slice())
    }
}

/// Reads values, with operations carried out where they belong.
struct Reader<'t> {
    sets: HashMap<NodeId, &'t Wanted>,
    others: HashMap<NodeId, Vec<&'t Operation>>,
    /// How many operations found their place.
    used: usize,
    /// How many anchored nodes are around the one that is read.
    anchors: usize,
    /// Whether an operation lies in what an anchor stands on.
    is_anchored: bool,
}

impl<'t> Reader<'t> {
    fn value(&mut self, node: Node<'t>) -> Value<'t> {
        let anchor = node.anchor();
        self.anchors += usize::from(anchor.is_some());
        let kind = match self.sets.get(&node.id()).copied() {
            Some(wanted) => {
                self.note();
                self.is_anchored |= has_anchor(node);
                kind_of(wanted)
            }
            None => self.kind(node),
        };
        self.anchors -= usize::from(anchor.is_some());
        Value { anchor, tag: node.tag(), kind }
    }

    fn note(&mut self) {
        self.used += 1;
        self.is_anchored |= self.anchors > 0;
    }

    fn kind(&mut self, node: Node<'t>) -> Kind<'t> {
        match node.kind() {
            NodeKind::Mapping => {
                let mut entries = Vec::new();
                let mut children = node.children();
                while let (Some(key), Some(value)) = (children.next(), children.next()) {
                    if self.is_removed(key, |operation| matches!(operation, Operation::RemoveEntry(_))) {
                        self.is_anchored |= has_anchor(value);
                    } else {
                        entries.push((self.value(key), self.value(value)));
                    }
                }
                for operation in self.others.get(&node.id()).cloned().unwrap_or_default() {
                    if let Operation::AddEntry(_, key, value) = operation {
                        self.note();
                        entries.push((text(key), wanted(value)));
                    }
                }
                Kind::Mapping(entries)
            }
            NodeKind::Sequence => {
                let mut items = Vec::new();
                for item in node.children() {
                    if !self.is_removed(item, |operation| matches!(operation, Operation::RemoveItem(_))) {
                        items.push(self.value(item));
                    }
                    if self.others.is_empty() {
                        continue;
                    }
                    for operation in self.others.get(&item.id()).cloned().unwrap_or_default() {
                        if let Operation::InsertAfter(_, added) = operation {
                            self.note();
                            items.extend(added.iter().map(wanted));
                        }
                    }
                }
                Kind::Sequence(items)
            }
            NodeKind::Scalar => {
                let class = class(node.resolved());
                Kind::Scalar(class, if class == Class::Null { Cow::Borrowed("") } else { node.value() })
            }
            NodeKind::Alias => Kind::Alias(node.text()),
            NodeKind::Error => Kind::Unreadable(without_blanks(node.text())),
        }
    }

    /// Whether an operation takes a key or an item away.
    fn is_removed(&mut self, node: Node<'t>, is_removal: fn(&Operation) -> bool) -> bool {
        let Some(operations) = self.others.get(&node.id()) else { return false };
        if !operations.iter().any(|operation| is_removal(operation)) {
            return false;
        }
        self.note();
        self.is_anchored |= has_anchor(node);
        true
    }
}

/// Whether there is an anchor on a node or below it.
fn has_anchor(node: Node<'_>) -> bool {
    node.anchor().is_some() || node.children().any(has_anchor)
}

fn class(resolved: Resolved) -> Class {
    match resolved {
        Resolved::Null => Class::Null,
        Resolved::Merge => Class::Merge,
        Resolved::Bool(_) => Class::Bool,
        Resolved::Integer(_) | Resolved::Float(_) => Class::Number,
        Resolved::Timestamp => Class::Timestamp,
        Resolved::Text => Class::Text,
        Resolved::Mismatch => Class::Mismatch,
    }
}

fn text(text: &str) -> Value<'_> {
    Value { anchor: None, tag: None, kind: Kind::Scalar(Class::Text, Cow::Borrowed(text)) }
}

fn wanted(value: &Wanted) -> Value<'_> {
    Value { anchor: None, tag: None, kind: kind_of(value) }
}

fn kind_of(value: &Wanted) -> Kind<'_> {
    match value {
        Wanted::Text(text) => Kind::Scalar(Class::Text, Cow::Borrowed(text)),
        Wanted::Bool(value) => Kind::Scalar(Class::Bool, Cow::Borrowed(if *value { "true" } else { "false" })),
        Wanted::List(items) => Kind::Sequence(items.iter().map(wanted).collect()),
        Wanted::Mapping(entries) => Kind::Mapping(entries.iter().map(|(key, value)| (text(key), wanted(value))).collect()),
    }
}

/// The text with lines ended alike, no blanks at their ends and no empty lines.
pub(super) fn without_blanks(text: &str) -> String {
    text.split(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}'])
        .map(str::trim_end)
        .filter(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join("\n")
        .trim_end()
        .to_owned()
}

/// Where and how two meanings differ, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Keys and numbers of items (from 0) that lead to the place; empty for the whole.
    pub place: String,
    /// "`v1.0` would become `v1`".
    pub what: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.place.is_empty() { f.write_str(&self.what) } else { write!(f, "{} at `{}`", self.what, self.place) }
    }
}

/// Walks through two values side by side.
struct Comparison {
    path: Vec<String>,
    is_ordered: bool,
}

impl Comparison {
    fn values(&mut self, old: &Value<'_>, new: &Value<'_>) -> Option<Difference> {
        if (old.anchor, old.tag) != (new.anchor, new.tag) {
            return self.found(format!("the anchor or tag of {} would change", old.describe()));
        }
        match (&old.kind, &new.kind) {
            (Kind::Mapping(old), Kind::Mapping(new)) => self.mappings(old, new),
            (Kind::Sequence(old), Kind::Sequence(new)) => self.lists(old, new),
            (old_kind, new_kind) if old_kind == new_kind => None,
            _ => self.found(format!("{} would become {}", old.describe(), new.describe())),
        }
    }

    fn lists(&mut self, old: &[Value<'_>], new: &[Value<'_>]) -> Option<Difference> {
        if old.len() != new.len() {
            // Where one is missing, the next one stands in its place, which is no matter of its value.
            let same = old.iter().zip(new).take_while(|(old, new)| old == new).count();
            return self.lack(old, new, same);
        }
        for (at, (old, new)) in old.iter().zip(new).enumerate() {
            self.path.push(at.to_string());
            let difference = self.values(old, new);
            self.path.pop();
            if difference.is_some() {
                return difference;
            }
        }
        None
    }

    /// Two lists of different lengths, the same as far as `at`.
    fn lack(&self, old: &[Value<'_>], new: &[Value<'_>], at: usize) -> Option<Difference> {
        if old.len() > new.len() {
            self.found(format!("{} would be gone", old[at].describe()))
        } else {
            self.found(format!("{} would be added", new[at].describe()))
        }
    }

    fn mappings(&mut self, old: &[(Value<'_>, Value<'_>)], new: &[(Value<'_>, Value<'_>)]) -> Option<Difference> {
        let in_order = old.len() == new.len() && old.iter().zip(new).all(|((old, _), (new, _))| old == new);
        if in_order || self.is_ordered {
            for ((key, old), (_, new)) in old.iter().zip(new).filter(|_| in_order) {
                self.path.push(key.name());
                let difference = self.values(old, new);
                self.path.pop();
                if difference.is_some() {
                    return difference;
                }
            }
            return if in_order { None } else { self.found("keys would change".to_owned()) };
        }
        let (old, new) = (sorted(old), sorted(new));
        let mut others = new.iter().peekable();
        for (name, key, value) in &old {
            let other = others.next_if(|(other, other_key, _)| other == name && other_key == key);
            let Some((.., other)) = other else {
                let added = others.peek().filter(|(other, ..)| other < name);
                return match added {
                    Some((_, key, _)) => self.found(format!("{} would be added", key.describe())),
                    None => self.found(format!("{} would be gone", key.describe())),
                };
            };
            self.path.push(name.clone());
            let difference = self.values(value, other);
            self.path.pop();
            if difference.is_some() {
                return difference;
            }
        }
        let (_, key, _) = others.next()?;
        self.found(format!("{} would be added", key.describe()))
    }

    #[expect(clippy::unnecessary_wraps, reason = "it is what the callers return")]
    fn found(&self, what: String) -> Option<Difference> {
        // The first part leads to the root.
        Some(Difference { place: self.path.get(1..).unwrap_or_default().join("."), what })
    }
}

/// Entries by key; equal keys keep their order.
fn sorted<'v, 't>(entries: &'v [(Value<'t>, Value<'t>)]) -> Vec<(String, &'v Value<'t>, &'v Value<'t>)> {
    let mut sorted: Vec<_> = entries.iter().map(|(key, value)| (key.name(), key, value)).collect();
    sorted.sort_by(|(a, ..), (b, ..)| a.cmp(b));
    sorted
}

impl Value<'_> {
    /// What a key is called.
    fn name(&self) -> String {
        match &self.kind {
            Kind::Scalar(_, text) => text.clone().into_owned(),
            Kind::Alias(name) => (*name).to_owned(),
            other => format!("{other:?}"),
        }
    }

    fn describe(&self) -> String {
        const SHOWN: usize = 40;
        match &self.kind {
            Kind::Mapping(entries) if entries.is_empty() => "an empty mapping".to_owned(),
            Kind::Mapping(_) => "keys with values".to_owned(),
            Kind::Sequence(items) if items.is_empty() => "an empty list".to_owned(),
            Kind::Sequence(_) => "a list".to_owned(),
            Kind::Scalar(Class::Null, _) => "nothing".to_owned(),
            Kind::Scalar(class, text) => {
                let shown: String = text.chars().take(SHOWN).collect();
                let more = if shown.len() < text.len() { "…" } else { "" };
                let kind = match class {
                    Class::Bool => "the truth value ",
                    Class::Number => "the number ",
                    Class::Timestamp => "the date ",
                    _ => "",
                };
                format!("{kind}`{}{more}`", shown.escape_debug())
            }
            Kind::Alias(name) => format!("the alias `{name}`"),
            Kind::Unreadable(_) => "what cannot be read".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use promolint_syntax::parse;

    use super::*;

    fn difference(old: &str, new: &str) -> Option<String> {
        let (old, new) = (parse(old), parse(new));
        Meaning::of(&old).difference(&Meaning::of(&new)).map(|difference| difference.to_string())
    }

    #[test]
    fn form_is_no_meaning() {
        for (old, new) in [
            ("a: [b, 'c']\n", "\"a\":\n- b   # c\n- \"c\"\n"),
            ("a: 1\nb: 2\n", "b: 2\na: 1\n"),
            ("a: ~\n", "a:\n"),
            ("a: |\n  b\n", "a: \"b\\n\"\n"),
            ("a: b\r\n", "---\n{a: b}"),
            ("a: &x b\nc: *x\n", "a: &x \"b\"\nc: *x\n"),
            ("", "# nothing\n"),
        ] {
            assert_eq!(difference(old, new), None, "{old}{new}");
        }
    }

    #[test]
    fn differences_are_told() {
        for (old, new, told) in [
            ("a: [b, c]\n", "a: [b]\n", "`c` would be gone at `a`"),
            ("a: [b, c]\n", "a: [c]\n", "`b` would be gone at `a`"),
            ("a: 1.10\n", "a: \"1.10\"\n", "the number `1.10` would become `1.10` at `a`"),
            ("a: 1.10\n", "a: 1.1\n", "the number `1.10` would become the number `1.1` at `a`"),
            ("- a\n", "- a\n- b\n", "`b` would be added"),
            ("a: b\nc: d\n", "c: d\n", "`a` would be gone"),
            ("a: b\n", "a: b\nc: d\n", "`c` would be added"),
            ("a: {b: c}\n", "a: c\n", "keys with values would become `c` at `a`"),
            ("a: &x b\nc: *x\n", "a: &x b\nc: *y\n", "the alias `*x` would become the alias `*y` at `c`"),
            ("a: @b\n", "a: b\n", "what cannot be read would become `b` at `a`"),
        ] {
            assert_eq!(difference(old, new).as_deref(), Some(told), "{old}{new}");
        }
    }
}
