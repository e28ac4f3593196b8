//! The symbols of promolint.toml: its tables, with their keys.

use std::ops::Range;

use promolint_syntax::TextRange;
use toml::de::{DeTable, DeValue};

use super::{Symbol, SymbolKind, leaf};

/// Tables and keys in the order of the text, as far as it can be read.
pub fn symbols(text: &str) -> Vec<Symbol> {
    let (root, _) = DeTable::parse_recoverable(text);
    of_table(text, root.get_ref())
}

fn of_table(text: &str, table: &DeTable<'_>) -> Vec<Symbol> {
    let mut symbols = Vec::new();
    for (key, value) in table {
        let (name, place) = (key.get_ref(), range(key.span()));
        let tables = value.get_ref().as_array().map(|items| items.iter().filter(|item| item.get_ref().is_table()).collect::<Vec<_>>());
        match (value.get_ref(), tables.as_deref()) {
            (DeValue::Table(table), _) => symbols.push(of_tables(text, name, place, range(value.span()), table)),
            // Each `[[name]]` is a table of its own.
            (_, Some(items @ [_, ..])) => symbols.extend(items.iter().filter_map(|item| {
                let place = range(item.span());
                Some(of_tables(text, name, place, place, item.get_ref().as_table()?))
            })),
            _ => {
                let written = text.get(value.span()).and_then(|text| text.lines().next()).unwrap_or_default();
                symbols.push(leaf(name, written, SymbolKind::Key, place.cover(range(value.span())), place));
            }
        }
    }
    symbols.sort_by_key(|symbol| symbol.selection.start());
    symbols
}

/// A table; it reaches to the end of the last thing in it.
fn of_tables(text: &str, name: &str, place: TextRange, all: TextRange, table: &DeTable<'_>) -> Symbol {
    let children = of_table(text, table);
    let all = children.iter().fold(all, |all, child| all.cover(child.range));
    Symbol { children, ..leaf(name, "", SymbolKind::Table, all, place) }
}

fn range(span: Range<usize>) -> TextRange {
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    TextRange::new(offset(span.start), offset(span.end.max(span.start)))
}

#[cfg(test)]
mod tests {
    use super::{Symbol, symbols};

    #[test]
    fn tables_and_keys() {
        fn outline(symbols: &[Symbol]) -> String {
            let name = |symbol: &Symbol| {
                assert!(symbol.children.iter().all(|child| symbol.range.contains_range(child.range)), "{symbol:?}");
                let children = if symbol.children.is_empty() { String::new() } else { format!("({})", outline(&symbol.children)) };
                format!("{}{children}", symbol.name)
            };
            symbols.iter().map(name).collect::<Vec<_>>().join(" ")
        }
        for (text, expected) in [
            ("", ""),
            ("select = [\"tree\"]\nignore = []\n", "select ignore"),
            ("[severity]\ntag-shape = \"off\"\nimage-name = \"hint\"\n", "severity(tag-shape image-name)"),
            ("[[overrides]]\nfiles = [\"a\"]\n[[overrides]]\nselect = []\n", "overrides(files) overrides(select)"),
            ("[policy.images]\nregions = []\n[policy.groups]\npattern = \"\"\n", "policy(images(regions) groups(pattern))"),
            ("[severity]\ntag-shape = \n[policy]\nx = 1\n", "severity(tag-shape) policy(x)"),
        ] {
            assert_eq!(outline(&symbols(text)), expected, "{text}");
        }
    }
}
