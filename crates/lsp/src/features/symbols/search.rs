//! Symbols of the whole tree, by a part of their name.

use promolint_analysis::FilePath;
use promolint_analysis::repository::Place as TreePlace;
use promolint_syntax::TextRange;

use super::SymbolKind;
use crate::features::{Place, listed};
use crate::session::state::State;

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
        for image in listed::images(file) {
            if image.name().is_some() && holds(image.name_str()) {
                found.push(tree_symbol(image.name_str(), SymbolKind::Image, file.path(), image.range(), directory));
            }
            if !is_digest && !is_tag {
                continue;
            }
            // Outside any tree, the image alone.
            let container = format!("{directory}/{}", image.name_str());
            let container = container.trim_start_matches('/');
            for entry in image.digests() {
                let digest = entry.digest.filter(|digest| is_digest && holds(digest.as_str()));
                found.extend(digest.map(|digest| tree_symbol(digest.as_str(), SymbolKind::Digest, file.path(), digest.range(), container)));
                let tags = entry.tags.iter().filter(|tag| is_tag && holds(tag.as_str()));
                found.extend(tags.map(|tag| tree_symbol(tag.as_str(), SymbolKind::Tag, file.path(), tag.range(), container)));
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
