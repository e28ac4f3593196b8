//! Values: of keys, and items of lists, wherever one can stand.

use super::cursor::Cursor;
use super::place::Place;
use super::style::quote_for;
use super::{Insertion, Item, ItemKind};

/// A value of the key at the cursor.
pub(super) fn value(cursor: &Cursor<'_>, value: &str, detail: &str) -> Option<Item> {
    let insertion = cursor.is_value().then(|| cursor.scalar("", value, cursor.style.quote, ""))?;
    Some(Item { detail: detail.to_owned(), ..Item::new(ItemKind::Value, value, insertion) })
}

/// A scalar in the list that is the value of the key at the cursor, or of the innermost key around.
pub(super) fn word(cursor: &Cursor<'_>, place: &Place, word: &str) -> Option<Insertion> {
    if cursor.is_in_brackets() {
        return Some(cursor.in_brackets(word));
    }
    if cursor.is_value() {
        return Some(cursor.as_list(word));
    }
    if !cursor.is_whole_entry(place) {
        return None;
    }
    let dash = place.item(&cursor.style.dash())?;
    Some(cursor.scalar(&dash, word, cursor.style.list.quote.or(quote_for(word, None)), ""))
}

/// The list at the cursor: the key that it is the value of with the keys around, and its items that are known.
pub(super) fn path<'p>(cursor: &'p Cursor<'_>, place: &'p Place) -> Vec<&'p str> {
    let mut path = place.path();
    path.extend(cursor.key());
    path
}

/// Whether the list at the cursor holds an item already.
pub(super) fn holds(cursor: &Cursor<'_>, place: &Place, item: &str) -> bool {
    let in_list = place.siblings.iter().filter(|_| cursor.key().is_none());
    in_list.chain(&cursor.typed.items).any(|other| other.eq_ignore_ascii_case(item))
}
