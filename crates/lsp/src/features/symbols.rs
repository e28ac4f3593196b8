//! Symbols of a file and of the tree. Without a limit: the largest file has 12,600.

use promolint_analysis::model::{Model, Role, Word};
use promolint_analysis::repository::Place as TreePlace;
use promolint_analysis::{FilePath, SourceFile};
use promolint_syntax::TextRange;

use super::Place;
use crate::session::state::State;

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

/// A symbol somewhere in the tree.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TreeSymbol {
    /// Its name.
    pub name: String,
    /// What it stands for.
    pub kind: SymbolKind,
    /// Where.
    pub place: Place,
    /// The directory, and for digests and tags the image.
    pub container: String,
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
        Model::ImageTags(tags) => {
            for image in &tags.images {
                let name = image.name.as_ref();
                let selection = name.map_or(image.node.range(), Word::range);
                let mut symbol = leaf(name.map_or("", |name| name.as_str()), "", SymbolKind::Image, image.node.range(), selection);
                for version in &image.versions {
                    let digest = version.digest.as_ref();
                    let tags: Vec<&str> = version.tags.iter().map(Word::as_str).collect();
                    let name = digest.map_or("", |digest| digest.as_str());
                    symbol.children.push(leaf(
                        name,
                        &tags.join(", "),
                        SymbolKind::Digest,
                        version.node.range(),
                        version.digest.as_ref().map_or(version.node.range(), Word::range),
                    ));
                }
                symbols.push(symbol);
            }
        }
        Model::Images(_) | Model::Other => {}
    }
    for image in file.image_list() {
        let mut symbol = leaf(image.name_str(), "", SymbolKind::Image, image.node.range(), image.range());
        for entry in image.entries().filter(|entry| image.node.range().contains_range(entry.range())) {
            let tags: Vec<&str> = entry.tags.iter().map(Word::as_str).collect();
            let mut digest = leaf(entry.digest.as_str(), &tags.join(", "), SymbolKind::Digest, entry.range(), entry.digest.range());
            let inside = entry.tags.iter().filter(|tag| entry.range().contains_range(tag.range()));
            digest.children = inside.map(|tag| leaf(tag.as_str(), "", SymbolKind::Tag, tag.range(), tag.range())).collect();
            symbol.children.push(digest);
        }
        symbols.push(symbol);
    }
    symbols
}

fn leaf(name: &str, detail: &str, kind: SymbolKind, range: TextRange, selection: TextRange) -> Symbol {
    // An empty name is refused by clients.
    let name = if name.trim().is_empty() { "(no name)" } else { name };
    let range = range.cover(selection);
    Symbol { name: name.to_owned(), detail: detail.to_owned(), kind, range, selection, children: Vec::new() }
}

/// The most symbols that a search gives; narrower words give the rest.
const MOST: usize = 500;

/// Projects, images, tags and digests of the tree whose name holds the query: those that start with it first.
pub fn search(state: &State, query: &str) -> Vec<TreeSymbol> {
    let query = query.to_lowercase();
    let holds = |name: &str| query.is_empty() || name.to_lowercase().contains(&query);
    let is_digest = query.starts_with("sha256:") || (query.len() >= 6 && query.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let is_tag = query.bytes().any(|byte| byte.is_ascii_digit());
    let mut found = Vec::new();
    for file in state.snapshot().files() {
        let place = TreePlace::parse(file.path());
        let directory = place.map_or("", |place| place.directory);
        if matches!(file.name(), "promoter-manifest.yaml" | "filepromoter-manifest.yaml") && holds(directory) && !directory.is_empty() {
            found.push(tree_symbol(directory, SymbolKind::Project, file.path(), file.first_line(), place.map_or("", |place| place.root)));
        }
        for image in file.image_list() {
            if image.name.is_some() && holds(image.name_str()) {
                found.push(tree_symbol(image.name_str(), SymbolKind::Image, file.path(), image.range(), directory));
            }
            if !is_digest && !is_tag {
                continue;
            }
            let container = format!("{directory}/{}", image.name_str());
            for entry in image.entries() {
                if is_digest && holds(entry.digest.as_str()) {
                    found.push(tree_symbol(entry.digest.as_str(), SymbolKind::Digest, file.path(), entry.digest.range(), &container));
                }
                let tags = entry.tags.iter().filter(|tag| is_tag && holds(tag.as_str()));
                found.extend(tags.map(|tag| tree_symbol(tag.as_str(), SymbolKind::Tag, file.path(), tag.range(), &container)));
            }
        }
    }
    found.sort_by_key(|symbol| {
        let name = symbol.name.to_lowercase();
        (name != query, !name.starts_with(&query), name.len())
    });
    found.truncate(MOST);
    found
}

fn tree_symbol(name: &str, kind: SymbolKind, path: &FilePath, range: TextRange, container: &str) -> TreeSymbol {
    TreeSymbol { name: name.to_owned(), kind, place: Place::new(path, range), container: container.to_owned() }
}
