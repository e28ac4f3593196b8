//! The lists of a file: images, their digests, their tags.

use promolint_syntax::{Document, Entry, Mapping, Node, NodeKind, Sequence, Style};

use crate::file::FileKind;

/// The images of a file.
pub(super) struct Outline<'a> {
    /// The list itself.
    pub(super) list: Sequence<'a>,
    pub(super) images: Vec<Image<'a>>,
}

/// An item of the list, whatever it is.
pub(super) struct Image<'a> {
    pub(super) item: Node<'a>,
    /// The value of `name`, if it is a word.
    pub(super) name: Option<Node<'a>>,
    /// The value of `dmap`, if it is keys with values in block style.
    pub(super) digests: Option<Mapping<'a>>,
}

impl<'a> Outline<'a> {
    /// `None` where a file has no images, or not in block style.
    pub(super) fn new(document: &'a Document, kind: FileKind) -> Option<Self> {
        let root = document.root()?;
        let list = match kind {
            FileKind::Images => root.as_sequence(),
            FileKind::PlainManifest => root.as_mapping()?.get("images")?.as_sequence(),
            _ => None,
        };
        let list = list.filter(|list| list.node().style() == Style::Block)?;
        let images = list.node().children().map(Image::new).collect();
        Some(Self { list, images })
    }
}

impl<'a> Image<'a> {
    fn new(item: Node<'a>) -> Self {
        let fields = item.as_mapping().filter(|fields| fields.node().style() == Style::Block);
        let value = |key| fields.and_then(|fields| fields.get(key));
        Self {
            item,
            name: value("name").filter(|name| name.kind() == NodeKind::Scalar && !name.is_null()),
            digests: value("dmap").and_then(Node::as_mapping).filter(|digests| digests.node().style() == Style::Block),
        }
    }

    /// The digests with their tags.
    pub(super) fn entries(&self) -> impl Iterator<Item = Entry<'a>> + use<'a> {
        self.digests.into_iter().flat_map(Mapping::entries)
    }
}

/// The tags of a digest; none where there is no list of words.
pub(super) fn tags<'a>(entry: &Entry<'a>) -> Vec<Node<'a>> {
    let Some(list) = entry.value.as_sequence() else { return Vec::new() };
    let tags: Vec<Node<'a>> = list.node().children().collect();
    if tags.iter().all(|tag| tag.kind() == NodeKind::Scalar && !tag.is_null()) { tags } else { Vec::new() }
}
