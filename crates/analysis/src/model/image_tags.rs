//! Kubeflow's `image_tags.yaml`: images with versions, each a digest and its tags.

use promolint_syntax::{Node, TextRange};

use super::images::first_line;
use super::reader::{Reader, Schema, Word};

/// A list of images.
#[derive(Debug, Default)]
pub struct ImageTagsFile<'a> {
    /// In the order of the file.
    pub images: Vec<TaggedImage<'a>>,
}

/// One image.
#[derive(Debug)]
pub struct TaggedImage<'a> {
    /// The item of the list.
    pub node: Node<'a>,
    /// Registry and path; `None` where it is missing or cannot be read.
    pub name: Option<Word<'a>>,
    /// In the order of the file.
    pub versions: Vec<TaggedVersion<'a>>,
}

/// One version of an image.
#[derive(Debug)]
pub struct TaggedVersion<'a> {
    /// The item of the list.
    pub node: Node<'a>,
    /// `None` where it is missing or cannot be read.
    pub digest: Option<Word<'a>>,
    /// In the order of the file.
    pub tags: Vec<Word<'a>>,
}

impl TaggedImage<'_> {
    /// The place to point at: the name, or the first line of the item.
    pub fn range(&self) -> TextRange {
        self.name.as_ref().map_or_else(|| first_line(self.node), Word::range)
    }
}

const ROOT: Schema = Schema { what: "an image tags file", keys: &["images"], deprecated: &[] };
const IMAGE: Schema = Schema { what: "an image", keys: &["name", "versions"], deprecated: &[] };
const VERSION: Schema = Schema { what: "a version", keys: &["digest", "tags", "timestamp"], deprecated: &[] };

pub(super) fn read<'a>(reader: &mut Reader<'a>, root: Option<Node<'a>>) -> ImageTagsFile<'a> {
    let Some(root) = root else { return ImageTagsFile::default() };
    let Some(fields) = reader.fields(root, &ROOT) else { return ImageTagsFile::default() };
    let Some(images) = fields.get("images") else {
        fields.missing(reader, "images", ROOT.what, false, first_line(root));
        return ImageTagsFile::default();
    };
    let items = reader.items(images, "`images`").unwrap_or_default();
    ImageTagsFile { images: items.into_iter().filter_map(|item| read_image(reader, item)).collect() }
}

fn read_image<'a>(reader: &mut Reader<'a>, node: Node<'a>) -> Option<TaggedImage<'a>> {
    let fields = reader.fields(node, &IMAGE)?;
    if fields.get("name").is_none_or(Node::is_null) {
        fields.missing(reader, "name", IMAGE.what, fields.get("name").is_some(), first_line(node));
    }
    if fields.get("versions").is_none_or(Node::is_null) {
        fields.missing(reader, "versions", IMAGE.what, fields.get("versions").is_some(), first_line(node));
    }
    let name = fields.get("name").and_then(|value| reader.text(value, "the name of an image"));
    let versions = fields.get("versions").and_then(|value| reader.items(value, "`versions`")).unwrap_or_default();
    let versions = versions.into_iter().filter_map(|item| read_version(reader, item)).collect();
    Some(TaggedImage { node, name: name.filter(|name| !name.value.is_empty()), versions })
}

fn read_version<'a>(reader: &mut Reader<'a>, node: Node<'a>) -> Option<TaggedVersion<'a>> {
    let fields = reader.fields(node, &VERSION)?;
    if fields.get("digest").is_none_or(Node::is_null) {
        fields.missing(reader, "digest", VERSION.what, fields.get("digest").is_some(), first_line(node));
    }
    let digest = fields.get("digest").and_then(|value| reader.text(value, "`digest`"));
    let tags = fields.get("tags").and_then(|value| reader.items(value, "`tags`")).unwrap_or_default();
    let tags = tags.into_iter().filter_map(|item| reader.text(item, "a tag")).collect();
    Some(TaggedVersion { node, digest: digest.filter(|digest| !digest.value.is_empty()), tags })
}
