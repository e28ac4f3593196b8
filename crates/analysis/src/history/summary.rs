//! What a change promotes, as data: for reports that tell people what a pull request does.

use std::collections::{BTreeMap, BTreeSet};

use foldhash::HashSet;

use super::{Change, Entry};
use crate::file::FileKind;
use crate::model::{DigestEntry, PromoterManifest};
use crate::repository::{File, join};

/// What a change does, image by image.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// The images with any change, sorted by file and name.
    pub images: Vec<ImageChange>,
    /// Other promotion files that are new, gone or different, sorted by path.
    pub files: Vec<(String, FileFate)>,
    /// How many copies of a tag (or of an untagged digest) the change asks for, by production path.
    pub promotions: BTreeMap<String, usize>,
    /// Digests whose promotion the promoter's diff mode does not see, and so does not make.
    pub unseen: Vec<Unseen>,
}

/// What became of a file that lists no images.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileFate {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It has another text.
    Changed,
}

/// What a change does to one image.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImageChange {
    /// The file.
    pub path: String,
    /// The name.
    pub name: String,
    /// Digests that are new, with their tags.
    pub added: Vec<(String, Vec<String>)>,
    /// Tags that are new on a digest that stood there before: digest, tag.
    pub tagged: Vec<(String, String)>,
    /// Tags that moved: tag, old digest, new digest.
    pub moved: Vec<(String, String, String)>,
    /// What is gone: digest, and its tag if it had one.
    pub removed: Vec<(String, Option<String>)>,
    /// How many entries only changed their place.
    pub resorted: usize,
}

/// A digest that is to be promoted and is overlooked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unseen {
    /// The file.
    pub path: String,
    /// The image.
    pub image: String,
    /// The digest.
    pub digest: String,
    /// Why.
    pub reason: &'static str,
}

/// Counts over all images.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// New digests.
    pub added: usize,
    /// Images that got any.
    pub images: usize,
    /// New tags on digests that stood there before.
    pub tagged: usize,
    /// Tags that moved.
    pub moved: usize,
    /// Digests or tags that are gone.
    pub removed: usize,
    /// Entries that only changed their place.
    pub resorted: usize,
}

impl Summary {
    /// Reads it off a change. What is in closed trees is promoted nowhere and left out.
    pub fn new(change: &Change<'_>) -> Self {
        let mut images: BTreeMap<(String, String), ImageChange> = BTreeMap::new();
        let mut summary = Self::default();
        let mut promoted: BTreeMap<&str, (&File<'_>, usize)> = BTreeMap::new();
        for entry in change.entries.added.iter().filter(|entry| !entry.file.is_frozen) {
            if !change.entries.was_there(entry) {
                add(change, entry, image(&mut images, entry));
                promoted.entry(entry.file.source.path()).or_insert((entry.file, 0)).1 += 1;
            }
        }
        for (file, entries) in promoted.into_values() {
            for (path, destinations) in destinations(change, file) {
                *summary.promotions.entry(path).or_default() += entries * destinations;
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
        for (entry, count) in resorted(change) {
            image(&mut images, &entry).resorted += count;
        }
        summary.unseen = unseen(change);
        summary.files = files(change);
        summary.images = images.into_values().collect();
        summary
    }

    /// Counts over all images.
    pub fn totals(&self) -> Totals {
        let sum = |count: fn(&ImageChange) -> usize| self.images.iter().map(count).sum();
        Totals {
            added: sum(|image| image.added.len()),
            images: self.images.iter().filter(|image| !image.added.is_empty()).count(),
            tagged: sum(|image| image.tagged.len()),
            moved: sum(|image| image.moved.len()),
            removed: sum(|image| image.removed.len()),
            resorted: sum(|image| image.resorted),
        }
    }
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

/// How many destinations a file is promoted to, by production path.
fn destinations(change: &Change<'_>, file: &File<'_>) -> BTreeMap<String, usize> {
    let promoter = change.after.promoter_of(file).into_iter();
    let mut counts = BTreeMap::new();
    for registry in promoter.flat_map(PromoterManifest::destinations).filter(|registry| registry.name.is_some()) {
        let path = change.after.production_path(registry.name_str());
        *counts.entry(join(path.registry, path.sub_path).trim_end_matches('/').to_owned()).or_default() += 1;
    }
    counts
}

fn image<'i>(images: &'i mut BTreeMap<(String, String), ImageChange>, entry: &Entry<'_>) -> &'i mut ImageChange {
    let (path, name) = (entry.file.source.path().to_string(), entry.name().to_owned());
    let new = || ImageChange { path: path.clone(), name: name.clone(), ..ImageChange::default() };
    images.entry((path.clone(), name.clone())).or_insert_with(new)
}

/// Entries that the change writes anew without changing them, by image: those of the touched lines that the file
/// had before.
fn resorted<'c>(change: &'c Change<'c>) -> Vec<(Entry<'c>, usize)> {
    let mut counts: BTreeMap<(&str, &str), (Entry<'_>, usize)> = BTreeMap::new();
    for (changed, file) in change.files_after().filter(|(_, file)| !file.is_frozen) {
        let Some(before) = changed.before.map(|id| change.before.file(id)) else { continue };
        let old: BTreeSet<_> = super::entries::all(before).iter().map(Entry::key).collect();
        let lines: HashSet<&str> = before.source.text().lines().map(str::trim).collect();
        let mut last: Option<&DigestEntry<'_>> = None;
        for entry in super::entries::all(file).into_iter().filter(|entry| old.contains(&entry.key())) {
            let is_next = last.is_none_or(|last| !std::ptr::eq(last, entry.promoted));
            last = Some(entry.promoted);
            // Written in another way on its own line it did not move.
            let line = file.source.lines().line(entry.promoted.digest.range().start());
            let text = file.source.slice(file.source.lines().line_range(file.source.text(), line)).trim();
            let is_same_text = lines.contains(text);
            if is_next && change.touches(file.source.path(), entry.promoted.digest.range()) && is_same_text {
                counts.entry((file.source.path(), entry.name())).or_insert((entry, 0)).1 += 1;
            }
        }
    }
    counts.into_values().collect()
}

/// The promoter looks at added lines of the diff and takes the first digest in double quotes of each.
pub(crate) fn unseen(change: &Change<'_>) -> Vec<Unseen> {
    let mut unseen: Vec<Unseen> = Vec::new();
    for entry in change.entries.added.iter().filter(|entry| !entry.file.is_frozen && !change.entries.was_there(entry)) {
        let source = entry.file.source;
        let range = entry.promoted.digest.range();
        let line = source.line_at(range.start());
        let reason = match first_visible(line) {
            _ if !change.touches(source.path(), range) => Some("the line of the digest did not change"),
            Some(first) if first == entry.digest() => None,
            _ if source.slice(range) == format!("\"{}\"", entry.digest()) => Some("another digest stands before it on the line"),
            _ => Some("the digest is not in double quotes"),
        };
        let Some(reason) = reason else { continue };
        let found = Unseen { path: source.path().to_string(), image: entry.name().to_owned(), digest: entry.digest().to_owned(), reason };
        if !unseen.contains(&found) {
            unseen.push(found);
        }
    }
    unseen
}

/// The first `"sha256:…"` with 64 lower-case hex digits.
fn first_visible(line: &str) -> Option<&str> {
    line.match_indices("\"sha256:").find_map(|(at, _)| {
        let (digest, behind) = line[at + 1..].split_at_checked("sha256:".len() + 64)?;
        let is_hex = digest["sha256:".len()..].bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
        (is_hex && behind.starts_with('"')).then_some(digest)
    })
}

fn files(change: &Change<'_>) -> Vec<(String, FileFate)> {
    let lists_images = |file: &File<'_>| file.source.kind() == FileKind::Images;
    let fate = |file: &super::FileChange| {
        let (before, after) = (file.before.map(|id| change.before.file(id)), file.after.map(|id| change.after.file(id)));
        let (shown, fate) = match (before, after) {
            (None, Some(after)) => (after, FileFate::Added),
            (Some(before), None) => (before, FileFate::Removed),
            (_, Some(after)) => (after, FileFate::Changed),
            (None, None) => return None,
        };
        (!lists_images(shown)).then(|| (shown.source.path().to_string(), fate))
    };
    change.files.iter().filter_map(fate).collect()
}
