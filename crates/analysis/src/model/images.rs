//! images.yaml: images with their digests and tags.

use std::borrow::Cow;
use std::collections::hash_map::Entry as Slot;

use foldhash::{HashMap, HashMapExt};

use promolint_syntax::{Entry, Mapping, Node, Style, TextRange};

use super::Word;
use super::problem::ProblemKind;
use super::reader::{Reader, Schema};

/// A list of images.
#[derive(Debug, Default)]
pub struct ImagesFile<'a> {
    /// In the order of the file; a name may stand several times.
    pub images: Vec<Image<'a>>,
}

/// One `- name: … dmap: …`.
#[derive(Debug)]
pub struct Image<'a> {
    /// The item of the list.
    pub node: Node<'a>,
    /// Its name; `None` where it is missing, empty, or cannot be read.
    pub name: Option<Word<'a>>,
    /// Its digests; `None` where the key is missing or cannot be read.
    pub digests: Option<DigestMap<'a>>,
}

/// The value of `dmap`.
#[derive(Debug)]
pub struct DigestMap<'a> {
    /// The value; null for a bare `dmap:`.
    pub node: Node<'a>,
    /// In the order of the file.
    pub entries: Vec<DigestEntry<'a>>,
}

/// One `digest: [tags]`.
#[derive(Debug)]
pub struct DigestEntry<'a> {
    /// The key.
    pub digest: Word<'a>,
    /// The value.
    pub tags_node: Node<'a>,
    /// Tags in the order of the file; those that cannot be read are left out.
    pub tags: Vec<Word<'a>>,
}

impl DigestEntry<'_> {
    /// From the digest to the end of the tags.
    pub fn range(&self) -> TextRange {
        self.digest.range().cover(self.tags_node.range())
    }

    /// Whether the digest stands in plain double quotes; the promoter sees no others in a change.
    pub fn has_visible_quotes(&self) -> bool {
        // With an escape in it, it would be longer.
        let node = self.digest.node;
        node.style() == Style::DoubleQuoted && node.text().len() == self.digest.value.len() + 2
    }
}

impl<'a> Image<'a> {
    /// The digests with their tags, none where `dmap` is missing.
    pub fn entries(&self) -> impl Iterator<Item = &DigestEntry<'a>> {
        self.digests.iter().flat_map(|digests| &digests.entries)
    }

    /// The place to point at: the name, or the first line of the item.
    pub fn range(&self) -> TextRange {
        self.name.as_ref().map_or_else(|| first_line(self.node), Word::range)
    }

    /// The name, or `""`.
    pub fn name_str(&self) -> &str {
        self.name.as_ref().map_or("", Word::as_str)
    }
}

/// The part of a node on its first line.
pub(crate) fn first_line(node: Node<'_>) -> TextRange {
    let line = node.text().split('\n').next().unwrap_or_default().trim_end();
    let start = node.range().start();
    TextRange::new(start, start + u32::try_from(line.len()).unwrap_or(0))
}

const IMAGE: Schema = Schema { what: "an image", keys: &["name", "dmap"], deprecated: &[] };

pub(super) fn read_file<'a>(reader: &mut Reader<'a>, root: Option<Node<'a>>) -> ImagesFile<'a> {
    let Some(root) = root else { return ImagesFile::default() };
    let items = reader.items(root, "images.yaml").unwrap_or_default();
    ImagesFile { images: read_images(reader, items, false) }
}

/// `dmap_required`: a plain manifest must have digests.
pub(super) fn read_images<'a>(reader: &mut Reader<'a>, items: Vec<Node<'a>>, dmap_required: bool) -> Vec<Image<'a>> {
    items.into_iter().map(|item| read_image(reader, item, dmap_required)).collect()
}

fn read_image<'a>(reader: &mut Reader<'a>, node: Node<'a>, dmap_required: bool) -> Image<'a> {
    let Some(fields) = reader.fields(node, &IMAGE) else {
        return Image { node, name: None, digests: None };
    };
    let name = fields.required_text(reader, "name", "the name of an image", "an image", node);
    let digests = fields.get("dmap").and_then(|value| read_digests(reader, value));
    if dmap_required && (fields.get("dmap").is_none() || digests.as_ref().is_some_and(|digests| digests.entries.is_empty())) {
        let range = name.as_ref().map_or_else(|| first_line(node), Word::range);
        fields.missing(reader, "dmap", "an image", fields.get("dmap").is_some(), range);
    }
    Image { node, name, digests }
}

fn read_digests<'a>(reader: &mut Reader<'a>, node: Node<'a>) -> Option<DigestMap<'a>> {
    let mut entries = Vec::new();
    if !node.is_null() {
        let mapping = reader.mapping(node, "`dmap`")?;
        let count = mapping.entries().count();
        entries.reserve(count);
        let mut seen = HashMap::with_capacity(count);
        collect_digests(reader, mapping, &mut entries, &mut seen, 0);
    }
    Some(DigestMap { node, entries })
}

fn collect_digests<'a>(
    reader: &mut Reader<'a>,
    mapping: Mapping<'a>,
    entries: &mut Vec<DigestEntry<'a>>,
    seen: &mut HashMap<Cow<'a, str>, Entry<'a>>,
    depth: usize,
) {
    for entry in mapping.entries() {
        if entry.is_merge() {
            for merged in reader.merged_mappings(entry, depth) {
                collect_digests(reader, merged, entries, seen, depth + 1);
            }
            continue;
        }
        let Some(digest) = reader.text(entry.key, "a digest") else { continue };
        match seen.entry(digest.value.clone()) {
            Slot::Occupied(first) => {
                let first = *first.get();
                reader.problem(ProblemKind::DuplicateKey { key: digest.clone(), entry, first, what: "`dmap`" }, entry.key.range());
            }
            Slot::Vacant(slot) => {
                slot.insert(entry);
            }
        }
        let items = reader.items(entry.value, "the tags of a digest").unwrap_or_default();
        // Room for as many as there are: a vector that grows starts with four, and nearly all have one.
        let mut tags = Vec::with_capacity(items.len());
        tags.extend(items.into_iter().filter_map(|item| reader.text(item, "a tag")));
        entries.push(DigestEntry { digest, tags_node: entry.value, tags });
    }
}
