//! How a file is written: what is inserted shall look like what stands there.

use std::collections::BTreeMap;

use promolint_syntax::{Document, Node, NodeKind, Resolved, Style as Written, resolve};

/// A list of scalars.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct ListStyle {
    /// In brackets.
    pub(super) is_flow: bool,
    /// What stands inside the brackets before the first and behind the last item.
    pub(super) padding: &'static str,
    /// What stands between two items.
    pub(super) separator: &'static str,
    /// The quotes of an item.
    pub(super) quote: Option<char>,
}

/// What a file does most often.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Style {
    /// Tags, people, labels.
    pub(super) list: ListStyle,
    /// How far a list is indented more than its key.
    pub(super) list_offset: usize,
    /// How far a mapping is indented more than its key.
    pub(super) mapping_offset: usize,
    /// From a dash to what follows.
    pub(super) dash: usize,
    /// The quotes of names and accounts.
    pub(super) quote: Option<char>,
}

/// Counts, and tells what is most frequent.
#[derive(Default)]
struct Tally<T>(BTreeMap<T, usize>);

impl<T: Ord + Copy> Tally<T> {
    fn add(&mut self, found: T) {
        *self.0.entry(found).or_default() += 1;
    }

    fn most(&self, otherwise: T) -> T {
        let most = self.0.values().max();
        let is_clear = self.0.values().filter(|count| Some(*count) == most).count() == 1;
        let first = self.0.iter().find(|(_, count)| Some(*count) == most).map(|(found, _)| *found);
        first.filter(|_| is_clear).unwrap_or(otherwise)
    }
}

#[derive(Default)]
struct Tallies {
    is_flow: Tally<bool>,
    is_padded: Tally<bool>,
    is_spaced: Tally<bool>,
    item_quote: Tally<Option<char>>,
    value_quote: Tally<Option<char>>,
    list_offset: Tally<usize>,
    mapping_offset: Tally<usize>,
    dash: Tally<usize>,
}

impl Style {
    /// The style of a file but for the token at `offset`; `otherwise` where the file does not tell.
    pub(super) fn of(document: &Document, offset: u32, otherwise: &Self) -> Self {
        let mut tallies = Tallies::default();
        for node in document.nodes() {
            match node.kind() {
                NodeKind::Mapping if node.style() == Written::Block => tallies.mapping(node, offset),
                NodeKind::Sequence => tallies.sequence(node, offset),
                _ => {}
            }
        }
        let list = ListStyle {
            is_flow: tallies.is_flow.most(otherwise.list.is_flow),
            padding: if tallies.is_padded.most(otherwise.list.padding == " ") { " " } else { "" },
            separator: if tallies.is_spaced.most(otherwise.list.separator == ", ") { ", " } else { "," },
            quote: tallies.item_quote.most(otherwise.list.quote),
        };
        Self {
            list,
            list_offset: tallies.list_offset.most(otherwise.list_offset),
            mapping_offset: tallies.mapping_offset.most(otherwise.mapping_offset),
            dash: tallies.dash.most(otherwise.dash),
            quote: tallies.value_quote.most(otherwise.quote),
        }
    }

    /// Of a file that says nothing: as most files of the tree are.
    pub(super) fn usual(is_flow: bool) -> Self {
        let quote = is_flow.then_some('"');
        let list = ListStyle { is_flow, padding: "", separator: ", ", quote };
        Self { list, list_offset: 0, mapping_offset: 2, dash: 2, quote: None }
    }

    /// A dash with the blanks behind it.
    pub(super) fn dash(&self) -> String {
        format!("-{}", " ".repeat(self.dash.max(2) - 1))
    }

    /// A list of one item, as the value of a key in column `column`; lines are indented from `base` on.
    pub(super) fn list_of(&self, item: &str, column: usize, base: usize) -> String {
        let ListStyle { is_flow, padding, .. } = self.list;
        if is_flow {
            format!(" [{padding}{item}{padding}]")
        } else {
            format!("\n{}{}{item}", " ".repeat((column + self.list_offset).saturating_sub(base)), self.dash())
        }
    }
}

impl Tallies {
    fn mapping(&mut self, node: Node<'_>, offset: u32) {
        let column = column(node);
        for entry in node.as_mapping().into_iter().flat_map(promolint_syntax::Mapping::entries) {
            let below = column_of_block(entry.value).and_then(|value| value.checked_sub(column));
            match (entry.value.kind(), below) {
                (NodeKind::Sequence, Some(below)) => self.list_offset.add(below),
                (NodeKind::Mapping, Some(below)) if below > 0 => self.mapping_offset.add(below),
                (NodeKind::Scalar, _) if !entry.value.is_absent() && !entry.value.range().touches(offset) => {
                    self.value_quote.add(quote(entry.value));
                }
                _ => {}
            }
        }
    }

    fn sequence(&mut self, node: Node<'_>, offset: u32) {
        let Some(list) = node.as_sequence() else { return };
        let items: Vec<Node<'_>> = list.items().filter(|item| !item.is_absent() && !item.range().touches(offset)).collect();
        let is_flow = node.style() == Written::Flow;
        if !is_flow {
            let start = column(node);
            let gaps = items.iter().filter_map(|item| column(*item).checked_sub(start)).filter(|gap| *gap > 1);
            for gap in gaps {
                self.dash.add(gap);
            }
        }
        if items.is_empty() || items.iter().any(|item| item.kind() != NodeKind::Scalar) {
            return;
        }
        self.is_flow.add(is_flow);
        for item in &items {
            self.item_quote.add(quote(*item));
        }
        if is_flow && !node.range().touches(offset) {
            self.is_padded.add(node.text().starts_with("[ "));
            for pair in items.windows(2) {
                let between = &node.document().text()[pair[0].range().end() as usize..pair[1].range().start() as usize];
                self.is_spaced.add(between.ends_with(' '));
            }
        }
    }
}

fn column(node: Node<'_>) -> usize {
    node.document().lines().line_column(node.range().start()).column as usize
}

fn column_of_block(node: Node<'_>) -> Option<usize> {
    (node.style() == Written::Block).then(|| column(node))
}

fn quote(node: Node<'_>) -> Option<char> {
    match node.style() {
        Written::DoubleQuoted => Some('"'),
        Written::SingleQuoted => Some('\''),
        _ => None,
    }
}

/// The quotes that a text gets: none only if it stays text without them.
pub(super) fn quote_for(value: &str, usual: Option<char>) -> Option<char> {
    let is_text = resolve::resolve(value, Written::Plain, None) == Resolved::Text
        && value.starts_with(|first: char| first.is_alphanumeric())
        && !value.contains([' ', ',', '[', ']', '{', '}', '#', '"', '\''])
        && !value.ends_with(':');
    usual.or((!is_text).then_some('"'))
}
