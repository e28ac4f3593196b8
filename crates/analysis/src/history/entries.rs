//! Which entries (image, digest, tags) a change brings and takes.
//!
//! Only files that differ are compared. What leaves one file and enters another is still there, so
//! [`Entries::stands`] looks at everything that is there afterwards.

use foldhash::{HashMap, HashMapExt, HashSet};

use super::FileChange;
use super::index::{Findable, Index};
use super::places::{Places, Spot};
use crate::model::{Digest, DigestEntry, Image, Tag, Word};
use crate::repository::{File, FileId, Repository};

/// An image's digest with one of its tags; an entry without tags counts once. Digest and tag are
/// such that they can be promoted.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// The file, on the side of the change that the entry is from.
    pub file: &'a File<'a>,
    /// The image.
    pub image: &'a Image<'a>,
    /// The digest and all of its tags.
    pub promoted: &'a DigestEntry<'a>,
    /// The tag; none if the digest has none.
    pub tag: Option<&'a Word<'a>>,
}

/// Image, digest, tag.
type Key<'a> = (&'a str, &'a str, &'a str);

impl<'a> Entry<'a> {
    /// The name of the image.
    pub fn name(&self) -> &'a str {
        self.image.name_str()
    }

    /// The digest.
    pub fn digest(&self) -> &'a str {
        self.promoted.digest.as_str()
    }

    /// The tag, `""` for none.
    pub fn tag_str(&self) -> &'a str {
        self.tag.map_or("", Word::as_str)
    }

    /// Whether it may stand there instead: what left a live tree does not stand in a closed one.
    fn counts(&self, standing: &Standing<'_>) -> bool {
        self.file.is_frozen || !standing.file.is_frozen
    }

    pub(super) fn key(&self) -> Key<'a> {
        (self.name(), self.digest(), self.tag_str())
    }
}

/// What came and what went.
#[derive(Debug)]
pub struct Entries<'a> {
    /// Those that a file has and had not before.
    pub added: Vec<Entry<'a>>,
    /// Those that a file had and has no more; they may stand in another one.
    pub dropped: Vec<Entry<'a>>,
    /// Where the digests of dropped entries stand afterwards.
    left: HashMap<&'a str, Vec<Standing<'a>>>,
    index: Index<'a>,
    findable: Findable<'a>,
    before: Places<'a>,
    after: Places<'a>,
}

/// A digest with its tags where it stands.
#[derive(Clone, Copy, Debug)]
pub struct Standing<'a> {
    /// The file.
    pub file: &'a File<'a>,
    /// The image.
    pub image: &'a Image<'a>,
    /// Digest and tags.
    pub promoted: &'a DigestEntry<'a>,
}

impl Standing<'_> {
    /// Whether both name the same image, digest and tags.
    fn says_what(&self, other: &Standing<'_>) -> bool {
        self.promoted.digest.value == other.promoted.digest.value
            && self.image.name_str() == other.image.name_str()
            && self.promoted.tags.iter().map(Word::as_str).eq(other.promoted.tags.iter().map(Word::as_str))
    }
}

impl<'a> Entries<'a> {
    pub(super) fn new(before: &'a Repository<'a>, after: &'a Repository<'a>, files: &[FileChange]) -> Self {
        let mut entries = Self {
            added: Vec::new(),
            dropped: Vec::new(),
            left: HashMap::new(),
            index: Index::default(),
            findable: Findable::default(),
            before: Places::default(),
            after: Places::default(),
        };
        for file in files {
            let side = |repository: &'a Repository<'a>, id: Option<FileId>| id.map_or_else(Vec::new, |id| digests(repository.file(id)));
            let (dropped, added) = differing(&side(before, file.before), &side(after, file.after));
            entries.dropped.extend(dropped);
            entries.added.extend(added);
        }
        entries.find_what_is_left(after);
        entries.before = Places::new(before, entries.dropped.iter().map(|dropped| dropped.file));
        let standing = entries.left.values().flatten().map(|standing| standing.file);
        entries.after = Places::new(after, standing.chain(entries.added.iter().map(|added| added.file)));
        entries.index = Index::new(before, after, files, &entries.added, &entries.dropped);
        if !entries.dropped.is_empty() {
            entries.findable = Findable::new(&entries.after, &entries.added, &entries.left);
        }
        entries
    }

    fn find_what_is_left(&mut self, after: &'a Repository<'a>) {
        if self.dropped.is_empty() {
            return;
        }
        let digests: HashSet<&str> = self.dropped.iter().map(Entry::digest).collect();
        for file in &after.files {
            for image in file.image_list() {
                for promoted in image.entries().filter(|entry| digests.contains(entry.digest.as_str())) {
                    self.left.entry(promoted.digest.as_str()).or_default().push(Standing { file, image, promoted });
                }
            }
        }
    }

    /// Where a dropped entry's digest still stands for the same image: in the same file or any other, by
    /// name or by the place in production.
    pub fn left(&self, dropped: &Entry<'a>) -> impl Iterator<Item = Standing<'a>> {
        let left = self.left.get(dropped.digest()).map_or(&[][..], Vec::as_slice);
        let spots = self.before.spots(dropped.file, dropped.name()).chain([Spot::Name(dropped.name())]);
        let found = self.findable.standing(spots, dropped.digest()).into_iter().map(|at| left[at]);
        found.filter(|standing| dropped.counts(standing))
    }

    /// Whether a dropped entry's digest stands anywhere, under whatever name.
    pub fn stands_elsewhere(&self, dropped: &Entry<'a>) -> bool {
        self.left.get(dropped.digest()).is_some_and(|left| left.iter().any(|standing| dropped.counts(standing)))
    }

    /// Whether a dropped entry still stands, tag and all: it was moved or sorted.
    pub fn stands(&self, dropped: &Entry<'a>) -> bool {
        let has_tag =
            |standing: Standing<'_>| dropped.tag.is_none_or(|tag| standing.promoted.tags.iter().any(|other| other.value == tag.value));
        self.left(dropped).any(has_tag)
    }

    /// The entry that took a dropped one's tag: the same tag at the same place in production, on another digest.
    pub fn successor(&self, dropped: &Entry<'a>) -> Option<&Entry<'a>> {
        let tag = dropped.tag?;
        let spots = self.before.spots(dropped.file, dropped.name());
        let mut tagged = self.findable.tagged(spots, tag.as_str()).into_iter().map(|at| &self.added[at]);
        tagged.find(|added| added.digest() != dropped.digest())
    }

    /// Whether a dropped entry's tag stands on another digest of the image in its file afterwards, be it a mistyped
    /// one, of which another rule tells.
    pub fn is_taken(&self, dropped: &Entry<'a>) -> bool {
        let digests = dropped.tag.and_then(|tag| self.index.tags_after.get(&(&**dropped.file.source.path(), dropped.name(), tag.as_str())));
        digests.is_some_and(|digests| digests.iter().any(|digest| *digest != dropped.digest()))
    }

    /// Whether the digest of an added entry stood for the image before: it was moved, or got another tag.
    pub fn stood(&self, added: &Entry<'_>) -> bool {
        let (name, digest) = (added.name(), added.digest());
        self.index.dropped_by_digest.contains_key(&(name, digest))
            || self.index.digests_before.contains(&(&**added.file.source.path(), name, digest))
    }

    /// The entry of another file of a live tree that an added one was before, tag and all; one that went to the same
    /// place, if there is any.
    pub fn came_from(&self, added: &Entry<'a>) -> Option<&Entry<'a>> {
        let dropped = self.index.dropped_by_digest.get(&(added.name(), added.digest()));
        let dropped = dropped.into_iter().flatten().map(|at| &self.dropped[*at]);
        let was = |old: &&Entry<'a>| !old.file.is_frozen && old.tag_str() == added.tag_str();
        dropped.filter(was).min_by_key(|old| self.is_elsewhere(old, added))
    }

    /// Whether an added entry goes to no place that a dropped one went to.
    pub fn is_elsewhere(&self, dropped: &Entry<'a>, added: &Entry<'a>) -> bool {
        !self.before.meet((dropped.file, dropped.name()), &self.after, (added.file, added.name()))
    }

    /// The entry by which a dropped one's digest got a tag for the same image.
    pub fn tagged_anew(&self, dropped: &Entry<'_>) -> Option<&Entry<'a>> {
        self.index.tagged.get(&(dropped.name(), dropped.digest())).map(|at| &self.added[*at])
    }

    /// Whether an added entry's tag left another entry of the image.
    pub fn is_moved(&self, added: &Entry<'a>) -> bool {
        let dropped = added.tag.and_then(|tag| self.index.dropped_by_tag.get(&(added.name(), tag.as_str())));
        dropped.into_iter().flatten().any(|at| !self.stands(&self.dropped[*at]))
    }
}

/// All entries of a file that can be promoted.
pub(crate) fn all<'a>(file: &'a File<'a>) -> Vec<Entry<'a>> {
    digests(file).into_iter().flat_map(promotable).collect()
}

/// The digests of a file's images that have a name.
fn digests<'a>(file: &'a File<'a>) -> Vec<Standing<'a>> {
    let images = file.image_list().iter().filter(|image| image.name.is_some());
    images.flat_map(|image| image.entries().map(move |promoted| Standing { file, image, promoted })).collect()
}

/// A digest with each of its tags, where it can be promoted.
fn promotable(Standing { file, image, promoted }: Standing<'_>) -> impl Iterator<Item = Entry<'_>> {
    let tags = promoted.tags.iter().filter(|tag| Tag::parse(tag.as_str()).is_some());
    let none = promoted.tags.is_empty().then_some(None);
    let entries = none.into_iter().chain(tags.map(Some)).map(move |tag| Entry { file, image, promoted, tag });
    entries.filter(|entry| Digest::parse(entry.digest()).is_ok())
}

/// The entries of the first list that the second has not, and the other way round. What both begin and
/// end with, nearly all of a large file, is passed over.
fn differing<'a>(old: &[Standing<'a>], new: &[Standing<'a>]) -> (Vec<Entry<'a>>, Vec<Entry<'a>>) {
    let start = old.iter().zip(new).take_while(|(old, new)| old.says_what(new)).count();
    let (old_rest, new_rest) = (&old[start..], &new[start..]);
    let end = old_rest.iter().rev().zip(new_rest.iter().rev()).take_while(|(old, new)| old.says_what(new)).count();
    let middle = |rest: &[Standing<'a>]| rest[..rest.len() - end].iter().copied().flat_map(promotable).collect::<Vec<_>>();
    let (mut dropped, mut added) = (middle(old_rest), middle(new_rest));
    let keys = |entries: &[Entry<'a>]| entries.iter().map(Entry::key).collect::<HashSet<Key<'a>>>();
    let (old_keys, new_keys) = (keys(&dropped), keys(&added));
    dropped.retain(|entry| !new_keys.contains(&entry.key()));
    added.retain(|entry| !old_keys.contains(&entry.key()));
    if !dropped.is_empty() || !added.is_empty() {
        let digests: HashSet<&str> = dropped.iter().chain(&added).map(Entry::digest).collect();
        let both = old[..start].iter().chain(&old_rest[old_rest.len() - end..]);
        let both = both.filter(|standing| digests.contains(standing.promoted.digest.as_str())).copied();
        let keys: HashSet<Key<'_>> = both.flat_map(promotable).map(|entry| entry.key()).collect();
        dropped.retain(|entry| !keys.contains(&entry.key()));
        added.retain(|entry| !keys.contains(&entry.key()));
    }
    (dropped, added)
}
