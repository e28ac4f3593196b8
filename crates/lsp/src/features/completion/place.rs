//! Where in the structure of a file the cursor stands, told from the lines around it by indentation.
//!
//! The tree is no help where something is half typed; indentation and keys are.

use std::collections::BTreeSet;

use super::levels::Levels;
use super::line::Line;

/// Whether a dash belongs before what is typed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Dash {
    /// It stands there.
    Written,
    /// An item begins here, once the dash is written.
    Missing,
    /// The first line below a key: an item or a key.
    Open,
    /// A key of the mapping that is open here, no item.
    None,
}

/// A way to read what is being typed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Place {
    /// Keys around, outermost first.
    pub(super) path: Vec<String>,
    /// Keys of the same mapping, or items of the same list.
    pub(super) siblings: BTreeSet<String>,
    pub(super) dash: Dash,
}

impl Place {
    /// The keys around, for matching.
    pub(super) fn path(&self) -> Vec<&str> {
        self.path.iter().map(String::as_str).collect()
    }

    /// What an item begins with: the dash if it is missing; `None` where no item can begin.
    pub(super) fn item(&self, dash: &str) -> Option<String> {
        match self.dash {
            Dash::Written => Some(String::new()),
            Dash::Missing | Dash::Open => Some(dash.to_owned()),
            Dash::None => None,
        }
    }

    /// Whether a key of a mapping that is no item can stand here.
    pub(super) fn is_in_mapping(&self) -> bool {
        matches!(self.dash, Dash::None | Dash::Open)
    }
}

/// The ways to read what is typed on a line.
pub(super) fn places(above: &str, line: &Line<'_>, below: &str) -> Vec<Place> {
    let lines: Vec<Line<'_>> = above.lines().map(Line::new).collect();
    let mut places = Levels::read(&lines).places(line);
    let below: Vec<Line<'_>> = below.lines().map(Line::new).filter(|line| !line.is_blank()).collect();
    // Between the items of a list a key begins only where somebody is typing one.
    let is_in_list = below.first().is_some_and(|next| is_item_at(next, line)) && line.dashes.is_empty();
    places.retain(|place| place.dash != Dash::None || !is_in_list || !line.content.is_empty());
    places.iter_mut().filter(|place| place.dash == Dash::Open && is_in_list).for_each(|place| place.dash = Dash::Missing);
    for place in &mut places {
        place.siblings.extend(siblings_below(place.dash, line, &below));
    }
    places
}

/// The keys of the same mapping and the items of the same list on the lines below.
fn siblings_below(dash: Dash, line: &Line<'_>, below: &[Line<'_>]) -> BTreeSet<String> {
    let (start, column) = (line.start(), line.column);
    let mut siblings = BTreeSet::new();
    if dash != Dash::Missing {
        let least = if dash == Dash::Written { start + 1 } else { column };
        let keys = below.iter().take_while(|next| next.start() >= least).filter(|next| next.dashes.is_empty() && next.column == column);
        siblings.extend(keys.filter_map(|next| next.key.as_ref()).map(|key| key.text.to_owned()));
    }
    if dash != Dash::None {
        let items = below.iter().take_while(|next| next.start() > start || next.dashes.first() == Some(&start));
        let items = items.filter(|next| next.dashes.first() == Some(&start) && next.key.is_none());
        siblings.extend(items.map(Line::item));
    }
    siblings
}

/// Whether a line begins an item in the column where another has its content.
fn is_item_at(next: &Line<'_>, line: &Line<'_>) -> bool {
    next.start() == line.column && !next.dashes.is_empty()
}

/// What the lines below are to the line of the cursor.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Below {
    /// Nothing of it.
    Apart,
    /// Items in its own column: of a list around, or of the one that its key has.
    Items,
    /// Its children.
    Children,
}

/// What stands below a line.
pub(super) fn below(line: &Line<'_>, below: &str) -> Below {
    match below.lines().map(Line::new).find(|line| !line.is_blank()) {
        Some(next) if next.start() > line.column => Below::Children,
        Some(next) if is_item_at(&next, line) => Below::Items,
        _ => Below::Apart,
    }
}
