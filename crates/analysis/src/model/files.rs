//! Promotion of files: filepromoter-manifest.yaml and file manifests.

use promolint_syntax::{Entry, Node, TextRange};

use super::Word;
use super::images::first_line;
use super::reader::{Reader, Schema};

/// From where to where.
#[derive(Debug, Default)]
pub struct FilePromoterManifest<'a> {
    /// In the order of the file; items that cannot be read are left out.
    pub filestores: Vec<Filestore<'a>>,
    /// A `files:` that does not belong here.
    pub files_entry: Option<Entry<'a>>,
    /// Whether the file could be read as a manifest at all.
    pub is_readable: bool,
}

/// One item of `filestores`.
#[derive(Debug)]
pub struct Filestore<'a> {
    /// The item.
    pub node: Node<'a>,
    /// `gs://bucket/path`; `None` where it is missing or cannot be read.
    pub base: Option<Word<'a>>,
    /// Whether it is the source.
    pub is_source: bool,
    /// `src: …`
    pub source_entry: Option<Entry<'a>>,
    /// The account that writes to it.
    pub service_account: Option<Word<'a>>,
}

/// A base, taken apart.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Location<'w> {
    /// `gs` or `s3`.
    pub scheme: &'w str,
    /// May be empty.
    pub bucket: &'w str,
    /// What stands behind the bucket, without the slashes around it; may be empty.
    pub prefix: &'w str,
}

impl<'w> Location<'w> {
    /// The parts of `scheme://bucket/prefix/`; `None` if there is no `://`.
    pub fn parse(base: &'w str) -> Option<Self> {
        let (scheme, rest) = base.split_once("://")?;
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        // The promoter adds the last slash where it is missing.
        Some(Self { scheme, bucket, prefix: prefix.trim_matches('/') })
    }

    /// The address of a file in it.
    pub fn join(&self, name: &str) -> String {
        let Self { scheme, bucket, prefix } = self;
        if prefix.is_empty() { format!("{scheme}://{bucket}/{name}") } else { format!("{scheme}://{bucket}/{prefix}/{name}") }
    }
}

impl Filestore<'_> {
    /// The place to point at: the base, or the first line of the item.
    pub fn range(&self) -> TextRange {
        self.base.as_ref().map_or_else(|| first_line(self.node), Word::range)
    }

    /// The base, taken apart.
    pub fn location(&self) -> Option<Location<'_>> {
        self.base.as_ref().and_then(|base| Location::parse(&base.value))
    }
}

impl<'a> FilePromoterManifest<'a> {
    /// The filestores that are sources.
    pub fn sources(&self) -> impl Iterator<Item = &Filestore<'a>> {
        self.filestores.iter().filter(|filestore| filestore.is_source)
    }

    /// The filestores that are not.
    pub fn destinations(&self) -> impl Iterator<Item = &Filestore<'a>> {
        self.filestores.iter().filter(|filestore| !filestore.is_source)
    }
}

/// Which files.
#[derive(Debug, Default)]
pub struct FileManifest<'a> {
    /// In the order of the file.
    pub files: Vec<FileEntry<'a>>,
    /// A `filestores:` that does not belong here.
    pub filestores_entry: Option<Entry<'a>>,
    /// Whether the file could be read as a manifest at all.
    pub is_readable: bool,
}

/// One item of `files`.
#[derive(Debug)]
pub struct FileEntry<'a> {
    /// The item.
    pub node: Node<'a>,
    /// Relative path; `None` where it is missing or cannot be read.
    pub name: Option<Word<'a>>,
    /// 64 hex digits; `None` where it is missing or cannot be read.
    pub sha256: Option<Word<'a>>,
}

impl FileEntry<'_> {
    /// The place to point at: the name, or the first line of the item.
    pub fn range(&self) -> TextRange {
        self.name.as_ref().map_or_else(|| first_line(self.node), Word::range)
    }

    /// Name and hash, where both are there and the hash has the right form.
    pub fn named_hash(&self) -> Option<(&str, &str)> {
        let hash = self.sha256.as_ref().map(Word::as_str).filter(|hash| is_sha256(hash))?;
        Some((self.name.as_ref()?.as_str(), hash))
    }
}

/// Whether a text is 64 lower-case hex digits.
pub fn is_sha256(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

const ROOT: Schema = Schema { what: "a file manifest", keys: &["filestores", "files"], deprecated: &[] };
const FILESTORE: Schema = Schema { what: "a filestore", keys: &["base", "src", "service-account"], deprecated: &[] };
const FILE: Schema = Schema { what: "a file", keys: &["name", "sha256"], deprecated: &[] };

/// The items of `key`, and the entry of the other key, which does not belong in this file.
fn read_root<'a>(
    reader: &mut Reader<'a>,
    root: Option<Node<'a>>,
    key: &'static str,
    other: &str,
) -> Option<(Vec<Node<'a>>, Option<Entry<'a>>)> {
    let Some(root) = root else {
        reader.missing_root(key, ROOT.what);
        return Some((Vec::new(), None));
    };
    let fields = reader.fields(root, &ROOT)?;
    let entry = fields.list_entry(key);
    let items = entry.map(|entry| (entry, reader.items(entry.value, format!("`{key}`"))));
    match &items {
        None => fields.missing(reader, key, ROOT.what, false, first_line(root)),
        Some((entry, Some(items))) if items.is_empty() => fields.missing(reader, key, ROOT.what, true, entry.key.range()),
        _ => {}
    }
    let foreign = fields.list_entry(other);
    if let Some(foreign) = foreign {
        reader.items(foreign.value, format!("`{other}`"));
    }
    Some((items.and_then(|(_, items)| items).unwrap_or_default(), foreign.filter(|entry| !entry.value.is_null())))
}

pub(super) fn read_promoter<'a>(reader: &mut Reader<'a>, root: Option<Node<'a>>) -> FilePromoterManifest<'a> {
    let Some((items, files_entry)) = read_root(reader, root, "filestores", "files") else { return FilePromoterManifest::default() };
    let filestores = items.into_iter().filter_map(|node| read_filestore(reader, node)).collect();
    FilePromoterManifest { filestores, files_entry, is_readable: true }
}

fn read_filestore<'a>(reader: &mut Reader<'a>, node: Node<'a>) -> Option<Filestore<'a>> {
    let fields = reader.fields(node, &FILESTORE)?;
    let source_entry = fields.entry("src");
    Some(Filestore {
        node,
        base: fields.required_text(reader, "base", "the base of a filestore", FILESTORE.what, node),
        is_source: source_entry.is_some_and(|entry| reader.boolean(entry.value, "`src`")),
        source_entry,
        service_account: fields.get("service-account").and_then(|value| reader.text(value, "`service-account`")),
    })
}

pub(super) fn read_manifest<'a>(reader: &mut Reader<'a>, root: Option<Node<'a>>) -> FileManifest<'a> {
    let Some((items, filestores_entry)) = read_root(reader, root, "files", "filestores") else { return FileManifest::default() };
    let files = items.into_iter().filter_map(|node| read_file(reader, node)).collect();
    FileManifest { files, filestores_entry, is_readable: true }
}

fn read_file<'a>(reader: &mut Reader<'a>, node: Node<'a>) -> Option<FileEntry<'a>> {
    let fields = reader.fields(node, &FILE)?;
    Some(FileEntry {
        node,
        name: fields.required_text(reader, "name", "the name of a file", FILE.what, node),
        sha256: fields.required_text(reader, "sha256", "the sha256 of a file", FILE.what, node),
    })
}
