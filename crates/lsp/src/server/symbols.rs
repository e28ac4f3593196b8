//! Symbols as the protocol writes them. Those of a file are written at once, from what they borrow: the largest file
//! has 25,000.

use std::collections::HashMap;

use promolint_analysis::FilePath;
use serde::ser::{Serialize, SerializeMap, Serializer};
#[allow(clippy::wildcard_imports, reason = "nearly every line names a type of the protocol")]
use tower_lsp_server::ls_types::*;

use crate::convert;
use crate::features::symbols::{Symbol, SymbolKind as Kind, TreeSymbol};
use crate::raw::Written;
use crate::session::state::{Positions, State};

/// The symbols of a file, nested or flat.
pub(super) fn document(state: &State, path: &FilePath, symbols: &[Symbol], can: convert::Client) -> Written {
    let positions = state.positions(path);
    if can.nested_symbols {
        return Written::new(&symbols.iter().map(|symbol| Nested { symbol, positions: &positions }).collect::<Vec<_>>());
    }
    let uri = state.uri(path);
    let mut flat = Vec::new();
    if let Some(uri) = &uri {
        for symbol in symbols {
            flatten(uri, &positions, symbol, "", &mut flat);
        }
    }
    Written::new(&flat)
}

/// What stands in for written symbols that are kept under a name.
pub(super) fn stand_in(name: String) -> DocumentSymbolResponse {
    #[expect(deprecated, reason = "the field must be written")]
    DocumentSymbolResponse::Nested(vec![DocumentSymbol {
        name,
        detail: None,
        kind: SymbolKind::FILE,
        tags: None,
        deprecated: None,
        range: Range::default(),
        selection_range: Range::default(),
        children: None,
    }])
}

/// A `DocumentSymbol`.
struct Nested<'s> {
    symbol: &'s Symbol,
    positions: &'s Positions<'s>,
}

impl Serialize for Nested<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { symbol, positions } = *self;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("name", &symbol.name)?;
        if !symbol.detail.is_empty() {
            map.serialize_entry("detail", &symbol.detail)?;
        }
        map.serialize_entry("kind", &kind(symbol.kind))?;
        map.serialize_entry("range", &positions.range(symbol.range))?;
        map.serialize_entry("selectionRange", &positions.range(symbol.selection))?;
        if !symbol.children.is_empty() {
            let children: Vec<_> = symbol.children.iter().map(|symbol| Nested { symbol, positions }).collect();
            map.serialize_entry("children", &children)?;
        }
        map.end()
    }
}

/// A `SymbolInformation`.
struct Flat<'s> {
    symbol: &'s Symbol,
    uri: &'s Uri,
    positions: &'s Positions<'s>,
    container: &'s str,
}

impl Serialize for Flat<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let location = Location { uri: self.uri.clone(), range: self.positions.range(self.symbol.range) };
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("name", &self.symbol.name)?;
        map.serialize_entry("kind", &kind(self.symbol.kind))?;
        map.serialize_entry("location", &location)?;
        if !self.container.is_empty() {
            map.serialize_entry("containerName", self.container)?;
        }
        map.end()
    }
}

fn flatten<'s>(uri: &'s Uri, positions: &'s Positions<'s>, symbol: &'s Symbol, container: &'s str, flat: &mut Vec<Flat<'s>>) {
    flat.push(Flat { symbol, uri, positions, container });
    for child in &symbol.children {
        flatten(uri, positions, child, &symbol.name, flat);
    }
}

/// Symbols of the tree.
pub(super) fn of_tree(state: &State, found: Vec<TreeSymbol>) -> Vec<WorkspaceSymbol> {
    let places = found.iter().map(|symbol| symbol.place.clone()).collect::<Vec<_>>();
    let mut known: HashMap<FilePath, Positions<'_>> = HashMap::new();
    found
        .into_iter()
        .zip(&places)
        .filter_map(|(symbol, place)| {
            let positions = known.entry(place.path.clone()).or_insert_with(|| state.positions(&place.path));
            let location = Location { uri: state.uri(&place.path)?, range: positions.range(place.range) };
            Some(WorkspaceSymbol {
                name: symbol.name,
                kind: kind(symbol.kind),
                tags: None,
                container_name: (!symbol.container.is_empty()).then_some(symbol.container),
                location: OneOf::Left(location),
                data: None,
            })
        })
        .collect()
}

fn kind(kind: Kind) -> SymbolKind {
    match kind {
        Kind::Project => SymbolKind::PACKAGE,
        Kind::Image => SymbolKind::CLASS,
        Kind::Digest => SymbolKind::KEY,
        Kind::Tag => SymbolKind::ENUM_MEMBER,
        Kind::Registry => SymbolKind::MODULE,
        Kind::File => SymbolKind::FILE,
        Kind::List => SymbolKind::ARRAY,
        Kind::Person => SymbolKind::VARIABLE,
        Kind::Table => SymbolKind::OBJECT,
        Kind::Key => SymbolKind::PROPERTY,
    }
}
