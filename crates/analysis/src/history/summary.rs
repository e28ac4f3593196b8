//! What a change promotes, as data: for reports that tell people what a pull request does.

use std::collections::BTreeMap;

use super::Change;

mod artifacts;
mod destinations;
mod files;
mod images;
mod order;
mod promotions;
mod refusals;
mod tag_lists;
mod unseen;

pub(crate) use unseen::unseen;

/// What a change does, image by image and file by file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// The images with any change, sorted by file and name; those of Kubeflow's `image_tags.yaml` too.
    pub images: Vec<ImageChange>,
    /// Files whose images stand in another order, with the number of images that moved.
    pub reordered: Vec<(String, usize)>,
    /// Manifests that promote to other places than before, sorted by path.
    pub destinations: Vec<DestinationChange>,
    /// Projects whose promoted files changed, sorted.
    pub artifacts: Vec<ArtifactChange>,
    /// Files of the change of which nothing else is told, and those that came or went, sorted by path.
    pub files: Vec<FileNote>,
    /// Changed files that the promoter cannot read, sorted by path.
    pub refused: Vec<Refused>,
    /// How many copies of a tag (or of an untagged digest) or of a file the change asks for, by production path.
    pub promotions: BTreeMap<String, usize>,
    /// Those that the promoter's diff mode does not see, and so does not make.
    pub unseen_promotions: BTreeMap<String, usize>,
    /// New entries that the promoter's diff mode does not see.
    pub unseen: Vec<Unseen>,
    /// Files with digests that were there and are to go to new places, unseen; with their number.
    pub untouched: Vec<(String, usize)>,
}

/// A file of the change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileNote {
    /// Where it is, or was.
    pub path: String,
    /// What became of it.
    pub fate: FileFate,
}

/// What became of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileFate {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It has another text.
    Changed,
    /// It stood elsewhere.
    Moved {
        /// There.
        from: String,
    },
}

/// A changed file that the promoter refuses, and with it all that it lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The file.
    pub path: String,
    /// The line of the first error, from 1.
    pub line: u32,
    /// What is wrong there.
    pub reason: &'static str,
}

/// Where a manifest promotes to, and did not or does no more.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DestinationChange {
    /// The manifest.
    pub path: String,
    /// New registries, by production path; filestores by themselves.
    pub added: BTreeMap<String, Vec<String>>,
    /// Those that are gone.
    pub removed: BTreeMap<String, Vec<String>>,
}

/// What a change does to the files that a project promotes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ArtifactChange {
    /// The directory of the project's file manifests, or the manifest where it stands outside of any tree.
    pub path: String,
    /// New files: name, sha256.
    pub added: Vec<(String, String)>,
    /// Files with another content: name, old and new sha256.
    pub changed: Vec<(String, String, String)>,
    /// Files that are gone: name, sha256.
    pub removed: Vec<(String, String)>,
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
    /// How many entries came from another file that is promoted to another place, by that file.
    pub carried: BTreeMap<String, usize>,
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

/// Counts over everything.
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
    /// Entries that came from a file that is promoted to another place.
    pub carried: usize,
    /// Entries that only changed their place in their image.
    pub resorted: usize,
    /// Images that only changed their place in their file.
    pub reordered: usize,
    /// New destinations.
    pub destinations_added: usize,
    /// Destinations that are gone.
    pub destinations_removed: usize,
    /// Promoted files that are new.
    pub artifacts_added: usize,
    /// Promoted files with another content.
    pub artifacts_changed: usize,
    /// Promoted files that are gone.
    pub artifacts_removed: usize,
}

impl Summary {
    /// Reads it off a change. What is in closed trees is promoted nowhere and left out.
    pub fn new(change: &Change<'_>) -> Self {
        let mut images = images::changed(change);
        images.extend(tag_lists::changed(change));
        images.sort_by(|a, b| (&a.path, &a.name).cmp(&(&b.path, &b.name)));
        let mut summary = Self {
            images,
            reordered: order::reordered(change),
            destinations: destinations::changed(change),
            artifacts: artifacts::changed(change),
            refused: refusals::refused(change),
            unseen: unseen::unseen(change),
            ..Self::default()
        };
        promotions::count(change, &mut summary);
        artifacts::count_promotions(change, &mut summary.promotions);
        summary.files = files::files(change, &summary);
        summary
    }

    /// Counts over everything.
    pub fn totals(&self) -> Totals {
        let sum = |count: fn(&ImageChange) -> usize| self.images.iter().map(count).sum();
        let artifacts = |count: fn(&ArtifactChange) -> usize| self.artifacts.iter().map(count).sum();
        let names = |of: fn(&DestinationChange) -> &BTreeMap<String, Vec<String>>| {
            self.destinations.iter().flat_map(|change| of(change).values()).map(Vec::len).sum()
        };
        Totals {
            added: sum(|image| image.added.len()),
            images: self.images.iter().filter(|image| !image.added.is_empty()).count(),
            tagged: sum(|image| image.tagged.len()),
            moved: sum(|image| image.moved.len()),
            removed: sum(|image| image.removed.len()),
            carried: sum(|image| image.carried.values().sum()),
            resorted: sum(|image| image.resorted),
            reordered: self.reordered.iter().map(|(_, count)| count).sum(),
            destinations_added: names(|change| &change.added),
            destinations_removed: names(|change| &change.removed),
            artifacts_added: artifacts(|project| project.added.len()),
            artifacts_changed: artifacts(|project| project.changed.len()),
            artifacts_removed: artifacts(|project| project.removed.len()),
        }
    }
}
