//! What became of the images of Kubeflow's `image_tags.yaml`.

use std::collections::{BTreeMap, BTreeSet};

use super::super::Change;
use super::ImageChange;
use crate::model::{Model, Word};
use crate::repository::File;

/// Digests with their tags, in the order of the file.
type Versions<'c> = Vec<(&'c str, Vec<&'c str>)>;

/// The images with any change.
pub(super) fn changed(change: &Change<'_>) -> Vec<ImageChange> {
    let mut changes = Vec::new();
    for file in &change.files {
        let before = file.before.map(|id| images(change.before.file(id))).unwrap_or_default();
        let after = file.after.map(|id| images(change.after.file(id))).unwrap_or_default();
        let names: BTreeSet<&str> = before.keys().chain(after.keys()).copied().collect();
        for name in names {
            let side = |images: &BTreeMap<&'_ str, _>| images.get(name).cloned().unwrap_or_default();
            let image = ImageChange { path: change.path(file).to_string(), name: name.to_owned(), ..ImageChange::default() };
            changes.extend(compared(image, &side(&before), &side(&after)));
        }
    }
    changes
}

fn images<'c>(file: &'c File<'_>) -> BTreeMap<&'c str, Versions<'c>> {
    let mut images: BTreeMap<&str, Versions<'_>> = BTreeMap::new();
    let Model::ImageTags(list) = file.model else { return images };
    for image in &list.images {
        let Some(name) = &image.name else { continue };
        let versions = images.entry(name.as_str()).or_default();
        for version in &image.versions {
            let Some(digest) = &version.digest else { continue };
            versions.push((digest.as_str(), version.tags.iter().map(Word::as_str).collect()));
        }
    }
    images
}

fn compared(mut image: ImageChange, before: &Versions<'_>, after: &Versions<'_>) -> Option<ImageChange> {
    let pairs = |versions: &Versions<'_>| -> BTreeSet<(String, String)> {
        let pair =
            |(digest, tags): &(&str, Vec<&str>)| tags.iter().map(|tag| ((*digest).to_owned(), (*tag).to_owned())).collect::<Vec<_>>();
        versions.iter().flat_map(pair).collect()
    };
    let (old, new) = (pairs(before), pairs(after));
    let digests = |versions: &Versions<'_>| versions.iter().map(|(digest, _)| (*digest).to_owned()).collect::<BTreeSet<String>>();
    let (old_digests, new_digests) = (digests(before), digests(after));
    for (digest, tags) in after.iter().filter(|(digest, _)| !old_digests.contains(*digest)) {
        image.added.push(((*digest).to_owned(), tags.iter().map(|tag| (*tag).to_owned()).collect()));
    }
    let mut digest_of: BTreeMap<&str, &String> = BTreeMap::new();
    for (digest, tag) in new.difference(&old) {
        digest_of.entry(tag).or_insert(digest);
    }
    let mut moved: BTreeSet<(String, String)> = BTreeSet::new();
    // A version that left with its tags is told by them.
    let mut told: BTreeSet<&String> = BTreeSet::new();
    for (digest, tag) in old.difference(&new) {
        told.insert(digest);
        if let Some(to) = digest_of.get(tag.as_str()) {
            moved.insert(((*to).clone(), tag.clone()));
            image.moved.push((tag.clone(), digest.clone(), (*to).clone()));
        } else {
            image.removed.push((digest.clone(), Some(tag.clone())));
        }
    }
    let tagged = new.difference(&old).filter(|(digest, _)| old_digests.contains(digest));
    image.tagged.extend(tagged.filter(|pair| !moved.contains(*pair)).cloned());
    let gone = old_digests.difference(&new_digests).filter(|digest| !told.contains(digest));
    image.removed.extend(gone.map(|digest| (digest.clone(), None)));
    let is_told = !(image.added.is_empty() && image.tagged.is_empty() && image.moved.is_empty() && image.removed.is_empty());
    is_told.then_some(image)
}
