//! What became of images.

use std::collections::BTreeMap;

use super::super::{Change, Entry};
use super::{ImageChange, order};

/// By file and name.
type Images = BTreeMap<(String, String), ImageChange>;

/// The images of images.yaml and of plain manifests with any change.
pub(super) fn changed(change: &Change<'_>) -> Vec<ImageChange> {
    let mut images = Images::new();
    for entry in change.entries.added.iter().filter(|entry| !entry.file.is_frozen) {
        match change.entries.came_from(entry) {
            None => add(change, entry, image(&mut images, entry)),
            Some(from) if change.entries.is_elsewhere(from, entry) => {
                *image(&mut images, entry).carried.entry(from.file.source.path().to_string()).or_default() += 1;
            }
            Some(_) => {}
        }
    }
    for entry in change.entries.dropped.iter().filter(|entry| !change.entries.stands(entry)) {
        let image = image(&mut images, entry);
        let digest = entry.digest().to_owned();
        match change.entries.successor(entry) {
            Some(new) => image.moved.push((entry.tag_str().to_owned(), digest, new.digest().to_owned())),
            None => image.removed.push((digest, entry.tag.map(|tag| tag.value.to_string()))),
        }
    }
    for (entry, count) in order::resorted(change) {
        image(&mut images, &entry).resorted += count;
    }
    images.into_values().collect()
}

/// Adds a new entry to what is known of its image.
fn add(change: &Change<'_>, entry: &Entry<'_>, image: &mut ImageChange) {
    let (digest, tag) = (entry.digest().to_owned(), entry.tag.map(|tag| tag.value.to_string()));
    match tag {
        _ if !change.entries.stood(entry) => {
            if let Some((_, tags)) = image.added.iter_mut().find(|(known, _)| *known == digest) {
                tags.extend(tag);
            } else {
                image.added.push((digest, tag.into_iter().collect()));
            }
        }
        // A tag that left another digest of the image is told as moved.
        Some(tag) if !change.entries.is_moved(entry) => image.tagged.push((digest, tag)),
        _ => {}
    }
}

fn image<'i>(images: &'i mut Images, entry: &Entry<'_>) -> &'i mut ImageChange {
    let (path, name) = (entry.file.source.path().to_string(), entry.name().to_owned());
    let new = || ImageChange { path: path.clone(), name: name.clone(), ..ImageChange::default() };
    images.entry((path.clone(), name.clone())).or_insert_with(new)
}
