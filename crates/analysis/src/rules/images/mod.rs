//! images.yaml and its relatives: digests and tags.

pub(super) mod digest_not_visible;
pub(super) mod digest_syntax;
pub(super) mod digest_under_two_images;
pub(super) mod image_name;
pub(super) mod latest_tag;
pub(super) mod missing_dmap;
pub(in crate::rules) mod non_string_tag;
pub(super) mod same_entry_twice;
pub(super) mod similar_digest;
pub(in crate::rules) mod tag_leading_v;
pub(in crate::rules) mod tag_on_two_digests;
pub(in crate::rules) mod tag_shape;
pub(super) mod tag_syntax;
pub(super) mod unwanted_image;

use crate::fixing::Repair;
use crate::model::{DigestEntry, Image, Model, Word};
use crate::repository::File;

/// All digests with their tags, of images.yaml and plain manifests.
pub(super) fn all_entries<'f, 'a: 'f>(file: &'f File<'a>) -> impl Iterator<Item = &'f DigestEntry<'a>> {
    file.image_list().iter().flat_map(Image::entries)
}

/// All digests, of `image_tags.yaml` too.
pub(super) fn all_digests<'f, 'a: 'f>(file: &'f File<'a>) -> impl Iterator<Item = &'f Word<'a>> {
    let tagged = if let Model::ImageTags(tags) = file.model { tags.images.as_slice() } else { &[] };
    let versions = tagged.iter().flat_map(|image| &image.versions);
    all_entries(file).map(|entry| &entry.digest).chain(versions.filter_map(|version| version.digest.as_ref()))
}

/// All tags, of `image_tags.yaml` too.
pub(super) fn all_tags<'f, 'a: 'f>(file: &'f File<'a>) -> impl Iterator<Item = &'f Word<'a>> {
    let tagged = if let Model::ImageTags(tags) = file.model { tags.images.as_slice() } else { &[] };
    let versions = tagged.iter().flat_map(|image| &image.versions);
    all_entries(file).flat_map(|entry| &entry.tags).chain(versions.flat_map(|version| &version.tags))
}

/// Long digests are cut in the middle; their ends tell them apart.
pub(super) fn shorten(text: &str) -> String {
    let text: Vec<char> = text.escape_debug().collect();
    if text.len() <= 30 {
        return text.into_iter().collect();
    }
    let (head, tail): (String, String) = (text[..18].iter().collect(), text[text.len() - 8..].iter().collect());
    format!("{head}…{tail}")
}

/// Another spelling of a tag; none where the image has that tag already, which would then be on two digests.
fn renamed(file: &File<'_>, tag: &Word<'_>, text: &str) -> Option<Repair> {
    let own = file.image_list().iter().find(|image| image.node.range().contains_range(tag.range()));
    let name = own.and_then(|image| image.name.as_ref()).map(Word::as_str);
    let namesakes = file.image_list().iter().filter(|image| image.name.as_ref().map(Word::as_str) == name);
    let is_taken = namesakes.flat_map(Image::entries).flat_map(|entry| &entry.tags).any(|other| other.value == text);
    if is_taken { None } else { Repair::text(tag.node, text) }
}
