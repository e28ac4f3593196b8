//! What only changed its place: as little as explains the new order.

use foldhash::{HashMap, HashMapExt};

use super::super::{Change, Entry};
use crate::repository::File;
use crate::rising::longest_rising;

/// Entries that changed their place in their image, counted, each image with one of its entries.
pub(super) fn resorted<'c>(change: &'c Change<'c>) -> Vec<(Entry<'c>, usize)> {
    let mut resorted = Vec::new();
    for (before, after) in compared(change) {
        let mut places: HashMap<(&str, &str), usize> = HashMap::new();
        for entry in super::super::entries::all(before) {
            let next = places.len();
            places.entry((entry.name(), entry.digest())).or_insert(next);
        }
        let mut names: Vec<&str> = Vec::new();
        let mut images: HashMap<&str, (Entry<'_>, Vec<usize>)> = HashMap::new();
        for entry in super::super::entries::all(after) {
            // Taken out, so that a digest with several tags counts once.
            let Some(place) = places.remove(&(entry.name(), entry.digest())) else { continue };
            let (_, order) = images.entry(entry.name()).or_insert_with(|| {
                names.push(entry.name());
                (entry, Vec::new())
            });
            order.push(place);
        }
        let counts = names.into_iter().filter_map(|name| images.remove(name)).map(|(entry, order)| (entry, moved(&order)));
        resorted.extend(counts.filter(|(_, count)| *count > 0));
    }
    resorted
}

/// Images that changed their place in their file, counted, by the path of the file.
pub(super) fn reordered(change: &Change<'_>) -> Vec<(String, usize)> {
    let mut reordered = Vec::new();
    for (before, after) in compared(change) {
        let mut places: HashMap<&str, usize> = HashMap::new();
        for image in before.image_list() {
            let next = places.len();
            places.entry(image.name_str()).or_insert(next);
        }
        let order: Vec<usize> = after.image_list().iter().filter_map(|image| places.remove(image.name_str())).collect();
        if moved(&order) > 0 {
            reordered.push((after.source.path().to_string(), moved(&order)));
        }
    }
    reordered
}

/// Files that list images on both sides, and not the same text.
fn compared<'c>(change: &'c Change<'c>) -> impl Iterator<Item = (&'c File<'c>, &'c File<'c>)> {
    let live = change.files_after().filter(|(_, file)| !file.is_frozen && !file.image_list().is_empty());
    live.filter_map(|(changed, after)| Some((change.before.file(changed.before?), after)))
}

/// How many of them must move to come into this order.
fn moved(order: &[usize]) -> usize {
    order.len() - longest_rising(order, |place| *place).len()
}
