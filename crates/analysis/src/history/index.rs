//! Entries of a change, found again by what they say: a change may replace thousands of them.

use std::collections::BTreeSet;

use foldhash::{HashMap, HashSet};

use super::FileChange;
use super::entries::{Entry, Standing};
use super::places::{Places, Spot};
use crate::repository::Repository;

/// Name of an image and digest, or tag.
type Pair<'a> = (&'a str, &'a str);

/// Where entries stand in the lists of what came and what went.
#[derive(Debug, Default)]
pub(super) struct Index<'a> {
    /// Places of added entries with a tag, the first one, by image and digest.
    pub(super) tagged: HashMap<Pair<'a>, usize>,
    /// Places of dropped entries, by image and digest.
    pub(super) dropped_by_digest: HashMap<Pair<'a>, Vec<usize>>,
    /// Places of dropped entries, by image and tag.
    pub(super) dropped_by_tag: HashMap<Pair<'a>, Vec<usize>>,
    /// What changed files held before, of images that got an entry: path as it is now, image, digest.
    pub(super) digests_before: HashSet<(&'a str, &'a str, &'a str)>,
    /// The digests of a tag in files that lost an entry, as they are now, mistyped ones too: by path, image and tag.
    pub(super) tags_after: HashMap<(&'a str, &'a str, &'a str), Vec<&'a str>>,
}

impl<'a> Index<'a> {
    pub(super) fn new(
        before: &'a Repository<'a>,
        after: &'a Repository<'a>,
        files: &[FileChange],
        added: &[Entry<'a>],
        dropped: &[Entry<'a>],
    ) -> Self {
        let mut index = Self::default();
        for (at, entry) in added.iter().enumerate() {
            if entry.tag.is_some() {
                index.tagged.entry((entry.name(), entry.digest())).or_insert(at);
            }
        }
        for (at, entry) in dropped.iter().enumerate() {
            index.dropped_by_digest.entry((entry.name(), entry.digest())).or_default().push(at);
            if let Some(tag) = entry.tag {
                index.dropped_by_tag.entry((entry.name(), tag.as_str())).or_default().push(at);
            }
        }
        let names: HashSet<&str> = added.iter().map(Entry::name).collect();
        for (old, new) in files.iter().filter_map(|file| Some((before.file(file.before?), after.file(file.after?)))) {
            for image in old.image_list().iter().filter(|image| names.contains(image.name_str())) {
                let digests = image.entries().map(|entry| (&**new.source.path(), image.name_str(), entry.digest.as_str()));
                index.digests_before.extend(digests);
            }
        }
        let paths: BTreeSet<&str> = dropped.iter().map(|entry| &**entry.file.source.path()).collect();
        for (path, file) in paths.into_iter().filter_map(|path| Some((path, after.find(path)?))) {
            for (image, promoted) in file.image_list().iter().flat_map(|image| image.entries().map(move |promoted| (image, promoted))) {
                for tag in &promoted.tags {
                    index.tags_after.entry((path, image.name_str(), tag.as_str())).or_default().push(promoted.digest.as_str());
                }
            }
        }
        index
    }
}

/// Where what was dropped may be found again.
#[derive(Debug, Default)]
pub(super) struct Findable<'a> {
    /// Places of added entries, by spot and tag: the first one, and the first one on another digest.
    tagged: HashMap<(Spot<'a>, &'a str), Vec<usize>>,
    /// Places among those of a digest, by spot and digest.
    standing: HashMap<(Spot<'a>, &'a str), Vec<usize>>,
}

impl<'a> Findable<'a> {
    pub(super) fn new(after: &Places<'a>, added: &[Entry<'a>], left: &HashMap<&'a str, Vec<Standing<'a>>>) -> Self {
        let mut findable = Self::default();
        for (at, entry) in added.iter().enumerate() {
            let Some(tag) = entry.tag else { continue };
            for spot in after.spots(entry.file, entry.name()) {
                let known = findable.tagged.entry((spot, tag.as_str())).or_default();
                if known.len() < 2 && known.iter().all(|other| added[*other].digest() != entry.digest()) {
                    known.push(at);
                }
            }
        }
        for (digest, standing) in left {
            for (at, standing) in standing.iter().enumerate() {
                let name = standing.image.name_str();
                for spot in after.spots(standing.file, name).chain([Spot::Name(name)]) {
                    findable.standing.entry((spot, digest)).or_default().push(at);
                }
            }
        }
        findable
    }

    /// Places of added entries with the tag at one of the spots, in order.
    pub(super) fn tagged(&self, spots: impl Iterator<Item = Spot<'a>>, tag: &'a str) -> BTreeSet<usize> {
        found(&self.tagged, spots, tag)
    }

    /// Places of a digest at one of the spots, among all of the digest.
    pub(super) fn standing(&self, spots: impl Iterator<Item = Spot<'a>>, digest: &'a str) -> BTreeSet<usize> {
        found(&self.standing, spots, digest)
    }
}

fn found<'a>(at: &HashMap<(Spot<'a>, &'a str), Vec<usize>>, spots: impl Iterator<Item = Spot<'a>>, what: &'a str) -> BTreeSet<usize> {
    spots.filter_map(|spot| at.get(&(spot, what))).flatten().copied().collect()
}
