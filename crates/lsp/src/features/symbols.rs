//! Symbols of a file and of the tree. Those of a file without a limit: the largest file has 12,600.

mod configuration;
mod search;

use promolint_analysis::model::{Model, Role, Word};
use promolint_analysis::{FileKind, SourceFile};
use promolint_syntax::{Mapping, Node, Sequence, TextRange};

use super::listed;

pub use configuration::symbols as configuration;
pub use search::{TreeSymbol, search};

/// What a symbol stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SymbolKind {
    /// A project's directory.
    Project,
    /// An image.
    Image,
    /// A digest.
    Digest,
    /// A tag.
    Tag,
    /// A registry or filestore.
    Registry,
    /// A file that is promoted.
    File,
    /// A list of people, or an alias.
    List,
    /// A person.
    Person,
    /// A table of the configuration.
    Table,
    /// A key of the configuration.
    Key,
}

/// A symbol with those inside it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Symbol {
    /// Its name.
    pub name: String,
    /// What else is worth seeing.
    pub detail: String,
    /// What it stands for.
    pub kind: SymbolKind,
    /// All of it.
    pub range: TextRange,
    /// Its name.
    pub selection: TextRange,
    /// What is in it.
    pub children: Vec<Symbol>,
}

/// The symbols of a file.
pub fn symbols(file: &SourceFile) -> Vec<Symbol> {
    let mut symbols = Vec::new();
    match &file.reading().model {
        Model::Promoter(promoter) => {
            for registry in &promoter.registries {
                let detail = if registry.is_source { "source" } else { "" };
                symbols.push(leaf(registry.name_str(), detail, SymbolKind::Registry, registry.node.range(), registry.range()));
            }
        }
        Model::FilePromoter(promoter) => {
            for filestore in &promoter.filestores {
                let name = filestore.base.as_ref().map_or("", |base| base.as_str());
                let detail = if filestore.is_source { "source" } else { "" };
                symbols.push(leaf(name, detail, SymbolKind::Registry, filestore.node.range(), filestore.range()));
            }
        }
        Model::Files(files) => {
            for entry in &files.files {
                let name = entry.name.as_ref();
                let range = name.map_or(entry.node.range(), Word::range);
                symbols.push(leaf(name.map_or("", |name| name.as_str()), "", SymbolKind::File, entry.node.range(), range));
            }
        }
        Model::Owners(owners) | Model::OwnersAliases(owners) => {
            for list in &owners.lists {
                let person = |name: &Word<'_>| leaf(name.as_str(), "", SymbolKind::Person, name.range(), name.range());
                let detail = if list.role == Role::Members { "alias" } else { "" };
                let range = list.key.range().cover(list.node.range());
                let mut symbol = leaf(list.key.as_str(), detail, SymbolKind::List, range, list.key.range());
                // Merged lists may have names that stand elsewhere.
                symbol.children = list.names.iter().filter(|name| range.contains_range(name.range())).map(person).collect();
                symbols.push(symbol);
            }
        }
        Model::Other if file.kind() == FileKind::Groups => symbols.extend(groups(file)),
        Model::Images(_) | Model::ImageTags(_) | Model::Other => {}
    }
    for image in listed::images(file) {
        let mut symbol = leaf(image.name_str(), "", SymbolKind::Image, image.node().range(), image.range());
        for entry in image.digests().filter(|entry| image.node().range().contains_range(entry.range)) {
            let tags: Vec<&str> = entry.tags.iter().map(Word::as_str).collect();
            let (name, selection) = entry.digest.map_or(("", entry.range), |digest| (digest.as_str(), digest.range()));
            let mut digest = leaf(name, &tags.join(", "), SymbolKind::Digest, entry.range, selection);
            let inside = entry.tags.iter().filter(|tag| entry.range.contains_range(tag.range()));
            digest.children = inside.map(|tag| leaf(tag.as_str(), "", SymbolKind::Tag, tag.range(), tag.range())).collect();
            symbol.children.push(digest);
        }
        symbols.push(symbol);
    }
    symbols
}

/// The groups of groups.yaml with their people, by what they say of themselves.
fn groups(file: &SourceFile) -> Vec<Symbol> {
    let root = file.document().root().and_then(Node::as_mapping);
    let groups = root.into_iter().flat_map(|root| items(root, "groups"));
    groups.filter_map(|node| group(node, node.as_mapping()?)).collect()
}

fn group(node: Node<'_>, group: Mapping<'_>) -> Option<Symbol> {
    let address = group.get("email-id").and_then(Node::as_scalar)?;
    let mut symbol = leaf(&address.value(), "group", SymbolKind::List, node.range(), address.range());
    for role in ["owners", "managers", "members"] {
        let people = items(group, role).filter_map(Node::as_scalar).filter(|person| node.range().contains_range(person.range()));
        symbol.children.extend(people.map(|person| leaf(&person.value(), role, SymbolKind::Person, person.range(), person.range())));
    }
    Some(symbol)
}

fn items<'a>(mapping: Mapping<'a>, key: &str) -> impl Iterator<Item = Node<'a>> + use<'a> {
    mapping.get(key).and_then(Node::as_sequence).into_iter().flat_map(Sequence::items)
}

fn leaf(name: &str, detail: &str, kind: SymbolKind, range: TextRange, selection: TextRange) -> Symbol {
    // An empty name is refused by clients.
    let name = if name.trim().is_empty() { "(no name)" } else { name };
    let range = range.cover(selection);
    Symbol { name: name.to_owned(), detail: detail.to_owned(), kind, range, selection, children: Vec::new() }
}
