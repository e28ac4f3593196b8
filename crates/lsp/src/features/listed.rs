//! Images with their digests and tags, whichever kind of file lists them.

use promolint_analysis::SourceFile;
use promolint_analysis::model::{DigestEntry, Image, Model, TaggedImage, TaggedVersion, Word};
use promolint_syntax::{Node, TextRange};

/// An image in a list.
#[derive(Clone, Copy, Debug)]
pub enum Listed<'f> {
    /// Of images.yaml and plain manifests: a path below registries that stand elsewhere.
    Image(&'f Image<'f>),
    /// Of Kubeflow's `image_tags.yaml`: its name holds the registry.
    Tagged(&'f TaggedImage<'f>),
}

/// A digest of an image, with its tags.
#[derive(Clone, Copy, Debug)]
pub struct ListedDigest<'f> {
    /// None where it is missing or cannot be read.
    pub digest: Option<&'f Word<'f>>,
    /// In the order of the file.
    pub tags: &'f [Word<'f>],
    /// Digest and tags.
    pub range: TextRange,
}

/// The images that a file lists, in its order.
pub fn images(file: &SourceFile) -> impl Iterator<Item = Listed<'_>> {
    let tagged = if let Model::ImageTags(tags) = &file.reading().model { tags.images.as_slice() } else { &[] };
    file.image_list().iter().map(Listed::Image).chain(tagged.iter().map(Listed::Tagged))
}

impl<'f> Listed<'f> {
    /// All of it.
    pub fn node(self) -> Node<'f> {
        match self {
            Self::Image(image) => image.node,
            Self::Tagged(image) => image.node,
        }
    }

    /// Its name.
    pub fn name(self) -> Option<&'f Word<'f>> {
        match self {
            Self::Image(image) => image.name.as_ref(),
            Self::Tagged(image) => image.name.as_ref(),
        }
    }

    /// The name, or `""`.
    pub fn name_str(self) -> &'f str {
        self.name().map_or("", Word::as_str)
    }

    /// The place to point at: the name, or the first line.
    pub fn range(self) -> TextRange {
        match self {
            Self::Image(image) => image.range(),
            Self::Tagged(image) => image.range(),
        }
    }

    /// Its digests, in the order of the file.
    pub fn digests(self) -> impl Iterator<Item = ListedDigest<'f>> {
        let (image, tagged) = match self {
            Self::Image(image) => (Some(image), None),
            Self::Tagged(image) => (None, Some(image)),
        };
        let entries = image.into_iter().flat_map(Image::entries).map(ListedDigest::from);
        entries.chain(tagged.into_iter().flat_map(|image| &image.versions).map(ListedDigest::from))
    }

    /// Its tags, in the order of the file.
    pub fn tags(self) -> impl Iterator<Item = &'f Word<'f>> {
        self.digests().flat_map(|entry| entry.tags)
    }
}

impl<'f> From<&'f DigestEntry<'f>> for ListedDigest<'f> {
    fn from(entry: &'f DigestEntry<'f>) -> Self {
        Self { digest: Some(&entry.digest), tags: &entry.tags, range: entry.range() }
    }
}

impl<'f> From<&'f TaggedVersion<'f>> for ListedDigest<'f> {
    fn from(version: &'f TaggedVersion<'f>) -> Self {
        Self { digest: version.digest.as_ref(), tags: &version.tags, range: version.node.range() }
    }
}
