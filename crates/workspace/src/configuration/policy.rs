//! `[policy]`: the built-in policy with what a file replaces or adds.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use promolint_analysis::Policy;
use promolint_analysis::policy::BUILTIN;
use promolint_analysis::suggest::closest;
use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

use super::reader::{Reader, Value};
use super::shape::{Shape, shape_of};
use super::{BUILT_IN, ConfigurationValue};

/// The prefix of keys that add to a list or table instead of replacing it.
const EXTEND: &str = "extend-";
/// Where the policy starts from.
const BASES: [&str; 2] = ["kubernetes", "none"];

/// Where a value stands: its section, if it has one, and its key.
type Keys<'k> = &'k [&'static str];

/// The built-in policy; its values are added to `values`.
pub(crate) fn builtin(values: &mut Vec<ConfigurationValue>) -> Policy {
    let merged = Merged::new("kubernetes", BUILT_IN.to_owned());
    merged.list(&[], values);
    Policy::builtin()
}

/// The policy of a file; its values are added to `values`.
pub(crate) fn read<'t>(reader: &mut Reader<'t>, table: Option<&DeTable<'t>>, values: &mut Vec<ConfigurationValue>) -> Policy {
    let Some(table) = table else {
        return builtin(values);
    };
    let (base, origin) = read_base(reader, table).unwrap_or((BASES[0], BUILT_IN.to_owned()));
    let mut merged = Merged::new(base, origin);
    merged.read(reader, &[], table);
    merged.list(&[], values);
    merged.check_destinations(reader);
    // Every value has been tried alone: together they fail only if one of them did.
    Policy::deserialize(merged.table).unwrap_or_default()
}

/// A value as TOML.
pub(crate) fn written(value: &Value<'_>) -> String {
    owned(value).map_or_else(String::new, |value| value.to_string())
}

fn read_base(reader: &mut Reader<'_>, table: &DeTable<'_>) -> Option<(&'static str, String)> {
    let value = table.get("base")?;
    let word = value.get_ref().as_str().unwrap_or_default();
    if let Some(base) = BASES.into_iter().find(|base| *base == word) {
        return Some((base, reader.origin(&value.span())));
    }
    let help =
        closest(word, BASES).map_or_else(|| "one of `kubernetes`, `none`".to_owned(), |nearest| format!("did you mean `{nearest}`?"));
    reader.error(value.span(), "there is no such policy to start from".to_owned(), Some(help));
    None
}

/// The policy as TOML, in the making.
struct Merged {
    table: toml::Table,
    base: ConfigurationValue,
    /// By dotted key, for all that is not from the base.
    origins: BTreeMap<String, String>,
    /// Where the file speaks of the destinations or their regions, last.
    destinations: Option<Range<usize>>,
}

impl Merged {
    fn new(base: &str, origin: String) -> Self {
        let table = if base == "none" { toml::Table::new() } else { BUILTIN.parse().unwrap_or_default() };
        let base = ConfigurationValue { key: "policy.base".to_owned(), value: format!("{base:?}"), origin };
        Self { table, base, origins: BTreeMap::new(), destinations: None }
    }

    /// Takes over a table of the file: the whole policy or one of its sections.
    fn read<'t>(&mut self, reader: &mut Reader<'t>, keys: Keys<'_>, table: &DeTable<'t>) {
        let Some(Shape::Table(known)) = shape_of::<Policy>(keys) else { return };
        let known_key = |word: &str| known.iter().copied().find(|key| *key == word);
        let mut extensions = Vec::new();
        for (key, value) in table {
            let word = key.get_ref().as_ref();
            if let Some(name) = known_key(word) {
                self.replace(reader, &[keys, &[name]].concat(), key, value);
            } else if let Some(name) = word.strip_prefix(EXTEND).and_then(known_key) {
                // Later, so that a list can be both replaced and extended.
                extensions.push(([keys, &[name]].concat(), key, value));
            } else if !(keys.is_empty() && word == "base") {
                reader.unknown_key(key, &with_extensions(keys, known));
            }
        }
        for (keys, key, value) in extensions {
            self.extend(reader, &keys, key, value);
        }
    }

    /// Tells what stands in the pattern of a destination and is never filled.
    fn check_destinations(&self, reader: &mut Reader<'_>) {
        let Some(place) = &self.destinations else { return };
        let list = |key: &'static str| self.get(&["images", key]).and_then(toml::Value::as_array);
        let has_regions = list("regions").is_some_and(|regions| !regions.is_empty());
        let mut patterns = list("destinations").into_iter().flatten().filter_map(toml::Value::as_str);
        if let Some(pattern) = patterns.find(|pattern| pattern.contains("<region>")).filter(|_| !has_regions) {
            let message = format!("there are no regions for the `<region>` in `{pattern}`, so no registry is a destination");
            reader.error(place.clone(), message, Some("list them as `regions` below [policy.images]".to_owned()));
        }
    }

    /// Remembers where destinations are spoken of, and tells placeholders that they do not know.
    fn note_destinations<'t>(&mut self, reader: &mut Reader<'t>, keys: Keys<'_>, key: &Spanned<Cow<'t, str>>, value: &Value<'t>) {
        match keys {
            ["images", "destinations"] => {
                for (pattern, span) in reader.strings(value) {
                    if pattern.contains("<project>") {
                        let message = format!("`{pattern}` names `<project>`, which destinations do not know");
                        let help = "end it before the project's part: whatever stands behind a destination is the project's sub-path";
                        reader.error(span, message, Some(help.to_owned()));
                    }
                }
            }
            ["images", "regions"] => {}
            _ => return,
        }
        self.destinations = Some(key.span());
    }

    fn replace<'t>(&mut self, reader: &mut Reader<'t>, keys: Keys<'_>, key: &Spanned<Cow<'t, str>>, value: &Value<'t>) {
        if let Some(Shape::Table(_)) = shape_of::<Policy>(keys) {
            if let Some(table) = reader.table(value) {
                self.read(reader, keys, table);
            }
        } else if let Some(new) = checked(reader, keys, value) {
            self.note_destinations(reader, keys, key, value);
            self.put(keys, new);
            self.origins.insert(keys.join("."), reader.origin(&key.span()));
        }
    }

    fn extend<'t>(&mut self, reader: &mut Reader<'t>, keys: Keys<'_>, key: &Spanned<Cow<'t, str>>, value: &Value<'t>) {
        if !is_extensible(keys) {
            let name = keys.last().copied().unwrap_or_default();
            let message = format!("`{name}` is no list: it can be replaced, not extended");
            return reader.error(key.span(), message, Some(format!("write `{name}`")));
        }
        let Some(new) = checked(reader, keys, value) else { return };
        self.note_destinations(reader, keys, key, value);
        let merged = match (self.get(keys).cloned(), new) {
            (Some(toml::Value::Array(mut old)), toml::Value::Array(new)) => {
                let added = new.into_iter().filter(|item| !old.contains(item)).collect::<Vec<_>>();
                old.extend(added);
                toml::Value::Array(old)
            }
            (Some(toml::Value::Table(mut old)), toml::Value::Table(new)) => {
                old.extend(new);
                toml::Value::Table(old)
            }
            (_, new) => new,
        };
        self.put(keys, merged);
        let dotted = keys.join(".");
        let origin = format!("{} + {}", self.origin(&dotted), reader.origin(&key.span()));
        self.origins.insert(dotted, origin);
    }

    fn get(&self, keys: Keys<'_>) -> Option<&toml::Value> {
        let (first, rest) = keys.split_first()?;
        rest.iter().try_fold(self.table.get(*first)?, |value, key| value.get(*key))
    }

    fn put(&mut self, keys: Keys<'_>, value: toml::Value) {
        match keys {
            [key] => {
                self.table.insert((*key).to_owned(), value);
            }
            [section, key] => {
                let section = self.table.entry(*section).or_insert_with(|| toml::Table::new().into());
                if let Some(table) = section.as_table_mut() {
                    table.insert((*key).to_owned(), value);
                }
            }
            _ => {}
        }
    }

    fn origin(&self, dotted: &str) -> &str {
        let base = if self.base.value == "\"none\"" { &self.base.origin } else { BUILT_IN };
        self.origins.get(dotted).map_or(base, String::as_str)
    }

    /// Adds all values below `keys`; lists that nobody filled are empty.
    fn list(&self, keys: Keys<'_>, values: &mut Vec<ConfigurationValue>) {
        if keys.is_empty() {
            values.push(self.base.clone());
        }
        let empty = match shape_of::<Policy>(keys) {
            Some(Shape::Table(known)) => return known.iter().for_each(|key| self.list(&[keys, &[*key]].concat(), values)),
            Some(Shape::List) => "[]",
            Some(Shape::Map) => "{}",
            Some(Shape::Scalar) | None => "",
        };
        let value = self.get(keys).map_or_else(|| empty.to_owned(), ToString::to_string);
        if !value.is_empty() {
            let dotted = keys.join(".");
            let origin = self.origin(&dotted).to_owned();
            values.push(ConfigurationValue { key: format!("policy.{dotted}"), value, origin });
        }
    }
}

/// The value, if it is of the type that the policy has there.
fn checked<'t>(reader: &mut Reader<'t>, keys: Keys<'_>, value: &Value<'t>) -> Option<toml::Value> {
    // As if it stood alone in the file, so that errors have their places.
    let nested = keys.iter().rev().fold(value.clone(), |value, key| {
        let span = value.span();
        let table = [(Spanned::new(span.clone(), (*key).into()), value)].into_iter().collect::<DeTable<'_>>();
        Spanned::new(span, DeValue::Table(table))
    });
    match Policy::deserialize(ValueDeserializer::from(nested)) {
        Ok(_) => owned(value),
        Err(error) => {
            reader.type_error(&error, value.span());
            None
        }
    }
}

fn owned(value: &Value<'_>) -> Option<toml::Value> {
    toml::Value::deserialize(ValueDeserializer::from(value.clone())).ok()
}

fn is_extensible(keys: Keys<'_>) -> bool {
    matches!(shape_of::<Policy>(keys), Some(Shape::List | Shape::Map))
}

/// The keys of a table, with those that extend.
fn with_extensions(keys: Keys<'_>, known: &[&'static str]) -> Vec<String> {
    let extensible = known.iter().filter(|key| is_extensible(&[keys, &[**key]].concat()));
    known.iter().map(|key| (*key).to_owned()).chain(extensible.map(|key| format!("{EXTEND}{key}"))).collect()
}
