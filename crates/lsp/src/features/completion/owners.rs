//! What can stand in OWNERS and `OWNERS_ALIASES`.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use promolint_analysis::SourceFile;
use promolint_analysis::model::{Model, OwnersLevel, Role};

use super::cursor::Cursor;
use super::place::Place;
use super::{Item, ItemKind, keys, lists};
use crate::session::state::State;

/// In OWNERS.
pub(super) fn complete(state: &State, file: &SourceFile, cursor: &Cursor<'_>, place: &Place) -> Vec<Item> {
    let is_role = |key: &str| OwnersLevel::Filter.keys().contains(&key);
    match (lists::path(cursor, place).as_slice(), cursor.key()) {
        ([], None) => {
            let mut items = keys::in_mapping(cursor, place, OwnersLevel::Top.keys());
            items.extend(skeleton(cursor, place));
            items
        }
        (["options"], None) => keys::in_mapping(cursor, place, OwnersLevel::Options.keys()),
        (["options", _], Some(_)) => lists::value(cursor, "true", "").into_iter().collect(),
        (["filters", _], None) => keys::in_mapping(cursor, place, OwnersLevel::Filter.keys()),
        ([role] | ["filters", _, role], _) if is_role(role) => names(state, file, cursor, place, *role == "labels"),
        _ => Vec::new(),
    }
}

/// In `OWNERS_ALIASES`.
pub(super) fn aliases(state: &State, file: &SourceFile, cursor: &Cursor<'_>, place: &Place) -> Vec<Item> {
    match (lists::path(cursor, place).as_slice(), cursor.key()) {
        ([], None) => keys::in_mapping(cursor, place, OwnersLevel::Aliases.keys()),
        (["aliases", _], _) => names(state, file, cursor, place, false),
        _ => Vec::new(),
    }
}

/// The keys that nearly every file has.
fn skeleton(cursor: &Cursor<'_>, place: &Place) -> Option<Item> {
    let is_free = cursor.is_whole_entry(place) && cursor.typed.is_unquoted();
    if !is_free || !place.is_in_mapping() || !place.siblings.is_empty() {
        return None;
    }
    let style = &cursor.style;
    let item = format!("{}{}", cursor.blanks(cursor.line.column + style.list_offset), style.dash());
    let text = format!("approvers:\n{item}${{1:alias}}\nreviewers:\n{item}${{2:alias}}");
    let item = Item::new(ItemKind::Snippet, "OWNERS", cursor.replace(&text)).snippet(None);
    Some(Item { detail: "an OWNERS file".to_owned(), ..item })
}

/// Aliases, logins or labels that are known in the tree and not in the list yet, those in use most first.
fn names(state: &State, file: &SourceFile, cursor: &Cursor<'_>, place: &Place, labels: bool) -> Vec<Item> {
    let known = known(state, file, cursor, labels);
    let items = known.iter().filter(|(name, _)| !lists::holds(cursor, place, name)).filter_map(|(name, is_alias)| {
        let insertion = lists::word(cursor, place, name)?;
        let detail = match (labels, is_alias) {
            (true, _) => "label",
            (_, true) => "alias",
            _ => "login",
        };
        Some(Item { detail: detail.to_owned(), ..Item::new(ItemKind::Person, name, insertion) })
    });
    items.collect()
}

/// All names of the tree with whether they are aliases.
fn known(state: &State, file: &SourceFile, cursor: &Cursor<'_>, labels: bool) -> Vec<(String, bool)> {
    let mut known: BTreeMap<String, (usize, bool)> = BTreeMap::new();
    for other in state.snapshot().files() {
        let (Model::Owners(owners) | Model::OwnersAliases(owners)) = &other.reading().model else { continue };
        // What is being typed is nobody yet.
        let is_typed = |range| other.path() == file.path() && cursor.is_at(range);
        for list in owners.lists.iter().filter(|list| (list.role == Role::Labels) == labels) {
            if list.role == Role::Members && !is_typed(list.key.range()) {
                known.entry(list.key.value.to_string()).or_default().1 = true;
            }
            for name in list.names.iter().filter(|name| !is_typed(name.range())) {
                known.entry(name.value.to_string()).or_default().0 += 1;
            }
        }
    }
    let mut known: Vec<(String, (usize, bool))> = known.into_iter().filter(|(name, _)| !name.is_empty()).collect();
    known.sort_by_key(|(name, (count, is_alias))| (!is_alias, Reverse(*count), name.clone()));
    known.into_iter().map(|(name, (_, is_alias))| (name, is_alias)).collect()
}
