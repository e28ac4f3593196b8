//! Keys: what stands below each of them, and how that is begun.

use super::cursor::Cursor;
use super::place::{Dash, Place};
use super::token::Behind;
use super::{Item, ItemKind, documentation, images};

/// What the value of a key is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Value {
    /// A word.
    Text,
    /// `true`; without the key it would be false.
    True,
    /// A list of words.
    Words,
    /// A list of mappings; each begins with this key.
    Items(&'static str),
    /// Digests with tags.
    Digests,
    /// Options.
    Options,
    /// People by file name.
    Filters,
    /// Lists by the name of the alias.
    Aliases,
}

fn value_of(key: &str) -> Value {
    match key {
        "registries" | "images" | "files" => Value::Items("name"),
        "filestores" => Value::Items("base"),
        "dmap" => Value::Digests,
        "options" => Value::Options,
        "filters" => Value::Filters,
        "aliases" => Value::Aliases,
        "src" | "no_parent_owners" | "auto_approve_unowned_subfolders" => Value::True,
        "approvers" | "reviewers" | "required_reviewers" | "emeritus_approvers" | "emeritus_reviewers" | "labels" => Value::Words,
        _ => Value::Text,
    }
}

/// Those of the keys that are not there yet, as keys of a mapping.
pub(super) fn in_mapping(cursor: &Cursor<'_>, place: &Place, keys: &[&str]) -> Vec<Item> {
    if !cursor.is_entry() || !place.is_in_mapping() || !cursor.typed.is_unquoted() {
        return Vec::new();
    }
    free(place, keys).map(|key| item(cursor, place, "", key)).collect()
}

/// Those of the keys that are not there yet, as keys of an item of a list.
pub(super) fn in_items(cursor: &Cursor<'_>, place: &Place, keys: &[&str]) -> Vec<Item> {
    if !cursor.is_entry() || !cursor.typed.is_unquoted() {
        return Vec::new();
    }
    let dash = place.item(&cursor.style.dash()).unwrap_or_default();
    // Below an item that has none of its keys, nothing can be told.
    if place.dash == Dash::None && place.siblings.is_empty() {
        return Vec::new();
    }
    // A new item begins with its first key.
    let keys = if place.siblings.is_empty() { &keys[..1] } else { keys };
    free(place, keys).map(|key| item(cursor, place, &dash, key)).collect()
}

fn free<'k>(place: &Place, keys: &'k [&'k str]) -> impl Iterator<Item = &'k str> {
    keys.iter().copied().filter(|key| !place.siblings.contains(*key))
}

fn item(cursor: &Cursor<'_>, place: &Place, dash: &str, key: &str) -> Item {
    let style = &cursor.style;
    let documentation = documentation::of(key).to_owned();
    let made = |text: &str| Item { documentation: documentation.clone(), ..Item::new(ItemKind::Key, key, cursor.replace(text)) };
    if cursor.behind == Behind::Colon {
        return made(&format!("{dash}{key}"));
    }
    let bare = format!("{dash}{key}:");
    let value = value_of(key);
    match value {
        Value::Text => return made(&format!("{bare} ")),
        Value::True => return made(&format!("{bare} true")),
        _ if cursor.has_children(place) => return made(&bare),
        _ => {}
    }
    let column = cursor.column(dash);
    let below = |offset: usize| cursor.blanks(column + offset);
    let list = format!("{}{}", below(style.list_offset), style.dash());
    let mapping = below(style.mapping_offset);
    let value = match value {
        Value::Words if style.list.is_flow => {
            let padding = style.list.padding;
            format!(" [{padding}$1{padding}]")
        }
        Value::Words => format!("\n{list}$1"),
        Value::Items(first) => format!("\n{list}{first}: $1"),
        Value::Digests => {
            format!("\n{mapping}{}", images::digest_text(style, "v1.0.0", column + style.mapping_offset, cursor.line.start()))
        }
        Value::Options => format!("\n{mapping}${{1:no_parent_owners}}: true"),
        Value::Filters => {
            let inner = column + 2 * style.mapping_offset;
            let names = format!("{}{}", cursor.blanks(inner + style.list_offset), style.dash());
            format!("\n{mapping}\"${{1:.*}}\":\n{}approvers:\n{names}$2", cursor.blanks(inner))
        }
        Value::Aliases => {
            let names = format!("{}{}", cursor.blanks(column + style.mapping_offset + style.list_offset), style.dash());
            format!("\n{mapping}${{1:alias}}:\n{names}$2")
        }
        Value::Text | Value::True => String::new(),
    };
    made(&format!("{bare}{value}")).snippet(Some(bare))
}
