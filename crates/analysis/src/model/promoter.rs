//! promoter-manifest.yaml: from where to where; and plain manifests, which hold the images too.

use promolint_syntax::{Entry, Node, Resolved, TextRange};

use super::images::{Image, first_line, read_images};
use super::reader::{Reader, Schema, Word};

/// Sources and destinations, and in plain manifests the images.
#[derive(Debug, Default)]
pub struct PromoterManifest<'a> {
    /// In the order of the file.
    pub registries: Vec<Registry<'a>>,
    /// The key and the value of `registries`.
    pub registries_entry: Option<Entry<'a>>,
    /// Images of a plain manifest.
    pub images: Vec<Image<'a>>,
    /// Whether the file could be read as a manifest at all.
    pub is_readable: bool,
}

/// One item of `registries`.
#[derive(Debug)]
pub struct Registry<'a> {
    /// The item.
    pub node: Node<'a>,
    /// The registry, without tag; `None` where it is missing or cannot be read.
    pub name: Option<Word<'a>>,
    /// Whether it is a source.
    pub is_source: bool,
    /// `src: …`
    pub source_entry: Option<Entry<'a>>,
    /// The account that writes to it.
    pub service_account: Option<Word<'a>>,
    /// Whether a syntax error may have swallowed a part of it: then nothing can be said of what is missing.
    pub is_damaged: bool,
}

impl Registry<'_> {
    /// The place to point at: the name, or the first line of the item.
    pub fn range(&self) -> TextRange {
        self.name.as_ref().map_or_else(|| first_line(self.node), Word::range)
    }

    /// Whether `src` has a value that is neither true nor false.
    pub fn has_unread_source(&self) -> bool {
        let resolved = self.source_entry.map(|entry| entry.value.as_scalar().map(Node::resolved));
        resolved.is_some_and(|resolved| !matches!(resolved, Some(Resolved::Bool(_) | Resolved::Null)))
    }

    /// The name, or `""`.
    pub fn name_str(&self) -> &str {
        self.name.as_ref().map_or("", Word::as_str)
    }
}

impl<'a> PromoterManifest<'a> {
    /// The registries that are sources.
    pub fn sources(&self) -> impl Iterator<Item = &Registry<'a>> {
        self.registries.iter().filter(|registry| registry.is_source)
    }

    /// The registries that are not.
    pub fn destinations(&self) -> impl Iterator<Item = &Registry<'a>> {
        self.registries.iter().filter(|registry| !registry.is_source)
    }
}

const THIN: Schema = Schema { what: "a promoter manifest", keys: &["registries", "provenance"], deprecated: &["imagesPath"] };
const PLAIN: Schema = Schema { what: "a manifest", keys: &["registries", "images", "provenance"], deprecated: &["renames"] };
const REGISTRY: Schema = Schema { what: "a registry", keys: &["name", "service-account", "src"], deprecated: &[] };

pub(super) fn read<'a>(reader: &mut Reader<'a>, root: Option<Node<'a>>, is_plain: bool) -> PromoterManifest<'a> {
    let schema = if is_plain { &PLAIN } else { &THIN };
    let Some(root) = root else {
        reader.missing_root("registries", schema.what);
        return PromoterManifest { is_readable: true, ..PromoterManifest::default() };
    };
    let Some(fields) = reader.fields(root, schema) else { return PromoterManifest::default() };
    let registries_entry = fields.entry("registries");
    let items = match registries_entry {
        None => {
            fields.missing(reader, "registries", schema.what, false, first_line(root));
            Vec::new()
        }
        Some(entry) => {
            let items = reader.items(entry.value, "`registries`");
            if items.as_ref().is_some_and(Vec::is_empty) {
                fields.missing(reader, "registries", schema.what, true, entry.key.range());
            }
            items.unwrap_or_default()
        }
    };
    let registries = items.into_iter().filter_map(|item| read_registry(reader, item)).collect();
    let images = fields.get("images").and_then(|value| reader.items(value, "`images`")).unwrap_or_default();
    let images = read_images(reader, images, is_plain);
    PromoterManifest { registries, registries_entry, images, is_readable: true }
}

fn read_registry<'a>(reader: &mut Reader<'a>, node: Node<'a>) -> Option<Registry<'a>> {
    let fields = reader.fields(node, &REGISTRY)?;
    let name = fields.required_text(reader, "name", "the name of a registry", "a registry", node);
    let source_entry = fields.entry("src");
    Some(Registry {
        node,
        name,
        is_source: source_entry.is_some_and(|entry| reader.boolean(entry.value, "`src`")),
        source_entry,
        service_account: fields.get("service-account").and_then(|value| reader.text(value, "`service-account`")),
        is_damaged: fields.is_damaged(),
    })
}
