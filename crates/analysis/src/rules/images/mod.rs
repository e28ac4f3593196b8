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

use promolint_syntax::Style;

use crate::fixing::Repair;
use crate::model::{Digest, DigestEntry, Image, Model, Tag, TaggedVersion, Word};
use crate::repository::File;

/// All digests with their tags, of images.yaml and plain manifests.
pub(super) fn all_entries<'f, 'a: 'f>(file: &'f File<'a>) -> impl Iterator<Item = &'f DigestEntry<'a>> {
    file.image_list().iter().flat_map(Image::entries)
}

/// All digests, of `image_tags.yaml` too.
pub(super) fn all_digests<'f, 'a: 'f>(file: &'f File<'a>) -> impl Iterator<Item = &'f Word<'a>> {
    all_entries(file).map(|entry| &entry.digest).chain(all_versions(file).filter_map(|version| version.digest.as_ref()))
}

/// All tags, of `image_tags.yaml` too.
pub(super) fn all_tags<'f, 'a: 'f>(file: &'f File<'a>) -> impl Iterator<Item = &'f Word<'a>> {
    all_entries(file).flat_map(|entry| &entry.tags).chain(all_versions(file).flat_map(|version| &version.tags))
}

/// All digests with their tags of `image_tags.yaml`.
fn all_versions<'f, 'a: 'f>(file: &'f File<'a>) -> impl Iterator<Item = &'f TaggedVersion<'a>> {
    let tagged = if let Model::ImageTags(tags) = file.model { tags.images.as_slice() } else { &[] };
    tagged.iter().flat_map(|image| &image.versions)
}

/// Whether a tag stands where the digest belongs, and the digest among or instead of the tags.
fn is_swapped(entry: &DigestEntry<'_>) -> bool {
    let is_digest = |text: &str| Digest::parse(text).is_ok();
    let has_digest = match entry.tags.as_slice() {
        [] => entry.tags_node.as_scalar().is_some_and(|value| is_digest(&value.value())),
        tags => tags.iter().all(|tag| is_digest(&tag.value)),
    };
    has_digest && Tag::parse(&entry.digest.value).is_some() && !is_digest(&entry.digest.value)
}

/// A text without a quote at one end, which reads as a part of it where the one at the other end was forgotten.
fn without_half_a_pair<'t>(word: &'t Word<'_>) -> Option<&'t str> {
    let text = word.value.as_ref();
    let bare = text.strip_suffix(['"', '\'']).filter(|_| word.node.style() == Style::Plain)?;
    (!bare.contains(['"', '\''])).then_some(bare)
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
