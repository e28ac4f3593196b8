//! Images of a file that move together: an image with its single-architecture images, or the
//! components of one release. They are told by their names and by the last tags that they share.

mod release;

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Image, Word};
use crate::policy::ImagePolicy;

pub use release::Release;

/// So many of the last tags must be the same for an image and its architectures to belong together.
const KIN: usize = 3;
/// As many, at least and at most, for images of other names: some have the same numbers by chance.
const OTHERS: (usize, usize) = (5, 8);

/// The tags of each image of a file.
#[derive(Clone, Debug, Default)]
pub struct TagsByImage<'f> {
    tags: BTreeMap<&'f str, Vec<&'f str>>,
}

impl<'f> TagsByImage<'f> {
    /// All tags; those of a name that stands several times together.
    pub fn of(images: &'f [Image<'_>]) -> Self {
        Self::of_words(images, |_| true)
    }

    /// The tags that are not passed over.
    pub fn of_words(images: &'f [Image<'_>], counts: impl Fn(&Word<'_>) -> bool) -> Self {
        let mut tags: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for image in images.iter().filter(|image| image.name.is_some()) {
            let words = image.entries().flat_map(|entry| &entry.tags).filter(|word| counts(word));
            tags.entry(image.name_str()).or_default().extend(words.map(Word::as_str));
        }
        Self { tags }
    }

    /// Whether the file has an image of this name.
    pub fn knows(&self, name: &str) -> bool {
        self.tags.contains_key(name)
    }

    /// Whether an image has a tag.
    pub fn has(&self, name: &str, tag: &str) -> bool {
        self.of_image(name).any(|other| other == tag)
    }

    /// The names of the images.
    pub fn names(&self) -> impl Iterator<Item = &'f str> {
        self.tags.keys().copied()
    }

    fn of_image(&self, name: &str) -> impl Iterator<Item = &'f str> {
        self.tags.get(name).into_iter().flatten().copied()
    }

    /// The last releases of an image before a tag, latest first.
    pub fn last_before(&self, name: &str, tag: &str) -> Vec<&'f str> {
        let until = Release::of(tag);
        self.last(name, |release| release.kind == until.kind && *release < until)
    }

    fn last(&self, name: &str, counts: impl Fn(&Release<'f>) -> bool) -> Vec<&'f str> {
        let mut releases: Vec<Release<'_>> = self.of_image(name).map(Release::of).filter(counts).collect();
        releases.sort_unstable_by(|a, b| b.cmp(a));
        releases.dedup();
        releases.into_iter().take(OTHERS.1).map(|release| release.tag).collect()
    }

    /// The images that lack a tag of one, though they differ in the architecture only or had the same tags before.
    pub fn lacking(&self, policy: &ImagePolicy, name: &str, tag: &str) -> BTreeSet<&'f str> {
        let own = self.last_before(name, tag);
        let belongs = |other: &&str| policy.are_one_image(name, other) || had_the_same(&own, &self.last_before(other, tag), false);
        self.names().filter(|other| *other != name && !self.has(other, tag)).filter(belongs).collect()
    }

    /// The tags that an image lacks and those that move with it have, newest first: what is newer than its
    /// own newest one, and the newest of each of the others. What is old and was never on it was left out on purpose.
    pub fn missing(&self, policy: &ImagePolicy, name: &str) -> Vec<&'f str> {
        let mut found: BTreeSet<Release<'_>> = BTreeSet::new();
        for other in self.names().filter(|other| *other != name) {
            let is_kin = policy.are_one_image(name, other);
            let mut newest: BTreeMap<&str, Release<'_>> = BTreeMap::new();
            for release in self.of_image(other).map(Release::of) {
                let known = newest.entry(release.kind).or_insert(release);
                *known = release.max(*known);
            }
            for (kind, newest) in newest {
                let own = self.of_image(name).map(Release::of).filter(|release| release.kind == kind).max();
                let until = |release: &Release<'_>| release.kind == kind && own.is_some_and(|own| *release <= own);
                if !is_kin && !had_the_same(&self.last(name, until), &self.last(other, until), false) {
                    continue;
                }
                let is_newer = |release: &Release<'_>| own.is_some_and(|own| *release > own);
                let releases = self.of_image(other).map(Release::of).filter(|release| release.kind == kind && !release.tag.is_empty());
                found.extend(releases.filter(|release| is_newer(release) || *release == newest));
            }
        }
        found.into_iter().rev().map(|release| release.tag).filter(|tag| !self.has(name, tag)).collect()
    }
}

/// Whether two images belong together by their last tags, latest first. The younger of them has fewer.
pub fn had_the_same(one: &[&str], other: &[&str], is_kin: bool) -> bool {
    let (least, most) = if is_kin { (KIN, KIN) } else { OTHERS };
    let length = one.len().min(other.len()).min(most);
    length >= least && one[..length] == other[..length]
}

#[cfg(test)]
mod tests {
    use super::TagsByImage;
    use crate::policy::Policy;

    #[test]
    fn what_moves_together() {
        let old = ["v0.1.0", "v0.2.0", "v0.3.0", "v0.4.0", "v0.5.0"];
        let with = |more: &[&'static str]| old.iter().chain(more).copied().collect::<Vec<_>>();
        let mut tags = TagsByImage::default();
        for (name, own) in [
            ("driver", with(&["v0.6.0", "v0.7.0"])),
            ("driver-crds", with(&["v0.6.0"])),
            ("driver-arm64", vec!["v0.6.0"]),
            ("other", vec!["v9.0.0"]),
            ("driver-s390x", vec![]),
        ] {
            tags.tags.insert(name, own);
        }
        let policy = Policy::builtin().images;
        assert_eq!(Vec::from_iter(tags.lacking(&policy, "driver", "v0.7.0")), ["driver-arm64", "driver-crds", "driver-s390x"]);
        assert_eq!(tags.missing(&policy, "driver-crds"), ["v0.7.0"]);
        assert_eq!(tags.missing(&policy, "driver-arm64"), ["v0.7.0"]);
        assert_eq!(tags.missing(&policy, "driver-s390x"), ["v0.7.0", "v0.6.0"]);
        assert_eq!(tags.missing(&policy, "driver"), [""; 0]);
        assert_eq!(tags.missing(&policy, "other"), [""; 0]);
    }
}
